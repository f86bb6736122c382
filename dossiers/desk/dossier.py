"""One dossier with everything its page shows, in few statements: the row, its short lists, then
hand-overs, events, slips.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Aggregate,
    DateField,
    DateTimeField,
    Exists,
    JSONField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONObject

from dossiers import registry
from dossiers.desk import held_elsewhere, signed
from dossiers.ledger.tables import FILES, tables
from dossiers.models import Batch, ClockKind, Dossier, DossierPaper, Slip, words_of
from dossiers.models.consulting import Consultation
from dossiers.models.helping import OnlineHelp
from dossiers.models.querysets import reach_of
from dossiers.models.scanning import pages_by_file
from dossiers.models.sent import FILES as SENT
from dossiers.models.sent import SentPapers
from dossiers.registry import Asks, Rows
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.fields import InUsualOrder
from onestop.files.models import Attachment
from onestop.speed import Prepared

if TYPE_CHECKING:
    from dossiers.desk.online import Beside
    from dossiers.models.querysets import DossierQuerySet
    from onestop.accounts.desk import Desk


class JsonList(Aggregate):
    """The rows of a group as one JSON list: json_group_array on SQLite, jsonb_agg on PostgreSQL."""

    function = "JSONB_AGG"
    output_field = JSONField()
    template = "%(function)s(%(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)


def rows_as_json(rows: QuerySet[Any], link: str, *names: str, outer: str = "pk") -> Subquery:
    """A scalar subquery: the rows whose `link` is the outer dossier, or what it has in `outer`, as a
    list of objects with these columns.
    """
    wanted = {name.replace("__", "_"): name for name in names}
    # The code of a dossier is kept in the order of bytes, those of other tables are not.
    there = InUsualOrder(OuterRef(outer)) if outer == "code" else OuterRef(outer)
    found = (
        rows.filter(**{link: there})
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


def _with_names(rows: DossierQuerySet[Dossier], *more: str) -> DossierQuerySet[Dossier]:
    joined = (
        "agency",
        "received_by_agency",
        "version__procedure",
        "case",
        "holder",
        "holder_department",
        "pending_department",
        *more,
    )
    return rows.select_related(*joined).defer("version__search_text", "secret", "salt")


_for_acts = Prepared(
    "acts",
    lambda code, *reach: _with_names(Dossier.objects.order_by().within(*reach).filter(code=code)),
)


def for_acts(desk: Desk, code: str) -> Dossier | None:
    """What a page of an act shows of it, if the officer may open it: one query."""
    reach = reach_of(desk)
    return next(iter(_for_acts(code, *reach)), None) if reach is not None else None


@dataclass(frozen=True, slots=True)
class Parts:
    """The short lists of a dossier, oldest first, as dictionaries with instants as datetimes:
    papers, files, the help at the counter to file it on line, and the rows that acts are told by, by
    table (registry.Rows). `elsewhere`: what other systems hold of it.
    """

    papers: list[dict[str, Any]]
    files: list[dict[str, Any]]
    helps: list[dict[str, Any]]
    told: dict[str, list[dict[str, Any]]]
    elsewhere: list[Beside]

    def standing(self, table: str) -> list[dict[str, Any]]:
        """Those of a table that count: not taken back (models/undone.py)."""
        return [row for row in self.told[table] if row["undone_at"] is None]

    @property
    def result(self) -> dict[str, Any] | None:
        """The result that counts."""
        return next((r for r in self.standing("results") if r["replaced_at"] is None), None)

    @property
    def lacks_signature(self) -> bool:
        """Whether the result stands as a signed electronic one, and none of its files bears a signature
        that leaves its content whole: the look-up gives none of them.
        """
        result = self.result
        return (
            result is not None
            and result["electronic"]
            and not any(
                file["kind"] == signed.KIND
                and file["signature"] in signed.WHOLE
                and file["uploaded_at"] >= result["recorded_at"]
                for file in self.files
            )
        )

    @property
    def given_back(self) -> dict[str, Any] | None:
        """Who took the result, the last time."""
        return next(reversed(self.standing("returns")), None)

    @property
    def to_deliver(self) -> bool:
        """Whether a corrected result waits to be brought to whoever has the wrong one."""
        rows = self.standing("corrections")
        return any(row["must_deliver"] and not row["delivered_at"] for row in rows)

    @property
    def proposal(self) -> dict[str, Any] | None:
        """The completion a handler has proposed and the counter has not asked for."""
        return next((s for s in self.standing("supplements") if s["issued_at"] is None), None)

    @property
    def scanned_pages(self) -> dict[int, int]:
        """How many pages each file has that was scanned after the reception, by its id: of those that
        came before the files themselves said it.
        """
        return {
            file: pages
            for row in self.standing("scannings")
            for file, pages in pages_by_file(row["pages"]).items()
        }

    @property
    def is_reappointed(self) -> bool:
        return any(c["kind"] == ClockKind.REAPPOINT for c in self.standing("changes"))

    def asked(self, state: int) -> tuple[Asks, dict[str, Any]] | None:
        """What the applicant was asked for and is waited for in this state, with its row."""
        for asks in registry.asked_in(state):
            for row in self.told[asks.rows.table]:
                if asks.is_open(row):
                    return asks, row
        return None


def _build_whole(code: str, *reach: Any) -> DossierQuerySet[Dossier]:
    joined = (
        "pending_officer",
        "received_by",
        "field",
        "submitter",
        "online__source",
        "elsewhere__outage",
        "envelope__envelope",
    )
    return _with_names(Dossier.objects.order_by().within(*reach).filter(code=code), *joined)


_whole = Prepared("dossier", _build_whole)


def whole_dossier(desk: Desk, code: str) -> Dossier | None:
    """The dossier with the names its page shows; one query."""
    reach = reach_of(desk)
    return next(iter(_whole(code, *reach)), None) if reach is not None else None


_PAPERS = (
    "id",
    "paper__name",
    "originals",
    "certified",
    "copies",
    "from_database",
    "originals_returned",
    "stored_file_id",
    "stored__title",
    "stored__number",
    "stored__replaced_at",
)
_FILES = (
    "id", "kind", "name", "size", "content_type", "uploaded_at", "pages", "signature", "signed_by",
)  # fmt: skip


_HELPS = ("id", "at", "agency_id", "agency__name", "officer__full_name")


def _told() -> tuple[Rows, ...]:
    return tuple(registry.told_rows().values())


def _build(dossier_id: int) -> QuerySet[Dossier, Any]:
    """The short lists of one dossier, a column each: papers, files, help, what other systems hold,
    then the rows that are told.
    """
    attached = Attachment.objects.filter(kind__in=FILES)
    helped = OnlineHelp.objects.with_code()
    found = {
        "papers": rows_as_json(DossierPaper.objects.brought(), "dossier", *_PAPERS),
        "files": rows_as_json(attached, "object_id", *_FILES),
        # Its code is the portal's, of which one help counts (S1).
        "helps": rows_as_json(helped, "source_code", *_HELPS, outer="code"),
    }
    for n, one in enumerate(held_elsewhere.in_use()):
        found[f"held_{n}"] = rows_as_json(one.rows(), one.link, *one.columns, outer=one.outer)
    known = tables()
    for rows in _told():
        every: Any = known[rows.table].model._default_manager.all()
        found[rows.table] = rows_as_json(every, "dossier", "id", "undone_at", *rows.columns)
    columns = {f"json_{name}": one for name, one in found.items()}
    one_dossier = Dossier.objects.order_by().filter(pk=dossier_id)
    return one_dossier.annotate(**columns).values_list(*columns)


_short_lists = Prepared("dossier", _build, of=lambda: (_told(), held_elsewhere.depends_on()))


def parts_of(dossier: Dossier) -> Parts:
    """Its papers, its files and the rows that acts are told by; one query."""
    ((papers, files, helps, *rest),) = _short_lists(dossier.pk)
    held = held_elsewhere.in_use()
    others, rest = rest[: len(held)], rest[len(held) :]
    known = tables()
    return Parts(
        read_rows(papers, DossierPaper),
        read_rows(files, Attachment),
        read_rows(helps, OnlineHelp),
        {
            table: read_rows(rows, known[table].model)
            for table, rows in zip(registry.told_rows(), rest, strict=True)
        },
        [
            said
            for one, rows in zip(held, others, strict=True)
            for said in one.tell(dossier, read_rows(rows, one.model))
        ],
    )


def read_rows(value: Any, model: type[Model]) -> list[dict[str, Any]]:
    """Rows of a model from their JSON, in the order of their ids where they have them: instants and
    days as such, the lines of a request as people read them (`entries`).
    """
    rows = json.loads(value) if isinstance(value, str) else value or []
    readers = _readers(model)
    for row in rows:
        for name in row.keys() & readers.keys():
            row[name] = readers[name](row[name])
        if "items" in row:
            row["entries"] = texts(row.pop("items"))
    return sorted(rows, key=lambda row: row["id"])


@cache
def _readers(model: type[Model]) -> dict[str, Callable[[Any], Any]]:
    """How to read the columns of a model that JSON writes as text."""
    found: dict[str, Callable[[Any], Any]] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, DateTimeField):
            found[field.attname] = instant
        elif isinstance(field, DateField):
            found[field.attname] = day
    for beside in model._meta.related_objects:
        # Of a row that has one beside it, under the name of that and its own.
        if beside.one_to_one and beside.related_name:
            more = _readers(beside.related_model)
            found |= {f"{beside.related_name}_{name}": read for name, read in more.items()}
    return found


_slips = Prepared(
    "dossier",
    lambda dossier_id: (
        Slip.objects.filter(dossier_id=dossier_id)
        .only("slug", "year", "number", "made_at", "undone_at", "dossier_id")
        .order_by("-pk")
    ),
)


def slips_of(dossier: Dossier) -> list[Slip]:
    """The slips made, newest first, without their snapshots; one query."""
    return _slips(dossier.pk)


def attachment_of(dossier: Dossier, pk: int) -> Attachment | None:
    """A file of this dossier, of the result that a paper of it was taken from, or one that was sent for a
    request of it; none of another.
    """
    linked = DossierPaper.objects.filter(dossier=dossier, stored_file=OuterRef("pk"))
    sent = SentPapers.objects.filter(supplement__dossier=dossier).values("pk")
    mine = Q(kind__in=FILES, object_id=dossier.pk) | Q(Exists(linked))
    mine |= Q(kind=SENT, object_id__in=sent)
    return Attachment.objects.filter(mine, pk=pk).first()


def access_lines(dossier: Dossier, *, limit: int = 100) -> list[AccessEvent]:
    """Who looked at the dossier, at a hand-over list that names it or at what was asked of it, newest
    first (R-144); two queries.
    """
    lists = Batch.objects.filter(hand_overs__dossier=dossier).distinct()
    serials = {batch.pk: batch.serial for batch in lists}
    asked = Consultation.objects.filter(dossier=dossier).values("pk")
    about = (
        Q(object_kind="dossier", object_id=dossier.pk)
        | Q(object_kind="batch", object_id__in=list(serials))
        | Q(object_kind="consultation", object_id__in=asked)
    )
    rows = AccessEvent.objects.filter(about).exclude(kind=AccessKind.LOG_VIEWED)
    found = list(rows.select_related("officer").order_by("-id")[:limit])
    for row in found:
        if row.object_kind == "batch":
            row.serial = serials[row.object_id or 0]  # type: ignore[attr-defined]
    return found
