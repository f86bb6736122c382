"""What the published lists said on a day, as far as it was published by a moment: for figures that
must come out the same whenever they are counted again. What a counter receives today asks
`procedures.listed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from procedures.domain.lists import Stage, rank
from procedures.models import Kind, ListDecision, ListLine


@dataclass(frozen=True, slots=True)
class Spoken:
    """The last word on one procedure at one kind of counter. Abolished: not received there, yet the
    counter receives only what is listed (procedures.listed).
    """

    decision_id: int
    procedure_id: int
    counter: int
    at_counter: bool
    is_abolished: bool = False


def spoken(on: date, cut: datetime) -> dict[int, list[Spoken]]:
    """By agency that publishes, what its decisions published by `cut` say on a day; an agency
    without such a decision is not there. Two statements.
    """
    decisions = ListDecision.objects.filter(
        stage=Stage.PUBLISHED, published_at__lte=cut, effective_from__lte=on
    )
    told = {one.pk: one for one in sorted(decisions, key=rank)}
    if not told:
        return {}
    places = {pk: number for number, pk in enumerate(told)}
    last: dict[tuple[int, int, int], tuple[int, int, bool]] = {}
    lines = ListLine.objects.filter(decision__in=told).order_by()
    columns = ("decision_id", "procedure_id", "counter", "kind", "at_counter")
    for decision, procedure, counter, kind, at_counter in lines.values_list(*columns):
        key = (told[decision].agency_id, procedure, counter)
        if key not in last or places[last[key][0]] < places[decision]:
            last[key] = (decision, kind, at_counter)
    found: dict[int, list[Spoken]] = {one.agency_id: [] for one in told.values()}
    for (agency, procedure, counter), (decision, kind, at_counter) in last.items():
        gone = kind == Kind.ABOLISHED
        found[agency].append(Spoken(decision, procedure, counter, at_counter, gone))
    return {agency: sorted(rows, key=_order) for agency, rows in found.items()}


_order = attrgetter("procedure_id", "counter")
