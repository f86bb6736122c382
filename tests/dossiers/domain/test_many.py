"""Acts on many dossiers by one press: in one transaction, asked and written once for all, and each
dossier's ledger the same as if they had been done one by one.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from dossiers.acts import approval, desks, handovers, many, receiving, refusals, taking_back
from dossiers.acts.many import Done, Seen
from dossiers.ledger import bulk
from dossiers.ledger.verifying import verify
from dossiers.ledger.writer import Life
from dossiers.models import Batch, Dossier, Event, HandOver, Slip, SlipCounter, Span
from dossiers.states import State
from onestop.errors import DomainError
from tests.dossiers.domain.test_deciding import (
    GRANTED,
    REFUSED,
    approve,
    fresh,
    give,
    in_room,
    submitted,
    write,
)
from tests.dossiers.work.test_mixed_giving import make_role
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db
PRESS = UUID(int=9)
# Far beyond every promise of the cases here.
LATE = timedelta(days=60)
Press = Callable[[Sequence[Seen]], list[Done]]


@pytest.fixture
def office() -> Office:
    return make_office()


def counter_gives(office: Office, *, note: str = "", at: datetime = MONDAY) -> Press:
    def act(seen: Sequence[Seen]) -> list[Done]:
        to, by = office.room, office.desk(office.clerk)
        _, done = handovers.hand_over_many(
            seen, to=to, receiver=None, step=None, by=by, at=at, note=note, press=PRESS
        )
        return done

    return act


def received(office: Office, by: str, *, at: datetime) -> Press:
    desk = office.desk(getattr(office, by))

    def act(seen: Sequence[Seen]) -> list[Done]:
        differences = {one.dossier_id: "Thiếu tờ khai" for one in seen[1:2]}
        return handovers.confirm_many(seen, by=desk, at=at, differences=differences, press=PRESS)

    return act


# --- how many statements ----------------------------------------------------------------------------


def statements(act: Callable[[], list[Done]]) -> int:
    """Of an act that does all it is asked for."""
    with CaptureQueriesContext(connection) as asked:
        done = act()
    assert [one.error for one in done] == [None] * len(done)
    return len(asked)


def of(dossiers: Sequence[Dossier]) -> list[Seen]:
    return [Seen(one.pk) for one in dossiers]


def pressed(office: Office, count: int) -> dict[str, int]:
    """Statements of each press on so many."""
    case = make_case()
    dossiers = [receive(office, case) for _ in range(count)]
    specialist, leader = office.desk(office.specialist), office.desk(office.leader)
    found = {"give": statements(lambda: counter_gives(office)(of(dossiers)))}
    found["recall"] = statements(
        lambda: handovers.recall_many(of(dossiers), by=office.desk(office.clerk), at=MONDAY)
    )
    counter_gives(office)(of(dossiers))
    room = received(office, "specialist", at=MONDAY)
    found["confirm"] = statements(lambda: room(of(dossiers)))
    for dossier in dossiers:
        write(office, dossier)
    handovers.hand_over_many(
        of(dossiers), to=office.leadership, receiver=None, step=None, by=specialist, at=MONDAY
    )
    found["approve"] = statements(
        lambda: approval.approve_many(of(dossiers), by=leader, at=MONDAY, press=PRESS)
    )
    home = received(office, "clerk", at=MONDAY)
    found["end"] = statements(lambda: home(of(dossiers)))
    return found


def test_a_press_on_many_costs_as_many_statements_as_on_few(office: Office) -> None:
    pressed(office, 2)  # calendars and desks are kept from here on
    few = pressed(office, 3)
    assert pressed(office, 12) == few
    assert max(few.values()) <= 40


@pytest.mark.slow
@pytest.mark.one_engine("SQLite takes the fewest values a statement; as few as on few: above")
def test_two_hundred_cost_as_many_statements_as_fifty(office: Office) -> None:
    """SQLite takes fewer values a statement than PostgreSQL: a few more there, never one each."""
    pressed(office, 2)
    fifty, two_hundred = pressed(office, 50), pressed(office, 200)
    for name, count in two_hundred.items():
        assert count <= fifty[name] + 20, name


# --- what is written ----------------------------------------------------------------------------------


@contextmanager
def one_by_one() -> Iterator[None]:
    """Each dossier of a press in a transaction of its own, with what a press shares."""

    def each(
        asked: Sequence[Seen], verb: Callable[[Life], None], *, numbers: Any = (), **act: Any
    ) -> list[Done]:
        return [many._alone(seen, verb, **act) for seen in asked]

    with ExitStack() as patched:
        for module in (handovers, receiving, approval, taking_back):
            patched.enter_context(mock.patch.object(module, "together", each))
        yield


def plain(row: Model, *left_out: str) -> dict[str, Any]:
    own = {field.attname for field in row._meta.concrete_fields} - {"id", *left_out}
    return {name: getattr(row, name) for name in sorted(own)}


def told(event: Event, new: dict[tuple[str, int], str]) -> Any:
    """What an event says, with the ids of rows that the act wrote by what they are."""
    text = json.loads(event.text)
    for table, rows in text.get("rows", {}).items():
        for said in rows:
            said["id"] = new.get((table, said["id"]), said["id"])
            columns = said.get("new", said.get("set", {}))
            if "batch_id" in columns:
                columns["batch_id"] = new[("batches", columns["batch_id"])]
    row = text["data"].get("row")
    text["data"]["row"] = new.get(("hand_overs", row), row)
    return text


def facts(dossiers: Sequence[Dossier], done: Sequence[Done]) -> list[Any]:
    """All that acts write, free of the ids of new rows and of the hashes over them."""
    ids = [dossier.pk for dossier in dossiers]
    rows = list(HandOver.objects.filter(dossier__in=ids).order_by("dossier", "seq"))
    batches = list(Batch.objects.order_by("year", "number"))
    slips = list(Slip.objects.order_by("slug", "year", "number"))
    new = {("hand_overs", row.pk): f"{row.dossier_id}/{row.seq}" for row in rows}
    new |= {("batches", row.pk): f"list {row.number}" for row in batches}
    new |= {("slips", row.pk): f"{row.slug} {row.number}" for row in slips}
    return [
        [(one.code, one.error and (one.error.code, one.error.field)) for one in done],
        [told(event, new) for event in Event.objects.order_by("dossier", "seq")],
        [plain(dossier, "event_hash") for dossier in Dossier.objects.order_by("pk")],
        [plain(row, "batch_id") | {"list": new["batches", row.batch_id]} for row in rows],
        [plain(row) for row in (*batches, *SlipCounter.objects.order_by("pk"))],
        [plain(row, "pdf_id") for row in slips],
        [plain(row) for row in Span.objects.order_by("dossier", "from_seq", "pk")],
    ]


def same_either_way(dossiers: Sequence[Dossier], seen: Sequence[Seen], act: Press) -> list[str]:
    """Whether a press writes the same as acts one by one. Out: how each was refused."""
    written = []
    for how in (one_by_one(), nullcontext()):
        with how, transaction.atomic():
            done = act(seen)
            written.append(facts(dossiers, done))
            assert verify(now=MONDAY + 2 * LATE).misfit is None
            transaction.set_rollback(True)
    for alone, together in zip(*written, strict=True):
        assert together == alone
    return [one.error.code if one.error else "" for one in done]


def test_giving_many_is_giving_each(office: Office) -> None:
    """What cannot go is refused as by itself: changed since, gone, elsewhere."""
    dossiers = [receive(office, make_case()) for _ in range(4)]
    seen = [Seen(one.pk, one.row_version) for one in dossiers]
    stale, given = receive(office, make_case()), receive(office, make_case())
    seen.append(Seen(stale.pk, stale.row_version + 1))
    give(office, given, office.clerk, office.second_room)
    seen.insert(2, Seen(given.pk))
    seen.insert(0, Seen(in_room(office).pk))
    how = same_either_way(dossiers, seen, counter_gives(office, note="Gấp"))
    assert how == ["not_holder", "", "", "already_given", "", "", "conflict"]


def test_receiving_many_is_receiving_each(office: Office) -> None:
    """Taken up, judged late where the promise passed, the difference with its own dossier."""
    dossiers = [receive(office, make_case()) for _ in range(3)]
    counter_gives(office)(of(dossiers[:2]))
    late = MONDAY + LATE
    counter_gives(office, at=late)(of(dossiers[2:]))
    free = receive(office, make_case())
    seen = of([*dossiers, free])
    how = same_either_way(dossiers, seen, received(office, "specialist", at=late))
    assert how == ["", "", "", "nothing_to_confirm"]


def home(office: Office) -> list[Dossier]:
    """Approved and on their way to the counter: results, a refusal in their midst."""
    dossiers = [submitted(office, data) for data in (GRANTED, REFUSED, GRANTED)]
    for dossier in dossiers:
        approve(office, dossier)
    return dossiers


def test_what_comes_home_ends_as_each_by_itself(office: Office) -> None:
    """Verdict and intervals of each, though one of them came without a result."""
    dossiers = home(office)
    bare = in_room(office)
    give(office, bare, office.specialist, office.counter)
    seen = of([dossiers[0], bare, *dossiers[1:]])
    act = received(office, "clerk", at=MONDAY + timedelta(hours=2))
    assert same_either_way([*dossiers, bare], seen, act) == [""] * 4
    act(seen)
    states = [fresh(one).state for one in (*dossiers, bare)]
    assert states == [State.FINISHED] * 3 + [State.IN_PROGRESS]


def test_a_refusal_gets_its_slip_among_others_of_its_press(office: Office) -> None:
    """R-65: numbered as if each had been approved by itself, and only that one has a slip."""
    dossiers = [submitted(office, data) for data in (GRANTED, REFUSED, GRANTED, REFUSED)]
    for one in dossiers[:2]:
        handovers.confirm(Seen(one.pk), by=office.desk(office.leader), at=MONDAY)
    asked = of([*dossiers[:1], in_room(office), *dossiers[1:]])
    leader, at = office.desk(office.leader), MONDAY + timedelta(hours=1)
    act = partial(approval.approve_many, by=leader, at=at, press=PRESS)
    assert same_either_way(dossiers, asked, act) == ["", "not_holder", "", "", ""]
    act(asked)
    assert list(
        Slip.objects.filter(slug="tu-choi").order_by("pk").values_list("dossier", "number")
    ) == [
        (dossiers[1].pk, 1),
        (dossiers[3].pk, 2),
    ]


def test_sending_many_back_is_sending_each(office: Office) -> None:
    dossiers = [submitted(office) for _ in range(3)]
    act = partial(
        approval.send_back_many,
        reason="Chưa đúng",
        by=office.desk(office.leader),
        at=MONDAY + timedelta(hours=1),
        press=PRESS,
    )
    assert same_either_way(dossiers, of([*dossiers, in_room(office)]), act)[3] == "not_holder"


def test_recalling_many_is_recalling_each(office: Office) -> None:
    """With the slip of a refusal that the giving on had approved (R-65)."""
    dossiers = [submitted(office, data) for data in (GRANTED, REFUSED)]
    for dossier in dossiers:
        handovers.confirm(Seen(dossier.pk), by=office.desk(office.leader), at=MONDAY)
        give(office, dossier, office.leader, office.counter)
    assert Slip.objects.standing().filter(slug="tu-choi").count() == 1
    leader, at = office.desk(office.leader), MONDAY + timedelta(hours=1)
    asked = of([*dossiers, in_room(office)])
    act = partial(handovers.recall_many, by=leader, at=at)
    assert same_either_way(dossiers, asked, act)[:2] == ["", ""]
    act(asked)
    assert not Slip.objects.standing().filter(slug="tu-choi").exists()


def test_taking_a_press_back_is_taking_back_each(office: Office) -> None:
    """Of what came home with a slip among it; what somebody acted on since stays."""
    dossiers = home(office)
    clerk, at = office.desk(office.clerk), MONDAY + timedelta(hours=2)
    received(office, "clerk", at=at)(of(dossiers))
    give(office, fresh(dossiers[2]), office.clerk, office.room)
    later = at + timedelta(minutes=5)
    act = partial(_pressed_back, by=clerk, at=later)
    assert same_either_way(dossiers, of(dossiers), act) == ["", "", "nothing_to_take_back"]


def _pressed_back(seen: Sequence[Seen], **act: Any) -> list[Done]:
    return taking_back.take_back_press(PRESS, **act)


def test_a_whole_desk_moves_in_as_many_statements_as_a_few(office: Office) -> None:
    """What lies on it, what is on its way to it, and what was given from it."""
    counts = []
    by, at = office.desk(office.head), MONDAY + timedelta(hours=1)
    assert by.roles  # read once
    for lying in (2, 6):
        while (
            Dossier.objects.filter(holder=office.specialist, pending_officer=None).count() < lying
        ):
            in_room(office)
            on_its_way, given = receive(office, make_case()), in_room(office)
            give(office, on_its_way, office.clerk, office.room, receiver=office.specialist)
            give(office, given, office.specialist, office.second_room)
        with transaction.atomic():
            with CaptureQueriesContext(connection) as asked:
                batch = desks.hand_desk_over(
                    office.specialist, office.head, by=by, at=at, reason="Nghỉ thai sản"
                )
            assert batch is not None
            assert set(batch.hand_overs.values_list("receiver", flat=True)) == {office.head.pk}
            assert not Dossier.objects.filter(desks.on_desk(office.specialist)).exists()
            assert verify(now=at).misfit is None
            transaction.set_rollback(True)
        counts.append(len(asked))
    assert counts[1] == counts[0]


# --- what is refused late leaves nothing behind -------------------------------------------------------


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_refused_after_it_was_written_is_not_there(
    office: Office, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    """Neither its row nor the number of the list that it had begun."""
    dossiers = [receive(office, make_case()) for _ in range(3)]

    def refuses(life: Any, *args: Any, **more: Any) -> None:
        if life.dossier.pk == dossiers[which].pk:
            raise DomainError("slip_missing")

    monkeypatch.setattr(refusals, "issue_if_approved", refuses)
    monkeypatch.setattr("dossiers.route.way.Route.approves_by", lambda *_: True)
    done = counter_gives(office)(of(dossiers))
    assert [one.error is None for one in done] == [n != which for n in range(3)]
    assert [fresh(one).pending_department_id is None for one in dossiers] == [
        n == which for n in range(3)
    ]
    assert list(Batch.objects.values_list("number", flat=True)) == [1]
    assert HandOver.objects.count() == 2
    assert fresh(dossiers[which]).event_seq == 1
    assert verify(now=MONDAY).misfit is None


def test_an_error_of_ours_in_the_midst_leaves_all_as_they_were(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = [receive(office, make_case()) for _ in range(3)]
    judging = handovers.giver_role

    def breaks(by: Any, dossier: Dossier, last: Any) -> str:
        if dossier.pk == dossiers[2].pk:
            raise RuntimeError
        return judging(by, dossier, last)

    monkeypatch.setattr(handovers, "giver_role", breaks)
    with pytest.raises(RuntimeError):
        counter_gives(office)(of(dossiers))
    assert not HandOver.objects.exists()
    assert not Batch.objects.exists()
    assert not Dossier.objects.exclude(event_seq=1).exists()


def test_one_named_twice_is_done_once(office: Office) -> None:
    dossier, other = receive(office, make_case()), receive(office, make_case())
    done = counter_gives(office)(of([dossier, other, dossier]))
    assert [one.error for one in done] == [None] * 3
    assert HandOver.objects.count() == 2


def test_what_gets_the_same_columns_of_other_values_keeps_each_its_own(office: Office) -> None:
    """Texts of full length, quotes, nothing and instants: as update() of each would write them."""
    dossiers = [receive(office, make_case()) for _ in range(3)]
    words = ["x" * 300, "'%s\" \\ ắ", ""]
    for dossier, text in zip(dossiers, words, strict=True):
        dossier.step_name, dossier.forward_by = text, MONDAY if text else None
        dossier.return_by_post, dossier.step_order = bool(text), len(text)
    names = {"step_name", "forward_by", "return_by_post", "step_order"}
    bulk.update_each(dossiers, names)
    for dossier, text in zip(dossiers, words, strict=True):
        now = fresh(dossier)
        at = MONDAY if text else None
        assert (now.step_name, now.forward_by, now.return_by_post, now.step_order) == (
            text,
            at,
            bool(text),
            len(text),
        )
    dossiers[1].step_name = "x" * 301
    if connection.vendor == "postgresql":  # SQLite has no lengths
        with pytest.raises(Exception, match="too long"), transaction.atomic():
            bulk.update_each(dossiers, {"step_name"})


def test_many_that_are_given_to_oneself_are_received_too(office: Office) -> None:
    """What the act wrote itself is changed by it before it is in the database."""
    make_role(office)
    dossiers = [receive(office, make_case()) for _ in range(3)]
    by = office.desk(office.clerk)

    def act(seen: Sequence[Seen]) -> list[Done]:
        to = office.room
        _, done = handovers.hand_over_many(
            seen, to=to, receiver=office.clerk, step=None, by=by, at=MONDAY, press=PRESS
        )
        return done

    assert same_either_way(dossiers, of(dossiers), act) == [""] * 3
    act(of(dossiers))
    assert {fresh(one).holder_department for one in dossiers} == {office.room}
    assert verify(now=MONDAY).misfit is None
