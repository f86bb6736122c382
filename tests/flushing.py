"""After a test that commits its tables are emptied. TRUNCATE of all of them makes PostgreSQL write a
new file for each table and index, half a second a test: here only those that have rows are.
"""

from typing import Any


def only_what_has_rows(operations: Any) -> None:
    """From here on `flush` deletes rows where there are any. Foreign keys wait for the commit, so
    that the order of tables is free.
    """
    whole = operations.sql_flush

    def sql_flush(
        self: Any, style: Any, tables: list[str], *, reset_sequences: bool = False, **how: Any
    ) -> list[str]:
        if reset_sequences or not tables:
            done: list[str] = whole(self, style, tables, reset_sequences=reset_sequences, **how)
            return done
        quoted = [self.quote_name(table) for table in tables]
        asked = " UNION ALL ".join(
            f"SELECT {number} WHERE EXISTS (SELECT FROM {table})"
            for number, table in enumerate(quoted)
        )
        with self.connection.cursor() as cursor:
            cursor.execute(asked)
            return [f"DELETE FROM {quoted[number]}" for (number,) in cursor.fetchall()]

    operations.sql_flush = sql_flush
