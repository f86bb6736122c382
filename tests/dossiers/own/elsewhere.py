"""Received on paper, or in an envelope with others: rows that only a reception writes, here beside a
dossier that came another way, under an event that changes nothing.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.elsewhere import Elsewhere, Outage
from dossiers.models.envelopes import Envelope, EnvelopePart
from tests.world import Office


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    known = {"agency": dossier.agency, "recorded_at": at, "recorded_by": office.clerk}
    began = at - timedelta(hours=2)
    outage = Outage.objects.create(kind=Outage.Kind.POWER, began_at=began, ended_at=at, **known)
    envelope, _ = (
        Envelope.objects.create(
            agency=dossier.agency, case=dossier.case, token=uuid4(), year=at.year, number=number,
            sender_name="Vàng A Sử", authorisation="Trưởng bản", made_at=at, made_by=office.clerk,
        )
        for number in (1, 2)
    )  # fmt: skip
    with writer.change(dossier.pk, by=office.desk(office.clerk), at=at) as life:
        row = life.add(Elsewhere(dossier=life.dossier, kind=Elsewhere.Kind.PAPER, outage=outage))
        life.add(EnvelopePart(dossier=life.dossier, envelope=envelope))
        life.record("print_slip", {"row": row.pk})
