"""What the demo's controllers entered beside the catalogue: two procedures that are received under a
legal text until somebody publishes them, and who the focal points are and were.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils import timezone

from onestop import pdf
from onestop.accounts.models import Agency, Officer
from procedures.channels import Channel
from procedures.domain import focal_points
from procedures.domain.focal_points import Person
from procedures.domain.unpublished import Entry, PaperIn, enter
from procedures.models import CounterKind, Field, FocalPoint, Unpublished

COUNCIL: Final = "Hội đồng nhân dân tỉnh"


@dataclass(frozen=True, slots=True)
class DemoText:
    """A text that creates a procedure, in force since so many days."""

    days: int
    field: str
    name: str
    number: str
    title: str
    term: str
    counters: tuple[CounterKind, ...]
    papers: tuple[PaperIn, ...]
    result: str


TEXTS: Final = (
    DemoText(
        41, "Giảm nghèo", "Hỗ trợ hộ nghèo, hộ cận nghèo sửa chữa nhà ở sau thiên tai",
        "21/{}/NQ-HĐND", "Quy định chính sách hỗ trợ hộ nghèo, hộ cận nghèo sửa chữa nhà ở sau thiên tai",
        "10 ngày làm việc", (CounterKind.COMMUNE,),
        (PaperIn("Đơn đề nghị hỗ trợ"), PaperIn("Ảnh chụp hiện trạng nhà ở", 0, 2)),
        "Quyết định hỗ trợ sửa chữa nhà ở",
    ),
    DemoText(
        9, "Nông nghiệp", "Hỗ trợ chuyển đổi cây trồng trên đất lúa kém hiệu quả",
        "27/{}/NQ-HĐND", "Quy định chính sách hỗ trợ chuyển đổi cây trồng trên đất lúa kém hiệu quả",
        "15 ngày làm việc", (CounterKind.PROVINCE, CounterKind.COMMUNE),
        (PaperIn("Đơn đề nghị hỗ trợ chuyển đổi cây trồng"), PaperIn("Giấy chứng nhận quyền sử dụng đất", 0, 1)),
        "Quyết định hỗ trợ chuyển đổi cây trồng",
    ),
)  # fmt: skip


def receive_before_publication(*, agency: Agency, by: Officer, now: datetime) -> list[Unpublished]:
    """Entered the morning each text came into force; none on a machine that cannot draw the text's
    PDF, which says so elsewhere.
    """
    made = []
    for text in TEXTS:
        at = now - timedelta(text.days)
        on = timezone.localdate(at)
        issued_on = on - timedelta(15)
        said: dict[str, Any] = {
            "basis": text.number.format(issued_on.year),
            "title": text.title,
            "issuer": COUNCIL,
            "issued_on": issued_on,
        }
        try:
            content = pdf.render(render_to_string("procedures/demo/text.html", said))
        except pdf.PdfUnavailable:
            return []
        entry = Entry(
            name=text.name, field=Field.objects.get(name=text.field), effective_on=on,
            term=text.term, fee=0, channels=(Channel.DIRECT, Channel.POST),
            counters=text.counters, papers=text.papers, result=text.result, **said,
        )  # fmt: skip
        file = SimpleUploadedFile("van-ban.pdf", content)
        made.append(enter(entry, text=file, agency=agency, by=by, at=at))
    return made


def name_focal_points(
    *, province: Agency, communes: list[Agency], officers: dict[str, Officer], now: datetime
) -> list[FocalPoint]:
    """One at the province and in each commune; in one of them another one came, in one two did."""
    controller, own = officers["tinh.kiemsoat"], officers["kiemsoat"]
    plan: list[tuple[Agency, list[tuple[int, str, Officer | None]]]] = [
        (province, [(400, controller.full_name, controller)]),
        (communes[0], [(400, "Hoàng Văn Thái", None), (150, own.full_name, own)]),
        (communes[1], [(400, "Nông Thị Duyên", None), (230, "Lường Văn Khôi", None), (60, "Vi Thị Hạnh", None)]),
        (communes[2], [(380, "Đàm Quốc Việt", None)]),
    ]  # fmt: skip
    made: list[FocalPoint] = []
    for number, (agency, people) in enumerate(plan, start=1):
        before: FocalPoint | None = None
        for days, name, officer in people:
            starts = timezone.localdate(now - timedelta(days))
            person = Person(
                name=name, decision=f"{number}{days}/QĐ-UBND", decided_on=starts - timedelta(3),
                starts_on=starts, officer=officer, position="Công chức Văn phòng",
                is_public=officer is not None,
            )  # fmt: skip
            before = focal_points.name(
                person, agency=agency, by=controller, at=now, instead_of=before
            )
            made.append(before)
    return made
