"""Lines proposed from national records: where a procedure is carried out, by whom and which ways are
open, as its record says. A proposal stands in a draft; a person looks at it, another one checks it.
"""

from __future__ import annotations

from collections.abc import Iterable

from onestop.folding import fold
from procedures.channels import Channel
from procedures.domain.lists import LineIn
from procedures.models import CounterKind, Method, OnlineLevel, ProcedureVersion

_LEVELS = (("tinh", CounterKind.PROVINCE), ("xa", CounterKind.COMMUNE))


def from_records(version_ids: Iterable[int]) -> list[LineIn]:
    """One line a procedure and kind of counter. Two queries."""
    versions = ProcedureVersion.objects.filter(pk__in=list(version_ids))
    found = list(versions.select_related("procedure").order_by("procedure__code"))
    online = set(
        Method.objects.filter(case__version__in=found, channel=Channel.ONLINE_FULL).values_list(
            "case__version_id", flat=True
        )
    )
    return [
        LineIn(
            version.code,
            counter,
            online=OnlineLevel.WHOLE if version.pk in online else OnlineLevel.NONE,
            by_post=version.post_allowed,
            handled_by=version.agency_executing[:300],
            coordinated_by=version.agency_coordinating[:300],
            decided_by=version.agency_authority[:300],
        )
        for version in found
        for counter in _counters(version.levels)
    ]


def _counters(levels: str) -> list[CounterKind]:
    """By the levels that the record names; one that names none is received at the province's."""
    words = fold(levels).split()
    return [counter for word, counter in _LEVELS if word in words] or [CounterKind.PROVINCE]
