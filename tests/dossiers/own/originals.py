"""Originals go home beside a result: no slip."""

from datetime import datetime

from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.originals import PapersReturn
from tests.world import Office


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """As if an original had been handed in."""
    with writer.change(dossier.pk, by=office.desk(office.clerk), at=at) as life:
        row = life.add(
            PapersReturn(
                dossier=life.dossier,
                taker_name="Trần Thị Lan",
                taker_identity="022190005678",
                papers_back="Giấy chứng sinh",
                note="Giấy ủy quyền ngày 20/11/2026",
                given_by=office.clerk,
                given_at=at,
            )
        )
        life.record("return_papers", {"row": row.pk, "papers": 1})
