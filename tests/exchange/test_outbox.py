"""What an act writes for other systems, and how each answer of a peer is taken."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dossiers.ledger.many import change_many
from dossiers.models import Dossier
from exchange import tasks
from exchange.models.outbox import Delivery, Line
from exchange.outbox import alarm, content, leasing, pushing, sending, taking
from exchange.outbox.peers import PATHS, peers
from exchange.outbox.port import Away, Held, is_success
from exchange.outbox.profiles import port_of, read_answer
from exchange.outbox.taking import take_over
from exchange.peer.serving import BAD_ITEM
from onestop.accounts.models import Role
from onestop.commands import Refused
from onestop.outbox.models import Fact, Message
from tests.clock import MONDAY
from tests.exchange.world import WORD, Exchange, said
from tests.world import Office, make_case, make_office, make_officer, receive

Connected = Callable[..., Exchange]


def test_an_act_writes_one_row_for_others_and_only_where_one_is_connected(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("onestop.outbox.facts.nudge", woken.append)
    office, case = make_office(), make_case("7 ngày làm việc")
    receive(office, case, at=MONDAY)
    assert not Fact.objects.exists()
    settings.EXCHANGE_PEERS = [said("B")]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        dossier = receive(office, case, at=MONDAY)
    inserts = [one["sql"] for one in asked if 'INTO "outbox_fact"' in one["sql"]]
    assert (len(inserts), woken) == (1, [tasks.nudged.name])
    fact = Fact.objects.first()
    assert fact is not None
    assert (fact.topic, fact.key, fact.payload["state"]) == ("dossier", dossier.code, 2)
    # Ids and instants, no name.
    assert dossier.owner_name not in str(fact.payload)


def _noted(office: Office, dossiers: list[Dossier], kind: str) -> None:
    with change_many([one.pk for one in dossiers], by=None, at=MONDAY) as many:
        for one in dossiers:
            with many.change(one.pk) as life:
                life.record(kind)


def test_many_dossiers_of_one_press_are_one_insert(db: None, settings: Any) -> None:
    office, case = make_office(), make_case("7 ngày làm việc")
    dossiers = [receive(office, case, at=MONDAY) for _ in range(3)]
    settings.EXCHANGE_PEERS = [said("B")]
    with CaptureQueriesContext(connection) as asked:
        _noted(office, dossiers, "extend")
    assert sum('INTO "outbox_fact"' in one["sql"] for one in asked) == 1
    assert Fact.objects.count() == 3


@pytest.mark.parametrize("code", [0, "0", "00"])
def test_only_the_forms_of_success_are_success(code: object) -> None:
    assert is_success(code)
    assert read_answer({"error_code": code}).ok


@pytest.mark.parametrize("code", [3, -3, "01", "", None, False, 0.0, [], "ok"])
def test_nothing_else_is_success(code: object) -> None:
    assert not read_answer({"error_code": code, "message": ""}).ok


@pytest.mark.parametrize("said", [{}, {"message": "OK"}, [], "0", None])
def test_an_answer_without_code_says_nothing(said: object) -> None:
    with pytest.raises(Away):
        read_answer(said)


def test_what_exists_there_is_updated(connected: Connected) -> None:
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    exchange.remote.store.dossiers[dossier.code] = {"MaHoSo": dossier.code, "TrangThaiHoSo": "2"}
    exchange.tell((dossier, 4))
    assert exchange.send().sent == 2
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "4"


def test_one_bad_item_in_ten_holds_up_no_other(connected: Connected) -> None:
    exchange = connected("B", dossiers=10)
    bad = exchange.dossiers[3]
    exchange.remote.bad[bad.code] = BAD_ITEM
    exchange.tell(*((one, 2) for one in exchange.dossiers))
    exchange.send()
    assert len(exchange.remote.store.dossiers) == 9
    line = Line.objects.get(code=bad.code)
    assert (line.state, line.trouble) == (Line.State.WAITING, Line.Trouble.REFUSED)
    assert line.words == "3: Dữ liệu không hợp lệ"
    assert Line.objects.filter(state=Line.State.LEVEL).count() == 9


def test_what_a_peer_falls_over_keeps_no_other_from_being_sent(connected: Connected) -> None:
    exchange = connected("B", dossiers=10)
    bad = exchange.dossiers[3]
    exchange.remote.falls_over.add(bad.code)
    exchange.tell(*((one, 2) for one in exchange.dossiers))
    for _ in range(8):
        exchange.send()
        exchange.wait(timedelta(hours=3))
    assert len(exchange.remote.store.dossiers) == 9
    (line,) = Line.objects.exclude(state=Line.State.LEVEL)
    assert (line.code, line.trouble) == (bad.code, Line.Trouble.AWAY)


def test_a_version_that_is_refused_is_no_session_that_is_over(connected: Connected) -> None:
    exchange = connected("A", dossiers=2)
    one, other = exchange.dossiers
    exchange.remote.bad[one.code] = "Phiên bản thủ tục không hợp lệ"
    exchange.tell((one, 2), (other, 2))
    exchange.send()
    assert Line.objects.get(code=one.code).words == "3: Phiên bản thủ tục không hợp lệ"
    assert Line.objects.get(code=other.code).state == Line.State.LEVEL
    assert exchange.remote._signed_in == 1


def test_letters_and_marks_apart_say_the_same() -> None:
    said = {"error_code": 3, "message": unicodedata.normalize("NFD", "Hồ sơ đã tồn tại")}
    assert read_answer(said).exists


def _in_doubt(exchange: Exchange) -> Dossier:
    """A dossier of which one message went without an answer and the next was accepted."""
    (dossier,) = exchange.dossiers
    exchange.tell((dossier, 2))
    exchange.send()
    exchange.remote.share, exchange.remote.only = 1.0, ["late"]
    exchange.tell((dossier, 5))
    exchange.send()
    exchange.remote.share = 0.0
    exchange.wait(timedelta(minutes=1))
    exchange.tell((dossier, 4))
    exchange.send()
    return dossier


def test_an_old_state_never_goes_behind_an_act_done_while_the_peer_was_asked(
    connected: Connected,
) -> None:
    exchange = connected("B", dossiers=1)
    dossier = _in_doubt(exchange)
    exchange.remote.let_arrive()
    exchange.wait(leasing.DOUBT + timedelta(minutes=1))

    def finished() -> None:
        exchange.tell((dossier, 9))
        take_over(peers(), now=exchange.now)

    exchange.meanwhile = finished
    exchange.send()
    exchange.send()
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "9"
    line = Line.objects.get()
    assert (line.state, line.accepted_state) == (Line.State.LEVEL, 9)


@pytest.mark.parametrize("profile", ["A", "B"])
@pytest.mark.parametrize(
    "result",
    [
        {"TrangThaiHoSo": "4", "NgayHenTra": ""},
        [{"TrangThaiHoSo": "4", "NgayHenTra": "30/11/2026"}],
        [{"NgayHenTra": ""}],
        "x",
        [[]],
        5,
    ],
)
def test_what_is_no_record_leaves_no_dossier_in_doubt(
    connected: Connected, monkeypatch: pytest.MonkeyPatch, profile: str, result: object
) -> None:
    exchange = connected(profile, dossiers=1)
    _in_doubt(exchange)
    exchange.remote.let_arrive()
    exchange.wait(leasing.DOUBT + timedelta(minutes=1))
    monkeypatch.setattr(exchange.remote.store, "find", lambda code: result)
    exchange.send()
    assert Line.objects.get().state == Line.State.LEVEL
    assert exchange.remote.store.dossiers[exchange.dossiers[0].code]["TrangThaiHoSo"] == "4"


def test_acts_do_not_wait_for_a_peer_that_hangs(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = connected("B", dossiers=2)
    one, other = exchange.dossiers
    monkeypatch.setattr(sending, "port_of", lambda peer: port_of(peer, exchange.post))
    exchange.remote.share, exchange.remote.only = 1.0, ["lost"]
    exchange.tell((one, 2))
    sending.send_all(exchange.clock, only_well=True)
    for _ in range(3):
        exchange.tell((other, 2))
        sending.send_all(exchange.clock, only_well=True)
    assert exchange.remote.played == {"lost": 1}
    # The minute's run asks it again, and what answers is told of each act at once.
    exchange.remote.share = 0.0
    exchange.wait(timedelta(minutes=1))
    sending.send_all(exchange.clock)
    assert len(exchange.remote.store.dossiers) == 2


def test_a_call_ends_though_more_waits(connected: Connected) -> None:
    exchange = connected("B", dossiers=2, chunk=1)
    exchange.tell(*((one, 2) for one in exchange.dossiers))
    exchange.meanwhile = lambda: exchange.wait(sending.LONGEST + timedelta(seconds=1))
    exchange.send()
    assert len(exchange.remote.store.dossiers) == 1
    exchange.send()
    assert len(exchange.remote.store.dossiers) == 2


def test_a_session_that_is_over_is_renewed_once(connected: Connected) -> None:
    exchange = connected("A", dossiers=2, chunk=1)
    one, other = exchange.dossiers
    exchange.tell((one, 2))
    port = port_of(peers()[0], exchange.post)
    port.find_dossier(one.code)
    exchange.remote._sessions.clear()
    assert port.find_dossier(other.code) is None
    assert exchange.remote._signed_in == 2


def test_a_status_without_code_is_held_and_told(connected: Connected, settings: Any) -> None:
    exchange = connected("B", dossiers=1, codes={"2": "2"})
    (dossier,) = exchange.dossiers
    exchange.tell((dossier, 6))
    exchange.send()
    line = Line.objects.get()
    assert (line.state, line.trouble) == (Line.State.STOPPED, Line.Trouble.HELD)
    assert "số 6" in line.words
    assert exchange.remote.store.dossiers == {}
    boss = make_officer("Vũ Thị Mai", dossier.agency, (Role.ADMINISTRATOR, None))
    assert alarm.tell(now=exchange.now, link="/x/") == 1
    assert alarm.tell(now=exchange.now, link="/x/") == 0  # once a day
    notice = Message.objects.get(kind=alarm.KIND, to_officer=boss)
    assert "1 hồ sơ đã ngừng gửi" in notice.body


def test_who_has_no_number_is_given_none(connected: Connected) -> None:
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    Dossier.objects.filter(pk=dossier.pk).update(identity_number="")
    exchange.tell((dossier, 2))
    exchange.send()
    assert Line.objects.get().words.startswith("Thiếu số giấy tờ")


def test_a_refusal_is_tried_for_a_day_and_then_a_person_has_to_look(connected: Connected) -> None:
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    exchange.remote.bad[dossier.code] = BAD_ITEM
    exchange.tell((dossier, 2))
    begun = exchange.now
    while Line.objects.filter(state=Line.State.WAITING).exists() or not Line.objects.exists():
        exchange.send()
        if (at := Line.objects.get().next_try_at) is not None:
            exchange.now = at
    assert Line.objects.get().tries == 13
    assert timedelta(hours=20) < exchange.now - begun < timedelta(hours=26)


def test_after_an_outage_of_days_all_goes_in_order(connected: Connected) -> None:
    exchange = connected("B", dossiers=3)
    exchange.remote.share, exchange.remote.only = 1.0, ["server_error"]
    for state in (2, 4, 5, 4, 9):
        exchange.tell(*((one, state) for one in exchange.dossiers))
        for _ in range(5):
            exchange.send()
            exchange.wait(timedelta(hours=4))
    assert alarm.unsent()[0].is_late(exchange.now)
    exchange.settle()
    steps = exchange.remote.store.steps
    for dossier in exchange.dossiers:
        assert [step[1] for step in steps[dossier.code]] == ["2", "4", "5", "4", "9"]


def test_a_reopening_is_a_message_of_its_own(connected: Connected) -> None:
    exchange = connected("B", dossiers=1, paths={"reopen": ""})
    (dossier,) = exchange.dossiers
    for state in (2, 9):
        exchange.tell((dossier, state))
    exchange.send()
    exchange.tell((dossier, 4))
    exchange.send()
    # This peer has no such message: it is not told an interim state over a final one.
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "9"
    assert Line.objects.get().trouble == Line.Trouble.HELD


def test_an_end_that_only_the_peer_knows_of_is_opened_again(connected: Connected) -> None:
    """A restored backup knows nothing of what was told since: the dossier stands there, closed."""
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    exchange.tell((dossier, 2))
    exchange.tell((dossier, 8))
    exchange.send()
    Delivery.objects.all().delete()
    Line.objects.all().delete()
    exchange.tell((dossier, 4))
    for _ in range(2):
        exchange.send()
        exchange.wait(timedelta(minutes=5))
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "4"
    assert Line.objects.get().state == Line.State.LEVEL


def test_the_states_over_which_nothing_interim_goes() -> None:
    assert pushing.is_reopening(9, 4)
    assert pushing.is_reopening(10, 9)
    assert not pushing.is_reopening(9, 10)
    assert not pushing.is_reopening(9, 9)
    assert not pushing.is_reopening(4, 5)
    assert not pushing.is_reopening(None, 4)


def test_a_sentence_ends_at_a_word_and_a_name_is_never_cut(settings: Any) -> None:
    settings.EXCHANGE_PEERS = [said("B")]
    (peer,) = peers()
    fields = content.fitting(peer, {"TrichYeuHoSo": "một hai " * 200})
    assert len(fields["TrichYeuHoSo"]) <= 1000
    assert fields["TrichYeuHoSo"].endswith(("một…", "hai…"))
    with pytest.raises(Held, match="NguoiXuLy"):
        content.fitting(peer, {"NguoiXuLy": "Ả" * 51})


def test_lengths_and_dates_are_those_of_the_peer(connected: Connected) -> None:
    exchange = connected("B", dossiers=1, dates="%d/%m/%Y", lengths={"NguoiXuLy": 60, "GhiChu": 8})
    (peer,), (dossier,) = peers(), exchange.dossiers
    content.fitting(peer, {"NguoiXuLy": "Ả" * 60})
    with pytest.raises(Held, match="60"):
        content.fitting(peer, {"DanhSach": [{"NguoiXuLy": "Ả" * 61}]})
    assert content.fitting(peer, {"GhiChu": "một hai ba"}) == {"GhiChu": "một…"}

    exchange.tell((dossier, 2))
    exchange.send()
    due = timezone.localtime(datetime.fromisoformat(exchange.ours[dossier.code]["due"]))
    assert exchange.remote.store.dossiers[dossier.code]["NgayHenTra"] == f"{due:%d/%m/%Y}"
    # Asked what it holds, its day is the same day: nothing is sent again.
    Line.objects.update(state=Line.State.WAITING, check_at=exchange.now, next_try_at=exchange.now)
    exchange.send()
    assert Line.objects.get().state == Line.State.LEVEL
    assert Delivery.objects.count() == 2


def test_a_late_commit_with_an_early_id_is_not_passed_over(connected: Connected) -> None:
    """What was taken goes; what comes with a smaller id later is there all the same."""
    exchange = connected("B", dossiers=2)
    one, other = exchange.dossiers
    exchange.tell((one, 2), (other, 2))
    early = Fact.objects.get(key=one.code)
    Fact.objects.filter(pk=early.pk).delete()
    exchange.send()
    early.save(force_insert=True)
    exchange.send()
    assert set(exchange.remote.store.dossiers) == {one.code, other.code}


def test_a_refused_filing_is_told_without_a_dossier(connected: Connected) -> None:
    exchange = connected("B", dossiers=0)
    taking.say_filing("G01-1", state=3, words="Không đúng thẩm quyền", agency=None, at=MONDAY)
    exchange.send()
    assert exchange.remote.store.statuses == {"G01-1": "3"}
    assert Delivery.objects.get().state == Delivery.State.SENT


def test_only_https_and_a_known_contract(settings: Any) -> None:
    for wrong in (
        {"url": "http://cong.example"},
        {"profile": "C"},
        {"nothing": 1},
        {"lengths": {"GhiChu": "8"}},
        {"dates": "%H:%M"},
        {"days": "%d/%m"},
        {"days": None},
    ):
        settings.EXCHANGE_PEERS = [said("B") | wrong]
        with pytest.raises(ImproperlyConfigured):
            peers()
    assert set(PATHS) == {"A", "B"}


def test_without_a_peer_nothing_runs(db: None) -> None:
    tasks.send_outbox()
    tasks.nudged()
    assert alarm.unsent() == []
    with pytest.raises(Refused, match="EXCHANGE_PEERS"):
        call_command("send_outbox")


def test_the_word_that_opens_the_peer_is_in_no_log(
    connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    exchange = connected("A", dossiers=1)
    exchange.remote.share, exchange.remote.only = 1.0, ["lost", "refused"]
    exchange.tell((exchange.dossiers[0], 2))
    for _ in range(6):
        exchange.send()
        exchange.wait(timedelta(hours=1))
    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert "not accepted" in logged
    assert WORD not in logged
    assert exchange.dossiers[0].owner_name not in logged


def test_a_clock_set_back_keeps_nothing_waiting(connected: Connected) -> None:
    exchange = connected("B", dossiers=1)
    exchange.remote.share, exchange.remote.only = 1.0, ["lost"]
    exchange.wait(timedelta(days=90))  # the clock was wrong
    exchange.tell((exchange.dossiers[0], 2))
    exchange.send()
    exchange.now = MONDAY
    assert leasing.after_clock_set_back(MONDAY) == 1
    assert Line.objects.get().next_try_at == MONDAY
