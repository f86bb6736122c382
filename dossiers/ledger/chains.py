"""One dossier against its chain: what does not fit, in the order of its events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import orjson

from dossiers import registry
from dossiers.ledger import spans
from dossiers.ledger.beside import Beside, Fault
from dossiers.ledger.events import HEAD
from dossiers.ledger.fold import Standing
from dossiers.ledger.stored import Link, Stored
from dossiers.states import State
from onestop.instants import lies_ahead, moment
from onestop.rows import GENESIS
from onestop.rows import chain as hash_after

UNREADABLE = "nội dung không đọc được"


def faults(dossier: Stored, chain: Sequence[Link], beside: Beside) -> Iterator[Fault]:
    """What is wrong with a dossier, in the order of its chain; nothing when all fits."""
    if not chain:
        yield ("không có sự kiện nào", None)
        return
    told = _Told(beside, dossier)
    previous = GENESIS
    for expected, link in enumerate(chain, start=1):
        if link.seq != expected:
            yield (f"thiếu sự kiện số {expected}", expected)
            return
        if link.hash != hash_after(previous, link.text):
            yield ("mã băm không khớp với nội dung đã ghi", expected)
        try:
            wrong = told.follow(link)
        except (ValueError, TypeError, KeyError, AttributeError):
            # Not what any verb writes: nothing that follows can be told from it.
            yield (UNREADABLE, expected)
            return
        yield from ((what, expected) for what in wrong)
        previous = link.hash
    if (dossier.event_seq, dossier.event_hash) != (chain[-1].seq, previous):
        yield (
            f"hồ sơ ghi {dossier.event_seq} sự kiện, chuỗi kết thúc ở sự kiện số {chain[-1].seq}: thiếu sự kiện cuối",
            dossier.event_seq,
        )
    yield from beside.faults(dossier, told.standing, told.intervals)


class _Told:
    """What the events of a dossier say, followed one by one."""

    def __init__(self, beside: Beside, dossier: Stored) -> None:
        self._beside, self._dossier = beside, dossier
        self.standing, self.intervals = Standing(), spans.Intervals(beside.late_from)
        self._states: dict[int, int] = {}

    def follow(self, link: Link) -> list[str]:
        """What is wrong with one event. Errors: those of a text that no verb wrote."""
        payload = orjson.loads(link.text)
        wrong = []
        if (*map(payload.get, HEAD),) != link.head:
            wrong.append("các cột không khớp với nội dung đã ghi")
        if fault := self._transition_fault(link, payload):
            wrong.append(fault)
        wrong += self._beside.word_faults(link, payload, self._dossier)
        if broken := self.standing.follow(payload):
            wrong.append(f"giữa hai sự kiện có dữ liệu bị sửa: {', '.join(sorted(broken))}")
        self._states[link.seq] = payload.get("state")
        self.intervals.follow(self.standing.columns, payload)
        return wrong

    def _transition_fault(self, link: Link, payload: dict[str, Any]) -> str:
        """Whether its act may follow the state before it, and leads where it says."""
        act = registry.find(link.kind)
        if act is None:
            return f"không có việc nào tên là “{link.kind}”"
        before, after = self._states.get(link.seq - 1), payload.get("state")
        if before not in act.sources:
            source = State(before).label if before is not None else "chưa tiếp nhận"
            return f"“{act.label}” không thể xảy ra ở trạng thái “{source}”"
        if link.kind == "take_back":
            # The state before the act that was taken back, or before the first of several.
            target = self._states.get(int(payload["data"]["through"]) - 1)
        else:
            target = act.target if act.target is not None else before
        return "" if after == target else f"“{act.label}” không dẫn tới trạng thái đã ghi"


def steps_back(chain: Sequence[Link]) -> Iterator[int]:
    """Events recorded before the one they follow: the clock of the server was put back in between.
    It is no fault of the record, whose order is that of the chain.
    """
    for before, link in pairwise(chain):
        if before.recorded > link.recorded:
            now = moment(link.recorded)
            if now is not None and lies_ahead(moment(before.recorded), now):
                yield link.seq
