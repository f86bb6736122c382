"""A decision that publishes a list, from draft to its day, and what the counter then offers (R-133)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dossiers.desk import intake as desk_intake
from dossiers.intake.assessing import assess
from onestop.accounts.models import Agency, AgencyKind, Level, Officer, Role
from onestop.errors import DomainError
from onestop.outbox.models import Message
from procedures.channels import Channel
from procedures.domain import lists, saved
from procedures.domain.lists import Head, LineIn
from procedures.listed import counter_kind, listed
from procedures.models import CounterKind, Kind, ListDecision, ListLine
from tests.world import Office, an_intake, make_case, make_office, make_officer, vn

pytestmark = pytest.mark.django_db
AT = vn("23/11/2026 09:00")
TODAY = date(2026, 11, 23)


def head(number: str = "12/QĐ-UBND", effective: date = TODAY, **more: Any) -> Head:
    signed = more.pop("signed", min(effective, TODAY))
    said = {"no_file_reason": "bản giấy"} | more
    return Head(number, "Công bố danh mục", "Chủ tịch", signed, effective, **said)


def published(
    province: Agency, people: tuple[Officer, Officer], *lines: LineIn, **more: Any
) -> ListDecision:
    row = lists.draft(head(**more), agency=province, by=people[0], at=AT)
    row = lists.put_lines(row, lines, seen=row.revision)
    row = lists.check(row, by=people[1], at=AT, seen=row.revision)
    return lists.publish(row, by=people[0], at=AT, seen=row.revision)


def test_without_a_decision_the_whole_catalogue_is_received_and_nothing_is_asked(
    office: Office, queries: Callable[[], Any]
) -> None:
    case = make_case()
    with queries() as seen:
        answer = listed(office.agency, TODAY).answer(case.version.procedure_id, code="x")
    assert answer
    assert len(seen) == 0


def test_from_its_day_on_a_counter_receives_what_is_listed(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    mine, other = make_case(name="Đăng ký khai sinh"), make_case(name="Thủ tục hải quan")
    published(
        province, people,
        LineIn(mine.version.code, CounterKind.COMMUNE),
        LineIn(other.version.code, CounterKind.PROVINCE),
        effective=date(2026, 12, 1),
    )  # fmt: skip
    office.agency.refresh_from_db()
    for on, wanted in ((date(2026, 11, 30), True), (date(2026, 12, 1), False)):
        found = listed(office.agency, on)
        assert found.answer(mine.version.procedure_id, code="a")
        assert bool(found.answer(other.version.procedure_id, code="b")) is wanted
        assert (found.lines is None) is wanted


def test_the_counter_offers_what_is_listed_first_and_says_why_not_the_rest(
    province: Agency, office: Office, people: tuple[Officer, Officer], queries: Callable[[], Any]
) -> None:
    mine, other = make_case(name="Đăng ký khai sinh"), make_case(name="Đăng ký hải quan")
    published(province, people, LineIn(mine.version.code, CounterKind.COMMUNE))
    office.agency.refresh_from_db()
    with queries() as seen:
        found = desk_intake.choices("dang ky", on=TODAY, agency=office.agency)
    assert len(seen) == 7
    assert [one.version.pk for one in found] == [mine.version.pk, other.version.pk]
    assert [bool(one.answer) for one in found] == [True, False]
    assert "không có trong danh mục công bố tiếp nhận tại Trung tâm cấp xã" in found[1].why_not


def test_what_is_assessed_is_refused_where_it_is_not_listed(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    mine, other = make_case(name="Khai sinh"), make_case(name="Hải quan")
    published(
        province, people,
        LineIn(mine.version.code, CounterKind.COMMUNE, at_counter=False, why_not="nhận lưu động"),
    )  # fmt: skip
    office.agency.refresh_from_db()
    at_counter = assess(an_intake(office, mine).brought(mine), at=AT)
    assert [one.code for one in at_counter.of_choice()] == ["procedures.not_at_counter"]
    assert "nhận lưu động" in next(at_counter.of_choice()).sentence
    away = assess(an_intake(office, other).brought(other), at=AT)
    assert [one.code for one in away.of_choice()] == ["procedures.not_listed"]


def test_a_draft_is_checked_by_somebody_else_and_again_after_each_change(
    province: Agency, people: tuple[Officer, Officer]
) -> None:
    case = make_case()
    row = lists.draft(head(), agency=province, by=people[0], at=AT)
    with pytest.raises(DomainError, match="list_empty"):
        lists.check(row, by=people[1], at=AT, seen=row.revision)
    row = lists.put_lines(row, [LineIn(case.version.code, CounterKind.COMMUNE)], seen=row.revision)
    with pytest.raises(DomainError, match="list_own_draft"):
        lists.check(row, by=people[0], at=AT, seen=row.revision)
    row = lists.check(row, by=people[1], at=AT, seen=row.revision)
    row = lists.put_lines(
        row, [LineIn(case.version.code, CounterKind.COMMUNE, note="sửa")], seen=row.revision
    )
    assert row.lines.count() == 1
    with pytest.raises(DomainError, match="list_not_checked"):
        lists.publish(row, by=people[0], at=AT, seen=row.revision)
    assert not ListLine.objects.in_force(TODAY).exists()


def test_two_people_on_one_draft_get_a_conflict(
    province: Agency, people: tuple[Officer, Officer]
) -> None:
    case = make_case()
    row = lists.draft(head(), agency=province, by=people[0], at=AT)
    first = row.revision
    lists.put_lines(row, [LineIn(case.version.code, CounterKind.COMMUNE)], seen=first)
    with pytest.raises(DomainError, match="list_changed"):
        lists.put_lines(row, [LineIn(case.version.code, CounterKind.PROVINCE)], seen=first)


def test_what_is_published_is_changed_only_by_another_decision(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    case = make_case()
    line = LineIn(case.version.code, CounterKind.COMMUNE)
    first = published(province, people, line)
    with pytest.raises(DomainError, match="list_published"):
        lists.put_lines(first, [line], seen=first.revision)
    with pytest.raises(DomainError, match="list_published"):
        lists.drop(first, seen=first.revision)
    with pytest.raises(DomainError, match="list_published"):
        ListLine.objects.filter(decision=first).update(at_counter=False)
    with pytest.raises(DomainError, match="decision_twice"):
        lists.draft(head(number="12/qđ-ubnd"), agency=province, by=people[0], at=AT)
    published(
        province, people,
        LineIn(case.version.code, CounterKind.COMMUNE, kind=Kind.ABOLISHED),
        number="15/QĐ-UBND", effective=date(2026, 12, 1),
    )  # fmt: skip
    office.agency.refresh_from_db()
    pk, code = case.version.procedure_id, case.version.code
    assert listed(office.agency, date(2026, 11, 30)).answer(pk, code=code)
    refused = listed(office.agency, date(2026, 12, 1)).answer(pk, code=code)
    assert not refused
    assert refused.code == "procedures.list_abolished"


def test_of_two_decisions_on_one_day_the_later_number_holds_and_it_is_told_before(
    province: Agency, office: Office, people: tuple[Officer, Officer], signed_in: Any
) -> None:
    case = make_case()
    code, pk = case.version.code, case.version.procedure_id
    published(province, people, LineIn(code, CounterKind.COMMUNE), number="100/QĐ-UBND")
    row = lists.draft(head(number="99/QĐ-UBND"), agency=province, by=people[0], at=AT)
    row = lists.put_lines(
        row, [LineIn(code, CounterKind.COMMUNE, kind=Kind.ABOLISHED)], seen=row.revision
    )
    elsewhere, day = LineIn(code, CounterKind.PROVINCE), date(2026, 12, 15)
    published(province, people, elsewhere, number="101/QĐ-UBND")
    later = LineIn(code, CounterKind.COMMUNE)
    published(province, people, later, number="102/QĐ-UBND", effective=day)
    # Of the same counter, and what holds from a later day on.
    assert [one.number for one in lists.overlaps(row)] == ["100/QĐ-UBND", "102/QĐ-UBND"]
    page = signed_in(people[0]).get(f"/thu-tuc/quan-ly/danh-muc/{row.pk}/").content.decode()
    assert "có hiệu lực từ 15/12/2026 và nói về cùng thủ tục" in page
    row = lists.check(row, by=people[1], at=AT, seen=row.revision)
    lists.publish(row, by=people[0], at=AT, seen=row.revision)
    office.agency.refresh_from_db()
    assert listed(office.agency, TODAY).answer(pk, code=code)


def test_a_misprint_is_put_right_by_a_correcting_decision_and_both_say_so(
    province: Agency, office: Office, people: tuple[Officer, Officer], signed_in: Any
) -> None:
    """What was received meanwhile stays; the misprinted decision is read as it was signed."""
    case = make_case()
    code, pk = case.version.code, case.version.procedure_id
    wrong = published(
        province,
        people,
        LineIn(code, CounterKind.PROVINCE),
        LineIn(code, CounterKind.COMMUNE, kind=Kind.ABOLISHED),
    )
    office.agency.refresh_from_db()
    assert not listed(office.agency, TODAY).answer(pk, code=code)
    other = make_office("Ủy ban nhân dân xã Khác").agency
    with pytest.raises(DomainError, match="list_corrects"):
        lists.draft(head(number="13/QĐ-UBND", corrects=wrong), agency=other, by=people[0], at=AT)
    right = published(
        province, people, LineIn(code, CounterKind.COMMUNE),
        number="13/QĐ-UBND", effective=date(2026, 11, 24), corrects=wrong,
    )  # fmt: skip
    assert not listed(office.agency, TODAY).answer(pk, code=code)
    assert listed(office.agency, date(2026, 11, 24)).answer(pk, code=code)
    client = signed_in(people[0])
    assert (
        "Được đính chính bởi"
        in client.get(f"/thu-tuc/quan-ly/danh-muc/{wrong.pk}/").content.decode()
    )
    page = client.get(f"/thu-tuc/quan-ly/danh-muc/{right.pk}/").content.decode()
    assert "<dt>Đính chính</dt>" in page
    assert f"/thu-tuc/quan-ly/danh-muc/{wrong.pk}/" in page


def test_an_office_that_opens_later_is_bound_too(
    province: Agency, people: tuple[Officer, Officer]
) -> None:
    case = make_case()
    published(province, people, LineIn(case.version.code, CounterKind.PROVINCE))
    province.refresh_from_db()
    late = make_office("Ủy ban nhân dân xã Mới", parent=province)
    assert late.agency.has_lists
    # No decision names communes' counters yet.
    assert listed(late.agency, TODAY).lines is None


def test_which_counter_an_agency_has(province: Agency, office: Office) -> None:
    branch = Agency(level=Level.PROVINCE, kind=AgencyKind.DEPARTMENT)
    centre = Agency(level=Level.PROVINCE, kind=AgencyKind.SERVICE_CENTRE)
    assert counter_kind(branch) == CounterKind.BRANCH
    assert counter_kind(centre) == counter_kind(province) == CounterKind.PROVINCE
    assert counter_kind(office.agency) == CounterKind.COMMUNE


def test_who_files_by_post_is_refused_where_the_list_does_not_take_it(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    case = make_case()
    published(province, people, LineIn(case.version.code, CounterKind.COMMUNE, by_post=False))
    office.agency.refresh_from_db()
    found, pk = listed(office.agency, TODAY), case.version.procedure_id
    assert found.answer(pk, code="a", channel=Channel.DIRECT)
    assert not found.answer(pk, code="a", channel=Channel.POST)


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def drafting(
    people: tuple[Officer, Officer], signed_in: Callable[[Officer], Client]
) -> Callable[[int], Client]:
    return lambda number: signed_in(people[number])


def test_a_list_from_its_draft_to_publication_by_two_people(
    province: Agency, office: Office, drafting: Callable[[int], Client]
) -> None:
    case = make_case()
    mine = drafting(0)
    answer = mine.post(
        reverse("procedures:new_list"),
        {
            "number": "20/QĐ-UBND", "signer": "Nguyễn Văn Chủ", "about": "Công bố danh mục",
            "signed_on": "20/11/2026", "effective_from": "23/11/2026", "maker": "2",
            "no_file_reason": "Bản giấy đang ký",
        },
    )  # fmt: skip
    decision = ListDecision.objects.get()
    address = reverse("procedures:list", args=[decision.pk])
    assert answer.url == address
    said = {
        "codes": f"{case.version.code}\n", "counters": ["2"], "kind": "1", "at_counter": "1",
        "by_post": "1", "linkage": "0", "online": "2", "revision": "1",
    }  # fmt: skip
    assert mine.post(reverse("procedures:add_to_list", args=[decision.pk]), said).url == address
    assert case.version.name in mine.get(address).content.decode()
    stale = mine.post(reverse("procedures:add_to_list", args=[decision.pk]), said)
    assert "vừa có người khác sửa" in stale.content.decode()
    revision = {"revision": "2"}
    refused = mine.post(reverse("procedures:check_list", args=[decision.pk]), revision, follow=True)
    assert "Người soạn không tự kiểm tra" in refused.content.decode()
    drafting(1).post(reverse("procedures:check_list", args=[decision.pk]), revision)
    mine.post(reverse("procedures:publish_list", args=[decision.pk]), {"revision": "3"})
    decision.refresh_from_db()
    assert decision.stage == ListDecision.Stage.PUBLISHED
    assert ListLine.objects.in_force(TODAY).count() == 1


def test_pressing_again_overwrites_nobody(
    province: Agency, people: tuple[Officer, Officer], drafting: Callable[[int], Client]
) -> None:
    """The page that says somebody else wrote carries what was seen, not what stands."""
    case = make_case()
    row = lists.draft(head(), agency=province, by=people[0], at=AT)
    lists.write_head(row, head(number="13/QĐ-UBND"), seen=row.revision)
    mine = drafting(0)
    of_head = {
        "number": "14/QĐ-UBND", "signer": "A", "about": "B", "signed_on": "20/11/2026",
        "effective_from": "23/11/2026", "maker": "2", "no_file_reason": "giấy",
    }  # fmt: skip
    of_lines = {
        "codes": case.version.code, "counters": ["2"], "kind": "1", "at_counter": "1",
        "by_post": "1", "linkage": "0", "online": "2",
    }  # fmt: skip
    for name, said in (("edit_list", of_head), ("add_to_list", of_lines)):
        revision = row.revision
        for _ in range(2):
            address = reverse(f"procedures:{name}", args=[row.pk])
            page = mine.post(address, said | {"revision": revision})
            assert page.status_code == 422
            shown = re.findall(r'name="revision" value="(\d+)"', page.content.decode())
            assert set(shown) == {str(row.revision)}
            revision = int(shown[0])
    stands = ListDecision.objects.get()
    assert (stands.number, stands.lines.count()) == ("13/QĐ-UBND", 0)


def test_a_list_from_a_spreadsheet_names_the_rows_that_it_cannot_take(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    drafting: Callable[[int], Client],
) -> None:
    case = make_case()
    row = lists.draft(head(), agency=province, by=people[0], at=AT)
    text = (
        "Mã thủ tục,Nơi tiếp nhận,Tiếp nhận tại Một cửa,Lý do,Trực tuyến\n"
        f'{case.version.code},"tỉnh; xã",có,,toàn trình\n'
        "9.999999,xã,có,,\n"
        f"{case.version.code},chi nhánh,không,,\n"
    )
    answer = drafting(0).post(
        reverse("procedures:add_list_file", args=[row.pk]),
        {"revision": row.revision, "file": SimpleUploadedFile("danh-muc.csv", text.encode())},
    )
    page = answer.content.decode()
    assert "Dòng 3" in page
    assert "chưa có trong cơ sở dữ liệu thủ tục" in page
    assert "Dòng 4" in page
    assert set(row.lines.values_list("counter", "online")) == {(1, 2), (2, 2)}


def test_whoever_is_not_on_top_reads_and_cannot_write(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    signed_in: Callable[[Officer], Client],
) -> None:
    case = make_case()
    published(province, people, LineIn(case.version.code, CounterKind.COMMUNE))
    decision = ListDecision.objects.get()
    local = make_officer("Kiểm Soát Xã", office.agency, (Role.CONTROLLER, None))
    client = signed_in(local)
    assert client.get(reverse("procedures:list", args=[decision.pk])).status_code == 200
    assert client.get(reverse("procedures:new_list")).status_code == 403
    elsewhere = make_office("Xã tỉnh khác")
    stranger = make_officer("Người Ngoài", elsewhere.agency, (Role.CONTROLLER, None))
    assert (
        signed_in(stranger).get(reverse("procedures:list", args=[decision.pk])).status_code == 404
    )


def test_days_saved_are_paged_by_line_and_summed_over_all(
    province: Agency,
    people: tuple[Officer, Officer],
    drafting: Callable[[int], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [make_case("5 ngày làm việc", name=f"Thủ tục số {number}") for number in range(3)]
    lines = [
        LineIn(case.version.code, CounterKind.COMMUNE, shortened="3 ngày làm việc")
        for case in cases
    ]
    published(province, people, *lines)
    assert saved.totals_at(province, TODAY) == saved.totals(saved.saved(province, TODAY))
    monkeypatch.setattr("procedures.views.list_papers.PAGE", 2)
    address = reverse("procedures:days_saved")
    page = drafting(0).get(address).content.decode()
    last = ListLine.objects.order_by("procedure__code")[1]
    assert f'href="?sau={last.pk}"' in page
    then = drafting(0).get(address, {"sau": last.pk}).content.decode()
    shown = [[case.version.name in one for case in cases] for one in (page, then)]
    assert shown == [[True, True, False], [False, False, True]]
    assert page.count(">6</td>") == then.count(">6</td>") == 1
    assert "Trang sau" not in then


def test_controllers_are_told_of_what_was_published(
    province: Agency, office: Office, people: tuple[Officer, Officer]
) -> None:
    local = make_officer("Kiểm Soát Xã", office.agency, (Role.CONTROLLER, None))
    published(province, people, LineIn(make_case().version.code, CounterKind.COMMUNE))
    told = Message.objects.get(to_officer=local)
    assert "12/QĐ-UBND" in told.subject


def test_what_no_list_says_anything_of_is_listed_for_the_controller(
    province: Agency,
    office: Office,
    people: tuple[Officer, Officer],
    drafting: Callable[[int], Client],
) -> None:
    mine, other = make_case(name="Khai sinh"), make_case(name="Thủ tục mới")
    published(province, people, LineIn(mine.version.code, CounterKind.COMMUNE))
    page = drafting(0).get(reverse("procedures:unlisted")).content.decode()
    assert other.version.name in page
    assert mine.version.name not in page


def test_a_published_line_is_neither_saved_nor_deleted(
    province: Agency, people: tuple[Officer, Officer]
) -> None:
    line = published(
        province, people, LineIn(make_case().version.code, CounterKind.COMMUNE)
    ).lines.get()
    for change in (line.save, line.delete):
        with pytest.raises(DomainError, match="list_published"):
            change()


def test_one_query_says_of_what_is_asked_and_whether_a_list_binds(
    province: Agency, office: Office, people: tuple[Officer, Officer], queries: Callable[[], Any]
) -> None:
    cases = [make_case() for _ in range(3)]
    other = make_case()
    lines = [LineIn(case.version.code, CounterKind.COMMUNE) for case in cases]
    published(province, people, *lines)
    office.agency.refresh_from_db()
    with queries() as seen:
        mine = listed(office.agency, TODAY, [cases[0].version.procedure_id])
        away = listed(office.agency, TODAY, [other.version.procedure_id])
    assert len(seen) == 2
    assert mine.answer(cases[0].version.procedure_id, code="a")
    assert not away.answer(other.version.procedure_id, code="b")
