"""Two clerks accept one portal code at the same instant: one of them has the dossier, the other is
told, and nothing is left of the other's (R-36). A list that is recorded meanwhile stops nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from dossiers.acts import reception
from dossiers.importing import online_lists as lists
from dossiers.intake.brought import OnlineIn
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, NameKey, OnlineFiling, OnlineList, OnlineOrigin, Slip
from onestop.accounts.models import Role
from onestop.errors import DomainError
from procedures.channels import Channel
from tests.dossiers.online.filed import CODE, FILED, a_filing, a_list
from tests.dossiers.online.test_lists import FIRST, HEAD, SECOND, sheet, table
from tests.world import MONDAY, an_intake, make_case, make_office, make_officer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
# Longer than anything here takes; a test that would wait for ever fails instead.
PATIENCE = 60


def in_threads(*works: Callable[[], object]) -> list[str]:
    """What each of them was told: "" for done, else the code of the error."""
    told = ["lost"] * len(works)

    def run(number: int) -> None:
        try:
            works[number]()
            told[number] = ""
        except DomainError as error:
            told[number] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return told


@pytest.mark.parametrize("is_listed", [True, False])
def test_of_two_clerks_at_one_instant_one_has_the_dossier_and_the_other_is_told(
    is_listed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They meet where it is closest: before the line that the list left, or, where there is none,
    when each has found the code free.
    """
    office, case = make_office(), make_case()
    other = make_officer("Lò Văn Hai", office.agency, (Role.CLERK, office.counter))
    meet, ask = threading.Barrier(2, timeout=PATIENCE), reception._filed

    def together(*args: Any) -> Any:
        if is_listed:
            meet.wait()
            return ask(*args)
        found = ask(*args)
        meet.wait()
        return found

    if is_listed:
        a_filing(office)
    monkeypatch.setattr(reception, "_filed", together)

    def accepting(officer: Any) -> Callable[[], object]:
        said = OnlineIn(CODE, FILED)
        asked = an_intake(office, case, channel=Channel.ONLINE_FULL, online=said)
        return lambda: reception.receive(asked, by=office.desk(officer), at=MONDAY)

    told = in_threads(accepting(office.clerk), accepting(other))
    assert sorted(told) == ["", "code_taken"]
    dossier = Dossier.objects.get()
    winner = (office.clerk, other)[told.index("")]
    assert (dossier.code, dossier.received_by, dossier.register_number) == (CODE, winner, 1)
    assert [model.objects.count() for model in (OnlineOrigin, Slip)] == [1, 1]
    assert set(NameKey.objects.values_list("dossier", flat=True)) == {dossier.pk}
    assert not verify(now=MONDAY).misfits
    if is_listed:
        filing = OnlineFiling.objects.get()
        assert (filing.state, filing.dossier, filing.ended_by) == (
            OnlineFiling.State.RECEIVED, dossier, winner,
        )  # fmt: skip
    # The number that the other one had been given was given to nobody else, and is not lost.
    monkeypatch.undo()
    after = an_intake(office, case, channel=Channel.ONLINE_FULL, online=OnlineIn(f"{CODE}9", FILED))
    assert reception.receive(after, by=office.desk(other), at=MONDAY).register_number == 2


def test_a_reception_goes_on_while_a_list_is_recorded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The list holds its source and then marks filings; the reception holds its filing and then
    refers to the source. Neither waits for the other.
    """
    office, case = make_office(), make_case()
    a_filing(office)
    row = a_list(office, stage=OnlineList.Stage.OPEN)
    rows = table(sheet([HEAD, SECOND]), tmp_path)
    held, received = threading.Event(), threading.Event()
    look = lists.preview

    def slowly(*args: Any, **more: Any) -> lists.Preview:
        found = look(*args, **more)
        held.set()
        assert received.wait(PATIENCE)
        return found

    def recording() -> None:
        lists.record(row, rows, by=office.clerk, at=MONDAY)

    def receiving() -> None:
        try:
            assert held.wait(PATIENCE)
            asked = an_intake(office, case, channel=Channel.ONLINE_FULL, online=OnlineIn(CODE))
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
                reception.receive(asked, by=office.desk(office.clerk), at=MONDAY)
        finally:
            received.set()

    monkeypatch.setattr(lists, "preview", slowly)
    assert in_threads(recording, receiving) == ["", ""]
    filing = OnlineFiling.objects.get(code=CODE)
    assert (filing.state, filing.missing_from) == (OnlineFiling.State.RECEIVED, None)


@pytest.mark.parametrize("list_first", [True, False])
def test_a_code_typed_while_a_list_that_names_it_is_recorded_leaves_no_line_waiting(
    list_first: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither sees what the other has not written yet: the later one waits for the earlier one."""
    office, case = make_office(), make_case()
    row = a_list(office, stage=OnlineList.Stage.OPEN)
    rows = table(sheet([HEAD, FIRST]), tmp_path)
    under_way, go_on = threading.Event(), threading.Event()
    look, ask = lists.preview, reception._filed

    def held(found: Any) -> Any:
        under_way.set()
        go_on.wait(1)  # so long the other one would have had to be done, did it not wait
        return found

    def recording() -> None:
        if not list_first:
            assert under_way.wait(PATIENCE)
        lists.record(row, rows, by=office.clerk, at=MONDAY)
        go_on.set()

    def receiving() -> None:
        if list_first:
            assert under_way.wait(PATIENCE)
        said = OnlineIn(CODE, FILED)
        asked = an_intake(office, case, channel=Channel.ONLINE_FULL, online=said)
        reception.receive(asked, by=office.desk(office.clerk), at=MONDAY)
        go_on.set()

    if list_first:
        monkeypatch.setattr(lists, "preview", lambda *a, **k: held(look(*a, **k)))
    else:
        monkeypatch.setattr(reception, "_filed", lambda *a, **k: held(ask(*a, **k)))
    assert in_threads(recording, receiving) == ["", ""]
    assert Dossier.objects.get().code == CODE
    assert not OnlineFiling.objects.filter(state=OnlineFiling.State.WAITING).exists()
