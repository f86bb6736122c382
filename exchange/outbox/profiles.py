"""The two contracts that peers are known to speak, behind the one port: A, services behind a session;
B, arrays of JSON to an address each.

HTTP 200 alone says nothing: an answer is what its error code says.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from exchange.outbox import messages, spelling
from exchange.outbox.peers import Peer
from exchange.outbox.port import Answer, Away, CannotAsk, Fields, Found, Held, Port, is_success
from exchange.outbox.web import Post, post_to

EXISTS, UNKNOWN = "đã tồn tại", "không tồn tại"
# How the session services say that a session is over; "phiên" alone is also in "phiên bản".
EXPIRED = ("session", "phiên làm việc", "phiên đăng nhập", "hết phiên", "phiên đã", "phiên không")
MOST_WORDS = 250
# What no record of a procedure, or of a person, is without.
PROCEDURE, NAME = "MATTHC", "HoVaTen"


def read_answer(said: Any) -> Answer:
    """Errors: Away for what has no error code: whether it was stored nobody knows."""
    if not isinstance(said, Mapping) or "error_code" not in said:
        raise Away(messages.UNREADABLE)
    if is_success(said["error_code"]):
        return Answer(ok=True)
    words = str(said.get("message") or messages.NOTHING_SAID)
    folded = _folded(words)
    return Answer(
        ok=False,
        words=f"{str(said['error_code'])[:20]}: {words}"[:MOST_WORDS],
        exists=EXISTS in folded,
        unknown=UNKNOWN in folded,
    )


def _folded(words: str) -> str:
    """Some peers write their letters and the marks on them apart."""
    return unicodedata.normalize("NFC", words).casefold()


def in_chunks(
    items: Sequence[Fields], size: int, push: Callable[[Sequence[Fields]], Answer]
) -> list[Answer]:
    """One answer an item. An answer is one of the whole chunk; where it is a refusal, the items go
    one by one, so that one bad item holds up no other.
    """
    answers: list[Answer] = []
    for begin in range(0, len(items), size):
        chunk = items[begin : begin + size]
        whole = push(chunk)
        if whole.ok or len(chunk) == 1:
            answers += [whole] * len(chunk)
        else:
            answers += [push([one]) for one in chunk]
    return answers


class SessionServices:
    """Profile A: a session from the sign-in, then services by name."""

    def __init__(self, peer: Peer, post: Post) -> None:
        self.peer, self._post, self._session = peer, post, ""

    def push_dossiers(self, items: Sequence[Fields], *, updating: bool) -> list[Answer]:
        about = {"isUpdating": "True" if updating else "False"}
        return self._push("dossier", items, about)

    def reopen(self, items: Sequence[Fields]) -> list[Answer]:
        # The one service of this contract that sets a status by itself (type 2).
        said = [
            {
                "MaHoSo": one["MaHoSo"],
                "NoiDung": messages.REOPENED,
                "NgayXuLy": one["NgayXuLy"],
                "TrangThai": one["TrangThaiHoSo"],
            }
            for one in items
        ]
        return self._push("status", said, {"type": "2"})

    def push_progress(self, items: Sequence[Fields]) -> list[Answer]:
        return self._push("progress", items, {})

    def push_status(self, items: Sequence[Fields]) -> list[Answer]:
        return self._push("status", items, {"type": "2"})

    def push_results(self, items: Sequence[Fields]) -> list[Answer]:
        return self._push("result", items, {})

    def find_dossier(self, code: str) -> Found | None:
        return read_found(self._call("read", "find", {"mahoso": code}), self.peer.dates)

    def pull_procedure(self, code: str) -> Fields | None:
        return read_row(self._call("read", "procedure", {"maTTHC": code}), named_by=PROCEDURE)

    def check_citizen(self, about: Fields) -> Fields | None:
        return read_row(self._call("read", "citizen", about), named_by=NAME)

    def find_results(self, about: Fields) -> list[Fields]:
        return read_results(self._call("read", "results", about))

    def fetch_file(self, about: Fields) -> str:
        return read_file(self._call("read", "result_file", about))

    def _push(self, what: str, items: Sequence[Fields], about: Mapping[str, Any]) -> list[Answer]:
        def push(chunk: Sequence[Fields]) -> Answer:
            return read_answer(self._call("write", what, {**about, "data": list(chunk)}))

        return in_chunks(items, self.peer.chunk, push)

    def _call(self, door: str, what: str, about: Mapping[str, Any]) -> Any:
        """A session that is over is renewed once, and not again and again."""
        fresh = not self._session
        said = self._called(door, what, about)
        if not fresh and _is_expired(said):
            self._session = ""
            said = self._called(door, what, about)
        if _is_expired(said):
            self._session = ""
            raise Away(messages.SIGN_IN_REFUSED)
        return said

    def _called(self, door: str, what: str, about: Mapping[str, Any]) -> Any:
        service = self.peer.paths.get(what)
        if not service:
            raise Held(messages.NO_SERVICE)
        if not self._session:
            self._session = self._sign_in()
        whole = {"session": self._session, "madonvi": self.peer.unit, "service": service, **about}
        return self._post(f"{self.peer.url}{self.peer.paths[door]}", {}, whole)

    def _sign_in(self) -> str:
        url = f"{self.peer.url}{self.peer.paths['sign_in']}"
        opens = {"username": self.peer.user, "password": self.peer.secret}
        said = self._post(url, {"dstcode": self.peer.unit}, opens)
        if not read_answer(said).ok or not said.get("session"):
            raise Away(messages.SIGN_IN_REFUSED)
        return str(said["session"])


class Arrays:
    """Profile B: an address for each thing to do, a key in a header."""

    def __init__(self, peer: Peer, post: Post) -> None:
        self.peer, self._post = peer, post

    def push_dossiers(self, items: Sequence[Fields], *, updating: bool) -> list[Answer]:
        return self._push("update" if updating else "add", items)

    def reopen(self, items: Sequence[Fields]) -> list[Answer]:
        return self._push("reopen", items)

    def push_progress(self, items: Sequence[Fields]) -> list[Answer]:
        return self._push("progress", items)

    def push_status(self, items: Sequence[Fields]) -> list[Answer]:
        return self._push("status", items)

    def push_results(self, items: Sequence[Fields]) -> list[Answer]:
        return self._push("result", items)

    def find_dossier(self, code: str) -> Found | None:
        if not self.peer.paths.get("find"):
            raise CannotAsk
        return read_found(self._call("find", [{"MaHoSo": code}]), self.peer.dates)

    def pull_procedure(self, code: str) -> Fields | None:
        return read_row(self._call("procedure", [{"maTTHC": code}]), named_by=PROCEDURE)

    def check_citizen(self, about: Fields) -> Fields | None:
        return read_row(self._call("citizen", [about]), named_by=NAME)

    def find_results(self, about: Fields) -> list[Fields]:
        return read_results(self._call("results", [about]))

    def fetch_file(self, about: Fields) -> str:
        return read_file(self._call("result_file", [about]))

    def _push(self, what: str, items: Sequence[Fields]) -> list[Answer]:
        def push(chunk: Sequence[Fields]) -> Answer:
            return read_answer(self._call(what, list(chunk)))

        return in_chunks(items, self.peer.chunk, push)

    def _call(self, what: str, items: list[Fields]) -> Any:
        path = self.peer.paths.get(what)
        if not path:
            raise Held(messages.NO_SERVICE)
        headers = {self.peer.header: self.peer.secret}
        return self._post(f"{self.peer.url}{path}", headers, items)


def read_found(said: Mapping[str, Any], dates: str = spelling.DATES) -> Found | None:
    """What the answer to a question about a dossier tells of it; some peers answer with a list, some
    with the record itself. Errors: CannotAsk for what is no record of a dossier, and for another
    refusal than that there is none: the peer is there, and would say the same again.
    """
    answer = read_answer(said)
    if not answer.ok:
        if answer.unknown:
            return None
        raise CannotAsk
    row = _first(said)
    if not row:
        return None
    try:
        due = spelling.read(str(row.get("NgayHenTra") or ""), dates)
        return Found(str(row["TrangThaiHoSo"]), due, str(row.get("KenhThucHien") or ""))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise CannotAsk from None


def read_row(said: Any, *, named_by: str) -> Fields | None:
    """The one record that was asked for, in the peer's own fields; None where it has none. `named_by`:
    the field that none is without. Errors: Away for what is no record, or another refusal.
    """
    answer = read_answer(said)
    row = _first(said)
    if answer.unknown or (answer.ok and not row):
        return None
    if not answer.ok:
        raise Away(answer.words)
    if not isinstance(row, Mapping) or not row.get(named_by):
        raise Away(messages.UNREADABLE)
    return dict(row)


def _first(said: Mapping[str, Any]) -> Any:
    """Some peers answer with a list, some with the record itself."""
    rows = said.get("result")
    return rows[0] if isinstance(rows, list) and rows else rows


def read_results(said: Any) -> list[Fields]:
    """The rows of an owner. The store spells its code `errorCode`. Errors: Away for another answer."""
    if isinstance(said, Mapping) and "errorCode" in said:
        said = {"error_code": said["errorCode"], **said}
    answer = read_answer(said)
    if answer.unknown:
        return []
    if not answer.ok:
        raise Away(answer.words)
    whole = said.get("result") or {}
    rows = whole.get("DanhSachGiayToKetQua") if isinstance(whole, Mapping) else None
    if rows is not None and not isinstance(rows, list):
        raise Away(messages.UNREADABLE)
    return [dict(row) for row in rows or [] if isinstance(row, Mapping)]


def read_file(said: Any) -> str:
    """A file's content in base64. Errors: Away."""
    answer = read_answer(said)
    if not answer.ok:
        raise Away(answer.words)
    content = said.get("result")
    if not isinstance(content, str):
        raise Away(messages.UNREADABLE)
    return content


def _is_expired(said: Any) -> bool:
    if not isinstance(said, Mapping) or is_success(said.get("error_code")):
        return False
    words = _folded(str(said.get("message") or ""))
    return any(word in words for word in EXPIRED)


def port_of(peer: Peer, post: Post | None = None) -> Port:
    spoken: dict[str, Callable[[Peer, Post], Port]] = {"A": SessionServices, "B": Arrays}
    return spoken[peer.profile](peer, post or post_to(peer))
