"""The papers that an act on one dossier made, or one press on many, as the events tell them."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from dossiers import registry
from dossiers.ledger.history import added_by
from dossiers.models import Batch, Dossier, Event, Slip, SlipPrint
from dossiers.models.pressing import PressLine
from onestop.accounts.models import Officer

# The ledger's names of their tables.
SLIPS, BATCHES = Slip.told_as[0], Batch.told_as[0]


@dataclass(frozen=True, slots=True)
class Made:
    """One slip, as its address names it."""

    slug: str
    number: int


@dataclass(slots=True)
class OfPress:
    """Ids of the slips that one press made, and of the hand-over lists that go with what it gave."""

    slips: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.slips or self.batches)


def made_since(dossier: Dossier, officer: Officer) -> Made | None:
    """The slip that this officer's act made; the newest of several. One query.

    In: the dossier as it was read before the act: what it has more events than then, the act wrote.
    """
    newer = Event.objects.filter(dossier=dossier.pk, seq__gt=dossier.event_seq, officer=officer)
    for event in newer.order_by("-seq"):
        if not registry.get(event.kind).only_prints and (slips := added_by(event, SLIPS)):
            told = slips[-1]["new"]
            return Made(told["slug"], told["number"])
    return None


def of_press(press: UUID, officer: Officer) -> OfPress:
    """What there is to print of a press of this officer. One query."""
    found = OfPress()
    for event in Event.objects.filter(press=press, officer=officer).order_by("pk"):
        found.slips += [slip["id"] for slip in added_by(event, SLIPS)]
        if event.kind == "hand_over":
            found.batches += [batch["id"] for batch in added_by(event, BATCHES)]
    found.batches = list(dict.fromkeys(found.batches))
    return found


def kept_for_press(press: UUID, officer: Officer) -> list[int]:
    """Slips that a press on many found standing or made (acts/pressing.py), in the order of its
    list. One query.
    """
    lines = PressLine.objects.filter(run__press=press, run__by=officer, slip__isnull=False)
    return list(lines.order_by("pk").values_list("slip", flat=True))


def slips(ids: list[int]) -> QuerySet[Slip]:
    """Those of them that stand, in the order they were made, with what drawing them needs."""
    was_printed = Exists(SlipPrint.objects.filter(slip=OuterRef("pk")))
    rows = Slip.objects.standing().filter(pk__in=ids).annotate(was_printed=was_printed)
    return rows.select_related("dossier").order_by("pk")
