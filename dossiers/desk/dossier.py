"""One dossier with everything its page shows, in few statements: the row, its short lists, then
hand-overs, events, slips.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Aggregate, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from dossiers.ledger.tables import FILES
from dossiers.models import (
    ClockChange,
    ClockKind,
    Dossier,
    DossierPaper,
    Ending,
    HandOver,
    PaymentRequest,
    Result,
    Return,
    Slip,
    Supplement,
    words_of,
)
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.files.models import Attachment
from onestop.prepared import Prepared

if TYPE_CHECKING:
    from dossiers.models.querysets import DossierQuerySet
    from onestop.accounts.desk import Desk


class JsonList(Aggregate):
    """The rows of a group as one JSON list: json_group_array on SQLite, jsonb_agg on PostgreSQL."""

    function = "JSONB_AGG"
    output_field = JSONField()
    template = "%(function)s(%(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)


def rows_as_json(rows: QuerySet[Any], link: str, *names: str) -> Subquery:
    """A scalar subquery: the rows whose `link` is the outer dossier, as a list of objects with
    these columns.
    """
    wanted = {name.replace("__", "_"): name for name in names}
    found = (
        rows.filter(**{link: OuterRef("pk")})
        .order_by()
        .values(link)
        .annotate(found=JsonList(JSONObject(**wanted)))
    )
    return Subquery(found.values("found"), output_field=JSONField())


def instant(value: Any) -> datetime | None:
    """An instant as either engine writes it into JSON."""
    if not value:
        return None
    read = datetime.fromisoformat(str(value))
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def texts(value: Any) -> list[str]:
    """The lines of a request as people read them, from a JSON list inside a JSON object: SQLite
    gives it as text.
    """
    return [
        words_of(line) for line in (json.loads(value) if isinstance(value, str) else value or [])
    ]


def find(desk: Desk, code: str) -> DossierQuerySet[Dossier]:
    """The dossier of this code among those the officer may open, nobody else's (R-144)."""
    return Dossier.objects.visible_to(desk).filter(code=code)


def for_acts(desk: Desk, code: str) -> DossierQuerySet[Dossier]:
    """What a page of an act shows of it: one query."""
    joined = (
        "agency",
        "received_by_agency",
        "version__procedure",
        "case",
        "holder",
        "holder_department",
        "pending_department",
    )
    return find(desk, code).select_related(*joined).defer("version__search_text", "secret", "salt")


@dataclass(frozen=True, slots=True)
class Parts:
    """The short lists of a dossier, oldest first, as dictionaries with instants as datetimes."""

    papers: list[dict[str, Any]]
    files: list[dict[str, Any]]
    results: list[dict[str, Any]]
    returns: list[dict[str, Any]]
    supplements: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    endings: list[dict[str, Any]]
    changes: list[dict[str, Any]]

    @property
    def result(self) -> dict[str, Any] | None:
        """The result that counts."""
        return next((r for r in _standing(self.results) if r["replaced_at"] is None), None)

    @property
    def given_back(self) -> dict[str, Any] | None:
        """Who took the result, the last time."""
        return next(_standing(reversed(self.returns)), None)

    @property
    def proposal(self) -> dict[str, Any] | None:
        """The completion a handler has proposed and the counter has not asked for."""
        return next((s for s in _standing(self.supplements) if s["issued_at"] is None), None)

    @property
    def request(self) -> dict[str, Any] | None:
        """The completion that was asked for and is waited for."""
        return next(
            (s for s in _standing(self.supplements) if s["issued_at"] and not s["completed_at"]),
            None,
        )

    @property
    def unpaid(self) -> dict[str, Any] | None:
        """The payment that is waited for."""
        return next((p for p in _standing(self.payments) if p["recorded_at"] is None), None)

    @property
    def is_reappointed(self) -> bool:
        return any(c["kind"] == ClockKind.REAPPOINT for c in _standing(self.changes))


def _standing(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What counts of rows that the page has read anyway (models/undone.py)."""
    return (row for row in rows if row["undone_at"] is None)


def whole_dossier(desk: Desk, code: str) -> DossierQuerySet[Dossier]:
    """The dossier with the names its page shows; one query."""
    return for_acts(desk, code).select_related(
        "pending_officer", "received_by", "field", "submitter"
    )


def _parts(dossier_id: int) -> QuerySet[Dossier, Any]:
    """The short lists of one dossier, a column each, in the order of Parts."""
    paper_names = (
        "id",
        "name",
        "originals",
        "certified",
        "copies",
        "from_database",
        "originals_returned",
    )
    result_names = (
        "id",
        "kind",
        "title",
        "number",
        "issued_on",
        "signer",
        "reason",
        "electronic",
        "recorded_at",
        "replaced_at",
        "undone_at",
    )
    return_names = (
        "id",
        "way",
        "taker",
        "taker_name",
        "authorisation",
        "post_number",
        "papers_back",
        "given_at",
        "undone_at",
    )
    supplement_names = (
        "id", "round", "items", "reason", "legal_basis", "proposed_at", "proposed_by__full_name", "issued_at", "respond_by",
        "completed_at", "undone_at", "approver__full_name", "approval_reason",
    )  # fmt: skip
    payment_names = (
        "id", "content", "amount", "legal_basis", "determined_by", "pay_by", "asked_at", "proof_number", "paid_on", "paid", "note",
        "recorded_at", "undone_at",
    )  # fmt: skip
    ending_names = (
        "id",
        "kind",
        "requested_by",
        "reason",
        "decision_number",
        "signer",
        "fee_consequence",
        "undone_at",
    )
    change_names = ("id", "kind", "start", "end", "extra", "due_before", "due_after", "undone_at")
    found = {
        "papers": rows_as_json(DossierPaper.objects.all(), "dossier", *paper_names),
        "files": _files(),
        "results": rows_as_json(Result.objects.all(), "dossier", *result_names),
        "returns": rows_as_json(Return.objects.all(), "dossier", *return_names),
        "supplements": rows_as_json(Supplement.objects.all(), "dossier", *supplement_names),
        "payments": rows_as_json(PaymentRequest.objects.all(), "dossier", *payment_names),
        "endings": rows_as_json(Ending.objects.all(), "dossier", *ending_names),
        "changes": rows_as_json(ClockChange.objects.all(), "dossier", *change_names),
    }
    columns = {f"json_{name}": found[name] for name in Parts.__dataclass_fields__}
    return (
        Dossier.objects.order_by().filter(pk=dossier_id).annotate(**columns).values_list(*columns)
    )


def _files() -> Subquery:
    rows = Attachment.objects.filter(kind__in=FILES)
    return rows_as_json(
        rows, "object_id", "id", "kind", "name", "size", "content_type", "uploaded_at"
    )


_rows_of_parts = Prepared(_parts)


def parts_of(dossier: Dossier) -> Parts:
    """Its papers, files, results, returns, supplements, payments, endings and changes of the clock;
    one query.
    """
    (row,) = _rows_of_parts(dossier.pk)
    return Parts(*map(_read, row))


_INSTANTS = (
    "recorded_at", "given_at", "proposed_at", "issued_at", "respond_by", "completed_at", "uploaded_at", "start", "end", "due_before",
    "due_after", "undone_at", "replaced_at", "asked_at",
)  # fmt: skip
_DAYS = ("issued_on", "pay_by", "paid_on")


def _read(value: Any) -> list[dict[str, Any]]:
    rows = json.loads(value) if isinstance(value, str) else value or []
    for row in rows:
        for name in _INSTANTS:
            if name in row:
                row[name] = instant(row[name])
        for name in _DAYS:
            if name in row:
                row[name] = day(row[name])
        if "items" in row:
            row["entries"] = texts(row.pop("items"))
    return sorted(rows, key=lambda row: row["id"])


def slips_of(dossier: Dossier) -> list[Slip]:
    """The slips made, newest first, without their snapshots; one query."""
    return list(
        Slip.objects.filter(dossier=dossier)
        .only("slug", "year", "number", "made_at", "undone_at", "dossier_id")
        .order_by("-pk")
    )


def attachment_of(dossier: Dossier, pk: int) -> Attachment | None:
    """A file of this dossier and of no other."""
    return Attachment.objects.filter(kind__in=FILES, object_id=dossier.pk, pk=pk).first()


def access_lines(dossier: Dossier, *, limit: int = 100) -> list[AccessEvent]:
    """Who looked at the dossier, or at a hand-over list that names it, newest first (R-144); two
    queries.
    """
    batches = list(HandOver.objects.filter(dossier=dossier).values_list("batch", flat=True))
    about = Q(object_kind="dossier", object_id=dossier.pk) | Q(
        object_kind="batch", object_id__in=batches
    )
    rows = AccessEvent.objects.filter(about).exclude(kind=AccessKind.LOG_VIEWED)
    return list(rows.select_related("officer").order_by("-id")[:limit])
