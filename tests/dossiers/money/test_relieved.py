"""Who was exempted, under which group and by which paper: in the settlement, on its page and in its
files (R-125, R-126).
"""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from dossiers.acts import relieving
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.desk.relieved import relieved
from dossiers.models.money import FeeRelief, ReceiptRequest
from dossiers.views import cashier
from onestop.accounts.models import AccessEvent, AccessKind, Officer
from tests.dossiers.money.office import Till, make_till
from tests.world import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
SignIn = Callable[[Officer], Any]


@pytest.fixture
def till() -> Till:
    return make_till()


def relieve(till: Till, group: str, proof: str = "Sổ số 1") -> FeeRelief:
    seen = Seen(till.owing().pk)
    return relieving.relieve_fee(
        seen, group, proof, by=till.office.desk(till.office.clerk), at=MONDAY
    )


def test_by_group_and_one_by_one(till: Till) -> None:
    """A group spelt otherwise is the same; what was voided stands in the list and in no sum; what was
    taken back, and what another counter or another day has, stands nowhere.
    """
    less = till.take(till.owing(), charge=20_000, relief="Hộ nghèo", proof="GCN số 12")
    relieve(till, "hộ nghèo")
    relieve(till, "Trẻ em", "Giấy khai sinh số 7")
    wrong = till.take(till.owing(), charge=1_000, relief="Trẻ em", proof="Khai sinh")
    till.answer(till.ask(wrong, ReceiptRequest.Kind.VOID))
    back = relieve(till, "Người cao tuổi")
    take_back(Seen(back.dossier_id), by=till.office.desk(till.office.clerk), at=MONDAY)
    relieve(make_till(), "Người khuyết tật")
    found = relieved(till.office.agency.pk, DAY, DAY)
    groups = [(one.group, one.count, one.not_taken) for one in found.groups]
    assert groups == [("Hộ nghèo", 2, 80_000), ("Trẻ em", 1, 50_000)]
    assert (found.count, found.not_taken) == (3, 130_000)
    by_code = {line.code: line for line in found.lines}
    assert len(by_code) == 4
    line = by_code[less.dossier.code]
    assert (line.taken, line.not_taken, line.proof) == (20_000, 30_000, "GCN số 12")
    assert line.receipt.endswith(less.digits)
    assert by_code[wrong.dossier.code].void_at == MONDAY
    day = DAY + timedelta(days=1)
    assert relieved(till.office.agency.pk, day, day).lines == []


def test_a_relief_of_before_is_of_the_counter_that_received(till: Till) -> None:
    row = relieve(till, "Hộ nghèo")
    FeeRelief.objects.filter(pk=row.pk).update(agency=None)
    assert [line.code for line in relieved(till.office.agency.pk, DAY, DAY).lines] == [
        row.dossier.code
    ]
    assert relieved(make_till().office.agency.pk, DAY, DAY).lines == []


def test_the_page_names_some_and_the_files_all(
    till: Till, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose names were seen is written."""
    monkeypatch.setattr(cashier, "NAMED", 1)
    first, second = relieve(till, "Hộ nghèo", "GCN số 12"), relieve(till, "Trẻ em")
    client = signed_in(till.office.leader)
    html = client.get("/thu-tien/quyet-toan/").content.decode()
    assert "Hộ nghèo; GCN số 12" in html
    assert "100.000 đồng" in html
    assert "Còn 1 lượt nữa" in html
    assert second.dossier.code not in html
    book = CalamineWorkbook.from_object(
        BytesIO(client.get("/thu-tien/quyet-toan.xlsx?tu=01/11/2026&den=30/11/2026").content)
    )
    lines = book.get_sheet_by_name("Miễn, giảm").to_python()
    assert [line[1] for line in lines[1:3]] == [first.dossier.code, second.dossier.code]
    assert lines[1][3:5] == ["Hộ nghèo", "GCN số 12"]
    assert lines[-1][7] == 100_000
    assert client.get("/thu-tien/quyet-toan.pdf").content.startswith(b"%PDF")

    def seen_by(kind: AccessKind) -> list[int]:
        rows = AccessEvent.objects.filter(kind=kind, object_kind="dossier")
        return sorted(row.object_id or 0 for row in rows)

    both = [first.dossier_id, second.dossier_id]
    assert seen_by(AccessKind.VIEWED) == both[:1]
    assert seen_by(AccessKind.DOWNLOADED) == sorted(both * 2)
    # And of which counter and days each file is.
    files = AccessEvent.objects.filter(kind=AccessKind.DOWNLOADED, object_kind="work")
    words = f"Quyết toán phí, lệ phí {till.office.agency.code}, 01/11/2026 – 30/11/2026"
    assert list(files.values_list("detail", flat=True)) == [words] * 2
    # A year at most: the days of more are those of this month, and it is said.
    asked = "?tu=01/01/2024&den=31/12/2026"
    assert (
        "20261101-20261130"
        in client.get(f"/thu-tien/quyet-toan.xlsx{asked}")["Content-Disposition"]
    )
    html = client.get(f"/thu-tien/quyet-toan/{asked}").content.decode()
    assert "từ 01/11/2026 đến 30/11/2026" in html
    assert "nhiều nhất một năm" in html
    html = client.get("/thu-tien/quyet-toan/?tu=01/01/2026&den=31/12/2026").content.decode()
    assert "từ 01/01/2026 đến 31/12/2026" in html


def test_a_month_that_is_over_keeps_its_sums(till: Till) -> None:
    """R-126: what is voided or taken back in December was not taken in November; of both months it
    counts no more.
    """
    december = MONDAY + timedelta(days=10)
    less = till.take(till.owing(), charge=20_000, relief="Hộ nghèo", proof="GCN số 12")
    free, agency = relieve(till, "Trẻ em"), till.office.agency.pk
    november = (date(2026, 11, 1), date(2026, 11, 30))
    before = relieved(agency, *november)
    assert before.not_taken == 80_000
    till.answer(till.ask(less, ReceiptRequest.Kind.VOID, at=december), at=december)
    take_back(Seen(free.dossier_id), by=till.office.desk(till.office.clerk, december), at=december)
    assert relieved(agency, *november) == before
    both = relieved(agency, november[0], date(2026, 12, 31))
    assert (both.not_taken, [line.void_at for line in both.lines]) == (0, [december])
