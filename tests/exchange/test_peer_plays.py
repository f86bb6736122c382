"""The recorded peer plays all that real ones were seen to do: each play is asked for by its name, comes
through our door over HTTP, and ends as it should.
"""

from __future__ import annotations

import random
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import is_normalized, normalize

import pytest
from django.core.management import call_command, load_command_class
from django.utils import timezone

from dossiers.acts import supplements
from dossiers.acts.many import Seen
from dossiers.intake.brought import OnlineIn
from dossiers.intake.wanted import declared
from dossiers.models import OnlineFiling
from dossiers.models.payments import Payment
from dossiers.models.sent import FILES, SentPapers
from dossiers.states import State as Stands
from exchange.inbox import arriving, files, taking
from exchange.models import IncomingFile, Message, PayRequest
from exchange.models.outbox import Line
from exchange.peer import filing, reporting
from exchange.peer.http import Server
from exchange.peer.paying import PAYS, Platform
from exchange.peer.plays import PLAYS, Applicants, turn_of
from exchange.peer.serving import ODD, TROUBLES, Recorded
from onestop.commands import UsageError
from onestop.files.models import Attachment
from onestop.tables import read_table
from procedures.channels import Channel
from reports.bringing.columns import UNIT, columns_of
from reports.bringing.lines import read, text_of
from tests.dossiers.money.office import fresh
from tests.exchange.pay import WORD, Paying
from tests.exchange.running import running
from tests.exchange.sent import a_door
from tests.exchange.test_paying_pages import paying, send
from tests.exchange.world import Exchange
from tests.world import Office, make_case, make_office, receive

if TYPE_CHECKING:
    from django.test import Client

    from procedures.models import Case

__all__ = ["paying"]
State = PayRequest.State
Connected = Callable[..., Exchange]
DOCS = Path(__file__).parents[2] / "docs" / "operations.md"
# What real peers were seen to do, and how it is asked for; "": it does so whenever there is cause.
SCENARIOS: dict[str, tuple[str, ...]] = {
    "ok": ("--play plain",),
    "already exists": ("",),
    "unknown dossier": ("",),
    "session expired in mid-batch": ("--only expired",),
    "HTTP 200 with another error code": ("--only refused", "--only unreadable"),
    "0, '0' and '00' as success": ("",),
    "one bad item in ten": ("--bad 0.1",),
    "timeout after the peer stored it": ("--only lost_after", "--only late", "--only lost"),
    "5xx then recovery": ("--only server_error",),
    "slow": ("--only slow",),
    "duplicate callback": ("--play pay_twice",),
    "two at once": ("--play pay_at_once", "--play twice_at_once"),
    "callback out of order": ("--play pay_out_of_order", "--play out_of_order"),
    "wrong hash": ("--play pay_wrong_hash", "--play wrong_file_hash"),
    "amount differs": ("--play pay_other_amount",),
    "unknown status word": ("--only unknown_state", "--play unknown_word", "--play pay_unknown_word"),
    "codes of districts": ("--play district",),
    "NFD names": ("--play nfd",),
    "file link expired": ("--play expired_link", "--play fetched"),
    "file larger than declared": ("--play larger_file",),
    "clock 5 minutes off": (
        "--play clock_ahead", "--play clock_behind", "--play pay_clock_ahead",
    ),
    "empty first column report": ("--above 0",),
    "national figure higher than ours": ("--above 40",),
    "an update, an answer, a withdrawal": (
        "--play update", "--play answer", "--play withdrawal", "--play late_withdrawal",
    ),
    "no callback, a failed one": ("--play pay_untold", "--play pay_failed"),
}  # fmt: skip


def test_all_that_real_peers_do_is_asked_for_by_an_option_and_told_in_the_docs() -> None:
    command = load_command_class("exchange", "fake_portal")
    parser = command.create_parser("manage.py", "fake_portal")
    asked = {one for options in SCENARIOS.values() for one in options if one}
    for one in asked:
        parser.parse_args(one.split())
    names = {*TROUBLES, *ODD, *PLAYS, *PAYS}
    assert {one.split()[1] for one in asked if one.split()[0] in ("--only", "--play")} == names
    told = DOCS.read_text("utf-8")
    assert [one for one in sorted(names - {"plain"}) if f"`{one}`" not in told] == []


def test_shares_are_shares() -> None:
    with pytest.raises(UsageError, match="--bad"):
        call_command("fake_portal", bad=2.0)


# --- what is filed ---------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(Recorded())
    with running(made):
        yield made


class Counter:
    """Our side: what comes is kept, read, and its files are fetched."""

    def __init__(self, office: Office, case: Case) -> None:
        self.office, self.case, self.door = office, case, a_door()

    def took(self, message: dict[str, Any]) -> bool:
        body, _ = filing.signed("", message)
        for kept in arriving.take(self.door, body, at=timezone.now()).messages:
            taking.read(kept.pk, at=timezone.now())
        files.fetch_due(timezone.now)
        return True

    def message(self, seed: int) -> dict[str, Any]:
        [made] = filing.filings(
            1, seed=seed, procedure=self.case.version.code, unit=self.office.agency.code,
            at=timezone.localtime(), papers=["Tờ khai"],
        )  # fmt: skip
        return made


@pytest.fixture
def counter(db: None, settings: Any) -> Counter:
    settings.EXCHANGE_INSIDE = ["127.0.0.1"]
    return Counter(make_office(), make_case("7 ngày làm việc"))


def test_what_is_filed_ends_as_it_should(counter: Counter, server: Server) -> None:
    """Nothing is lost, nothing taken as what it is not."""
    held, codes = {}, {}
    for seed, play in enumerate(PLAYS):
        turn = turn_of(play, counter.message(seed), server.url)
        codes[play] = turn.code
        nobody = Applicants(counter.took, lambda _: "", timedelta(0))
        # Not by two threads: they would be two connections to one database of a test.
        turn.at_once = False
        assert nobody.file(turn)
        nobody.look(timezone.localtime())
        held[play] = Message.objects.filter(foreign_code=turn.code, state=Message.State.QUARANTINED)
    rows = {row.code: row for row in OnlineFiling.objects.all()}
    assert [play for play, found in held.items() if found.exists()] == ["unknown_word"]
    waits = {play: codes[play] in rows and rows[codes[play]].is_waiting for play in PLAYS}
    assert {play for play, is_so in waits.items() if not is_so} == {"unknown_word", "withdrawal"}
    [composed] = {is_normalized("NFC", row.owner_name) for row in rows.values()}
    assert composed
    said = {
        play: [one["code"] for one in _newest(codes[play]).notes if one["code"] != "note_papers"]
        for play in PLAYS
    }
    assert {play: notes for play, notes in said.items() if notes} == {"district": ["note_district"]}
    why = {
        play: row.why["code"]
        for play in PLAYS
        for row in IncomingFile.objects.filter(message__foreign_code=codes[play])
        if row.state != IncomingFile.State.KEPT
    }
    assert why == {
        "expired_link": "file_expired", "larger_file": "file_larger", "wrong_file_hash": "file_hash",
    }  # fmt: skip
    # The later one stands, in whatever order they came.
    messages = Message.objects.filter(foreign_code__in=(codes["out_of_order"], codes["update"]))
    assert messages.filter(is_updating=True, state=Message.State.MAPPED).count() == 2
    assert Message.objects.filter(foreign_code=codes["twice_at_once"]).count() == 1


def _newest(code: str) -> Message:
    found = Message.objects.filter(foreign_code=code).last()
    assert found is not None
    return found


def test_applicants_act_by_what_the_portal_holds(counter: Counter) -> None:
    """Papers that are asked for come, as often as they are; what was received is withdrawn once."""
    states: dict[str, str] = {}
    people = Applicants(counter.took, lambda code: states.get(code, ""), timedelta(seconds=30))
    dossiers = {}
    for seed, play in enumerate(("answer", "late_withdrawal")):
        turn = turn_of(play, counter.message(seed), "")
        assert people.file(turn)
        dossiers[play] = receive(
            counter.office, counter.case, channel=Channel.ONLINE_FULL, online=OnlineIn(turn.code)
        )
    answered, withdrawn = dossiers["answer"], dossiers["late_withdrawal"]
    by = counter.office.desk(counter.office.clerk)
    supplements.ask(
        Seen(answered.pk), items=declared("Họ tên"), reason="Thiếu", by=by, at=timezone.now()
    )
    now = timezone.localtime() + timedelta(minutes=1)
    states |= {answered.code: "5", withdrawn.code: "2"}
    for seconds, messages in ((0, 2), (20, 2), (30, 4), (90, 4)):
        people.look(now + timedelta(seconds=seconds))
        assert Message.objects.count() == messages
    row = SentPapers.objects.get()
    assert row.supplement.dossier == answered
    assert len(Attachment.objects.of(FILES, row.pk)) == 1
    recall = _newest(withdrawn.code)
    assert recall.missing == [{"code": "missing_recalled", "data": {}}]
    # Asked for anew it is sent anew.
    for seconds, state, messages in ((100, "4", 4), (110, "5", 4), (150, "5", 5)):
        states |= dict.fromkeys(states, state)
        people.look(now + timedelta(seconds=seconds))
        assert Message.objects.count() == messages


def test_a_door_that_takes_nothing_is_tried_again() -> None:
    answers = iter([True, False, True])
    people = Applicants(lambda _: next(answers), lambda _: "", timedelta(0))
    [message] = filing.filings(1, seed=1, procedure="1", unit="H99", at=timezone.localtime())
    assert people.file(turn_of("update", message, ""))
    for is_done in (False, True, True):
        people.look(timezone.localtime())
        assert people.turns[0].is_done == is_done


def test_two_at_once_are_sent_at_one_instant() -> None:
    meet = threading.Barrier(2, timeout=60)

    def send(_: dict[str, Any]) -> bool:
        meet.wait()
        return True

    [message] = filing.filings(1, seed=1, procedure="1", unit="H99", at=timezone.localtime())
    people = Applicants(send, lambda _: "", timedelta(0))
    assert people.file(turn_of("twice_at_once", message, ""))


# --- what it holds and tells -----------------------------------------------------------------------


def test_of_ten_dossiers_some_are_never_taken(connected: Connected) -> None:
    """By the seed; the others go."""
    exchange = connected("A", dossiers=10)
    codes = {one.code for one in exchange.dossiers}
    # Which codes they have depends on what ran before: a seed by which it is some of them, and not all.
    seed = next(n for n in range(100) if 0 < len(_refused(n, codes)) < len(codes))
    exchange.remote.seed, exchange.remote.bad_share = seed, SHARE
    exchange.tell(*((one, 2) for one in exchange.dossiers))
    exchange.send()
    refused = codes - set(exchange.remote.store.dossiers)
    assert refused == _refused(seed, codes)
    lines = Line.objects.filter(trouble=Line.Trouble.REFUSED)
    assert set(lines.values_list("code", flat=True)) == refused


SHARE = 0.2


def _refused(seed: int, codes: set[str]) -> set[str]:
    """By another peer of this seed."""
    other = Recorded(seed=seed, bad_share=SHARE)
    return {
        code
        for code in codes
        if other.answer("/ThemMoi", {}, [{"MaHoSo": code, "TrangThaiHoSo": "2"}])["error_code"] == 3
    }


def test_a_state_in_a_word_that_nobody_knows_is_no_state(connected: Connected) -> None:
    exchange = connected("B", dossiers=1)
    exchange.tell((exchange.dossiers[0], 2))
    exchange.remote.share, exchange.remote.only = 1.0, ["lost_after"]
    exchange.send()
    exchange.remote.only = list(ODD)
    exchange.wait(timedelta(hours=2))
    exchange.send()
    assert exchange.remote.played[ODD[0]] >= 1
    exchange.settle()
    [line] = Line.objects.all()
    assert (line.state, line.accepted_state) == (Line.State.LEVEL, Stands.RECEIVED)


def test_its_report_is_as_the_national_one_comes(server: Server, tmp_path: Path) -> None:
    """An empty first column, names apart, and more dossiers than it was told of; a unit's file is read
    so (reports/bringing).
    """
    server.above = 1040
    for code, state in (("1", "2"), ("2", "10")):
        server.peer.store.add([{"MaHoSo": code, "TrangThaiHoSo": state, "DonViXuLy": "Xã Thử"}])
    with urllib.request.urlopen(f"{server.url}{reporting.ADDRESS}") as reply:
        kept = tmp_path / reporting.NAME
        kept.write_bytes(reply.read())
    rows = read_table(kept, kept.name)
    assert {row.cells[0] for row in rows if row.cells} == {""}
    columns = columns_of(rows, {})
    assert columns.missing == []
    strings = zipfile.ZipFile(kept).read("xl/sharedStrings.xml").decode()
    assert normalize("NFD", "Xã Thử") in strings
    [line] = [row for row in rows if text_of(row, columns, UNIT) == "Xã Thử"]
    figures = read(line, columns)
    assert (figures["handled"], figures["ended"], figures["open"]) == (1042, 1, 1041)


# --- payments --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_becomes_of_payments(paying: Paying, client: Client) -> None:
    """However it is told, or not: booked once, or listed for a person."""
    found = {}
    for play, plays_it in PAYS.items():
        dossier = paying.till.owing()
        row = paying.opened(dossier)
        tells = plays_it(paying.platform, row.reference, paying.now, random.Random(1))
        assert tells.at_once == (play == "pay_at_once")
        for one in tells.said:
            send(client, one)
        paying.wait(minutes=5)
        paying.run()
        row.refresh_from_db()
        money = Payment.objects.filter(raw__MaThamChieu=row.reference)
        found[play] = (State(row.state).name, fresh(dossier).fee_owed, money.count())
    paid, open_still = ("PAID", 0, 1), ("OPEN", 50_000, 0)
    assert found == dict.fromkeys(PAYS, paid) | {
        "pay_failed": open_still,
        "pay_unknown_word": open_still,
        # Money that a person looks at.
        "pay_other_amount": ("PAID", 50_000, 1),
    }


def test_payments_are_played_in_turn() -> None:
    """Over HTTP, by the button of its page."""
    peer = Recorded(platform=Platform(WORD))
    assert peer.platform is not None
    peer.platform.requests["R1"] = {"SoTien": "50000"}
    server = Server(peer, pays=["pay_failed", "pay_untold"])
    with running(server):
        for paid in (0, 1):
            with urllib.request.urlopen(f"{server.url}/thanh-toan/R1", data=b"") as reply:
                assert ("Đã thanh toán" in reply.read().decode()) == bool(paid)
            assert len(peer.platform.paid.get("R1", [])) == paid
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{server.url}/thanh-toan/R2", data=b"")
