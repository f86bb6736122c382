"""An act is declared once: a throw-away act is met wherever acts are told, and verbs write through
the writer alone.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

import pytest
from django.db.models import Model

from dossiers import registry, rules
from dossiers.acts import taking_back
from dossiers.acts.many import Seen
from dossiers.desk import timeline
from dossiers.ledger import writer
from dossiers.ledger.verifying import verify
from dossiers.management.commands import state_diagram
from dossiers.models import Dossier, Ending, Event
from dossiers.registry import Act, Page, SlipKind, Told
from dossiers.states import FROM_WORKING, HANDLERS, ClockEffect
from onestop.errors import DomainError
from tests.house.test_rules import ROOT, name
from tests.world import MONDAY, Office, make_case, make_office, receive

# Rows that are no dossier's: counters visits and lists are numbered by themselves, search keys are
# made of names.
OTHERS = {"Batch", "CounterVisit", "NameKey", "Draft"}
WRITES = {"create", "bulk_create", "update", "save", "delete", "update_or_create", "get_or_create"}


@pytest.fixture
def thrown_away() -> Iterator[Act]:
    """An act nobody needs: whoever handles the dossier writes down why it was looked at."""
    act = registry.register(
        Act(
            "look_at", "Xem xét lại", 99, FROM_WORKING, None, HANDLERS, rules.may_work, told_by="endings",
            lines=lambda told: [f"Vì: {told.row['reason']}"], page=Page("info", lambda dossier: "/xem-xet/"),
            slip=SlipKind("xem-xet", "Phiếu xem xét"),
        )
    )  # fmt: skip
    yield act
    del registry._declared[act.name]


def look_at(dossier: Dossier, office: Office) -> Ending:
    with writer.change(dossier.pk, by=office.desk(office.clerk), at=MONDAY) as life:
        life.check("look_at")
        row = life.add(
            Ending(
                dossier=life.dossier,
                kind=8,
                requested_by="A",
                requested_at=MONDAY,
                reason="Đơn",
                officer=office.clerk,
                at=MONDAY,
            )
        )
        life.dossier.step_name = "Xem xét"
        life.record("look_at", {"row": row.pk})
        return row


@pytest.mark.django_db
def test_a_new_act_is_met_wherever_acts_are_told(thrown_away: Act) -> None:
    """Table and diagram, rule and state, offers, slip names, timeline, seals, taking back: none of
    them was told of it.
    """
    office = make_office()
    dossier = receive(office, make_case())
    assert "`look_at`" in state_diagram.page()
    assert registry.slip_names()["xem-xet"] == "Phiếu xem xét"
    assert registry.shows(office.desk(office.clerk), dossier, "look_at")
    assert not registry.shows(office.desk(office.controller), dossier, "look_at")
    assert thrown_away in registry.all_acts()

    row = look_at(dossier, office)
    events = list(Event.objects.filter(dossier=dossier).order_by("seq"))
    said = json.loads(events[-1].text)
    assert said["set"]["step_name"] == ["Tiếp nhận hồ sơ", "Xem xét"]
    assert [one["id"] for one in said["rows"]["endings"]] == [row.pk]
    assert verify(now=MONDAY).misfit is None
    entry = timeline.timeline(events, {"endings": {row.pk: {"reason": "Đơn"}}})[0]
    assert (entry.title, entry.lines) == ("Xem xét lại", ("Vì: Đơn",))

    after = taking_back.take_back(Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY)
    assert after.step_name == "Tiếp nhận hồ sơ"
    assert not Ending.objects.standing().exists()
    assert verify(now=MONDAY).misfit is None


@pytest.mark.django_db
def test_what_an_act_wrote_past_the_writer_is_found(thrown_away: Act) -> None:
    office = make_office()
    dossier = receive(office, make_case())
    look_at(dossier, office)
    Ending.objects.update(reason="Khác")
    found = verify(now=MONDAY).misfit
    assert found is not None
    assert "việc rút hoặc dừng hồ sơ" in found.what
    with pytest.raises(DomainError) as refused:
        taking_back.take_back(Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY)
    assert refused.value.code == "changed_since"


def test_two_acts_of_one_name_are_refused(thrown_away: Act) -> None:
    with pytest.raises(ValueError, match="look_at"):
        registry.register(thrown_away)


def test_every_act_that_ends_or_moves_says_what_it_does_to_the_clock() -> None:
    for act in registry.all_acts():
        ends = act.target is not None and act.target.value in (7, 8, 9)
        assert (act.clock is ClockEffect.ENDS) == ends, act.name


def test_lines_without_their_row_are_none() -> None:
    """A page may not have read the row an event names: the timeline still draws."""
    for act in registry.all_acts():
        if act.told_by != "hand_overs" and act.name != "take_back":
            assert list(act.lines(Told({}))) == [], act.name


def test_verbs_write_through_the_writer() -> None:
    """Rows that hang on a dossier are added, changed and voided by `life`, so that its events know
    of them.
    """
    found = []
    for path in (ROOT / "dossiers" / "acts").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in WRITES
            ):
                whose = ast.unparse(node.func.value)
                if ".objects" in whose and whose.split(".")[0] not in OTHERS:
                    found.append(f"{name(path)}:{node.lineno} {whose}.{node.func.attr}")
    assert found == []


def test_the_models_of_told_tables_are_plain_rows() -> None:
    from dossiers.ledger.tables import TABLES

    assert all(
        issubclass(table.model, Model) and table.model._meta.pk.attname == "id"
        for table in TABLES.values()
    )
