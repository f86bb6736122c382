"""The reports of docs/reports: one of each form as an office would print it. Everything is invented
and fixed: the pictures follow from here.

`make pictures` draws them (tools/pictures.py); test_pictures.py finds one that was not drawn again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from onestop.accounts.models import Agency
from onestop.worktime import VN
from reports import demo_entered, rendering
from reports.figures import Row, Scope, Table
from reports.figures.tables import Beside
from reports.form_data import form_of, shipped
from reports.models import ReportForm
from reports.periods import parse

CUT = datetime(2026, 12, 15, 8, 30, tzinfo=VN)
PROVINCE = Agency(pk=1, code="H37", name="Ủy ban nhân dân tỉnh Lạng Sơn", path="1/")
WARD = Agency(
    pk=2, code="H37.05986", name="Ủy ban nhân dân phường Tam Thanh", path="1/2/", parent=PROVINCE
)
FIELDS = (
    "Hộ tịch", "Chứng thực", "Đất đai", "Bảo trợ xã hội", "Người có công", "Quản lý hoạt động xây dựng",
    "Thành lập và hoạt động của hộ kinh doanh", "Lâm nghiệp và kiểm lâm", "Nuôi con nuôi", "Thi đua, khen thưởng",
    "Giáo dục mầm non và tiểu học", "Phòng, chống tệ nạn xã hội",
)  # fmt: skip
DEPARTMENTS = (
    "Sở Nông nghiệp và Môi trường", "Sở Xây dựng", "Sở Tư pháp", "Sở Y tế", "Sở Tài chính", "Sở Công Thương",
)  # fmt: skip
WARDS = (
    "phường Tam Thanh", "phường Lương Văn Tri", "phường Kỳ Lừa", "phường Đông Kinh", "xã Đồng Đăng", "xã Cao Lộc",
    "xã Chi Lăng", "xã Na Dương", "xã Lộc Bình", "xã Hữu Lũng", "xã Bắc Sơn", "xã Thất Khê",
)  # fmt: skip
PROCEDURES = (
    "Đăng ký khai sinh", "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền cấp",
    "Đăng ký đất đai, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất lần đầu",
    "Đăng ký thành lập hộ kinh doanh", "Xác nhận tình trạng hôn nhân",
)  # fmt: skip
OWNERS = (
    "Nguyễn Thị Thùy Dung", "Hoàng Văn Páo", "Lý Thị Nguyệt Ánh", "Công ty TNHH Thương mại và Dịch vụ Kỳ Lừa", "Vi Văn Ân",
)  # fmt: skip


class Place(Scope):
    """Whose report it is, without a database."""

    @property
    def agency(self) -> Agency:
        return {one.pk: one for one in (PROVINCE, WARD)}[self.agency_id]


@dataclass(frozen=True)
class Shown:
    name: str
    title: str
    table: Table
    state: str = "draft"

    @cached_property
    def pdf(self) -> bytes:
        return rendering.pdf(self.table, state=self.state)

    @cached_property
    def made_from(self) -> str:
        """What the pages draw, whichever release of the face they carry."""
        found = hashlib.sha256()
        for page in PdfReader(BytesIO(self.pdf)).pages:
            contents = page.get_contents()
            assert contents is not None
            found.update(contents.get_data())
        return found.hexdigest()


def everything() -> Iterator[Shown]:
    yield Shown("ii-06a", "II.06a của một phường, đã ký", _own("II.06a"), "signed")
    yield Shown("ii-06a-dieu-chinh", "II.06a có điều chỉnh của kỳ trước", _adjusted())
    by_field = (("Cấp tỉnh", _counted(FIELDS[2:9])), ("Cấp xã", _counted(FIELDS)))
    yield Shown("ii-06b", "II.06b của một tỉnh, theo cấp và lĩnh vực", _whole("II.06b", by_field))
    levels = (
        ("Cấp tỉnh", _counted(DEPARTMENTS)),
        ("Cấp xã", _counted([f"Ủy ban nhân dân {one}" for one in WARDS])),
    )
    by_office = _whole("II.06c", levels, codes=True)
    yield Shown("ii-06c", "II.06c của một tỉnh, theo cấp và cơ quan", by_office)
    offices = (("", _counted([*DEPARTMENTS, *(f"Ủy ban nhân dân {one}" for one in WARDS)])),)
    yield Shown("07a-btp", "07a/BTP của một tỉnh", _whole("07a/BTP", offices, codes=True))
    yield Shown("ii-05a", "II.05a của một phường, nhập tay", _entered())
    yield Shown("ban-giao", "Danh sách bàn giao", _listed("handovers", 17))


Figures = dict[str, int]


def _counted(labels: Sequence[str]) -> list[tuple[str, Figures]]:
    return [(label, _figures(number)) for number, label in enumerate(labels, 1)]


def _figures(number: int) -> Figures:
    """Figures of one row that add up as the forms ask."""
    full, part, post = 40 + number * 97 % 1300, number * 13 % 45, number * 7 % 20
    direct, carried = 25 + number * 61 % 700, number * 11 % 60
    handled = full + part + direct + post + carried
    still, late = number * 17 % 80 + 6, number % 4
    ended_late = number * 5 % 9
    early = (handled - still - ended_late) * 3 // 4
    return {
        "handled": handled, "received_online": full + part, "received_online_full": full, "received_online_part": part,
        "received_direct": direct, "received_post": post, "received_direct_or_post": direct + post, "carried": carried,
        "ended": handled - still, "ended_early": early, "ended_late": ended_late,
        "ended_on_time": handled - still - ended_late - early,
        "open": still, "open_late": late, "open_in_time": still - late,
    }  # fmt: skip


def _sum(rows: Sequence[Figures]) -> Figures:
    return {name: sum(one[name] for one in rows) for name in rows[0]}


def _form(code: str) -> ReportForm:
    row = next(one for one in shipped() if one["code"] == code)
    return ReportForm(**row | {"effective_from": date.fromisoformat(row["effective_from"])})


def _table(code: str, agency: Agency, rows: Sequence[Row], total: Row | None, **more: Any) -> Table:
    form = _form(code)
    scope = Place(agency.pk, agency.code, agency.name, agency.path)
    period, notes = parse("2026Q4"), tuple(form.notes)
    return Table(form, form.columns_of(), scope, period, CUT, rows, total, notes=notes, **more)


def _row(form: str, label: str, figures: Mapping[str, Any], **more: Any) -> Row:
    columns = _form(form).columns_of()
    return Row(label, label, {one.number: figures.get(one.measure) for one in columns}, **more)


def _own(code: str, **more: Any) -> Table:
    rows = _counted(FIELDS)
    total = _row(code, "Tổng số", _sum([figures for _, figures in rows]))
    beside = (
        Beside("withdrawn", "Hồ sơ công dân rút trong kỳ", 7),
        Beside("stopped", "Hồ sơ dừng giải quyết trong kỳ", 4),
        Beside("refused", "Hồ sơ từ chối giải quyết trong kỳ", 11),
        Beside("waiting", "Hồ sơ đang chờ bổ sung, chờ nghĩa vụ tài chính", 23),
        Beside("another", "Hồ sơ tiếp nhận hộ cơ quan khác trong kỳ (tính vào biểu của cơ quan giải quyết)", 38),
    )  # fmt: skip
    made = [_row(code, label, figures) for label, figures in rows]
    return _table(code, WARD, made, total, beside=beside, **more)


def _adjusted() -> Table:
    one = {"row": "Hộ tịch", "code": "H37.05986-260911-0042", "before": ["11", "12"], "after": []}
    other = {"row": "Đất đai", "code": "H37.05986-260828-0017", "before": [], "after": ["11", "13"]}
    told = [
        one | {"happened_at": _at(-93).isoformat(), "recorded_at": _at(-84).isoformat()},
        other | {"happened_at": _at(-101).isoformat(), "recorded_at": _at(-80).isoformat()},
    ]
    carried = sum(figures["carried"] for _, figures in _counted(FIELDS))
    over = {
        "signed_open": carried - 1, "adjusted": 0, "transferred": 1, "carried": carried, "adjustments": told,
        "transfers": [{"row": "Bảo trợ xã hội", "code": "H37.05986-260902-0003", "turned": 1}],
    }  # fmt: skip
    return _own("II.06a", carried_over=over)


def _entered() -> Table:
    """Petitions of a ward, as its controller typed them."""
    form, numbers = _form("II.05a"), [str(number) for number in range(3, 15)]
    told = [dict(zip(numbers, figures, strict=True)) for figures in demo_entered.NEWEST.values()]
    rows = [
        Row(label, label, figures) for label, figures in zip(demo_entered.NEWEST, told, strict=True)
    ]
    total = {number: sum(one[number] or 0 for one in told) for number in numbers}
    said = ("Dòng “Hộ tịch”: cột (4) từ kỳ trước ghi 1, nhưng cột (12) của kỳ trước là 2.",)
    table = _table(form.code, WARD, rows, Row("total", "Tổng số", total))
    return table.with_said(said)


def _whole(
    code: str, levels: Sequence[tuple[str, list[tuple[str, Figures]]]], *, codes: bool = False
) -> Table:
    made, counted = [], []
    for level, rows in levels:
        figures = [one for _, one in rows]
        counted += figures
        if level:
            made.append(_row(code, level, _sum(figures), is_head=True))
        for number, (label, one) in enumerate(rows, 1):
            agency = f"H37.{len(made):02d}.{number:02d}" if codes else ""
            made.append(_row(code, label, one, code=agency))
    return _table(code, PROVINCE, made, _row(code, "Tổng số", _sum(counted)))


def books() -> Iterator[Shown]:
    """The register on the forms of both sets: they stand among the slips."""
    table = _listed("register", 14)
    note = "Sổ năm 2026 khóa lúc 08:00 04/01/2027: 2 quyển, số thứ tự cuối 1031."
    now = replace(table, period=parse("2026SN1018-1031"), notes=(note,))
    yield Shown("mau-07-so-theo-doi", "Mẫu 07, sổ theo dõi hồ sơ, A4", now)
    form = form_of(next(one for one in shipped() if one.get("effective_to") == "2025-06-30"))
    before = replace(table, form=form, period=parse("2024S"), rows=[])
    yield Shown("bo-2018-mau-06", "Bộ mẫu 2018, mẫu 06, sổ theo dõi hồ sơ", before)


def _at(days: int, minutes: int = 0) -> datetime:
    return CUT + timedelta(days=days, minutes=minutes)


def _listed(code: str, count: int) -> Table:
    clerk, room = (
        "Trần Thị Hồng Nhung, Trung tâm Phục vụ hành chính công",
        "Phòng Kinh tế, Hạ tầng và Đô thị",
    )
    rows = []
    for number in range(count):
        received = _at(-90 + number // 4, number % 4 * 47)
        ended = received + timedelta(days=3 + number % 2) if number % 3 else None
        agency = "Sở Nông nghiệp và Môi trường" if number % 5 == 2 else WARD.name
        told = {
            "procedure": PROCEDURES[number % 5], "owner": OWNERS[number % 5], "sets": 1, "signed": "",
            "contact": f"Số {number + 3}, Khối {number % 9 + 1}, phường Tam Thanh, tỉnh Lạng Sơn, 0912 345 6{number:02d}",
            "agency": agency, "received": received, "due": received + timedelta(days=7),
            "forwarded": received + timedelta(minutes=25), "result": ended,
            "returned": ended + timedelta(hours=4) if ended and number % 4 else None,
            "way": ("Bưu chính" if number % 8 == 1 else "Trực tiếp") if ended and number % 4 else "",
            "note": "Nộp trực tuyến 16:20 01/09/2026" if number % 6 == 5 else "Công dân yêu cầu rút hồ sơ" if number == 6 else "",
            "giver": clerk, "receiver": room if number % 3 else f"Lê Quang Tuấn, {room}", "given": received,
            "confirmed": received + timedelta(minutes=25) if number % 6 else None,
            "step_due": received + timedelta(hours=8), "outcome": "Đã xử lý xong" if number % 3 else None,
        }  # fmt: skip
        dossier = f"{WARD.code}-{received:%y%m%d}-{number % 4 + 1:04d}"
        order = str(1018 + number) if code == "register" else ""
        rows.append(replace(_row(code, dossier, told), order=order))
    return _table(code, WARD, rows, None)
