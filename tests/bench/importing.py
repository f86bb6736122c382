"""Dossiers of an earlier system, brought in from a file."""

import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from dossiers.importing.reading import open_source
from dossiers.importing.run import Order, administrator, import_dossiers
from onestop.accounts.models import Agency, AgencyKind
from procedures.models import Procedure

A_DAY = 500


def brought_in(rows: int, office: int) -> dict[str, Any]:
    """Import so many finished dossiers of one commune (the how-many-eth: `office`) in a process of
    its own: seconds, seconds of its CPU, most memory.
    """
    agency = Agency.objects.filter(
        kind=AgencyKind.PEOPLES_COMMITTEE, parent__isnull=False
    ).order_by("pk")[office]
    now = timezone.now()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ho-so.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = _lines(rows, agency.code)
            first = next(lines)
            writer = csv.DictWriter(file, [*first])
            writer.writeheader()
            writer.writerow(first)
            writer.writerows(lines)
        started, busy = time.perf_counter(), time.process_time()
        order = Order(open_source(path), now, confirmed_by=administrator("quantri", now))
        report = import_dossiers(order)
    assert report.new == rows, report.problems[:3]
    return {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - busy,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _lines(rows: int, agency: str) -> Iterator[dict[str, str]]:
    procedure = Procedure.objects.order_by("code").values_list("code", flat=True)[0]
    day, number = date(2025, 7, 1), 0
    for n in range(rows):
        if n % A_DAY == 0:
            number, day = 0, day + timedelta(days=1)
            while day.weekday() > 4:
                day += timedelta(days=1)
        number += 1
        at = f"{day}T{8 + number % 8:02}:{number % 60:02}+07:00"
        yield {
            "code": f"{agency}-{day:%y%m%d}-{number:04}",
            "agency": agency,
            "procedure": procedure,
            "channel": "truc-tiep",
            "owner": f"Nguyễn Văn Người thứ {n}",
            "identity": f"0200900{n:05}",
            "received_at": at,
            "due_at": f"{day + timedelta(days=7)}T17:00+07:00",
            "finished_at": f"{day}T16:30+07:00",
            "returned_at": f"{day}T16:45+07:00",
            "status": "10",
        }
