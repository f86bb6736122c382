"""How a dossier stands: every column, every row that counts, every valid slip. Two equal pictures say that nothing is different."""

from typing import Any

from django.db.models import Model

from dossiers.models import ClockChange, Dossier, DossierPaper, Ending, HandOver, Result, Return, Slip, Supplement
from onestop.files.models import Attachment

# What counts of the rows that hang on a dossier, and which columns of them say nothing about where it stands.
ROWS: dict[type[Model], tuple[dict[str, Any], tuple[str, ...]]] = {
    HandOver: ({"recalled_at": None}, ()),
    # A proposal that waits again is as the counter had put it.
    Supplement: ({"undone": False}, ("round", "legal_basis")),
    ClockChange: ({"undone": False}, ()),
    Result: ({"replaced_by": None}, ()),
    Return: ({"undone": False}, ()),
    Ending: ({"undone": False}, ()),
    DossierPaper: ({}, ()),
    Slip: ({"voided_at": None}, ("pdf_id",)),
}


def picture(dossier: Dossier) -> dict[str, Any]:
    own = Dossier.objects.filter(pk=dossier.pk).values().get()
    for name in ("row_version", "event_seq", "event_hash"):
        del own[name]
    for model, (counts, aside) in ROWS.items():
        rows = model._default_manager.filter(dossier=dossier, **counts).order_by("pk").values()
        own[model.__name__] = [{key: value for key, value in row.items() if key not in aside} for row in rows]
    own["files"] = list(Attachment.objects.of("result", dossier.pk).values_list("pk", flat=True))
    return own
