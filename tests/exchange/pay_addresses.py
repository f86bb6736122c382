"""The addresses of paying on line, for the matrix of tests/matrix.py."""

from typing import Any

from django.utils import timezone

from dossiers.views.cashier import SEERS, TAKERS
from exchange.models import PayRequest
from exchange.paying.settling import BILLS
from exchange.paying.unsure import ACTORS
from exchange.peer.paying import bill
from onestop.accounts.models import Agency
from onestop.files.domain import attach, keep
from tests.dossiers.addresses import both, of, received
from tests.matrix import Address, World


def _billed(world: World, agency: Agency) -> dict[str, Any]:
    now, dossier = timezone.now(), received(world, agency)
    row = PayRequest.objects.create(
        peer="nen-tang", reference=f"R{PayRequest.objects.count()}", dossier=dossier, agency=agency, amount=1000,
        content="Phi, le phi", state=PayRequest.State.PAID, created_at=now, expires_at=now,
    )  # fmt: skip
    row.bill = attach(
        keep(bill(), name="bien-lai.pdf"), kind=BILLS, object_id=row.pk, by=None, at=now
    )
    row.save()
    return {"pk": row.pk}


def _unsure(world: World, agency: Agency) -> dict[str, Any]:
    now, dossier = timezone.now(), received(world, agency)
    row = PayRequest.objects.create(
        peer="nen-tang", reference=f"R{PayRequest.objects.count()}", dossier=dossier, agency=agency, amount=1000,
        content="Phi, le phi", created_at=now, expires_at=now, next_at=now, unsure_since=now,
    )  # fmt: skip
    return {"pk": row.pk}


ADDRESSES = [
    Address("pay_ask", frozenset(TAKERS), *of(received), method="post"),
    Address("pay_bill", frozenset(SEERS), *both(_billed)),
    Address("pay_requests", frozenset(SEERS)),
    Address("pay_request", frozenset(SEERS), *both(_unsure)),
    Address("pay_request_again", frozenset(ACTORS), *both(_unsure), method="post"),
    Address("pay_request_close", frozenset(ACTORS), *both(_unsure), method="post"),
    # Another program: who it is, its signature says.
    Address(
        "pay_door", own=lambda world: {"name": "nen-tang"}, method="post", public=True,
        answered=frozenset({401}),
    ),
    # Off (CITIZENS_MAY_PAY), as here, it is not there; on: test_paying_pages.py.
    Address(
        "lookup_pay", own=lambda world: {"code": "H99.01-261123-000001"}, method="post", public=True,
        answered=frozenset({404}),
    ),
]  # fmt: skip
