"""Forms of reports as data, and the reports that were made with them."""

from reports.models.brought import BroughtFigures, BroughtFile
from reports.models.cause import LateCause
from reports.models.criticism import Criticism
from reports.models.digest import DigestDay
from reports.models.duty import Duty, DutyAct, DutyRule, ReportingOutage
from reports.models.entered import EnteredFigures
from reports.models.form import Column, ReportForm, RowKind, Source
from reports.models.kept import Draft, FrozenFile
from reports.models.run import ReportRun
from reports.models.signed import SignedReport
from reports.models.wall import WallBoard

__all__ = [
    "BroughtFigures",
    "BroughtFile",
    "Column",
    "Criticism",
    "DigestDay",
    "Draft",
    "Duty",
    "DutyAct",
    "DutyRule",
    "EnteredFigures",
    "FrozenFile",
    "LateCause",
    "ReportForm",
    "ReportRun",
    "ReportingOutage",
    "RowKind",
    "SignedReport",
    "Source",
    "WallBoard",
]
