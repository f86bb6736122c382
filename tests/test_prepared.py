"""Statements built once: the same rows as the ORM gives, whatever the values, in one query."""

from datetime import timedelta
from typing import Any

import pytest

from dossiers.models import Dossier
from onestop.prepared import Prepared
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
        lambda ids, code, until: (
            Dossier.objects.filter(pk__in=ids, received_at__lte=until)
            .exclude(code=code)
            .order_by("pk")
            .values_list("pk", "received_at", "undetermined")
        )
    )
    first = (tuple(d.pk for d in received[:3]), received[0].code, MONDAY + timedelta(minutes=1))
    second = (tuple(d.pk for d in received[1:]), received[1].code, MONDAY + timedelta(minutes=9))
    assert rows(*first) == [(received[1].pk, received[1].received_at, False)]
    assert [pk for pk, *_ in rows(*second)] == [received[2].pk, received[3].pk]


def test_it_is_built_once_for_each_shape_and_runs_one_query(
    office: Office, django_assert_num_queries: Any
) -> None:
    built = []

    def build(ids: tuple[int, ...]) -> Any:
        built.append(len(ids))
        return Dossier.objects.filter(pk__in=ids).order_by("pk").values_list("pk")

    rows, pks = Prepared(build), tuple(d.pk for d in some(office, 3))
    with django_assert_num_queries(4):
        assert rows(pks[:2]) == [(pks[0],), (pks[1],)]
        assert rows(pks[1:]) == [(pks[1],), (pks[2],)]
        assert rows(pks) == [(pk,) for pk in pks]
        assert rows((pks[0], pks[0])) == [(pks[0],)]
    assert built == [2, 3]


def test_a_set_that_must_be_empty_asks_nothing(django_assert_num_queries: Any) -> None:
    rows = Prepared(lambda ids: Dossier.objects.filter(pk__in=ids).values_list("pk"))
    with django_assert_num_queries(0):
        assert rows(()) == []


def test_a_text_is_a_value_never_a_piece_of_sql(office: Office) -> None:
    (dossier,) = some(office, 1)
    rows = Prepared(lambda code: Dossier.objects.filter(code=code).values_list("pk"))
    assert rows(dossier.code) == [(dossier.pk,)]
    assert rows("%s' OR 1=1 --") == []
