"""A server that does not answer is left alone for a while, so that the wait for it is paid once and
not by every request.
"""

import time
from collections.abc import Callable


class Breaker:
    """`open` while a helper is not to be asked. One a process; threads may share it: it is one
    number.
    """

    def __init__(self, rest: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rest = rest
        self.clock = clock
        self._until = float("-inf")

    @property
    def open(self) -> bool:
        return self.clock() < self._until

    def failed(self) -> None:
        self._until = self.clock() + self.rest

    def answered(self) -> None:
        self._until = float("-inf")
