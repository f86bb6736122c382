"""Two controllers at once, and a controller beside a counter: one act, one conflict, never both."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dossiers.acts import reception
from dossiers.models import Dossier
from onestop.accounts.models import Officer, Role
from onestop.errors import DomainError
from procedures.domain.answering import answer_fees
from procedures.domain.confirming import Readings, confirm_many
from procedures.domain.correcting import correct
from procedures.domain.taking_back import take_back, undo_answer
from procedures.models import (
    Answer,
    CatalogueAct,
    Method,
    ProcedureVersion,
    Status,
)
from tests.clock import MONDAY
from tests.proofs.forks import fork, wait
from tests.world import an_intake, make_agency, make_case, make_office, make_officer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two() -> list[Officer]:
    return [make_officer(name, make_agency(), (Role.CONTROLLER, None)) for name in ("Hạnh", "Lan")]


def at_once(*acts: Callable[[], object]) -> list[int]:
    """Each in a process of its own; 0: done, 1: refused as a domain error."""

    def judged(act: Callable[[], object]) -> Callable[[], None]:
        def work() -> None:
            try:
                act()
            except DomainError:
                raise SystemExit(3) from None

        return work

    return sorted(wait(pid) for pid in [fork(judged(act)) for act in acts])


def anew(version: ProcedureVersion, term: str, by: Officer) -> ProcedureVersion:
    rows = Method.objects.filter(case__version=version).values_list("pk", flat=True)
    readings = Readings(dict.fromkeys(rows, term))
    return correct(version.pk, readings=readings, reason="gõ nhầm", by=by, at=MONDAY)


def the_newest_is_one() -> None:
    versions = ProcedureVersion.objects.newest()
    assert versions.count() == versions.values("procedure").distinct().count()


def test_two_confirm_anew_and_one_is_told(two) -> None:
    first, second = two
    for term in ("1 ngày", "2 ngày", "3 ngày"):
        version = make_case().version
        codes = at_once(
            lambda v=version, t=term: anew(v, t, first),
            lambda v=version: anew(v, "9 ngày", second),
        )
        assert codes == [0, 1]
        assert ProcedureVersion.objects.filter(procedure=version.procedure_id).count() == 2
    the_newest_is_one()


def test_two_answer_the_same_question(two) -> None:
    ids = [make_case(term="1", status=Status.NEEDS_TERM).version_id for _ in range(6)]
    at_once(
        *(
            lambda by=by, term=term: confirm_many(ids, term=term, by=by, at=MONDAY, words="1")
            for by, term in zip(two, ("trong ngày", "5 ngày"), strict=True)
        )
    )
    acts = CatalogueAct.objects.filter(version__in=ids)
    assert acts.count() == 6
    assert Answer.objects.count() == len({act.answer_id for act in acts}) == 1
    assert len(set(Method.objects.values_list("term", flat=True))) == 1


def test_two_answer_the_same_fee(two) -> None:
    ids = [make_case(fee=None).version_id for _ in range(4)]
    at_once(
        *(
            lambda by=by: answer_fees(ids, words="", fee=5_000, by=by, at=MONDAY, note="NQ 1")
            for by in two
        )
    )
    assert Answer.objects.count() == 1
    assert ProcedureVersion.objects.count() == 8
    the_newest_is_one()


def test_confirmed_anew_while_it_is_taken_back(two) -> None:
    first, second = two
    version = anew(make_case().version, "1 ngày", first)
    codes = at_once(
        lambda: take_back(version.pk, by=first, at=MONDAY),
        lambda: anew(version, "9 ngày", second),
    )
    assert codes == [0, 1]
    the_newest_is_one()


def test_two_undo_the_same_answer(two) -> None:
    ids = [make_case(term="1", status=Status.NEEDS_TERM).version_id for _ in range(3)]
    confirm_many(ids, term="trong ngày", by=two[0], at=MONDAY, words="1")
    answer = Answer.objects.get().pk
    codes = at_once(*(lambda by=by: undo_answer(answer, by=by, at=MONDAY) for by in two))
    assert codes == [0, 1]
    the_newest_is_one()


def test_taken_back_while_a_counter_receives(two) -> None:
    """A dossier written first keeps the version in force; one whose button was pressed before and
    that is written after keeps its promise all the same. Nothing is refused halfway.
    """
    office = make_office()
    for _ in range(4):
        version = anew(make_case().version, "1 ngày", two[0])
        case = version.cases.get()
        at_once(
            lambda v=version: take_back(v.pk, by=two[0], at=MONDAY),
            lambda c=case: reception.receive(
                an_intake(office, c), by=office.desk(office.clerk), at=MONDAY
            ),
        )
        version.refresh_from_db()
        dossier = Dossier.objects.filter(version=version).first()
        assert dossier is not None or version.status == Status.TAKEN_BACK
        assert dossier is None or (dossier.term, dossier.case) == ("1 ngày", case)
    the_newest_is_one()


def test_received_first_is_seen_by_whoever_takes_back(two) -> None:
    office, version = make_office(), anew(make_case().version, "1 ngày", two[0])
    reception.receive(
        an_intake(office, version.cases.get()), by=office.desk(office.clerk), at=MONDAY
    )
    assert at_once(lambda: take_back(version.pk, by=two[0], at=MONDAY)) == [1]
    version.refresh_from_db()
    assert version.status == Status.READY
