"""What is said of a message and its files: in words, for whoever has to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from dossiers.desk.lookup_filed import CLOSED, LOOKED_AT, TAKEN_BACK, UNPAID, HandedIn
from dossiers.desk.online import Beside
from dossiers.models import OnlineFiling
from exchange.inbox import flagging
from exchange.inbox.arriving import is_recall
from exchange.inbox.mapping import says_of_files, table_for
from exchange.inbox.places import OF_FILES, WORDS, Told
from exchange.inbox.reading import envelopes
from exchange.inbox.taking import OLDER
from exchange.inbox.times import possible
from exchange.models import Door, IncomingFile, Message
from exchange.outbox.content import BY
from exchange.outbox.peers import LENGTHS
from exchange.outbox.spelling import shortened
from onestop.errors import DomainError, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from dossiers.models import CounterVisit
    from dossiers.models.sent import SentPapers

# Of one filing so many are looked at.
MOST = 50
# So much the portals take beside who says it, and so much of a paper's name where that is too little.
ROOM, SHORT = LENGTHS["NoiDung"] - BY, 120
ON_THE_SLIP = " (đủ nội dung ở phiếu hướng dẫn)"
STANDS = (Message.State.MAPPED, Message.State.DONE)
UNREAD = (Message.State.NEW, Message.State.QUARANTINED)
# A withdrawal that is held concerns what was received, or is of another source: it took nothing back.
TAKES_BACK = (Message.State.NEW, Message.State.DONE)
LACKING = (IncomingFile.State.WAITING, IncomingFile.State.MISSING)
# What was taken back while it stands so was answered before, or was put back by a person.
NOT_SETTLED = (OnlineFiling.State.WAITING, OnlineFiling.State.ANSWERED)
# Told, and nobody has to look at it.
FOR_NOBODY = frozenset({"note_paid_later"})
TOOK_BACK = "Người nộp đã rút hồ sơ trên Cổng"
NOT_READ = "Cổng đã gửi nội dung mới, đang được giữ lại: hãy xem thông điệp đó trước khi tiếp nhận."


def words(told: Iterable[dict[str, Any]]) -> list[str]:
    """Kept codes as sentences."""
    return [say(one["code"], one.get("data")) for one in told]


def why_missing(row: IncomingFile) -> str:
    return say(row.why["code"], row.why.get("data")) if row.why else ""


def told_in(message: Message) -> Told | None:
    """What a message says, asked by our names. One query; none, and None, where its text is gone."""
    try:
        [one] = envelopes(message.raw.encode())
    except (DomainError, ValueError):
        return None
    return Told(one.data, table_for(message.door, one.data, now=timezone.now()).fields)


def said_in(told: Told) -> list[tuple[str, str]]:
    """Thing by thing, for whoever has to mend what is missing."""
    said = {name: label for name, label in WORDS.items() if name not in OF_FILES}
    return [(label, text) for name, label in said.items() if (text := told.text(name, 1000))]


def table_address(told: Told | None) -> str:
    """The page of the table; its new row begins with the procedure of the message and the day of its
    filing: a row from a later day would not read it.
    """
    address = reverse("exchange_mappings")
    if told is None:
        return address
    begin = {"ma": told.text("procedure", 60)}
    if filed_at := possible(told, "filed_at", timezone.now()):
        begin["tu"] = f"{timezone.localtime(filed_at):%d/%m/%Y}"
    return f"{address}?{urlencode(begin)}"


def beside(filing: OnlineFiling) -> list[Beside]:
    """What the exchange says of a filing on its page. Two queries, none of what a list brought."""
    if filing.arrived_at is None:
        return []
    # What stands, not what came too late to change anything; the newest that is held goes over it.
    rows = Message.objects.filter(filing=filing).exclude(reason=OLDER).defer("raw").order_by("-pk")
    newest = list(rows[:MOST])
    said = [
        Beside("Lưu ý", NOT_READ, _address(message, filing), is_odd=True)
        for message in [one for one in newest if one.is_held][:1]
    ]
    back = _back(newest)
    if back is not None and back.ended_at and filing.state in NOT_SETTLED:
        at = timezone.localtime(back.ended_at)
        said.append(Beside("Lưu ý", f"{TOOK_BACK} lúc {at:%H:%M %d/%m/%Y}.", is_odd=True))
    says = [one for one in newest if one.state in STANDS and not is_recall(one.service)]
    for message in says[:1]:
        text = f"Xem thông điệp {message.pk}"
        said.append(Beside("Thông điệp của Cổng", text, _address(message, filing)))
        said += [_noted(note) for note in message.notes]
    lacking = IncomingFile.objects.filter(filing=filing, state__in=LACKING)
    waited = lacking.select_related("message").defer("message__raw")
    return [*said, *(_lacking(row, _address(row.message, filing)) for row in waited)]


def brought(row: SentPapers) -> set[int]:
    """Of the files of an answer those that came by a portal, where whoever sent them takes them back. One
    query.
    """
    named = IncomingFile.objects.filter(sent=row, attachment__isnull=False)
    return set(named.values_list("attachment_id", flat=True))


def _noted(note: dict[str, Any]) -> Beside:
    [text] = words([note])
    return Beside("Lưu ý", text, is_odd=note["code"] not in FOR_NOBODY)


def beside_sent(row: SentPapers) -> list[Beside]:
    """What the exchange says of an answer to a request on the page where it is taken in: its message,
    and files that are not here. One query.
    """
    named = IncomingFile.objects.filter(sent=row).select_related("message").defer("message__raw")
    found = list(named.order_by("pk"))
    said = [_lacking(one, _page(one.message)) for one in found if one.state in LACKING]
    by_message = {one.message_id: one.message for one in found}
    for message in by_message.values():
        said += [Beside("Lưu ý", text, is_odd=True) for text in words(says_of_files(message.notes))]
    if found:
        last = found[-1].message
        said.append(Beside("Thông điệp của Cổng", f"Xem thông điệp {last.pk}", _page(last)))
    return said


def _page(message: Message) -> str:
    return reverse("exchange_message", args=[message.pk])


def _lacking(row: IncomingFile, address: str) -> Beside:
    is_missing = row.state == IncomingFile.State.MISSING
    why = f": {why_missing(row)}" if row.why else ""
    text = f"Thiếu tệp {row.name}{why}." if is_missing else f"Đang tải tệp {row.name}{why}."
    # Where it may be asked for again.
    return Beside("Tệp gửi kèm", text, address, is_odd=True)


def answer_in(visit: CounterVisit) -> str:
    """What the applicant reads on the portal: why, and of a guidance each thing to complete, once and
    completely (R-44), as its slip says it. Where there is no room for all, long names of papers give
    way; what is wrong with each is said.
    """
    whole = _asked(visit, ROOM)
    said = whole if len(whole) <= ROOM else _asked(visit, SHORT)
    return said if len(said) <= ROOM else shortened(said, ROOM - len(ON_THE_SLIP)) + ON_THE_SLIP


def _asked(visit: CounterVisit, most: int) -> str:
    named = [(shortened(one["name"], most), one.get("note")) for one in visit.items]
    wanted = "; ".join(f"{name}: {note}" if note else name for name, note in named)
    reason = " ".join(visit.reason.split())
    return f"{reason.rstrip('.')}. Cần bổ sung: {wanted}." if wanted else reason


def arrived(codes: tuple[str, ...]) -> HandedIn | None:
    """For the citizen: a message of this code is here and is no filing yet, and how it stands. Two
    queries.
    """
    found = how_it_stands(of_codes(codes)[:MOST])
    return found[1] if found is not None else None


def of_codes(codes: Iterable[str]) -> QuerySet[Message]:
    """What open doors brought of these, newest first. One query, and one more for the rows."""
    doors = list(Door.objects.filter(ended_at=None).values_list("pk", flat=True))
    rows = Message.objects.filter(door__in=doors, foreign_code__in=list(codes))
    return rows.select_related("agency").defer("raw").order_by("-received_at", "-pk")


def how_it_stands(messages: Iterable[Message]) -> tuple[Message | None, HandedIn] | None:
    """Of the messages of one code, newest first: which of them it is that is told of, and what is told;
    None where that is nothing.
    """
    # What was closed says least: another may still be looked at.
    newest = sorted(messages, key=lambda one: one.state == Message.State.REFUSED)
    said = next((one for one in newest if not is_recall(one.service)), None)
    for back in newest:
        is_back = is_recall(back.service) and back.state in TAKES_BACK
        if is_back and (said is None or not _is_after(said, back)):
            told = HandedIn(back.foreign_code, TAKEN_BACK, back.received_at, agency=back.agency)
            return said, told
    if said is None or not (stand := _stand(said)):
        return None
    since = said.ended_at or said.received_at
    return said, HandedIn(said.foreign_code, stand, since, agency=said.agency)


def taken_back(filings: Iterable[int]) -> dict[int, datetime]:
    """Of filings that were answered: when the applicant took which back since. One query."""
    rows = Message.objects.filter(filing__in=filings).exclude(reason=OLDER)
    newest: dict[int, list[Message]] = {}
    for one in rows.select_related("filing").defer("raw").order_by("-pk"):
        newest.setdefault(one.filing_id or 0, []).append(one)
    found: dict[int, datetime] = {}
    for pk, messages in newest.items():
        back, filing = _back(messages), messages[0].filing
        answered_at = filing.ended_at if filing is not None else None
        if back is not None and back.ended_at and answered_at and back.ended_at >= answered_at:
            found[pk] = back.ended_at
    return found


def _back(newest: list[Message]) -> Message | None:
    """The withdrawal, where that is the last that was said of a filing."""
    known = [one for one in newest if one.state != Message.State.REFUSED]
    back = known[0] if known else None
    if back is None or not is_recall(back.service) or back.state != Message.State.DONE:
        return None
    return None if any(_is_after(one, back) for one in known) else back


def _is_after(message: Message, back: Message) -> bool:
    """As when it is read (taking): a withdrawal counts unless what it says was sent before."""
    return bool(message.sent_at and back.sent_at and message.sent_at > back.sent_at)


def _stand(message: Message) -> str:
    """The same that the officers' page of it says; "" of what says nothing to a citizen."""
    if message.is_held and flagging.waits_for_payment(message):
        return UNPAID
    if message.state in UNREAD:
        return LOOKED_AT
    # What the door itself refused bears no code by which it could be found.
    return CLOSED if message.state == Message.State.REFUSED else ""


def _address(message: Message, filing: OnlineFiling) -> str:
    """Its page; "" where another counter's officers see it."""
    is_theirs = message.agency_id == filing.agency_id
    return reverse("exchange_message", args=[message.pk]) if is_theirs else ""
