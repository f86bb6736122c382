"""The suite's clock: every test begins on Monday 23/11/2026 09:00, the day before the new national
holiday, and it stands still.
"""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from time_machine import Traveller

VN = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=VN)


def vn(text: str) -> datetime:
    """An instant as people write it: "23/11/2026 14:30"."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VN)


class Clock:
    """What the product takes for now; `clock.now = …` moves it."""

    def __init__(self, traveller: "Traveller") -> None:
        self._traveller = traveller

    @property
    def now(self) -> datetime:
        return datetime.now(VN)

    @now.setter
    def now(self, at: datetime) -> None:
        self._traveller.move_to(at, tick=False)
