"""What the counter writes when a result that nobody fetched goes to the archive."""

from __future__ import annotations

from django import forms

from dossiers.forms.fields import short_field
from dossiers.forms.pressing import ForMany
from onestop.errors import say
from onestop.forms import TextField
from onestop.layout import laid


def _place() -> forms.CharField:
    field = short_field(
        "Nơi lưu", required=True, limit=200, help_text="Ví dụ: Kho lưu trữ tầng 1, hộp 12."
    )
    field.error_messages["required"] = say("archive_place")
    return field


class ArchiveForm(forms.Form):
    place = _place()
    note = TextField(label="Ghi chú", max_length=300, required=False)

    helper = laid("place", "note")


class ManyArchivesForm(ForMany):
    """The same, once for all of them."""

    place = ArchiveForm.base_fields["place"]
    note = ArchiveForm.base_fields["note"]

    helper = laid("place", "note")
