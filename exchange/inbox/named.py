"""The files that a message names or holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exchange.inbox.places import FILE_PLACES, Told
from exchange.models.inbox import FORM
from onestop.texts import whole_number

# How long an address may be.
LONGEST_ADDRESS = 2000
UNSET: tuple[Any, ...] = (None, "", "0", "false", 0, [], {})


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


def files_in(told: Told) -> tuple[list[FileIn], list[str]]:
    """What is listed, and the names of what is listed as a file and has neither address nor content
    that we could read.
    """
    found: list[FileIn] = []
    unread: list[str] = []
    for number, item in enumerate(_items(told)):
        one = Told(item if isinstance(item, dict) else {}, places=FILE_PLACES)
        url, content = _address(one.value("url")), one.value("content")
        name, paper = one.text("name", 200), one.text("paper", 60)
        paper_name = one.text("paper_name", 2000)
        if not url and not isinstance(content, str):
            if _says_a_file(item):
                unread.append(name or paper_name or paper or f"tệp thứ {number + 1}")
            continue
        size = one.text("size", 20)
        found.append(
            FileIn(
                name=name or f"tep-{number + 1}",
                paper_code=paper,
                paper_name=paper_name,
                url=url,
                place=None if url else number,
                size=whole_number(size),
                sha256=one.text("sha256", 64).lower(),
            )
        )
    return found, unread


def _items(told: Told) -> list[Any]:
    """What is listed, one alone as a list of one, and the application after it: as an item whose paper
    the table may name by the code FORM.
    """
    listed = told.value("files")
    items = listed if isinstance(listed, list) else [] if listed is None else [listed]
    form, url = told.value("form"), told.value("form_url")
    if form is None and url is None:
        return items
    said = dict(form) if isinstance(form, dict) else {"NoiDungTep": form}
    if url is not None:
        said["DuongDanTaiTepTin"] = url
    return [*items, {"TenTepDinhKem": "don-dang-ky", "MaThanhPhanHoSo": FORM} | said]


def _says_a_file(item: Any) -> bool:
    """Whether it says more than which paper it would be, by marks that are set."""
    if not isinstance(item, dict):
        return bool(item)
    of_paper = {*FILE_PLACES["paper"], *FILE_PLACES["paper_name"]}
    return any(value not in UNSET for name, value in item.items() if name not in of_paper)


def _address(given: Any) -> str:
    """As it was sent: another letter is another address, and part of one is none."""
    text = given.strip() if isinstance(given, str) else ""
    text = "".join(sign for sign in text if sign.isprintable())
    return text if len(text) <= LONGEST_ADDRESS else ""


def content_in(data: dict[str, Any], fields: dict[str, str], place: int) -> str:
    """The text of a file that stands inside; "" where it is gone."""
    items = _items(Told(data, fields))
    if place >= len(items) or not isinstance(items[place], dict):
        return ""
    found = Told(items[place], places=FILE_PLACES).value("content")
    return found if isinstance(found, str) else ""
