"""Until when the counter passes a dossier on, in words (R-39)."""

import pytest

from dossiers.models import Dossier
from dossiers.templatetags.desks import forward_words
from tests.world import vn


@pytest.mark.parametrize(
    ("received", "until", "words"),
    [
        ("23/11/2026 09:00", "23/11/2026 17:00", "trước 17:00 thứ Hai 23/11/2026"),
        ("27/11/2026 15:30", "30/11/2026 07:00", "đầu giờ làm việc thứ Hai 30/11/2026"),
    ],
)
def test_the_minute_of_opening_is_said_as_the_beginning_of_the_day(
    received: str, until: str, words: str
) -> None:
    assert forward_words(Dossier(received_at=vn(received), forward_by=vn(until))) == words


def test_what_has_gone_on_has_no_such_hour() -> None:
    assert forward_words(Dossier(received_at=vn("23/11/2026 09:00"))) == ""
