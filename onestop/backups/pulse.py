"""The sign of life of a worker that writes for long without touching the database."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from django.db import DatabaseError, InterfaceError, connection
from django.db.models import QuerySet

from onestop.backups.models import BackupRun

logger = logging.getLogger(__name__)
EVERY = 20.0


class Pulse(threading.Thread):
    """Until the block ends it renews the lease and notes how much is on the disk. It ends with its
    process, so that nobody lives on in the name of a worker that was killed.
    """

    def __init__(
        self,
        held: QuerySet[BackupRun],
        path: Path,
        clock: Callable[[], datetime],
        lease: timedelta,
        every: float = EVERY,
    ) -> None:
        super().__init__(name="backup-pulse", daemon=True)
        self._held = held
        self._path = path
        self._clock = clock
        self._lease = lease
        self._every = every
        self._over = threading.Event()

    def __enter__(self) -> Pulse:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        try:
            while not self._over.wait(self._every):
                self.beat()
        finally:
            connection.close()

    def beat(self) -> None:
        """A database that is busy is asked again at the next beat."""
        try:
            self._held.update(due_at=self._clock() + self._lease, written=self._written())
        except (DatabaseError, InterfaceError) as error:
            logger.warning("backup pulse", extra={"error": type(error).__name__})

    def _written(self) -> int:
        """What lies there by the name of the file, whatever an unfinished one is called."""
        found = self._path.parent.glob(f"{self._path.name}*")
        return max((one.stat().st_size for one in found if one.is_file()), default=0)
