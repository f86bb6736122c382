"""The pages of what was handed in on portals, as a browser without script sends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dossiers.desk import online as online_queries
from dossiers.models import CounterVisit, Dossier, OnlineFiling, OnlineList, OnlineSource, Slip
from onestop.accounts.models import AccessEvent
from procedures.models import Procedure
from tests.dossiers.intake.pages import address, errors, typed
from tests.dossiers.online.filed import CODE, a_filing
from tests.dossiers.online.test_lists import FIRST, HEAD, SECOND, sheet
from tests.world import MONDAY, Office, make_case, make_office, vn

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], "Client"]
ONLINE = {"channel": "2", "source_code": CODE, "filed_at": "20/11/2026 16:00"}


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def clerk(office: Office, signed_in: SignIn) -> Client:
    return signed_in(office.clerk)


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


def sent(case: Any, **changes: str) -> dict[str, str]:
    """A page of an online dossier: it needs no scan."""
    return typed(case, **(ONLINE | {"no_scan_reason": ""} | changes))


# --- the intake form ------------------------------------------------------------------------------


def test_an_online_dossier_is_received_under_the_portals_code(clerk: Client) -> None:
    case = make_case()
    answer = clerk.post(address(case), sent(case))
    assert answer.headers["Location"] == f"/tiep-nhan/xong/{CODE}/"
    done = clerk.get(f"/tiep-nhan/xong/{CODE}/").content.decode()
    first = done[done.index("data-enter") :]
    assert first.index('href="/tiep-nhan/truc-tuyen/"') < first.index("<kbd>Enter</kbd>")
    assert done.count("data-enter") == done.count("data-focus") == 1
    assert "16:00 20/11/2026" in words(clerk.get(answer.headers["Location"])) or (
        "20/11/2026 16:00" in words(clerk.get(answer.headers["Location"]))
    )
    page = words(clerk.get(f"/ho-so/{CODE}/"))
    assert "Nộp trên Cổng" in page
    assert "tiếp nhận sau 3 giờ làm việc" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"source_code": ""}, "Hãy quét, dán hoặc nhập mã hồ sơ của Cổng"),
        ({"source_code": "HS 12"}, "không đúng mẫu mã của Cổng"),
        ({"filed_at": ""}, "Hãy nhập giờ nộp trên Cổng"),
        ({"filed_at": "chiều qua"}, "Không đọc được giờ nộp"),
        ({"filed_at": "20/11/2026"}, "Không đọc được giờ nộp"),
        ({"filed_at": "24/11/2026 08:00"}, "không thể sau lúc này"),
        ({"filed_at": "01/09/2026 08:00"}, "hãy ghi lý do nay mới tiếp nhận"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    clerk: Client, changes: dict[str, str], sentence: str
) -> None:
    case = make_case()
    page = clerk.post(address(case), sent(case, summary="Để vay vốn", **changes))
    assert page.status_code == 422
    assert sentence in errors(page)
    assert 'value="Để vay vốn"' in page.content.decode()
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("pasted", [CODE.lower(), f" {CODE}\u00a0", CODE.replace("-", "–")])
def test_a_pasted_or_scanned_code_is_read_however_it_comes(clerk: Client, pasted: str) -> None:
    case = make_case()
    clerk.post(address(case), sent(case, source_code=pasted))
    assert Dossier.objects.get().code == CODE


def test_a_code_typed_before_the_channel_was_changed_is_not_used(clerk: Client) -> None:
    """Nobody types a code into a reception at the counter."""
    case = make_case()
    clerk.post(address(case), typed(case, **(ONLINE | {"channel": "1"})))
    assert Dossier.objects.get().code != CODE


def test_a_second_click_finds_the_first_ones_dossier(clerk: Client, office: Office) -> None:
    a_filing(office)
    case = make_case()
    data = sent(case, filed_at="")
    first, second = clerk.post(address(case), data), clerk.post(address(case), data)
    assert first.headers["Location"] == second.headers["Location"]
    assert Dossier.objects.count() == 1


def test_of_two_clerks_with_one_code_the_second_is_told(
    clerk: Client, office: Office, signed_in: SignIn
) -> None:
    case = make_case()
    clerk.post(address(case), sent(case))
    other = signed_in(office.clerk)
    page = other.post(
        address(case), sent(case, owner_name="Trần Văn Bình", identity_number="001087000456")
    )
    assert f"Mã hồ sơ {CODE} đã có trong hệ thống" in errors(page)
    assert Dossier.objects.count() == 1


def test_beside_the_form_stands_how_long_it_may_wait(clerk: Client, office: Office) -> None:
    a_filing(office)
    case = make_case()
    page = words(clerk.post(address(case), sent(case, viec="xem", filed_at="")))
    assert "Hạn tiếp nhận" in page
    assert "theo danh sách của Cổng" in page


def test_guidance_of_an_online_filing_closes_its_line_under_the_portals_code(
    clerk: Client, office: Office
) -> None:
    filing = a_filing(office)
    case = make_case()
    said = {"viec": "bo-sung", "guide_reason": "Thiếu giấy tờ", "declared": "Thiếu ngày sinh"}
    clerk.post(address(case), sent(case, **said))
    filing.refresh_from_db()
    visit = CounterVisit.objects.get()
    assert (filing.state, filing.visit, visit.source_code) == (3, visit, CODE)
    snapshot = Slip.objects.get(visit=visit).snapshot
    assert (snapshot["slug"], snapshot["code"]) == ("bo-sung", CODE)
    assert datetime.fromisoformat(snapshot["filed_at"]) == vn("20/11/2026 16:00")
    assert not Dossier.objects.exists()
    clerk.post(reverse("online_filing_reopen", args=[filing.pk]))
    filing.refresh_from_db()
    assert filing.is_waiting


# --- the list that waits ----------------------------------------------------------------------------


def test_the_list_says_what_must_be_answered_first(clerk: Client, office: Office) -> None:
    a_filing(office, "G99.01-261123-000009", filed_at=vn("23/11/2026 08:00"))
    a_filing(office)
    page = words(clerk.get(reverse("online_filings")))
    assert page.index(CODE) < page.index("G99.01-261123-000009")
    assert "đến hạn hôm nay 16:00" in page


def test_the_rail_and_the_start_say_how_many_wait(clerk: Client, office: Office) -> None:
    start = reverse("intake")
    assert "tiep-nhan" not in numbers_of(clerk.get(start))
    a_filing(office)
    a_filing(make_office("Ủy ban nhân dân xã Tân Lập"), "G99.01-261120-000077")
    page = clerk.get(start)
    assert numbers_of(page)["tiep-nhan"] == 1
    assert '<span class="tab-count">1' in page.content.decode()
    listed = clerk.get(reverse("online_filings"))
    assert numbers_of(listed)["tiep-nhan"] == 1
    assert len(listed.context["rows"]) == 1


def numbers_of(page: Any) -> dict[str, int]:
    return {name: number for name, number in page.context["rail_counts"].items() if number}


def test_late_ones_have_a_tab_of_their_own(signed_in: SignIn, office: Office, clock: Any) -> None:
    a_filing(office)
    clock.now = vn("23/11/2026 16:30")
    page = words(signed_in(office.clerk).get(f"{reverse('online_filings')}?muc=qua-gio"))
    assert CODE in page
    assert "quá 30 phút" in page


def test_a_counter_sees_its_own_list_only(signed_in: SignIn, office: Office) -> None:
    filing = a_filing(office)
    other = signed_in(make_office("Ủy ban nhân dân xã Tân Lập").clerk)
    assert CODE not in words(other.get(reverse("online_filings")))
    assert other.get(reverse("online_filing", args=[filing.pk])).status_code == 404
    case = make_case()
    assert other.get(f"{address(case)}?truc-tuyen={filing.pk}").status_code == 404


def test_opening_one_fills_the_form(clerk: Client, office: Office) -> None:
    case = make_case()
    filing = a_filing(office, procedure=Procedure.objects.get(code=case.version.code))
    opened = clerk.get(reverse("online_filing_open", args=[filing.pk]), follow=True)
    page = opened.content.decode()
    for value in (CODE, "20/11/2026 16:00", "Nguyễn Thị Bình", "001187000123", "0912345678"):
        assert f'value="{value}"' in page
    assert 'value="2" checked' in " ".join(page.split())


def test_a_scanned_code_of_the_portal_opens_its_form(clerk: Client, office: Office) -> None:
    case = make_case()
    a_filing(office, procedure=Procedure.objects.get(code=case.version.code))
    opened = clerk.get(reverse("intake"), {"q": CODE}, follow=True)
    assert opened.redirect_chain[-1][0].startswith(address(case))


def test_where_the_list_names_no_procedure_one_is_chosen(clerk: Client, office: Office) -> None:
    case = make_case(name="Đăng ký khai sinh")
    filing = a_filing(office, procedure_text="Đăng ký khai sinh")
    page = clerk.get(reverse("online_filing_open", args=[filing.pk]), follow=True)
    assert f"{address(case)}?truc-tuyen={filing.pk}" in page.content.decode()


def test_settled_on_the_portal_with_a_reason_and_back(clerk: Client, office: Office) -> None:
    filing = a_filing(office)
    settle = reverse("online_filing_settle", args=[filing.pk])
    assert "Hãy ghi lý do" in errors(clerk.post(settle, {"reason": ""}))
    listed = clerk.post(settle, {"reason": "Đã tiếp nhận ở hệ thống của Bộ"}, follow=True)
    back = reverse("online_filing_reopen", args=[filing.pk])
    assert f'action="{back}"' in words(listed)  # beside what was said
    filing.refresh_from_db()
    assert (filing.state, filing.reason) == (4, "Đã tiếp nhận ở hệ thống của Bộ")
    clerk.post(back)
    filing.refresh_from_db()
    assert (filing.is_waiting, filing.reason) == (True, "")


def test_who_opens_a_filing_is_traced(clerk: Client, office: Office) -> None:
    filing = a_filing(office)
    clerk.get(reverse("online_filing", args=[filing.pk]))
    assert AccessEvent.objects.filter(
        object_kind="online_filing", object_id=filing.pk, officer=office.clerk
    ).exists()


def test_the_list_costs_the_same_for_one_line_and_many(
    clerk: Client, office: Office, queries: Any
) -> None:
    a_filing(office)
    clerk.get(reverse("online_filings"))
    with queries() as one:
        clerk.get(reverse("online_filings"))
    for number in range(10, 40):
        a_filing(office, f"G99.01-261120-{number:06d}", listed_in=OnlineList.objects.first())
    with queries() as many:
        clerk.get(reverse("online_filings"))
    assert len(one) == len(many)


def test_each_tab_of_the_list_goes_on_to_its_end(
    clerk: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left out where several must be answered at one instant, nor what has no hours at all,
    which comes last; where others have answered the rest, the list begins anew.
    """
    monkeypatch.setattr(online_queries, "MOST", 2)
    listed = a_filing(office, "G99.01-261123-000001", vn("23/11/2026 08:00")).listed_in
    rows = [a_filing(office, f"G99.01-261120-00000{n}", listed_in=listed) for n in range(2, 8)]
    without = OnlineFiling.objects.filter(pk__in=[row.pk for row in rows[3:]])
    without.update(accept_by=None, warn_at=None)
    assert walked(clerk, "cho") == [[2, 3], [4, 1], [5, 6], [7]]
    OnlineFiling.objects.update(state=4, ended_at=MONDAY)
    assert walked(clerk, "da-xu-ly") == [[7, 6], [5, 4], [3, 2], [1]]
    gone = clerk.get(reverse("online_filings"), {"muc": "cho", "sau": "-1"})
    assert gone["Location"] == f"{reverse('online_filings')}?muc=cho"


def walked(client: Client, stand: str) -> list[list[int]]:
    found, query = [], f"?muc={stand}"
    while query:
        context = client.get(f"{reverse('online_filings')}{query}").context
        found.append([int(row.filing.code[-1]) for row in context["rows"]])
        query = context["next"]
    return found


# --- the portal's list ------------------------------------------------------------------------------


def upload(client: Client, office: Office, rows: list[list[Any]]) -> Any:
    file = SimpleUploadedFile("cho.xlsx", sheet(rows))
    client.post(reverse("online_lists"))  # the national portal stands there from the first try
    source = OnlineSource.objects.get()
    data = {"agency": office.agency.pk, "source": source.pk, "file": file}
    return client.post(reverse("online_lists"), data, follow=True)


def test_from_the_upload_to_the_list_that_waits(clerk: Client, office: Office) -> None:
    asked = upload(clerk, office, [HEAD, FIRST, SECOND])
    assert "Cột nào ghi gì?" in words(asked)
    row = OnlineList.objects.get()
    chosen = {"code": 1, "procedure_code": 2, "procedure": 3, "owner": 4, "filed_at": 8}
    columns = reverse("online_list_columns", args=[row.pk])
    assert "Chưa xác định được cột" in errors(clerk.post(columns, {"code": "1"}))
    preview = words(clerk.post(columns, chosen, follow=True))
    assert "Xem trước: chưa ghi gì" in preview
    assert not OnlineFiling.objects.exists()
    done = clerk.post(reverse("online_list_record", args=[row.pk]), follow=True)
    assert "Đã ghi 2 hồ sơ" in words(done)
    back = reverse("online_list_undo", args=[row.pk])
    assert f'action="{back}"' in words(done)  # beside what was said
    again = upload(clerk, office, [HEAD, FIRST, SECOND])  # the columns are known by now
    assert "Đang chờ, không đổi" in words(again)
    clerk.post(back)
    assert not OnlineFiling.objects.filter(state=1).exists()


def test_a_list_of_some_days_is_recorded_as_a_part(clerk: Client, office: Office) -> None:
    filing = a_filing(office, filed_at=vn("19/11/2026 08:00"), code="G99.01-261119-000001")
    OnlineSource.objects.update(columns={"code": HEAD[1], "owner": HEAD[4], "filed_at": HEAD[8]})
    make_case(code="1.000001", name="Đăng ký khai sinh")
    asked = words(upload(clerk, office, [HEAD, FIRST, SECOND]))
    assert "trong đó 1 hồ sơ nộp ngoài những ngày của danh sách" in asked
    row = OnlineList.objects.latest("pk")
    clerk.post(reverse("online_list_record", args=[row.pk]), {"is_part": "on"})
    filing.refresh_from_db()
    assert filing.missing_from is None
    assert OnlineFiling.objects.count() == 3


def test_the_preview_says_which_lines_name_no_procedure_of_the_catalogue(
    clerk: Client, office: Office
) -> None:
    make_case(code="1.000001")
    columns = dict(zip(("code", "procedure_code", "owner", "filed_at"), (1, 2, 4, 8), strict=True))
    upload(clerk, office, [HEAD, FIRST, SECOND])
    row = OnlineList.objects.get()
    page = words(clerk.post(reverse("online_list_columns", args=[row.pk]), columns, follow=True))
    assert "Chưa rõ thủ tục: người tiếp nhận chọn</dt><dd>1 hồ sơ" in page
    assert page.index("G99.01-261123-000002") < page.rindex("Chưa rõ thủ tục")
    assert "không phải mọi hồ sơ đang chờ" not in page  # nothing is left out: nothing is asked


def test_a_list_may_be_dropped(clerk: Client, office: Office) -> None:
    upload(clerk, office, [HEAD, FIRST])
    row = OnlineList.objects.get()
    clerk.post(reverse("online_list_record", args=[row.pk]), {"discard": "1"})
    row.refresh_from_db()
    assert (row.stage, row.kept) == (3, "")
    assert not OnlineFiling.objects.exists()


def test_a_file_that_is_no_table_is_refused_beside_its_field(clerk: Client, office: Office) -> None:
    clerk.post(reverse("online_lists"))
    data = {
        "agency": office.agency.pk,
        "source": OnlineSource.objects.get().pk,
        "file": SimpleUploadedFile("cho.pdf", b"%PDF-"),
    }
    assert "không phải bảng tính" in errors(clerk.post(reverse("online_lists"), data))


# --- sources ------------------------------------------------------------------------------------


def test_the_controller_keeps_the_sources(signed_in: SignIn, office: Office) -> None:
    controller = signed_in(office.controller)
    sources = reverse("online_sources")
    bad = controller.post(sources, {"name": "Cổng đất đai", "code_pattern": "DD(.*)"})
    assert "Mẫu mã chỉ gồm" in errors(bad)
    controller.post(sources, {"name": "Cổng đất đai", "code_pattern": "dd-####-#+; d-#+"})
    row = OnlineSource.objects.get()
    assert (row.agency, row.code_pattern) == (office.agency, "DD-####-#+; D-#+")
    page = reverse("online_source", args=[row.pk])
    OnlineSource.objects.update(columns={"code": "Mã"})
    controller.post(page, {"cot": "1"})
    controller.post(page, {"ngung": "1"})
    row.refresh_from_db()
    assert row.columns == {}
    assert row.ended_at is not None


def test_a_source_of_everybody_is_changed_from_the_top(signed_in: SignIn) -> None:
    province = make_office("Ủy ban nhân dân tỉnh")
    commune = make_office("Ủy ban nhân dân xã Tân Lập", parent=province.agency)
    row = OnlineSource.objects.create(name="Cổng", code_pattern="*-######-####+")
    page = reverse("online_source", args=[row.pk])
    for office, ended in ((commune, False), (province, True)):
        signed_in(office.controller).post(page, {"ngung": "1"})
        row.refresh_from_db()
        assert (row.ended_at is not None) is ended
