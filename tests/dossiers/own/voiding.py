"""A voided reception: its row, written beside a dossier that goes on."""

from datetime import datetime

from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.voiding import VoidedReception
from tests.world import Office


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """Whoever asks for every table has one dossier that lives through every act, and a voided one
    lives no more: the row alone, under an event that changes nothing.
    """
    with writer.change(dossier.pk, by=office.desk(office.clerk), at=at) as life:
        row = VoidedReception(
            dossier=life.dossier,
            agency=life.dossier.agency,
            reason="Nhập nhầm thủ tục",
            approver=office.leader,
            answer="Đồng ý",
            voided_by=office.clerk,
            voided_at=at,
        )
        life.add(row)
        life.record("print_slip", {"row": row.pk})
