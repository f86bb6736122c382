"""The list of who approves shows what is approved; one or many are approved, or sent back with the
reason that the specialist reads on top.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.acts import endings, handovers
from dossiers.acts.endings import ResultIn
from dossiers.acts.many import Seen
from dossiers.models import Dossier, Event, HandOver, Result
from tests.samples import PDF
from tests.world import MONDAY, Office

LIST = "/viec/?loai=trinh-duyet"
WRITTEN = ResultIn(
    title="Giấy xác nhận", number="12/GXN", issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn"
)
REFUSED = ResultIn(kind=Result.Kind.REFUSED, reason="Đất đang có tranh chấp")
WHY = "Sai số căn cước"
Submit = Callable[..., Dossier]


@pytest.fixture
def submit(office: Office, at_room: Callable[..., Dossier]) -> Submit:
    """`submit()`: a dossier with its result, on its way to the leader."""

    def make(data: ResultIn = WRITTEN, file: str = "") -> Dossier:
        dossier, desk = at_room(), office.desk(office.specialist)
        files = [(file, PDF)] if file else []
        endings.record_result(Seen(dossier.pk), data, by=desk, at=MONDAY, files=files)
        fresh = Dossier.objects.get(pk=dossier.pk)
        handovers.hand_over(fresh, to=office.leadership, by=desk, at=MONDAY)
        return Dossier.objects.get(pk=dossier.pk)

    return make


def picked(*dossiers: Dossier) -> dict[str, Any]:
    return {"chon": [f"{d.pk}.{Dossier.objects.get(pk=d.pk).row_version}" for d in dossiers]}


def plain(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))


def test_the_row_shows_the_result_its_file_or_that_it_is_a_draft(
    office: Office, submit: Submit, signed_in: Callable[..., Any]
) -> None:
    dossier = submit(file="giay-xac-nhan.pdf")
    submit(ResultIn(title="Giấy xác nhận"))
    submit(REFUSED)
    leader = signed_in(office.leader)
    assert leader.get("/viec/").context["job"].key == "trinh-duyet"  # where a leader begins
    page = leader.get(LIST)
    text = plain(page)
    assert "Giấy xác nhận số 12/GXN , 23/11/2026, Hoàng Minh Tuấn ký" in text
    assert "Giấy xác nhận dự thảo" in text
    assert "Từ chối giải quyết : Đất đang có tranh chấp" in text
    assert "Trình duyệt 3" in text  # the counter agrees with the page
    (address,) = re.findall(r'href="([^"]+/tep/\d+/)"', page.content.decode())
    assert address.startswith(dossier.get_absolute_url())
    answer = leader.get(address)
    assert b"".join(answer.streaming_content) == PDF
    answer.close()


def test_one_row_costs_as_many_statements_as_many(
    office: Office, submit: Submit, signed_in: Callable[..., Any]
) -> None:
    client = signed_in(office.leader)

    def statements() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(LIST).status_code == 200
        return len(seen)

    submit(file="a.pdf")
    one = statements()
    for _ in range(4):
        submit(file="a.pdf")
    assert statements() == one


def test_many_are_approved_and_taken_back_by_one_press(
    office: Office, submit: Submit, signed_in: Callable[..., Any]
) -> None:
    two, client = [submit(), submit()], signed_in(office.leader)
    page = client.post("/viec/duyet/", picked(*two) | {"ve": LIST}, follow=True)
    assert page.redirect_chain == [(LIST, 302)]
    assert "Đã duyệt 2 hồ sơ." in plain(page)
    assert HandOver.objects.filter(giver=office.leader).count() == 2
    (undo,) = re.findall(r'action="(/viec/duyet/hoan-tac/[^"]+)"', page.content.decode())
    assert "Đã hoàn tác 2 hồ sơ." in plain(client.post(undo, follow=True))
    assert not HandOver.objects.standing().filter(giver=office.leader).exists()


def test_many_are_sent_back_for_one_reason_and_not_without(
    office: Office, submit: Submit, signed_in: Callable[..., Any]
) -> None:
    two, client = [submit(), submit()], signed_in(office.leader)
    page = client.post("/viec/tra-lai/", picked(*two) | {"reason": " "}, follow=True)
    assert "Hãy ghi lý do trả lại" in plain(page)
    assert not Event.objects.filter(kind="send_back").exists()
    client.post("/viec/tra-lai/", picked(*two) | {"reason": WHY})
    notes = HandOver.objects.filter(giver=office.leader).values_list("note", "receiver")
    assert list(notes) == [(WHY, office.specialist.pk)] * 2


def test_an_old_page_approves_nothing(
    office: Office, submit: Submit, signed_in: Callable[..., Any]
) -> None:
    dossier = submit()
    asked = picked(dossier)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.leader), at=MONDAY)
    page = signed_in(office.leader).post("/viec/duyet/", asked, follow=True)
    assert "Trang bạn đang xem đã cũ" in plain(page)
    assert not Event.objects.filter(kind="approve").exists()


def test_one_press_on_the_dossier_and_its_toast_takes_it_back(
    office: Office, submit: Submit, signed_in: Callable[..., Any]
) -> None:
    dossier, client = submit(), signed_in(office.leader)
    page = client.get(dossier.get_absolute_url())
    assert page.context["main"].name == "approve"  # not to be received first
    assert "send_back" in [offer.name for offer in page.context["acts"]]
    done = client.post(
        f"{dossier.get_absolute_url()}duyet/", {"seen": dossier.row_version}, follow=True
    )
    assert f"Đã duyệt hồ sơ {dossier.code}." in plain(done)
    (undo,) = re.findall(r'action="([^"]+hoan-tac/\?seen=\d+)"', done.content.decode())
    client.post(undo)
    assert Dossier.objects.get(pk=dossier.pk).pending_department == office.leadership


def test_the_specialist_reads_why_on_top_and_what_comes_next(
    office: Office, submit: Submit, signed_in: Callable[..., Any]
) -> None:
    dossier, leader = submit(), signed_in(office.leader)
    address = f"{dossier.get_absolute_url()}tra-lai/"
    sent = {"seen": dossier.row_version, "reason": ""}
    assert leader.post(address, sent).status_code == 422
    assert leader.post(address, sent | {"reason": WHY}).status_code == 302
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)
    client = signed_in(office.specialist)
    page = client.get(dossier.get_absolute_url())
    assert f"Hoàng Minh Tuấn trả lại 23/11/2026 09:00: {WHY}" in plain(page)
    assert "Xử lý lại theo ý kiến trả lại" in plain(page)
    assert page.context["main"].name == "record_result"  # mended, then submitted again
    endings.record_result(
        Seen(dossier.pk), WRITTEN, by=office.desk(office.specialist), at=MONDAY.replace(minute=9)
    )
    assert client.get(dossier.get_absolute_url()).context["main"].name == "hand_over"


def test_what_was_not_submitted_offers_neither(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    client = signed_in(office.head)
    offered = client.get(dossier.get_absolute_url()).context
    names = {offer.name for offer in (*offered["acts"], *offered["denied"])}
    assert not names & {"approve", "send_back"}
    assert client.get(f"{dossier.get_absolute_url()}tra-lai/").status_code == 403


def test_a_result_without_a_number_is_a_draft_and_half_of_one_is_asked_for(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    """Nobody has signed it when it is submitted."""
    dossier, client = at_room(), signed_in(office.specialist)
    address = f"{dossier.get_absolute_url()}ket-qua/"
    sent = {"kind": "1", "title": "Giấy xác nhận", "issued_on": "23/11/2026"}
    half = client.post(address, sent | {"signer": "Tuấn", "seen": dossier.row_version})
    assert list(half.context["form"].errors) == ["number"]
    empty = client.post(address, sent | {"title": "", "seen": dossier.row_version})
    assert list(empty.context["form"].errors) == ["number"]
    assert client.post(address, sent | {"seen": dossier.row_version}).status_code == 302
    row = Result.objects.get()
    assert (row.is_draft, row.issued_on) == (True, None)
    assert "dự thảo, chưa có số" in plain(client.get(dossier.get_absolute_url()))


def test_the_paper_that_an_act_made_is_offered_to_be_printed_by_one_key(
    office: Office, submit: Submit, signed_in: Callable[..., Any]
) -> None:
    """The refusal with its approval (R-65), the apology; nothing where no paper was made."""
    plain_one, refused, client = submit(), submit(REFUSED), signed_in(office.leader)
    said = {}
    for dossier in (plain_one, refused):
        sent = {"seen": dossier.row_version}
        done = client.post(f"{dossier.get_absolute_url()}duyet/", sent, follow=True)
        said[dossier] = re.findall('data-print-url="([^"]+)"', done.content.decode())
    number = refused.slips.get(slug="tu-choi").number
    address = f"{refused.get_absolute_url()}phieu/tu-choi/?so={number}&amp;in=1"
    assert said == {plain_one: [], refused: [address]}
    assert client.get(address.replace("&amp;", "&")).status_code == 200
    sorry = {"quantity": "2", "unit": "ngay-lam-viec", "reason": "Chờ xác minh"}
    dossier = submit()
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.leader), at=MONDAY)
    fresh = Dossier.objects.get(pk=dossier.pk)
    sent = sorry | {"signer": office.leader.pk, "seen": fresh.row_version}
    done = client.post(f"{dossier.get_absolute_url()}hen-lai/", sent, follow=True)
    assert 'phieu/xin-loi/?so=1&amp;in=1"' in done.content.decode()
