"""Why an act was done, for those who are told of it: the words that its row keeps, and where the promise
moved the old day and the new one.

What stood at the act is told, also where it was taken back since: told twice, a step is the same step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model

from dossiers.models import ClockChange, Ending, Result
from dossiers.models.apology import Apology
from dossiers.models.decision import ClockDecision
from exchange.outbox import messages

# The row that the event of an act names.
ROWS: Mapping[str, type[Model]] = {
    "stop": Ending,
    "withdraw": Ending,
    "apologise": Apology,
    "re_appoint": ClockChange,
    "move_by_calendar": ClockChange,
    "extend": ClockDecision,
    "exclude": ClockDecision,
    "prolong_exclusion": ClockDecision,
    "agree_time": ClockDecision,
}
FINISH = "finish"
Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Read once for all steps of a round."""

    rows: Mapping[type[Model], Mapping[int, Any]] = field(default_factory=dict)
    refusals: Mapping[int, Sequence[Result]] = field(default_factory=dict)

    @classmethod
    def of(cls, payloads: Iterable[Payload]) -> Reasons:
        """A query for each kind of row that is named, one where a dossier was finished."""
        named: dict[type[Model], set[int]] = defaultdict(set)
        finished: set[int] = set()
        for said in payloads:
            if said["kind"] in ROWS and said.get("row"):
                named[ROWS[said["kind"]]].add(said["row"])
            elif said["kind"] == FINISH:
                finished.add(said["dossier"])
        rows: dict[type[Model], Mapping[int, Any]] = {}
        for model, ids in named.items():
            found: Any = model._default_manager.all()
            rows[model] = (
                found.select_related("change") if model is ClockDecision else found
            ).in_bulk(ids)
        refusals: dict[int, list[Result]] = defaultdict(list)
        if finished:
            refused = Result.objects.filter(dossier__in=finished, kind=Result.Kind.REFUSED)
            for one in refused.order_by("id"):
                refusals[one.dossier_id].append(one)
        return cls(rows, refusals)

    def words(self, said: Payload) -> str:
        """ "" for what gives no reason."""
        if said["kind"] == FINISH:
            return self._refused(said)
        model = ROWS.get(said["kind"])
        # Other acts name rows too, of tables of their own with the same numbers.
        row = self.rows.get(model, {}).get(said.get("row") or 0) if model else None
        if row is None:
            return ""
        if isinstance(row, Ending):
            return messages.ended(row.reason, row.decision_number)
        if isinstance(row, Apology):
            return messages.apologised(row.reason, row.promised_at)
        change = row.change if isinstance(row, ClockDecision) else row
        reason = row.reason if isinstance(row, ClockDecision) else row.basis
        after = datetime.fromisoformat(said["due"]) if said["due"] else None
        return messages.moved(reason, change.due_before, after)

    def _refused(self, said: Payload) -> str:
        """Of the refusal that the dossier ended with then."""
        at = datetime.fromisoformat(said["at"])
        for one in self.refusals.get(said["dossier"], ()):
            gone = (one.undone_at, one.replaced_at)
            if one.recorded_at <= at and not any(day is not None and day <= at for day in gone):
                return one.reason
        return ""
