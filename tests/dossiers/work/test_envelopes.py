"""Many dossiers from one person in one go (R-19): each its own code, one receipt with the list, and
the results given back together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from dossiers.acts.endings import ResultIn, finish, record_result
from dossiers.acts.many import Seen
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Return, Slip, Submitter
from dossiers.models.envelopes import Envelope
from dossiers.states import State
from onestop.accounts.models import Department, DepartmentKind, Officer
from tests.clock import Clock
from tests.dossiers.intake import pages
from tests.world import MONDAY, Office, make_case, make_office, vn

Enter = Callable[[Officer], Any]
PEOPLE = (
    "Nguyễn Văn Ân; 001087000123; 0912345678; Thôn 2",
    "Lý Văn Sơn;020075001234",
    "Hoàng Thị Nguyệt\t001187000124\t\tThôn 3",
)


@pytest.fixture
def case(office: Office) -> Any:
    return make_case(name="Thủ tục đăng ký khai sinh")


def sent(case: Any, owners: tuple[str, ...] = PEOPLE, **changes: str) -> dict[str, str]:
    return {
        "token": str(uuid4()),
        "case": str(case.pk),
        "sender_name": "Lý Văn Sơn",
        "authorisation": "Trưởng thôn Nà Lốc",
        "sender_identity": "020075001234",
        "sender_phone": "0912345678",
        "owner_kind": "1",
        "owners": "\n".join(owners),
        "no_scan_reason": "Quét sau",
    } | changes


def address(case: Any) -> str:
    return f"/tiep-nhan/tap-the/lap/{case.version.procedure.code}/"


def test_each_has_its_code_and_one_receipt_lists_them(
    office: Office, case: Any, signed_in: Enter, clock: Clock
) -> None:
    clerk, data = signed_in(office.clerk), sent(case)
    assert "Nhận nhiều hồ sơ một lần" in clerk.get(pages.address(case)).content.decode()
    new = clerk.get(address(case))
    assert new.status_code == 200
    assert new.context["form"].fields["owners"].required
    done = clerk.post(address(case), data)
    assert done.status_code == 302, pages.errors(done)
    rows = list(Dossier.objects.order_by("pk"))
    assert [row.owner_name for row in rows] == ["Nguyễn Văn Ân", "Lý Văn Sơn", "Hoàng Thị Nguyệt"]
    assert len({row.code for row in rows}) == 3
    assert (rows[2].identity_number, rows[2].address) == ("001187000124", "Thôn 3")
    # Who brought them is the submitter of all but his own.
    assert set(Submitter.objects.values_list("dossier", "name")) == {
        (rows[0].pk, "Lý Văn Sơn"),
        (rows[2].pk, "Lý Văn Sơn"),
    }
    assert [slip.slug for slip in Slip.objects.all()] == ["tiep-nhan-tap-the"]
    envelope = Envelope.objects.get()
    paper = clerk.get(f"/tiep-nhan/tap-the/{envelope.pk}/giay/").content.decode()
    paper = paper.replace("<wbr>", "")
    for words in (*(row.code for row in rows), "Lý Văn Sơn", "Trưởng thôn Nà Lốc", "DANH SÁCH KÈM"):
        assert words in paper
    # The same page once more makes nothing new.
    clerk.post(address(case), data)
    assert (Envelope.objects.count(), Dossier.objects.count()) == (1, 3)
    assert "Nộp tập thể" in clerk.get(rows[0].get_absolute_url()).content.decode()
    assert list(verify(now=clock.now).misfits) == []


@pytest.mark.parametrize(
    "changes", [{"sender_name": "Trần Thị Hoa"}, {"authorisation": "Giấy ủy quyền số 2"}]
)
def test_a_page_gone_back_to_brings_nobody_elses_dossiers(
    office: Office, case: Any, signed_in: Enter, changes: dict[str, str]
) -> None:
    """The second person's dossiers would have the first one as who brought them."""
    clerk, data = signed_in(office.clerk), sent(case, PEOPLE[:1])
    clerk.post(address(case), data)
    again = clerk.post(address(case), data | {"owners": PEOPLE[2]} | changes)
    assert (again.status_code, "do Lý Văn Sơn mang đến" in pages.errors(again)) == (422, True)
    assert (Envelope.objects.count(), Dossier.objects.count()) == (1, 1)


def test_one_that_cannot_be_received_is_named_and_the_others_are(
    office: Office, case: Any, signed_in: Enter
) -> None:
    clerk, data = signed_in(office.clerk), sent(case, (*PEOPLE[:2], "; 001087000125"))
    said = clerk.post(address(case), data)
    assert (said.status_code, Dossier.objects.count()) == (422, 2)
    page = said.content.decode()
    assert "1 dòng chưa nhận được" in page
    assert "; 001087000125" in page
    envelope = Envelope.objects.get()
    right = {key: data[key] for key in ("owner_kind", "no_scan_reason")}
    clerk.post(
        f"/tiep-nhan/tap-the/{envelope.pk}/", right | {"owners": "Trần Văn Bình; 001087000125"}
    )
    assert Dossier.objects.filter(envelope__envelope=envelope).count() == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sender_name": ""}, "người nộp"),
        ({"authorisation": ""}, "tư cách"),
        ({"owners": ""}, "mỗi dòng"),
        ({"owners": "A\nA"}, "hai lần"),
        ({"owners": "\n".join(f"Người {n}" for n in range(101))}, "tối đa 100"),
        ({"fee_amount": "nhiều"}, "đồng"),
    ],
)
def test_what_is_missing_is_asked_for(
    office: Office, case: Any, signed_in: Enter, changes: dict[str, str], words: str
) -> None:
    said = signed_in(office.clerk).post(address(case), sent(case) | changes)
    assert (said.status_code, words in pages.errors(said)) == (422, True)
    assert not Envelope.objects.exists()


def test_the_results_go_back_together(office: Office, case: Any, signed_in: Enter) -> None:
    clerk, data = signed_in(office.clerk), sent(case)
    clerk.post(address(case), data)
    envelope, desk = Envelope.objects.get(), office.desk(office.clerk)
    first, second, third = Dossier.objects.order_by("pk")
    result = ResultIn(number="1", issued_on=MONDAY.date(), signer="Tuấn")
    for dossier in (first, second):
        record_result(Seen(dossier.pk), result, by=desk, at=MONDAY)
        finish(Seen(dossier.pk), by=desk, at=MONDAY, note="Sở ký")
    here = f"/tiep-nhan/tap-the/{envelope.pk}/"
    page = clerk.get(here)
    assert "Trả 2 kết quả cho một người" in page.content.decode()
    chosen = [f"{one.pk}.{one.row_version}" for one in page.context["ready"]]
    taker = {
        "name": "Lý Văn Sơn",
        "identity": "020075001234",
        "authorisation": "Trưởng thôn Nà Lốc",
        "signature": "1",
        "notice": "4",
    }
    assert clerk.post(f"{here}tra/", {"chon": chosen}).status_code == 422
    # Of another counter, nobody; what was not ready does not go.
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    assert signed_in(other.clerk).post(f"{here}tra/", taker | {"chon": chosen}).status_code == 404
    clerk.post(f"{here}tra/", taker | {"chon": [*chosen, f"{third.pk}.{third.row_version}"]})
    states = dict(Dossier.objects.values_list("pk", "state"))
    assert [states[one.pk] for one in (first, second, third)] == [
        State.RETURNED, State.RETURNED, third.state,
    ]  # fmt: skip
    takers = dict(Return.objects.values_list("dossier", "taker"))
    assert takers == {first.pk: Return.Taker.AUTHORISED, second.pk: Return.Taker.OWNER}


# --- the receipt is a slip as all others ----------------------------------------------------------


@pytest.fixture
def put_in(office: Office, case: Any, signed_in: Enter) -> tuple[Any, str, Envelope]:
    """The clerk's browser, the address of the envelope's page, and an envelope of three."""
    clerk = signed_in(office.clerk)
    clerk.post(address(case), sent(case))
    envelope = Envelope.objects.get()
    return clerk, f"/tiep-nhan/tap-the/{envelope.pk}/", envelope


def receipts() -> list[Slip]:
    return list(Slip.objects.filter(slug="tiep-nhan-tap-the").order_by("pk"))


def words_of(answer: Any) -> str:
    return str(answer.content.decode().replace("<wbr>", ""))


def test_the_receipt_is_frozen_and_printed_again_identically(
    office: Office, put_in: Any, clock: Clock
) -> None:
    """Number, snapshot, hash, stored PDF; a print is written down (R-87, R-88)."""
    clerk, here, envelope = put_in
    [slip] = receipts()
    assert (slip.number, slip.dossier, slip.of_envelope.envelope) == (1, None, envelope)
    first = Dossier.objects.order_by("pk")[0]
    assert slip.snapshot["lines"][0]["content"] == f"Q.01, số {first.register_number}"
    before = words_of(clerk.get(f"{here}giay/"))
    assert "/tra-cuu/" in before
    assert "data:image/svg" in before
    # What changes afterwards changes no slip.
    counter = Department.objects.get(agency=office.agency, kind=DepartmentKind.ONE_STOP)
    counter.name = "Quầy số 9"
    counter.save()
    clock.now = vn("23/11/2026 09:10")
    again = words_of(clerk.get(f"{here}giay/"))
    article = re.compile(r"<article.*</article>", re.S)
    assert article.findall(again) == article.findall(before) != []
    assert [one.again for one in slip.prints.order_by("pk")] == [False, True]
    pdf = clerk.get(f"{here}giay.pdf")
    assert pdf.content.startswith(b"%PDF")
    [slip] = receipts()
    assert slip.pdf is not None
    assert list(verify(now=clock.now).misfits) == []


def test_more_of_them_give_a_new_receipt_that_names_the_old_one(put_in: Any, clock: Clock) -> None:
    clerk, here, _ = put_in
    more = {
        "owner_kind": "1",
        "no_scan_reason": "Quét sau",
        "owners": "Trần Văn Bình; 001087000125",
    }
    clerk.post(here, more)
    old, new = receipts()
    assert (old.is_standing, new.is_standing, len(new.snapshot["lines"])) == (False, True, 4)
    assert "kết quả số 1 ngày 23 tháng 11 năm 2026" in new.snapshot["replaces"]
    paper = words_of(clerk.get(f"{here}giay/?so=1"))
    assert "đã được thay bằng phiếu số 2" in paper
    page = words_of(clerk.get(here))
    for words in ("Số 1/2026", "Số 2/2026", "đã hủy lúc"):
        assert words in page
    assert list(verify(now=clock.now).misfits) == []


def test_another_counter_finds_no_receipt(put_in: Any, signed_in: Enter) -> None:
    _, here, _ = put_in
    other = signed_in(make_office("Ủy ban nhân dân xã Tân Lập").clerk)
    assert [other.get(f"{here}{one}").status_code for one in ("giay/", "giay.pdf")] == [404, 404]
