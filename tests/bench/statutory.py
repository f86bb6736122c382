"""The figures of a statutory form against the best bare aggregate over plain stored columns, asked
in turn.
"""

import time
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onestop.accounts.models import Agency
from reports.figures import Scope, statement
from reports.form_data import form_on
from reports.periods import Kind, of_year
from tests.bench.timing import undisturbed

ROUNDS = 15
# The columns of II.06a from the dossiers as they stand today: no cut, nothing taken back, waits
# late by their promise. Once reading every dossier, once by the indexes of what has ended and of
# what is open: the quicker one is what ours is held to.
_COLUMNS = """
       COUNT(*) FILTER (WHERE received_at >= %(start)s AND channel IN (2, 4)),
       COUNT(*) FILTER (WHERE received_at >= %(start)s AND channel IN (1, 3)),
       COUNT(*) FILTER (WHERE received_at < %(start)s),
       COUNT(*) FILTER (WHERE ended_at < %(end)s AND verdict = 1),
       COUNT(*) FILTER (WHERE ended_at < %(end)s AND verdict = 2),
       COUNT(*) FILTER (WHERE ended_at < %(end)s AND verdict = 3),
       COUNT(*) FILTER (WHERE (ended_at IS NULL OR ended_at >= %(end)s) AND legal_due_at >= %(end)s),
       COUNT(*) FILTER (WHERE (ended_at IS NULL OR ended_at >= %(end)s) AND legal_due_at < %(end)s)"""
_OURS = """received_at < %(end)s
       AND agency_id IN (SELECT id FROM accounts_agency WHERE path LIKE %(path)s)"""
_READ = (
    "SELECT field_id, received_at, channel, ended_at, verdict, legal_due_at FROM dossiers_dossier"
)
WHOLE = f"""SELECT field_id, {_COLUMNS} FROM dossiers_dossier
             WHERE {_OURS} AND (ended_at IS NULL OR ended_at >= %(start)s) GROUP BY field_id"""
SPLIT = f"""SELECT field_id, {_COLUMNS} FROM (
              {_READ} WHERE {_OURS} AND ended_at >= %(start)s
              UNION ALL
              {_READ} WHERE {_OURS} AND ended_at IS NULL) standing GROUP BY field_id"""


def quarter() -> dict[str, Any]:
    """The last whole quarter of a whole province: milliseconds, ratio, statements of the last round."""
    now = timezone.now()
    today = timezone.localdate(now)
    ended = [
        period
        for year in (today.year - 1, today.year)
        for number in range(1, 5)
        if (period := of_year(year, Kind.QUARTER, number)).end <= now
    ]
    period = ended[-1]
    root = Agency.objects.filter(parent=None).order_by("pk")[0]
    form = form_on("II.06a", period.last)
    names = [one.measure for one in form.columns_of()]
    bare: dict[str, Any] = {"start": period.start, "end": period.end, "path": f"{root.path}%"}
    taken: dict[str, list[float]] = {"ours": [], "whole": [], "split": []}
    statements = 0
    for _ in range(ROUNDS):
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            scope = Scope.of(root, whole=True)
            list(statement.counts(names, ("field_id",), scope, period, now))
        taken["ours"].append(time.perf_counter() - started)
        statements = len(asked)
        for name, sql in (("whole", WHOLE), ("split", SPLIT)):
            started = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute(sql, bare)
                cursor.fetchall()
            taken[name].append(time.perf_counter() - started)
    took = {name: undisturbed(times) for name, times in taken.items()}
    best = min(took["whole"], took["split"])
    return {"ms": took["ours"] * 1000, "ratio": took["ours"] / best, "statements": statements}
