"""The province's shortened terms (R-133), the decision's own file, and the days by which a decision is
signed, public and entered (R-134).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dossiers.desk.open_drafts import drafts
from dossiers.intake.assessing import assess
from dossiers.models import Draft, Slip
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import (
    AccessEvent,
    AccessKind,
    Agency,
    Officer,
    Role,
    RoleGrant,
)
from onestop.errors import DomainError
from procedures.domain import list_deadlines, lists, saved
from procedures.domain.list_files import read
from procedures.domain.lists import Head, LineIn
from procedures.models import (
    Case,
    CounterKind,
    Kind,
    ListDecision,
    Maker,
    Method,
    OnlineLevel,
    ProcedureVersion,
)
from tests.samples import PDF
from tests.world import Office, an_intake, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
AT = vn("23/11/2026 09:00")
TODAY = date(2026, 11, 23)
LATER = date(2026, 12, 1)


@pytest.fixture
def drafting(
    people: tuple[Officer, Officer], signed_in: Callable[[Officer], Client]
) -> Callable[[], Client]:
    return lambda: signed_in(people[0])


def draft(province: Agency, people: tuple[Officer, Officer], *lines: LineIn, **more: Any) -> Any:
    said: dict[str, Any] = {
        "number": "12/QĐ-UBND",
        "effective_from": TODAY,
        "no_file_reason": "bản giấy",
    } | more
    head = Head(about="Công bố danh mục", signer="Chủ tịch", signed_on=TODAY, **said)
    row = lists.draft(head, agency=province, by=people[0], at=AT)
    return lists.put_lines(row, lines, seen=row.revision) if lines else row


def publish(row: ListDecision, people: tuple[Officer, Officer]) -> ListDecision:
    row = lists.check(row, by=people[1], at=AT, seen=row.revision)
    return lists.publish(row, by=people[0], at=AT, seen=row.revision)


def test_from_its_day_on_the_promise_is_by_the_shortened_term_and_says_so(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    case = make_case("5 ngày làm việc")
    line = LineIn(case.version.code, CounterKind.COMMUNE, shortened="3 ngày làm việc")
    publish(draft(province, people, line, effective_from=LATER), people)
    office.agency.refresh_from_db()
    before = receive(office, case, at=AT)
    assert before.term == "5 ngày làm việc"
    at = vn("02/12/2026 09:00")
    found = assess(an_intake(office, case).brought(case), at=at).promise
    assert found is not None
    assert "3 ngày làm việc" in found.lines[0]
    told = "rút ngắn từ 5 ngày làm việc theo Quyết định số 12/QĐ-UBND"
    assert told in found.lines[1]
    after = receive(office, case, at=at)
    assert (after.term, after.due_at) == ("3 ngày làm việc", found.at)
    slips = {slip.dossier_id: slip.snapshot for slip in Slip.objects.all()}
    assert (slips[before.pk]["shortened"], slips[after.pk]["shortened"]) == ("", told)
    before.refresh_from_db()
    assert before.term == "5 ngày làm việc"


def test_why_this_date_names_the_decision(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    signed_in: Callable[[Officer], Client],
) -> None:
    case = make_case("5 ngày làm việc")
    line = LineIn(case.version.code, CounterKind.COMMUNE, shortened="3 ngày làm việc")
    publish(draft(province, people, line), people)
    office.agency.refresh_from_db()
    dossier = receive(office, case, at=AT)
    client = signed_in(office.clerk)
    for page in (
        reverse("intake_form", args=[case.version.code]),
        reverse("dossier_why", args=[dossier.code]),
        reverse("dossier", args=[dossier.code]),
    ):
        assert "theo Quyết định số 12/QĐ-UBND" in client.get(page).content.decode()


def test_a_draft_whose_procedure_is_abolished_is_kept_and_says_so_at_once(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    signed_in: Callable[[Officer], Client],
    queries: Callable[[], Any],
) -> None:
    case, other = make_case(name="Khai sinh"), make_case(name="Kết hôn")
    for one in (case, other):
        Draft.objects.create(
            officer=office.clerk, token=uuid4(), title=f"Nháp {one.version.name}",
            data={"thu-tuc": [one.version.code]}, updated_at=AT,
        )  # fmt: skip
    client = signed_in(office.clerk)
    assert "không nhận hồ sơ mới" not in client.get(reverse("intake")).content.decode()
    code = case.version.code
    abolished = LineIn(code, CounterKind.COMMUNE, kind=Kind.ABOLISHED)
    publish(
        draft(province, people, abolished, LineIn(other.version.code, CounterKind.COMMUNE)), people
    )
    office.agency.refresh_from_db()
    with queries() as seen:
        found = drafts(office.clerk, AT, 30, [office.agency])
    assert len(seen) == 3
    assert {one.code: bool(one.stopped) for one in found} == {code: True, other.version.code: False}
    mine = next(one for one in found if one.code == code)
    page = client.get(reverse("intake")).content.decode()
    assert page.count("đã được bãi bỏ khỏi danh mục công bố") == 1
    opened = client.get(reverse("intake_form", args=[code]), {"nhap": str(mine.token)}, follow=True)
    assert "đã được bãi bỏ khỏi danh mục công bố" in opened.content.decode()
    # The page that is open meanwhile leaves as a whole; what was typed stays.
    typed = {"token": str(mine.token), "owner_name": "Nguyễn Văn Ân", "viec": "xem"}
    address = reverse("intake_form", args=[code])
    part = client.post(address, typed, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"][:11]) == (204, "/tiep-nhan/")
    kept = Draft.objects.get(token=mine.token)
    assert kept.data["owner_name"] == ["Nguyễn Văn Ân"]


def test_a_draft_is_judged_at_the_counter_where_it_was_begun(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    signed_in: Callable[[Officer], Client],
) -> None:
    case = make_case(name="Khai sinh")
    publish(
        draft(
            province, people, LineIn(case.version.code, CounterKind.COMMUNE, kind=Kind.ABOLISHED)
        ),
        people,
    )
    beside = make_office("Ủy ban nhân dân xã không theo danh mục").agency
    office.agency.refresh_from_db()
    RoleGrant.objects.create(
        officer=office.clerk, role=Role.CLERK, agency=beside, valid_from=date(2018, 1, 1)
    )
    for number, named in enumerate((beside.pk, office.agency.pk, 0)):
        Draft.objects.create(
            officer=office.clerk, token=uuid4(), title=str(number), updated_at=AT,
            data={"thu-tuc": [case.version.code], "co-quan": [str(named)]},
        )  # fmt: skip
    found = drafts(office.clerk, AT, 30, [office.agency, beside])
    home = office.agency.pk
    assert {one.title: (one.counter, bool(one.stopped)) for one in found} == {
        "0": (beside.pk, False),
        "1": (home, True),
        "2": (home, True),  # where he stands no longer
    }
    page = signed_in(office.clerk).get(reverse("intake")).content.decode()
    assert f"co-quan={beside.pk}" in page
    assert page.count("đã được bãi bỏ khỏi danh mục công bố") == 2


def test_a_term_that_is_not_shorter_is_refused_by_hand_and_in_a_file(
    province: Agency, people: tuple[Officer, Officer], tmp_path: Any
) -> None:
    case, other = make_case("5 ngày làm việc"), make_case("7 ngày làm việc")
    codes = case.version.code, other.version.code
    row = draft(province, people)
    with pytest.raises(DomainError, match="list_shortened"):
        line = LineIn(codes[0], CounterKind.COMMUNE, shortened="5 ngày làm việc")
        lists.put_lines(row, [line], seen=row.revision)
    path = tmp_path / "danh-muc.csv"
    path.write_text(
        "Mã thủ tục,Nơi tiếp nhận,Thời hạn rút ngắn\n"
        f"{codes[0]},xã,5 ngày làm việc\n{codes[1]},xã,5 ngày làm việc\n"
    )
    found = read(path, path.name)
    assert [(one.code, one.shortened) for one in found.lines] == [(codes[1], "5 ngày làm việc")]
    assert [one.number for one in found.refused] == [2]
    assert "không ngắn hơn" in found.refused[0].why


def test_a_law_that_became_shorter_itself_is_promised_by(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    case = make_case("5 ngày làm việc")
    line = LineIn(case.version.code, CounterKind.COMMUNE, shortened="3 ngày làm việc")
    publish(draft(province, people, line), people)
    office.agency.refresh_from_db()
    shorter = make_case("2 ngày làm việc")
    # The same procedure under a later version.
    ProcedureVersion.objects.filter(pk=case.version.pk).update(effective_to=TODAY)
    Case.objects.filter(pk=shorter.pk).update(version=shorter.version)
    shorter.version.procedure = case.version.procedure
    shorter.version.procedure_id = case.version.procedure_id
    found = assess(an_intake(office, shorter).brought(shorter), at=AT)
    assert (found.shortened, str(found.term)) == (None, "2 ngày làm việc")


def test_a_shorter_term_that_would_end_later_is_not_promised_by(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    """Seven working days over two weekends are longer than ten days over one (R-133)."""
    case = make_case("10 ngày")
    line = LineIn(case.version.code, CounterKind.COMMUNE, shortened="7 ngày làm việc")
    publish(draft(province, people, line), people)
    office.agency.refresh_from_db()
    brought = an_intake(office, case).brought(case)
    friday = assess(brought, at=vn("27/11/2026 09:00"))
    assert friday.promise is not None
    assert friday.promise.at is not None
    assert (friday.shortened, f"{friday.promise.at:%d/%m/%Y}") == (None, "07/12/2026")
    monday = assess(brought, at=vn("30/11/2026 09:00"))
    assert monday.promise is not None
    assert monday.promise.at is not None
    assert monday.shortened is not None
    assert f"{monday.promise.at:%d/%m/%Y}" == "09/12/2026"


def test_what_is_saved_is_told_a_case_and_in_all(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    drafting: Callable[[], Client],
    queries: Callable[[], Any],
) -> None:
    case, other = make_case("5 ngày làm việc", name="Cấp giấy"), make_case("14 ngày")
    said = [
        LineIn(case.version.code, CounterKind.COMMUNE, shortened="3 ngày làm việc"),
        LineIn(other.version.code, CounterKind.COMMUNE, shortened="7 ngày"),
        LineIn(make_case().version.code, CounterKind.COMMUNE),
    ]
    publish(draft(province, people, *said), people)
    with queries() as seen:
        rows = saved.saved(province, TODAY)
    assert len(seen) == 2
    assert [(one.days_words, one.share) for one in rows] == [("2", 40.0), ("5", 50.0)]
    [total] = saved.totals(rows)
    assert (total.procedures, total.days_words, round(total.share, 1)) == (2, "7", 46.7)
    client, address = drafting(), reverse("procedures:days_saved")
    page = client.get(address).content.decode()
    assert "Cấp giấy" in page
    assert "46,7%" in page
    index = client.get(reverse("procedures:lists")).content.decode()
    assert "giảm 7 ngày làm việc (46,7%" in index
    longer = LineIn(case.version.code, CounterKind.COMMUNE, shortened="4 ngày làm việc")
    publish(draft(province, people, longer, number="13/QĐ-UBND", effective_from=LATER), people)
    assert "từ 01/12/2026" in client.get(address).content.decode()
    then = client.get(address, {"ngay": "01/12/2026"}).content.decode()
    assert "4 ngày làm việc" in then
    assert "4 ngày làm việc" not in client.get(address, {"ngay": "02/12/2026"}).content.decode()


@pytest.mark.usefixtures("each_store")
def test_a_decision_is_published_with_its_file_or_the_reason_why_not(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    drafting: Callable[[], Client],
    signed_in: Callable[[Officer], Client],
) -> None:
    line = LineIn(make_case().version.code, CounterKind.COMMUNE)
    row = draft(province, people, line, no_file_reason="")
    with pytest.raises(DomainError, match="list_no_file"):
        publish(row, people)
    row.refresh_from_db()
    client, address = drafting(), reverse("procedures:attach_decision", args=[row.pk])

    def send(name: str, content: bytes) -> str:
        row.refresh_from_db()
        file = SimpleUploadedFile(name, content)
        return client.post(
            address, {"revision": row.revision, "file": file}, follow=True
        ).content.decode()

    assert "không phải" in send("qd.pdf", b"chu thuong")
    assert "đính kèm tệp quyết định" in send("qd.pdf", PDF)
    row.refresh_from_db()
    assert row.stage != ListDecision.Stage.CHECKED  # looked through again with its file
    publish(row, people)
    file = reverse("procedures:decision_file", args=[row.pk])
    assert b"".join(client.get(file).streaming_content) == PDF  # type: ignore[attr-defined]
    row.refresh_from_db()
    assert row.file is not None
    default_storage.delete(row.file.path)
    lost = client.get(file, follow=True)
    assert lost.redirect_chain[0][0] == reverse("procedures:list", args=[row.pk])
    assert "qd.pdf" in lost.content.decode()
    stranger = make_officer("Người Ngoài", make_office("Xã tỉnh khác").agency, (Role.LEADER, None))
    assert signed_in(stranger).get(file).status_code == 404


@pytest.mark.parametrize(
    ("maker", "signed", "effective", "entered", "late"),
    [
        # Monday 9/11 to Monday 23/11/2026 are ten working days.
        (Maker.PROVINCE, date(2026, 11, 16), date(2026, 11, 23), date(2026, 11, 23), []),
        (Maker.PROVINCE, date(2026, 11, 9), date(2026, 11, 13), date(2026, 11, 17),
         ["công khai chậm 5", "nhập CSDL quốc gia chậm 1", "ký sát ngày hiệu lực, thiếu 1"]),
        (Maker.MINISTRY, date(2026, 11, 9), date(2026, 11, 30), None, ["công khai chậm 5"]),
        (Maker.SHORTENED, date(2026, 11, 18), date(2026, 11, 18), None,
         ["nhập CSDL quốc gia chậm 1"]),
        # No calendar of that year hides only what needs it.
        (Maker.PROVINCE, date(2026, 11, 9), date(2062, 1, 2), None,
         ["công khai chậm 5", "nhập CSDL quốc gia chậm 5"]),
    ],
)  # fmt: skip
def test_what_of_a_decision_is_late(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    maker: Maker,
    signed: date,
    effective: date,
    entered: date | None,
    late: list[str],
) -> None:
    """R-134: 10, 5 or 2 working days; 1.1 and 1.2 of the national index: 5 before, 5 after."""
    row = ListDecision(
        agency=province, maker=maker, signed_on=signed, effective_from=effective,
        entered_on=entered, stage=ListDecision.Stage.PUBLISHED, published_at=AT,
    )  # fmt: skip
    found = list_deadlines.late_of(row, calendar_of(province.pk), TODAY)
    assert [f"{one.what} {one.days}" for one in found] == late


def test_the_day_of_entry_is_noted_by_the_controller(
    province: Agency, people: tuple[Officer, Officer], drafting: Callable[[], Client]
) -> None:
    line = LineIn(make_case().version.code, CounterKind.COMMUNE)
    row = draft(province, people, line)
    client, address = drafting(), reverse("procedures:list_entered", args=[row.pk])
    refused = client.post(address, {"entered_on": "23/11/2026"}, follow=True).content.decode()
    assert "chưa công bố" in refused
    publish(row, people)
    late = client.post(address, {"entered_on": "24/11/2026"}, follow=True).content.decode()
    assert "từ ngày ký đến hôm nay" in late
    client.post(address, {"entered_on": "23/11/2026"})
    row.refresh_from_db()
    assert row.entered_on == TODAY
    trace = AccessEvent.objects.get(kind=AccessKind.CATALOGUE_CHANGED, object_id=row.pk)
    assert (trace.officer_id, trace.detail[-21:]) == (people[0].pk, "chưa ghi → 23/11/2026")


def test_unlisted_procedures_become_lines_of_a_draft_as_their_records_say(
    province: Agency, people: tuple[Officer, Officer], drafting: Callable[[], Client]
) -> None:
    mine, other = make_case(executing="Ủy ban nhân dân cấp xã"), make_case()
    row = draft(province, people)
    client = drafting()
    assert row.number in client.get(reverse("procedures:unlisted")).content.decode()
    answer = client.post(
        reverse("procedures:propose"), {"decision": row.pk, "version": [mine.version.pk]}
    )
    assert answer.headers["Location"] == reverse("procedures:list", args=[row.pk])
    line = row.lines.get()
    assert (line.procedure_id, line.counter, line.online, line.handled_by) == (
        mine.version.procedure_id, CounterKind.COMMUNE, OnlineLevel.WHOLE, "Ủy ban nhân dân cấp xã",
    )  # fmt: skip
    assert Method.objects.filter(case=other).exists()
    empty = client.post(reverse("procedures:propose"), {"decision": row.pk}, follow=True)
    assert "Hãy chọn ít nhất một thủ tục" in empty.content.decode()


def test_a_proposal_leaves_lines_of_the_draft_as_a_person_wrote_them(
    province: Agency, people: tuple[Officer, Officer], drafting: Callable[[], Client]
) -> None:
    mine, other = (make_case(executing="Ủy ban nhân dân cấp xã") for _ in range(2))
    line = LineIn(mine.version.code, CounterKind.COMMUNE, handled_by="Phòng Tư pháp")
    row = draft(province, people, line)
    client, address = drafting(), reverse("procedures:propose")
    said = {"decision": row.pk, "version": [mine.version.pk]}
    nothing = client.post(address, said, follow=True).content.decode()
    assert "đã có các thủ tục này" in nothing
    both = said | {"version": [mine.version.pk, other.version.pk]}
    page = client.post(address, both, follow=True).content.decode()
    assert "Đã đưa 1 dòng" in page
    assert "1 dòng đã có trong bản soạn được giữ nguyên" in page
    handled = {one.procedure_id: one.handled_by for one in row.lines.all()}
    assert handled == {
        mine.version.procedure_id: "Phòng Tư pháp",
        other.version.procedure_id: "Ủy ban nhân dân cấp xã",
    }
