"""A procedure that no decision lists yet: received under its text, watched, moved by hand (R-74, R-133)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dossiers.desk import intake as desk_intake
from dossiers.desk.open_drafts import drafts
from dossiers.intake.assessing import assess
from dossiers.models import Draft
from dossiers.slips.subjects import content_of
from onestop.accounts.models import Agency, AgencyKind, Department, Level, Officer, Role
from onestop.errors import DomainError
from onestop.outbox.models import Message
from procedures.channels import Channel
from procedures.domain import lists, unpublished
from procedures.domain.lists import Head, LineIn
from procedures.domain.notices import board
from procedures.domain.unpublished import Entry, PaperIn
from procedures.listed import listed
from procedures.models import Case, CounterKind, Field, Kind, ProcedureVersion, Unpublished
from procedures.queries import search_procedures, unlisted_page
from tests.clock import Clock
from tests.samples import PDF, PNG
from tests.world import (
    Office,
    an_intake,
    make_case,
    make_office,
    make_officer,
    receive,
    vn,
)

pytestmark = pytest.mark.django_db
AT = vn("23/11/2026 09:00")
TODAY = date(2026, 11, 23)


@pytest.fixture
def province() -> Agency:
    return Agency.objects.create(
        code="H37", name="Ủy ban nhân dân tỉnh Lạng Sơn", level=Level.PROVINCE,
        kind=AgencyKind.PEOPLES_COMMITTEE,
    )  # fmt: skip


@pytest.fixture
def office(province: Agency) -> Office:
    return make_office("Ủy ban nhân dân xã Bình Minh", parent=province)


@pytest.fixture
def people(province: Agency) -> tuple[Officer, Officer]:
    room = Department.objects.create(agency=province, name="Phòng Kiểm soát thủ tục")
    first = make_officer("Lò Văn Soạn", province, (Role.CONTROLLER, room))
    return first, make_officer("Vi Thị Kiểm", province, (Role.CONTROLLER, room))


def entry(**more: Any) -> Entry:
    field, _ = Field.objects.get_or_create(name="Nhà ở")
    said: dict[str, Any] = {
        "name": "Hỗ trợ xóa nhà tạm", "field": field, "basis": "15/2026/NQ-HĐND",
        "title": "Chính sách hỗ trợ", "issuer": "Hội đồng nhân dân tỉnh",
        "issued_on": date(2026, 9, 20), "effective_on": date(2026, 10, 1), "term": "10 ngày làm việc",
        "fee": 0, "channels": [Channel.DIRECT], "counters": [CounterKind.COMMUNE],
        "papers": [PaperIn("Đơn đề nghị"), PaperIn("Giấy chứng nhận hộ nghèo", 0, 1)],
    }  # fmt: skip
    return Entry(**said | more)


def entered(province: Agency, by: Officer, **more: Any) -> tuple[Unpublished, Case]:
    text = SimpleUploadedFile("nghi-quyet.pdf", PDF)
    row = unpublished.enter(entry(**more), text=text, agency=province, by=by, at=AT)
    return row, Case.objects.get(version__procedure=row.procedure_id)


def bind(province: Agency, people: tuple[Officer, Officer], *lines: LineIn) -> None:
    head = Head(
        "12/QĐ-UBND", "Công bố danh mục", "Chủ tịch", TODAY, TODAY, no_file_reason="bản giấy"
    )
    row = lists.draft(head, agency=province, by=people[0], at=AT)
    row = lists.put_lines(row, lines, seen=row.revision)
    row = lists.check(row, by=people[1], at=AT, seen=row.revision)
    lists.publish(row, by=people[0], at=AT, seen=row.revision)


def test_a_notice_board_says_under_which_text_and_only_where_it_is_received(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    """R-133, where no list binds: as intake; it is no decision, and the post only where entered."""
    row, _ = entered(province, people[0])
    by_post, _ = entered(
        province, people[0], name="Hỗ trợ gửi", channels=[Channel.DIRECT, Channel.POST]
    )
    entered(province, people[0], counters=[CounterKind.BRANCH], name="Hỗ trợ sở")
    shown = {one.code: one for one in board(office.agency, TODAY).entries}
    assert set(shown) == {row.procedure.code, by_post.procedure.code}
    one = shown[row.procedure.code]
    assert (one.where, one.decision) == (
        "Tại quầy", "Thực hiện theo 15/2026/NQ-HĐND ngày 20/09/2026",
    )  # fmt: skip
    assert shown[by_post.procedure.code].where == "Tại quầy, bưu chính công ích"


def test_it_is_received_where_its_entry_names_the_counter_though_lists_bind(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    other = make_case(name="Đăng ký khai sinh")
    row, case = entered(province, people[0])
    _, elsewhere = entered(province, people[0], counters=[CounterKind.BRANCH], name="Hỗ trợ sở")
    bind(
        province, people,
        LineIn(other.version.code, CounterKind.COMMUNE), LineIn(other.version.code, CounterKind.PROVINCE),
    )  # fmt: skip
    office.agency.refresh_from_db()
    found = desk_intake.choices("ho tro", on=TODAY, agency=office.agency)
    assert [(one.version.pk, bool(one.answer)) for one in found] == [
        (case.version_id, True),
        (elsewhere.version_id, False),
    ]
    assert "không tiếp nhận tại Trung tâm cấp xã" in found[1].why_not
    at_province = listed(province, TODAY).answer(row.procedure_id, code=row.procedure.code)
    assert not at_province
    assert list(assess(an_intake(office, case).brought(case), at=AT).of_choice()) == []
    # It waits for no list of the province, and no list names it.
    shown = unlisted_page(on=TODAY, agency=province).rows
    assert case.version_id not in {one.pk for one in shown}
    draft = lists.draft(
        Head("13/QĐ-UBND", "a", "b", TODAY, TODAY), agency=province, by=people[0], at=AT
    )
    with pytest.raises(DomainError, match="list_unknown_codes"):
        line = LineIn(row.procedure.code, CounterKind.COMMUNE)
        lists.put_lines(draft, [line], seen=draft.revision)


def test_what_is_received_says_so_and_keeps_it_after_the_move(
    province: Agency, office: Office, people: tuple[Officer, Officer], clock: Clock
) -> None:
    """The name, the slip, the page of the dossier; moving changes nothing of what was received."""
    row, case = entered(province, people[0])
    dossier = receive(office, case)
    said = "Chưa công bố: Hỗ trợ xóa nhà tạm – theo 15/2026/NQ-HĐND ngày 20/09/2026"
    assert content_of(dossier).startswith(said)
    target = make_case(name="Hỗ trợ xóa nhà tạm, nhà dột nát")
    at = vn("24/11/2026 08:00")
    clock.now = at
    said_of = {"decision": "99/QĐ-UBND", "signed": date(2026, 11, 20), "by": people[0], "at": at}
    with pytest.raises(DomainError, match="unpublished_target"):
        unpublished.move(row, code="1.999999", **said_of)  # type: ignore[arg-type]
    code = target.version.code
    unpublished.move(row, code=code, **said_of)  # type: ignore[arg-type]
    with pytest.raises(DomainError, match="unpublished_moved"):
        unpublished.move(row, code=code, **said_of)  # type: ignore[arg-type]
    dossier.refresh_from_db()
    assert (dossier.version_id, dossier.case_id) == (case.version_id, case.pk)
    assert content_of(dossier).startswith(said)
    newest = ProcedureVersion.objects.newest().get(procedure=row.procedure_id)
    assert (newest.kind, newest.effective_from) == (Kind.ABOLISHED, at.date())
    # Who has it open at the counter is told what it is called now.
    old = Case.objects.select_related("version__procedure").get(pk=case.pk)
    problem = next(iter(assess(an_intake(office, old).brought(old), at=at).of_choice()))
    assert (problem.code, problem.data["published"]) == ("procedures.now_published", code)
    found = desk_intake.choices("ho tro xoa", on=at.date(), agency=office.agency)
    assert [bool(one.answer) for one in found] == [True, False]
    assert f"nay đã công bố với mã {code}" in found[1].why_not
    # A draft of it is told what the page it leads to tells.
    Draft.objects.create(
        officer=office.clerk, token=uuid4(), title="Nháp", updated_at=at,
        data={"thu-tuc": [row.procedure.code]},
    )  # fmt: skip
    [begun] = drafts(office.clerk, at, 30, [office.agency])
    assert begun.stopped == found[1].why_not
    public = Client().get(reverse("procedures:procedure", args=[row.procedure.code]))
    assert public.url == reverse("procedures:procedure", args=[code])  # type: ignore[attr-defined]
    told = Message.objects.filter(to_officer=people[1]).order_by("pk")
    assert [one.subject.split(" ")[0] for one in told] == ["Thủ", "Đã"]


def test_the_text_is_a_pdf_by_its_content(
    province: Agency, people: tuple[Officer, Officer]
) -> None:
    for name, content in (("anh.png", PNG), ("van-ban.pdf", PNG)):
        with pytest.raises(DomainError):
            text = SimpleUploadedFile(name, content)
            unpublished.enter(entry(), text=text, agency=province, by=people[0], at=AT)
    with pytest.raises(DomainError, match="effective_before_signed"):
        entered(province, people[0], effective_on=date(2026, 9, 1))
    assert not Unpublished.objects.exists()
    assert not ProcedureVersion.objects.exists()


def test_controllers_are_reminded_once_in_thirty_days_until_it_is_published(
    province: Agency, people: tuple[Officer, Officer]
) -> None:
    row, _ = entered(province, people[0])
    waits = Message.objects.filter(dedupe__contains="unpublished-waits")
    for day, number in (
        ("30/10/2026 07:50", 0), ("31/10/2026 07:50", 1), ("31/10/2026 09:00", 1),
        ("29/11/2026 07:50", 1), ("30/11/2026 07:50", 2),
    ):  # fmt: skip
        unpublished.remind(vn(day))
        assert waits.filter(to_officer=people[1]).count() == number, day
    assert "đã 30 ngày chưa được công bố" in waits.earliest("pk").subject
    code = make_case().version.code
    unpublished.move(row, code=code, decision="9/QĐ", signed=TODAY, by=people[0], at=AT)
    assert unpublished.remind(vn("30/12/2026 07:50")) == 0


def test_what_waits_stands_first_however_much_was_moved(
    province: Agency,
    people: tuple[Officer, Officer],
    signed_in: Callable[[Officer], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moved, _ = entered(province, people[0], name="Hỗ trợ đã chuyển")
    entered(province, people[0], name="Hỗ trợ còn chờ")
    code = make_case().version.code
    unpublished.move(moved, code=code, decision="9/QĐ", signed=TODAY, by=people[0], at=AT)
    monkeypatch.setattr("procedures.views.unpublished.MOST", 1)
    page = signed_in(people[0]).get(reverse("procedures:unpublished_all")).content.decode()
    assert "Hỗ trợ còn chờ" in page
    assert "Hỗ trợ đã chuyển" not in page


def test_it_is_found_by_its_code_however_it_is_typed(
    province: Agency, people: tuple[Officer, Officer]
) -> None:
    row, case = entered(province, people[0])
    for text in ("CCB0001", "ccb0001", row.procedure.code):
        assert [one.pk for one in search_procedures(text, on=TODAY)] == [case.version_id]


def test_from_the_form_to_the_published_procedure(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    signed_in: Callable[[Officer], Client],
) -> None:
    mine, field = signed_in(people[0]), Field.objects.create(name="Nhà ở")
    said = {
        "name": "Hỗ trợ xóa nhà tạm", "field": field.pk, "basis": "15/2026/NQ-HĐND", "title": "Chính sách",
        "issuer": "Hội đồng nhân dân tỉnh", "issued_on": "20/09/2026", "effective_on": "01/10/2026",
        "counters": ["2"], "channels": ["1", "3"], "term": "10 ngày làm việc", "fee": "0",
        "papers": "Đơn đề nghị\nGiấy chứng nhận hộ nghèo | 0 | 1",
    }  # fmt: skip
    new = reverse("procedures:new_unpublished")
    odd = said | {"papers": "Đơn | hai", "term": "lâu", "file": SimpleUploadedFile("a.pdf", PDF)}
    page = mine.post(new, odd)
    assert page.status_code == 422
    assert "Dòng 1 không đọc được" in page.content.decode()
    wrong = mine.post(new, said | {"file": SimpleUploadedFile("anh.png", PNG)})
    assert "không phải PDF" in wrong.content.decode()
    answer = mine.post(new, said | {"file": SimpleUploadedFile("nghi-quyet.pdf", PDF)})
    row = Unpublished.objects.select_related("procedure").get()
    address = reverse("procedures:unpublished", args=[row.pk])
    assert answer.url == address  # type: ignore[attr-defined]
    assert row.procedure.code == "9.CCB0001"
    papers = Case.objects.get().papers.values_list("name", "originals", "copies")
    assert list(papers) == [("Đơn đề nghị", 1, 0), ("Giấy chứng nhận hộ nghèo", 0, 1)]
    index = mine.get(reverse("procedures:unpublished_all")).content.decode()
    assert "Đang chờ công bố" in index
    assert "53 ngày" in index
    public = Client().get(reverse("procedures:procedure", args=[row.procedure.code]))
    assert "chưa được công bố trong danh mục" in public.content.decode()
    assert "20/09/2026, tại trung tâm cấp xã." in public.content.decode()
    text = Client().get(reverse("procedures:unpublished_text", args=[row.procedure.code]))
    assert (text.status_code, text["Content-Type"]) == (200, "application/pdf")
    assert b"".join(text.streaming_content) == PDF  # type: ignore[attr-defined]
    local = signed_in(make_officer("Kiểm Soát Xã", office.agency, (Role.CONTROLLER, None)))
    assert local.get(address).status_code == 200
    moving = {"code": make_case().version.code, "decision": "9/QĐ-UBND", "signed": "20/11/2026"}
    assert local.post(address, moving).status_code == 403
    assert mine.post(address, moving).url == address  # type: ignore[attr-defined]
    assert "Đã thôi nhận" in mine.get(reverse("procedures:unpublished_all")).content.decode()
