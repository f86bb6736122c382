"""To whom of a room many of its dossiers go (phân công)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from dossiers.desk.handover import places
from dossiers.forms.fields import short_field
from dossiers.forms.pressing import ForMany
from dossiers.models import Dossier
from onestop.layout import laid


class AssignForm(ForMany):
    """Those who handle in the rooms where the chosen dossiers lie, room by room where there are
    several: what lies in another room is refused by itself.
    """

    sometimes = frozenset({"note"})

    to = forms.ChoiceField(
        label="Phân công cho", error_messages={"required": "Hãy chọn người được phân công."}
    )
    note = short_field("Ghi chú", limit=300, help_text="In trên phiếu kiểm soát.")

    helper = laid("to", "note")

    def __init__(
        self, data: Any = None, *, dossiers: Sequence[Dossier], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, dossiers=dossiers, now=now, **kwargs)
        rooms = {one.holder_department_id for one in dossiers}
        agencies = {one.holder_department.agency_id for one in dossiers if one.holder_department}
        found = places(agencies, timezone.localdate(now))
        groups = [
            (room.name, [(f"{room.pk}-{one.pk}", _named(one)) for one in officers])
            for room, officers in found
            if room.pk in rooms and officers
        ]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        people: list[Any] = (
            groups if len(groups) > 1 else [one for _, rows in groups for one in rows]
        )
        field.choices = [("", "Chọn người"), *people]

    @property
    def told(self) -> dict[str, Any]:
        room, _, officer = self.cleaned_data["to"].partition("-")
        return {"room": int(room), "officer": int(officer), "note": self.cleaned_data["note"]}


def _named(officer: Any) -> str:
    return f"{officer.full_name} – {officer.title}" if officer.title else officer.full_name
