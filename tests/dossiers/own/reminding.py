"""An applicant who is waited for is reminded: no slip."""

from datetime import datetime, timedelta

from dossiers.acts import reminding, supplements
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from dossiers.models.reminding import Reminder
from tests.world import Office


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    clerk, seen = office.desk(office.clerk), Seen(dossier.pk)
    supplements.ask(
        seen, items=declared("Ngày sinh"), reason="Thiếu", by=clerk, at=at,
        approver=office.head, approval_reason="Thiếu",
    )  # fmt: skip
    note = "Hẹn mang đến thứ Sáu"
    reminding.remind(seen, way=Reminder.Way.CALL, note=note, by=clerk, at=at + timedelta(hours=1))
    supplements.complete(seen, by=clerk, at=at + timedelta(hours=2))
