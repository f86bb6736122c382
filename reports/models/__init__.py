"""Forms of reports as data, and the reports that were signed."""

from reports.models.form import Column, ReportForm, RowKind, Source
from reports.models.signed import SignedReport

__all__ = ["Column", "ReportForm", "RowKind", "SignedReport", "Source"]
