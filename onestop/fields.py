"""Columns that both engines keep in the same order."""

from typing import Any

from django.db import models


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
