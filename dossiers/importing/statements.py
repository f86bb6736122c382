"""A bank's statement, looked through and recorded: each payment once, however often the bank tells it;
what went out, totals and notes are passed over; what cannot be read is named.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from dossiers.acts import payments
from dossiers.acts.payments import Came
from dossiers.importing.online_columns import columns_of
from dossiers.importing.online_lines import is_numbers, ordered, text_of
from dossiers.importing.trouble import LineRefused
from dossiers.intake.online import FIRST_DAY
from dossiers.models import Dossier
from dossiers.models.banking import BankAccount
from dossiers.models.payments import BankStatement, Payment
from onestop.changes.domain import add_all
from onestop.columns import Columns, TableOf, Wanted
from onestop.errors import DomainError, say
from onestop.folding import fold
from onestop.jobs import staged
from onestop.tables import TableRow
from onestop.typed import squeeze
from onestop.vietqr import MOST_AMOUNT
from onestop.worktime import VN, InstantError, parse_instant

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.accounts.models import Officer

FOLDER = "bank-statements"
FIELDS = {
    "paid_at": "Ngày giao dịch",
    "credit": "Tiền vào (ghi có)",
    "content": "Nội dung",
    "number": "Số giao dịch, số chứng từ",
    "debit": "Tiền ra (ghi nợ)",
    "payer": "Người chuyển",
    "balance": "Số dư",
}
WANTED = Wanted(FIELDS, ("paid_at", "credit", "content"))
_HEADINGS: dict[str, tuple[str, ...]] = {
    "paid_at": (
        "ngay giao dich", "thoi gian giao dich", "ngay gio giao dich", "ngay hach toan", "ngay hieu luc",
        "transaction date", "posting date", "value date", "ngay gd", "thoi gian", "ngay", "date",
    ),
    "credit": (
        "so tien ghi co", "phat sinh co", "ps co", "ghi co", "tien vao", "so tien vao", "credit amount", "credit",
        "co", "so tien", "so tien giao dich", "amount",
    ),
    "debit": (
        "so tien ghi no", "phat sinh no", "ps no", "ghi no", "tien ra", "so tien ra", "debit amount", "debit", "no",
    ),
    "content": (
        "noi dung giao dich", "noi dung chi tiet", "noi dung", "noi dung thanh toan", "dien giai", "mo ta",
        "mo ta giao dich", "transaction detail", "details", "description", "remarks",
    ),
    "number": (
        "so giao dich", "ma giao dich", "so tham chieu", "so but toan", "so chung tu", "so ct", "so gd",
        "transaction number", "reference", "ref no", "doc no", "seq no",
    ),
    "payer": (
        "ten nguoi chuyen", "nguoi chuyen", "ten doi tac", "don vi thu huong don vi chuyen", "doi tac", "ten tai khoan doi ung",
        "tai khoan doi ung", "remitter", "counterparty",
    ),
    "balance": ("so du", "so du sau giao dich", "so du luy ke", "running balance", "balance"),
}  # fmt: skip
# No amount is longer.
MOST_SIGNS = 40
_GROUPED = re.compile(r"\d{1,3}(?:(?:\.\d{3})+(?:,0{1,2})?|(?:,\d{3})+(?:\.0{1,2})?)")
_PLAIN = re.compile(r"(\d+)(?:[.,]0{1,2})?")
_CURRENCY = re.compile(r"(?:vnd|vnđ|đồng|đ|d)$")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})")
Stage = BankStatement.Stage


@dataclass(frozen=True, slots=True)
class Line:
    """A payment of the statement: its line, why it is not booked by itself ("" where it is), and the
    dossier where it is this counter's. `mark`: what tells it from another like it in the same file;
    "" where nothing does.
    """

    number: int
    came: Came
    why: str = ""
    dossier: Dossier | None = None
    mark: str = ""

    @property
    def advice(self) -> str:
        return say(self.why) if self.why else ""


@dataclass(slots=True)
class Preview:
    """What recording would do. `known`: recorded before; `repeated`: twice in this file; `out`: money
    that went out; `passed`: totals and notes; `refused`: line and why.
    """

    lines: list[Line] = field(default_factory=list)
    known: int = 0
    repeated: int = 0
    out: int = 0
    passed: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def matching(self) -> list[Line]:
        return [line for line in self.lines if not line.why]

    @property
    def rest(self) -> list[Line]:
        return [line for line in self.lines if line.why]

    @property
    def total(self) -> int:
        return sum(line.came.amount for line in self.lines)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "new": len(self.lines),
            "sum": self.total,
            "matching": len(self.matching),
            "known": self.known,
            "repeated": self.repeated,
            "out": self.out,
            "passed": self.passed,
            "refused": len(self.refused),
        }


# --- the file -------------------------------------------------------------------------------------


def start(
    upload: UploadedFile[Any], *, account: BankAccount, by: Officer, at: datetime
) -> BankStatement:
    """Keep an upload so that it can be looked through. Errors: those of tables.read_table."""
    sha256, kept = staged.keep_table(upload, FOLDER)
    return BankStatement.objects.create(
        account=account, by=by, at=at, file_name=(upload.name or "")[:250], sha256=sha256, kept=kept
    )


def needed() -> Any:
    """Where the uploads lie that are neither recorded nor dropped."""
    return BankStatement.objects.filter(stage=Stage.OPEN).values_list("kept", flat=True)


def table_of(record: BankStatement) -> TableOf:
    """The kept file, its columns as they were confirmed for the account, or guessed. Errors:
    DomainError("statement_gone").
    """
    rows = staged.kept_table(record, gone="statement_gone")
    return TableOf(rows, columns_of(rows, _confirmed(record), WANTED, _HEADINGS))


def are_confirmed(record: BankStatement, table: TableOf) -> bool:
    return table.columns.are(_confirmed(record))


def _confirmed(record: BankStatement) -> dict[str, str]:
    """The columns of this statement, else of the last one of the account that has some."""
    if record.columns:
        return dict(record.columns)
    earlier = BankStatement.objects.filter(account=record.account_id).exclude(columns={})
    return dict(earlier.values_list("columns", flat=True).first() or {})


def confirm_columns(record: BankStatement, columns: Columns) -> None:
    record.columns = columns.named
    record.save(update_fields=["columns"])


def recorded_before(record: BankStatement) -> BankStatement | None:
    """The same file, recorded already."""
    same = BankStatement.objects.filter(account=record.account_id, sha256=record.sha256)
    return same.filter(stage=Stage.DONE).exclude(pk=record.pk).select_related("by").first()


# --- looking through ------------------------------------------------------------------------------


def preview(table: TableOf, record: BankStatement, *, now: datetime) -> Preview:
    """What the statement says against what is known. Two queries, however long it is."""
    found = Preview()
    account = record.account
    seen: dict[str, Line] = {}
    marks: dict[str, list[str]] = {}
    for row in table.lines:
        try:
            line = _line(row, table.columns, account, now=now, found=found)
        except LineRefused as refused:
            found.refused.append((row.number, say(refused.code, refused.data)))
            continue
        if line is None:
            continue
        like = marks.setdefault(line.came.reference, [])
        if line.mark and line.mark in like:
            found.repeated += 1
            continue
        like.append(line.mark)
        line = _of_its_day(line, len(like))
        seen[line.came.reference] = line
    known = set(
        Payment.objects.filter(source=source_of(account), reference__in=seen).values_list(
            "reference", flat=True
        )
    )
    found.known = len(known)
    new = [line for reference, line in seen.items() if reference not in known]
    whose = payments.whose([line.came for line in new], account.agency_id, now)
    found.lines = [
        replace(line, why=why, dossier=dossier)
        for line, (_, why, dossier) in zip(new, whose, strict=True)
    ]
    return found


def source_of(account: BankAccount) -> str:
    """What payments to this account are known by, also under another row of the same account."""
    return f"sao-ke:{account.bank}:{account.number}"


def _of_its_day(line: Line, place: int) -> Line:
    """The second, third … payment of a day that says the same: a payment of its own."""
    if place == 1:
        return line
    return replace(line, came=replace(line.came, reference=f"{line.came.reference}.{place}"))


def _line(
    row: TableRow, columns: Columns, account: BankAccount, *, now: datetime, found: Preview
) -> Line | None:
    """None for what is no money that came in. Errors: LineRefused."""
    said = {name: text_of(row, columns, name).strip() for name in FIELDS}
    if is_numbers(row) or not (said["paid_at"] and (said["credit"] or said["debit"])):
        found.passed += 1
        return None
    amount = amount_in(said["credit"]) if said["credit"] else 0
    if amount <= 0:
        found.out += 1
        return None
    if amount > MOST_AMOUNT:
        raise LineRefused("credit", "statement_amount", given=said["credit"][:40])
    paid_at = _instant_in(row.cells[columns.places["paid_at"]])
    if paid_at < FIRST_DAY:
        raise LineRefused("paid_at", "statement_day", given=said["paid_at"][:40])
    if paid_at > now:
        raise LineRefused("paid_at", "statement_ahead", given=said["paid_at"])
    raw = {
        name: f"{cell:%d/%m/%Y %H:%M:%S}" if isinstance(cell, datetime) else cell
        for name, cell in zip(columns.head.names, row.cells, strict=False)
        if name and cell != ""
    }
    came = Came(
        source=source_of(account),
        reference=_reference(said, paid_at, amount),
        amount=amount,
        paid_at=paid_at,
        content=said["content"][:500],
        payer=said["payer"][:200],
        raw=raw,
    )
    return Line(row.number, came, mark=_mark(said, paid_at))


def _reference(said: dict[str, str], paid_at: datetime, amount: int) -> str:
    """The bank's number of the transaction and a print of day, amount and words; nothing that another
    export of the bank writes otherwise (hour, balance). Not all banks give a number, and some give
    one to several lines.
    """
    number = squeeze(said["number"])[:40]
    words = "".join(sign for sign in fold(said["content"]) if sign.isalnum())
    text = "|".join((f"{paid_at.astimezone(VN):%Y-%m-%d}", str(amount), fold(number), words))
    print_of = hashlib.sha256(text.encode()).hexdigest()[:24]
    return f"{number}#{print_of}" if number else print_of


def _mark(said: dict[str, str], paid_at: datetime) -> str:
    """A line with this mark stands once in a file; "" where two payments may look alike."""
    number, balance = squeeze(said["number"]), "".join(filter(str.isdigit, said["balance"]))
    return f"{number}|{balance}|{paid_at.isoformat()}" if number or balance else ""


def amount_in(text: str) -> int:
    """Whole đồng as banks write them: 50.000, 50,000.00, +50000 VND; below nought what went out.
    Errors: LineRefused.
    """
    plain = "".join(text.lower().split()).replace("\u00a0", "")
    if len(plain) > MOST_SIGNS:
        raise LineRefused("credit", "statement_amount", given=text[:40])
    sign = -1 if plain.startswith("-") else 1
    plain = _CURRENCY.sub("", plain.lstrip("+-"))
    if plain in ("", "0"):
        return 0
    if _GROUPED.fullmatch(plain):
        whole = re.sub(r"[.,]0{1,2}$", "", plain)
        return sign * int(re.sub(r"[.,]", "", whole))
    if found := _PLAIN.fullmatch(plain):
        return sign * int(found[1])
    raise LineRefused("credit", "statement_amount", given=text[:40])


def _instant_in(cell: Any) -> datetime:
    """When it was paid; the beginning of the day where the bank says no hour. Errors: LineRefused."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=VN) if cell.tzinfo is None else cell
    text = ordered(str(cell).strip().lstrip("'"))
    try:
        return parse_instant(text)
    except InstantError:
        pass
    if found := _DAY.fullmatch(text):
        year, month, day = (
            int(part) for part in (found.groups()[2::-1] if found[1] else found.groups()[3:])
        )
        try:
            return datetime(year, month, day, tzinfo=VN)
        except ValueError:
            pass
    raise LineRefused("paid_at", "statement_day", given=str(cell)[:40])


# --- recording ------------------------------------------------------------------------------------


def record(row: BankStatement, *, by: Officer, at: datetime) -> Preview:
    """Every new payment of the statement stands from now on. Looked through anew behind the account's
    lock, so that two statements at once record each payment once. The kept file goes afterwards.
    Errors: DomainError("statement_over", "statement_gone", "statement_columns").
    """
    kept, account = row.kept, row.account
    with transaction.atomic():
        # Also other rows of the same account: their payments have the same source.
        same = BankAccount.objects.filter(bank=account.bank, number=account.number)
        list(same.select_for_update(no_key=True).order_by("pk"))
        _lock_open(row)
        table = table_of(row)
        if not are_confirmed(row, table):
            raise DomainError("statement_columns")
        found = preview(table, row, now=at)
        made = []
        for line in found.lines:
            payment = payments.filled(line.came, account.agency_id, at)
            payment.statement, payment.line = row, line.number
            made.append(payment)
        add_all(Payment, made)
        row.stage, row.counts, row.kept = Stage.DONE, found.counts, ""
        row.ended_by, row.ended_at = by, at
        row.save(update_fields=["stage", "counts", "ended_by", "ended_at", "kept"])
    if kept:
        transaction.on_commit(lambda: staged.let_go(kept))
    return found


def drop(row: BankStatement, *, by: Officer, at: datetime) -> None:
    """Not recorded after all; the trace stays, the upload goes. Errors: DomainError("statement_over")."""
    kept = row.kept
    with transaction.atomic():
        _lock_open(row)
        row.stage, row.ended_by, row.ended_at, row.kept = Stage.DROPPED, by, at, ""
        row.save(update_fields=["stage", "ended_by", "ended_at", "kept"])
    if kept:
        staged.let_go(kept)


def _lock_open(row: BankStatement) -> None:
    """Recorded or dropped by one only, as it stands now. Errors: DomainError("statement_over")."""
    BankStatement.objects.select_for_update(no_key=True).get(pk=row.pk)
    row.refresh_from_db(fields=["stage", "columns"])
    if row.stage != Stage.OPEN:
        raise DomainError("statement_over")
