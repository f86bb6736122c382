"""Each question of a desk walks the index made for it, on both engines (the plans of a few thousand
generated dossiers).
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from api import asked as api_asked
from dossiers.clock import flags
from dossiers.desk import (
    batches,
    handover,
    intake,
    late_parts,
    legs,
    lookup,
    of_owner,
    online,
    returning,
    scans,
    store,
    work,
)
from dossiers.desk.relieved import relieved
from dossiers.desk.search import prefix_q
from dossiers.generating import generate
from dossiers.intake.online import national_source
from dossiers.ledger import digests
from dossiers.models import (
    Batch,
    Dossier,
    DossierPaper,
    HandOver,
    NameKey,
    OnlineFiling,
    Result,
)
from dossiers.models.legs import Leg, LegKind, LegState
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.files.models import Attachment
from reports.board import late, spread, tally
from reports.board import legs as board_legs
from reports.board.asked import Asked
from reports.board.moment import Moment
from reports.board.whose import Whose
from tests.world import Office, make_case, make_office, make_officer, vn

NOW = vn("18/11/2026 15:00")
# These hold open work only; which of them PostgreSQL reads is its statistics' affair.
OPEN_WORK = ("dossier_at_desk", "dossier_open_agency") if connection.vendor == "postgresql" else ()
COUNT = 3000


@pytest.fixture(scope="module")
def archive(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Generated once for the module, rolled back after it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        point = transaction.savepoint()
        office = make_office()
        other = make_office("Ủy ban nhân dân xã Tân Lập")
        for term in ("trả ngay", "3 ngày làm việc", "7 ngày làm việc", "20 ngày làm việc"):
            make_case(term, papers=1, field="Chứng thực" if term == "trả ngay" else "Hộ tịch")
        generate(count=COUNT, now=NOW, seed=4)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield office, other
        transaction.savepoint_rollback(point)


@pytest.fixture
def office(archive: tuple[Office, Office], db: None) -> Office:
    return archive[0]


def plan(rows: QuerySet[Any]) -> str:
    if (
        connection.vendor == "postgresql"
    ):  # a few thousand rows may be read at once by any sane planner
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()


def walks(rows: QuerySet[Any], *indexes: str) -> None:
    text = plan(rows)
    assert any(index in text for index in indexes), text
    assert "Seq Scan on dossiers_" not in text, text
    assert "SCAN dossiers_" not in text.replace("SCAN dossiers_dossier USING INDEX", "")
    if connection.vendor == "sqlite":
        assert "USE TEMP B-TREE" not in text, text


def test_look_up_by_code(office: Office) -> None:
    code = Dossier.objects.order_by("-pk")[0].code
    assert lookup.brief(code, NOW) is not None
    walks(
        Dossier.objects.filter(code=code).order_by(),
        "dossier_code_once",
        "sqlite_autoindex_dossiers_dossier",
    )


def test_the_queue_in_hand(office: Office) -> None:
    desk = office.desk(office.specialist, NOW)
    walks(
        Dossier.objects.in_hand(desk).working().order_by("sort_due", "pk")[:51],
        "dossier_in_hand",
        *OPEN_WORK,
    )


def test_what_is_to_be_accepted(office: Office) -> None:
    desk = office.desk(office.specialist, NOW)
    text = plan(Dossier.objects.to_accept(desk).order_by("sort_due", "pk")[:51])
    assert "pending_department" in text
    assert "Seq Scan on dossiers_dossier" not in text
    assert "SCAN dossiers_dossier\n" not in text + "\n"


def test_what_waits_at_the_return_desk(office: Office) -> None:
    text = plan(returning.to_return(office.desk(office.clerk, NOW)).order_by("ended_at", "pk")[:51])
    assert "dossier_to_return" in text, text


def test_names_by_their_beginning(office: Office) -> None:
    rows = NameKey.objects.filter(
        prefix_q("text", "nguyen thi h"), agency_id=office.agency.pk
    ).order_by("text", "-dossier_id")
    walks(rows.values_list("text", "dossier_id")[:51], "namekey_prefix")


def test_codes_by_their_beginning(office: Office) -> None:
    start = Dossier.objects.order_by("-pk")[0].code[:-4]
    text = plan(
        Dossier.objects.filter(prefix_q("code", start))
        .order_by("code")
        .values_list("pk", flat=True)[:50]
    )
    assert "Seq Scan" not in text
    assert "code" in text


@pytest.mark.parametrize(
    ("column", "index"), [("identity_number", "dossier_identity"), ("phone", "dossier_phone")]
)
def test_identity_numbers_and_telephones(office: Office, column: str, index: str) -> None:
    value = getattr(Dossier.objects.order_by("-pk")[0], column)
    walks(
        Dossier.objects.filter(**{column: value}).order_by("-pk").values_list("pk", flat=True)[:50],
        index,
    )


def test_a_companys_branches_by_the_beginning_of_their_tax_codes(office: Office) -> None:
    rows = (
        Dossier.objects.filter(prefix_q("identity_number", "4999999902-"))
        .order_by()
        .values_list("pk", flat=True)
    )
    assert "dossier_identity" in plan(rows), plan(rows)


def test_what_is_to_be_flagged(office: Office) -> None:
    text = plan(flags._to_flag(NOW)[: flags.CHUNK])
    assert "dossier_to_flag" in text, text


def test_what_nobody_has_confirmed(office: Office) -> None:
    rows = HandOver.objects.filter(
        confirmed_at=None, undone_at=None, receiver_department=office.room
    ).order_by("given_at", "id")
    # What waits is little: one row or the other index of nothing but what waits is as good.
    walks(rows[:50], "handover_pending", "handover_one_pending")


def in_order(rows: QuerySet[Any], index: str) -> None:
    """The rows come along this index in the order asked for: nothing is read to its end and sorted,
    where PostgreSQL is kept from choosing so for a few rows.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    text = plan(rows)
    assert index in text, text
    assert not any(
        word in text.replace("Incremental", "") for word in ("Sort  (", "B-TREE FOR ORDER")
    ), text


def _ruled(table: str, name: str) -> str:
    """What an engine calls the index of a rule that something is there once."""
    return name if connection.vendor == "postgresql" else f"sqlite_autoindex_{table}_"


def plans(call: Callable[[], Any], table: str) -> list[str]:
    """How the statements of a call are run that read from this table first."""
    with CaptureQueriesContext(connection) as seen:
        call()
    begin = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    found = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for one in seen.captured_queries:
            if f'FROM "{table}"' in one["sql"]:
                cursor.execute(f"{begin} {one['sql']}")
                found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    assert found
    return found


def test_each_way_to_a_hand_over_list_is_walked_from_the_newest(office: Office) -> None:
    newest = Batch.objects.order_by("-given_at", "-pk")
    desk = office.desk(office.clerk, NOW)
    indexes = {
        "giver": "batch_given_by",
        "receiver": "batch_given_to_officer",
        "giver_department": "batch_given_from",
        "receiver_department": "batch_given_to",
        "agency": "batch_agency_given",
    }
    seen = set()
    for way in batches._ways_to_batches(desk):
        ((column, _),) = way.children
        seen.add(column)
        in_order(newest.filter(way).values("pk")[:41], indexes[column])
    assert seen == set(indexes)


def test_the_page_of_lists_reads_no_other_lists(office: Office) -> None:
    desk = office.desk(office.clerk, NOW)
    (text,) = plans(lambda: batches.batch_page(desk), "dossiers_batch")
    assert "Seq Scan on dossiers_batch" not in text, text
    assert "SCAN dossiers_batch\n" not in f"{text}\n", text


def test_a_hand_over_list_by_its_number(office: Office) -> None:
    text = plan(Batch.objects.filter(number=12).order_by())
    assert _ruled("dossiers_batch", "batch_number_once") in text, text


def test_names_and_codes_come_in_their_order(office: Office) -> None:
    names = NameKey.objects.filter(prefix_q("text", "nguyen"), agency_id=office.agency.pk)
    in_order(
        names.order_by("text", "-dossier_id").values("text", "dossier_id")[:51], "namekey_prefix"
    )
    start = Dossier.objects.order_by("-pk")[0].code[:-4]
    codes = Dossier.objects.filter(prefix_q("code", start)).order_by("code")
    in_order(codes.values("pk")[:51], _ruled("dossiers_dossier", "dossier_code_once"))


def test_what_waits_at_the_counter_that_received_it(office: Office) -> None:
    here = Dossier.objects.filter(received_by_agency=office.agency, state=9)
    assert "dossier_to_return_here" in plan(here.order_by("ended_at", "pk").values("pk")[:51])


def test_what_a_clerk_received_last_and_today(office: Office) -> None:
    clerk, desk = office.clerk, office.desk(office.clerk, NOW)
    calls: list[Callable[[], Any]] = [
        lambda: intake.recent(clerk, NOW.date(), office.agency),
        lambda: intake.reason_last_time(clerk, 1),
        lambda: intake.today(desk, NOW),
        lambda: intake.lines_of_day(desk, NOW),
        lambda: intake.totals_of_day(desk, NOW),
    ]
    for call in calls:
        text = plans(call, "dossiers_dossier")[0]
        assert "dossier_received_by" in text, text
    assert (
        "dossier_in_hand" in plans(lambda: intake.promised_before(desk, NOW), "dossiers_dossier")[0]
    )
    # Of many entered under one time only the last are read.
    for call in calls[:2]:
        assert "Sort" not in plans(call, "dossiers_dossier")[0]


def test_hand_overs_to_be_reported_are_found_among_those_on_their_way(office: Office) -> None:
    text = plans(lambda: flags._report_unconfirmed(NOW), "dossiers_handover")[0]
    assert "handover_one_pending" in text or "handover_pending" in text, text


def test_the_usual_department_is_looked_for_among_the_newest(office: Office) -> None:
    dossier = Dossier.objects.exclude(holder_department=None).order_by("-pk")[0]
    call = lambda: handover.usual_department(dossier, NOW.date())  # noqa: E731
    text = plans(call, "dossiers_handover")[0]
    assert "handover_given" in text, text


def test_what_ended_lately_is_counted_from_its_index_alone(
    archive: tuple[Office, Office], db: None
) -> None:
    """The ages of a province, and what is done beside what is open: no dossier is read."""
    whose = Whose(tuple(one.agency for one in archive), None, several=True)
    moment = Moment(NOW)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    _, ages = plans(lambda: spread.build(whose, Asked({}), moment), "dossiers_dossier")
    (by_agency,) = plans(lambda: tally.lately(whose.wide, "agency", moment), "dossiers_dossier")
    for text in (ages, by_agency):
        assert "dossier_ended" in text, text
        if connection.vendor == "postgresql":
            assert "Index Only Scan using dossier_ended" in text, text


def test_what_is_to_be_scanned_is_found_without_the_archive(office: Office) -> None:
    """A clerk's by what she received and is not scanned, an overseer's by what ended in her offices,
    or the other way round where that reads as little.
    """
    for officer in (office.clerk, office.leader):
        rows = scans.missing(office.desk(officer, NOW), 90, NOW)
        for call in (scans.by_officer, scans.page):
            (text,) = plans(partial(call, rows), "dossiers_dossier")
            assert "dossier_not_scanned" in text or "dossier_ended" in text, text


def test_a_night_of_digests_looks_through_the_last_nights_alone(office: Office) -> None:
    """However many years of digests are kept."""
    since = NOW - digests.LOOKED_BACK
    (text,) = plans(lambda: digests.wrong_nights(NOW, since=since), "dossiers_agencydigest")
    assert "digest_made" in text, text
    assert "SCAN dossiers_agencydigest\n" not in f"{text}\n", text


def test_filings_settled_long_ago_are_not_counted_through(office: Office) -> None:
    """Neither for a counter nor for whoever controls several."""
    make_filings(office)
    controller = make_officer("Ngô Văn Kiểm", office.agency, (Role.CONTROLLER, None))
    for officer in (office.clerk, controller):
        desk = office.desk(officer, NOW)
        (text,) = plans(partial(online.counts, desk, NOW), "dossiers_onlinefiling")
        assert "filing_waiting" in text, text
        assert "filing_ended" in text, text


def test_a_page_joins_no_more_tables_than_are_planned_together(office: Office) -> None:
    """PostgreSQL plans eight together (join_collapse_limit), the picked page is one of them."""
    rows = Dossier.objects.filter(pk__in=Dossier.objects.order_by("pk").values("pk")[:51])
    wide = work._with_columns(rows, [name for name in work.MORE if name != work.SORTED])
    assert 1 + str(wide.query).count(" JOIN ") < 8


def test_the_plans_are_of_a_real_archive(office: Office, queries: Callable[[], Any]) -> None:
    assert Dossier.objects.count() == COUNT
    assert Dossier.objects.filter(received_at__date__lt=date(2026, 1, 1)).exists()


def test_lateness_shared_out_reads_what_is_late_and_its_own_rows(office: Office) -> None:
    """Open late ones and those of the days, each by its index; of these the hand-overs alone."""
    at = Moment(NOW, date(2026, 8, 20), date(2026, 11, 18))
    leader = office.desk(office.leader, NOW)
    sets = late.sets_of(Whose((office.agency,), None), Asked({}), at, leader)
    walks(sets[0], "span_open")
    walks(sets[1], "span_ended")
    mine = late_parts.together(sets, "dossier")
    own = HandOver.objects.filter(dossier__in=mine)
    if connection.vendor == "postgresql":  # of so few rows it may as well read all and join
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
    walks(own, "handover_seq_once", "dossiers_handover_1")
    assert re.search(r"Index Cond: \(dossier_id = |\(dossier_id=\?\)", plan(own)), plan(own)


def test_what_the_api_lists_of_an_open_state_walks_no_archive(office: Office) -> None:
    call = partial(
        api_asked.page, office.desk(office.leader, NOW), office.agency,
        state=State.AWAITING_PAPERS.value, received=(None, None), after="", size=50,
    )  # fmt: skip
    (text,) = plans(call, "dossiers_dossier")
    assert any(one in text for one in ("dossier_open_received", *OPEN_WORK)), text


def make_filings(office: Office) -> None:
    """Most were answered long ago: an empty table is read by any index."""
    source, waits = national_source(), 20
    OnlineFiling.objects.bulk_create(
        OnlineFiling(
            code=f"H99.1-261120-{n:06d}", source=source, agency=office.agency, filed_at=NOW,
            owner_name="Hà", identity_number=f"{1_087_000_000 + n:012d}",
            state=1 if n < waits else 3, ended_at=None if n < waits else NOW - timedelta(days=400),
        )
        for n in range(400)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_what_an_owner_handed_in_is_asked_by_the_number(office: Office) -> None:
    make_filings(office)
    call = partial(of_owner.filed_page_of, "001087000123", NOW)
    (text,) = plans(call, "dossiers_onlinefiling")
    assert re.search(r"filing_of_owner\b", text), text


def test_what_was_taken_from_the_store_is_asked_without_the_archive(office: Office) -> None:
    """Before a result or a scan is taken back, and whenever a file is deleted: few papers were taken."""
    file = Attachment.objects.create(
        kind="draft", object_id=1, name="a.pdf", sha256="0" * 64, size=1, content_type="application/pdf",
        uploaded_at=NOW, uploaded_by=office.clerk,
    )  # fmt: skip
    result, taken = Result.objects.order_by("-pk")[:2]
    some = DossierPaper.objects.order_by("pk").values("pk")[:40]
    DossierPaper.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(stored=taken)
    asked: list[tuple[Callable[[], Any], str]] = [
        (partial(store.while_not_taken, "", stored=result.pk), "paper_stored"),
        (partial(store.while_not_taken, "", stored__dossier=result.dossier), "paper_stored"),
        (file.delete, "paper_stored_file"),
    ]
    for call, index in asked:
        (text,) = plans(call, "dossiers_dossierpaper")
        assert re.search(rf"{index}\b", text), text
        assert "SCAN dossiers_dossierpaper" not in text, text


def make_legs(office: Office, other: Office) -> None:
    """One a dossier: most have ended, some lie with each of the two offices."""
    rows = []
    for n, dossier in enumerate(Dossier.objects.order_by("pk")[:800]):
        is_open, there = n % 40 == 0, (office, other)[n // 40 % 2]
        rows.append(
            Leg(
                dossier=dossier, number=1, kind=LegKind.PARALLEL, agency=there.agency, task="Xác nhận", minutes=480,
                state=LegState.WORKING if is_open else LegState.ANSWERED, version=2, opened_by=office.clerk,
                opened_at=NOW, sent_at=NOW, due_at=NOW, holder=there.specialist, ended_at=None if is_open else NOW,
            )
        )  # fmt: skip
    Leg.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_parts_of_other_agencies_dossiers_are_read_by_what_an_agency_has(
    archive: tuple[Office, Office], office: Office
) -> None:
    """The list of legs and the figure of the dashboard: as small as what is with agencies."""
    if connection.vendor != "postgresql":
        return  # SQLite takes no index whose condition a value of the query must prove
    make_legs(office, archive[1])
    for one in (office.leader, office.specialist):
        walks(legs.with_me(office.desk(one, NOW)), "leg_with_agency", "leg_in_hand")
    walks(board_legs.theirs(Whose((office.agency,), None), Asked({})), "leg_with_agency")


def test_who_paid_nothing_is_read_by_counter_and_days(office: Office) -> None:
    """Of this counter, and of before, when rows did not say whose they were."""
    if connection.vendor == "postgresql":
        return  # of so few rows it may as well walk any other way
    (text,) = plans(
        lambda: relieved(office.agency.pk, NOW.date(), NOW.date()), "dossiers_feerelief"
    )
    assert text.count("feerelief_agency (agency_id=? AND relieved_at>?") == 2, text
