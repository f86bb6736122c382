"""A kept file that is gone or changed (R-149): the administrators and controllers of the office it
belongs to are told, once a file.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from dossiers.ledger.tables import ALL_FILES
from dossiers.models import CounterVisit, Dossier, Slip
from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.errors import say
from onestop.files.models import Attachment
from onestop.outbox.domain import post
from onestop.outbox.told import told

KIND = "file_damaged"


def tell(attachment: Attachment, code: str, *, at: datetime) -> int:
    """One notice for each of them, by bell and letter; how many were new. Names and contents of
    files are not repeated in letters.
    """
    about, agency = _owner(attachment)
    day, count = timezone.localdate(at), 0
    roles = (Role.ADMINISTRATOR, Role.CONTROLLER)
    people = (
        {
            officer.pk: officer
            for role in roles
            for officer in RoleGrant.objects.nearest_holders(role, agency, day)
        }
        if agency
        else {}
    )
    about_it = {"number": attachment.pk, "about": about, "what": say(f"{code}_short")}
    words = told(
        "dossiers/told/file_damaged",
        about=about,
        said=say("file_damaged", about_it),
        advice=say("file_damaged_do", {"path": attachment.path}),
    )
    for officer in people.values():
        made = post(
            kind=KIND,
            dedupe=f"file-damaged:{attachment.pk}:{officer.pk}",
            **words,
            at=at,
            to_officer=officer,
            object_kind="attachment",
            object_id=attachment.pk,
        )
        count += made is not None
    return count


def _owner(attachment: Attachment) -> tuple[str, Agency | None]:
    """What the file belongs to, in words, and the office that answers for it."""
    if attachment.kind in ALL_FILES:
        dossier = (
            Dossier.objects.select_related("received_by_agency")
            .filter(pk=attachment.object_id)
            .first()
        )
        if dossier is not None:
            return f"hồ sơ {dossier.code}", dossier.received_by_agency
    if attachment.kind == "slip":
        slip = Slip.objects.select_related("agency").filter(pk=attachment.object_id).first()
        if slip is not None:
            return f"phiếu số {slip.number}/{slip.year}", slip.agency
    if attachment.kind == "visit":
        visit = (
            CounterVisit.objects.select_related("agency").filter(pk=attachment.object_id).first()
        )
        if visit is not None:
            return f"lượt tiếp {visit.pk}", visit.agency
    by = Officer.objects.select_related("agency").filter(pk=attachment.uploaded_by_id or 0).first()
    return f"tệp {attachment.pk}", by.agency if by is not None else Agency.objects.filter(
        parent=None
    ).order_by("pk").first()
