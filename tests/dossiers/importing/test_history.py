"""The sample of history: its figures, from the file and from what was imported of it (R-76, R-106)."""

from __future__ import annotations

import pytest

from dossiers.importing.reading import open_source
from dossiers.importing.run import Order, administrator, import_dossiers
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Span
from procedures.models import Field, ProcedureVersion
from tests.clock import MONDAY
from tests.dossiers.importing import naive

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ONLINE, DIRECT_OR_POST = (2, 4), (1, 3)


def field_of(code: str) -> str:
    return ProcedureVersion.objects.select_related("field").get(procedure__code=code).field.name


def of_spans(agency: str, period: str) -> naive.Figures:
    """The same table from the intervals, for a cut of today."""
    first, after = naive.bounds(period)
    names = dict(Field.objects.values_list("pk", "name"))
    found: naive.Figures = {}
    standing: dict[int, Span] = {}
    for span in Span.objects.filter(agency__code=agency, gone_known=None).order_by("id"):
        if span.from_at < after and (span.to_at is None or span.to_at >= after):
            standing[span.dossier_id] = span
    for span in standing.values():
        if span.ended_at is not None and span.ended_at < first:
            continue
        row = found.setdefault(names[span.field_id], dict.fromkeys(naive.COLUMNS, 0))
        came = "6" if span.received_at < first else "4" if span.channel in ONLINE else "5"
        for column in ("3", came, *_where(span, after)):
            row[column] += 1
    return found


def _where(span: Span, after: object) -> tuple[str, str]:
    if span.group != Span.Group.ENDED:
        late = span.late_from is not None and span.late_from < after  # type: ignore[operator]
        return "11", "13" if late else "12"
    if span.verdict == 3:
        return "7", "10"
    plain = span.how in (Span.How.FINISHED, Span.How.REFUSED)
    return "7", "8" if span.verdict == 1 and plain else "9"


def test_the_sample_gives_its_figures(province: None) -> None:
    rows = naive.sample()
    fields: dict[str, str] = {}
    for row in rows:
        fields.setdefault(row["procedure"], field_of(row["procedure"]))
    for key, wanted in naive.expected().items():
        agency, period = key.split(" ")
        assert naive.figures(rows, agency, period, fields.__getitem__) == wanted["rows"], key

    order = Order(open_source(naive.SAMPLE), MONDAY, confirmed_by=administrator("quantri", MONDAY))
    report = import_dossiers(order)
    assert report.counts | {"refused": 0} == {
        "rows": 1500, "new": 1500, "unchanged": 0, "different": 0, "refused": 0
    }  # fmt: skip
    assert verify(now=MONDAY).misfit is None
    assert Dossier.objects.count() == 1500
    for key, wanted in naive.expected().items():
        agency, period = key.split(" ")
        assert of_spans(agency, period) == wanted["rows"], key

    again = import_dossiers(order)
    assert (again.new, again.unchanged, again.different, again.refused) == (0, 1500, 0, 0)
    assert Dossier.objects.count() == 1500
