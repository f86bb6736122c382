"""Search keys of names: every word-suffix, folded, so that any run of words of a name is one range
scan of an index.

A name whose words hold an apostrophe or a dash has the keys of each way to spell it
(onestop.folding.spellings).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dossiers.models import Dossier, Ending, NameKey, Return, Submitter
from onestop.folding import spellings, tokens

MAX_KEYS = 8
MOST = 120
# Dossiers looked through at a time when keys are made anew.
CHUNK = 1000


def keys_of(name: str) -> list[str]:
    """ "Nguyễn Văn Ân" → ["nguyen van an", "van an", "an"]; long names keep their first and last
    words.
    """
    return list(dict.fromkeys(key for words in spellings(name) for key in _suffixes(words)))


def _suffixes(words: list[str]) -> list[str]:
    suffixes = [" ".join(words[i:])[:MOST] for i in range(len(words))]
    return suffixes[: MAX_KEYS - 1] + suffixes[MAX_KEYS - 1 :][-1:]


def rows_for(dossier: Dossier, *names: str) -> list[NameKey]:
    """Unsaved key rows of a dossier for its owner and submitter: each key once at the office that
    handles it and, where that is another one, at the office that received it.
    """
    return [
        NameKey(dossier=dossier, agency_id=office, text=text)
        for office, text in keys_for(dossier, *names)
    ]


def keys_for(dossier: Dossier, *names: str) -> list[tuple[int, str]]:
    """The same as office and text of each row."""
    texts = dict.fromkeys(key for name in names if name for key in keys_of(name))
    offices = dict.fromkeys([dossier.agency_id, dossier.received_by_agency_id])
    return [(office, text) for office in offices for text in texts]


def also(dossier: Dossier, name: str) -> None:
    """Who took the result or asked for the end is found by name too. Nothing is asked or written
    for the owner's own name.
    """
    if tokens(name) == tokens(dossier.owner_name):
        return
    known = set(NameKey.objects.filter(dossier=dossier).values_list("agency_id", "text"))
    NameKey.objects.bulk_create(
        row for row in rows_for(dossier, name) if (row.agency_id, row.text) not in known
    )


def follow(dossier: Dossier) -> None:
    """The keys of one dossier from its names as they stand: what it is called no more does not find
    it.
    """
    columns = (dossier.pk, dossier.agency_id, dossier.received_by_agency_id, dossier.owner_name)
    _rebuild([columns], lambda name: True)


def rebuild(*, touched: Callable[[str], bool] = lambda name: True) -> Iterator[tuple[int, int]]:
    """Makes the keys anew from the names as they stand; after each chunk (dossiers looked through,
    rows changed).

    `touched`: only dossiers with a name that it says yes to, or with several names.
    Safe at any time, any number of times: rows that are right stay.
    """
    after, looked, changed = 0, 0, 0
    while True:
        columns = ("pk", "agency_id", "received_by_agency_id", "owner_name")
        rows = list(
            Dossier.objects.filter(pk__gt=after).order_by("pk").values_list(*columns)[:CHUNK]
        )
        if not rows:
            return
        after = rows[-1][0]
        looked += len(rows)
        changed += _rebuild(rows, touched)
        yield looked, changed


def _rebuild(rows: list[tuple[Any, ...]], touched: Callable[[str], bool]) -> int:
    names = {pk: {owner} for pk, _, _, owner in rows}
    for pk, name in _other_names(names):
        names[pk].add(name)
    wanted: set[tuple[int, int, str]] = set()
    looked_at = []
    for pk, agency, received_by, _ in rows:
        if len(names[pk]) > 1 or any(map(touched, names[pk])):
            looked_at.append(pk)
            texts = {key for name in names[pk] for key in keys_of(name)}
            wanted |= {(pk, office, text) for office in (agency, received_by) for text in texts}
    spare = []
    for key, *said in NameKey.objects.filter(dossier__in=looked_at).values_list(
        "pk", "dossier_id", "agency_id", "text"
    ):
        if tuple(said) in wanted:
            wanted.discard((said[0], said[1], said[2]))
        else:
            spare.append(key)
    NameKey.objects.filter(pk__in=spare).delete()
    NameKey.objects.bulk_create(
        NameKey(dossier_id=pk, agency_id=office, text=text) for pk, office, text in sorted(wanted)
    )
    return len(spare) + len(wanted)


def _other_names(dossiers: Iterable[int]) -> Iterator[tuple[int, str]]:
    pks = list(dossiers)
    yield from Submitter.objects.filter(dossier__in=pks).values_list("dossier_id", "name")
    yield from (
        Return.objects.standing()
        .filter(dossier__in=pks)
        .values_list("dossier_id", "taker_name")
        .order_by()
    )
    yield from (
        Ending.objects.standing()
        .filter(dossier__in=pks)
        .values_list("dossier_id", "requested_by")
        .order_by()
    )
