"""One transfer for several dossiers: each part exact, the parts the whole, all of it or nothing; the
parts are joined again once no receipt of them stands. Phí or lệ phí as each line says (R-124).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from dossiers.acts import payments, transfer_parts
from dossiers.acts.transfer_parts import Part
from dossiers.desk import payments as desk
from dossiers.desk.payments import came_in, standing_in_all
from dossiers.importing import statements
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier
from dossiers.models.money import FeeReceipt, ReceiptRequest, Way
from dossiers.models.payments import BankStatement, Payment
from dossiers.states import State
from onestop.accounts.models import AccessEvent, AccessKind, Officer
from onestop.errors import say
from tests.dossiers.money.office import Till, fresh, make_till, refused
from tests.dossiers.money.paid import line, uploaded, with_account, words
from tests.world import MONDAY

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]
OUTCOME = Payment.Outcome


def came_for(till: Till, account: Any, dossiers: list[Dossier], amount: int) -> Payment:
    """A transfer whose words name these dossiers."""
    said = " ".join(words(one) for one in dossiers)
    row = uploaded(account, [line(str(amount), said, "FT9")], by=till.office.clerk)
    statements.record(row, by=till.office.clerk, at=MONDAY)
    return Payment.objects.get()


def split(till: Till, row: Payment, parts: list[Part]) -> list[FeeReceipt]:
    by = till.office.desk(till.office.clerk)
    return transfer_parts.split(
        row.pk, parts, "Người chuyển nói", series_id=till.book.pk, by=by, at=MONDAY
    )


def test_each_part_is_exact_and_they_are_the_whole() -> None:
    till, account = with_account()
    one, two = till.owing(), till.owing(30_000)
    row = came_for(till, account, [one, two], 80_000)
    assert payments.whose([row], row.agency_id, MONDAY)[0][1] == payments.SEVERAL
    wrong = {
        "split_sum": [Part(one, 50_000), Part(two, 20_000)],
        "split_part": [Part(one, 40_000), Part(two, 40_000)],
        "split_twice": [Part(one, 50_000), Part(one, 30_000)],
        "split_few": [Part(one, 80_000)],
    }
    for code, parts in wrong.items():
        assert refused(lambda parts=parts: split(till, row, parts)) == code
    # A book that ends in between: nothing of it is written.
    type(till.book).objects.update(last=till.book.given + 1)
    both = [Part(two, 30_000, as_fee=True), Part(one, 50_000)]
    assert refused(lambda: split(till, row, both)) == "series_used_up"
    assert (Payment.objects.count(), FeeReceipt.objects.count()) == (1, 0)
    type(till.book).objects.update(last=400)
    made = split(till, row, both)
    assert [(r.dossier_id, r.fee, r.charge, r.way) for r in made] == [
        (two.pk, 30_000, 0, Way.TRANSFER), (one.pk, 0, 50_000, Way.TRANSFER),
    ]  # fmt: skip
    assert [r.reference for r in made] == ["FT9", "FT9"]
    assert (fresh(one).fee_owed, fresh(two).fee_owed) == (0, 0)
    row.refresh_from_db()
    assert (row.outcome, row.settled_by) == (OUTCOME.SPLIT, till.office.clerk)
    found = came_in(till.office.agency.pk, MONDAY.date(), MONDAY.date())
    assert (found.count, found.amount) == (2, 80_000)
    assert standing_in_all([till.office.agency.pk]) == (0, 0)
    assert refused(lambda: split(till, row, both)) == "payment_settled"
    assert verify(now=MONDAY).misfit is None


def test_parts_are_joined_again_once_their_receipts_are_void() -> None:
    """The whole stands then, may be split anew, and no đồng counts twice meanwhile."""
    till, account = with_account()
    one, two = till.owing(), till.owing()
    row, agency = came_for(till, account, [one, two], 100_000), till.office.agency.pk
    both = [Part(one, 50_000), Part(two, 50_000)]
    made = split(till, row, both)
    by = till.office.desk(till.office.clerk)

    def join() -> Payment:
        return transfer_parts.join(row.pk, by=by, at=MONDAY)

    for number, receipt in enumerate(made, start=1):
        assert refused(join) == "split_booked"
        till.answer(till.ask(receipt, ReceiptRequest.Kind.VOID))
        assert standing_in_all([agency]) == (number, 50_000 * number)
    part = Payment.objects.filter(parent=row).first()
    assert part is not None
    assert refused(lambda: split(till, part, both)) == "split_again"
    assert join().outcome is None
    assert standing_in_all([agency]) == (1, 100_000)
    assert refused(join) == "payment_settled"
    assert [r.digits for r in split(till, row, both)] == ["0000010", "0000011"]
    found = came_in(agency, MONDAY.date(), MONDAY.date())
    assert (found.count, found.amount) == (2, 100_000)
    assert verify(now=MONDAY).misfit is None


def test_the_page_proposes_what_the_words_name(signed_in: SignIn) -> None:
    till, account = with_account()
    one, two, other = till.owing(), till.owing(), till.owing(20_000)
    row = came_for(till, account, [one, two], 120_000)
    client, where = signed_in(till.office.clerk), f"/thu-tien/khoan-den/{row.pk}/tach/"
    assert where in client.get(f"/thu-tien/khoan-den/{row.pk}/").content.decode()
    html = client.get(where).content.decode()
    assert "Khoản chuyển</h2>" in html  # not all are told by a bank
    assert f'value="{one.code}"' in html
    assert html.count('value="50.000"') == 2
    seen = AccessEvent.objects.filter(kind=AccessKind.VIEWED, detail="tách khoản tiền đến")
    assert {event.object_id for event in seen} == {one.pk, two.pk}
    sent = {
        "series": till.book.pk, "reason": "Đã hỏi", "code_0": one.code, "amount_0": "50.000", "code_1": two.code,
        "amount_1": "50.000", "kind_1": "phi", "code_2": other.code, "amount_2": "",
    }  # fmt: skip
    page = client.post(where, sent)
    assert (page.status_code, "Hãy ghi số tiền của hồ sơ này" in page.content.decode()) == (
        422,
        True,
    )
    page = client.post(where, sent | {"code_2": "H99-000000-9999", "amount_2": "20.000"})
    assert "Không tìm thấy hồ sơ" in page.content.decode()
    html = client.post(where, sent | {"amount_2": "20.000"}, follow=True).content.decode()
    assert "Đã tách 120.000 đồng cho 3 hồ sơ" in html
    assert sorted(FeeReceipt.objects.values_list("fee", "charge")) == [
        (0, 20_000), (0, 50_000), (50_000, 0),
    ]  # fmt: skip
    part = row.parts.earliest("pk")
    for each, why in ((row, "payment_settled"), (part, "split_again")):
        page = client.get(f"/thu-tien/khoan-den/{each.pk}/tach/", follow=True)
        assert say(why) in page.content.decode()
    html = client.get(f"/thu-tien/khoan-den/{row.pk}/").content.decode()
    assert html.count("số 00000") == 3
    assert "Gộp lại thành một khoản" not in html
    for receipt in FeeReceipt.objects.all():
        till.answer(till.ask(receipt, ReceiptRequest.Kind.VOID))
    html = client.get(f"/thu-tien/khoan-den/{row.pk}/").content.decode()
    assert "Gộp lại thành một khoản" in html
    assert signed_in(make_till().office.clerk).post(where, {"gop": "1"}).status_code == 404
    html = client.post(where, {"gop": "1"}, follow=True).content.decode()
    assert "khoản chuyển chờ xem lại" in html
    assert Payment.objects.standing().get() == row


def test_what_the_counter_gave_by_hand_is_a_part(signed_in: SignIn) -> None:
    """It was shown the one transfer, and gave a receipt for each dossier but one (R-123): these are
    tied, and nothing is booked again. Void, each lets its part stand; given to another dossier, the
    part is shown under that one's code.
    """
    till, account = with_account()
    one, two, three = till.owing(), till.owing(), till.owing(30_000)
    given = [till.take(each, way=Way.TRANSFER, reference="FT9") for each in (one, two)]
    cash = till.take(till.owing()).dossier
    row, agency = came_for(till, account, [one, two, three], 130_000), till.office.agency.pk
    wrong = [Part(one, 50_000), Part(cash, 50_000), Part(three, 30_000)]
    assert refused(lambda: split(till, row, wrong)) == "split_part"
    assert (Payment.objects.count(), FeeReceipt.objects.count()) == (1, 3)
    client, where = signed_in(till.office.clerk), f"/thu-tien/khoan-den/{row.pk}/"
    html = client.get(f"{where}tach/").content.decode()
    assert (html.count('value="50.000"'), html.count('value="30.000"')) == (2, 1)
    assert html.count("quầy đã ghi biên lai 50.000") == 2
    made = split(till, row, [Part(one, 50_000), Part(two, 50_000), Part(three, 30_000)])
    assert made[:2] == given
    assert FeeReceipt.objects.count() == 4
    found = came_in(agency, MONDAY.date(), MONDAY.date())
    assert (found.count, found.amount) == (3, 130_000)
    assert standing_in_all([agency]) == (0, 0)
    till.answer(till.ask(given[0], ReceiptRequest.Kind.VOID))
    part = Payment.objects.standing().get()
    assert (part.code, part.amount) == (one.code, 50_000)
    by, other = till.office.desk(till.office.clerk), till.owing()
    payments.assign(part.pk, other, "Đã hỏi", series_id=till.book.pk, by=by, at=MONDAY)
    html = client.get(where).content.decode()
    assert f'hồ sơ <span class="code">{other.code}</span>' in html
    assert verify(now=MONDAY).misfit is None


def test_what_comes_after_the_end_is_split_and_what_is_of_others_is_not() -> None:
    """A person says whose it is, also where results are ready: alone, such money is not booked by
    itself. Nothing is written where one part is another counter's or of what was withdrawn.
    """
    till, account = with_account()
    one, two, theirs = till.owing(), till.owing(), make_till().owing()
    row, by = came_for(till, account, [one, two], 100_000), till.office.desk(till.office.clerk)

    def with_state(state: State, ended_at: datetime) -> None:
        Dossier.objects.filter(pk=one.pk).update(state=state, ended_at=ended_at)

    mine = Part(two, 50_000)
    with_state(State.WITHDRAWN, MONDAY - timedelta(days=1))
    for part, why in (
        (Part(theirs, 50_000), "payment_elsewhere"),
        (Part(one, 50_000), "payment_ended"),
    ):
        assert refused(lambda part=part: split(till, row, [mine, part])) == why
    assert (Payment.objects.count(), FeeReceipt.objects.count()) == (1, 0)
    with_state(State.FINISHED, MONDAY - timedelta(days=1))
    alone = Payment.objects.create(
        agency=till.office.agency, source="sao-ke", reference="FT8", amount=50_000, paid_at=MONDAY,
        content=words(one), came_at=MONDAY,
    )  # fmt: skip
    late = refused(lambda: payments.book(alone.pk, series_id=till.book.pk, by=by, at=MONDAY))
    assert late == "payment_late"
    assert len(split(till, row, [Part(one, 50_000), mine])) == 2


def test_as_many_dossiers_as_are_asked_for(signed_in: SignIn) -> None:
    """Where the words name nobody the lines are few, and more are had by a link; what was typed stays."""
    till, account = with_account()
    some = [till.owing(10_000) for _ in range(6)]
    row = uploaded(account, [line("60.000", "nop le phi 6 ho so", "FT9")], by=till.office.clerk)
    statements.record(row, by=till.office.clerk, at=MONDAY)
    client = signed_in(till.office.clerk)
    where = f"/thu-tien/khoan-den/{Payment.objects.get().pk}/tach/"
    html = client.get(where).content.decode()
    assert 'href="?dong=20"' in html
    assert 'name="code_4"' not in html
    assert 'name="code_19"' in client.get(f"{where}?dong=20").content.decode()
    sent = {f"code_{n}": each.code for n, each in enumerate(some)}
    sent |= {f"amount_{n}": "10.000" for n in range(6)} | {
        "series": str(till.book.pk),
        "reason": "",
    }
    refused_page = client.post(where, sent).content.decode()
    assert all(f'value="{each.code}"' in refused_page for each in some)
    html = client.post(where, sent | {"reason": "Đã hỏi"}, follow=True).content.decode()
    assert "Đã tách 60.000 đồng cho 6 hồ sơ" in html


def test_each_line_says_its_kind(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the statement by its line, in the list by its payment; what says nothing is as the press. No
    payment is booked whose line stands on another page of the list.
    """
    till, account = with_account()
    some = [till.owing() for _ in range(4)]
    lines = [line("50.000", words(one), f"FT{n}") for n, one in enumerate(some[:2])]
    row = uploaded(account, lines, by=till.office.clerk)
    client = signed_in(till.office.clerk)
    html = client.get(f"/thu-tien/sao-ke/{row.pk}/").content.decode()
    first = int(html.split('name="la-dong-')[1].split('"')[0])
    asked = html.split('name="la-dong-')[1].split("</select>")[0]
    assert asked.index(">Như lựa chọn chung<") < asked.index('value="le-phi">Lệ phí<')
    assert 'value="phi">Phí<' in asked
    sent = {"series": till.book.pk, "kind": "le-phi", f"la-dong-{first}": "phi"}
    client.post(f"/thu-tien/sao-ke/{row.pk}/ghi/", sent)
    assert list(FeeReceipt.objects.order_by("pk").values_list("fee", "charge")) == [
        (50_000, 0), (0, 50_000),
    ]  # fmt: skip
    html = client.get(f"/thu-tien/sao-ke/{row.pk}/").content.decode()
    assert f"Đã ghi 23/11/2026 09:00, {till.office.clerk}" in html
    assert BankStatement.objects.get().ended_by == till.office.clerk
    lines = [line("50.000", words(one), f"FT{n + 5}") for n, one in enumerate(some[2:])]
    statements.record(
        uploaded(account, lines, by=till.office.clerk), by=till.office.clerk, at=MONDAY
    )
    standing = list(Payment.objects.standing().order_by("pk"))
    html = client.get("/thu-tien/khoan-den/").content.decode()
    assert all(f'name="la-{one.pk}"' in html for one in standing)
    monkeypatch.setattr(desk, "SIZE", 1)
    for row, said in ((standing[1], "le-phi"), (standing[0], "")):
        html = client.get("/thu-tien/khoan-den/").content.decode()
        assert html.count('name="la-') == 1
        sent = {"series": till.book.pk, "kind": "phi", f"la-{row.pk}": said}
        client.post("/thu-tien/khoan-den/ghi-thu/", sent)
    made = FeeReceipt.objects.order_by("pk").values_list("payment", "fee", "charge")
    assert list(made)[2:] == [(standing[1].pk, 0, 50_000), (standing[0].pk, 50_000, 0)]
