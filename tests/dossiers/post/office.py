"""A counter whose results go by post, and a postman of its post office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dossiers.acts import post_out
from dossiers.acts.many import Done, Seen
from dossiers.acts.post_out import Letter, Postman
from dossiers.models import Dossier
from dossiers.models.post import PostalItem, PostalNote
from onestop.accounts.models import Officer, Role
from tests.dossiers.own.post import POSTMAN
from tests.dossiers.returning.test_return_desk import finished
from tests.world import Office, make_office, make_officer, vn

READY = vn("23/11/2026 09:00")
AFTERNOON = vn("23/11/2026 14:00")


@dataclass
class Counter:
    office: Office
    postman: Officer

    def ready(self, owner: str = "Nguyễn Văn Ân", at: datetime = READY, **more: Any) -> Dossier:
        """A result that lies here and is to go by post."""
        return finished(self.office, owner=owner, at=at, return_by_post=True, **more)

    def give(
        self, *dossiers: Dossier, numbers: list[str] | None = None, to: Postman = POSTMAN,
        at: datetime = AFTERNOON, by: Officer | None = None, version: int | None = None,
    ) -> tuple[PostalNote | None, list[Done]]:  # fmt: skip
        named = numbers or [f"EB{dossier.pk:09d}VN" for dossier in dossiers]
        letters = [
            Letter(Seen(dossier.pk, version), number, 25_000)
            for dossier, number in zip(dossiers, named, strict=True)
        ]
        told = Postman(to.office, to.name, to.payer, to.note, told=2)
        desk = self.office.desk(by or self.office.clerk, at)
        return post_out.give(self.office.agency, letters, told, by=desk, at=at)

    def sent(self, owner: str = "Nguyễn Văn Ân") -> PostalItem:
        """A letter on its way."""
        dossier = self.ready(owner)
        note, done = self.give(dossier)
        assert note is not None, done
        return PostalItem.objects.select_related("dossier").get(dossier=dossier)


def make_counter() -> Counter:
    office = make_office()
    return Counter(office, make_officer("Vũ Văn Thư", office.agency, (Role.POSTAL, None)))


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)
