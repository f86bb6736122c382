"""What applicants and their portal do beyond handing in what fits: each by its name, so that it can be asked
for (`fake_portal --play`) and had again.

What is done later is done by what the portal holds of the dossier by then, as a person would who reads
its state there.
"""

from __future__ import annotations

import copy
import hashlib
import threading
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from exchange.peer.filing import blank_page, inside

Message = dict[str, Any]
# Where the files lie that are named by an address, and what becomes of who asks for one.
FILES = "/tep/"
GOOD, EXPIRED, LARGER = "co", "het-han", "lon-hon"
# A clock that is wrong by as much as is borne (dossiers/intake/online.py).
WRONG = timedelta(minutes=5)
# Codes of before 7/2025, when there were districts.
DISTRICT = {"MaTinh": "20", "MaHuyen": "178", "MaXa": "05986"}
# A word of other national interfaces, of which nobody knows what it means.
ODD_WORD = "posting"
NOTHING_HELD = frozenset({""})
RECEIVED = frozenset({"2", "4", "5", "6"})
# Papers are asked for: of a filing, of a dossier.
ASKED = frozenset({"1", "5"})


@dataclass(slots=True)
class Turn:
    """What one applicant does: `now`, in this order or all at one instant; `later`, when the portal has
    held one of the states `when` for a while; `again`: each time anew.
    """

    code: str
    now: list[Message]
    at_once: bool = False
    later: Callable[[datetime], Message] | None = None
    when: frozenset[str] = frozenset()
    again: bool = False
    since: datetime | None = None
    is_done: bool = False


def _turn(message: Message, **more: Any) -> Turn:
    return Turn(message["data"]["MaHoSo"], [message], **more)


# --- what does not look as it should --------------------------------------------------------------


def _changed(**data: Any) -> Callable[[Message, str], Turn]:
    def play(message: Message, _: str) -> Turn:
        message["data"] |= data
        return _turn(message)

    return play


def _nfd(message: Message, _: str) -> Turn:
    return _turn(_decomposed(message))


def _decomposed(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _decomposed(value) for name, value in said.items()}
    if isinstance(said, list):
        return [_decomposed(one) for one in said]
    return unicodedata.normalize("NFD", said) if isinstance(said, str) else said


def _district(message: Message, _: str) -> Turn:
    message["data"]["DiaChi"] |= DISTRICT
    return _turn(message)


def _clock(by: timedelta) -> Callable[[Message, str], Turn]:
    def play(message: Message, _: str) -> Turn:
        data = message["data"]
        filed_at = datetime.strptime(data["NgayNopHoSo"], "%Y%m%d%H%M%S")  # noqa: DTZ007
        data["NgayNopHoSo"] = data["NgayCapNhat"] = written(filed_at + by)
        return _turn(message)

    return play


def written(at: datetime) -> str:
    return f"{at:%Y%m%d%H%M%S}"


# --- files that are fetched -----------------------------------------------------------------------


def _by_address(what: str, *, hashed: bytes | None = None) -> Callable[[Message, str], Turn]:
    """`hashed`: what else the digest is of that is told with it."""

    def play(message: Message, url: str) -> Turn:
        content = blank_page()
        for one in message["data"]["TaiLieuNop"]:
            del one["NoiDungTep"]
            one |= {
                "DuongDanTaiTepTin": f"{url}{FILES}{what}/{one['TenTepDinhKem']}",
                "DungLuong": len(content),
                "MaKiemTra": hashlib.sha256(hashed or content).hexdigest(),
            }
        return _turn(message)

    return play


def content_at(path: str) -> bytes | None:
    """What is served below FILES; None: it expired, or never was."""
    what = path.removeprefix(FILES).partition("/")[0]
    content = blank_page()
    return {GOOD: content, LARGER: content + b"\n%" + b"x" * len(content)}.get(what)


# --- several messages -----------------------------------------------------------------------------


def _at_once(message: Message, _: str) -> Turn:
    turn = _turn(message, at_once=True)
    turn.now *= 2
    return turn


def _out_of_order(message: Message, _: str) -> Turn:
    turn = _turn(message)
    filed_at = datetime.strptime(message["data"]["NgayNopHoSo"], "%Y%m%d%H%M%S")  # noqa: DTZ007
    message["data"]["NgayCapNhat"] = written(filed_at)
    turn.now = [_other_phone(message, filed_at + timedelta(seconds=1)), message]
    return turn


def _update(message: Message, _: str) -> Turn:
    return _turn(message, later=lambda at: _other_phone(message, at), when=NOTHING_HELD)


def _withdrawal(when: frozenset[str]) -> Callable[[Message, str], Turn]:
    def play(message: Message, _: str) -> Turn:
        return _turn(message, later=lambda at: _recall(message, at), when=when)

    return play


def _answer(message: Message, _: str) -> Turn:
    """Papers, as often as they are asked for: all that was sent, and one more."""
    return _turn(message, later=lambda at: _with_one_more(message, at), when=ASKED, again=True)


def _updated(message: Message, at: datetime) -> Message:
    again = copy.deepcopy(message)
    again["isUpdating"] = True
    again["data"]["NgayCapNhat"] = written(at)
    return again


def _other_phone(message: Message, at: datetime) -> Message:
    again = _updated(message, at)
    number = again["data"]["SoDienThoai"]
    again["data"]["SoDienThoai"] = number[:-1] + str((int(number[-1]) + 1) % 10)
    return again


def _with_one_more(message: Message, at: datetime) -> Message:
    again = _updated(message, at)
    name = f"bo-sung-{at:%H%M%S}.pdf"
    again["data"]["TaiLieuNop"].append({**inside(""), "TenTepDinhKem": name})
    return again


def _recall(message: Message, at: datetime) -> Message:
    data = {"MaHoSo": message["data"]["MaHoSo"], "NgayCapNhat": written(at)}
    return {"service": "RutHoSoDVCQG", "isUpdating": False, "data": data}


PLAYS: dict[str, Callable[[Message, str], Turn]] = {
    "plain": _changed(),
    "nfd": _nfd,
    "district": _district,
    "unknown_word": _changed(MucDo=ODD_WORD),
    "clock_ahead": _clock(WRONG),
    "clock_behind": _clock(-WRONG),
    "fetched": _by_address(GOOD),
    "expired_link": _by_address(EXPIRED),
    "larger_file": _by_address(LARGER),
    "wrong_file_hash": _by_address(GOOD, hashed=b"another file"),
    "twice_at_once": _at_once,
    "out_of_order": _out_of_order,
    "update": _update,
    "answer": _answer,
    "withdrawal": _withdrawal(NOTHING_HELD),
    "late_withdrawal": _withdrawal(RECEIVED),
}


def turn_of(play: str, message: Message, url: str) -> Turn:
    """`url`: of the server that has the files."""
    return PLAYS[play](copy.deepcopy(message), url)


@dataclass
class Applicants:
    """Those who filed. `send`: whether the door took a message; `held`: the state in which the portal
    holds a dossier, "" while it was told nothing; `after`: how long they take.
    """

    send: Callable[[Message], bool]
    held: Callable[[str], str]
    after: timedelta
    turns: list[Turn] = field(default_factory=list)

    def file(self, turn: Turn) -> bool:
        """Whether all of it was taken; else another one is filed soon."""
        is_taken = all(self._sent(turn))
        if is_taken and turn.later is not None:
            self.turns.append(turn)
        return is_taken

    def _sent(self, turn: Turn) -> Iterable[bool]:
        if not turn.at_once:
            return map(self.send, turn.now)
        return at_once([partial(self.send, one) for one in turn.now])

    def look(self, now: datetime) -> None:
        """Whoever has something to do by what the portal holds does it."""
        for turn in self.turns:
            if self.held(turn.code) not in turn.when:
                turn.since = None
                turn.is_done = turn.is_done and not turn.again
                continue
            turn.since = turn.since or now
            if turn.later is not None and not turn.is_done and now - turn.since >= self.after:
                turn.is_done = self.send(turn.later(now))


def at_once(calls: Sequence[Callable[[], bool]]) -> list[bool]:
    """All of them at one instant; one that fails is False."""
    done: list[bool] = []
    begin = threading.Barrier(len(calls))

    def run(call: Callable[[], bool]) -> None:
        begin.wait()
        done.append(call())

    threads = [threading.Thread(target=run, args=(call,), daemon=True) for call in calls]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return [*done, *[False] * (len(calls) - len(done))]
