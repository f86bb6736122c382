"""The store of results: what an owner has that is in force on a day, to be taken for a component of
another dossier (R-15). Electronic results that are signed, and digitised ones that were checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from dossiers.desk import signed
from dossiers.intake.brought import PaperIn
from dossiers.models import Dossier, DossierPaper, Result
from dossiers.models.digitising import GIVEN_OUT, DigitisedPaper
from dossiers.models.dossier import IdentityKind
from dossiers.models.undone import standing
from dossiers.states import State
from onestop.errors import DomainError
from onestop.folding import fold

# Where an owner may be asked for beyond this system: each gives the address that the page of reception
# sends the number to, or "" (exchange/shell.py).
elsewhere: list[Callable[[], str]] = []
MOST = 20
# Numbers that name one person or body everywhere.
KINDS = frozenset({IdentityKind.CITIZEN_CARD, IdentityKind.PASSPORT, IdentityKind.TAX_CODE})
# A shorter name is in too many others.
LEAST = 8


@dataclass(frozen=True, slots=True)
class Stored:
    """A result of an earlier dossier. Of an electronic one nobody said how long it holds: no `code`,
    no `scope`, no `valid_to`.
    """

    pk: int
    dossier_id: int
    title: str
    number: str
    issued_on: date | None
    issuer: str
    file_id: int
    owner: str
    code: str = ""
    scope: str = ""
    valid_to: date | None = None

    @property
    def permanent(self) -> bool:
        """Whether somebody said that it has no end."""
        return bool(self.code) and self.valid_to is None

    def fits(self, name: str) -> bool:
        """Whether a component of this name is what it is: its whole title is said there."""
        title = fold(self.title)
        return len(title) >= LEAST and title in fold(name)


def in_force(kind: int, number: str, on: date) -> list[Stored]:
    """What the owner of this number has on a day, the newest first. One query; none where the number
    names nobody.
    """
    return [_stored(row) for row in _rows(kind, number, on).order_by("-pk")[:MOST]]


def taken(dossier: Dossier, papers: Iterable[PaperIn]) -> dict[int, int]:
    """The files of what is taken for components of a dossier, by result: what its owner had on the day
    of reception (R-15). One query where something is taken. Errors: DomainError("stored_gone") for what
    is another's, has expired, was replaced or taken back, or was not checked.
    """
    wanted = {one.stored for one in papers if one.stored}
    if not wanted:
        return {}
    on = timezone.localdate(dossier.received_at)
    rows = _rows(dossier.identity_kind, dossier.identity_number, on).filter(pk__in=wanted)
    found = {one.pk: one.file_id for one in map(_stored, rows)}
    if found.keys() != wanted:
        raise DomainError("stored_gone", field="papers")
    return found


def hold(papers: Iterable[PaperIn]) -> None:
    """Locks the dossiers that gave what is taken, until the transaction ends: who takes one of them back
    meanwhile waits, and finds it used. One query where something is taken.
    """
    if results := {one.stored for one in papers if one.stored}:
        list(_gave(results).select_for_update(of=("self",), no_key=True))


def _gave(results: set[int]) -> Any:
    """The dossiers of these results, in the order in which all that lock several do."""
    rows = Dossier.objects.filter(pk__in=Result.objects.filter(pk__in=results).values("dossier"))
    return rows.order_by("pk").values_list("pk", flat=True)


def while_not_taken(refusal: str, **what: Any) -> None:
    """Asked, under the lock of the dossier that gave it, before a result or its scan stops to count. In:
    `refusal`, the code of the error; which result, by columns of DossierPaper. Errors: DomainError(refusal)
    where another dossier stands on it. Which one, only its own agency knows. One query.
    """
    taken = DossierPaper.objects.filter(stored__isnull=False, **what)
    if taken.exclude(dossier__state=State.VOIDED).exists():
        raise DomainError(refusal)


def still_there(dossier: Dossier) -> None:
    """Asked before a dossier stands again on what it took and had left: taken back meanwhile, it counts for
    nobody. What was corrected since stays what was taken (R-83). Errors: DomainError("stored_undone"), and
    "stored_busy" where somebody works on one that gave it at this instant. One query, four where something
    was taken.
    """
    rows = DossierPaper.objects.filter(dossier=dossier, stored__isnull=False)
    results = list(rows.values_list("stored", flat=True))
    if results:
        # Its own row is locked before theirs, whatever their order: whoever waited here could wait for
        # somebody who waits for this one.
        gave = _gave(set(results))
        held = gave.select_for_update(of=("self",), no_key=True, skip_locked=True)
        if len(held) < len(gave):
            raise DomainError("stored_busy")
    approved = DigitisedPaper.objects.standing().filter(
        result=OuterRef("stored"),
        file=OuterRef("stored_file"),
        stage=DigitisedPaper.Stage.APPROVED,
    )
    found = rows.filter(
        Q(stored__electronic=True) | Exists(approved),
        standing("stored__"),
        stored__dossier__state__in=GIVEN_OUT,
    )
    if results and found.count() < len(results):
        raise DomainError("stored_undone")


_RESULT = ("pk", "dossier_id", "title", "number", "issued_on")
# Of what is digitised: column, what Stored calls it.
_SCAN = {
    "scan__code": "code",
    "scan__issuer": "issuer",
    "scan__scope": "scope",
    "scan__valid_to": "valid_to",
    "scan__file_id": "file_id",
}
_FILE = ("electronic", "signed_file", "dossier__agency__name", "dossier__owner_name")


def _rows(kind: int, number: str, on: date) -> QuerySet[Result, dict[str, Any]]:
    counts = standing("digitised__") & Q(digitised__stage=DigitisedPaper.Stage.APPROVED)
    mine = Result.objects.current().filter(
        dossier__identity_number=number,
        dossier__identity_kind=kind,
        dossier__state__in=GIVEN_OUT,
        kind=Result.Kind.GRANTED,
    )
    files = signed.signed().filter(object_id=OuterRef("dossier_id")).order_by("-id")
    rows = mine.exclude(number="").annotate(
        scan=FilteredRelation("digitised", condition=counts),
        signed_file=Subquery(files.values("pk")[:1]),
    )
    # As is_valid of the model: the last day belongs to it.
    valid = Q(scan__code__isnull=False) & (Q(scan__valid_to=None) | Q(scan__valid_to__gte=on))
    electronic = Q(electronic=True, signed_file__isnull=False)
    wanted = rows.filter(electronic | Q(valid, electronic=False))
    found: QuerySet[Result, dict[str, Any]] = wanted.values(*_RESULT, *_SCAN, *_FILE)
    # A number that names nobody is many people's.
    return found if number and kind in KINDS else found.none()


def _stored(row: dict[str, Any]) -> Stored:
    said = {name: row[name] for name in _RESULT} | {"owner": row["dossier__owner_name"]}
    if row["electronic"]:
        return Stored(**said, issuer=row["dossier__agency__name"], file_id=row["signed_file"])
    return Stored(**said, **{name: row[column] for column, name in _SCAN.items()})
