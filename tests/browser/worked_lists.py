"""Decisions that publish lists, one published and one that is drafted. Neither binds the counters of
the journeys: they speak of departments' branches, and of a day that has not come.
"""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from onestop.accounts.models import Agency
from procedures.channels import Channel
from procedures.domain import focal_points as register
from procedures.domain.focal_points import Person
from procedures.domain.lists import Head, LineIn, check, draft, publish, put_lines
from procedures.domain.notices import board
from procedures.domain.texts import say_anew
from procedures.domain.unpublished import Entry, PaperIn, enter
from procedures.models import CounterKind, Field, Kind, NoticeEdition, OnlineLevel, Procedure
from tests.journeys.site import BIRTH, COPY, SEVEN_DAYS, Site
from tests.samples import PDF

LATER = date(2027, 1, 4)


def decisions(site: Site) -> tuple[int, int]:
    """The published one, the draft."""
    at, agency = timezone.now(), Agency.objects.get(code="H37")
    drafter, checker = site.officers["tinh.kiemsoat"], site.officers["tinh.lanhdao"]
    about = "Công bố danh mục thủ tục hành chính tiếp nhận tại chi nhánh Bộ phận Một cửa của các sở"
    first = Head(
        "1386/QĐ-UBND",
        about,
        "Đoàn Quang Vinh",
        date(2026, 10, 26),
        LATER,
        no_file_reason="Bản giấy chưa quét",
    )
    row = draft(first, agency=agency, by=checker, at=at)
    row = put_lines(
        row,
        [
            LineIn(
                BIRTH,
                CounterKind.BRANCH,
                at_counter=False,
                why_not="Tiếp nhận tại trung tâm cấp xã",
            ),
            LineIn(COPY, CounterKind.BRANCH, decided_by="Giám đốc sở", note="Theo phân cấp"),
            LineIn(
                SEVEN_DAYS, CounterKind.BRANCH, shortened="5 ngày làm việc",
                online=OnlineLevel.PART, online_why="Phải kiểm tra, xác minh tại chỗ",
            ),
        ],
        seen=row.revision,
    )  # fmt: skip
    # As it stood before the reason was asked for.
    part = row.lines.get(online=OnlineLevel.PART)
    part.online_why = ""
    part.save()
    row = check(row, by=drafter, at=at, seen=row.revision)
    made = publish(row, by=drafter, at=at, seen=row.revision)
    second = Head("1402/QĐ-UBND", f"Sửa đổi: {about}", "Đoàn Quang Vinh", date(2026, 10, 30), LATER)
    row = draft(second, agency=agency, by=drafter, at=at)
    row = put_lines(
        row,
        [
            LineIn(COPY, CounterKind.BRANCH, kind=Kind.ABOLISHED),
            LineIn(
                SEVEN_DAYS,
                CounterKind.BRANCH,
                online=OnlineLevel.WHOLE,
                by_post=False,
                anywhere=True,
            ),
        ],
        seen=row.revision,
    )
    return made.pk, row.pk


def focal_points(site: Site) -> int:
    """The province's: one replaced by another, who is known to the public."""
    at, agency = timezone.now(), Agency.objects.get(code="H37")
    by, on = site.officers["tinh.kiemsoat"], date(2026, 3, 2)
    first = register.name(
        Person("Lương Văn Bách", "85/QĐ-UBND", on, on, position="Chánh Văn phòng", phone="0205 381 0001"),
        agency=agency, by=by, at=at,
    )  # fmt: skip
    later = date(2026, 9, 7)
    made = register.name(
        Person(
            by.full_name, "512/QĐ-UBND", later, later, officer=by,
            position="Trưởng phòng Kiểm soát thủ tục hành chính", phone="0205 381 0002",
            email="kstthc@langson.gov.vn", is_public=True,
        ),
        agency=agency, by=by, at=at, instead_of=first,
    )  # fmt: skip
    return made.pk


def unpublished(site: Site) -> int:
    """Received under a resolution of the province's council since September."""
    entry = Entry(
        name="Hỗ trợ kinh phí xóa nhà tạm, nhà dột nát cho hộ nghèo, hộ cận nghèo",
        field=Field.objects.get(name="Hộ tịch"), basis="15/2026/NQ-HĐND",
        title="Quy định chính sách hỗ trợ xóa nhà tạm, nhà dột nát trên địa bàn tỉnh",
        issuer="Hội đồng nhân dân tỉnh", issued_on=date(2026, 8, 20), effective_on=date(2026, 9, 1),
        term="10 ngày làm việc", fee=0, channels=[Channel.DIRECT, Channel.POST],
        counters=[CounterKind.COMMUNE],
        papers=[PaperIn("Đơn đề nghị hỗ trợ"), PaperIn("Giấy chứng nhận hộ nghèo", 0, 1)],
        result="Quyết định hỗ trợ",
    )  # fmt: skip
    text = SimpleUploadedFile("nghi-quyet-15.pdf", PDF)
    made = enter(
        entry, text=text, agency=Agency.objects.get(code="H37"), by=site.officers["tinh.kiemsoat"],
        at=timezone.now(),
    )  # fmt: skip
    return made.pk


def texts(site: Site) -> None:
    """What the controller wrote of one procedure, with a form to download."""
    says = {
        "steps": "Người có yêu cầu nộp hồ sơ tại Bộ phận Một cửa.\nCông chức kiểm tra, viết giấy hẹn.",
        "requirements": "",
        "forms": [
            {"name": "Tờ khai đăng ký khai sinh", "url": "https://dichvucong.gov.vn/mau/khai-sinh"}
        ],
        "none_of": ["requirements"],
    }
    say_anew(
        Procedure.objects.get(code=BIRTH), says=says, seen=0, by=site.officers["tinh.kiemsoat"],
        form=("Giấy ủy quyền", SimpleUploadedFile("uy-quyen.pdf", PDF)), at=timezone.now(),
    )  # fmt: skip


def edition(site: Site) -> int:
    """A board that was printed before something changed, and one that was not drawn: its id."""
    at, state = timezone.now(), NoticeEdition.State
    about = {"agency": site.agency, "by": site.officers["tiepnhan"], "at": at, "ended_at": at}
    today = board(site.agency, timezone.localdate(at))
    said = {
        one.code: [one.digest, sheet.field, one.name]
        for sheet in today.sheets
        for one in sheet.entries
    }
    gone = "Thủ tục đăng ký giám hộ"
    said |= {BIRTH: ["0" * 16, "Hộ tịch", ""], "1.999999": ["0" * 16, "Hộ tịch", gone]}
    NoticeEdition.objects.create(kind="a4", said=said, digest="1" * 64, state=state.DONE, **about)
    failed = NoticeEdition.objects.create(
        kind="a3", digest="2" * 64, state=state.FAILED, error="Hết chỗ trên đĩa.", **about
    )
    return failed.pk
