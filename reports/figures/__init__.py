"""The figures of the statutory forms.

Pure calls: `table(form, scope, period, cut)` and `dossiers_behind(...)`. Whatever they read counts
by the cut; equal cuts give equal figures.
"""

from reports.figures.scope import Scope
from reports.figures.tables import (
    Row,
    Table,
    dossiers_behind,
    empty,
    is_large,
    size_of,
    table,
    tables,
)

__all__ = [
    "Row",
    "Scope",
    "Table",
    "dossiers_behind",
    "empty",
    "is_large",
    "size_of",
    "table",
    "tables",
]
