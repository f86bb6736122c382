"""The one decision by which an incident is left out of the terms of many dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from dossiers.forms.fields import short_field
from dossiers.forms.lawful_time import DecisionForm
from dossiers.forms.pressing import ForMany
from dossiers.models import Dossier
from dossiers.models.elsewhere import Outage
from onestop.accounts.forms import OfficerField
from onestop.accounts.models import Officer, Role
from onestop.errors import say
from onestop.layout import Part, laid
from onestop.texts import whole_number


class IncidentForm(ForMany):
    """The span is that of the incident; basis, reason and signer are those of all."""

    cho = forms.IntegerField(widget=forms.HiddenInput)
    basis = DecisionForm.base_fields["basis"]
    reason = DecisionForm.base_fields["reason"]
    signer = OfficerField(Officer.objects.none(), label="Người ký", empty_label=None)
    law = short_field(
        "Luật chuyên ngành cho phép tính cả khi đã quá ngày hẹn",
        help_text="Để trống: không ghi cho hồ sơ đã quá ngày hẹn. Ghi luật thì báo đầu mối kiểm soát.",
    )

    helper = laid(
        "cho", Part("dossiers/pressing/_incident.html"), "basis", "reason", "signer", "law"
    )

    def __init__(
        self, data: Any = None, *, dossiers: Sequence[Dossier], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, dossiers=dossiers, now=now, **kwargs)
        self.fields["basis"].error_messages["required"] = say("decision_basis")
        agencies = {one.agency_id: one.agency for one in dossiers}
        [self.agency, *others] = agencies.values()
        signer = self.fields["signer"]
        assert isinstance(signer, forms.ModelChoiceField)
        on = timezone.localdate(now)
        leaders = Officer.objects.with_role(Role.LEADER, self.agency.in_charge(on).pk, on)
        signer.queryset = leaders.order_by("pk").select_related("department")
        asked = self.data.get("cho") if data is not None else self.initial.get("cho")
        self.outage = None if others else self._outage(str(asked or ""))

    def _outage(self, pk: str) -> Outage | None:
        rows = Outage.objects.filter(agency=self.agency, cancelled_at=None, ended_at__isnull=False)
        return rows.filter(pk=whole_number(pk) or 0).first()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.outage is None:
            raise forms.ValidationError(say("outage_unknown"))
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in ("basis", "reason", "law")}
        return said | {"outage": self.cleaned_data["cho"], "signer": self.cleaned_data["signer"].pk}
