"""What the apps above are asked: this app knows only (kind, id).

objects_opened(kind, ids, officer, at) -> set[int] | None
    Which of these objects the officer may still open: a notice names what it is about, and outlives
    the role that it was sent to. None: not mine.
"""

from django.dispatch import Signal

objects_opened = Signal()
bell_opened = Signal()
