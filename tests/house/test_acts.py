"""An act is declared once: a throw-away act is met wherever acts are told, and verbs write through
the writer alone.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.utils.module_loading import import_string

from dossiers import registry
from dossiers.acts import handovers, taking_back
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.desk import timeline
from dossiers.intake import secrets
from dossiers.ledger.verifying import verify
from dossiers.management.commands import state_diagram
from dossiers.models import Dossier, Event, Slip
from dossiers.models.undone import OF_DOSSIER
from dossiers.registry import Act, Told
from dossiers.states import ClockEffect, State
from onestop.accounts.calendars import calendar_of
from onestop.errors import DomainError
from tests.house.test_rules import ROOT, name
from tests.house.throw_away.act import LOOK_AT
from tests.house.throw_away.models import Look, make_table
from tests.world import MONDAY, Office, make_case, make_office, receive

# Rows that are no dossier's: counters visits and lists are numbered by themselves, search keys are
# made of names, a press on many is a worker's list.
OTHERS = {
    "CashDrawer",
    "OfficeSettings",
    "Batch",
    "ElectronicReceipt",
    "CounterVisit",
    "NameKey",
    "Draft",
    "Envelope",
    "Outage",
    "PaperPack",
    "HeldNumber",
    "PressLine",
    "PressRun",
}
WRITES = {"create", "bulk_create", "update", "save", "delete", "update_or_create", "get_or_create"}


@pytest.fixture
def thrown_away(settings: Any) -> Iterator[Act]:
    """The act of tests/house/throw_away, let in as if its module lay in dossiers/acts."""
    settings.ROOT_URLCONF = "tests.house.throw_away.urls"
    (engine,) = settings.TEMPLATES
    folder = ROOT / "tests" / "house" / "throw_away" / "templates"
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], folder]}]
    OF_DOSSIER.append(Look)
    yield registry.register(LOOK_AT)
    del registry._declared[LOOK_AT.name]
    OF_DOSSIER.remove(Look)


@dataclass
class Scene:
    """A dossier that was looked at again, and who may open its pages."""

    office: Office
    dossier: Dossier
    pages: Client
    citizen: Client


@pytest.fixture
def scene(thrown_away: Act, db: None, signed_in: Callable[..., Client]) -> Scene:
    make_table()
    office = make_office()
    dossier = receive(office, make_case())
    return Scene(office, dossier, signed_in(office.clerk), Client())


def look_at(scene: Scene) -> None:
    """Through its own page, as the dossier's page offers it."""
    here = scene.dossier.get_absolute_url()
    shown = scene.pages.get(here).content.decode()
    assert f'href="{here}xem-xet/"' in shown
    answer = scene.pages.post(f"{here}xem-xet/", {"reason": "Đơn của dân"})
    assert answer.status_code == 302


# --- where acts are told: each fails where it does not know of the act -----------------------------


def on_the_page_of_states(scene: Scene) -> None:
    text = state_diagram.page()
    assert "`look_at`" in text
    assert "s4 --> s5: Xem xét lại" in text


def in_rules_and_offers(scene: Scene) -> None:
    office, dossier = scene.office, scene.dossier
    assert registry.shows(office.desk(office.clerk), dossier, "look_at")
    assert not registry.shows(office.desk(office.controller), dossier, "look_at")
    look_at(scene)
    dossier.refresh_from_db()
    assert not registry.shows(office.desk(office.clerk), dossier, "look_at")


def in_the_seals(scene: Scene) -> None:
    look_at(scene)
    said = json.loads(Event.objects.get(kind="look_at").text)
    assert said["set"]["step_name"] == ["Tiếp nhận hồ sơ", "Xem xét"]
    assert [one["id"] for one in said["rows"]["looks"]] == [Look.objects.get().pk]
    assert verify(now=MONDAY).misfit is None
    Look.objects.update(reason="Khác")
    found = verify(now=MONDAY).misfit
    assert found is not None
    assert "các lần xem xét lại" in found.what


def on_the_dossier_page(scene: Scene) -> None:
    look_at(scene)
    text = scene.pages.get(scene.dossier.get_absolute_url()).content.decode()
    assert "Đang xem xét lại</strong> từ 23/11/2026 09:00: Đơn của dân" in text
    assert "Xem xét xong thì hẹn lại." in text
    assert "Vì: Đơn của dân" in text  # the line of the timeline
    assert "Phiếu xem xét" in text  # among the slips


def in_what_is_left(scene: Scene) -> None:
    """Lists and pages call the wait what the act that leads there says it is."""
    look_at(scene)
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    calendar = calendar_of(dossier.agency_id)
    assert deadlines.left(dossier, MONDAY, calendar).text == "đang tạm dừng"


def in_the_look_up(scene: Scene) -> None:
    look_at(scene)
    here = f"/tra-cuu/{scene.dossier.code}/"
    brief = scene.citizen.get(here).content.decode()
    assert "Hồ sơ đang được xem xét lại." in brief
    assert "Đơn của dân" not in brief
    full = scene.citizen.get(here, {"k": secrets.secret_of(scene.dossier)}).content.decode()
    assert "Hồ sơ được xem xét vì: Đơn của dân" in full
    assert "Nơi hỏi về việc xem xét" in full


def as_a_slip(scene: Scene) -> None:
    look_at(scene)
    assert registry.slip_names()["xem-xet"] == "Phiếu xem xét"
    text = scene.pages.get(f"{scene.dossier.get_absolute_url()}phieu/xem-xet/").content.decode()
    assert "PHIẾU XEM XÉT LẠI" in text
    assert "Xem xét vì: Đơn của dân" in text


def in_taking_back(scene: Scene) -> None:
    look_at(scene)
    clerk = scene.office.desk(scene.office.clerk)
    after = taking_back.take_back(Seen(scene.dossier.pk), by=clerk, at=MONDAY)
    assert (after.step_name, after.state) == ("Tiếp nhận hồ sơ", State.RECEIVED)
    assert [look.undone_at for look in Look.objects.all()] == [MONDAY]
    assert Slip.objects.get(slug="xem-xet").undone_at == MONDAY
    assert verify(now=MONDAY).misfit is None


def on_the_control_sheet(scene: Scene) -> None:
    """The sheet is made of hand-overs, whichever act wrote them: one that is given on afterwards."""
    look_at(scene)
    office, clerk = scene.office, scene.office.desk(scene.office.clerk)
    taking_back.take_back(Seen(scene.dossier.pk), by=clerk, at=MONDAY)
    step = handovers.NextStep(order=2, name="Xử lý")
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    handovers.hand_over(dossier, to=office.room, step=step, by=clerk, at=MONDAY)
    assert [block.giver_unit for block in timeline.control_sheet(dossier)] == [office.counter.name]


PLACES = [
    on_the_page_of_states, in_rules_and_offers, in_the_seals, on_the_dossier_page, in_the_look_up, as_a_slip, in_taking_back,
    on_the_control_sheet, in_what_is_left,
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_new_act_is_met_wherever_acts_are_told(scene: Scene, place: Callable[..., None]) -> None:
    """Table and diagram, rule and state, offers, slip, timeline, dossier's page, look-up, seals,
    taking back: none of them was told of it.
    """
    place(scene)


def _without_the_act(known: Any) -> Any:
    """The same, not knowing of the act."""
    if isinstance(known, dict):
        return {k: v for k, v in known.items() if k not in ("looks", "xem-xet")}
    return [one for one in known if one not in (LOOK_AT, LOOK_AT.asks)]


# What is derived from the declarations, as those who read it find it, and where it would be missed.
DERIVED = [
    ("dossiers.registry.all_acts", in_the_look_up),
    ("dossiers.management.commands.state_diagram.all_acts", on_the_page_of_states),
    ("dossiers.registry.told_rows", on_the_dossier_page),
    ("dossiers.registry.slip_kinds", as_a_slip),
    ("dossiers.registry.asking", in_the_look_up),
    ("dossiers.registry.asked_in", on_the_dossier_page),
    ("dossiers.registry.asked_in", in_the_look_up),
    ("dossiers.registry.asked_in", in_what_is_left),
    ("dossiers.ledger.beside.tables", in_the_seals),
    ("dossiers.ledger.undo.tables", in_taking_back),
    ("dossiers.desk.dossier.tables", on_the_dossier_page),
    ("dossiers.desk.lookup.tables", in_the_look_up),
]


@pytest.mark.parametrize(("table", "place"), DERIVED, ids=lambda one: getattr(one, "__name__", one))
def test_breaking_a_derived_table_is_noticed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, table: str, place: Callable[..., None]
) -> None:
    whole = import_string(table)
    monkeypatch.setattr(table, lambda *asked: _without_the_act(whole(*asked)))
    with pytest.raises((AssertionError, KeyError, IndexError)):
        place(scene)


def test_what_an_act_wrote_past_the_writer_is_not_taken_back(scene: Scene) -> None:
    look_at(scene)
    Look.objects.update(reason="Khác")
    clerk = scene.office.desk(scene.office.clerk)
    with pytest.raises(DomainError) as refused:
        taking_back.take_back(Seen(scene.dossier.pk), by=clerk, at=MONDAY)
    assert refused.value.code == "changed_since"


def test_two_acts_of_one_name_are_refused(thrown_away: Act) -> None:
    with pytest.raises(ValueError, match="look_at"):
        registry.register(thrown_away)


def test_every_act_that_ends_or_moves_says_what_it_does_to_the_clock() -> None:
    for act in registry.all_acts():
        ends = act.target is not None and act.target.value in (7, 8, 9)
        # What the post brings back had ended when it was finished.
        ends = ends and act.name != "post_back"
        assert (act.clock is ClockEffect.ENDS) == ends, act.name


def test_lines_without_their_row_are_none() -> None:
    """A page may not have read the row an event names: the timeline still draws."""
    for act in registry.all_acts():
        told_by = act.told_by.table if act.told_by is not None else ""
        # What says the same of every dossier reads no row.
        if told_by != "hand_overs" and act.name not in ("take_back", "begin_term"):
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
    from dossiers.ledger.tables import tables

    assert all(
        issubclass(table.model, Model) and table.model._meta.pk.attname == "id"
        for table in tables().values()
    )
