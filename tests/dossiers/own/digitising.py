"""A result on paper is digitised and checked: no slip."""

from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import digitising
from dossiers.acts.digitising import Digitised
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from tests.samples import a_pdf
from tests.world import Office


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """There is no result given out yet."""


def after_the_end(dossier: Dossier, office: Office, at: datetime) -> None:
    """The first scan was not as the paper is, the second one counts: of the result as it was corrected."""
    seen, clerk, leader = Seen(dossier.pk), office.desk(office.clerk), office.desk(office.leader)
    for answer in ("Thiếu trang 2", ""):
        what = Digitised(
            "Ủy ban nhân dân phường", "Giấy phép xây dựng", "Tại địa điểm ghi trên giấy phép",
            None if answer else date(2027, 11, 23), permanent=bool(answer),
        )  # fmt: skip
        scan = SimpleUploadedFile("ket-qua.pdf", a_pdf("1" if answer else "2"))
        row = digitising.digitise_result(seen, scan, what, by=clerk, at=at)
        digitising.check_digitised(seen, row.pk, agreed=not answer, words=answer, by=leader, at=at)
