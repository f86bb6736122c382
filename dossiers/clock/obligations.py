"""Reminders of a financial obligation: of what an applicant has to pay, a few days before its last
day and when that has passed; of a tax authority that has not answered in time. Once each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from dossiers.models import Dossier
from dossiers.models.payment import PaymentRequest
from dossiers.models.tax_transfer import TaxTransfer
from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.told import Told, told

SOON_DAYS = 3
SOON, OVER = "soon", "over"
_LEAN = ("dossier__version__search_text", "dossier__secret", "dossier__salt")


class Clerks(dict[Agency, list[Officer]]):
    """Who is told at each agency, asked for once in one run: none of it outlives the run."""

    def __init__(self, on: date) -> None:
        super().__init__()
        self.on = on

    def __missing__(self, agency: Agency) -> list[Officer]:
        found = RoleGrant.objects.nearest_holders(Role.CLERK, agency, self.on)
        return self.setdefault(agency, found)


def remind(now: datetime) -> int:
    """Tell the counter (and by e-mail whoever has to pay) what is due; how many notices were new.
    Three statements and one an agency, whatever the archive holds.
    """
    today = timezone.localdate(now)
    clerks = Clerks(today)
    notices = [*_payments(today, now, clerks), *_transfers(today, now, clerks)]
    if not notices:
        return 0
    with transaction.atomic():
        return len(post_all(notices))


def _payments(today: date, now: datetime, clerks: Clerks) -> Iterator[Notice]:
    rows = PaymentRequest.objects.unpaid().filter(
        pay_by__lte=today + timedelta(days=SOON_DAYS), dossier__ended_at=None
    )
    rows = rows.select_related("dossier__version", "dossier__received_by_agency").defer(*_LEAN)
    for row in rows.order_by("pk"):
        assert row.pay_by is not None
        level = OVER if row.pay_by < today else SOON
        words = told("dossiers/told/payment_due", row=row, dossier=row.dossier, level=level)
        key = f"payment:{row.pk}:{level}"
        for officer in clerks[row.dossier.received_by_agency]:
            yield _notice(key, words, row.dossier, now, officer)
        if row.dossier.email and level == SOON:
            letter = told("dossiers/told/payment_reminder", row=row, dossier=row.dossier)
            yield _notice(key, letter, row.dossier, now, None)


def _transfers(today: date, now: datetime, clerks: Clerks) -> Iterator[Notice]:
    rows = TaxTransfer.objects.unanswered().filter(expected_on__lt=today, dossier__ended_at=None)
    rows = rows.select_related("dossier__version", "dossier__received_by_agency", "sent_by")
    for row in rows.defer(*_LEAN).order_by("pk"):
        words = told("dossiers/told/tax_overdue", row=row, dossier=row.dossier)
        people = {one.pk: one for one in (row.sent_by, *clerks[row.dossier.received_by_agency])}
        for officer in people.values():
            yield _notice(f"transfer:{row.pk}:{OVER}", words, row.dossier, now, officer)


def _notice(
    key: str, words: Told, dossier: Dossier, now: datetime, officer: Officer | None
) -> Notice:
    """To an officer by the bell; to nobody's desk: a letter to the owner."""
    return Notice(
        kind="obligation",
        dedupe=f"{key}:{officer.pk if officer else 'owner'}",
        **words,
        at=now,
        to_officer=officer,
        to_email="" if officer else dossier.email,
        object_kind="dossier" if officer else "",
        object_id=dossier.pk if officer else None,
        link=dossier.get_absolute_url() if officer else "",
        mail=officer is None,
    )
