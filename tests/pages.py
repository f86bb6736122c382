"""What a page sends by itself: the version of the dossier that it shows, unless the test says what
it sends.
"""

import re
from typing import Any

from django.test import Client

from dossiers.models import Dossier

_OF_ONE = re.compile(r"/(?:ho-so|tra-ket-qua|tiep-nhan/tra-ngay)/([A-Z0-9.-]+)/")
_LISTS = ("chon", "hang")


class PageClient(Client):
    """Acts as a fresh page would. A test of an old page names `seen` (or "id.version") itself."""

    def post(self, path: Any, data: Any = None, *args: Any, **more: Any) -> Any:
        if data is None or (isinstance(data, dict) and not (args or more.get("content_type"))):
            data = _as_shown(str(path), dict(data or {}))
        return super().post(path, data, *args, **more)


def _as_shown(path: str, data: dict[str, Any]) -> dict[str, Any]:
    found = _OF_ONE.match(path)
    if found and "seen" not in data and "seen=" not in path:
        version = (
            Dossier.objects.filter(code=found[1]).values_list("row_version", flat=True).first()
        )
        data |= {} if version is None else {"seen": str(version)}
    for name in _LISTS:
        if name in data:
            rows = data[name] if isinstance(data[name], list | tuple) else [data[name]]
            data[name] = [_with_version(str(row)) for row in rows]
    return data


def _with_version(row: str) -> str:
    if "." in row or not row.isdecimal():
        return row
    version = Dossier.objects.filter(pk=int(row)).values_list("row_version", flat=True).first()
    return row if version is None else f"{row}.{version}"
