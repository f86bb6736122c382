"""The search box: a code or its end, a name without diacritics, an identity or telephone number, a
scanned card, the number of a slip or of the register.

Each kind of question is a bounded walk along one index, whatever the archive holds; what is found
is then filtered to what the officer may open. Pages continue by key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from dossiers.identity import branches_of, normal_phone, numbers_like
from dossiers.models import Dossier, NameKey, OfficeSettings, Return, Slip, Submitter
from dossiers.models.querysets import WHOLE_AGENCY
from dossiers.reading_cards import without_card
from dossiers.reading_codes import (
    batch_at,
    batch_in,
    code_in,
    is_scan,
    normal_code,
    readings,
    register_in,
    slip_in,
)
from onestop.accounts.models import Agency
from onestop.folding import spellings
from onestop.texts import MOST_NUMBER, whole_number
from onestop.typed import plain_digits, squeeze

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

PAGE = 50
# A scanned card is the longest that is read.
MOST_TYPED = 1000
# An officer who sees only part of an agency has so many keys looked through for one page.
SCAN = 500
# How far back the bare end of a code ("0012") is looked for.
DAYS_BACK = 60
# What cannot be the end of a code: digits in groups, or with the sign of a country in front.
_NUMBER = re.compile(r"[0-9\s.]+|(?:\(?\+|00).*", re.DOTALL)
# Where a page by a number ended: by which kind of number, before which dossier.
_BEGUN = re.compile(r"([np])([0-9]{1,18})")
# Where a page by the beginning of a code ended.
_FROM_CODE = "c~"
_END = re.compile(r"(?:([0-9]{6})-)?([0-9]{1,7})")
# The shortest number of a person, and the shortest that narrows the return desk.
SHORTEST, SHORTEST_HERE = 8, 6
MOST_YEAR = 9999
_LAST_SIGN = chr(0x10FFFF)
_HALVES, _AFTER_HALVES = range(0xD800, 0xE000), 0xE000


def prefix_q(name: str, text: str) -> Q:
    """Texts that begin so, as a range: of a column in the order of its bytes (onestop/fields.py) it
    is a walk along its index, whatever the statement is planned for.
    """
    beyond = _beyond(text)
    begun = Q(**{f"{name}__gte": text}) if text else Q()
    return begun & Q(**{f"{name}__lt": beyond}) if beyond else begun


def _beyond(text: str) -> str:
    """The first text that comes after all that begin so; "" where there is none."""
    begin = text.rstrip(_LAST_SIGN)
    if not begin:
        return ""
    following = ord(begin[-1]) + 1
    # No text holds half of a pair.
    return begin[:-1] + chr(_AFTER_HALVES if following in _HALVES else following)


@dataclass(frozen=True, slots=True)
class Hits:
    """Ids of dossiers in the order to show, how they were found, and the key the next page goes on
    from.
    """

    pks: list[int]
    kind: str
    next: str = ""


def search(desk: Desk, text: str, *, on: date, after: str = "", size: int = PAGE) -> Hits:
    """Dossiers this officer may open that fit what was typed; at most `size` at a time.

    In: the text as typed or scanned; today; the `next` of the page before. The kinds: "code",
    "number" (identity, telephone), "end" (end of a code, or place in the register), "slip",
    "register", "name"; "batch" for a hand-over list, of which nothing is looked for here. At most
    five statements, for an officer of one agency.
    """
    text = asked(text)
    if not text:
        return Hits([], "")
    found = numbered(desk, text, on, after=after, size=size)
    return found or _by_any_spelling(desk, text, after, size)


def numbered(desk: Desk, text: str, on: date, *, after: str = "", size: int = PAGE) -> Hits | None:
    """What can only be meant as a code or a number; None where names are to be looked through. In:
    a text as `asked` makes it.
    """
    if begun := _BEGUN.fullmatch(after):
        return _by_number(desk, text, size, *begun.groups())
    if after.startswith(_FROM_CODE):
        return _by_code_start(desk, normal_code(text), size, after.removeprefix(_FROM_CODE))
    return _by_what_it_says(desk, text, on) or _by_figures(desk, text, on, size)


def _by_what_it_says(desk: Desk, text: str, on: date) -> Hits | None:
    """Where the text itself tells what its number is of: a hand-over list, a slip, the register."""
    if batch_at(text) is not None or batch_in(text) is not None:
        # No dossier is meant (desk/suggesting.py finds the list).
        return Hits([], "batch")
    if slip := slip_in(text):
        return Hits(_by_slip(desk, *slip, on), "slip")
    place = register_in(text)
    # Without a word before it, "12/2026" may be the number of somebody's paper as well.
    if place is not None and text[0].isalpha():
        return Hits(_by_register(desk, *place, on), "register")
    return None


def _by_figures(desk: Desk, text: str, on: date, size: int) -> Hits | None:
    """A code, a number of a person, the end or the beginning of a code, a place in the register: the
    first that fits.
    """
    code, has_digits = normal_code(text), any(map(str.isdecimal, text))
    if (has_digits or is_scan(text)) and (found := _by_code(desk, text)):
        return Hits(found, "code")
    if _NUMBER.fullmatch(text) and len(squeeze(text)) >= SHORTEST:
        return _by_number(desk, text, size)
    if end := _END.fullmatch(code):
        return Hits(_by_end(desk, end, on), "end")
    if not has_digits:
        return None
    if "-" in code and (begun := _by_code_start(desk, code, size)).pks:
        return begun
    if (people := _by_number(desk, text, size)).pks:
        return people
    place = register_in(text)
    return Hits(_by_register(desk, *place, on), "register") if place is not None else None


def asked(text: str) -> str:
    """What was typed, as it is looked for: of a card its number, figures of any script as 0–9."""
    return plain_digits(without_card(text.strip()[:MOST_TYPED])).strip()[:300]


def _visible(desk: Desk, pks: Iterable[int]) -> list[int]:
    """Those of a few ids that the officer may open, in the given order; one query, none for none."""
    pks = list(dict.fromkeys(pks))
    seen = (
        set(Dossier.objects.visible_to(desk).filter(pk__in=pks).values_list("pk", flat=True))
        if pks
        else set()
    )
    return [pk for pk in pks if pk in seen]


def _first_visible(desk: Desk, pks: Iterable[int], size: int = PAGE) -> list[int]:
    """The first so many of them. Who may open what comes first has nothing further looked at: at most
    two queries.
    """
    pks = list(dict.fromkeys(pks))
    found = _visible(desk, pks[:size])
    if len(found) < size:
        found += _visible(desk, pks[size:])
    return found[:size]


def _by_code(desk: Desk, text: str) -> list[int]:
    code = code_in(text)
    if not code:
        return []
    rows = Dossier.objects.visible_to(desk).filter(code__in=readings(code))
    return list(rows.values_list("pk", flat=True))


def _by_code_start(desk: Desk, code: str, size: int, after: str = "") -> Hits:
    wanted = prefix_q("code", code)
    if after > code:
        # Alone: SQLite walks from one lower bound, and which of two is its choice.
        wanted = Q(code__gt=after) & Q(code__lt=_beyond(code))
    rows = Dossier.objects.filter(wanted).order_by("code")
    scan = max(SCAN, size + 1)
    codes = dict(rows.values_list("pk", "code")[:scan])
    found = _first_visible(desk, codes, size + 1)
    last = found[size - 1] if len(found) > size else None
    if last is None and len(codes) == scan:
        last = next(reversed(codes))
    return Hits(found[:size], "code", f"{_FROM_CODE}{codes[last]}" if last is not None else "")


def _by_number(desk: Desk, text: str, size: int, way: str = "", before: str = "") -> Hits:
    """By identity number, newest first; by telephone when no identity fits. Whose: owner,
    submitter, taker of the result. `way` and `before`: where the page before ended.
    """
    phone = normal_phone(text)
    ways = {
        "n": (_identity_q("identity_number", text), _identity_q("taker_identity", text)),
        "p": (Q(phone=phone) if phone else Q(pk__in=[]), None),
    }
    scan = max(SCAN, size + 1)
    for key, (wanted, taken) in ways.items():
        if way not in ("", key):
            continue
        every = list(_bearing(wanted, taken, whole_number(before))[:scan])
        found = _first_visible(desk, every, size + 1)
        # A person has a page or two, an agent of many thousands.
        last = found[size - 1] if len(found) > size else every[-1] if len(every) == scan else None
        if found or last is not None:
            return Hits(found[:size], "number", f"{key}{last}" if last is not None else "")
    return Hits([], "number")


def _identity_q(name: str, text: str) -> Q:
    """Rows with this number in any form it is stored in; ten digits of a company find its branches
    too.
    """
    wanted = Q(**{f"{name}__in": numbers_like(text)})
    start = branches_of(text)
    return wanted | prefix_q(name, start) if start else wanted


def _bearing(wanted: Q, taken: Q | None, before: int | None) -> Any:
    """Ids of dossiers whose owner or submitter, or the one who took the result for the owner, fits:
    newest first, those below an id; one statement.
    """
    own, beside = (Q(), Q()) if before is None else (Q(id__lt=before), Q(dossier__lt=before))
    owners = Dossier.objects.filter(wanted & own).order_by().values_list("id")
    submitters = Submitter.objects.filter(wanted & beside)
    others: list[Any] = [submitters.order_by().values_list("dossier_id")]
    if taken is not None:
        given = Return.objects.standing().filter(taken & beside, taker=Return.Taker.AUTHORISED)
        others.append(given.order_by().values_list("dossier_id"))
    return owners.union(*others, all=True).order_by("-id").values_list("id", flat=True)


def _by_end(desk: Desk, end: re.Match[str], on: date) -> list[int]:
    """Codes of the officer's own offices that end so: of the day that was typed, else of the last
    weeks, newest first; behind them the same place in this year's register.
    """
    number = int(end.group(2))
    if end.group(1):
        try:
            days = [
                date(2000 + int(end.group(1)[:2]), int(end.group(1)[2:4]), int(end.group(1)[4:]))
            ]
        except ValueError:
            return []
    else:
        days = [on - timedelta(days=back) for back in range(DAYS_BACK)]
    codes = _codes_of(desk, days, number)
    wanted = Q(code__in=codes)
    if not end.group(1):
        wanted |= _register_q(desk, number, on.year)
    found = dict(Dossier.objects.visible_to(desk).filter(wanted).values_list("code", "pk"))
    by_code = [found[code] for code in codes if code in found]
    return list(dict.fromkeys([*by_code, *found.values()]))[:PAGE]


def _codes_of(desk: Desk, days: Iterable[date], number: int) -> list[str]:
    """The codes with this number of these days, by the patterns of the officer's offices."""
    units = Agency.objects.filter(pk__in=desk.agency_ids).exclude(dossier_code="")
    default = OfficeSettings._meta.get_field("code_pattern").default
    patterns = [
        (unit, pattern or default)
        for unit, pattern in units.values_list("dossier_code", "office_settings__code_pattern")
    ]
    return [
        pattern.format(unit=unit, day=day, number=number)
        for day in days
        for unit, pattern in patterns
    ]


def _register_q(desk: Desk, number: int, year: int) -> Q:
    if number > MOST_NUMBER or year > MOST_YEAR:
        return Q(pk__in=[])
    return Q(received_by_agency__in=desk.agency_ids, register_year=year, register_number=number)


def _by_register(desk: Desk, number: int, year: int | None, on: date) -> list[int]:
    wanted = _register_q(desk, number, on.year if year is None else year)
    rows = Dossier.objects.filter(wanted).values_list("pk", flat=True)
    return _visible(desk, rows[:SCAN])


def _by_slip(desk: Desk, slug: str, number: int, on: date) -> list[int]:
    """The dossiers whose slip of this kind bears this number, this year or the last."""
    slips = Slip.objects.filter(
        agency__in=desk.agency_ids, slug=slug, year__in=(on.year, on.year - 1), number=number
    ).exclude(dossier=None)
    return _visible(desk, slips.order_by("-year").values_list("dossier", flat=True)[:SCAN])


def _by_any_spelling(desk: Desk, text: str, after: str, size: int) -> Hits:
    """As typed, its marks parting words; where nobody is found so, run together ("h'hoa" for who
    was received as Hhoa).
    """
    ways = [" ".join(words) for words in spellings(text)]
    begun = _read(after)[1]
    ways = [words for words in ways if not begun or begun.startswith(words)] or ways
    hits = _by_name(desk, ways[0], after, size)
    for words in ways[1:]:
        if not hits.pks and not hits.next:
            hits = _by_name(desk, words, after, size)
    return hits


def names_q(text: str) -> Q | None:
    """Rows of NameKey that begin with what was typed, in any of its spellings; None when it holds
    no word.
    """
    wanted = Q()
    for words in spellings(text):
        wanted |= prefix_q("text", " ".join(words))
    return wanted or None


def _by_name(desk: Desk, words: str, after: str, size: int) -> Hits:
    """Names in which these words stand one after another; one walk along the name index per agency,
    exact names first.
    """
    if not words:
        return Hits([], "name")
    agencies = _agency_ids(desk)
    start, text, dossier = _read(after)
    found: list[int] = []
    whole = set(desk.agency_ids_as(*WHOLE_AGENCY))
    for place, agency_id in enumerate(agencies):
        if place < start:
            continue
        rows = NameKey.objects.filter(prefix_q("text", words), agency_id=agency_id).order_by(
            "text", "-dossier_id"
        )
        if place == start and text:
            rows = rows.filter(
                Q(text__gt=text) | Q(text=text, dossier_id__lt=dossier), text__gte=text
            )
        limit = size + 1 if agency_id in whole or desk.subtree_paths else SCAN
        keys = list(rows.values_list("text", "dossier_id")[:limit])
        allowed = set(_visible(desk, (pk for _, pk in keys)))
        for key_text, pk in keys:
            if pk in allowed and pk not in found:
                found.append(pk)
            if len(found) == size:
                return Hits(found, "name", f"{place}~{key_text}~{pk}")
        if len(keys) == limit:
            return Hits(found, "name", f"{place}~{keys[-1][0]}~{keys[-1][1]}")
    return Hits(found, "name")


def _agency_ids(desk: Desk) -> list[int]:
    """The agencies whose names are searched: the officer's own first, then those below them that
    the officer oversees.
    """
    below = (
        Agency.objects.under(*desk.subtree_paths).order_by("path").values_list("pk", flat=True)
        if desk.subtree_paths
        else ()
    )
    return list(dict.fromkeys([*desk.agency_ids, *below]))


def _read(after: str) -> tuple[int, str, int]:
    place, _, rest = after.partition("~")
    text, _, dossier = rest.rpartition("~")
    number, pk = whole_number(place, most=MOST_NUMBER), whole_number(dossier)
    if number is None or pk is None:
        return 0, "", 0
    return number, text[:120], pk


def matches(text: str) -> Q:
    """What narrows a short list (the return desk): code, name, identity or telephone number, or
    what a scanner read.
    """
    text = asked(text)
    code, names = code_in(text), names_q(text)
    wanted = Q(pk__in=[])
    if code:
        wanted |= Q(code__in=readings(code)) | Q(code__endswith=code)
    if len(squeeze(text)) >= SHORTEST_HERE:
        number = _identity_q("identity_number", text) | Q(phone=normal_phone(text))
        wanted |= number | Q(Exists(Submitter.objects.filter(number, dossier=OuterRef("pk"))))
    if names is not None:
        wanted |= Q(Exists(NameKey.objects.filter(names, dossier=OuterRef("pk"))))
    return wanted


def in_order(rows: Sequence[Any], pks: Sequence[int]) -> list[Any]:
    """Rows (with `pk`) in the order of the ids."""
    by_pk = {row.pk: row for row in rows}
    return [by_pk[pk] for pk in pks if pk in by_pk]
