"""Giving a mixed selection: one batch, and one list to sign, for each place it lies at and each
receiver (R-66).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from dossiers.acts.handovers import NextStep, hand_over_many
from dossiers.acts.many import Done, Seen, refused
from onestop.errors import DomainError

if TYPE_CHECKING:
    from dossiers.models import Batch
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Department, Officer


@dataclass(slots=True)
class Part:
    """What goes from one place to one receiver; after the act with its batch and what became of
    each.
    """

    to: Department
    receiver: Officer | None
    given: list[Seen] = field(default_factory=list)
    batch: Batch | None = None
    done: list[Done] = field(default_factory=list)

    @property
    def where(self) -> str:
        return self.receiver.full_name if self.receiver else self.to.name


def give_parts(
    parts: Sequence[Part],
    *,
    step: NextStep | None,
    by: Desk,
    at: datetime,
    note: str = "",
    press: UUID | None = None,
) -> None:
    """Give each part as a batch of its own. Effects as hand_over_many; a receiver that does not fit
    refuses its part alone.

    Errors: DomainError of the receiver where there is but one part, before anything is written.
    """
    for part in parts:
        try:
            part.batch, part.done = hand_over_many(
                part.given,
                to=part.to,
                receiver=part.receiver,
                step=step,
                by=by,
                at=at,
                note=note,
                press=press,
            )
        except DomainError as error:
            if len(parts) == 1:
                raise
            part.done = [refused(seen.dossier_id, error) for seen in part.given]
