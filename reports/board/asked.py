"""What an address of the dashboard asks for: whose, which part, ordered how. Everything that
narrows a page stands in its address and goes along into every link on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q

from procedures.channels import Channel
from procedures.models import Field, ProcedureVersion

# Fields of land: what citizens wait for longest, and leaders ask after by itself.
LAND = "dat dai"
# The value of "nobody" and "no room" in an address.
NONE = 0
WORST, BY_NAME = "", "ten"
_MOST_ID = 2**62


class BoardFilters(forms.Form):
    """Reads the address; what is unreadable is as if it were not there."""

    coquan = forms.CharField(required=False, max_length=35)
    phong = forms.IntegerField(required=False, min_value=0, max_value=_MOST_ID)
    linhvuc = forms.CharField(required=False, max_length=300)
    datdai = forms.BooleanField(required=False)
    thutuc = forms.CharField(required=False, max_length=40)
    kenh = forms.TypedChoiceField(
        label="Hình thức nộp",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Mọi hình thức"), *Channel.choices],
    )
    canbo = forms.IntegerField(required=False, min_value=0, max_value=_MOST_ID)
    buoc = forms.CharField(required=False, max_length=300, strip=False)
    xep = forms.ChoiceField(required=False, choices=[(WORST, ""), (BY_NAME, "")])


@dataclass(frozen=True, slots=True)
class Asked:
    """The readable filters of an address."""

    kept: dict[str, Any]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Asked:
        form = BoardFilters(data)
        form.is_valid()
        found = getattr(form, "cleaned_data", {})
        said = {name: found[name] for name in form.fields if name in found}
        # 0 is an answer: nobody, no room.
        return cls({k: v for k, v in said.items() if v not in (None, "") and v is not False})

    def get(self, name: str) -> Any:
        return self.kept.get(name)

    def only(self, *names: str) -> Asked:
        """These filters of it, without the others."""
        return Asked({name: self.kept[name] for name in names if name in self.kept})

    @property
    def by_name(self) -> bool:
        return self.kept.get("xep") == BY_NAME

    @property
    def texts(self) -> dict[str, str]:
        """The filters as they stand in an address, without the order of a table."""
        return {name: _text(value) for name, value in self.kept.items() if name != "xep"}

    def address(self, path: str, **changes: Any) -> str:
        """The address of a page with these filters; None takes one away."""
        kept = {**self.kept, **changes}
        query = urlencode({k: _text(v) for k, v in kept.items() if v is not None})
        return f"{path}?{query}" if query else path

    def narrowed(self, *, of_work: bool = True, dossier: str = "") -> Q:
        """What the filters leave, beside whose dossiers they are. One query for a procedure, one
        for fields of land or of a name. `of_work`: also by the person and the step it lies with,
        which say nothing of what has ended. `dossier`: the way from an interval to its dossier.
        """
        wanted = Q()
        if self.get("linhvuc"):
            wanted &= Q(field__in=_fields(name=self.get("linhvuc")))
        if self.get("datdai"):
            wanted &= Q(field__in=_fields(folded__contains=LAND))
        if self.get("thutuc"):
            versions = ProcedureVersion.objects.filter(procedure__code=self.get("thutuc"))
            ids = list(versions.values_list("pk", flat=True))
            wanted &= Q(**{f"{dossier}version__in": ids})
        if self.get("kenh"):
            wanted &= Q(channel=self.get("kenh"))
        if not of_work:
            return wanted
        if self.get("canbo") is not None:
            wanted &= Q(holder=self.get("canbo") or None)
        if self.get("buoc") is not None:
            wanted &= Q(step_name=self.get("buoc"))
        return wanted


def _text(value: Any) -> str:
    return "1" if value is True else str(value)


def _fields(**wanted: Any) -> list[int]:
    return list(Field.objects.filter(**wanted).values_list("pk", flat=True))
