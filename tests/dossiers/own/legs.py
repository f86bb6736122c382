"""Parts of the work went to two other agencies: one answered with a file, one was withdrawn."""

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import leg_work, legs
from dossiers.acts.leg_work import AnswerIn, SeenLeg
from dossiers.acts.legs import Part
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.legs import Leg, LegKind
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Department, DepartmentKind, Role
from tests.dossiers.own import holding
from tests.samples import a_pdf
from tests.world import Office, make_agency, make_officer


def _seen(leg: Leg) -> SeenLeg:
    leg.refresh_from_db()
    return SeenLeg(leg.pk, leg.dossier_id, leg.version)


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    by = holding(dossier, office)
    first, second = make_agency("Ủy ban nhân dân xã Phối Hợp"), make_agency("Ủy ban nhân dân xã Kế")
    room = Department.objects.create(
        agency=first, name="Bộ phận Một cửa", kind=DepartmentKind.ONE_STOP
    )
    clerk = make_officer("Vi Thị Phối", first, (Role.CLERK, room))
    desk = desk_of(clerk, at)
    parts = [Part(first, "Xác nhận tạm trú", 8), Part(second, "Cho ý kiến", 16)]
    rows = legs.open_legs(Seen(dossier.pk), LegKind.ORDERED, parts, by=by, at=at)
    leg_work.pass_on(_seen(rows[0]), room, clerk, by=desk, at=at)
    leg_work.receive(_seen(rows[0]), by=desk, at=at)
    file = SimpleUploadedFile("tra-loi.pdf", a_pdf("legs"))
    later = at + timedelta(hours=1)
    leg_work.answer(_seen(rows[0]), AnswerIn("Đã xác nhận", 1), by=desk, at=later, file=file)
    legs.withdraw_leg(Seen(dossier.pk), 2, "Không cần nữa", by=by, at=later)
