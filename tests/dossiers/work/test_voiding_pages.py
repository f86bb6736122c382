"""The pages of a voided reception: asked at the counter, answered in the approver's list, voided at
the counter; what look-up, slips and lists say afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import voiding
from dossiers.acts.many import Seen
from dossiers.intake import secrets
from dossiers.models import Dossier, Slip
from dossiers.models.voiding import VoidRequest
from dossiers.states import State
from onestop.accounts.models import Officer, Role
from tests.clock import Clock
from tests.world import MONDAY, Office, make_case, make_officer, receive

Enter = Callable[[Officer], Any]
LIST = "/duyet-bo-sung/"
WHY = "Nhập nhầm thủ tục"


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case())


def page_of(dossier: Dossier) -> str:
    return f"{dossier.get_absolute_url()}huy-tiep-nhan/"


def put(office: Office, dossier: Dossier, client: Any, **more: str) -> Any:
    data = {"reason": WHY, "approver": str(office.leader.pk), "seen": str(dossier.row_version)}
    return client.post(page_of(dossier), data | more, follow=True)


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def voided(office: Office, dossier: Dossier) -> Dossier:
    at, clerk = MONDAY, office.desk(office.clerk)
    row = voiding.put_before(dossier, reason=WHY, approver=office.leader, by=clerk, at=at)
    voiding.answer(row.pk, agreed=True, words="", by=office.desk(office.leader), at=at)
    voiding.void_as_agreed(Seen(dossier.pk), row, by=clerk, at=at)
    return fresh(dossier)


def plain(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_from_the_counter_to_the_approver_and_back(
    office: Office, dossier: Dossier, signed_in: Enter
) -> None:
    clerk = signed_in(office.clerk)
    assert "Hủy tiếp nhận (nhận nhầm)" in plain(clerk.get(dossier.get_absolute_url()))
    assert "Đã trình" in plain(put(office, dossier, clerk))
    assert fresh(dossier).state == State.RECEIVED
    assert "chưa có trả lời" in plain(clerk.get(page_of(dossier)))
    leader, row = signed_in(office.leader), VoidRequest.objects.get()
    page = leader.get(LIST)
    assert page.context["rail_counts"]["duyet-bo-sung"] == 1
    for words in (dossier.code, WHY, str(office.clerk)):
        assert words in plain(page)
    refused = leader.post(f"{LIST}huy/{row.pk}/", {"dap": "khong", "reason": ""}, follow=True)
    assert "vì sao không duyệt" in plain(refused)
    said = leader.post(f"{LIST}huy/{row.pk}/", {"dap": "dong-y", "reason": ""}, follow=True)
    assert "Đã duyệt hủy tiếp nhận hồ sơ" in plain(said)
    assert leader.get(LIST).context["rail_counts"]["duyet-bo-sung"] == 0
    undone = leader.post(f"{LIST}huy/{row.pk}/hoan-tac/", follow=True)
    assert "lại chờ bạn" in plain(undone)
    leader.post(f"{LIST}huy/{row.pk}/", {"dap": "dong-y", "reason": "Đúng là nhầm"})
    clerk = signed_in(office.clerk)
    assert "Đúng là nhầm" in plain(clerk.get(page_of(dossier)))
    done = clerk.post(page_of(dossier), {"seen": str(dossier.row_version)}, follow=True)
    assert "Đã hủy tiếp nhận." in plain(done)
    assert fresh(dossier).state == State.VOIDED
    told = plain(clerk.get(dossier.get_absolute_url()))
    assert "Đã hủy tiếp nhận" in told
    assert f"Lý do: {WHY}" in told
    assert "Người duyệt: " in told
    assert "đã hủy cùng việc tiếp nhận" in told
    back = clerk.post(f"{dossier.get_absolute_url()}hoan-tac/?seen={fresh(dossier).row_version}")
    assert back.status_code == 302
    assert fresh(dossier).state == State.RECEIVED


def test_who_may_approve_himself_and_stands_at_the_counter_voids_at_once(
    office: Office, dossier: Dossier, signed_in: Enter
) -> None:
    both = make_officer(
        "Hai Vai", office.agency, (Role.CLERK, office.counter), (Role.HEAD, office.room)
    )
    done = put(office, dossier, signed_in(both), approver=str(both.pk))
    assert "Đã hủy tiếp nhận." in plain(done)
    assert not VoidRequest.objects.exists()


def test_forged_posts_are_refused(office: Office, dossier: Dossier, signed_in: Enter) -> None:
    """Nobody's yes is typed for him, no other role voids, nothing is voided unasked."""
    specialist = signed_in(office.specialist)
    assert put(office, dossier, specialist).status_code in (403, 404)
    clerk = signed_in(office.clerk)
    wrong = put(office, dossier, clerk, approver=str(office.specialist.pk))
    assert wrong.status_code == 422
    put(office, dossier, clerk)
    row = VoidRequest.objects.get()
    for who in (office.clerk, office.head, office.specialist):
        answer = signed_in(who).post(f"{LIST}huy/{row.pk}/", {"dap": "dong-y"}, follow=True)
        assert answer.status_code in (403, 404) or "không còn chờ" in plain(answer)
    # What the page of an agreed request sends, before anybody agreed.
    clerk = signed_in(office.clerk)
    early = clerk.post(page_of(dossier), {"seen": str(dossier.row_version)})
    assert early.status_code == 422
    row.refresh_from_db()
    assert row.agreed is None
    assert fresh(dossier).state == State.RECEIVED


def test_too_late_the_page_says_why_not(
    office: Office, dossier: Dossier, signed_in: Enter, clock: Clock
) -> None:
    clock.now = MONDAY + timedelta(days=1)
    page = signed_in(office.clerk).get(page_of(dossier))
    assert page.status_code == 403
    assert "trong ngày làm việc đã tiếp nhận" in plain(page)


def test_the_look_up_says_that_the_reception_was_voided(office: Office, dossier: Dossier) -> None:
    voided(office, dossier)
    here, citizen = f"/tra-cuu/{dossier.code}/", Client()
    brief = plain(citizen.get(here))
    assert "Việc tiếp nhận hồ sơ này đã bị hủy do nhận nhầm" in brief
    assert WHY not in brief
    full = plain(citizen.get(here, {"k": secrets.secret_of(dossier)}))
    assert "Giấy tiếp nhận hồ sơ đã phát không còn giá trị" in full
    assert WHY in full
    assert "Hẹn trả lúc" not in full


def test_its_slip_says_that_it_is_void_and_no_new_one_is_made(
    office: Office, signed_in: Enter
) -> None:
    line = receive(office, make_case("trả ngay"))
    dossier = voided(office, line)
    clerk = signed_in(office.clerk)
    slip = plain(clerk.get(f"{dossier.get_absolute_url()}phieu/tiep-nhan/?in=1"))
    assert "ĐÃ HỦY 23/11/2026" in slip
    assert "Việc tiếp nhận hồ sơ đã bị hủy do nhận nhầm" in slip
    assert "data-autoprint" not in slip
    made = Slip.objects.count()
    asked = clerk.post(f"/tiep-nhan/tra-ngay/{dossier.code}/phieu/", follow=True)
    assert asked.status_code in (200, 404)
    assert Slip.objects.count() == made
    day = plain(clerk.get("/tiep-nhan/tra-ngay/"))
    assert "Đã hủy tiếp nhận" in day


def test_lists_show_it_nowhere_and_search_says_what_it_is(
    office: Office, dossier: Dossier, signed_in: Enter
) -> None:
    voided(office, dossier)
    clerk = signed_in(office.clerk)
    for address in ("/viec/", "/ban-giao/", "/tra-ket-qua/"):
        assert dossier.code not in plain(clerk.get(address))
    assert "đã hủy tiếp nhận" in plain(clerk.get("/tiep-nhan/")).lower()
    found = plain(clerk.get("/tim/", {"q": dossier.code}, follow=True))
    assert "Đã hủy tiếp nhận" in found
