"""A counter with a bank account, and a bank's statement of what came to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts.payments import Came
from dossiers.importing import statements
from dossiers.intake.transfers import reference_of
from dossiers.models import Dossier
from dossiers.models.banking import BankAccount
from dossiers.models.payments import BankStatement
from tests.dossiers.money.office import Till, make_till
from tests.world import MONDAY

HEADS = ("STT", "Ngày giao dịch", "Số bút toán", "Ghi nợ", "Ghi có", "Số dư", "Nội dung giao dịch")


def with_account(till: Till | None = None) -> tuple[Till, BankAccount]:
    till = till or make_till(last=400)
    office = till.office
    account = BankAccount.objects.create(
        agency=office.agency, bank="970436", number="0011004567890", holder="UBND", from_day=date(2026, 1, 1),
        proposed_by=office.clerk, proposed_at=MONDAY, confirmed_by=office.leader, confirmed_at=MONDAY,
    )  # fmt: skip
    return till, account


def words(dossier: Dossier) -> str:
    return f"MBVCB.77.{reference_of(dossier.code)}.CT tu 0123 NGUYEN VAN A"


def line(amount: str, content: str, number: str = "", day: str = "23/11/2026") -> Sequence[str]:
    return ("1", day, number, "", amount, "", content)


def csv_of(lines: Sequence[Sequence[str]]) -> bytes:
    head = ("NGÂN HÀNG TMCP NGOẠI THƯƠNG", "", "", "", "", "", "")
    rows = [head, HEADS, *lines]
    return "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows).encode()


def uploaded(
    account: BankAccount, lines: Sequence[Sequence[str]], *, by: object, name: str = "sao-ke.csv"
) -> BankStatement:
    """Uploaded, its columns confirmed as they were guessed."""
    file = SimpleUploadedFile(name, csv_of(lines))
    row = statements.start(file, account=account, by=by, at=MONDAY)  # type: ignore[arg-type]
    statements.confirm_columns(row, statements.table_of(row).columns)
    return row


def came(dossier: Dossier, amount: int = 50_000, reference: str = "TX1", **said: object) -> Came:
    values = {
        "source": "cong", "reference": reference, "amount": amount, "paid_at": MONDAY, "code": dossier.code,
    }  # fmt: skip
    return Came(**(values | said))  # type: ignore[arg-type]
