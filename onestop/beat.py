"""Celery's scheduler, except that it does not believe its own notes where they lie ahead of the
clock.

Beat keeps when each entry ran last. Notes of a clock that was wrong would silence every entry until
that day comes.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from celery.beat import PersistentScheduler
from celery.utils.time import maybe_make_aware

from onestop.instants import lies_ahead

logger = logging.getLogger(__name__)
# Long enough ago that every entry is due: whether it ran is not known, and each may run any number
# of times.
LONG_AGO = timedelta(days=1)


class Scheduler(PersistentScheduler):  # type: ignore[misc]  # Celery carries no types
    """Looks at every tick, so that a clock put right while beat runs is noticed too."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self.doubt()

    def tick(self, **options: Any) -> float:
        self.doubt()
        seconds: float = super().tick(**options)
        return seconds

    def doubt(self) -> None:
        """Entries that ran "later than now" count as not run; the order of what comes next is made
        anew.
        """
        now: datetime = self.app.now()
        wrong = [
            entry
            for entry in self.schedule.values()
            if lies_ahead(maybe_make_aware(entry.last_run_at), now)
        ]
        for entry in wrong:
            entry.last_run_at = now - LONG_AGO
        if wrong:
            self._heap = None
            logger.warning("clock was set back", extra={"entries": len(wrong)})
