"""The speed layer: the same as the plain way gives, only quicker."""

from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, IntegerField, Q, Value

from dossiers.desk.counting import count_desk
from dossiers.models import Dossier
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency
from onestop.engines import REPLICA, Router, reading_from
from onestop.speed import Kept, Prepared, forget, plainly
from procedures.models import ProcedureVersion
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def some(office: Office, count: int) -> list[Dossier]:
    case = make_case()
    return [receive(office, case, at=MONDAY + timedelta(minutes=n)) for n in range(count)]


def test_ids_texts_and_instants_are_filled_in(office: Office) -> None:
    received = some(office, 4)
    rows = Prepared(
        "test",
        lambda ids, code, until: (
            Dossier.objects.filter(pk__in=ids, received_at__lte=until)
            .exclude(code=code)
            .order_by("pk")
            .values_list("pk", "received_at", "undetermined")
        ),
    )
    first = (tuple(d.pk for d in received[:3]), received[0].code, MONDAY + timedelta(minutes=1))
    second = (tuple(d.pk for d in received[1:]), received[1].code, MONDAY + timedelta(minutes=9))
    assert rows(*first) == [(received[1].pk, received[1].received_at, False)]
    assert [pk for pk, *_ in rows(*second)] == [received[2].pk, received[3].pk]


def test_days_are_filled_in() -> None:
    version = make_case().version
    rows = Prepared(
        "test",
        lambda on, until: (
            ProcedureVersion.objects.in_force(on)
            .filter(effective_from__lte=until)
            .values_list("pk", "effective_from")
        ),
    )
    first = version.effective_from
    there = [(version.pk, first)]
    assert rows(first, date(2030, 1, 1)) == there
    assert rows(first - timedelta(days=1), date(2030, 1, 1)) == []
    assert rows(date(2030, 1, 1), first) == there
    assert rows(date(2030, 1, 1), first - timedelta(days=1)) == []


def test_it_is_built_once_for_each_shape_and_runs_one_query(
    office: Office, django_assert_num_queries: Any
) -> None:
    built = []

    def build(ids: tuple[int, ...]) -> Any:
        built.append(len(ids))
        return Dossier.objects.filter(pk__in=ids).order_by("pk").values_list("pk")

    rows, pks = Prepared("test", build), tuple(d.pk for d in some(office, 3))
    with django_assert_num_queries(4):
        assert rows(pks[:2]) == [(pks[0],), (pks[1],)]
        assert rows(pks[1:]) == [(pks[1],), (pks[2],)]
        assert rows(pks) == [(pk,) for pk in pks]
        assert rows((pks[0], pks[0])) == [(pks[0],)]
    assert built == [2, 3]


def test_another_thread_may_clear_what_was_built_at_any_moment(office: Office) -> None:
    class Cleared(dict[Any, Any]):
        """Cleared as soon as it has been looked into or written."""

        def __contains__(self, key: object) -> bool:
            found = super().__contains__(key)
            self.clear()
            return found

        def __setitem__(self, key: Any, value: Any) -> None:
            self.clear()

    (dossier,) = some(office, 1)
    rows = Prepared("test", lambda code: Dossier.objects.filter(code=code).values_list("pk"))
    assert rows(dossier.code) == [(dossier.pk,)]
    rows._statements = Cleared(rows._statements)
    assert rows(dossier.code) == [(dossier.pk,)]
    rows._statements = Cleared()
    assert rows(dossier.code) == [(dossier.pk,)]


def test_a_set_that_must_be_empty_asks_nothing(django_assert_num_queries: Any) -> None:
    rows = Prepared("test", lambda ids: Dossier.objects.filter(pk__in=ids).values_list("pk"))
    with django_assert_num_queries(0):
        assert rows(()) == []


def test_a_text_is_a_value_never_a_piece_of_sql(office: Office) -> None:
    (dossier,) = some(office, 1)
    rows = Prepared("test", lambda code: Dossier.objects.filter(code=code).values_list("pk"))
    assert rows(dossier.code) == [(dossier.pk,)]
    assert rows("%s' OR 1=1 --") == []


def test_another_statement_is_built_when_it_is_made_of_something_else(office: Office) -> None:
    (dossier,) = some(office, 1)
    columns = ["pk"]
    rows = Prepared(
        "test",
        lambda code: Dossier.objects.filter(code=code).values_list(*columns),
        of=lambda: tuple(columns),
    )
    assert rows(dossier.code) == [(dossier.pk,)]
    columns.append("code")
    assert rows(dossier.code) == [(dossier.pk, dossier.code)]


def test_plainly_asks_the_orm_each_time(office: Office) -> None:
    built = []

    def build(code: str) -> Any:
        built.append(code)
        return Dossier.objects.filter(code=code).values_list("pk")

    (dossier,) = some(office, 1)
    rows = Prepared("test", build)
    with plainly("test"):
        assert rows(dossier.code) == rows(dossier.code) == [(dossier.pk,)]
    assert built == [dossier.code] * 2
    assert rows(dossier.code) == [(dossier.pk,)]
    assert built[2:] != [dossier.code]  # with marks


def test_what_is_kept_is_made_once_a_stamp() -> None:
    made: list[str] = []

    def ask(key: str, stamp: object) -> str:
        return kept.get(key, lambda: made.append(key) or f"{key}{stamp}", stamp=stamp)

    kept: Kept[str] = Kept("test", most=2)
    assert [ask("a", 1), ask("a", 1), ask("a", 2), ask("a", 2)] == ["a1", "a1", "a2", "a2"]
    assert made == ["a", "a"]
    with plainly("other", "test"):
        ask("a", 2)
    assert made == ["a"] * 3
    ask("b", 1), ask("c", 1), ask("b", 1), ask("c", 1)
    assert made[3:] == ["b", "c"]
    ask("a", 2)  # the first one had to go
    forget()
    ask("a", 2)
    assert made[5:] == ["a", "a"]


def test_what_is_kept_is_made_from_where_its_stamp_is() -> None:
    """A replica that is late has the calendar of before, under the stamp of now."""
    kept: Kept[str] = Kept("test", most=2)
    router = Router()
    with reading_from(REPLICA):
        assert kept.get("a", lambda: router.db_for_read(None), stamp=1) == DEFAULT_DB_ALIAS
        assert router.db_for_read(None) == REPLICA


def test_the_counters_are_the_same_plainly(office: Office) -> None:
    some(office, 2)
    desk = desk_of(office.clerk, MONDAY)
    counted = count_desk(desk, MONDAY)
    assert counted["forward"] == 2
    with plainly("counters"):
        assert count_desk(desk, MONDAY) == counted


def test_rows_of_a_model_come_with_what_is_joined_to_them(
    office: Office, django_assert_num_queries: Any
) -> None:
    (dossier,) = some(office, 1)
    rows = Prepared(
        "test",
        lambda code: (
            Dossier.objects.filter(code=code)
            .select_related("version__procedure", "holder", "submitter", "pending_officer")
            .defer("salt")
            .annotate(twice=F("sets") * 2)
        ),
    )
    (found,) = rows(dossier.code)
    with django_assert_num_queries(0):
        assert found == dossier
        assert found.twice == 2 * dossier.sets
        assert found.received_at == dossier.received_at
        assert found.version.procedure.code
        assert found.holder.full_name
        assert found.pending_officer is None
        assert not hasattr(found, "submitter")
    assert found.get_deferred_fields() == {"salt"}
    found.full_clean(exclude=["salt"], validate_unique=False, validate_constraints=False)
    with plainly("test"):
        (plain,) = rows(dossier.code)
    unlike = {"_state", "_prefetched_objects_cache"}
    assert {n: v for n, v in vars(found).items() if n not in unlike} == {
        n: v for n, v in vars(plain).items() if n not in unlike
    }


def test_a_beginning_is_told_from_a_pattern(office: Office) -> None:
    (dossier,) = some(office, 1)
    rows = Prepared(
        "test",
        lambda begins: Dossier.objects.filter(
            reduce(or_, (Q(code__startswith=one) for one in begins))
        ).values_list("pk"),
    )
    assert rows(("x", dossier.code[:5])) == rows((dossier.code, "y")) == [(dossier.pk,)]
    assert rows(("%", "_" * 5)) == rows(("x\\", f"{dossier.code[:4]}%")) == []


def test_what_never_changes_may_be_any_text(office: Office) -> None:
    (dossier,) = some(office, 1)
    dossier.summary = "100% 'đủ' %s \\ %%"
    Dossier.objects.filter(pk=dossier.pk).update(summary=dossier.summary)
    rows = Prepared(
        "test",
        lambda pk: Dossier.objects.filter(pk=pk, summary=dossier.summary).values_list(
            "pk", Value(dossier.summary), Value(None, output_field=IntegerField())
        ),
    )
    assert rows(dossier.pk) == [(dossier.pk, dossier.summary, None)]
    assert rows(dossier.pk + 1) == []


@pytest.mark.postgres
def test_postgresql_keeps_one_plan_for_numbers_of_any_size(office: Office) -> None:
    (dossier,) = some(office, 1)
    rows = Prepared(
        "test",
        lambda pk, until: (
            Dossier.objects.open().filter(pk=pk, received_at__lte=until).values_list("pk")
        ),
    )
    for pk in (dossier.pk, 1, 2**15, 2**31, 2**40):
        rows(pk, MONDAY)
    asked = "SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements"
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} WHERE statement LIKE '%%\"received_at\" <= %%'", [])
        ((text, generic, custom),) = cursor.fetchall()
    assert (generic, custom) == (5, 0)
    # The set that a partial index names stands in the text.
    assert '"state" IN (2, 4, 5, 6)' in text
    assert text.count("$") == 2


@pytest.mark.postgres
def test_nothing_else_is_kept(office: Office) -> None:
    some(office, 1)
    for beginning in ("a", "b"):
        list(Dossier.objects.filter(owner_name__startswith=beginning))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%owner_name%LIKE%"])  # fmt: skip
        assert cursor.fetchone() == (0,)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_column_of_another_type_costs_no_page_its_answer() -> None:
    rows = Prepared("test", lambda pk: Agency.objects.filter(pk=pk).values_list("website"))
    rows(1)
    other = connection.copy()
    change = "ALTER TABLE accounts_agency ALTER COLUMN website TYPE varchar({})"
    size = Agency._meta.get_field("website").max_length or 0
    try:
        with other.cursor() as cursor:
            cursor.execute(change.format(size + 1))
        assert rows(1) == []
    finally:
        with other.cursor() as cursor:
            cursor.execute(change.format(size))
        other.close()
    assert rows(1) == []
