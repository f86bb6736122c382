"""The files that a message names or holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exchange.inbox.places import FILE_PLACES, Told
from onestop.texts import whole_number


@dataclass(frozen=True, slots=True)
class FileIn:
    """A file as a message names it. `place`: the number of the one whose content stands inside."""

    name: str
    paper_code: str = ""
    paper_name: str = ""
    url: str = ""
    place: int | None = None
    size: int | None = None
    sha256: str = ""


def files_in(told: Told) -> list[FileIn]:
    """What is listed; what has neither address nor content is no file."""
    listed = told.value("files")
    found = []
    for number, item in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(item, dict):
            continue
        one = Told(item, places=FILE_PLACES)
        url, content = _address(one.value("url")), one.value("content")
        if not url and not isinstance(content, str):
            continue
        size = one.text("size", 20)
        found.append(
            FileIn(
                name=one.text("name", 200) or f"tep-{number + 1}",
                paper_code=one.text("paper", 60),
                paper_name=one.text("paper_name", 2000),
                url=url,
                place=None if url else number,
                size=whole_number(size),
                sha256=one.text("sha256", 64).lower(),
            )
        )
    return found


def _address(given: Any) -> str:
    """As it was sent: another letter is another address."""
    text = given.strip() if isinstance(given, str) else ""
    return "".join(sign for sign in text if sign.isprintable())[:2000]


def content_in(data: dict[str, Any], fields: dict[str, str], place: int) -> str:
    """The text of a file that stands inside; "" where it is gone."""
    listed = Told(data, fields).value("files")
    if not isinstance(listed, list) or place >= len(listed) or not isinstance(listed[place], dict):
        return ""
    found = Told(listed[place], places=FILE_PLACES).value("content")
    return found if isinstance(found, str) else ""
