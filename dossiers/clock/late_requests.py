"""Requests for completion that needed an approver: the approver is told, and after three working
days the controllers (R-46).

The approver is named by the counter and not asked on the screen: he is told at once, stands by name
on the controller's list and on the dossier's page, and nobody can say later that he did not know.
"""

from __future__ import annotations

from datetime import datetime
from textwrap import shorten

from django.utils import timezone

from dossiers.models import Dossier, Supplement
from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.outbox.domain import post
from onestop.templatetags.formatting import day_words

ADDRESS = "/thu-tuc/quan-ly/bo-sung-muon/"


def tell(row: Supplement, dossier: Dossier, *, at: datetime) -> None:
    """One notice a request and person, inside the transaction of the request. Nothing for an
    ordinary one.

    What was written as reason stays on the dossier: notices carry no words about a person.
    """
    if row.approver is None:
        return
    assert row.issued_by is not None
    body = (
        f"Hồ sơ {dossier.code}: {shorten(dossier.version.name, 140, placeholder='…')}\n"
        f"Tiếp nhận {day_words(dossier.received_at)}; {row.issued_by.full_name} phát phiếu yêu cầu bổ sung {day_words(at)}"
        f"{', sau 03 ngày làm việc' if row.late else f', lần thứ {row.round}'}.\n"
        f"Người phê duyệt: {row.approver.full_name}. Căn cứ: {row.legal_basis or 'không ghi'}."
    )
    told: dict[int, tuple[Officer, str, str]] = {}
    if row.late:
        subject = f"Yêu cầu bổ sung sau 03 ngày làm việc: hồ sơ {dossier.code}"
        controllers = RoleGrant.objects.nearest_holders(
            Role.CONTROLLER, dossier.agency, timezone.localdate(at)
        )
        told = {officer.pk: (officer, subject, ADDRESS) for officer in controllers}
    told[row.approver.pk] = (
        row.approver,
        f"Yêu cầu bổ sung do bạn phê duyệt: hồ sơ {dossier.code}",
        dossier.get_absolute_url(),
    )
    for officer, subject, link in told.values():
        post(
            kind="late_request" if row.late else "request_approved",
            dedupe=f"request:{row.pk}:{at.isoformat()}:{officer.pk}",
            subject=subject,
            body=body,
            at=at,
            to_officer=officer,
            object_kind="dossier",
            object_id=dossier.pk,
            link=link,
            mail=False,
        )
