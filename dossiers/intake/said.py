"""What the exchange knows of a filing beyond what a portal's list has room for: kept with the filing as
plain data, read as one value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from onestop.instants import instant, moment

if TYPE_CHECKING:
    from dossiers.models import OnlineFiling

# Files that came with a filing, until they are a dossier's.
FILES = "filing"


@dataclass(frozen=True, slots=True)
class Added:
    """What was said with papers that came later."""

    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Said:
    """`papers`: how many of each published paper (by its id) came; None: nothing is known of them.
    `owner_code`: the source's own code of the kind of owner, which may be finer than ours.
    `counts_from`: from when its eight working hours run, where a policy says later than the filing;
    `handed_in_at`: when it was sent, where it counts as filed only since it was paid; `anew_at`: since
    when it counts, sent again after an answer. Of a partner office: who brought it for the owner by which authorisation, `follows`: its papers come by bag,
    a note, and `added`: the note of each completion, which takes nothing from the first.
    """

    owner_kind: int | None = None
    owner_code: str = ""
    identity_kind: int | None = None
    papers: dict[int, int] | None = field(default=None)
    summary: str = ""
    counts_from: datetime | None = None
    handed_in_at: datetime | None = None
    anew_at: datetime | None = None
    submitter: str = ""
    submitter_identity: str = ""
    submitter_phone: str = ""
    authorisation: str = ""
    follows: bool = False
    note: str = ""
    added: tuple[Added, ...] = ()

    def told(self) -> dict[str, Any]:
        """As it is kept; what is not known is not named."""
        found: dict[str, Any] = {
            "owner_kind": self.owner_kind,
            "owner_code": self.owner_code or None,
            "identity_kind": self.identity_kind,
            "summary": self.summary or None,
            "counts_from": instant(self.counts_from) if self.counts_from else None,
            "handed_in_at": instant(self.handed_in_at) if self.handed_in_at else None,
            "anew_at": instant(self.anew_at) if self.anew_at else None,
        }
        found |= {name: getattr(self, name) or None for name in _OF_PARTNERS}
        if self.added:
            found["added"] = [{"at": instant(one.at), "note": one.note} for one in self.added]
        if self.papers is not None:
            found["papers"] = {str(pk): count for pk, count in sorted(self.papers.items())}
        return {name: value for name, value in found.items() if value is not None}


_WORDS = ("submitter", "submitter_identity", "submitter_phone", "authorisation", "note")
_OF_PARTNERS = (*_WORDS, "follows")
_NOTES = frozenset({"authorisation", "note", "added"})
NOTHING = Said()


def noted(filing: OnlineFiling) -> dict[str, Any]:
    """What was noted with it, and by which paper it was brought, as it is kept: new content that says
    nothing of them takes none of them away.
    """
    return {name: value for name, value in (filing.said or {}).items() if name in _NOTES}


def _at(told: dict[str, Any]) -> datetime:
    at = moment(told["at"])
    assert at is not None
    return at


def said_of(filing: OnlineFiling) -> Said:
    told = filing.said or {}
    papers = told.get("papers")
    return Said(
        owner_kind=told.get("owner_kind"),
        owner_code=told.get("owner_code", ""),
        identity_kind=told.get("identity_kind"),
        papers={int(pk): count for pk, count in papers.items()} if papers is not None else None,
        summary=told.get("summary", ""),
        counts_from=moment(told.get("counts_from")),
        handed_in_at=moment(told.get("handed_in_at")),
        anew_at=moment(told.get("anew_at")),
        follows=bool(told.get("follows")),
        added=tuple(Added(_at(one), one["note"]) for one in told.get("added", ())),
        **{name: told.get(name, "") for name in _WORDS},
    )
