"""What an applicant sent on line for the open request, as the page on which it is taken in shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossiers.models.sent import FILES, SentPapers, SentTakenBack, open_requests
from onestop.files.models import Attachment

if TYPE_CHECKING:
    from dossiers.desk.online import Beside
    from dossiers.models import Dossier

# What other apps know of it: files that are not here yet, the message it came by.
besides: list[Callable[[SentPapers], list[Beside]]] = []
# Ids of its files that came by another system: whoever sent them there takes them back there.
brought_by: list[Callable[[SentPapers], set[int]]] = []


@dataclass(frozen=True, slots=True)
class Shown:
    row: SentPapers
    files: list[Attachment]
    besides: list[Beside]

    @property
    def newest(self) -> int:
        """Of its files the one that came last."""
        return max((file.pk for file in self.files), default=0)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it has to be looked at elsewhere first."""
        return not any(one.is_odd for one in self.besides)


def shown(dossier: Dossier) -> Shown | None:
    """One query where nothing was sent."""
    row = SentPapers.objects.waiting().filter(supplement__dossier=dossier)
    found = row.select_related("source").first()
    if found is None:
        return None
    files = list(Attachment.objects.of(FILES, found.pk))
    return Shown(found, files, [one for tell in besides for one in tell(found)])


def own_of(shown: Shown) -> set[int]:
    """Ids of the files that were sent on our own page. One query."""
    brought = {pk for of in brought_by for pk in of(shown.row)}
    return {file.pk for file in shown.files} - brought


def taken_back(dossier: Dossier) -> list[SentTakenBack]:
    """What its sender took back of what was sent for the open request, in that order. One query."""
    rows = SentTakenBack.objects.filter(supplement__in=open_requests().filter(dossier=dossier))
    return list(rows)


def was_taken_back(dossier: Dossier, file: int) -> SentTakenBack | None:
    """A file that a page of this dossier still names. One query."""
    rows = SentTakenBack.objects.filter(file=file, supplement__dossier=dossier)
    return rows.first()
