"""The ways a dossier comes in, numbered as the national records number them."""

from django.db import models


class Channel(models.IntegerChoices):
    """Channel of a dossier (R-11); a catalogue method only knows DIRECT, ONLINE_FULL and POST."""

    DIRECT = 1, "Trực tiếp"
    ONLINE_FULL = 2, "Trực tuyến toàn trình"
    POST = 3, "Bưu chính công ích"
    ONLINE_PART = 4, "Trực tuyến một phần"


# The words of the national catalogue's records.
CATALOGUE_CHANNELS: dict[str, Channel] = {
    "direct": Channel.DIRECT,
    "online": Channel.ONLINE_FULL,
    "post": Channel.POST,
}


def method_channel(channel: int) -> Channel:
    """The catalogue channel whose term and fee hold for a dossier's channel (part online reads the
    online row).
    """
    return Channel.ONLINE_FULL if channel == Channel.ONLINE_PART else Channel(channel)
