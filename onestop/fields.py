"""Columns that both engines keep in the same order."""

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Collate


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


class InUsualOrder(models.Func):
    """Such a text where an ordinary one of another table is looked up by it: compared in the order of bytes
    PostgreSQL cannot use the index of that one, and reads the whole table for each list.
    """

    output_field = models.CharField()

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **extra: Any) -> Any:
        return compiler.compile(self.get_source_expressions()[0])

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return compiler.compile(Collate(self.get_source_expressions()[0], "default"))


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


class ConstraintsReplaced(migrations.operations.base.Operation):
    """In a migration: check constraints of a large table say something else of the same name.

    On PostgreSQL the new ones are not proven on the rows there are (a moment's lock; a further
    migration validates them, see `ConstraintsValidated`), on SQLite the table is copied once for all
    of them. In: constraints before and after, in one order.
    """

    reversible = True

    def __init__(
        self,
        model_name: str,
        before: list[models.CheckConstraint],
        after: list[models.CheckConstraint],
    ) -> None:
        self.model_name, self.before, self.after = model_name, before, after

    def state_forwards(self, app_label: str, state: Any) -> None:
        for old, new in zip(self.before, self.after, strict=True):
            state.remove_constraint(app_label, self.model_name, old.name)
            state.add_constraint(app_label, self.model_name, new)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._replace(app_label, schema_editor, to_state, self.after)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._replace(app_label, schema_editor, to_state, self.before)

    def _replace(
        self, app_label: str, editor: Any, to_state: Any, wanted: list[models.CheckConstraint]
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if editor.connection.vendor == "sqlite":
            editor._remake_table(model)
            return
        for one in wanted:
            editor.execute(one.remove_sql(model, editor))
            editor.execute(f"{one.create_sql(model, editor)} NOT VALID", params=None)

    def describe(self) -> str:
        return f"Replace check constraints of {self.model_name}"


class ConstraintsValidated(migrations.RunPython):
    """Prove constraints that were replaced: reading and writing go on meanwhile. PostgreSQL only."""

    def __init__(self, table: str, names: list[str]) -> None:
        def validate(apps: Any, editor: Any) -> None:
            if editor.connection.vendor == "postgresql":
                for name in names:
                    editor.execute(f'ALTER TABLE "{table}" VALIDATE CONSTRAINT "{name}"')

        super().__init__(validate, migrations.RunPython.noop)
