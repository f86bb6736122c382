"""Handing a file to a browser. The view in the app above has already found it through its officer."""

from typing import Any

from django.core.files import File
from django.http import FileResponse
from django.utils import timezone

from onestop.errors import DomainError
from onestop.files.domain import open_attachment, report
from onestop.files.kinds import SHOWN_INLINE
from onestop.files.models import Attachment


def serve(attachment: Attachment, *, inline: bool = False) -> FileResponse:
    """Stream a checked attachment: downloaded by default, shown only where a browser can do so
    without running anything.

    Raises DomainError when the content is gone or no longer what was uploaded (R-149).
    """
    try:
        content = open_attachment(attachment)
    except DomainError as damage:
        report(attachment, damage.code, at=timezone.now())
        raise
    shown = inline and attachment.content_type in SHOWN_INLINE
    return hand_over(
        content, name=attachment.name, content_type=attachment.content_type, inline=shown
    )


def hand_over(
    content: File[Any],
    *,
    name: str,
    content_type: str = "application/octet-stream",
    inline: bool = False,
) -> FileResponse:
    """What somebody uploaded, as it was: a browser runs nothing of it. `inline`: it is shown, which
    only the kinds of SHOWN_INLINE may be.
    """
    response = FileResponse(
        content, as_attachment=not inline, filename=name, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if not inline:
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
