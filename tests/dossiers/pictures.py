"""How a dossier stands: every column, every row that counts, every valid slip. Two equal pictures
say that nothing is different.
"""

from typing import Any

from django.db.models import Model

from dossiers.ledger.tables import FILES
from dossiers.models import (
    ClockChange,
    Dossier,
    DossierPaper,
    Ending,
    HandOver,
    PaymentRequest,
    Result,
    Return,
    Slip,
    Supplement,
)
from onestop.files.models import Attachment

# What counts of the rows that hang on a dossier, and which columns of them say nothing about where
# it stands.
ROWS: dict[type[Model], tuple[dict[str, Any], tuple[str, ...]]] = {
    HandOver: ({"undone_at": None}, ()),
    Supplement: ({"undone_at": None}, ()),
    PaymentRequest: ({"undone_at": None}, ()),
    ClockChange: ({"undone_at": None}, ()),
    Result: ({"replaced_at": None, "undone_at": None}, ()),
    Return: ({"undone_at": None}, ()),
    Ending: ({"undone_at": None}, ()),
    DossierPaper: ({}, ()),
    Slip: ({"undone_at": None}, ("pdf_id",)),
}


def picture(dossier: Dossier) -> dict[str, Any]:
    own = Dossier.objects.filter(pk=dossier.pk).values().get()
    for name in ("row_version", "event_seq", "event_hash"):
        del own[name]
    for model, (counts, aside) in ROWS.items():
        rows = model._default_manager.filter(dossier=dossier, **counts).order_by("pk").values()
        own[model.__name__] = [
            {key: value for key, value in row.items() if key not in aside} for row in rows
        ]
    own["files"] = [
        list(Attachment.objects.of(kind, dossier.pk).values_list("pk", flat=True)) for kind in FILES
    ]
    return own
