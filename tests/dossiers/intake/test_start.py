"""Where the counter's work begins: search, repeat, one's own day; who may be there at all."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dossiers.models import CounterVisit, Dossier
from onestop.accounts.models import Role, RoleGrant
from procedures.models import Kind, Procedure, ProcedureVersion, Status
from tests.dossiers.intake.pages import address, typed
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db
START = "/tiep-nhan/"


def links(page: Any) -> list[str]:
    """Where the offered procedures lead, in order."""
    return re.findall(r'<a class="choice" href="([^"]+)"', page.content.decode())


def test_search_by_words_without_marks_by_code_and_by_initials(clerk: Client) -> None:
    birth = make_case(name="Thủ tục đăng ký khai sinh")
    make_case(name="Thủ tục đăng ký kết hôn")
    code = birth.version.procedure.code
    for q in ("khai sinh", "kh sinh", code, code[:6]):
        assert f"/tiep-nhan/lap/{code}/" in links(clerk.get(START, {"q": q}))
    part = clerk.get(START, {"q": "khai sinh"}, headers={"HX-Request": "true"})
    assert links(part) == [f"/tiep-nhan/lap/{code}/"]
    assert "<html" not in part.content.decode()
    assert "Không có thủ tục nào khớp" in clerk.get(START, {"q": "zzz"}).content.decode()


def test_what_cannot_be_chosen_is_greyed_with_its_reason(clerk: Client) -> None:
    waiting = make_case(name="Thủ tục chờ xác nhận", status=Status.NEEDS_TERM)
    later = make_case(name="Thủ tục chưa đến ngày", effective_from=date(2027, 3, 1))
    gone = make_case(name="Thủ tục thôi áp dụng", effective_to=date(2026, 6, 1))
    ProcedureVersion.objects.create(
        procedure=Procedure.objects.get(pk=gone.version.procedure_id),
        number=2,
        name=gone.version.name,
        field=gone.version.field,
        kind=Kind.ABOLISHED,
        status=Status.ABOLISHED,
        effective_from=date(2026, 6, 1),
        content_hash="0" * 64,
        search_text=gone.version.search_text,
    )
    for q, why in (
        ("cho xac nhan", "đang chờ xác nhận thời hạn"),
        ("chua den ngay", "không có hiệu lực vào ngày 23/11/2026"),
        ("thoi ap dung", "đã bãi bỏ"),
    ):
        page = clerk.get(START, {"q": q})
        assert links(page) == []
        assert why in page.content.decode()
    for case in (waiting, later, gone):
        assert clerk.get(address(case)).status_code == 302


def test_what_was_received_last_comes_first_to_repeat(clerk: Client, office: Office) -> None:
    first, second = (
        make_case(name="Thủ tục thứ nhất"),
        make_case("trả ngay", name="Thủ tục thứ hai"),
    )
    for case in (first, second, first, second):
        receive(office, case)
    assert links(clerk.get(START)) == [
        f"/tiep-nhan/tra-ngay/?thu-tuc={second.version.procedure.code}",
        f"/tiep-nhan/lap/{first.version.procedure.code}/",
    ]
    assert clerk.get(START, {"thu-tuc": first.version.procedure.code}).headers[
        "Location"
    ] == address(first)


def test_ones_own_day_stands_there_to_print_again(clerk: Client, office: Office) -> None:
    dossier = receive(office, make_case(), owner="Lò Thị Mai")
    colleague = make_officer("Lý Thị Nga", office.agency, (Role.CLERK, office.counter))
    page = clerk.get(START).content.decode()
    assert "Lò Thị Mai" in page
    assert f"/ho-so/{dossier.code}/phieu/tiep-nhan/" in page
    assert Dossier.objects.filter(received_by=colleague).count() == 0


def test_the_done_page_prints_and_goes_on_with_the_same_procedure(
    clerk: Client, office: Office
) -> None:
    case = make_case()
    dossier = receive(office, case)
    page = clerk.get(f"/tiep-nhan/xong/{dossier.code}/").content.decode()
    assert f'data-print-url="/ho-so/{dossier.code}/phieu/tiep-nhan/?in=1"' in page
    assert re.search(rf'data-enter[^>]*href="{address(case)}"', page)


def test_a_clerk_of_two_counters_chooses_one(office: Office, signed_in: Any) -> None:
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    RoleGrant.objects.create(
        officer=office.clerk,
        role=Role.CLERK,
        agency=other.agency,
        department=other.counter,
        valid_from=date(2018, 1, 1),
    )
    case = make_case()
    with time_machine.travel(MONDAY, tick=False):
        clerk = signed_in(office.clerk)
        assert (
            f"?co-quan={other.agency.pk}"
            in clerk.get(START, {"co-quan": other.agency.pk, "q": "hon nhan"}).content.decode()
        )
        clerk.post(address(case), typed(case, **{"co-quan": str(other.agency.pk)}))
        assert Dossier.objects.get().received_by_agency == other.agency
        third = make_office("Ủy ban nhân dân xã Hòa An")
        assert (
            clerk.post(address(case), typed(case, **{"co-quan": str(third.agency.pk)})).status_code
            == 404
        )


# --- every address of the counter × roles × own and other agency ----------------------------------


@pytest.mark.time_machine(MONDAY, tick=False)
def test_only_clerks_of_the_agency_get_anywhere(office: Office, signed_in: Any) -> None:
    case = make_case()
    dossier = receive(office, case)
    line = receive(office, make_case("trả ngay"))
    clerk = signed_in(office.clerk)
    clerk.post(address(case), typed(case, viec="tu-choi", refuse_reason="Không thuộc thẩm quyền"))
    visit = CounterVisit.objects.get()
    token = uuid4()
    pages = {
        reverse("intake"): 200,
        address(case): 200,
        reverse("intake_immediate"): 200,
        reverse("intake_done", args=[dossier.code]): 404,
        reverse("intake_visit", args=[visit.pk]): 404,
        reverse("visit_slip_page", args=[visit.pk]): 404,
        reverse("visit_slip_pdf", args=[visit.pk]): 404,
        reverse("intake_draft_file", args=[token, 1]): 404,
    }
    posts = {
        reverse("intake_autosave", args=[token]): 400,
        reverse("intake_discard", args=[token]): 404,
        reverse("intake_promise", args=[line.code]): 404,
        reverse("intake_give_back", args=[line.code]): 404,
        reverse("intake_line_slip", args=[line.code]): 404,
    }
    stranger = signed_in(make_office("Ủy ban nhân dân xã Tân Lập").clerk)
    others = [
        signed_in(officer)
        for officer in (office.specialist, office.head, office.leader, office.controller)
    ]
    for url, expected in (pages | posts).items():
        ask = "get" if url in pages else "post"
        assert getattr(Client(), ask)(url).headers["Location"].startswith("/dang-nhap/"), url
        assert getattr(stranger, ask)(url).status_code == expected, url
        for other in others:
            assert getattr(other, ask)(url).status_code == 403, url
        if ask == "post":
            assert clerk.get(url).status_code == 405, url
