"""The published lists: what an agency receives today, search among many procedures, a notice board as
PDF. What is written for it is undone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dossiers.models import Dossier
from onestop import pdf
from onestop.accounts.models import Agency, Officer
from procedures.domain import drawing
from procedures.domain.notices import board
from procedures.listed import counter_kind, listed
from procedures.models import (
    Case,
    ListDecision,
    ListLine,
    Method,
    Paper,
    Procedure,
    ProcedureVersion,
)
from procedures.queries import search_procedures
from procedures.searching import initials, search_text
from tests.bench.timing import busy, in_pairs, undisturbed

ROUNDS = 60
TYPED = ("khai sinh", "dang ky ket hon", "chung thuc", "giay phep xay dung", "so do", "khai")


def lists() -> dict[str, Any]:
    """What a list of all procedures says of the one at hand, as pages ask it, against R."""
    with _undone():
        agency, today = _counter(), timezone.localdate()
        _publish(agency, today)
        with CaptureQueriesContext(connection) as seen:
            assert listed(agency, today).received is not None
        wanted = Procedure.objects.order_by("pk")[0].pk
        one = _times(lambda: listed(agency, today, [wanted]))
        client, row = Client(headers={"host": "127.0.0.1"}), Dossier.objects.order_by("pk")[0].pk
        assert client.get(f"/do/r/{row}/").status_code == 200
        bare = _times(lambda: client.get(f"/do/r/{row}/"))
        return {"queries": len(seen), "ratio": in_pairs(one, bare), "ms": undisturbed(one) * 1000}


def searching(few: int, many: int) -> dict[str, Any]:
    """The counter's search among so many and so many published procedures, in CPU with the
    database's; what is typed fits as many of them.
    """
    today = timezone.localdate()

    def search() -> None:
        for typed in TYPED:
            search_procedures(typed, on=today, limit=12)

    with _undone():
        _fill(few)
        before = _times(search)
        _fill(many)
        after = _times(search)
        # Both kinds of days in one run: the quicker half of each.
        ms = [undisturbed(times) * 1000 / len(TYPED) for times in (before, after)]
        return {"few_ms": ms[0], "many_ms": ms[1], "ratio": ms[1] / ms[0]}


def notice(procedures: int) -> dict[str, Any]:
    """A whole board as PDF, as a worker draws it."""
    pdf.warm()
    with _undone():
        _fill(procedures)
        agency = _counter()
        started = busy()
        found = board(agency, timezone.localdate())
        size = len(drawing.sheets(found, "a4", at=timezone.now()))
        return {"seconds": busy() - started, "size": size, "entries": len(found.entries)}


class _undone:
    """All that is written inside is taken back."""

    def __enter__(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, *about: Any) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


def _times(work: Callable[[], Any]) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        started = busy()
        work()
        times.append(busy() - started)
    return times


def _counter() -> Agency:
    return Agency.objects.filter(is_one_stop=True).order_by("pk")[0]


def _publish(agency: Agency, on: date) -> None:
    """A decision in force that lists every procedure, written as it stands once it is published."""
    by, at = Officer.objects.order_by("pk")[0], timezone.now()
    top = Agency.objects.get(pk=agency.lineage[0])
    decision = ListDecision.objects.create(
        agency=top, number="1/QĐ", about="a", signer="b", signed_on=on, effective_from=on, stage=3,
        drafted_at=at, drafted_by=by, checked_at=at, checked_by=by, published_at=at, published_by=by, no_file_reason="bản giấy",
    )  # fmt: skip
    ListLine.objects.bulk_create(
        ListLine(decision=decision, procedure=one, counter=counter_kind(agency), effective_from=on)
        for one in Procedure.objects.all()
    )
    agency.has_lists = True
    _analyze()


def _fill(number: int) -> None:
    """Published procedures up to so many, each as long as those of the catalogue, of other words."""
    there = list(
        ProcedureVersion.objects.in_force(timezone.localdate()).select_related("procedure", "field")
    )
    for count in range(len(there), number):
        like = there[count % len(there)]
        code = f"3.{900000 + count}"
        name = " ".join(f"{word[:1]}{count}{word[1:]}" for word in like.name.split())[:1500]
        version = ProcedureVersion.objects.create(
            procedure=Procedure.objects.create(code=code), number=1, name=name, field=like.field,
            levels=like.levels, effective_from=timezone.localdate() - timedelta(hours=24), status=2,
            content_hash="0" * 64, search_text=search_text(code, name, like.field.name),
            initials=initials(name),
        )  # fmt: skip
        _parts(like, version)
    _analyze()


def _analyze() -> None:
    """What PostgreSQL does by itself some time after so many rows came."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _parts(like: ProcedureVersion, version: ProcedureVersion) -> None:
    for case in like.cases.prefetch_related("methods", "papers"):
        methods, papers = list(case.methods.all()), list(case.papers.all())
        made = Case.objects.create(version=version, order=case.order, name=case.name)
        for rows, model in ((methods, Method), (papers, Paper)):
            for row in rows:
                row.pk, row.case = None, made
            model._default_manager.bulk_create(rows)
