"""After every act that made a paper the page offers to print it by one key (Ctrl+P): on the page of
the act, in the lists, at the counter. Which slips there are is read from the acts' declarations.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest

from dossiers import registry
from dossiers.acts import endings, handovers, payment, receipt_series, supplements
from dossiers.acts.endings import ResultIn
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import Batch, Dossier, Result, Slip, SlipPrint
from dossiers.models.collecting import ResultNotice
from onestop.accounts.models import Officer
from tests.clock import Clock
from tests.dossiers.intake.pages import address, typed
from tests.dossiers.intake.test_immediate import a_line, copies
from tests.dossiers.own.fees import BOOK
from tests.dossiers.returning.test_collecting import ready
from tests.dossiers.work.test_acts import STOP
from tests.dossiers.work.test_lawful_pages import SAID as DECIDED
from tests.dossiers.work.test_payment_pages import PROVED, TAX, TYPED
from tests.dossiers.work.test_repair_pages import CORRECTED, LOST, returned
from tests.world import MONDAY, Office, make_agency, make_case, receive

REFUSED = ResultIn(kind=Result.Kind.REFUSED, reason="Đất đang có tranh chấp")
SORRY = {"quantity": "2", "unit": "ngay-lam-viec", "reason": "Chờ xác minh"}


@dataclass
class Desk:
    """An office, whoever signs in there, dossiers where the acts need them."""

    office: Office
    at_room: Callable[..., Dossier]
    sign_in: Callable[[Officer], Any]

    def post(self, officer: Officer, where: str, data: Any = None) -> str:
        done = self.sign_in(officer).post(where, data or {}, follow=True)
        assert done.status_code == 200, done.content.decode()
        html: str = done.content.decode()
        return html

    def on(self, dossier: Dossier, officer: Officer, act: str, data: Any = None) -> str:
        return self.post(officer, f"{dossier.get_absolute_url()}{act}/", data)

    def received(self) -> Dossier:
        return receive(self.office, make_case())

    def asked(self) -> Dossier:
        dossier = self.received()
        clerk = self.office.desk(self.office.clerk)
        supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY)
        return dossier

    def refused(self) -> Dossier:
        """With its refusal written, on the specialist's desk."""
        dossier = self.at_room()
        by = self.office.desk(self.office.specialist)
        endings.record_result(Seen(dossier.pk), REFUSED, by=by, at=MONDAY)
        return Dossier.objects.get(pk=dossier.pk)

    def submitted(self) -> Dossier:
        dossier, by = self.refused(), self.office.desk(self.office.specialist)
        handovers.hand_over(dossier, to=self.office.leadership, by=by, at=MONDAY)
        return Dossier.objects.get(pk=dossier.pk)

    def on_its_way_home(self) -> Dossier:
        """Refused on paper elsewhere: the counter's confirmation ends it, and makes the slip."""
        dossier, by = self.refused(), self.office.desk(self.office.specialist)
        note = "Chủ tịch ký trên giấy"
        handovers.hand_over(dossier, to=self.office.counter, by=by, at=MONDAY, note=note)
        return Dossier.objects.get(pk=dossier.pk)

    def chosen(self, *dossiers: Dossier) -> dict[str, Any]:
        return {"chon": [f"{d.pk}.{Dossier.objects.get(pk=d.pk).row_version}" for d in dossiers]}


@pytest.fixture
def desk(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[[Officer], Any],
    clock: Clock,
) -> Desk:
    return Desk(office, at_room, signed_in)


def _receive(desk: Desk) -> str:
    case = make_case()
    return desk.post(desk.office.clerk, address(case), typed(case))


def _guide(desk: Desk) -> str:
    case = make_case()
    sent = typed(case, viec="bo-sung", guide_reason="Chưa đủ", declared="Họ tên mẹ")
    return desk.post(desk.office.clerk, address(case), sent)


def _refuse(desk: Desk) -> str:
    case = make_case()
    sent = typed(case, viec="tu-choi", refuse_reason="Không thuộc thẩm quyền")
    return desk.post(desk.office.clerk, address(case), sent)


def _promise_a_line(desk: Desk) -> str:
    return desk.post(desk.office.clerk, "/tiep-nhan/tra-ngay/", a_line(copies(), viec="hen"))


def _promise_instead(desk: Desk) -> str:
    said = desk.post(desk.office.clerk, "/tiep-nhan/tra-ngay/", a_line(copies()))
    back = re.search(r'<form action="([^"]+seen=[^"]+)"', said)
    assert back is not None
    return desk.post(desk.office.clerk, unescape(back[1]))


def _ask(desk: Desk) -> str:
    dossier = desk.received()
    sent = {"declared": "Họ tên mẹ", "reason": "Thiếu"}
    return desk.on(dossier, desk.office.clerk, "yeu-cau-bo-sung", sent)


def _complete(desk: Desk) -> str:
    return desk.on(desk.asked(), desk.office.clerk, "nhan-bo-sung")


def _ask_payment(desk: Desk) -> str:
    return desk.on(desk.received(), desk.office.clerk, "nghia-vu-tai-chinh", TYPED)


def _take_fee(desk: Desk) -> str:
    by = desk.office.desk(desk.office.leader)
    book = receipt_series.open_book(desk.office.agency, BOOK, by=by, at=MONDAY)
    sent = {"charge": "5.000", "way": "1", "series": book.pk, "more": "Bản sao"}
    return desk.on(desk.received(), desk.office.clerk, "thu-phi", sent)


def _open_legs(desk: Desk) -> str:
    other = make_agency("Ủy ban nhân dân xã Phối Hợp")
    sent = {"kind": "2", "agency_1": other.name, "task_1": "Xác nhận", "hours_1": "8"}
    return desk.on(desk.received(), desk.office.clerk, "phoi-hop", sent)


def _record_payment(desk: Desk) -> str:
    dossier = desk.received()
    payment.ask_payment(Seen(dossier.pk), TAX, by=desk.office.desk(desk.office.clerk), at=MONDAY)
    sent = PROVED | {"paid_on": "23/11/2026"}
    return desk.on(dossier, desk.office.clerk, "da-nop", sent)


def _re_appoint(desk: Desk) -> str:
    dossier, leader = desk.submitted(), desk.office.leader
    handovers.confirm(Seen(dossier.pk), by=desk.office.desk(leader), at=MONDAY)
    return desk.on(dossier, leader, "hen-lai", SORRY | {"signer": leader.pk})


def _apologise(desk: Desk) -> str:
    sent = {"reason": "Chờ xác minh", "signer": desk.office.leader.pk}
    return desk.on(desk.at_room(), desk.office.leader, "xin-loi", sent)


def _urge(desk: Desk) -> str:
    sent = {"asked": "Trình kết quả", "answer_by": "24/11/2026 16:30"}
    return desk.on(desk.at_room(), desk.office.leader, "don-doc", sent)


def _consult(desk: Desk) -> str:
    sent = {"bodies": "Công an xã", "content": "Có tranh chấp không?", "day": "25/11/2026"}
    return desk.on(desk.at_room(), desk.office.specialist, "lay-y-kien", sent)


def _inspect(desk: Desk) -> str:
    sent = {
        "held_at": "23/11/2026 09:00", "place": "Thôn 2", "people": "Lý Văn Sơn, trưởng thôn", "content": "Đo đất",
        "conclusion": "Đúng ranh giới",
    }  # fmt: skip
    return desk.on(desk.at_room(), desk.office.specialist, "xac-minh", sent)


def _appoint_step(desk: Desk) -> str:
    sent = {"what": "Kiểm tra thực địa", "meet_at": "24/11/2026 08:30", "place": "Thôn 2"}
    return desk.on(desk.received(), desk.office.clerk, "hen-buoc", sent)


def _extend(desk: Desk) -> str:
    sent = DECIDED | {"quantity": "2", "unit": "ngay-lam-viec", "signer": desk.office.leader.pk}
    return desk.on(desk.received(), desk.office.leader, "gia-han", sent)


def _exclude(desk: Desk) -> str:
    days = {"begins_on": "23/11/2026", "ends_on": "30/11/2026", "unit": "ngay"}
    sent = DECIDED | days | {"signer": desk.office.leader.pk}
    return desk.on(desk.received(), desk.office.leader, "khong-tinh", sent)


def _send_to_tax(desk: Desk) -> str:
    sent = {"authority": "Thuế cơ sở 3", "content": "Lệ phí trước bạ", "legal_basis": "Điều 5"}
    return desk.on(desk.received(), desk.office.clerk, "chuyen-thue", sent)


def _invite(desk: Desk) -> str:
    sent = {"way": ResultNotice.Way.LETTER, "told_to": "Nguyễn Văn Ân", "note": "Gửi bưu điện"}
    return desk.on(ready(desk.office), desk.office.clerk, "bao-ket-qua", sent)


def _give_back(desk: Desk) -> str:
    dossier = ready(desk.office)
    sent = {"seen": dossier.row_version, "taker": 1, "name": "Nguyễn Văn Ân", "way": 1}
    where = f"/tra-ket-qua/{dossier.code}/"
    return desk.post(desk.office.clerk, where, sent | {"signature": 1, "notice": 4})


def _give_back_many(desk: Desk) -> str:
    chosen = desk.chosen(ready(desk.office), ready(desk.office))
    sent = chosen | {"lam": "1", "taker": "1", "way": "1", "signature": "1", "notice": "4"}
    return desk.post(desk.office.clerk, "/viec/lam/tra-ket-qua/", sent)


def _correct_result(desk: Desk) -> str:
    return desk.on(returned(desk.office), desk.office.leader, "dinh-chinh", CORRECTED)


def _record_loss(desk: Desk) -> str:
    return desk.on(returned(desk.office), desk.office.clerk, "mat-hong", LOST)


def _stop(desk: Desk) -> str:
    return desk.on(desk.at_room(), desk.office.head, "dung", STOP)


def _record_refusal(desk: Desk) -> str:
    """By whoever approves: nobody else is asked."""
    dossier, leader = desk.submitted(), desk.office.leader
    handovers.confirm(Seen(dossier.pk), by=desk.office.desk(leader), at=MONDAY)
    return desk.on(dossier, leader, "ket-qua", {"kind": "2", "reason": "Thiếu điều kiện"})


def _approve(desk: Desk) -> str:
    return desk.on(desk.submitted(), desk.office.leader, "duyet")


def _approve_many(desk: Desk) -> str:
    chosen = desk.chosen(desk.submitted(), desk.submitted())
    return desk.post(desk.office.leader, "/viec/duyet/", chosen)


def _confirm(desk: Desk) -> str:
    return desk.on(desk.on_its_way_home(), desk.office.clerk, "nhan")


def _confirm_many(desk: Desk) -> str:
    chosen = desk.chosen(desk.on_its_way_home(), desk.on_its_way_home())
    return desk.post(desk.office.clerk, "/ban-giao/nhan/xac-nhan/", chosen)


def _scan(desk: Desk) -> str:
    codes = {"codes": desk.on_its_way_home().code}
    return desk.post(desk.office.clerk, "/ban-giao/nhan/quet/", codes)


def _scan_with_a_strange_code(desk: Desk) -> str:
    codes = {"codes": f"{desk.on_its_way_home().code}\nH99.9-261123-0999"}
    return desk.post(desk.office.clerk, "/ban-giao/nhan/quet/", codes)


def _give(desk: Desk, *dossiers: Dossier) -> str:
    sent = desk.chosen(*dossiers) | {"to": str(desk.office.room.pk), "giao": "1"}
    return desk.post(desk.office.clerk, "/ban-giao/giao/", sent | {"step": "quy-trinh"})


def _give_one(desk: Desk) -> str:
    return _give(desk, desk.received())


def _give_many(desk: Desk) -> str:
    return _give(desk, desk.received(), desk.received())


def _give_with_one_refused(desk: Desk) -> str:
    return _give(desk, desk.received(), desk.at_room(), desk.received())


def _move_a_desk(desk: Desk) -> str:
    desk.at_room()
    office = desk.office
    sent = {"leaver": office.specialist.pk, "successor": office.head.pk, "reason": "Nghỉ"}
    return desk.post(office.leader, "/ban-giao/ban-lam-viec/", sent)


# What is done, and the slug of the paper that the key prints then.
LIST = "ban-giao"
ACTS: list[tuple[Callable[[Desk], str], str]] = [
    (_receive, "tiep-nhan"),
    (_guide, "bo-sung"),
    (_refuse, "tu-choi"),
    (_promise_a_line, "tiep-nhan"),
    (_promise_instead, "tiep-nhan"),
    (_ask, "bo-sung"),
    (_complete, "tiep-nhan"),
    (_ask_payment, "nghia-vu"),
    (_record_payment, "tiep-nhan"),
    (_take_fee, "bien-lai"),
    (_open_legs, "chuyen-xu-ly"),
    (_re_appoint, "xin-loi"),
    (_apologise, "thu-xin-loi"),
    (_urge, "don-doc"),
    (_consult, "lay-y-kien"),
    (_inspect, "xac-minh"),
    (_appoint_step, "hen-buoc"),
    (_extend, "gia-han"),
    (_exclude, "khong-tinh"),
    (_send_to_tax, "chuyen-thue"),
    (_invite, "moi-nhan"),
    (_give_back, "tra-ket-qua"),
    (_give_back_many, "tra-ket-qua"),
    (_correct_result, "dinh-chinh"),
    (_record_loss, "mat-hong"),
    (_stop, "dung"),
    (_record_refusal, "tu-choi"),
    (_approve, "tu-choi"),
    (_approve_many, "tu-choi"),
    (_confirm, "tu-choi"),
    (_confirm_many, "tu-choi"),
    (_scan, "tu-choi"),
    (_scan_with_a_strange_code, "tu-choi"),
    (_give_one, LIST),
    (_give_many, LIST),
    (_give_with_one_refused, LIST),
    (_move_a_desk, LIST),
]


def offered(html: str) -> str:
    """What Ctrl+P opens on this page: the first of its offers, as app.js takes it."""
    found = re.search(r'data-print-url="([^"]+)"', html)
    assert found is not None, "Ctrl+P prints the page itself"
    return unescape(found[1])


@pytest.mark.parametrize(("act", "slug"), ACTS, ids=lambda one: getattr(one, "__name__", one))
def test_the_key_prints_what_the_act_made(
    desk: Desk, act: Callable[[Desk], str], slug: str
) -> None:
    html = act(desk)
    people = (desk.office.clerk, desk.office.leader, desk.office.head)
    answers = (desk.sign_in(one).get(offered(html)) for one in people)
    paper = next(one for one in answers if one.status_code == 200).content.decode()
    assert f"slip-{slug} layout-" in paper
    assert "data-autoprint" in paper  # at once, without another press
    told = html.replace("</kbd><kbd>", " ")
    assert re.search(r"In [^<]+ <kbd>Ctrl P</kbd>", told)  # and the page says so


def test_no_slip_of_an_act_is_left_out() -> None:
    """The control sheet is made by being printed: nothing follows it."""
    assert {slug for _, slug in ACTS} == set(registry.slip_kinds()) - {"kiem-soat"} | {LIST}


def test_nothing_is_offered_where_no_paper_was_made(desk: Desk) -> None:
    dossier = desk.received()
    said = {"requested_by": "Nguyễn Văn Ân", "requested_on": "23/11/2026", "reason": "Thôi"}
    html = desk.on(dossier, desk.office.clerk, "rut", said | {"fee_consequence": "Không thu"})
    assert "Đã ghi công dân rút hồ sơ" in html
    assert "data-print-url" not in html


def test_the_papers_of_a_press_are_one_page_for_whoever_pressed(desk: Desk) -> None:
    """Every slip of the press that stands, each print written down; nobody else's page."""
    one, two, other = (desk.submitted() for _ in range(3))
    page = offered(desk.post(desk.office.leader, "/viec/duyet/", desk.chosen(one, two)))
    desk.post(desk.office.leader, "/viec/duyet/", desk.chosen(other))
    leader = desk.sign_in(desk.office.leader)
    paper = leader.get(f"{page}&lien=1").content.decode()
    assert paper.count("<article") == 2
    assert [one.code in paper, two.code in paper, other.code in paper] == [True, True, False]
    assert list(SlipPrint.objects.values_list("copies", "again")) == [(1, False)] * 2
    assert leader.get(page).content.decode().count("<article") == 4  # in two copies
    assert SlipPrint.objects.filter(again=True, copies=2).count() == 2
    assert desk.sign_in(desk.office.head).get(page).status_code == 404
    desk.on(one, desk.office.leader, "hoan-tac")
    assert leader.get(f"{page}&lien=1").content.decode().count("<article") == 1
    assert Slip.objects.filter(undone_at__isnull=False, slug="tu-choi").count() == 1


def test_lists_are_numbered_through_the_year_of_the_office(desk: Desk) -> None:
    for _ in range(2):
        _give_one(desk)
    _give(desk, desk.at_room())  # refused: no number is lost
    _give_many(desk)
    given = Batch.objects.filter(giver=desk.office.clerk, note="").order_by("pk")
    numbers = [batch.number for batch in given]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {batch.serial for batch in given} >= {"1/2026", "2/2026"}
