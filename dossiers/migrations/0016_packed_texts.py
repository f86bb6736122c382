"""Texts of the ledger are packed, hashes stored as bytes; the hash before an event's own stands on
the event before it.

What is there already stays as it is, in another type: texts as bytes marked as not packed.
"""

from typing import Any

from django.db import migrations

import dossiers.models.packed
import onestop.compact


class AsBytes(migrations.AlterField):
    """A text column becomes one of bytes. SQLite keeps the texts as they are, which is read too."""

    def __init__(self, model_name: str, name: str, field: Any, using: str = "") -> None:
        super().__init__(model_name, name, field)
        self.using = using

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        table = f"{app_label}_{self.model_name}"
        schema_editor.execute(
            f"ALTER TABLE {table} ALTER COLUMN {self.name} TYPE bytea USING {self.using}"
        )


PLAIN = "'\\x00'::bytea || convert_to({}::text, 'UTF8')"


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0015_list_numbers_always")]
    operations = [
        migrations.RemoveField("event", "previous"),
        AsBytes(
            "event", "text", dossiers.models.packed.EventText(), using=PLAIN.format("text")
        ),
        AsBytes("event", "hash", onestop.compact.HashField(), using="decode(hash, 'hex')"),
        AsBytes(
            "slip", "snapshot", dossiers.models.packed.SlipSnapshot(), using=PLAIN.format("snapshot")
        ),
        AsBytes(
            "dossier",
            "event_hash",
            onestop.compact.HashField("băm của sự kiện cuối", default="0" * 64),
            using="decode(event_hash, 'hex')",
        ),
    ]
