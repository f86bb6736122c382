"""Letters to the provider of electronic receipts: sent after the commit by a worker, again with
growing pauses while the provider is away, and once however often they are sent (our key).

Nothing is locked while the provider is asked: who sends takes the letter for a while, and what takes
longer is found again by the sweep.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from dossiers.models.electronic import MOST_TROUBLE, ElectronicReceipt
from dossiers.models.money import FeeReceipt, ReceiptRequest, Way
from dossiers.receipts_out import port
from dossiers.receipts_out.port import Adjustment, Away, Issued, Letter, Refused
from onestop.accounts.models import Officer, Role
from onestop.instants import SKEW
from onestop.outbox.domain import post
from onestop.outbox.told import told

if TYPE_CHECKING:
    from collections.abc import Callable

SWEEP = "dossiers.send_receipts"
Stage = ElectronicReceipt.Stage
# After the first, second, … try that got no answer; the last one goes on.
PAUSES = (1, 5, 15, 60, 240)  # minutes
# How long a letter is its sender's; longer than any provider is waited for.
TAKEN_FOR = timedelta(minutes=10)
MOST = 100
# Less than from one sweep to the next.
SWEPT_FOR = timedelta(seconds=45)
# Who took what a portal confirmed.
BY_ITSELF = "Thanh toán trực tuyến"


def due(now: datetime) -> list[int]:
    rows = ElectronicReceipt.objects.to_send().filter(next_at__lte=now)
    return list(rows.order_by("next_at", "pk").values_list("pk", flat=True)[:MOST])


def send(pk: int, clock: Callable[[], datetime]) -> bool:
    """Say what is to be said of one receipt; whether the provider answered. Sent twice is sent once."""
    provider, now = port.provider(), clock()
    if provider is None:
        return False
    said = (Stage.WAITING, Stage.VOIDING, Stage.ADJUSTING)
    mine = ElectronicReceipt.objects.to_send().filter(pk=pk, next_at__lte=now, stage__in=said)
    # Counted before it is asked: what dies meanwhile may have reached the provider.
    if not mine.update(next_at=now + TAKEN_FOR, tries=F("tries") + 1):
        return False
    joined = (
        "receipt__series", "receipt__dossier__version", "receipt__taken_by", "receipt__agency",
    )  # fmt: skip
    row = ElectronicReceipt.objects.select_related(*joined).get(pk=pk)
    try:
        found = _ask(row, provider)
    except Away as trouble:
        minutes = PAUSES[min(row.tries, len(PAUSES)) - 1]
        next_at = clock() + timedelta(minutes=minutes)
        _waits(row, str(trouble)[:MOST_TROUBLE], next_at, clock())
        return False
    except Refused as words:
        _refused(row, str(words)[:MOST_TROUBLE], clock())
        return True
    _settle(row, found, clock())
    return True


def _still_ours(row: ElectronicReceipt) -> QuerySet[ElectronicReceipt]:
    """The letter as its sender took it: who was overtaken by another sender writes nothing."""
    return ElectronicReceipt.objects.filter(pk=row.pk, stage=row.stage, tries=row.tries)


def _refused(row: ElectronicReceipt, words: str, at: datetime) -> None:
    """The refusal stands until somebody sends the letter again; who can do something is told."""
    stands = {"stage": Stage.REFUSED, "trouble": words, "next_at": None, "answered_at": at}
    with transaction.atomic():
        if _still_ours(row).update(**stands):
            _tell(row, "receipt_refused", words, at)


def _waits(row: ElectronicReceipt, words: str, next_at: datetime, at: datetime) -> None:
    """It is asked again; once all pauses were used, the same people are told of it, one time."""
    with transaction.atomic():
        is_ours = _still_ours(row).update(trouble=words, next_at=next_at)
        if is_ours and row.tries == len(PAUSES):
            _tell(row, "receipt_waits", words, at)


def _tell(row: ElectronicReceipt, kind: str, words: str, at: datetime) -> None:
    receipt = row.receipt
    what = {Stage.VOIDING: "hủy", Stage.ADJUSTING: "điều chỉnh"}.get(Stage(row.stage), "")
    said = {"receipt": receipt, "words": words, "what": what}
    mail = told(f"dossiers/told/{kind}", **said)
    for officer in _takers(receipt, at):
        post(
            kind=kind,
            dedupe=f"{kind}:{row.pk}:{at.isoformat()}:{officer.pk}",
            **mail,
            at=at,
            to_officer=officer,
            link=receipt.dossier.get_absolute_url(),
            object_kind="dossier",
            object_id=receipt.dossier_id,
        )


def _takers(receipt: FeeReceipt, at: datetime) -> list[Officer]:
    """Whoever took the money; where nobody did (a payment on line) cashiers and heads of the counter."""
    if receipt.taken_by is not None:
        return [receipt.taken_by]
    day = timezone.localdate(at)
    counter = receipt.agency.in_charge(day)
    found = {
        officer.pk: officer
        for role in (Role.CASHIER, Role.HEAD)
        for officer in Officer.objects.with_role(role, counter.pk, day)
    }
    return [found[pk] for pk in sorted(found)]


def _ask(row: ElectronicReceipt, provider: port.Provider) -> Issued | None:
    """Issue what was never issued, else void it, or tell of the next refund. What was voided before it
    was ever sent is not sent.
    """
    if row.stage == Stage.WAITING:
        if row.receipt.undone_at is not None and row.tries == 1:
            return None
        _wait_for_earlier(row)
        return provider.issue(_letter(row))
    if row.stage == Stage.VOIDING:
        provider.void(str(row.key), _why(row.receipt))
    elif (refund := _untold(row).first()) is not None:
        provider.adjust(str(row.key), _adjustment(row, refund))
        row.refund_told = refund.pk
    return None


def _refunds() -> QuerySet[ReceiptRequest]:
    agreed = ReceiptRequest.objects.agreed().filter(kind=ReceiptRequest.Kind.REFUND)
    return agreed.order_by("pk")


def _untold(row: ElectronicReceipt) -> QuerySet[ReceiptRequest]:
    """What was paid back of it and not told yet, in the order in which it was: one waits at a time."""
    return _refunds().filter(receipt=row.receipt_id, pk__gt=row.refund_told)


def _adjustment(row: ElectronicReceipt, refund: ReceiptRequest) -> Adjustment:
    until = _refunds().filter(receipt=row.receipt_id, pk__lte=refund.pk)
    assert refund.answered_at is not None  # agreed to
    return Adjustment(
        key=f"{row.key}-refund-{refund.pk}",
        amount=refund.amount,
        left=row.receipt.amount - sum(until.values_list("amount", flat=True)),
        reason=refund.reason,
        paid_back_at=refund.answered_at,
    )


def _wait_for_earlier(row: ElectronicReceipt) -> None:
    """What it replaces is voided there first: only then is its number known. Errors: Away."""
    earlier = ElectronicReceipt.objects.to_send().filter(
        receipt__dossier=row.receipt.dossier_id, receipt__undone_at__isnull=False, pk__lt=row.pk
    )
    if earlier.exists():
        raise Away("chờ nhà cung cấp hủy biên lai trước")


def _settle(row: ElectronicReceipt, found: Issued | None, at: datetime) -> None:
    """Keep the answer. Its row is locked, as by who voids the receipt (acts/fees.py): what was voided
    while the provider was asked is told next.
    """
    with transaction.atomic():
        there = ElectronicReceipt.objects.select_for_update().get(pk=row.pk)
        if (there.stage, there.tries) != (row.stage, row.tries):
            return  # overtaken: the other sender has the same answer
        next_at = None
        if found is not None:
            row.number, row.link, row.lookup_code = found.number, found.link, found.lookup_code
        if found is not None or row.stage == Stage.ADJUSTING:
            row.stage, next_at = _goes_on(row, at)
        else:
            row.stage = Stage.NEVER if row.stage == Stage.WAITING else Stage.VOIDED
        row.next_at, row.tries, row.trouble, row.answered_at = next_at, 0, "", at
        row.save()


def _goes_on(row: ElectronicReceipt, at: datetime) -> tuple[int, datetime | None]:
    """What is to be said next of one that is issued, and when."""
    if not FeeReceipt.objects.standing().filter(pk=row.receipt_id).exists():
        return Stage.VOIDING, at
    return (Stage.ADJUSTING, at) if _untold(row).exists() else (Stage.ISSUED, None)


def _letter(row: ElectronicReceipt) -> Letter:
    receipt = row.receipt
    series = receipt.series
    return Letter(
        key=str(row.key),
        form_symbol=series.form_symbol,
        symbol=series.symbol,
        number=receipt.digits,
        name=series.name,
        tax_code=series.tax_code,
        payer=receipt.payer,
        content=f"{receipt.dossier.version.name} ({receipt.dossier.code})",
        fee=receipt.fee,
        charge=receipt.charge,
        way=Way(receipt.way).label,
        relief=receipt.relief,
        proof=receipt.proof,
        taken_at=receipt.taken_at,
        taken_by=receipt.taken_by.full_name if receipt.taken_by is not None else BY_ITSELF,
        replaces=_replaced(receipt),
    )


def _replaced(receipt: FeeReceipt) -> str:
    """The provider's number of the last receipt of this dossier that was voided before this one, and
    that no other has replaced since; what was never issued is none.
    """
    before = ElectronicReceipt.objects.filter(
        receipt__dossier=receipt.dossier_id, receipt__pk__lt=receipt.pk
    ).exclude(stage=Stage.NEVER)
    voided = before.filter(receipt__undone_at__lte=receipt.taken_at).exclude(number="")
    last = voided.select_related("receipt").order_by("-receipt__undone_at", "-pk").first()
    if last is None:
        return ""
    since = {"receipt__pk__gt": last.receipt_id, "receipt__taken_at__gte": last.receipt.undone_at}
    return "" if before.filter(**since).exists() else last.number


def _why(receipt: FeeReceipt) -> str:
    agreed = ReceiptRequest.objects.agreed().filter(receipt=receipt, kind=ReceiptRequest.Kind.VOID)
    return agreed.values_list("reason", flat=True).first() or ""


def again(series_id: int, at: datetime) -> int:
    """What the provider refused is sent once more; how many."""
    rows = ElectronicReceipt.objects.refused().filter(receipt__series=series_id)
    # Refused, and voided here meanwhile: nothing was issued, nothing is to be said.
    rows.filter(number="", receipt__undone_at__isnull=False).update(stage=Stage.NEVER, trouble="")
    # What has a number was issued: it is voided there only where it is void here, and told of what
    # was paid back.
    issued = rows.exclude(number="")
    untold = _refunds().filter(receipt=OuterRef("receipt"), pk__gt=OuterRef("refund_told"))
    back = issued.filter(Exists(untold.order_by()), receipt__undone_at=None)
    done = back.update(stage=Stage.ADJUSTING, next_at=at, trouble="")
    issued.filter(receipt__undone_at=None).update(stage=Stage.ISSUED, trouble="")
    done += issued.update(stage=Stage.VOIDING, next_at=at, trouble="")
    return done + rows.update(stage=Stage.WAITING, next_at=at, trouble="")


def after_clock_set_back(now: datetime) -> int:
    """What waits for an instant of a wrong clock is tried at once; how many."""
    longest = timedelta(minutes=PAUSES[-1])
    ahead = ElectronicReceipt.objects.to_send().filter(next_at__gt=now + longest + SKEW)
    return ahead.update(next_at=now)


def sweep(clock: Callable[[], datetime]) -> int:
    """Send what is due, for as long as one sweep may take; how many were answered. While the provider
    hangs the next sweep goes on: other work of the worker does not wait for it.
    """
    until, done = clock() + SWEPT_FOR, 0
    for pk in due(clock()):
        if clock() >= until:
            break
        done += send(pk, clock)
    return done
