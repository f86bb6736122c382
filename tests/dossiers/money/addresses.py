"""The addresses of fees, receipts and cash for the matrix of tests/matrix.py."""

from typing import Any

from django.utils import timezone

from dossiers.acts import receipt_series
from dossiers.models import Dossier
from dossiers.models.banking import BankAccount
from dossiers.models.money import CashHandOver, FeeReceipt, ReceiptRequest, ReceiptSeries, Way
from dossiers.models.payments import BankStatement, Payment
from dossiers.views.cashier import SEERS, TAKERS
from dossiers.views.office import READERS
from dossiers.views.receipt_books import KEEPERS
from dossiers.views.receipt_books import SEERS as BOOK_SEERS
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency, DepartmentKind, Role
from tests.dossiers.addresses import JUDGED, both, of, received
from tests.dossiers.money.office import PAPER
from tests.matrix import Address, World, make_officer

AT_TILL, LOOKING = frozenset(TAKERS), frozenset(SEERS)


def _book(world: World, agency: Agency) -> ReceiptSeries:
    """One for all addresses of a world."""
    if (found := ReceiptSeries.objects.filter(agency=agency).first()) is not None:
        return found
    if agency == world.own:
        keeper = world.officers[Role.CASHIER]
    else:
        room = world.department(agency, DepartmentKind.ONE_STOP)
        keeper = make_officer(Role.CASHIER, agency, room, f"thuphi.{agency.pk}")
    now = timezone.now()
    return receipt_series.open_book(agency, PAPER, by=desk_of(keeper, now), at=now)


def _owing(world: World, agency: Agency) -> Dossier:
    """Its counter has a book: the page shows its form."""
    _book(world, agency)
    return received(world, agency)


def _asked(world: World, agency: Agency) -> dict[str, Any]:
    dossier, book = received(world, agency), _book(world, agency)
    by, now = book.opened_by, timezone.now()
    receipt = FeeReceipt.objects.create(
        dossier=dossier, agency=agency, series=book, number=8 + FeeReceipt.objects.filter(series=book).count(), charge=1000, way=Way.CASH, payer="Ân",
        taken_by=by, taken_at=now,
    )  # fmt: skip
    row = ReceiptRequest.objects.create(
        dossier=dossier, receipt=receipt, kind=ReceiptRequest.Kind.VOID, amount=1000, reason="Nhầm",
        asked_by=by, asked_at=now,
    )  # fmt: skip
    return {"code": dossier.code, "pk": row.pk}


def _given(world: World, agency: Agency) -> dict[str, Any]:
    book = _book(world, agency)
    row = CashHandOver.objects.create(
        agency=agency, giver=book.opened_by, taker=book.opened_by, amount=1, given_at=timezone.now()
    )
    return {"pk": row.pk, "what": "nhan"}


def _one_book(world: World, agency: Agency) -> dict[str, Any]:
    return {"pk": _book(world, agency).pk}


def _account(world: World, agency: Agency) -> dict[str, Any]:
    row = BankAccount.objects.create(
        agency=agency, bank="970436", number="0123456789", holder="UBND", from_day=timezone.localdate(),
        proposed_by=make_officer(Role.ADMINISTRATOR, agency, None, f"dexuat.{agency.pk}.{BankAccount.objects.count()}"),
        proposed_at=timezone.now(),
    )  # fmt: skip
    return {"pk": row.pk, "what": "xac-nhan"}


def _statement(world: World, agency: Agency) -> dict[str, Any]:
    account = BankAccount.objects.get(pk=_account(world, agency)["pk"])
    account.confirmed_by, account.confirmed_at = account.proposed_by, timezone.now()
    account.save()
    # Its file is gone: the pages say so, and lead back.
    row = BankStatement.objects.create(
        account=account, by=account.proposed_by, at=timezone.now(), file_name="a.csv"
    )
    return {"pk": row.pk}


def _paid(world: World, agency: Agency) -> dict[str, Any]:
    row = Payment.objects.create(
        agency=agency, source="sao-ke", reference=f"FT{Payment.objects.count()}", amount=1, paid_at=timezone.now(),
        came_at=timezone.now(),
    )  # fmt: skip
    return {"pk": row.pk}


ADDRESSES = [
    Address("bank_statements", AT_TILL),
    Address("bank_statements", AT_TILL, method="post"),
    Address("bank_statement", AT_TILL, *both(_statement)),
    Address("bank_statement_columns", AT_TILL, *both(_statement), "post"),
    Address("bank_statement_record", AT_TILL, *both(_statement), "post"),
    Address("payments", LOOKING),
    Address("payments_book", AT_TILL, method="post"),
    Address("payment", LOOKING, *both(_paid)),
    Address("payment", LOOKING, *both(_paid), "post"),
    # Without a book in use both lead back, and say so.
    Address("payment_split", AT_TILL, *both(_paid)),
    Address("payment_split", AT_TILL, *both(_paid), "post"),
    Address("bank_accounts", frozenset(READERS)),
    Address("bank_accounts", frozenset(READERS), method="post"),
    Address("settle_bank_account", frozenset(READERS), *both(_account), "post"),
    *(
        Address(name, AT_TILL, *of(_owing), method, answered=JUDGED)
        for name in ("act_take_fee", "act_ask_receipt", "act_relieve_fee")
        for method in ("get", "post")
    ),
    *(
        Address(
            "act_answer_receipt", frozenset({Role.HEAD, Role.LEADER}), *both(_asked), method, answered=JUDGED,
        )
        for method in ("get", "post")
    ),
    Address("cash_drawer", LOOKING),
    Address("cash_drawer", LOOKING, method="post"),
    Address("cash_give", AT_TILL, method="post"),
    # Whose cash it is not is told so on the next page.
    Address("cash_settle", AT_TILL, lambda world: _given(world, world.own), method="post"),
    Address("fees_owed", LOOKING),
    Address("fees_settled", LOOKING),
    Address("fees_settled_xlsx", LOOKING),
    Address("fees_settled_pdf", LOOKING),
    Address("receipt_books", frozenset(BOOK_SEERS)),
    Address("receipt_books", frozenset(BOOK_SEERS), method="post"),
    Address("receipt_book", frozenset(KEEPERS), *both(_one_book)),
    Address("receipt_book", frozenset(KEEPERS), *both(_one_book), "post"),
]  # fmt: skip
