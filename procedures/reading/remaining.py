"""The parts of a record beside what binds a dossier: trình tự, mẫu đơn, yêu cầu điều kiện, and what it
says there is none of (R-132). Plain functions: nothing is guessed, what is absent stays absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from onestop.folding import fold
from procedures.reading.texts import clean

# The keys of a record that are read here; a record with none of them says nothing of these parts.
KEYS = ("steps", "requirements", "forms")
LONGEST, MOST_FORMS, LONGEST_NAME, LONGEST_LINK = 20_000, 100, 500, 500
_NONE = re.compile(
    r"(?:khong|khong co|khong co thong tin|khong quy dinh|khong yeu cau|khong yeu cau dieu kien)\W*\Z"
)
# Which of the older keys may say it too.
_MAY_SAY_NONE = {"results_raw": "results", "agency_coordinating": "coordinating"}


@dataclass(frozen=True, slots=True)
class Remaining:
    """`forms`: name and link, the link empty where there is none that can be followed; `none_of`:
    parts that there are none of; `silent`: parts that it says nothing of; `odd`: what somebody
    should look at.
    """

    steps: str = ""
    requirements: str = ""
    forms: tuple[tuple[str, str], ...] = ()
    none_of: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()

    @property
    def says(self) -> dict[str, Any]:
        forms = [{"name": name, "url": url} for name, url in self.forms]
        return {
            "steps": self.steps,
            "requirements": self.requirements,
            "forms": forms,
            "none_of": list(self.none_of),
        }


def read_remaining(raw: object) -> Remaining | None:
    """In: one element of the file. None where it names none of these parts."""
    if not isinstance(raw, dict) or not any(key in raw for key in KEYS):
        return None
    none_of = {part for key, part in _MAY_SAY_NONE.items() if says_none(raw.get(key))}
    texts = {}
    for key in ("steps", "requirements"):
        texts[key] = lines_of(raw.get(key))
        if says_none(texts[key]):
            texts[key] = ""
            none_of |= {key} - {"steps"}
    forms: list[tuple[str, str]] = []
    odd: list[str] = []
    said = raw.get("forms")
    if isinstance(said, str) and says_none(said):
        none_of.add("forms")
    else:
        forms, odd = _forms(said if isinstance(said, list) else [said])
    said_of = {
        "steps": texts["steps"],
        "requirements": texts["requirements"],
        "forms": forms,
        **{part: raw.get(key) for key, part in _MAY_SAY_NONE.items()},
    }
    silent = sorted(part for part, value in said_of.items() if not value and part not in none_of)
    return Remaining(
        steps=texts["steps"],
        requirements=texts["requirements"],
        forms=tuple(forms),
        none_of=tuple(sorted(none_of)),
        silent=tuple(silent),
        odd=tuple(odd),
    )


def says_none(text: object) -> bool:
    """Whether a record says in so many words that there is nothing."""
    return isinstance(text, str) and bool(_NONE.match(fold(text.strip())))


def lines_of(value: object) -> str:
    """A text or a list of texts as lines, each clean, none empty."""
    parts = value if isinstance(value, list) else [value]
    lines = [clean(one) for part in parts if isinstance(part, str) for one in part.splitlines()]
    return "\n".join(line for line in lines if line)[:LONGEST]


def is_safe_link(url: str) -> bool:
    """Whether a page may lead there: https to a host by name, nothing else in it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and bool(host)
        and "." in (host or "")
        and port in (None, 443)
        and parts.username is None
        and len(url) <= LONGEST_LINK
        and not re.search(r"[\s<>\"'\\\x00-\x20]", url)
    )


def _forms(values: list[Any]) -> tuple[list[tuple[str, str]], list[str]]:
    found: list[tuple[str, str]] = []
    odd: list[str] = []
    for value in values[:MOST_FORMS]:
        told = value if isinstance(value, dict) else {"name": value}
        name, url = clean(told.get("name"), LONGEST_NAME), clean(told.get("url"), 2_000)
        if not name:
            continue
        if url and not is_safe_link(url):
            odd.append(f"mẫu “{name[:80]}”: liên kết không dùng được, chỉ ghi tên")
            url = ""
        if (name, url) not in found:
            found.append((name, url))
    return found, odd
