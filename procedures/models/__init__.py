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
from procedures.models.focal_points import FocalPoint
from procedures.models.lists import (
    CounterKind,
    Linkage,
    ListDecision,
    ListLine,
    Maker,
    OnlineLevel,
)
from procedures.models.notices import NoticeEdition, ProcedureUse
from procedures.models.processes import InternalProcess, Step, StepRole
from procedures.models.texts import Part, ProcedureTexts
from procedures.models.unpublished import Unpublished

__all__ = [
    "ActKind",
    "Answer",
    "Case",
    "CatalogueAct",
    "CounterKind",
    "Field",
    "FocalPoint",
    "ImportRun",
    "InternalProcess",
    "Kind",
    "Linkage",
    "ListDecision",
    "ListLine",
    "Maker",
    "Method",
    "NoticeEdition",
    "OnlineLevel",
    "Paper",
    "Part",
    "Procedure",
    "ProcedureTexts",
    "ProcedureUse",
    "ProcedureVersion",
    "Status",
    "Step",
    "StepRole",
    "SupplementMode",
    "Unpublished",
    "Upload",
    "VersionQuerySet",
    "VersionSource",
]
