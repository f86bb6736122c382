"""A large report asked by hand: one run, progress, a notice with a link, a few tries, never doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError

from onestop.accounts.models import AccessEvent, AccessKind, Officer
from onestop.errors import DomainError
from onestop.outbox.models import Message
from reports import frozen, rendering, runs
from reports.board.moment import Moment
from reports.form_data import form_on
from reports.models import ReportRun, SignedReport
from reports.periods import parse
from tests.clock import Clock
from tests.files.sweeping import left_after_days
from tests.reports.conftest import Province
from tests.world import make_case, receive, vn

pytestmark = pytest.mark.django_db
Enter = Callable[..., Any]
State, Kind = ReportRun.State, ReportRun.Kind
PERIOD = parse("2026Q4")
AT = vn("15/12/2026 08:00")


@pytest.fixture(autouse=True)
def _large(settings: Any) -> None:
    """The three dossiers of the place are many."""
    settings.REPORT_DIRECT_ROWS = 2


def ask(
    place: Province, kind: Kind = Kind.PDF, *, cut: datetime | None = None, code: str = "II.06a",
    by: Officer | None = None, at: datetime = AT,
) -> ReportRun:  # fmt: skip
    form, office = form_on(code, PERIOD.last), place.first
    return runs.ask(form, office.agency, PERIOD, kind, cut=cut, by=by or office.controller, at=at)


def still(now: datetime) -> datetime:
    return now


def told(officer: Officer) -> list[str]:
    rows = Message.objects.filter(to_officer=officer, object_kind="report_run").order_by("pk")
    return [one.subject.partition(":")[0] for one in rows]


def test_the_same_asked_twice_is_one_run(place: Province) -> None:
    office = place.first
    first = ask(place)
    assert ask(place, by=office.leader, at=AT + timedelta(seconds=5)) == first
    assert ask(place, Kind.XLSX) != first
    # Of an equal cut for good; as of now only while it is open.
    assert runs.work(first.pk, lambda: AT)
    assert ask(place, cut=AT, at=vn("15/12/2026 09:00")) == first
    assert ask(place, at=vn("15/12/2026 09:00")) != first
    assert told(office.controller) == told(office.leader) == ["Đã lập xong"]


def test_one_that_was_begun_and_done_between_two_looks_is_begun_anew(
    place: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody was faster, and is done before this one looks who it was."""
    begin, faster = runs._begin, []

    def late(run: ReportRun) -> ReportRun | None:
        if faster:
            return begin(run)
        other = ReportRun.objects.create(
            form=run.form, agency=run.agency, period=run.period, kind=run.kind, variant=run.variant,
            cut=AT - timedelta(milliseconds=3), is_fresh=True, by=run.by, at=AT, due_at=AT,
        )  # fmt: skip
        faster.append(other)
        assert runs.work(other.pk, lambda: AT)
        return None

    monkeypatch.setattr(runs, "_begin", late)
    asked = ask(place)
    assert asked.state == ReportRun.State.WAITING
    assert [asked] != faster


def test_what_is_made_is_what_a_page_would_have_drawn(place: Province) -> None:
    """Byte by byte: the cut decides, not who draws it."""
    form = form_on("II.06a", PERIOD.last)
    made = {kind: ask(place, kind) for kind in runs.kinds_of(form)}
    for run in made.values():
        assert runs.work(run.pk, lambda: vn("15/12/2026 08:01"))
        run.refresh_from_db()
        assert (run.state, run.done, run.due_at) == (State.DONE, run.of, None)
    table = frozen.drafted(form, place.first.agency, PERIOD, AT)
    with default_storage.open(made[Kind.PDF].kept) as file:
        assert file.read() == rendering.pdf(table)
    with default_storage.open(made[Kind.XLSX].kept) as file:
        assert file.read() == rendering.xlsx(table)
    shown = runs.table_of(made[Kind.PAGE])
    assert (shown.rows, shown.total, shown.beside) == (table.rows, table.total, table.beside)


def test_each_wording_of_a_form_is_a_run_of_its_own(place: Province, signed_in: Enter) -> None:
    office = place.first
    client = signed_in(office.controller)
    address = f"/bao-cao/II.06a/{office.agency.code}/{PERIOD.code}/"
    page = client.get(f"{address}?nhan=long").content.decode()
    assert 'name="nhan" value="long"' in page
    client.post(f"{address}lap/", {"dang": "page", "nhan": "long"})
    client.post(f"{address}lap/", {"dang": "page"})
    assert ReportRun.objects.count() == 2
    run = ReportRun.objects.get(variant="long")
    assert runs.work(run.pk, lambda: run.at)
    run.refresh_from_db()
    found = client.get(run.result_url).context["found"]
    assert (found.form.variant, found.table.form.variant) == ("long", "long")
    plain = run.result_url.replace("&nhan=long", "")
    assert "kinds" in client.get(plain).context


def test_a_failed_run_is_tried_three_times_and_says_why(
    place: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, now, tried = ask(place), AT, 0
    said: list[str] = []

    def fail(*_: Any, **__: Any) -> bytes:
        said.append(ReportRun.objects.get(pk=run.pk).error)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "pdf", fail)
        for minute in range(60):
            now = AT + timedelta(minutes=minute)
            runs.sweep(partial(still, now))
            found = ReportRun.objects.get(pk=run.pk)
            tried, before = found.tries, tried
            assert tried - before <= 1
    assert (found.state, found.tries, found.due_at) == (State.FAILED, 3, None)
    assert "hết chỗ trên đĩa" in found.error
    # While one tries, the page says nothing of the try before.
    assert said == ["", "", ""]
    # At 0, after a minute, after five more.
    assert found.ended_at == AT + timedelta(minutes=6)
    assert told(place.first.controller) == ["Không lập được"]
    runs.again(found, by=place.first.leader, at=now)
    with pytest.raises(DomainError, match="run_not_over"):
        runs.again(found, by=place.first.leader, at=now)
    assert runs.work(run.pk, lambda: now)
    assert told(place.first.leader) == ["Đã lập xong"]


def test_a_mistake_of_the_form_is_not_tried_again(place: Province) -> None:
    run = ask(place)
    columns = [{"number": "3", "path": ["Tổng"], "measure": "khong-co"}]
    type(run.form).objects.filter(pk=run.form_id).update(columns=columns)
    assert not runs.work(run.pk, lambda: AT)
    run.refresh_from_db()
    assert (run.state, run.tries) == (State.FAILED, 1)
    assert "khong-co" in run.error


def test_who_lost_the_lease_writes_nothing(
    place: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was taken for dead comes back: the run ends once."""
    run, draw = ask(place), rendering.pdf
    late = AT + runs.LEASE + timedelta(seconds=1)

    def slow(*given: Any, **more: Any) -> bytes:
        monkeypatch.setattr(rendering, "pdf", draw)
        assert runs.sweep(lambda: AT + timedelta(minutes=4)) == (0, 0)
        assert runs.sweep(lambda: late) == (1, 0)
        return draw(*given, **more)

    monkeypatch.setattr(rendering, "pdf", slow)
    assert not runs.work(run.pk, lambda: AT)
    run.refresh_from_db()
    assert (run.state, run.tries, run.ended_at) == (State.DONE, 2, late)
    assert told(place.first.controller) == ["Đã lập xong"]


def test_a_run_whose_workers_keep_dying_is_given_up(place: Province) -> None:
    run, now = ask(place), AT
    for _ in range(runs.TRIES):
        assert runs._claim(run.pk, "dead", now)
        assert not runs._claim(run.pk, "other", now)
        now += runs.LEASE + timedelta(seconds=1)
    assert runs.sweep(lambda: now) == (0, 0)
    run.refresh_from_db()
    assert run.state == State.FAILED
    assert "3 lần" in run.error
    assert told(place.first.controller) == ["Không lập được"]


def test_what_was_made_lies_there_until_it_is_put_away(place: Province) -> None:
    """However long no worker came to put it away."""
    run = ask(place)
    runs.work(run.pk, lambda: AT)
    run.refresh_from_db()
    assert left_after_days(runs.FOLDER) == [run.kept]
    runs.sweep(lambda: AT + timedelta(days=2))
    assert left_after_days(runs.FOLDER) == []


def test_what_was_made_is_put_away_and_made_again_the_same(place: Province) -> None:
    run = ask(place)
    runs.work(run.pk, lambda: AT)
    run.refresh_from_db()
    kept = run.kept
    assert runs.sweep(lambda: AT + timedelta(hours=19)) == (0, 0)
    assert runs.sweep(lambda: AT + timedelta(hours=21)) == (0, 1)
    assert not default_storage.exists(kept)
    run.refresh_from_db()
    assert not run.is_ready
    later = vn("17/12/2026 08:00")
    runs.again(run, by=place.first.controller, at=later)
    assert runs.work(run.pk, lambda: later)
    runs.sweep(lambda: later + runs.REMEMBERED + timedelta(hours=1))
    assert not ReportRun.objects.exists()


def test_a_clock_that_was_wrong_keeps_no_run_waiting(place: Province) -> None:
    run = ask(place, at=vn("01/01/2030 08:00"))
    assert runs.sweep(lambda: AT) == (0, 0)
    assert runs.after_clock_set_back(AT) == 1
    assert runs.sweep(lambda: AT) == (1, 0)
    run.refresh_from_db()
    assert run.state == State.DONE


def test_a_database_that_is_away_leaves_the_run_to_its_lease(
    place: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ask(place)

    def away(*_: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(runs, "drafted", away)
        patch.setattr(runs, "_failed", away)
        with pytest.raises(OperationalError):
            runs.work(run.pk, lambda: AT)
    assert runs.sweep(lambda: AT + runs.LEASE) == (1, 0)


def test_the_pages_from_asking_to_the_file(place: Province, signed_in: Enter, clock: Clock) -> None:
    office = place.first
    client = signed_in(office.controller)
    address = f"/bao-cao/II.06a/{office.agency.code}/{PERIOD.code}/"
    page = client.get(address)
    assert [one.name for one in page.templates][0] == "reports/statutory/large.html"
    assert "Báo cáo lớn" in page.content.decode()
    assert "Trình ký" in page.content.decode()
    for name in ("ho-so/?dong=total&cot=3", "tep.pdf", "tep.xlsx"):
        assert client.get(f"{address}{name}").status_code == 302
    assert client.post(f"{address}lap/", {"dang": "doc"}).status_code == 404
    asked = client.post(f"{address}lap/", {"dang": "page"})
    assert asked.status_code == 302
    assert client.post(f"{address}lap/", {"dang": "page"}).url == asked.url
    waits = client.get(asked.url).content.decode()
    assert "Chờ lập" in waits
    assert 'hx-trigger="every 2s"' in waits
    assert 'http-equiv="refresh"' in waits
    run = ReportRun.objects.get()
    assert runs.work(run.pk, lambda: clock.now)
    ready = client.get(asked.url)
    run.refresh_from_db()
    assert run.result_url in ready.content.decode()
    assert 'hx-trigger="every' not in ready.content.decode()
    assert run.result_url == f"{address}?luc={Moment(run.cut).text}"
    shown = client.get(run.result_url)
    found = shown.context["found"]
    cells = [one for line in [*found.lines, found.total] for one in line.figures if one.url]
    assert len(cells) > 3
    assert client.get(cells[0].url).context["number"] == int(cells[0].text)
    for kind in ("pdf", "xlsx"):
        file = client.post(f"{address}lap/", {"dang": kind, "luc": found.moment.text})
        made = ReportRun.objects.get(kind=kind)
        assert file.url == made.get_absolute_url()
        assert made.cut == run.cut
        assert runs.work(made.pk, lambda: clock.now)
        made.refresh_from_db()
        answer = client.get(made.result_url)
        with default_storage.open(made.kept) as content:
            assert answer.content == content.read()
        default_storage.delete(made.kept)
        assert client.get(made.result_url).status_code == 302
    acts = AccessEvent.objects.filter(kind=AccessKind.REPORT_ACT, object_kind="report_run")
    assert acts.count() == 4


def test_a_failed_run_asks_for_a_person(place: Province, signed_in: Enter) -> None:
    run = ask(place)
    ReportRun.objects.filter(pk=run.pk).update(state=State.FAILED, due_at=None, error="Hết chỗ.")
    client = signed_in(place.first.leader)
    assert "Hết chỗ." in client.get(run.get_absolute_url()).content.decode()
    assert client.post(f"{run.get_absolute_url()}lam-lai/").status_code == 302
    run.refresh_from_db()
    assert (run.state, run.tries) == (State.WAITING, 0)
    stranger = signed_in(place.second.leader)
    assert stranger.get(run.get_absolute_url()).status_code == 404
    assert stranger.post(f"{run.get_absolute_url()}lam-lai/").status_code == 404
    assert signed_in(place.leader).get(run.get_absolute_url()).status_code == 200


def test_small_ones_stay_direct(place: Province, signed_in: Enter, settings: Any) -> None:
    settings.REPORT_DIRECT_ROWS = 3
    office = place.first
    client = signed_in(office.controller)
    address = f"/bao-cao/II.06a/{office.agency.code}/{PERIOD.code}/"
    assert client.get(f"{address}tep.xlsx").content.startswith(b"PK")
    assert client.post(f"{address}trinh/").url == address
    assert signed_in(office.leader).post(f"{address}ky/").url == address
    assert not ReportRun.objects.exists()
    settings.REPORT_DIRECT_ROWS = 2
    # What was signed is read, not counted.
    assert "Biểu số II.06a" in client.get(address).content.decode()
    # A refused act on a large one still shows a page.
    other = f"/bao-cao/II.06a/{office.agency.code}/2026Y/"
    assert client.post(f"{other}ky/").status_code in (409, 422)


# --- acts of a worker -------------------------------------------------------------------------------


def act(client: Any, place: Province, what: str) -> ReportRun:
    """A large report is asked to be prepared or signed: its run."""
    address = f"/bao-cao/II.06a/{place.first.agency.code}/{PERIOD.code}/"
    answer = client.post(f"{address}{what}/")
    return ReportRun.objects.get(pk=int(answer.url.rstrip("/").rpartition("/")[2]))


def test_a_large_one_is_prepared_and_signed_by_a_worker(
    place: Province, signed_in: Enter, clock: Clock
) -> None:
    office, report = place.first, f"/bao-cao/II.06a/{place.first.agency.code}/{PERIOD.code}/"
    controller, leader = signed_in(office.controller), signed_in(office.leader)
    run = act(controller, place, "trinh")
    assert act(controller, place, "trinh") == run
    assert not SignedReport.objects.exists()
    assert "Chờ trình ký" in controller.get(run.get_absolute_url()).content.decode()
    clock.now = run.at + timedelta(minutes=3)
    assert runs.work(run.pk, lambda: clock.now)
    prepared = SignedReport.objects.get()
    # As of when it was asked for, by whoever asked.
    assert (prepared.cut, prepared.prepared_by) == (run.at, office.controller)
    assert prepared.prepared_at == clock.now
    done = controller.get(run.get_absolute_url()).content.decode()
    assert "Đã trình ký xong" in done
    assert f'href="{report}"' in done
    assert told(office.controller)[-1] == "Đã trình ký xong"
    run = act(leader, place, "ky")
    assert "Chờ ký" in leader.get(run.get_absolute_url()).content.decode()
    assert runs.work(run.pk, lambda: clock.now)
    prepared.refresh_from_db()
    assert (prepared.state, prepared.signed_by) == (SignedReport.State.SIGNED, office.leader)
    assert prepared.files.count() == 2
    assert told(office.leader)[-1] == "Đã ký xong"


def test_what_must_not_be_is_refused_before_a_worker_has_it(
    place: Province, signed_in: Enter
) -> None:
    office, report = place.first, f"/bao-cao/II.06a/{place.first.agency.code}/{PERIOD.code}/"
    controller = signed_in(office.controller)
    assert signed_in(office.leader).post(f"{report}trinh/").status_code == 422
    assert controller.post(report.replace("2026Q4", "2027Q1") + "trinh/").status_code == 422
    run = act(controller, place, "trinh")
    assert runs.work(run.pk, lambda: run.at)
    assert controller.post(f"{report}trinh/").status_code == 409
    assert controller.post(f"{report}ky/").status_code == 422
    assert ReportRun.objects.count() == 1


def test_a_worker_that_died_after_the_act_leaves_nothing_to_do(
    place: Province, signed_in: Enter
) -> None:
    """It is taken up again, and the run ends as done: once prepared, once signed."""
    office = place.first
    for what, client in (("trinh", signed_in(office.controller)), ("ky", signed_in(office.leader))):
        run = act(client, place, what)
        assert runs._claim(run.pk, "dead", run.at)
        work = runs._prepare if what == "trinh" else runs._sign
        hold = runs._Hold(run, "dead", partial(still, run.at))
        work(run, hold)
        later = run.at + runs.LEASE + timedelta(seconds=1)
        assert runs.work(run.pk, lambda later=later: later)
        run.refresh_from_db()
        assert run.state == State.DONE
    assert SignedReport.objects.get().files.count() == 2


def test_what_changed_meanwhile_is_not_signed(
    place: Province, signed_in: Enter, clock: Clock
) -> None:
    """Somebody took it back and prepared another one: that one was not looked at."""
    office = place.first
    controller, leader = signed_in(office.controller), signed_in(office.leader)
    first = act(controller, place, "trinh")
    assert runs.work(first.pk, lambda: first.at)
    run = act(leader, place, "ky")
    report = f"/bao-cao/II.06a/{office.agency.code}/{PERIOD.code}/"
    clock.now += timedelta(minutes=1)
    assert controller.post(f"{report}rut/").status_code == 302
    second = act(controller, place, "trinh")
    assert runs.work(second.pk, lambda: clock.now)
    assert not runs.work(run.pk, lambda: run.at + timedelta(minutes=2))
    run.refresh_from_db()
    assert run.state == State.FAILED
    assert not SignedReport.objects.filter(state=SignedReport.State.SIGNED).exists()
    assert told(office.leader)[-1] == "Chưa ký được"
    page = controller.get(run.get_absolute_url()).content.decode()
    assert "Chưa ký được: Báo cáo này đã được xử lý" in page
    # Nobody has it done again in the name of the head.
    with pytest.raises(DomainError, match="run_not_over"):
        runs.again(run, by=office.controller, at=AT)


def test_files_of_long_lists_are_made_by_a_worker(
    place: Province, signed_in: Enter, settings: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page shows the first lines of a list at once."""
    settings.REPORT_DIRECT_ROWS = 29
    monkeypatch.setattr(rendering, "CHUNK", 1)
    client = signed_in(place.first.controller)
    address = f"/bao-cao/register/{place.first.agency.code}/{PERIOD.code}/"
    page = client.get(address)
    assert len(page.context["found"].lines) == 3
    assert f'action="{address}lap/"' in page.content.decode()
    assert client.get(f"{address}tep.pdf").status_code == 302
    assert client.post(f"{address}lap/", {"dang": "page"}).status_code == 404
    steps, step = [], runs._Hold.step

    def watched(hold: Any, done: int, of: int) -> None:
        steps.append((done, of))
        step(hold, done, of)

    monkeypatch.setattr(runs._Hold, "step", watched)
    for kind in ("pdf", "xlsx"):
        client.post(f"{address}lap/", {"dang": kind})
        run = ReportRun.objects.get(kind=kind)
        assert runs.work(run.pk, lambda: clock.now)
        run.refresh_from_db()
        answer = client.get(run.result_url)
        assert answer.status_code == 200
    assert steps == [(0, 2), (1, 2), (2, 5), (3, 5), (4, 5)] * 2
    settings.REPORT_DIRECT_ROWS = 30
    assert client.get(f"{address}tep.pdf").content.startswith(b"%PDF")


def test_a_whole_province_is_large_where_no_commune_is(
    place: Province, signed_in: Enter, settings: Any
) -> None:
    receive(place.second, make_case(), at=vn("06/11/2026 09:00"))
    settings.REPORT_DIRECT_ROWS = 3
    client = signed_in(place.controller)
    small = client.get(f"/bao-cao/II.06a/{place.first.agency.code}/{PERIOD.code}/")
    whole = client.get(f"/bao-cao/II.06b/{place.agency.code}/{PERIOD.code}/")
    assert "kinds" not in small.context
    assert "kinds" in whole.context
