"""Django's `migrate`, which waits for no lock behind which everybody else would wait, and is quicker."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections

from onestop.commands import Refused
from onestop.migrating import copied_fields

# On PostgreSQL whoever waits for a table's lock lets nobody pass, readers either: pages stand still
# for so long at most.
LOCK_TIMEOUT = "5s"
LOCKED = (
    "Chưa nâng được cơ sở dữ liệu: có việc khác đang giữ bảng cần đổi quá {seconds} giây. "
    "Những bước đã xong được giữ, bước dở được hủy. Hãy chạy lại khi ít người dùng hơn, hoặc dừng web và worker trước."
)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with short_locks(options["database"]), copied_fields():
                super().handle(*args, **options)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != "55P03":
                raise
            refusal = Refused(LOCKED.format(seconds=LOCK_TIMEOUT.removesuffix("s")))
            if getattr(self, "_called_from_command_line", False) and not options.get("traceback"):
                self.stderr.write(str(refusal))
                sys.exit(1)
            raise refusal from error


@contextmanager
def short_locks(alias: str) -> Iterator[None]:
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
