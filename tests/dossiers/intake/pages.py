"""How a browser without script fills the counter's form."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from procedures.models import Case


def address(case: Case) -> str:
    return f"/tiep-nhan/lap/{case.version.procedure.code}/"


def typed(case: Case, **changes: Any) -> dict[str, Any]:
    """What the page of a case sends when everything is in order."""
    data: dict[str, Any] = {
        "token": str(uuid4()),
        "thu-tuc": case.version.procedure.code,
        "case": str(case.pk),
        "channel": "1",
        "identity_kind": "1",
        "identity_number": "001087000123",
        "owner_kind": "1",
        "owner_name": "Nguyễn  Văn Ân",
        "phone": "0912 345 678",
        "address": "Thôn 2, xã Bình Minh",
        "sets": "1",
        "no_scan_reason": "Máy quét hỏng",
        "viec": "nhan",
    }
    for paper in case.papers.all():
        data |= {
            f"g{paper.pk}-o": str(paper.originals),
            f"g{paper.pk}-c": "",
            f"g{paper.pk}-s": str(paper.copies or ""),
        }
    return data | changes


def errors(page: Any) -> str:
    """The error summary of a page, as text."""
    found = re.search(r'<div class="error-summary".*?</div>', page.content.decode(), re.S)
    return re.sub(r"<[^>]+>", " ", found[0]) if found else ""
