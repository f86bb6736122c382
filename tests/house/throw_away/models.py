"""What was looked at again, why, and since when it is clear."""

from django.apps.registry import Apps
from django.db import connection, models

from dossiers.models import Dossier
from dossiers.models.undone import OF_DOSSIER, StandingManager, Undoable


class Look(Undoable):
    told_as = ("looks", "các lần xem xét lại")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+")
    reason = models.CharField("lý do xem xét", max_length=200)
    asked_at = models.DateTimeField()
    clear_at = models.DateTimeField(null=True, blank=True)

    objects = StandingManager()

    class Meta:
        app_label = "dossiers"
        apps = Apps()  # no part of the installation: no migration, no check


# It declared itself when it was made; the test lets it in while the act is there.
OF_DOSSIER.remove(Look)


def make_table() -> None:
    """Its migration, inside the transaction of a test."""
    editor = connection.schema_editor(collect_sql=True)
    editor.deferred_sql = []  # indexes and keys of a table that lives for one test
    sql, parameters = editor.table_sql(Look)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
