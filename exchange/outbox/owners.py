"""By which code a kind of owner is told, and what a code means that comes in: one table for both ways.

The published codes (1 citizen, 2 enterprise, 3 State agency, 4 other organisation; legal fact base
5.8) are finer than our kinds: 3 and 4 are one here. What a source said of an owner goes back to it as
it said it, while the owner is of that kind here; of whom it said nothing, the last of the kind's
codes goes, which says least. A source whose codes are others has them in its dated table
(`Mapping.owners`); a peer names by `door` whose table is its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dossiers.intake.portal_codes import NATIONAL_NAME
from dossiers.intake.said import said_of
from dossiers.models import Dossier, OnlineFiling
from dossiers.models.dossier import OwnerKind
from exchange.models import inbox
from exchange.outbox import messages
from exchange.outbox.peers import Peer
from exchange.outbox.port import Held

# The source's code, our kind; of a kind's codes the general one last.
Pairs = Sequence[tuple[str, int]]
PUBLISHED: Pairs = (
    ("1", OwnerKind.CITIZEN),
    ("2", OwnerKind.COMPANY),
    ("3", OwnerKind.ORGANISATION),
    ("4", OwnerKind.ORGANISATION),
)


def meanings(own: Pairs) -> dict[str, int]:
    """What the codes of a source mean; `own`: its table, empty where it uses the published codes."""
    return {code: int(kind) for code, kind in own or PUBLISHED}


@dataclass(frozen=True, slots=True)
class OwnerCodes:
    """A peer's table on a day, and what its source said of the owners of a round, by dossier."""

    pairs: Pairs = PUBLISHED
    said: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, peer: Peer, dossiers: Iterable[Dossier], on: date) -> OwnerCodes:
        """At most two queries: one where the peer names a door, one where an owner who filed on line
        is of a kind that has several codes.
        """
        pairs = _own(peer.door, on) if peer.door else PUBLISHED
        kinds = [kind for _, kind in pairs]
        several = {kind for kind in kinds if kinds.count(kind) > 1}
        ids = [one.pk for one in dossiers if one.owner_kind in several and hasattr(one, "online")]
        filings = OnlineFiling.objects.filter(dossier__in=ids)
        if peer.door:
            of_door = inbox.Door.objects.filter(name=peer.door).values("source")
            filings = filings.filter(source__in=of_door)
        else:
            filings = filings.filter(source__name=NATIONAL_NAME)
        said = {one.dossier_id: said_of(one).owner_code for one in filings if one.dossier_id}
        return cls(pairs, said)

    def code(self, dossier: Dossier) -> str:
        """Errors: Held where the table has none for this kind."""
        codes = [code for code, kind in self.pairs if kind == dossier.owner_kind]
        if not codes:
            raise Held(messages.no_owner_code(OwnerKind(dossier.owner_kind).label))
        said = self.said.get(dossier.pk)
        return said if said in codes else codes[-1]


def _own(door: str, on: date) -> Pairs:
    rows = inbox.Mapping.objects.filter(door__name=door, foreign="").order_by("valid_from", "pk")
    holding = [row.owners for row in rows if row.owners and row.holds_on(on)]
    return [(code, kind) for code, kind in holding[-1]] if holding else PUBLISHED
