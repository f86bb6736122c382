"""A table as JSON: columns by their official number as text; rows without any figure left out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from onestop.worktime import VN
from reports.figures import Row, Table
from reports.figures.brought import Origin


def as_dict(table: Table, *, state: str = "draft", kept: bool = False) -> dict[str, Any]:
    """`kept`: as a signed report keeps it, with rows that have no figure and the keys of rows."""
    period = table.period
    more: dict[str, Any] = {}
    if table.form.variant:
        more["variant"] = table.form.variant
    if table.quarters:
        more["quarters"] = dict(table.quarters)
    if table.said:
        more["said"] = list(table.said)
    if table.carried_over and not kept:
        more["carried_over"] = dict(table.carried_over)
    return {
        "form": table.form.code,
        "agency": table.scope.code,
        "period": {
            "code": period.code,
            "from": period.first.isoformat(),
            "to": period.last.isoformat(),
        },
        "as_of": table.cut.astimezone(VN).isoformat(),
        "state": state,
        "rows": [_row(row, kept=kept) for row in table.rows if kept or row.has_figures],
        "total": _values(table.total) if table.total is not None else {},
        "beside": {one.name: one.value for one in table.beside},
        "problems": list(table.problems),
    } | more


def json_text(table: Table, *, state: str = "draft") -> str:
    return json.dumps(as_dict(table, state=state), ensure_ascii=False, indent=2) + "\n"


def _row(row: Row, *, kept: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"label": row.label}
    if kept:
        told["key"] = row.key
    if row.order:
        told["1"] = row.order
    if row.code:
        told["code"] = row.code
    if row.is_head:
        told["head"] = True
    if row.origin is not None:
        told["from_file"] = _origin(row.origin, kept=kept)
    return told | _values(row)


def _origin(one: Origin, *, kept: bool) -> dict[str, Any]:
    """The file of a row without dossiers."""
    recorded = one.recorded_at.astimezone(VN).isoformat()
    told: dict[str, Any] = {"name": one.name, "sha256": one.sha256, "recorded_at": recorded}
    if one.period:
        told["period"] = one.period
    if one.quarters:
        told["quarters"] = [_origin(quarter, kept=kept) for quarter in one.quarters]
    return told | ({"id": one.file_id, "number": one.number} if kept else {})


def _values(row: Row) -> dict[str, Any]:
    return {
        number: value.astimezone(VN).isoformat() if isinstance(value, datetime) else value
        for number, value in row.values.items()
    }
