"""A signed result really gets to the peer: its code, number and owner, a link that opens the very file, and the
store of results behind the dossier; what was corrected or taken back opens no longer, and lies there no longer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.acts import endings, handovers, repairs
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.models import Dossier
from dossiers.models.repairs import Correction
from exchange.asking import people
from exchange.models.outbox import Delivery, Line
from exchange.outbox import costs, leasing, level
from exchange.outbox.cleaning import purge
from exchange.outbox.results import again
from exchange.peer import reading
from exchange.peer.http import Server
from exchange.peer.refusing import Refusal
from exchange.peer.serving import Lost, Recorded
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.files.models import Attachment
from tests import keys
from tests.clock import MONDAY
from tests.dossiers.work.conftest import approved_by
from tests.exchange.running import running
from tests.exchange.test_real_acts import SIGNED
from tests.exchange.world import Exchange, said
from tests.samples import a_pdf
from tests.world import IN_PERSON, Office, make_case, make_office, receive

Connected = Callable[..., Exchange]
KIND = Delivery.Kind
CODE = "KQ.G15.000001"
STORE = {
    "A": {"result": "DongBoKetQua", "results": "GetDanhSachKetQua", "result_file": "LayTepKetQua"},
    "B": {
        "result": "/DongBoKetQua",
        "results": "/GetDanhSachKetQua",
        "result_file": "/LayTepKetQua",
    },
}


def got(url: str) -> tuple[int, bytes]:
    """What a page of ours gives at an address that a peer was told."""
    parts = urlsplit(url)
    answer: Any = Client().get(f"{parts.path}?{parts.query}")
    content = b"".join(answer.streaming_content) if answer.streaming else b""
    return answer.status_code, content


def status(url: str) -> int:
    return got(url)[0]


def from_here(url: str) -> bytes:
    """As the recorded peer fetches, without a network."""
    code, content = got(url)
    if code != 200:
        raise Refusal(f"Không tải được tệp: HTTP {code}")
    return content


@dataclass
class Told:
    """A dossier whose result is signed, and the peer that hears of it."""

    exchange: Exchange
    office: Office
    dossier: Dossier
    sign: Callable[[bytes], bytes]
    at: datetime = MONDAY

    def later(self) -> datetime:
        self.at += timedelta(minutes=10)
        self.exchange.now = max(self.exchange.now, self.at)
        return self.at

    @property
    def act(self) -> dict[str, Any]:
        """Of the leader, whose turn it is."""
        at = self.later()
        return {"by": self.office.desk(self.office.leader, at), "at": at}

    @property
    def seen(self) -> Seen:
        return Seen(self.dossier.pk)

    def finish(self) -> bytes:
        """With a signed file of its own; a signed result ends the dossier."""
        content, result = self.sign(a_pdf("12")), replace(SIGNED, electronic=True)
        endings.record_result(self.seen, result, files=[("kq.pdf", content)], **self.act)
        return content

    def correct(self) -> bytes:
        """The result that was given is replaced by another one (R-83)."""
        content = self.sign(a_pdf("13"))
        wrong = repairs.Wrong(
            self.dossier.owner_name, MONDAY.date(), "Sai năm sinh", Correction.OldCopy.HERE,
            responsible="Lê Văn Dũng",
        )  # fmt: skip
        result = replace(SIGNED, number="13/GXN", electronic=True)
        files = [SimpleUploadedFile("kq2.pdf", content)]
        repairs.correct_result(self.seen, wrong, result, files=files, **self.act)
        return content

    def line(self) -> Line:
        return Line.objects.get()

    def there(self) -> dict[str, Any]:
        (row,) = self.exchange.remote.store.dossiers[self.dossier.code]["DanhSachGiayToKetQua"]
        return dict(row)

    @property
    def results(self) -> Any:
        return self.exchange.remote.store.results


@pytest.fixture
def told_to(connected: Connected, settings: Any, tmp_path: Path) -> Callable[..., Told]:
    def make(
        profile: str = "B",
        *,
        store: bool = True,
        at_counter: bool = False,
        results: Sequence[dict[str, str]] = ({"name": "Giấy xác nhận", "code": CODE},),
        **more: Any,
    ) -> Told:
        exchange = connected(profile, dossiers=0)
        office, case = make_office(), make_case("7 ngày làm việc", results=results)
        token = keys.prepared(tmp_path, settings)
        if store:
            more["paths"] = STORE[profile]
        settings.EXCHANGE_PEERS = [said(profile, **more)]
        exchange.remote.store.results.fetch = from_here
        exchange.remote.reads = reading.answers(exchange.remote.store.results)
        dossier = receive(office, case, at=MONDAY)
        if at_counter:
            return Told(exchange, office, dossier, bytes)
        step = NextStep(order=2, name="Xử lý hồ sơ", minutes=480)
        by = office.desk(office.clerk, MONDAY)
        handovers.hand_over(dossier, to=office.room, step=step, by=by, at=MONDAY)
        specialist = office.desk(office.specialist, MONDAY)
        dossier = handovers.confirm(Seen(dossier.pk), by=specialist, at=MONDAY)
        approved_by(office, dossier, MONDAY)
        return Told(exchange, office, dossier, lambda content: token.sign(keys.order(content)))

    return make


@pytest.mark.parametrize("profile", ["A", "B"])
def test_a_signed_result_gets_to_the_store_behind_its_dossier(
    told_to: Callable[..., Told], profile: str
) -> None:
    told = told_to(profile)
    content = told.finish()
    told.exchange.send()
    row = told.there()
    assert (row["MaGiayToKetQua"], row["SoKyHieu"]) == (CODE, "12/GXN")
    assert status(row["DuongDanTepTinKetQua"]) == 200
    kept = told.results.rows[told.dossier.code]
    assert (kept["MaKetQua"], kept["SoKyHieu"]) == (CODE, "12/GXN")
    assert kept["SoDinhDanhChuSoHuu"] == told.dossier.identity_number
    digest = hashlib.sha256(content).hexdigest()
    assert told.results.files == {digest: content}
    line = told.line()
    assert (line.state, line.result_code, line.result_link) == (Line.State.LEVEL, True, True)
    kinds = list(line.deliveries.order_by("pk").values_list("kind", flat=True))
    assert kinds.index(KIND.RESULT) > kinds.index(KIND.DOSSIER)
    assert kinds.count(KIND.RESULT) == 1
    assert counted(told) == (1, 1, 0)
    # What the store answers about the owner is what it was given.
    (paper,) = people.find_results(
        told.dossier.identity_number, told.dossier.owner_name, port=port(told)
    )
    assert (paper.code, paper.number, paper.files[0][0]) == (CODE, "12/GXN", "kq.pdf")
    name, place = paper.files[0]
    assert people.fetch_file(paper.issuer, place, name, port=port(told)) == ("kq.pdf", content)


def counted(told: Told) -> tuple[int, int, int]:
    """Ended there with a result that is due, with its address, without it or its code (4.1, 3.3)."""
    cost = costs.cost_of(Line.objects.all(), told.exchange.now)
    assert cost is not None
    return cost.finished, cost.linked, cost.bare


def port(told: Told) -> Any:
    from exchange.outbox.peers import peers
    from exchange.outbox.profiles import port_of

    return port_of(peers()[0], told.exchange.post)


def loses_answers(store: Any, times: int) -> None:
    """The connection ends after so many results were stored."""
    put = store.put_results

    def stored(items: Any) -> None:
        put(items)
        if waiting:
            waiting.pop()
            raise Lost

    waiting = [None] * times
    store.put_results = stored


def test_what_was_stored_and_never_answered_is_one_record_there(
    told_to: Callable[..., Told],
) -> None:
    told = told_to()
    content = told.finish()
    loses_answers(told.exchange.remote.store, 2)
    for _ in range(2):
        told.exchange.send()
        assert told.results.files == {hashlib.sha256(content).hexdigest(): content}
        assert (told.line().trouble, told.line().stored) == (Line.Trouble.AWAY, "")
        told.exchange.wait(timedelta(hours=2))
    told.exchange.settle()
    line = told.line()
    assert (line.state, bool(line.stored)) == (Line.State.LEVEL, True)
    assert list(told.results.rows) == [told.dossier.code]


def test_an_older_result_that_arrives_late_does_not_stay(told_to: Callable[..., Told]) -> None:
    told = told_to()
    told.finish()
    remote = told.exchange.remote
    told.exchange.send()
    # Told once more, and again by hand: the last request is on its way for long.
    level.send_again(told.line().pk, at=told.later())
    put = remote.store.put_results
    late: list[Sequence[Any]] = []

    def on_its_way(items: Sequence[Any]) -> None:
        late.append(items)
        remote.store.put_results = put  # type: ignore[method-assign]
        raise Lost

    remote.store.put_results = on_its_way  # type: ignore[method-assign]
    told.exchange.send()
    content = told.correct()
    told.exchange.wait(timedelta(minutes=5))
    told.exchange.send()
    assert told.results.rows[told.dossier.code]["SoKyHieu"] == "13/GXN"
    put(late[0])
    assert told.results.rows[told.dossier.code]["SoKyHieu"] == "12/GXN"
    told.exchange.wait(leasing.DOUBT + timedelta(minutes=1))
    told.exchange.send()
    assert told.results.rows[told.dossier.code]["SoKyHieu"] == "13/GXN"
    assert hashlib.sha256(content).hexdigest() in told.results.files
    assert told.line().state == Line.State.LEVEL


def test_a_corrected_result_takes_the_place_of_the_old_one(told_to: Callable[..., Told]) -> None:
    told = told_to()
    told.finish()
    told.exchange.send()
    old = told.there()["DuongDanTepTinKetQua"]
    assert status(old) == 200
    content = told.correct()
    told.exchange.send()
    assert told.there()["SoKyHieu"] == "13/GXN"
    assert told.results.rows[told.dossier.code]["SoKyHieu"] == "13/GXN"
    assert from_here(told.there()["DuongDanTepTinKetQua"]) == content
    assert status(old) == 404


def test_what_was_taken_back_is_void_in_the_store_too(told_to: Callable[..., Told]) -> None:
    told = told_to()
    told.finish()
    told.exchange.send()
    old = told.there()["DuongDanTepTinKetQua"]
    take_back(told.seen, **told.act)
    assert status(old) == 404
    told.exchange.send()
    assert told.results.rows == {}
    line = told.line()
    assert (line.state, line.stored, line.result_link) == (Line.State.LEVEL, "", False)


def test_where_there_is_no_store_nothing_is_told_and_nothing_held(
    told_to: Callable[..., Told],
) -> None:
    told = told_to(store=False)
    told.finish()
    told.exchange.send()
    line = told.line()
    assert (line.state, line.result_code, line.result_link) == (Line.State.LEVEL, True, True)
    assert not Delivery.objects.filter(kind=KIND.RESULT).exists()


def test_a_store_that_is_gone_holds_nothing_up(told_to: Callable[..., Told], settings: Any) -> None:
    told = told_to()
    told.exchange.remote.bad[told.dossier.code] = ""
    told.finish()
    told.exchange.remote.bad.clear()
    told.results.fetch = refuse
    told.exchange.send()
    assert told.line().trouble == Line.Trouble.REFUSED
    assert "HTTP 404" in told.line().words
    settings.EXCHANGE_PEERS = [said("B")]
    told.exchange.wait(timedelta(hours=1))
    told.exchange.send()
    assert told.line().state == Line.State.LEVEL
    dropped = Delivery.objects.get(kind=KIND.RESULT)
    assert (dropped.state, bool(dropped.reason)) == (Delivery.State.CLOSED, True)


def refuse(url: str) -> bytes:
    raise Refusal("Không tải được tệp: HTTP 404")


def test_sent_again_by_hand_it_goes_to_the_store_again(told_to: Callable[..., Told]) -> None:
    told = told_to()
    told.finish()
    told.exchange.send()
    told.results.rows.clear()
    level.send_again(told.line().pk, at=told.later())
    told.exchange.send()
    assert list(told.results.rows) == [told.dossier.code]
    # Once more, nothing that is there already.
    taker = endings.Taking(name=told.dossier.owner_name, told=IN_PERSON)
    counter = told.office.desk(told.office.clerk)
    endings.give_back(told.seen, taker, by=counter, at=told.later())
    told.exchange.send()
    assert Delivery.objects.filter(kind=KIND.RESULT).count() == 2
    purge(told.exchange.now + timedelta(days=4000))
    assert set(Delivery.objects.values_list("kind", flat=True)) == {KIND.DOSSIER, KIND.RESULT}


def test_a_dossier_that_the_peer_lost_goes_before_its_result(told_to: Callable[..., Told]) -> None:
    told = told_to()
    told.finish()
    take, store = told.exchange.remote.store.put_results, told.exchange.remote.store

    def forget(items: Any) -> None:
        store.put_results = take  # type: ignore[method-assign]
        store.dossiers.clear()
        take(items)

    store.put_results = forget  # type: ignore[method-assign]
    told.exchange.send()
    assert list(told.results.rows) == [told.dossier.code]
    told.dossier.refresh_from_db()
    assert store.dossiers[told.dossier.code]["TrangThaiHoSo"] == str(told.dossier.state)


# --- the page that a peer fetches from ------------------------------------------------------------


def test_only_what_was_made_for_it_opens_and_only_until_its_day(
    told_to: Callable[..., Told], clock: Any, settings: Any
) -> None:
    told = told_to(link_days=30)
    told.finish()
    told.exchange.send()
    url = told.there()["DuongDanTepTinKetQua"]
    digest = Attachment.objects.get(name="kq.pdf").sha256
    assert status(url) == 200
    other = hashlib.sha256(b"x").hexdigest()
    for wrong in (
        url.replace(digest, other),
        url.replace(f"ho-so={told.dossier.pk}", f"ho-so={told.dossier.pk + 1}"),
        url.replace("den=1", "den=2"),
        url.partition("?")[0],
        url[:-1],
    ):
        assert status(wrong) == 404, wrong
    peers = settings.EXCHANGE_PEERS
    settings.EXCHANGE_PEERS = []
    assert status(url) == 404
    settings.EXCHANGE_PEERS = [said("B", link_days=0)]
    assert status(url) == 404
    settings.EXCHANGE_PEERS = peers
    clock.now = told.at + timedelta(days=31)
    assert status(url) == 404


def test_an_address_is_counted_from_its_message_however_old_the_act(
    told_to: Callable[..., Told], clock: Any
) -> None:
    told = told_to(link_days=30)
    told.finish()
    told.exchange.send()
    clock.now = told.exchange.now = told.at = told.at + timedelta(days=400)
    level.send_again(told.line().pk, at=told.at)
    told.exchange.send()
    assert status(told.there()["DuongDanTepTinKetQua"]) == 200
    (file,) = told.results.rows[told.dossier.code]["DanhSachTepDinhKem"]
    assert status(file["DuongDan"]) == 200


def test_a_doubt_tells_nothing_anew_that_a_person_gave_up(told_to: Callable[..., Told]) -> None:
    told = told_to()
    told.finish()
    told.exchange.send()
    line, told_once = told.line(), Delivery.objects.filter(kind=KIND.RESULT)
    again(line, told_once.get(), told.later())
    assert told_once.count() == 2
    told_once.update(state=Delivery.State.CLOSED)
    again(line, told_once.order_by("pk")[0], told.later())
    assert told_once.count() == 2


def test_that_a_store_has_one_says_nothing_of_a_corrected_one(
    told_to: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = told_to()
    told.finish()
    told.exchange.send()
    before = told.line().stored

    def there(items: Any) -> None:
        raise Refusal(f"Kết quả của {told.dossier.code} đã tồn tại")

    monkeypatch.setattr(told.exchange.remote.store, "put_results", there)
    told.correct()
    told.exchange.send()
    assert told.line().stored == before
    assert told.line().trouble == Line.Trouble.REFUSED


def test_who_fetched_stands_in_the_access_log(told_to: Callable[..., Told]) -> None:
    told = told_to()
    told.finish()
    told.exchange.send()
    got(told.there()["DuongDanTepTinKetQua"])
    rows = AccessEvent.objects.filter(kind=AccessKind.DOWNLOADED, object_kind="dossier")
    # The store fetched it, then somebody did by the same address.
    assert [(one.username, one.object_id, one.about_id) for one in rows] == [
        ("Cổng Dịch vụ công quốc gia", told.dossier.pk, told.dossier.agency_id)
    ] * 2


def test_strangers_who_guess_are_made_to_wait(told_to: Callable[..., Told]) -> None:
    told_to()
    answers = {status(f"/trao-doi/tep/{'0' * 64}/?den={n}") for n in range(40)}
    assert answers == {404, 429}


def test_a_result_that_is_no_more_than_a_file_has_no_link(told_to: Callable[..., Told]) -> None:
    """On paper, and its scan not compared by anybody; before it was given out."""
    told = told_to(at_counter=True)
    by = told.office.desk(told.office.clerk)
    scan = [("kq.pdf", a_pdf("x"))]
    endings.record_result(told.seen, SIGNED, files=scan, by=by, at=told.later())
    endings.finish(told.seen, note="Đã ký giấy", by=by, at=told.later())
    told.exchange.send()
    row = told.there()
    assert (row["MaGiayToKetQua"], row.get("DuongDanTepTinKetQua")) == (CODE, None)
    assert told.results.rows == {}
    assert (told.line().result_code, told.line().result_link) == (True, False)
    assert counted(told) == (1, 0, 1)


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([{"name": "Giấy xác nhận", "code": CODE}, {"name": "Bản sao", "code": "X"}], CODE),
        ([{"name": "Bản sao", "code": "X"}], "X"),
        ([{"name": "Bản sao", "code": "X"}, {"name": "Bản chính", "code": "Y"}], ""),
        ([{"name": "Giấy xác nhận", "code": ""}, {"name": "Bản sao", "code": "X"}], ""),
        ([{"name": "Giấy xác nhận"}], ""),
        ([], ""),
    ],
)
def test_a_code_is_told_where_it_is_certain(
    told_to: Callable[..., Told], results: list[dict[str, str]], code: str
) -> None:
    told = told_to(store=False, results=results)
    told.finish()
    told.exchange.send()
    assert told.there().get("MaGiayToKetQua", "") == code
    assert told.line().result_code is bool(code)


def test_links_may_be_told_none_or_those_of_a_store_of_the_province(
    told_to: Callable[..., Told], settings: Any
) -> None:
    told = told_to(link_days=0)
    told.finish()
    told.exchange.send()
    assert "DuongDanTepTinKetQua" not in told.there()
    assert (told.results.rows, told.line().state) == ({}, Line.State.LEVEL)
    settings.EXCHANGE_PEERS = [said("B", files="https://kho.example/kq")]
    level.send_again(told.line().pk, at=told.later())
    told.exchange.send()
    digest = Attachment.objects.get(name="kq.pdf").sha256
    assert told.there()["DuongDanTepTinKetQua"] == f"https://kho.example/kq/{digest}"


# --- over HTTP ------------------------------------------------------------------------------------


@pytest.fixture
def portal() -> Iterator[Server]:
    server = Server(Recorded())
    server.peer.reads = reading.answers(server.peer.store.results)
    with running(server):
        yield server


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trouble", ["ok", "lost_after"])
def test_over_http_the_peer_fetches_and_keeps_the_very_bytes(
    live_server: Any, portal: Server, told_to: Callable[..., Told], settings: Any, trouble: str
) -> None:
    told = told_to()
    settings.PUBLIC_URL = live_server.url
    settings.EXCHANGE_PEERS = [said("B", url=portal.url, paths=STORE["B"])]
    content = told.finish()
    if trouble == "lost_after":
        loses_answers(portal.peer.store, 1)
        send(told)
        assert told.line().trouble == Line.Trouble.AWAY
        told.exchange.wait(timedelta(hours=2))
    send(told)
    assert told.line().state == Line.State.LEVEL
    digest = hashlib.sha256(content).hexdigest()
    assert portal.peer.store.results.files == {digest: content}
    (paper,) = people.find_results(told.dossier.identity_number, told.dossier.owner_name)
    (file,) = paper.files
    assert people.fetch_file(paper.issuer, file[1], file[0])[1] == content


def send(told: Told) -> None:
    from exchange.outbox import sending
    from exchange.outbox.peers import peers
    from exchange.outbox.profiles import port_of
    from exchange.outbox.taking import take_over

    (peer,) = peers()
    while take_over([peer], now=told.exchange.now):
        pass
    sending.send(peer, port_of(peer), told.exchange.clock, sending.Sent())
