"""A dossier in the room of the agency that leads, and other communes to send parts of it to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dossiers.acts import leg_work, legs
from dossiers.acts.leg_work import AnswerIn, SeenLeg
from dossiers.acts.legs import Part
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.legs import Leg, LegKind
from onestop.accounts.models import Officer
from tests.world import MONDAY, Office, make_case, make_office, receive

NAMES = ("xã An", "xã Bình", "xã Cẩm", "xã Dương", "xã Đông")


def seen(leg: Leg) -> SeenLeg:
    leg.refresh_from_db()
    return SeenLeg(leg.pk, leg.dossier_id, leg.version)


@dataclass
class Linked:
    lead: Office
    others: list[Office]
    dossier: Dossier

    def send(
        self, *numbers: int, kind: int = LegKind.PARALLEL, hours: int = 8, at: datetime = MONDAY
    ) -> list[Leg]:
        parts = [Part(self.others[n].agency, f"Việc {n}", hours) for n in numbers]
        by = self.lead.desk(self.lead.clerk, at)
        return legs.open_legs(Seen(self.dossier.pk), kind, parts, by=by, at=at)

    def take(self, leg: Leg, by: Officer | None = None, at: datetime = MONDAY) -> Leg:
        there = self.at(leg)
        return leg_work.receive(seen(leg), by=there.desk(by or there.clerk, at), at=at)

    def answer(
        self, leg: Leg, outcome: int | None = 1, by: Officer | None = None, at: datetime = MONDAY
    ) -> Leg:
        there = self.at(leg)
        desk = there.desk(by or there.clerk, at)
        return leg_work.answer(seen(leg), AnswerIn("Đồng ý", outcome), by=desk, at=at)

    def at(self, leg: Leg) -> Office:
        return next(one for one in self.others if one.agency.pk == leg.agency_id)

    @property
    def now(self) -> Dossier:
        return Dossier.objects.get(pk=self.dossier.pk)


def states(linked: Linked) -> list[int]:
    """How the legs of its dossier stand, by their numbers."""
    rows = Leg.objects.standing().filter(dossier=linked.dossier).order_by("number")
    return list(rows.values_list("state", flat=True))


def make_linked(others: int = 3) -> Linked:
    lead = make_office()
    found = [make_office(f"Ủy ban nhân dân {name}") for name in NAMES[:others]]
    return Linked(lead, found, receive(lead, make_case()))
