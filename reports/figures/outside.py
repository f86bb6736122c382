"""What an office has to do with before, or instead of, a dossier: filings of a portal that wait to be
received, refusals to receive; and dossiers for which a receipt was given, once however many there were
(legal basis: the ten operational groups); how often a clerk helped to file on line (S1). Counted by office.

A filing waits at the period's end where it was filed by then, stands in a list that was uploaded by
the cut, and was not answered by then as far as the cut knows; an upload that was taken back is like
none. What a filing says is read as it stands today: a list that was uploaded later may have changed
its instants, also for an old cut.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from dossiers.intake.online import CHANNELS
from dossiers.models import CounterVisit
from dossiers.models.online import OnlineFiling
from reports.figures import statement
from reports.figures.measures import OUTSIDE
from reports.figures.scope import Scope
from reports.figures.statement import Rows
from reports.periods import Period

# By office, each of OUTSIDE.
Outside = Mapping[int, Mapping[str, int]]

_RECALLED = OnlineFiling.State.RECALLED.value
_REFUSED = CounterVisit.Kind.REFUSE.value
_WAITS = OnlineFiling.State.WAITING.value
# Who acts for an office is asked at the end of the period for what waits, at its own instant else.
# The branches follow the partial indexes of the filings. `what`: the place in OUTSIDE, from 1.
# What partner offices hand in is never counted as filed online.
_ONLINE = ", ".join(str(int(one)) for one in sorted(CHANNELS))
_FILED = f"""SELECT f.agency_id, %(last)s AS ended_at, f.id AS counted,
            CASE WHEN f.accept_by < %(end)s AND f.accept_by <= %(cut)s THEN 2 ELSE 1 END AS what
       FROM dossiers_onlinefiling f LEFT JOIN dossiers_onlinelist l ON l.id = f.listed_in_id
      WHERE f.channel IN ({_ONLINE}) AND f.filed_at < %(end)s AND f.filed_at <= %(cut)s
        AND COALESCE(l.at, f.arrived_at) <= %(cut)s"""
_SOURCE = f"""(
     {_FILED} AND f.state = {_WAITS}
     UNION ALL
     {_FILED} AND f.state <> {_WAITS} AND f.ended_at >= %(reach)s
        AND (f.ended_at > %(cut)s OR (f.ended_at >= %(end)s AND f.state <> {_RECALLED}))
     UNION ALL
     SELECT v.agency_id, v.at AS ended_at, v.id AS counted, 3 AS what FROM dossiers_countervisit v
      WHERE v.kind = {_REFUSED} AND v.at >= %(start)s AND v.at < %(end)s AND v.at <= %(cut)s
     UNION ALL
     SELECT r.agency_id, r.taken_at AS ended_at, r.dossier_id AS counted, 4 AS what
       FROM dossiers_feereceipt r
      WHERE r.taken_at >= %(start)s AND r.taken_at < %(end)s AND r.taken_at <= %(cut)s
        AND (r.undone_recorded_at IS NULL OR r.undone_recorded_at > %(cut)s)
     UNION ALL
     SELECT h.agency_id, h.at AS ended_at, h.id AS counted, 5 AS what FROM dossiers_onlinehelp h
      WHERE h.at >= %(start)s AND h.at < %(end)s AND h.at <= %(cut)s
        AND (h.undone_at IS NULL OR h.undone_at > %(cut)s)) s"""


def count(scope: Scope, period: Period, cut: datetime) -> Outside:
    """Of the offices of a scope. One statement."""
    return _counted(statement.rows_of(scope), statement.values_of(scope, period, cut))


def count_of(offices: Sequence[int], period: Period, cut: datetime) -> Outside:
    """The same of offices that took over from nobody. One statement."""
    return _counted(statement.rows_in(offices), statement.instants_of(period, cut))


def within(found: Outside, offices: Collection[int]) -> Outside:
    return {pk: figures for pk, figures in found.items() if pk in offices}


def _counted(rows: Rows, values: dict[str, object]) -> Outside:
    told = ", ".join(
        f"COUNT(DISTINCT CASE WHEN s.what = {number} THEN s.counted END)"
        for number in range(1, len(OUTSIDE) + 1)
    )
    sql = f"""SELECT {rows.agency} AS office, {told} FROM {_SOURCE}{rows.join}
               WHERE {rows.mine} GROUP BY {rows.agency}"""
    return {
        office: dict(zip(OUTSIDE, figures, strict=True))
        for office, *figures in statement.all_of(sql, rows, values)
    }
