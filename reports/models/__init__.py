"""Forms of reports as data."""

from reports.models.form import Column, ReportForm, RowKind, Source

__all__ = ["Column", "ReportForm", "RowKind", "Source"]
