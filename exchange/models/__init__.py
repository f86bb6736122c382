"""What comes from other systems (inbox) and what goes to them (outbox)."""

from exchange.models.inbox import Door, IncomingFile, Mapping, Message
from exchange.models.level import AskRun, NationalFigure
from exchange.models.outbox import Delivery, Line
from exchange.models.paying import PayRequest

__all__ = [
    "AskRun",
    "Delivery",
    "Door",
    "IncomingFile",
    "Line",
    "Mapping",
    "Message",
    "NationalFigure",
    "PayRequest",
]
