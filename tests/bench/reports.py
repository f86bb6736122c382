"""Reports as files: what a cell of a PDF costs, and what memory a long list takes. Each is asked in
a process of its own, whose highest memory is that of the file.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from dossiers.models import Dossier
from onestop import pdf
from onestop.accounts.models import Agency
from reports import rendering
from reports.figures import Scope, table
from reports.form_data import form_on
from reports.periods import Period, free

MIB = 1024 * (1024 if sys.platform == "darwin" else 1)


def paper(code: str, rows: int) -> dict[str, Any]:
    """The PDF of a form: of a list the fullest agency's newest so many rows, else what the whole
    province has. Drawn on CPU time, which other work on the machine moves least.
    """
    now = timezone.now()
    form = form_on(code, timezone.localdate(now))
    counted = Dossier.objects.values("received_by_agency").annotate(n=Count("pk"))
    fullest = counted.order_by("-n", "received_by_agency")[0]["received_by_agency"]
    agency = Agency.objects.get(pk=fullest) if rows else _root()
    period = _last(rows, now, received_by_agency=agency) if rows else _year(now)
    found = table(form, Scope.for_form(form, agency), period, now)
    cells = sum(1 for _ in found.rows) * (len(found.columns) + 2)
    # As a worker is that also prints slips.
    pdf.warm()
    started = time.process_time()
    size = len(rendering.pdf(found))
    ms = (time.process_time() - started) * 1000
    return {"cells": cells, "ms_a_cell": ms / max(cells, 1), "mib": _most(), "size": size}


def workbook(rows: int) -> dict[str, Any]:
    """The workbook of a province with about so many dossiers on its second sheet."""
    now = timezone.now()
    form = form_on("II.06b", timezone.localdate(now))
    found = table(form, Scope.for_form(form, _root()), _last(rows, now), now)
    assert found.total is not None
    started = time.perf_counter()
    size = len(rendering.xlsx(found))
    seconds = time.perf_counter() - started
    return {"rows": found.total.values["3"], "mib": _most(), "seconds": seconds, "size": size}


def _root() -> Agency:
    return Agency.objects.filter(parent=None).order_by("pk")[0]


def _year(now: datetime) -> Period:
    today = timezone.localdate(now)
    return free(today - timedelta(days=365), today)


def _last(rows: int, now: datetime, **of: Any) -> Period:
    """From the day on which the newest so many dossiers begin."""
    newest = Dossier.objects.filter(**of).order_by("-received_at").values_list("received_at")
    first = newest[min(rows, newest.count()) - 1][0]
    return free(timezone.localdate(first), timezone.localdate(now))


def _most() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
