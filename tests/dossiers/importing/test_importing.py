"""What an imported dossier is: as a worked one, with the times of the other system (R-76)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dossiers.acts import endings, supplements
from dossiers.acts.many import Seen
from dossiers.importing.hooks import figures_signed
from dossiers.importing.reading import MayRepeat, open_source
from dossiers.importing.run import Counts, Report
from dossiers.ledger.verifying import verify
from dossiers.models import (
    Dossier,
    DossierImport,
    Event,
    NameKey,
    OfficeSettings,
    RegisterCounter,
    Span,
)
from dossiers.models.outcome import Outcome
from dossiers.states import State
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency, Department, DepartmentKind, Officer
from onestop.errors import say
from procedures.domain import lists
from procedures.models import CounterKind, Kind, Status
from tests.clock import MONDAY, vn
from tests.dossiers.importing.conftest import CODE, line, working
from tests.world import IN_PERSON, make_case

pytestmark = pytest.mark.django_db
Run = Callable[..., Report]


@pytest.fixture(autouse=True)
def _organisation(organisation: None) -> None:
    """Every test imports into a fresh organisation."""


def imported(code: str = CODE) -> Dossier:
    assert verify(now=MONDAY).misfit is None
    return Dossier.objects.get(code=code)


def spans_of(dossier: Dossier) -> list[tuple[int, datetime, datetime | None]]:
    rows = Span.objects.filter(dossier=dossier).order_by("id")
    return list(rows.values_list("group", "from_at", "to_at"))


def reasons(report: Report) -> list[tuple[str, str]]:
    return [(one.column, one.reason) for one in report.problems]


def test_a_returned_dossier_has_its_times_verdict_and_intervals(run: Run) -> None:
    assert run(line()).new == 1
    dossier = imported()
    assert dossier.state == State.RETURNED
    assert dossier.verdict == Outcome.ON_TIME
    assert dossier.ended_at == vn("05/03/2026 16:00")
    assert dossier.returned_at == vn("06/03/2026 09:00")
    assert dossier.recorded_at == MONDAY
    received, ended = vn("02/03/2026 08:00"), vn("05/03/2026 16:00")
    assert spans_of(dossier) == [(1, received, ended), (3, ended, None)]
    events = Event.objects.filter(dossier=dossier).order_by("seq")
    assert [event.kind for event in events] == ["import_receive", "import_finish", "import_return"]
    assert {event.recorded_at for event in events} == {MONDAY}
    assert set(NameKey.objects.filter(dossier=dossier).values_list("text", flat=True)) == {
        "nguyen van an", "van an", "an"
    }  # fmt: skip


def test_no_list_refuses_or_shortens_what_came_before(run: Run) -> None:
    """History is taken over as it was, whatever is listed for that counter by now (R-76, R-133)."""
    top = Agency.objects.get(code="H37")
    drafter, checker = (
        Officer.objects.get(username=name) for name in ("tinh.kiemsoat", "tinh.lanhdao")
    )
    day = date(2026, 1, 5)
    for number, kind, shortened in (
        ("1/QĐ-UBND", Kind.NEW, "1 ngày làm việc"),
        ("2/QĐ-UBND", Kind.ABOLISHED, ""),
    ):
        head = lists.Head(number, "Danh mục", "Chủ tịch", day, day, no_file_reason="bản giấy")
        row = lists.draft(head, agency=top, by=drafter, at=MONDAY)
        said = lists.LineIn("1.004873", CounterKind.COMMUNE, kind=kind, shortened=shortened)
        row = lists.put_lines(row, [said], seen=row.revision)
        row = lists.check(row, by=checker, at=MONDAY, seen=row.revision)
        lists.publish(row, by=drafter, at=MONDAY, seen=row.revision)
        code = f"X-{number[0]}"
        assert run(line(code=code, due_at="")).new == 1
        assert imported(code).term == "3 ngày làm việc"


def test_it_counts_from_when_it_happened_or_from_now(run: Run) -> None:
    run(line(), line(code="X-1"))
    span = Span.objects.filter(dossier=imported()).earliest("id")
    assert span.from_known == span.from_at
    run(line(code="X-2"), counts=Counts.NOW, confirmed_by=None)
    later = Span.objects.filter(dossier=imported("X-2")).earliest("id")
    assert (later.from_at, later.from_known) == (span.from_at, MONDAY)
    said = json.loads(Event.objects.get(dossier__code="X-2", seq=1).text)
    assert "counts" not in said


def test_a_given_promise_stands_whatever_was_waited_for(run: Run) -> None:
    """The promise of the source system is not moved by waits that the file tells of."""
    waited = {"waiting_from_1": "2026-03-03T08:00", "waiting_to_1": "2026-03-20T08:00"}
    run(working(**waited), working(code="X-1", due_at="2026-06-14T09:15+07:00"))
    dossier = imported()
    assert dossier.due_at == dossier.legal_due_at == dossier.first_due_at == vn("05/03/2026 17:00")
    assert dossier.late_from == vn("06/03/2026 00:00")
    # A Sunday, and no end of a session: to the minute as it was promised.
    assert imported("X-1").due_at == vn("14/06/2026 09:15")
    change = dossier.clock_changes.get(kind="taken_over")
    assert (change.due_after, change.basis) == (
        vn("05/03/2026 17:00"),
        "Theo dữ liệu của hệ thống trước",
    )


def test_an_empty_promise_is_computed_and_waits_move_it(run: Run) -> None:
    """3 working days from Monday 02/03; a restart counts them anew from completion (R-21, R-47)."""
    waited = {"waiting_from_1": "2026-03-03T08:00", "waiting_to_1": "2026-03-09T08:00"}
    run(working(due_at=""), working(code="X-1", due_at="", **waited))
    assert imported().due_at == vn("05/03/2026 17:00")
    assert imported("X-1").due_at == vn("12/03/2026 17:00")
    assert imported("X-1").first_due_at == vn("05/03/2026 17:00")


def test_an_empty_promise_needs_a_confirmed_term(run: Run) -> None:
    make_case("", code="9.000001", status=Status.NEEDS_TERM)
    assert reasons(run(working(procedure="9.000001", due_at="")))[0][0] == "due_at"
    assert run(working(procedure="9.000001")).new == 1


@pytest.mark.parametrize(
    ("term", "due", "ended", "verdict"),
    [
        ("4 giờ làm việc", "2026-03-02T14:00", "2026-03-02T14:00", Outcome.ON_TIME),
        ("4 giờ làm việc", "2026-03-02T14:00", "2026-03-02T14:01", Outcome.LATE),
        ("3 ngày làm việc", "2026-03-02T14:00", "2026-03-02T23:59", Outcome.ON_TIME),
        ("3 ngày làm việc", "2026-03-02T14:00", "2026-03-03T00:00", Outcome.LATE),
        ("không phải trả kết quả", "2026-03-03T17:00", "2026-03-02T14:01", Outcome.EARLY),
    ],
)
def test_hours_are_judged_by_the_instant_days_by_the_date(
    run: Run, term: str, due: str, ended: str, verdict: Outcome
) -> None:
    """R-113."""
    make_case(term, code="9.000001")
    run(line(procedure="9.000001", due_at=due, finished_at=ended, returned_at="", status="9"))
    assert imported().verdict == verdict


def test_what_need_not_be_returned_is_never_late(run: Run) -> None:
    make_case("không phải trả kết quả", code="9.000001")
    run(working(procedure="9.000001", due_at=""))
    dossier = imported()
    assert (dossier.due_at, dossier.late_from) == (None, None)


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [("2026-03-05T16:00", Outcome.ON_TIME), ("2026-03-06T00:00", Outcome.LATE)],
)
def test_ended_while_waiting_is_judged_at_the_request(
    run: Run, asked: str, verdict: Outcome
) -> None:
    run(line(status="7", returned_at="", waiting_from_1=asked, finished_at="2026-05-05T08:00"))
    dossier = imported()
    assert dossier.state == State.WITHDRAWN
    assert dossier.verdict == verdict
    assert [group for group, _, _ in spans_of(dossier)] == [1, 2, 3]


def test_several_waits_are_several_intervals(run: Run) -> None:
    run(
        working(
            waiting_from_1="2026-03-03T08:00",
            waiting_to_1="2026-03-04T08:00",
            waiting_from_2="2026-03-04T00:00",
            waiting_to_2="2026-03-05T08:00",
            waiting_from_3="2026-03-10T08:00",
            waiting_to_3="2026-03-11T08:00",
        )
    )
    dossier = imported()
    assert dossier.state == State.IN_PROGRESS
    assert [group for group, _, _ in spans_of(dossier)] == [1, 2, 1, 2, 1]


@pytest.mark.parametrize("status", ["2", "4", "5", "6"])
def test_open_work_lies_at_a_desk(run: Run, status: str) -> None:
    asked = {"waiting_from_1": "2026-03-03T08:00"} if status in ("5", "6") else {}
    run(working(status=status, **asked))
    dossier = imported()
    assert dossier.state == int(status)
    assert dossier.holder_department is not None
    assert dossier.holder_department.kind == DepartmentKind.ONE_STOP


def test_rooms_and_people_are_found_by_name_and_need_no_account(run: Run) -> None:
    run(
        working(department="văn phòng hđnd và ubnd", officer="Nông Văn Thắng"),
        working(code="X-1", department="Phòng cũ", officer="Người đã nghỉ"),
    )
    dossier, other = imported(), imported("X-1")
    assert dossier.holder is not None
    assert dossier.holder.username == "chuyenvien"
    assert dossier.holder_department.name == "Văn phòng HĐND và UBND"  # type: ignore[union-attr]
    assert other.holder is None
    source = other.source_record
    assert (source.department, source.officer) == ("Phòng cũ", "Người đã nghỉ")
    assert other.received_by is None


def test_of_two_rooms_or_people_of_one_name_none_is_guessed(run: Run) -> None:
    agency = Agency.objects.get(code="H37.05986")
    holder = Officer.objects.get(username="chuyenvien")
    named = holder.department
    assert named is not None
    for name in ("VĂN PHÒNG HĐND và UBND", "Văn phòng HDND và UBND"):
        Department.objects.create(agency=agency, name=name, order=99)
    # A person may be called what another signs in with.
    other = Officer.objects.get(username="truongphong")
    other.full_name = "Chuyenvien"
    other.save()
    run(
        working(department=named.name),
        working(code="X-1", department=named.name, officer=holder.full_name),
        working(code="X-2", officer="chuyenvien"),
    )
    for code in (CODE, "X-2"):
        unknown = imported(code)
        assert unknown.holder is None
        assert unknown.holder_department is not None
        assert unknown.holder_department.kind == DepartmentKind.ONE_STOP
    found = imported("X-1")
    assert (found.holder, found.holder_department) == (holder, named)


def test_it_is_worked_on_here_as_any_other(run: Run) -> None:
    """An open wait ends by the papers, and what is finished is given back."""
    run(
        working(status="5", due_at="2026-11-25T17:00", waiting_from_1="2026-11-16T08:00"),
        line(code="X-1", status="9", returned_at=""),
    )
    clerk = desk_of(Officer.objects.get(username="tiepnhan"), MONDAY)
    supplements.complete(Seen(imported().pk), by=clerk, at=MONDAY)
    assert imported().state == State.IN_PROGRESS
    assert imported().due_at is not None
    taking = endings.Taking(name="Nguyễn Văn An", told=IN_PERSON)
    endings.give_back(Seen(imported("X-1").pk), taking, by=clerk, at=MONDAY)
    assert imported("X-1").state == State.RETURNED


def test_received_for_another_agency(run: Run) -> None:
    run(line(agency="H37.12", received_by="H37.05986"))
    dossier = imported()
    assert (dossier.agency.code, dossier.received_by_agency.code) == ("H37.12", "H37.05986")


def test_a_second_run_changes_nothing_and_tells_what_differs(run: Run) -> None:
    run(line(), line(code="X-1"))
    before = list(Event.objects.order_by("id").values_list("hash", flat=True))
    again = run(line(), line(code="X-1", phone="0912345678", note="mới"), line(code="X-2"))
    assert (again.new, again.unchanged, again.different, again.refused) == (1, 1, 1, 0)
    assert again.changes[0]["columns"] == ["phone", "note"]
    assert (
        list(Event.objects.order_by("id").values_list("hash", flat=True))[: len(before)] == before
    )
    assert imported("X-1").phone == ""


def test_what_was_worked_on_since_is_unchanged(run: Run) -> None:
    finished = line(status="9", returned_at="")
    run(finished)
    clerk = desk_of(Officer.objects.get(username="tiepnhan"), MONDAY)
    endings.give_back(
        Seen(imported().pk), endings.Taking(name="A", told=IN_PERSON), by=clerk, at=MONDAY
    )
    assert run(finished).unchanged == 1
    assert imported().state == State.RETURNED


def test_a_dry_run_tells_the_same_and_writes_nothing(run: Run) -> None:
    lines = [line(), line(code="X-1", agency="H99"), line()]
    dry = run(*lines, dry_run=True)
    assert Dossier.objects.count() == 0
    assert DossierImport.objects.count() == 0
    wet = run(*lines)
    assert (dry.counts, dry.problems) == (wet.counts, wet.problems)
    assert wet.counts == {"rows": 3, "new": 1, "unchanged": 0, "different": 0, "refused": 2}


def test_every_run_leaves_a_trace(run: Run) -> None:
    run(line(), line(code="X-1", procedure="9.999999"))
    record = DossierImport.objects.get()
    assert record.by is not None
    assert record.by.username == "quantri"
    assert record.counts["new"] == 1
    assert record.problems[0]["line"] == 3
    assert record.sha256


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"agency": "H99"}, "agency"),
        ({"procedure": "9.9"}, "procedure"),
        ({"received_by": "H99"}, "received_by"),
    ],
)
def test_what_is_not_known_here_is_refused(
    run: Run, changes: Mapping[str, str], column: str
) -> None:
    assert [one for one, _ in reasons(run(line(**changes)))] == [column]


def test_channel_identity_and_list_are_warnings(run: Run) -> None:
    report = run(line(channel="bưu tá", identity="", case="khác"), line(code="X-1", channel=""))
    assert report.new == 2
    assert set(report.warned) == {"channel", "identity", "case"}
    assert imported().channel == 1


def test_without_an_administrator_only_what_lies_before_the_go_live_day(run: Run) -> None:
    asked: dict[str, Any] = {"confirmed_by": None}
    assert [column for column, _ in reasons(run(line(), **asked))] == ["agency"]
    agency = Agency.objects.get(code="H37.05986")
    OfficeSettings.objects.create(agency=agency, live_from=vn("06/03/2026 00:00").date())
    assert run(line(), **asked).refused == 1
    OfficeSettings.objects.filter(agency=agency).update(live_from=vn("07/03/2026 00:00").date())
    assert run(line(), **asked).new == 1


def test_what_a_signed_report_covers_is_imported_only_as_counting_from_now(run: Run) -> None:
    agency = Agency.objects.get(code="H37.05986")

    def signed(**_: Any) -> dict[int, datetime]:
        return {agency.pk: vn("14/03/2026 23:59")}

    figures_signed.connect(signed, dispatch_uid="test-signed")
    try:
        later = line(code="X-1", received_at="2026-03-15T00:00", due_at="2026-03-18T17:00",
                     finished_at="2026-03-16T08:00", returned_at="2026-03-16T09:00")  # fmt: skip
        report = run(line(), later)
        assert [column for column, _ in reasons(report)] == ["received_at"]
        assert "14/03/2026" in report.problems[0].reason
        assert report.new == 1
        assert run(line(), counts=Counts.NOW).new == 1
    finally:
        figures_signed.disconnect(dispatch_uid="test-signed")


def test_register_numbers_are_kept_and_ours_run_on(run: Run) -> None:
    """R-85."""
    lines = [line(code=f"X-{n}", register_number=str(n)) for n in (3, 7)]
    report = run(*lines, line(code="X-8", register_number="7"), line(code="X-9"))
    assert report.new == 3
    assert [column for column, _ in reasons(report)] == ["register_number"]
    assert imported("X-7").register_number == 7
    assert imported("X-9").register_number is None
    counter = RegisterCounter.objects.get(agency__code="H37.05986", year=2026)
    assert (counter.last, counter.missing) == (7, 5)
    run(line(code="X-5", register_number="5"))
    counter.refresh_from_db()
    assert (counter.last, counter.missing) == (7, 4)
    assert verify(now=MONDAY).misfit is None


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_code_and_a_number_stand_once_in_a_file_however_far_apart(
    run: Run, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    monkeypatch.setattr("dossiers.importing.run.BATCH", 2)
    among = [line(code=f"X-{n}") for n in range(5)]
    report = run(
        line(register_number="7"), *among, line(), line(code="Y-1", register_number="7"),
        dry_run=dry_run,
    )  # fmt: skip
    assert (report.new, report.unchanged) == (6, 0)
    assert [one.line for one in report.problems] == [8, 9]
    assert reasons(report) == [
        ("code", "Mã hồ sơ đã có ở dòng 2 của tệp. Hãy giữ một dòng."),
        ("register_number", say("import_register_taken", {"number": 7, "year": 2026})),
    ]


def test_only_codes_that_may_stand_twice_are_remembered(write: Callable[..., Path]) -> None:
    source = open_source(write(line(), *(line(code=f"X-{n}") for n in range(500)), line()))
    repeated = MayRepeat(source)
    assert CODE in repeated
    assert sum(f"X-{n}" in repeated for n in range(500)) < 5


def test_a_removed_number_is_still_missed(run: Run) -> None:
    run(*[line(code=f"X-{n}", register_number=str(n)) for n in (3, 7)])
    Dossier.objects.filter(code="X-3").update(register_number=None)
    assert verify(now=MONDAY).misfit is not None


def test_a_page_imports_only_for_the_agencies_of_its_administrator(run: Run) -> None:
    own = Agency.objects.get(code="H37.05986")
    report = run(line(), line(code="X-1", agency="H37.12"), paths=(own.path,))
    assert report.new == 1
    assert [column for column, _ in reasons(report)] == ["agency"]


def test_midnight_belongs_to_its_day(run: Run) -> None:
    run(line(due_at="2026-03-05T17:00", finished_at="2026-03-06T00:00", returned_at="2030-01-01T00:00"),
        at=vn("02/01/2030 08:00"))  # fmt: skip
    dossier = Dossier.objects.get(code=CODE)
    assert dossier.verdict == Outcome.LATE
    assert dossier.returned_at - dossier.ended_at > timedelta(days=1300)  # type: ignore[operator]
