"""The catalogue's nouns."""

from procedures.models.acts import ActKind, CatalogueAct, ImportRun
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
from procedures.models.processes import InternalProcess, Step, StepRole

__all__ = [
    "ActKind",
    "Case",
    "CatalogueAct",
    "Field",
    "ImportRun",
    "InternalProcess",
    "Kind",
    "Method",
    "Paper",
    "Procedure",
    "ProcedureVersion",
    "Status",
    "Step",
    "StepRole",
    "SupplementMode",
    "VersionQuerySet",
    "VersionSource",
]
