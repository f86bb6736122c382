"""A request for completion of many dossiers in the same words (R-44, R-50)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dossiers.forms.acts import AskForm
from dossiers.intake.wanted import published
from dossiers.models import Dossier
from onestop.accounts.models import Officer


class ManyAsksForm(AskForm):
    """Published papers are offered where all are of one case: what one procedure asks for, another
    does not. A later or late request needs its approver and is made of one by one.
    """

    def __init__(
        self, data: Any = None, *, dossiers: Sequence[Dossier], now: datetime, **kwargs: Any
    ) -> None:
        cases = {dossier.case_id for dossier in dossiers}
        papers = published(cases.pop()) if len(cases) == 1 else []
        none = Officer.objects.none()
        super().__init__(
            data, papers=papers, approvers=none, needs_approver=False, needs_basis=False, **kwargs
        )

    @property
    def told(self) -> dict[str, Any]:
        until = self.respond_at
        return {
            "items": [[one.what, one.text, one.paper_id] for one in self.wanted],
            "reason": self.cleaned_data["reason"],
            "legal_basis": self.cleaned_data["legal_basis"],
            "respond_by": until.isoformat() if until else "",
        }
