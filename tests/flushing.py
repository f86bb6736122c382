"""After a test that commits its tables are emptied. TRUNCATE of all of them makes PostgreSQL write a
new file for each table and index, half a second a test: here only those that have rows are.

A page that was closed may still have sent its last request, and the live server may be about to
write: all tables are locked first, or none and tried again, so that neither waits for the other and
no row comes between looking and deleting.
"""

from typing import Any

# Twenty seconds; then the last try says which lock was not to be had.
EMPTY = """DO $flush$
DECLARE
  tries integer := 0;
  one text;
  found boolean;
BEGIN
  LOOP
    BEGIN
      LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE NOWAIT;
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      tries := tries + 1;
      IF tries > 400 THEN RAISE; END IF;
      PERFORM pg_sleep(0.05);
    END;
  END LOOP;
  FOREACH one IN ARRAY ARRAY[{names}] LOOP
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || one || ')' INTO found;
    IF found THEN EXECUTE 'DELETE FROM ' || one; END IF;
  END LOOP;
END $flush$"""


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
        names = ", ".join(f"'{one}'" for one in quoted)
        return [EMPTY.format(tables=", ".join(quoted), names=names)]

    operations.sql_flush = sql_flush
