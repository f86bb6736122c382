"""The account that payers are shown: proposed and confirmed by two people, on the slip, the dossier's
page and the look-up.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.acts import bank_accounts as domain
from dossiers.acts.bank_accounts import Account
from dossiers.intake.secrets import lookup_url
from dossiers.intake.transfers import reference_of, transfer_for
from dossiers.models import Dossier, Slip
from dossiers.models.banking import BankAccount
from onestop.accounts.models import AccessEvent, AccessKind, Officer, Role
from tests.dossiers.money import emvco
from tests.dossiers.money.office import Till, make_till, refused
from tests.world import MONDAY, make_officer

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]
TODAY = date(2026, 11, 23)
ACCOUNT = Account("970436", "0011 0045 67890", "UBND xã Tân Hà", TODAY)


@pytest.fixture
def till() -> Till:
    return make_till()


def administrator(till: Till) -> Officer:
    return make_officer("Vũ Quản Trị", till.office.agency, (Role.ADMINISTRATOR, None))


def opened(till: Till, account: Account = ACCOUNT) -> BankAccount:
    """Proposed and confirmed."""
    office = till.office
    row = domain.propose(office.agency, account, by=office.desk(administrator(till)), at=MONDAY)
    return domain.confirm(row.pk, by=office.desk(office.leader), at=MONDAY)


def paid_to(dossier: Dossier, day: date = TODAY) -> str:
    found = transfer_for(Dossier.objects.get(pk=dossier.pk), dossier.received_by_agency_id, day)
    return found.number if found is not None else ""


def test_nobody_confirms_the_own_account(till: Till) -> None:
    office, dossier = till.office, till.owing()
    both = make_officer("Hai Vai", office.agency, (Role.ADMINISTRATOR, None), (Role.LEADER, None))
    row = domain.propose(office.agency, ACCOUNT, by=office.desk(both), at=MONDAY)
    assert (
        refused(lambda: domain.confirm(row.pk, by=office.desk(both), at=MONDAY)) == "decision_own"
    )
    for other in (office.clerk, till.cashier):
        by = office.desk(other)
        assert refused(lambda by=by: domain.confirm(row.pk, by=by, at=MONDAY)) == "not_allowed"
        assert (
            refused(lambda by=by: domain.propose(office.agency, ACCOUNT, by=by, at=MONDAY))
            == "not_allowed"
        )
    assert paid_to(dossier) == ""
    domain.confirm(row.pk, by=office.desk(office.leader), at=MONDAY)
    assert paid_to(dossier) == "0011004567890"
    again = office.desk(office.leader)
    assert refused(lambda: domain.confirm(row.pk, by=again, at=MONDAY)) == "decision_over"
    said = AccessEvent.objects.filter(
        kind=AccessKind.AGENCY_CHANGED, detail__contains="0011004567890"
    )
    assert said.count() == 2


@pytest.mark.parametrize(
    ("account", "code"),
    [
        (Account("999999", "1", "A", TODAY), "account_bank"),
        (Account("970436", "12-3", "A", TODAY), "account_number"),
        (Account("970436", "1" * 20, "A", TODAY), "account_number"),
        (Account("970436", "1", "A", TODAY - timedelta(days=1)), "account_day"),
    ],
)
def test_what_is_no_account_is_refused(till: Till, account: Account, code: str) -> None:
    office, by = till.office, till.office.desk(administrator(till))
    assert refused(lambda: domain.propose(office.agency, account, by=by, at=MONDAY)) == code


def test_another_account_takes_over_on_its_day(till: Till) -> None:
    dossier, later = till.owing(), TODAY + timedelta(days=3)
    opened(till)
    second = opened(till, Account("970405", "2", "UBND", later))
    assert [paid_to(dossier), paid_to(dossier, later)] == ["0011004567890", "2"]
    domain.end(second.pk, by=till.office.desk(till.office.leader), at=MONDAY)
    assert paid_to(dossier, later) == "0011004567890"


def test_ending_the_account_does_not_bring_back_the_one_before(till: Till) -> None:
    dossier, by = till.owing(), till.office.desk(till.office.leader)
    opened(till)
    second = opened(till, Account("970405", "2", "UBND", TODAY))
    assert paid_to(dossier) == "2"
    domain.end(second.pk, by=by, at=MONDAY)
    assert [paid_to(dossier), paid_to(dossier, TODAY + timedelta(days=9))] == ["", ""]
    opened(till, Account("970405", "3", "UBND", TODAY))
    assert paid_to(dossier) == "3"


def test_the_receiving_slip_says_how_to_pay(till: Till) -> None:
    before = till.owing()
    assert "pay" not in Slip.objects.get(dossier=before, slug="tiep-nhan").snapshot
    opened(till)
    dossier = till.owing()
    pay = Slip.objects.get(dossier=dossier, slug="tiep-nhan").snapshot["pay"]
    found = emvco.read(pay["text"])
    assert (found["54"], found["62.08"]) == ("50000", reference_of(dossier.code))
    assert (pay["bank"], pay["number"], pay["amount"]) == ("Vietcombank", "0011004567890", 50_000)
    assert "pay" not in Slip.objects.get(dossier=till.owing(0), slug="tiep-nhan").snapshot


def test_pages_show_it_while_something_is_owed(till: Till, signed_in: SignIn, client: Any) -> None:
    opened(till)
    dossier = till.owing()
    officer = signed_in(till.office.clerk)
    lookup = lookup_url(dossier)
    for html in (
        officer.get(dossier.get_absolute_url()).content.decode(),
        client.get(lookup).content.decode(),
    ):
        assert reference_of(dossier.code) in html
        assert "Mã VietQR chuyển khoản 50.000 đồng" in html
    # By the code alone nothing of money is told.
    assert "VietQR" not in client.get(f"/tra-cuu/{dossier.code}/").content.decode()
    till.take(dossier)
    assert "VietQR" not in officer.get(dossier.get_absolute_url()).content.decode()
    assert "VietQR" not in client.get(lookup).content.decode()


def test_the_page_proposes_and_another_confirms(till: Till, signed_in: SignIn) -> None:
    where = "/quan-tri/mot-cua/tai-khoan/"
    sent = {
        "bank": "970436",
        "number": "0011004567890",
        "holder": "UBND xã",
        "from_day": "23/11/2026",
    }
    html = signed_in(administrator(till)).post(where, sent, follow=True).content.decode()
    assert "Đã ghi đề nghị" in html
    assert "Người nộp chưa thấy tài khoản nào" in html
    row = BankAccount.objects.get()
    leader = signed_in(till.office.leader)
    assert "Đề nghị tài khoản" not in leader.get(where).content.decode()
    html = leader.post(f"{where}{row.pk}/xac-nhan/", follow=True).content.decode()
    assert "Người nộp đang thấy: <strong>Vietcombank 0011004567890" in html
    leader.post(f"{where}{row.pk}/thoi-dung/")
    assert "chưa thấy tài khoản nào" in leader.get(where).content.decode()
    assert leader.post(f"{where}{row.pk}/xoa/").status_code == 404
    stranger = make_till()
    assert signed_in(stranger.office.leader).post(f"{where}{row.pk}/xac-nhan/").status_code == 404
