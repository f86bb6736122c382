"""`/viec/`: one line a dossier, counters that equal their lists, keys instead of offsets, filters
that are remembered.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from dossiers.acts import endings, handovers, supplements
from dossiers.acts.many import Seen
from dossiers.desk import work
from dossiers.desk.addresses import addresses_of
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from onestop.accounts.models import Substitution
from onestop.outbox.domain import post
from tests.clock import Clock
from tests.world import MONDAY, Office, make_case, receive, vn


def test_every_counter_equals_the_rows_of_its_list(
    office: Office, at_room: Callable[..., Dossier], clock: Clock
) -> None:
    """In hand, due soon, late, waiting, given, to accept, of the department, of the agency: one
    query, the same sets.
    """
    for term in ("1 ngày làm việc", "3 ngày làm việc", "20 ngày làm việc", "20 ngày làm việc"):
        at_room(term=term)
    case = make_case()
    given = receive(office, case)
    handovers.hand_over(given, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    waits = at_room(term="10 ngày làm việc")
    supplements.ask(
        Seen(waits.pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.clerk),
        at=MONDAY + timedelta(hours=1),
    )
    asked = at_room(term="15 ngày làm việc")
    supplements.propose(
        Seen(asked.pk),
        items=declared("B"),
        reason="Thiếu",
        by=office.desk(office.specialist),
        at=MONDAY,
    )
    receive(office, case)
    clock.now = vn("27/11/2026 11:00")
    seen = {}
    for officer in (office.clerk, office.specialist, office.head, office.leader, office.controller):
        desk = office.desk(officer, clock.now)
        counts, _ = work.rail_counts(desk, clock.now)
        for job in work.jobs_of(desk):
            rows = work.work_page(job.rows(desk, clock.now)).rows
            assert len(rows) == counts[job.count], (officer.full_name, job.key)
            seen[officer.pk, job.key] = len(rows)
    assert seen[office.specialist.pk, "dang-xu-ly"] == 5
    assert seen[office.specialist.pk, "qua-han"] == 1
    assert seen[office.specialist.pk, "sap-het-han"] == 1
    assert seen[office.specialist.pk, "cho-bo-sung"] == 1
    assert seen[office.specialist.pk, "cho-nhan"] == 1
    assert seen[office.clerk.pk, "da-giao"] == 1
    assert seen[office.clerk.pk, "de-nghi-bo-sung"] == 1
    assert seen[office.head.pk, "phong"] == 6
    assert seen[office.leader.pk, "co-quan"] == 8


def test_the_bell_is_counted_with_the_desk(office: Office, signed_in: Callable[..., Any]) -> None:
    for number in range(3):
        post(
            kind="thu",
            dedupe=f"thu-{number}",
            subject="Thử",
            body="Thử",
            to_officer=office.specialist,
            at=MONDAY,
        )
    post(
        kind="thu", dedupe="thu-khac", subject="Thử", body="Thử", to_officer=office.clerk, at=MONDAY
    )
    assert work.rail_counts(office.desk(office.specialist), MONDAY)[0]["unread"] == 3
    page = signed_in(office.specialist).get("/viec/?loai=dang-xu-ly")
    assert (
        '<span class="count">3</span><span class="visually-hidden"> thông báo chưa đọc' in page.text
    )


def test_a_clerk_without_work_still_sees_proposals(
    office: Office, at_room: Callable[..., Dossier]
) -> None:
    dossier = at_room()
    supplements.propose(
        Seen(dossier.pk),
        items=declared("B"),
        reason="Thiếu",
        by=office.desk(office.specialist),
        at=MONDAY,
    )
    assert work.rail_counts(office.desk(office.clerk), MONDAY)[0]["proposed"] == 1


def test_the_page_costs_the_same_for_one_row_and_for_fifty(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[..., Any],
    queries: Callable[..., Any],
) -> None:
    client = signed_in(office.specialist)
    at_room()
    client.get("/viec/?loai=dang-xu-ly")  # builds the calendar once in this process
    with queries() as one:
        page = client.get("/viec/?loai=dang-xu-ly")
    assert page.status_code == 200
    for _ in range(49):
        at_room()
    with queries() as fifty:
        page = client.get("/viec/?loai=dang-xu-ly")
    assert page.content.decode().count('name="chon"') == 50
    assert len(one) == len(fifty) <= 8, [q["sql"][:90] for q in fifty]
    with queries() as way:
        client.get("/viec/?loai=cho-nhan")
    assert len(way) <= 8
    clerk = signed_in(office.clerk)
    with queries() as clerks:
        clerk.get("/viec/?loai=de-nghi-bo-sung")
    assert len(clerks) <= 8


@pytest.mark.parametrize("name", ["dossier", "give_back"])
def test_an_address_looked_up_for_many_is_that_of_each(name: str) -> None:
    codes = ["H37.05986-261125-0022", "000.00.19.H26-230912-0001", "Đ 1%"]
    assert addresses_of(name, codes) == [reverse(name, args=[code]) for code in codes]
    assert addresses_of(name, []) == []


def test_pages_by_key_show_every_row_once_in_both_directions(
    office: Office, at_room: Callable[..., Dossier]
) -> None:
    for n in range(7):
        at_room(term=f"{5 + n % 3} ngày làm việc")
    rows = Dossier.objects.in_hand(office.desk(office.specialist))
    found, after = [], ""
    while True:
        page = work.work_page(rows, after=after, size=3)
        found += [line.pk for line in page.rows]
        after = page.next
        if not after:
            break
    ordered = list(Dossier.objects.order_by("sort_due", "pk").values_list("pk", flat=True))
    assert found == ordered
    back = work.work_page(rows, before=page.previous, size=3)
    assert [line.pk for line in back.rows] == ordered[3:6]
    assert [line.pk for line in work.work_page(rows, before=back.previous, size=3).rows] == ordered[
        :3
    ]
    assert work.work_page(rows, after="rubbish").rows  # a broken cursor is the first page


def test_filters_stand_in_the_address_and_come_back(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    wanted = at_room(owner="Lò Thị Ún")
    other = at_room(owner="Trần Quang Khải")
    client = signed_in(office.specialist)
    page = client.get("/viec/?loai=dang-xu-ly&loc=lo+thi").content.decode()
    assert wanted.code in page
    assert other.code not in page
    assert "Xóa lọc" in page
    again = client.get("/viec/")
    assert again.status_code == 302
    assert again["Location"] == "/viec/?loai=dang-xu-ly&loc=lo+thi"
    cleared = client.get("/viec/?loai=dang-xu-ly").content.decode()
    assert other.code in cleared
    assert client.get("/viec/")["Location"] == "/viec/?loai=dang-xu-ly"
    assert (
        other.code
        not in client.get("/viec/?loai=dang-xu-ly&linhvuc=Khác&kenh=x&canbo=-1").content.decode()
    )


@pytest.mark.parametrize(
    "query", ["thutuc={code}", "kenh=1", "linhvuc=Hộ+tịch", "loc={dossier}", "canbo={holder}"]
)
def test_each_filter_finds(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], query: str
) -> None:
    dossier = at_room()
    text = query.format(
        code=dossier.version.procedure.code, dossier=dossier.code, holder=office.specialist.pk
    )
    assert (
        f"/ho-so/{dossier.code}/"
        in signed_in(office.specialist).get(f"/viec/?loai=dang-xu-ly&{text}").content.decode()
    )


def test_a_substitute_works_the_absent_officers_desk(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    day = MONDAY.date()
    Substitution.objects.create(
        absent=office.specialist,
        substitute=office.second_specialist,
        from_date=day,
        to_date=day,
        reason="Nghỉ phép",
    )
    client = signed_in(office.second_specialist)
    page = client.get("/viec/?loai=dang-xu-ly").content.decode()
    assert dossier.code in page
    assert f"thay {office.specialist.full_name}" in page
    client.post(
        f"/ho-so/{dossier.code}/de-nghi-bo-sung/",
        {"declared": "A", "reason": "Thiếu", "seen": dossier.row_version},
    )
    event = dossier.events.latest("seq")
    assert (event.kind, event.officer, event.acting_for) == (
        "propose_supplement",
        office.second_specialist,
        office.specialist,
    )


def test_the_next_dossier_is_one_key_away(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    first, second = at_room(term="5 ngày làm việc"), at_room(term="6 ngày làm việc")
    client = signed_in(office.specialist)
    client.get("/viec/?loai=dang-xu-ly")
    page = client.get(first.get_absolute_url()).content.decode()
    assert f"/viec/tiep/?sau={first.pk}" in page
    assert client.get(f"/viec/tiep/?sau={first.pk}")["Location"] == second.get_absolute_url()
    end = second.pk
    assert client.get(f"/viec/tiep/?sau={end}")["Location"] == "/viec/?loai=dang-xu-ly"
    assert client.get(f"/viec/tiep/?truoc={end}")["Location"] == first.get_absolute_url()


def test_the_next_dossier_follows_the_order_of_the_list(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    late = at_room(term="5 ngày làm việc", owner="Trần Thị Bình")
    later = at_room(term="6 ngày làm việc", owner="Trần Thị An")
    client = signed_in(office.specialist)
    client.get("/viec/?loai=dang-xu-ly&xep=chu")
    assert client.get(f"/viec/tiep/?sau={later.pk}")["Location"] == late.get_absolute_url()


def test_empty_lists_say_what_to_do_next(office: Office, signed_in: Callable[..., Any]) -> None:
    client = signed_in(office.specialist)
    for key in ("cho-nhan", "dang-xu-ly", "sap-het-han", "qua-han", "cho-bo-sung", "da-giao"):
        page = client.get(f"/viec/?loai={key}").content.decode()
        assert 'class="empty"' in page
        assert "btn-outline-secondary" in page


def test_a_dossier_that_ended_lies_on_no_desk(
    office: Office, at_room: Callable[..., Dossier]
) -> None:
    dossier = at_room()
    endings.withdraw(
        Seen(dossier.pk),
        endings.EndingIn("Nguyễn Văn Ân", "Không cần nữa"),
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    counts, _ = work.rail_counts(office.desk(office.specialist), MONDAY)
    assert not any(counts.values())


def plan_of(statement: str, parameters: Any) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            ("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ")
            + statement,
            parameters,
        )
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_lists_and_counters_read_only_the_indexes_of_open_work(
    office: Office, at_room: Callable[..., Dossier]
) -> None:
    """Whatever the archive holds: each list walks its partial index, the counters several of them,
    nothing scans the table.
    """
    at_room()
    desk = office.desk(office.head)
    for rows, index in (
        (Dossier.objects.in_hand(office.desk(office.specialist)), "dossier_in_hand"),
        (Dossier.objects.to_accept(desk), "pending_department"),
        (
            Dossier.objects.open().filter(holder_department__in=desk.department_ids),
            "dossier_at_desk",
        ),
    ):
        statement, parameters = (
            rows.order_by("sort_due", "pk").values("pk")[:50].query.sql_with_params()
        )
        plan = plan_of(statement, parameters)
        assert "Seq Scan on dossiers_dossier" not in plan
        # PostgreSQL chooses among partial indexes by its statistics, which a handful of rows do not
        # give.
        assert index in plan or connection.vendor == "postgresql"
    seen: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        work.rail_counts(desk, MONDAY)
    plan = plan_of(*seen[-1])
    assert "dossier_in_hand" in plan or connection.vendor == "postgresql"
    assert "SCAN dossiers_dossier" not in plan
    assert "Seq Scan on dossiers_dossier" not in plan


def test_a_leader_is_led_from_an_empty_desk_to_what_is_late_in_the_agency(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], clock: Clock
) -> None:
    late, on_time = at_room(term="1 ngày làm việc"), at_room(term="20 ngày làm việc")
    clock.now = vn("30/11/2026 09:00")
    client = signed_in(office.leader)
    assert (
        "/viec/?loai=co-quan&amp;han=qua-han" in client.get("/viec/?loai=qua-han").content.decode()
    )
    page = client.get("/viec/?loai=co-quan&han=qua-han").content.decode()
    assert late.code in page
    assert on_time.code not in page
    assert "Xóa lọc" in page
