"""Columns that both engines keep in the same order."""

from typing import Any

from django.db import migrations, models


class BytewiseCharField(models.CharField[str, str]):
    """Text in the order of its bytes, as SQLite keeps it by itself.

    A range of it is then a walk along an ordinary index on both engines, and so is its order. In
    the language of a database (vi_VN) PostgreSQL can use an index for neither: it would read
    every text that fits before it shows the first ones.
    """

    def db_parameters(self, connection: Any) -> Any:
        found = super().db_parameters(connection)
        found["collation"] = "C" if connection.vendor == "postgresql" else None
        return found


class IndexDropped(migrations.AlterField):
    """In a migration: a foreign key that loses the index of its own, and nothing else.

    As an ordinary change SQLite would copy the whole table for it.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        column = model._meta.get_field(self.name).column
        # As Django names what it makes for a foreign key, on both engines.
        name = schema_editor._create_index_name(model._meta.db_table, [column], suffix="")
        schema_editor.execute(schema_editor._delete_index_sql(model, name))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))
