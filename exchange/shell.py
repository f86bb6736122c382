"""What this app is to the others: its jobs, what it hears of, where the frame and the counter's list lead
to messages of other systems, and what is told beside a filing that came by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from dossiers.acts import taking_back
from dossiers.acts.filings import filing_ended, filing_waits_again
from dossiers.desk import (
    held_elsewhere,
    lookup_filed,
    online,
    online_shares,
    payments,
    sent,
    store,
)
from dossiers.states import State
from exchange.asking import people
from exchange.inbox import after_reception, owned, queries, taking, telling
from exchange.models import AskRun, Line
from exchange.outbox import asking_many, leasing, messages, returned, shown
from exchange.outbox.peers import are_connected
from exchange.outbox.taking import HELD, KINDS, say_filing
from exchange.paying import settling, unsure
from exchange.paying import telling as paying
from exchange.paying.asking import ask_as_payer
from onestop.accounts import hooks
from onestop.accounts.models import Role
from onestop.instants import clock_set_back
from onestop.jobs.listed import Job, list_jobs
from onestop.keeping.offered import silence
from onestop.outbox import facts
from onestop.outbox.models import Fact
from onestop.shell import Tab, offer

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from dossiers.models import OnlineFiling
    from onestop.accounts.desk import Desk

NUDGED = "exchange.nudged"
# Perhaps it went out since, or this is a trial of the backup: nothing is told before somebody looked.
HELD_BY_A_RESTORE = (
    f"UPDATE {Line._meta.db_table} SET state = {Line.State.STOPPED:d}, trouble = {Line.Trouble.HELD:d},"  # noqa: S608 (our own names)
    f" next_try_at = NULL, leased_by = NULL, words = '{messages.RESTORED}',"
    f" check_at = COALESCE(check_at, waiting_since)"
    f" WHERE state = {Line.State.WAITING:d}"
)
# What a person wanted to know then; whoever wants to know it now asks again.
RUNS_ENDED_BY_A_RESTORE = (
    f"UPDATE {AskRun._meta.db_table} SET state = {AskRun.State.BROKEN_OFF:d}, due_at = NULL,"  # noqa: S608 (our own names)
    f" holder = '', ended_at = at, words = '{messages.RUN_RESTORED}' WHERE state IN (1, 2)"
)
FACTS_HELD_BY_A_RESTORE = (
    f"UPDATE {Fact._meta.db_table} SET topic = '{HELD}' || topic"  # noqa: S608 (our own names)
    f" WHERE topic IN ({', '.join(map(repr, KINDS))})"
)


def connect() -> None:
    for topic in KINDS:
        facts.listen(topic, are_connected, NUDGED)
    clock_set_back.connect(
        _clock_set_back,
        weak=False,
        dispatch_uid="exchange.clock_set_back",
    )
    hooks.KINDS.update(
        exchange_message="Thông điệp từ hệ thống khác",
        exchange_line="Hồ sơ ở hệ thống khác",
        exchange_citizen="Người dân ở CSDL dân cư, kho kết quả",
    )
    if returned.may_be_taken_back not in taking_back.hindrances:
        taking_back.hindrances.append(returned.may_be_taken_back)
    silence(AskRun._meta.db_table, RUNS_ENDED_BY_A_RESTORE)
    silence(Line._meta.db_table, HELD_BY_A_RESTORE)
    silence(Fact._meta.db_table, FACTS_HELD_BY_A_RESTORE)
    filing_ended.connect(_ended, dispatch_uid="exchange-filing-ended")
    filing_waits_again.connect(_waits_again, dispatch_uid="exchange-filing-waits-again")
    if telling.beside not in online.besides:
        online.besides.append(telling.beside)
        online.leads.append(_leads)
        sent.besides.append(telling.beside_sent)
        sent.brought_by.append(telling.brought)
        lookup_filed.arrived.append(telling.arrived)
        lookup_filed.arrived_of.append(owned.held_of)
        lookup_filed.taken_back.append(telling.taken_back)
        online_shares.more.append(queries.shares)
    for one in (shown.HELD, after_reception.OF_FILING, after_reception.OF_CODE):
        if one not in held_elsewhere.held:
            held_elsewhere.held.append(one)
    if _asks not in store.elsewhere:
        store.elsewhere.append(_asks)
    online_paying = payments.online
    online_paying.shown, online_paying.bill_of = paying.shown, paying.bill_of
    online_paying.asked, online_paying.ask = paying.asked, ask_as_payer
    online_paying.to_see = unsure.count
    clock_set_back.connect(
        lambda now, **_: settling.after_clock_set_back(now),
        weak=False,
        dispatch_uid="exchange.payments_clock_set_back",
    )
    offer(
        Tab(
            74, "anh-xa", "exchange_mappings", "Bảng ánh xạ với Cổng",
            frozenset({Role.ADMINISTRATOR, Role.CONTROLLER}),
        ),
        Tab(79, "doi-soat", "level", "Đối soát", frozenset({Role.ADMINISTRATOR, Role.CONTROLLER})),
    )  # fmt: skip
    list_jobs(
        Job(
            "exchange.send_outbox", "Báo các hệ thống khác về hồ sơ",
            "Kiểm tra kết nối và tên, mật khẩu của nơi nhận (EXCHANGE_PEERS); những gì chưa gửi tự gửi lại, đúng thứ tự.",
        ),
        Job(
            "exchange.read_messages", "Đọc thông điệp của Cổng vào danh sách chờ tiếp nhận",
            "Phút sau tự làm lại; thông điệp bị giữ lại nằm ở Thông điệp của Cổng, mục Cần xử lý, kèm lý do.",
        ),
        Job(
            "exchange.fetch_files", "Tải tệp gửi kèm hồ sơ trực tuyến",
            "Tự tải lại thưa dần; trang của hồ sơ nói tệp nào thiếu, vì sao, và dẫn tới nút tải lại.",
        ),
        Job(
            "exchange.settle_payments", "Hỏi nền tảng thanh toán về các yêu cầu thanh toán trực tuyến",
            "Kiểm tra kết nối và khóa của nền tảng (payment trong EXCHANGE_PEERS); yêu cầu chưa rõ tự hỏi lại thưa dần.",
        ),
        Job(
            "exchange.ask_peers", "Hỏi các hệ thống khác đang ghi gì về hồ sơ đang giải quyết",
            "Kiểm tra kết nối với nơi nhận; đêm sau tự hỏi tiếp. Chỗ khác nhau nằm ở Đối soát, mục Lệch.",
        ),
        Job(
            "exchange.ask_lists", "Hỏi các hệ thống khác về danh sách có người yêu cầu ở Đối soát",
            "Phút sau tự làm tiếp; nơi nhận không trả lời thì lượt hỏi dừng, trang Đối soát ghi lý do, bấm lại sau.",
        ),
        Job(
            "exchange.purge_messages", "Bỏ nguyên văn thông điệp đã xong quá thời hạn giữ",
            "Đêm sau tự làm lại; không ảnh hưởng hồ sơ.",
        ),
    )  # fmt: skip


def _clock_set_back(now: datetime, **_: Any) -> None:
    leasing.after_clock_set_back(now)
    asking_many.after_clock_set_back(now)


def _ended(*, filing: OnlineFiling, at: datetime, **_: Any) -> None:
    """What was guided or refused is told to the portal that sent it: its statuses 1 and 3."""
    if filing.arrived_at is None:
        return
    taking.settle(filing, at=at)
    # A portal knows nothing of what a partner office handed in.
    if filing.is_handed:
        return
    if filing.state == filing.State.ANSWERED and filing.visit is not None:
        is_refused = filing.visit.kind == filing.visit.Kind.REFUSE
        state = int(State.NOT_RECEIVED if is_refused else State.REGISTERED)
        words, agency = telling.answer_in(filing.visit), filing.agency_id
        officer = filing.visit.officer_id
        say_filing(filing.code, state=state, words=words, agency=agency, officer=officer, at=at)


def _waits_again(*, filing: OnlineFiling, at: datetime, **_: Any) -> None:
    """The portal was told that it ended; it reads as its citizens do."""
    if filing.arrived_at is not None and not filing.is_handed:
        words, state = messages.WAITS_AGAIN, int(State.REGISTERED)
        say_filing(filing.code, state=state, words=words, agency=filing.agency_id, at=at)


def _asks() -> str:
    return reverse("exchange_ask") if people.is_possible() else ""


def _leads(desk: Desk) -> list[online.Lead]:
    """Nothing where no system sends to us. One query, and that of `counter_ids`."""
    held = queries.held_here(desk)
    if held is None:
        return []
    words = "Thông điệp cần xử lý" if held else "Thông điệp của Cổng"
    return [online.Lead(words, reverse("exchange_messages"), held)]
