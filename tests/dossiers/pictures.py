"""How a dossier stands: every column, every row that counts, every valid slip. Two equal pictures
say that nothing is different.
"""

from typing import Any

from django.db.models import Model

from dossiers.ledger.tables import FILES, tables
from dossiers.models import Dossier, Result, Slip
from dossiers.models.undone import Undoable
from onestop.files.models import Attachment

# Columns that say nothing about where a dossier stands.
ASIDE: dict[type[Model], tuple[str, ...]] = {Slip: ("pdf_id",)}


def counts(model: type[Model]) -> dict[str, Any]:
    """Which of the rows that hang on a dossier count."""
    standing = {"undone_at": None} if issubclass(model, Undoable) else {}
    return standing | ({"replaced_at": None} if model is Result else {})


def picture(dossier: Dossier) -> dict[str, Any]:
    own = Dossier.objects.filter(pk=dossier.pk).values().get()
    for name in ("row_version", "event_seq", "event_hash"):
        del own[name]
    for model in (table.model for table in tables().values() if table.key == "dossier_id"):
        rows = model._default_manager.filter(dossier=dossier, **counts(model)).order_by("pk")
        aside = ASIDE.get(model, ())
        own[model.__name__] = [
            {key: value for key, value in row.items() if key not in aside} for row in rows.values()
        ]
    own["files"] = [
        list(Attachment.objects.of(kind, dossier.pk).values_list("pk", flat=True)) for kind in FILES
    ]
    return own
