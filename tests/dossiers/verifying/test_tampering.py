"""Every column and row that counts, changed by SQL past the verbs: found, named in Vietnamese, exit
code 1.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import ForeignKey, Model

from dossiers.acts import endings, handovers, supplements, visits
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.importing.reading import open_source
from dossiers.importing.run import Counts, Order, import_dossiers
from dossiers.intake.brought import Person, SubmitterIn
from dossiers.intake.wanted import declared
from dossiers.ledger import spans
from dossiers.ledger.stored import Reach
from dossiers.ledger.tables import DOSSIER, LOOSE, NOT_TOLD, tables
from dossiers.ledger.verifying import Verified, verify, walk
from dossiers.models import (
    CounterVisit,
    Dossier,
    Event,
    NameKey,
    OnlineSource,
    Span,
    WordsBefore,
)
from dossiers.models.agreeing import Agreement
from dossiers.models.handover import Purpose
from dossiers.models.post import PostalLine
from dossiers.models.voiding import VoidRequest
from procedures.channels import Channel
from procedures.models import Case
from reports.models import LateCause
from tests.dossiers import own
from tests.samples import PDF
from tests.standing import standing
from tests.world import IN_PERSON, MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=2)
ELSEWHERE = vn("05/01/2026 08:00")


@pytest.fixture(scope="module")
def _standing(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, int, int]]:
    path = tmp_path_factory.mktemp("cu") / "cu.csv"

    def make() -> tuple[int, int, int]:
        office = make_office()
        return given_back(office).pk, withdrawn_at(office).pk, imported_into(office, path).pk

    with standing(django_db_blocker, make) as ids:
        yield ids


@pytest.fixture
def dossier(_standing: tuple[int, int, int], db: None) -> Dossier:
    return Dossier.objects.get(pk=_standing[0])


@pytest.fixture
def withdrawn(_standing: tuple[int, int, int], db: None) -> Dossier:
    return Dossier.objects.get(pk=_standing[1])


@pytest.fixture
def imported(_standing: tuple[int, int, int], db: None) -> Dossier:
    return Dossier.objects.get(pk=_standing[2])


def given_back(office: Office) -> Dossier:
    """Brought by somebody else, waited for every act that asks, handed over and back, with its result, given back."""
    clerk, specialist, leader = (
        office.desk(o) for o in (office.clerk, office.specialist, office.leader)
    )
    case = make_case()
    refused_before(office, case)
    for name in ("Cổng Dịch vụ công quốc gia", "Cổng khác"):
        OnlineSource.objects.create(name=name, code_pattern="*-######-####+")
    dossier = receive(
        office,
        case,
        channel=Channel.ONLINE_FULL,
        submitter=SubmitterIn("Lò Văn Mang", "Giấy ủy quyền số 5"),
        fee_amount=8000,
        fee_reason="Miễn",
    )
    handovers.hand_over(
        dossier, to=office.room, step=NextStep(order=2, name="Xử lý"), by=clerk, at=MONDAY
    )
    handovers.confirm(Seen(dossier.pk), by=specialist, at=MONDAY)
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY)
    supplements.complete(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(hours=1))
    own.seeded(dossier, office, MONDAY + timedelta(hours=1))
    result = endings.ResultIn(
        title="Giấy khai sinh", number="12/GKS", issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn"
    )
    endings.record_result(
        Seen(dossier.pk),
        result,
        by=specialist,
        at=MONDAY + timedelta(hours=2),
        files=[("kq.pdf", PDF)],
    )
    for to, giver, receiver, purpose in (
        (office.leadership, specialist, leader, Purpose.APPROVE),
        (office.counter, leader, clerk, Purpose.RETURN),
    ):
        dossier.refresh_from_db()
        handovers.hand_over(
            dossier,
            to=to,
            step=NextStep(name="Bước", purpose=purpose),
            by=giver,
            at=MONDAY + timedelta(hours=3),
        )
        handovers.confirm(Seen(dossier.pk), by=receiver, at=MONDAY + timedelta(hours=4))
    own.when_ready(dossier, office, LATER)
    endings.give_back(
        Seen(dossier.pk),
        endings.Taking("Ân", identity="001199000001", signature=1, told=IN_PERSON),
        by=clerk,
        at=LATER,
    )
    own.after_the_end(dossier, office, LATER)
    return Dossier.objects.get(pk=dossier.pk)


def refused_before(office: Office, case: Case) -> None:
    """The owner came once before and was refused: the dossier that follows takes the visit along
    (R-44).
    """
    owner = Person("Nguyễn Văn Ân", identity_number="001087000123", phone="0912345678")
    said = visits.Said(
        CounterVisit.Kind.REFUSE, agency=office.agency, version=case.version, case=case, owner=owner, reason="Chưa có tờ khai",
    )  # fmt: skip
    visits.record(said, by=office.desk(office.clerk), at=MONDAY - timedelta(hours=1))


def withdrawn_at(office: Office) -> Dossier:
    dossier = receive(office, make_case())
    asked = endings.EndingIn("Lò Văn Mang", "Đổi ý", authorisation="Giấy ủy quyền số 6")
    endings.withdraw(Seen(dossier.pk), asked, by=office.desk(office.clerk), at=MONDAY)
    return Dossier.objects.get(pk=dossier.pk)


def imported_into(office: Office, path: Path) -> Dossier:
    """Taken over from an earlier system."""
    case = make_case()
    path.write_text(
        "code,agency,procedure,case,owner,received_at,due_at,status,department,officer,note\n"
        f"CU-1,{office.agency.code},{case.version.code},khác,Lý Văn Ân,2026-11-02T08:00,"
        "2026-11-27T17:00,4,Phòng cũ,Bế Văn Bảy,Chuyển từ hệ thống cũ\n",
        "utf-8",
    )
    import_dossiers(Order(open_source(path), MONDAY, counts=Counts.NOW))
    return Dossier.objects.get(code="CU-1")


def misfits(dossier: Dossier) -> str:
    """What is found in this dossier, as the walk over all of them finds it; that the command says so
    is asked once a table (`refused`).
    """
    found = [one for some in walk([Reach(ids=(dossier.pk,))], Verified(), nobody) for one in some]
    code = Dossier.objects.get(pk=dossier.pk).code
    assert all(one.dossier == code for one in found)
    return "\n".join(map(str, found))


def nobody(_: int) -> None:
    """Who is told how far the walk has come."""


def refused(dossier: Dossier) -> str:
    """What the command says on standard error; it names the dossier and exits with 1."""
    with pytest.raises(CommandError) as said:
        call_command("verify_events")
    assert said.value.returncode == 1
    assert f"hồ sơ {Dossier.objects.get(pk=dossier.pk).code}" in str(said.value)
    return str(said.value)


BY_WORD = "họ tên, liên hệ hoặc nội dung bằng chữ"
DOSSIER_WORDS = {
    "code": "mã hồ sơ",
    "term": "thời hạn",
    "owner_name": BY_WORD,
    "identity_number": BY_WORD,
    "secret": BY_WORD,
    "returned_at": "lúc trả kết quả",
    "due_at": "ngày hẹn trả",
    "holder_id": "người giữ",
    "late_from": "late_from",
}
# State with its instants is the database's to guard; keys of the catalogue have no other one to
# point at here.
GUARDED = {"state", "waiting_since", "ended_at", "version_id", "case_id", "field_id"}
COLUMNS = [name for name in DOSSIER.names if name not in GUARDED | LOOSE]


def some_of(table: str, columns: Iterable[str]) -> list[str]:
    """Every third column, by its name and its table's; with LONG=1 all of them. What tells a column is
    the same for each: which columns are told is asked whole, below.
    """
    step = 1 if os.environ.get("LONG") else 3
    return [name for name in columns if crc32(f"{table}.{name}".encode()) % step == 0]


def test_every_changed_column_of_the_dossier_is_found(dossier: Dossier) -> None:
    make_office("Ủy ban nhân dân xã Tân Lập")
    for column in some_of("dossier", COLUMNS):
        with tampered(dossier, column):
            found = misfits(dossier)
            assert found, column
            assert DOSSIER_WORDS.get(column, "") in found, column
    with tampered(dossier, "owner_name"):
        assert BY_WORD in refused(dossier)


@contextmanager
def tampered(row: Model, column: str) -> Iterator[None]:
    """Inside, the column has another value that it allows; afterwards nothing happened."""
    point = transaction.savepoint()
    _tamper(row, column)
    yield
    transaction.savepoint_rollback(point)


def _tamper(row: Model, column: str) -> None:
    field = next(f for f in row._meta.concrete_fields if f.attname == column)
    now = getattr(row, column)
    kind = (
        field.target_field.get_internal_type()
        if isinstance(field, ForeignKey)
        else field.get_internal_type()
    )
    changed: object
    if isinstance(field, ForeignKey):
        related = field.related_model
        assert not isinstance(related, str)
        changed = related._default_manager.exclude(pk=now or 0).values_list("pk", flat=True).first()
        if changed is None:
            changed = None if field.null and now is not None else now
    elif kind == "DateTimeField":
        changed = ELSEWHERE
    elif kind == "DateField":
        changed = ELSEWHERE.date()
    elif kind == "BooleanField":
        changed = not now
    elif kind == "UUIDField":
        changed = "0" * 32
    elif kind == "BinaryField":
        changed = b"x"
    elif kind == "JSONField":
        changed = [] if now else ["x"]
    elif kind in ("CharField", "TextField", "EmailField"):
        changed = f"{str(now)[:8]}x"
    else:
        changed = (now or 0) + (50 if column in ("seq", "number", "register_number") else 1)
    type(row)._default_manager.filter(pk=row.pk).update(**{column: changed})
    assert getattr(type(row)._default_manager.get(pk=row.pk), column) != now, (
        f"{column} was not changed"
    )


# Empty here and with nothing to point at, or checked by the database itself.
UNTOUCHED = {
    "batch_id",
    "paper_id",
    "change_id",
    "replaces_id",
    "undone_at",
    "undone_recorded_at",
    "replaced_at",
    "visit_id",
    "run_id",
    "kind",
}


ONE_EACH = {"submitter", "source", "online", "elsewhere", "envelope_parts"}


@pytest.mark.parametrize("name", tables())
def test_every_changed_column_of_the_rows_beside_it_is_found(
    dossier: Dossier, withdrawn: Dossier, imported: Dossier, name: str
) -> None:
    part = tables()[name]
    about = {"endings": withdrawn, "source": imported}.get(name, dossier)
    row = (
        part.model._default_manager.filter(**{part.key: about.pk}, **part.only)
        .order_by("pk")
        .first()
    )
    make_office("Ủy ban nhân dân xã Tân Lập")
    assert row is not None, f"no {name} to tamper with"
    # A file of another kind is a file gone, a row that was undone is another row that counts: both
    # are proven below.
    untouched = UNTOUCHED - ({"kind"} if name != "files" else set())
    columns = [one for one in part.names if one not in untouched]
    for column in some_of(name, columns) or columns[:1]:
        with tampered(row, column):
            assert "bị sửa" in misfits(about), column


@pytest.mark.parametrize("name", tables())
def test_a_deleted_and_an_added_row_are_found(
    dossier: Dossier, withdrawn: Dossier, imported: Dossier, name: str
) -> None:
    part = tables()[name]
    about = {"endings": withdrawn, "source": imported}.get(name, dossier)
    rows = part.model._default_manager.filter(**{part.key: about.pk}, **part.only)
    row = rows.order_by("pk").last()
    assert row is not None
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    with connection.constraint_checks_disabled():
        rows.filter(pk=row.pk)._raw_delete("default")
        assert "bị xóa" in refused(about)
        part.model._default_manager.bulk_create([part.model(**kept)])
        assert verify(now=LATER).misfit is None
        # One a dossier, by the database itself; a batch without a hand-over is nobody's.
        if name not in ONE_EACH | {"batches"}:
            more = {"id": None, "paper_id": None} if name == "papers" else {"id": None}
            more |= {
                "hand_overs": {"seq": 99},
                "results": {"replaced_at": LATER},
                "digitised_papers": {"code": "KQ9", "stage": 3},
                "slips": {"number": 99},
                "fee_receipts": {"number": 99},
                "postal_items": {"delivered_at": LATER},
                "legs": {"number": 99},
                "outgoing": {"number": 99, "slip_id": None},
            }.get(name, {})
            if name == "papers":
                more["paper_id"] = withdrawn.papers.values_list("paper_id", flat=True)[0]
            part.model(**kept | more).save(force_insert=True)
            assert "thêm vào" in refused(about)


def test_every_changed_column_of_the_intervals_of_the_reports_is_found(dossier: Dossier) -> None:
    make_office("Ủy ban nhân dân xã Tân Lập")
    span = Span.objects.filter(dossier=dossier).order_by("pk")[0]
    for column in some_of("spans", spans.COLUMNS):
        if column != "field_id":
            with tampered(span, column):
                assert "các khoảng thời gian dùng cho báo cáo" in misfits(dossier), column


def test_a_removed_interval_is_found(dossier: Dossier) -> None:
    Span.objects.filter(dossier=dossier).order_by("pk")[:1].get().delete()
    assert "các khoảng thời gian dùng cho báo cáo" in refused(dossier)


def test_every_column_is_told_or_listed_with_its_reason() -> None:
    """From the models' own metadata: a new column is told by itself."""
    for table in (DOSSIER, *tables().values()):
        columns = {f.attname for f in table.model._meta.concrete_fields}
        aside = (
            columns
            - set(table.names)
            - {"id", table.key}
            - {name.removesuffix("__in") for name in table.only}
        )
        assert aside == set(NOT_TOLD.get(table.model, {})) - {"id"}, table.name
        assert all(reason for reason in NOT_TOLD.get(table.model, {}).values())


def test_every_table_that_hangs_on_a_dossier_is_told_or_said_why_not() -> None:
    aside = {
        Event,  # the chain itself
        WordsBefore,  # the events have its digest; it may be erased
        Span,  # folded from the events
        NameKey,  # search keys: made of names that are told
        Agreement,  # the same
        VoidRequest,  # the same
        LateCause,  # a row kept beside dossiers, in the chain of kept rows (test_outside)
        PostalLine,  # the same
    }
    hanging = {relation.related_model for relation in Dossier._meta.related_objects}
    by_way_of_others = {"files", "batches"}
    assert hanging - aside == {
        table.model for name, table in tables().items() if name not in by_way_of_others
    }
