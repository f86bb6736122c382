"""Giving originals back: which, to whom, why the rest stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from dossiers.acts.originals import Back
from dossiers.forms.fields import name_field
from dossiers.forms.returning import PapersBack
from dossiers.models import Dossier, DossierPaper
from onestop.forms import TextField
from onestop.layout import laid, line


class ReturnPapersForm(forms.Form):
    """Prefilled for the ordinary case: the owner takes what is to go home."""

    papers_back = PapersBack(
        label="Bản chính trả lại",
        queryset=DossierPaper.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Đánh dấu đúng những bản đưa cho người nhận. Không đánh dấu bản nào: ghi vì sao giữ lại.",
    )
    name = name_field("Họ và tên người nhận")
    identity = TextField(label="Số giấy tờ tùy thân", max_length=30, required=False)
    note = TextField(
        label="Ghi chú",
        max_length=300,
        required=False,
        help_text="Giấy ủy quyền nếu nhận thay; hoặc vì sao giữ lại bản chính.",
    )

    helper = laid("papers_back", line("name", "identity"), "note")

    def __init__(
        self,
        data: Any = None,
        *,
        dossier: Dossier,
        held: Sequence[DossierPaper],
        proposed: Sequence[DossierPaper],
    ) -> None:
        initial = {
            "papers_back": [one.pk for one in proposed],
            "name": dossier.owner_name,
            "identity": dossier.identity_number,
        }
        super().__init__(data, initial=initial)
        field = self.fields["papers_back"]
        assert isinstance(field, PapersBack)
        field.queryset = DossierPaper.objects.filter(pk__in=[one.pk for one in held])
        field.choices = [(one.pk, field.label_from_instance(one)) for one in held]

    @property
    def value(self) -> Back:
        data = self.cleaned_data
        papers = tuple(one.pk for one in data["papers_back"])
        return Back(papers, data["name"], data["identity"], data["note"])
