"""A promise that cannot be computed because a year has no calendar: the counter still receives, the
administrator gets a task.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from dossiers.models import Dossier
from onestop.accounts.models import Role, RoleGrant
from onestop.outbox.domain import post


def ask_for_calendar(dossier: Dossier, *, at: datetime) -> None:
    """Tell the administrators of the office (or, when it has none, of those above it), once per
    office and day.
    """
    day = timezone.localdate(at)
    for officer in RoleGrant.objects.nearest_holders(Role.ADMINISTRATOR, dossier.agency, day):
        post(
            kind="calendar_missing",
            dedupe=f"calendar-missing:{dossier.agency_id}:{day.isoformat()}:{officer.pk}",
            subject="Thiếu lịch làm việc: ngày hẹn chưa xác định",
            body=(
                f"Hồ sơ {dossier.code}: chưa tính được ngày hẹn vì chưa có lịch làm việc của năm cần tính. "
                "Hãy nhập ngày nghỉ của năm đó ở phần Lịch làm việc; ngày hẹn của các hồ sơ sẽ được tính lại sau khi xem trước."
            ),
            at=at,
            to_officer=officer,
            object_kind="dossier",
            object_id=dossier.pk,
            link="/quan-tri/lich/",
        )
