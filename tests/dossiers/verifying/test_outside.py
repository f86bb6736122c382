"""Rows that are no dossier's: every column of every kept table, changed past the verbs, is found; so
is a row removed or put in, and a line of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import ForeignKey, Model

from dossiers.ledger.columns import COLUMNS, MODELS, OTHERWISE
from dossiers.ledger.tables import DOSSIER, NOT_TOLD, tables
from dossiers.ledger.verifying import verify
from dossiers.models import Slip, SlipPrint
from dossiers.slips import issuing
from onestop.accounts.domain import calendar, officers
from onestop.accounts.models import CalendarDay, DayKind, RoleGrant, Substitution
from onestop.changes import domain as changes
from onestop.changes import verifying
from onestop.changes.models import RowChange
from onestop.files.models import Attachment
from onestop.guards import unguarded
from procedures.models import Case
from tests.dossiers.verifying.rows import everything_at
from tests.standing import standing
from tests.world import MONDAY, Office, make_case, receive

if TYPE_CHECKING:
    from onestop.changes.domain import Kept

pytestmark = pytest.mark.django_db
LABELS = sorted(table.label for table in changes.kept())


@pytest.fixture(scope="module")
def _standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    with standing(django_db_blocker, everything_at) as office:
        yield office


@pytest.fixture
def everything(_standing: Office, db: None) -> Office:
    return deepcopy(_standing)


@pytest.fixture
def office(everything: Office) -> Office:
    """For whom the rest matters not."""
    return everything


def misfits() -> list[str]:
    return [str(one) for one in verify(now=MONDAY).misfits]


def faults(*only: str) -> list[str]:
    """Of the kept tables alone (`only`: of these labels, each of which is walked by itself)."""
    return [f"{one.row}: {one.what}" for one in verifying.faults(only=only or None)]


def table_of(label: str) -> Kept:
    return next(table for table in changes.kept() if table.label == label)


def rows_of(table: Kept) -> Any:
    return table.model._default_manager.filter(**table.only).order_by("pk")


def test_what_the_verbs_wrote_fits(everything: Office) -> None:
    assert misfits() == []
    assert {change.table for change in RowChange.objects.all()} == set(LABELS)


@pytest.mark.parametrize("label", LABELS)
def test_every_changed_column_is_found(everything: Office, label: str) -> None:
    table = table_of(label)
    row = rows_of(table).last()
    if label == "procedures.case":
        make_case()
        row = Case.objects.get(order=9)
    refused = set()
    for column in table.names:
        # A file of another kind is a file gone: proven below.
        if column == "kind" and table.only:
            continue
        point = transaction.savepoint()
        if not _tamper(row, column):
            refused.add(column)
        else:
            found = faults(label)
            assert any(f"{table.words} số {row.pk}: bị sửa" in one for one in found), column
        transaction.savepoint_rollback(point)
    assert refused == set()


def _tamper(row: Model, column: str) -> bool:
    """Another value in this column, past save and triggers; False where the database allows none."""
    field: Any = next(f for f in row._meta.concrete_fields if f.attname == column)
    quoted = connection.ops.quote_name
    statement = f"UPDATE {quoted(row._meta.db_table)} SET {quoted(field.column)} = %s WHERE id = %s"
    point = transaction.savepoint()
    for value in _others(row, field):
        try:
            with unguarded(), transaction.atomic(), connection.cursor() as cursor:
                prepared = field.get_db_prep_save(value, connection)
                cursor.execute(statement, [prepared, row.pk])
                connection.check_constraints()
        except Exception:
            continue
        return bool(
            getattr(type(row)._default_manager.get(pk=row.pk), column) != getattr(row, column)
        )
    transaction.savepoint_rollback(point)
    return False


def _others(row: Model, field: Any) -> list[Any]:
    now = getattr(row, field.attname)
    if isinstance(field, ForeignKey):
        related: Any = field.related_model
        ids = related._default_manager.exclude(pk=now or 0).values_list("pk", flat=True)
        return [*ids.order_by("-pk")[:20], None]
    if field.choices:
        return [value for value, _ in field.flatchoices if value != now]
    kind = field.get_internal_type()
    return {
        "DateTimeField": [MONDAY - timedelta(days=99), MONDAY + timedelta(days=99)],
        "DateField": [date(2031, 1, 1), date(2020, 1, 1)],
        "BooleanField": [not now],
        "UUIDField": ["0" * 32],
        "BinaryField": [b"x"],
        "JSONField": [["x"], {"x": 1}],
    }.get(kind) or (
        [f"{str(now)[:8]}x", f"x{str(now)[1:]}"]
        if kind in ("CharField", "TextField", "EmailField", "SlugField")
        else [(now or 0) + 1, (now or 0) + 77]
    )


@pytest.mark.parametrize("label", LABELS)
def test_a_removed_row_and_one_put_in_are_found(everything: Office, label: str) -> None:
    table = table_of(label)
    row = rows_of(table).last()
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    with connection.constraint_checks_disabled(), unguarded():
        rows_of(table).filter(pk=row.pk)._raw_delete("default")
        assert faults() == [f"{table.words} số {row.pk}: đã bị xóa khỏi cơ sở dữ liệu"]
        again = table.model(**kept)
        table.model._default_manager.bulk_create([again])
        assert faults(label) == []
        lines = RowChange.objects.filter(table=label, row=row.pk)
        lines._raw_delete("default")
        assert faults() == [
            f"{table.words} số {row.pk}: được thêm vào mà không ghi trong sổ thay đổi"
        ]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("text", '{"a":1}', "bị sửa"),
        ("hash", "0" * 64, "bị sửa"),
        ("previous", "1" * 64, "bị sửa"),
        ("seq", 7, "thiếu lần 1"),
        ("recorded_at", MONDAY - timedelta(days=3), "có cột không khớp"),
        ("salt", b"x", "bị sửa"),
        ("row", 999_999, "không ghi trong sổ thay đổi"),
        ("table", "accounts.nothing", "không phải bảng nào của phần mềm"),
    ],
)
def test_every_changed_column_of_a_line_is_found(
    everything: Office, column: str, value: object, words: str
) -> None:
    line = RowChange.objects.filter(table="accounts.substitution").get()
    with unguarded():
        RowChange.objects.filter(pk=line.pk).update(**{column: value})
    assert any(words in one for one in misfits())


def test_a_line_that_was_rewritten_with_its_hash_is_found_by_the_next_one(office: Office) -> None:
    grant = RoleGrant.objects.filter(officer=office.clerk).get()
    grant.valid_to = date(2030, 1, 1)
    grant.save()
    assert RowChange.objects.filter(table="accounts.rolegrant", row=grant.pk).count() == 2
    first = RowChange.objects.filter(table="accounts.rolegrant", row=grant.pk).order_by("seq")[0]
    text = first.text.replace("clerk", "leader")
    with unguarded():
        RowChange.objects.filter(pk=first.pk).update(
            text=text, hash=changes.chain(first.previous, text)
        )
    assert misfits() == [f"vai trò được giao số {grant.pk}: lần thay đổi 2 trong sổ bị sửa"]


def test_what_was_changed_past_the_verbs_is_not_hidden_by_the_next_save(office: Office) -> None:
    grant = RoleGrant.objects.filter(officer=office.clerk).get()
    with unguarded():
        RoleGrant.objects.filter(pk=grant.pk).update(role="leader")
    officers.end_role(grant=grant, by=office.controller, at=MONDAY)
    assert misfits() == [f"vai trò được giao số {grant.pk}: bị sửa trước lần thay đổi 2: vai trò"]


def test_nor_by_a_change_of_many_rows(everything: Office) -> None:
    with unguarded():
        Substitution.objects.update(to_date=date(2031, 1, 1))
    changes.update_all(Substitution.objects.all(), ended_at=MONDAY)
    row = Substitution.objects.get()
    assert misfits() == [
        f"phân công thay thế số {row.pk}: bị sửa trước lần thay đổi 2: đến hết ngày"
    ]


def test_nor_by_deleting_it(everything: Office) -> None:
    day = CalendarDay.objects.get(agency=everything.agency)
    number = day.pk
    CalendarDay.objects.filter(pk=number).update(kind=DayKind.HOLIDAY)
    calendar.remove_day(day=day, by=everything.controller, at=MONDAY)
    assert misfits() == [f"ngày đặc biệt số {number}: bị sửa trước lần thay đổi 2: loại"]


def test_a_save_that_changes_nothing_writes_no_line(office: Office) -> None:
    lines = RowChange.objects.count()
    office.agency.save()
    office.clerk.last_seen_at = MONDAY
    office.clerk.save()
    assert RowChange.objects.count() == lines


def test_a_row_deleted_by_a_verb_fits(everything: Office) -> None:
    day = CalendarDay.objects.get(agency=everything.agency)
    calendar.remove_day(day=day, by=everything.controller, at=MONDAY)
    assert misfits() == []


def test_a_stored_pdf_of_another_slip_is_found(everything: Office) -> None:
    first, second = Slip.objects.order_by("pk")[:2]
    Slip.objects.filter(pk=second.pk).update(
        pdf=Attachment.objects.get(kind="slip", object_id=first.pk)
    )
    assert any("tệp PDF không phải của phiếu này" in one for one in misfits())


def test_a_print_needs_no_statement_more(office: Office, queries: Callable[[], Any]) -> None:
    """The slip is read together with whether it was printed before."""
    dossier = receive(office, make_case())
    slip = Slip.objects.annotate(was_printed=issuing.WAS_PRINTED).get(dossier=dossier)
    with queries() as seen:
        issuing.record_print(slip, by=office.clerk, at=MONDAY, copies=1)
    assert len(seen) == 2
    again = Slip.objects.annotate(was_printed=issuing.WAS_PRINTED).get(dossier=dossier)
    issuing.record_print(again, by=office.clerk, at=MONDAY, copies=1)
    prints = SlipPrint.objects.filter(slip=slip).order_by("pk")
    assert list(prints.values_list("again", flat=True)) == [False, True]


def test_the_command_names_the_row_and_leaves_it_out_for_one_agency(everything: Office) -> None:
    with unguarded():
        RoleGrant.objects.filter(officer=everything.clerk).update(role="leader")
    with pytest.raises(CommandError, match="vai trò được giao số") as said:
        call_command("verify_events")
    assert said.value.returncode == 1
    call_command("verify_events", "--agency", everything.agency.code)


# --- nothing is forgotten -------------------------------------------------------------------------


def test_every_column_of_every_model_is_verified_or_listed_with_its_reason() -> None:
    """From the models' own metadata: whoever adds a column or a model has to say which."""
    told = {
        table.model: set(table.names) | set(table.only) | {table.key} for table in tables().values()
    }
    told[DOSSIER.model] = set(DOSSIER.names) | set(NOT_TOLD[DOSSIER.model])
    for table in changes.kept():
        told.setdefault(table.model, set()).update({*table.names, *table.aside, *table.only})
    for model, aside in NOT_TOLD.items():
        told[model] |= set(aside)
    unsaid = {}
    for model in apps.get_models():
        label = model._meta.label
        if model.__module__.split(".")[0] not in (
            "onestop",
            "procedures",
            "dossiers",
            "feedback",
            "citizens",
            "exchange",
            "reports",
        ):
            continue
        if label in MODELS | OTHERWISE:
            assert model not in told, f"{label} is both verified and listed"
            continue
        columns = {f.attname for f in model._meta.concrete_fields} - {"id"}
        known = {name.removesuffix("__in") for name in told.get(model, set())}
        left = columns - known - set(COLUMNS.get(label, {}))
        if left:
            unsaid[label] = sorted(left)
    assert unsaid == {}, "verify these columns, or say in dossiers/ledger/columns.py why not"


def test_what_is_listed_exists_and_says_why() -> None:
    labels = {model._meta.label: model for model in apps.get_models()}
    assert {*MODELS, *OTHERWISE, *COLUMNS} <= set(labels)
    assert all(len(reason) > 10 for reason in (MODELS | OTHERWISE).values())
    for label, columns in COLUMNS.items():
        assert set(columns) <= {f.attname for f in labels[label]._meta.concrete_fields}
        assert all(len(reason) > 10 for reason in columns.values())
