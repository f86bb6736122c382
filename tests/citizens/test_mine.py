"""`/cua-toi/`: the own dossiers and nobody else's; what is asked; who looked is written down."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import endings, payment, reception, supplements
from dossiers.acts.many import Seen
from dossiers.desk.of_owner import PAGE, page_of
from dossiers.intake.brought import Person, SubmitterIn
from dossiers.intake.wanted import declared
from dossiers.models import Dossier, Result
from dossiers.models.dossier import IdentityKind
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.files.models import Attachment
from onestop.signatures.checking import Verdict
from onestop.templatetags.formatting import day_words, money
from procedures.models import Case
from tests.citizens.conftest import AN, BINH, NUMBER, Entering
from tests.clock import VN
from tests.dossiers.work.test_payment_pages import TAX
from tests.samples import PDF
from tests.world import MONDAY, Office, an_intake, make_case, receive, vn

pytestmark = pytest.mark.django_db
SOMEBODY = Person(
    name="Trần Văn Khác", identity_number="001080000999", phone="0912345679", address="Thôn 1"
)


def of_somebody(office: Office, case: Case, **changes: Any) -> Dossier:
    intake = replace(an_intake(office, case, **changes), owner=SOMEBODY)
    return reception.receive(intake, by=office.desk(office.clerk), at=MONDAY)


@pytest.fixture
def an(enter: Entering) -> Client:
    client = Client()
    enter(client, AN)
    return client


def shown(client: Client, address: str = "/cua-toi/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def lines() -> list[tuple[str, str, int | None]]:
    rows = AccessEvent.objects.filter(object_kind="dossier", officer=None).order_by("id")
    return list(rows.values_list("kind", "username", "object_id"))


def test_the_list_holds_the_own_dossiers_newest_first(office: Office, an: Client) -> None:
    case = make_case()
    first, second = receive(office, case), receive(office, case)
    other = of_somebody(office, case)
    page = shown(an)
    assert page.index(second.code) < page.index(first.code)
    assert other.code not in page
    assert "Nguyễn Văn Ân" in page
    assert "Trần Văn Khác" not in page


def test_only_an_equal_number_of_a_citizen_card_is_the_own(office: Office, an: Client) -> None:
    """Who brought it for somebody, the same digits as another paper, a longer number: nobody's."""
    case = make_case()
    brought = of_somebody(
        office, case, submitter=SubmitterIn("Nguyễn Văn Ân", "Giấy ủy quyền", NUMBER)
    )
    papers = [receive(office, case) for _ in range(2)]
    Dossier.objects.filter(pk=papers[0].pk).update(identity_kind=IdentityKind.OTHER)
    Dossier.objects.filter(pk=papers[1].pk).update(identity_number=f"{NUMBER}0")
    assert "Không có hồ sơ nào ghi số định danh của Ông/Bà" in shown(an)
    for one in (brought, *papers):
        assert an.get(f"/cua-toi/ho-so/{one.code}/").status_code == 404


def test_somebody_elses_dossier_is_not_there_and_the_attempt_is_written_down(
    office: Office, enter: Entering
) -> None:
    dossier = receive(office, make_case())
    client = Client()
    enter(client, BINH)
    for address in (f"/cua-toi/ho-so/{dossier.code}/", f"/cua-toi/ho-so/{dossier.code}/vi-sao/"):
        answer = client.get(address)
        unknown = client.get(address.replace(dossier.code, "H99.999-261123-0001"))
        assert (answer.status_code, unknown.status_code) == (404, 404)
        assert answer.content == unknown.content
    assert [kind for kind, *_ in lines()] == [AccessKind.DENIED] * 2


def test_each_page_leaves_a_line_of_its_kind(
    office: Office, an: Client, signed_in: Callable[..., Any]
) -> None:
    case = make_case()
    one, two = receive(office, case), receive(office, case)
    shown(an)
    shown(an, f"/cua-toi/ho-so/{one.code}/")
    shown(an, f"/cua-toi/ho-so/{one.code}/vi-sao/")
    who = AccessEvent.objects.get(kind=AccessKind.CITIZEN_LOGIN).username
    viewed = AccessKind.CITIZEN_VIEWED
    assert sorted(lines()) == sorted((viewed, who, pk) for pk in (one.pk, two.pk, one.pk, one.pk))
    assert who.startswith("công dân ")
    assert {*AccessEvent.objects.filter(kind=viewed).values_list("about", flat=True)} == {
        office.agency.pk
    }
    log = signed_in(office.head).get(f"/ho-so/{one.code}/nhat-ky/").content.decode()
    assert who in log
    assert "Công dân xem" in log


def test_a_dossier_shows_what_the_secret_of_its_slip_shows(office: Office, an: Client) -> None:
    from dossiers.intake.secrets import secret_of

    dossier = receive(office, make_case())
    mine = shown(an, f"/cua-toi/ho-so/{dossier.code}/")
    looked_up = shown(Client(), f"/tra-cuu/{dossier.code}/?k={secret_of(dossier)}")
    facts = [
        re.sub(r"<[^>]+>|\s+", " ", page.partition("<h1>")[2].partition("</main>")[0])
        for page in (mine, looked_up)
    ]
    assert facts[0] == facts[1]
    assert secret_of(dossier) not in mine
    assert f"/cua-toi/ho-so/{dossier.code}/vi-sao/" in mine
    assert "Vì sao hẹn ngày này?" in shown(an, f"/cua-toi/ho-so/{dossier.code}/vi-sao/")


def test_what_is_asked_stands_in_the_list(office: Office, an: Client) -> None:
    case = make_case()
    waiting, finished, stopped, owing, quiet = (receive(office, case) for _ in range(5))
    supplements.ask(
        Seen(waiting.pk), items=declared("Họ tên người mẹ"), reason="Tờ khai thiếu",
        by=office.desk(office.clerk), at=MONDAY, respond_by=vn("30/11/2026 17:00"),
    )  # fmt: skip
    endings.withdraw(
        Seen(stopped.pk), endings.EndingIn(requested_by="Nguyễn Văn Ân", reason="Thôi"),
        by=office.desk(office.clerk), at=MONDAY,
    )  # fmt: skip
    Dossier.objects.filter(pk=owing.pk).update(fee_owed=30_000, provisional=True)
    Dossier.objects.filter(pk=finished.pk).update(state=9, ended_at=MONDAY)
    page = shown(an)
    parts = {
        one: page.partition(f"/{one.code}/")[2].partition("</section>")[0]
        for one in (waiting, finished, stopped, owing, quiet)
    }
    assert "bổ sung" in parts[waiting]
    assert "Họ tên người mẹ" in parts[waiting]
    assert "Hạn: <strong>" in parts[waiting]
    assert "30/11/2026" in parts[waiting]
    assert "Đã có kết quả, đề nghị Ông/Bà đến nhận." in parts[finished]
    assert "Phí, lệ phí còn phải nộp: <strong>30.000" in parts[owing]
    # an estimate is no promise.
    assert "(tạm tính)" in parts[owing]
    assert "<ul>" not in parts[quiet]
    assert "(tạm tính)" not in parts[quiet]


def test_a_financial_obligation_is_asked_for_until_its_day_is_over(
    office: Office, an: Client
) -> None:
    """Its last day is a day, and counts whole."""
    one = receive(office, make_case())
    payment.ask_payment(Seen(one.pk), TAX, by=office.desk(office.clerk), at=MONDAY)
    page = shown(an)
    assert f"Hạn: <strong>{day_words(TAX.pay_by)}</strong>" in page
    assert money(TAX.amount) in page
    last = datetime.combine(TAX.pay_by, time(23), VN)
    for at, is_past in ((last, False), (last + timedelta(hours=1), True)):
        (line,) = page_of(NUMBER, at).rows
        assert line.until_is_past is is_past


def test_the_list_is_paged_and_asks_as_often_for_many_as_for_one(
    office: Office, an: Client, queries: Callable[..., Any]
) -> None:
    case = make_case()
    dossiers = [receive(office, case)]
    with queries() as one:
        shown(an)
    dossiers += [receive(office, case) for _ in range(PAGE + 1)]
    with queries() as many:
        page = shown(an)
    assert len(one) == len(many) <= 8
    assert page.count("<section") == PAGE
    older = re.search(r'href="(/cua-toi/\?sau=[^"]+)"', page)
    assert older is not None
    last = shown(an, older[1])
    assert dossiers[0].code in last
    assert last.count("<section") == 2
    assert 'rel="prev" href="/cua-toi/?truoc=' in last


def test_nobody_is_led_to_the_way_in_and_on_to_what_was_asked(
    office: Office, client: Client, enter: Entering
) -> None:
    dossier = receive(office, make_case())
    address = f"/cua-toi/ho-so/{dossier.code}/"
    sent = client.get(address)
    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    start = re.search(r'href="(/cua-toi/dang-nhap/[^"]*)"', page)
    assert start is not None
    assert "dang-nhap/?next=%2Fcua-toi%2Fho-so%2F" in start[1]
    assert lines() == []


def test_the_signed_result_is_fetched_by_its_owner_only(
    office: Office, an: Client, enter: Entering
) -> None:
    """R-81: as the look-up gives it by code and secret."""
    dossier = receive(office, make_case())
    clerk, seen = office.desk(office.clerk), Seen(dossier.pk)
    data = endings.ResultIn(number="1/GXN", issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn")
    endings.record_result(seen, data, by=clerk, at=MONDAY, files=[("kq.pdf", PDF)])
    endings.finish(seen, by=clerk, at=MONDAY, note="Sở ký")
    Result.objects.update(electronic=True)
    Attachment.objects.filter(name="kq.pdf").update(signature=Verdict.VALID)
    found = re.search(
        r"/cua-toi/ho-so/[^/]+/ket-qua/\d+/", shown(an, f"/cua-toi/ho-so/{dossier.code}/")
    )
    assert found is not None
    assert "Đã có kết quả điện tử, Ông/Bà mở hồ sơ để tải." in shown(an)
    answer: Any = an.get(found[0])
    assert b"".join(answer.streaming_content) == PDF
    seen_by = AccessEvent.objects.filter(object_id=dossier.pk, kind=AccessKind.CITIZEN_VIEWED)
    told = seen_by.order_by("id").last()
    assert told is not None
    assert told.detail == "tải kết quả đã ký số"
    # What is not there was not fetched.
    count = seen_by.count()
    assert an.get(f"/cua-toi/ho-so/{dossier.code}/ket-qua/999999/").status_code == 404
    assert seen_by.count() == count
    other = Client()
    enter(other, BINH)
    assert other.get(found[0]).status_code == 404
