"""The catalogue's nouns."""

from procedures.models.acts import ActKind, Answer, CatalogueAct, ImportRun, Upload
from procedures.models.catalogue import (
    Case,
    Field,
    Kind,
    Method,
    Paper,
    Procedure,
    ProcedureVersion,
    Status,
    SupplementMode,
    VersionQuerySet,
    VersionSource,
)
from procedures.models.lists import (
    CounterKind,
    Linkage,
    ListDecision,
    ListLine,
    Maker,
    OnlineLevel,
)
from procedures.models.processes import InternalProcess, Step, StepRole

__all__ = [
    "ActKind",
    "Answer",
    "Case",
    "CatalogueAct",
    "CounterKind",
    "Field",
    "ImportRun",
    "InternalProcess",
    "Kind",
    "Linkage",
    "ListDecision",
    "ListLine",
    "Maker",
    "Method",
    "OnlineLevel",
    "Paper",
    "Procedure",
    "ProcedureVersion",
    "Status",
    "Step",
    "StepRole",
    "SupplementMode",
    "Upload",
    "VersionQuerySet",
    "VersionSource",
]
