"""A file that is kept and recorded at once, as an upload and its act do one after the other."""

from datetime import datetime
from typing import Any

from onestop.files.domain import attach, keep
from onestop.files.models import Attachment


def store(
    content: Any, *, name: str, kind: str, object_id: int, by: Any, at: datetime | None = None
) -> Attachment:
    return attach(keep(content, name=name), kind=kind, object_id=object_id, by=by, at=at)
