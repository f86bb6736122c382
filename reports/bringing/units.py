"""Whose line it is. A unit is known by its code or by its whole name, however its letters and tone
marks are encoded; a name that only resembles one (another prefix, no marks) is a person's to settle.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onestop.accounts.models import Agency
from onestop.folding import fold
from onestop.typed import one_line

# grave, acute, tilde, hook above, dot below
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_PREFIXES = (
    "ubnd", "uy ban nhan dan", "thi tran", "thi xa", "thanh pho", "dac khu", "phuong", "huyen",
    "quan", "xa", "tp.", "tp", "tt.", "tx.", "p.", "x.", "h.", "q.",
)  # fmt: skip


def key(name: str) -> str:
    """A name as it is compared: small letters, one space, each tone behind its syllable ("hoà" and
    "hòa" are one name), without "Ủy ban nhân dân" in front. Letters keep their marks: Đông Sơn and
    Đồng Sơn are two places.
    """
    words = [_syllable(word) for word in one_line(name).lower().split()]
    for committee in _KEYS:
        if words[: len(committee)] == committee and len(words) > len(committee):
            words = words[len(committee) :]
    return " ".join(words)


def _syllable(word: str) -> str:
    signs = unicodedata.normalize("NFD", word)
    tones = "".join(sorted(sign for sign in signs if sign in _TONES))
    return unicodedata.normalize("NFC", "".join(s for s in signs if s not in _TONES)) + tones


_KEYS = [[_syllable(word) for word in words.split()] for words in ("ubnd", "ủy ban nhân dân")]


def _bare(name: str) -> str:
    """Without marks, and without what kind of unit it is."""
    found = fold(one_line(name))
    while True:
        prefix = next(
            (one for one in _PREFIXES if found.startswith((f"{one} ", *_dotted(one)))), ""
        )
        if not prefix:
            return found
        found = found.removeprefix(prefix).strip()


def _dotted(prefix: str) -> tuple[str, ...]:
    return (prefix,) if prefix.endswith(".") else ()


@dataclass(frozen=True, slots=True)
class Found:
    """The unit that a line names for certain, or those that it may mean."""

    unit: Agency | None = None
    alike: tuple[Agency, ...] = ()


def units_of(agency: Agency) -> Sequence[Agency]:
    """Those that an agency rolls up, by name. One statement."""
    below = Agency.objects.under(agency.path).exclude(pk=agency.pk)
    return list(below.order_by("folded", "code"))


class Units:
    """The units that an agency rolls up, each asked by what a file calls it. One statement."""

    def __init__(self, agency: Agency) -> None:
        every = units_of(agency)
        self.by_code = {one.code: one for one in every}
        self._named: dict[str, list[Agency]] = defaultdict(list)
        self._bare: dict[str, list[Agency]] = defaultdict(list)
        for one in every:
            for called in {key(one.name), key(one.short_name)} - {""}:
                self._named[called].append(one)
            self._bare[_bare(one.name)].append(one)

    def find(self, label: str, code: str) -> Found:
        """A code decides, and its name must not be another unit's; a name that two units have is
        nobody's.
        """
        named = self._named.get(key(label), [])
        if code:
            unit = self.by_code.get(code.strip().upper())
            if unit is None or (named and unit not in named):
                return Found(alike=_once([*([unit] if unit else []), *named]))
            return Found(unit)
        if len(named) == 1:
            return Found(named[0])
        return Found(alike=_once([*named, *self._bare.get(_bare(label), [])]))


def _once(found: Iterable[Agency]) -> tuple[Agency, ...]:
    return tuple({one.pk: one for one in found}.values())
