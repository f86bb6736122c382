"""What a list shows of a dossier never says a state by colour alone."""

from datetime import UTC, datetime

import pytest
from django.template import engines

from dossiers.states import State
from dossiers.templatetags.desks import LOOKS, TIME_TONES
from onestop.worktime.left import LeftKind, TimeLeft

# 17:00 in Vietnam on Monday 30/11/2026
PROMISE = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


def draw(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load desks %}" + source).render(context)


def test_the_ten_statuses_are_the_national_ones_with_icon_and_word() -> None:
    assert LOOKS.keys() == set(State)
    for state, (picture, _) in LOOKS.items():
        badge = draw("{% state_badge n %}", n=state.value)
        assert state.label in badge
        assert f"icon-{picture}" in badge


def test_a_badge_says_that_a_dossier_waits() -> None:
    assert "đang chờ bổ sung" in draw("{% state_badge 4 waiting=True %}")
    assert "đang chờ" not in draw("{% state_badge 4 %}")


@pytest.mark.parametrize("kind", LeftKind)
def test_time_left_shows_the_words_and_keeps_the_exact_time_for_hover_and_ear(
    kind: LeftKind,
) -> None:
    drawn = draw("{% time_left left at=at %}", left=TimeLeft(kind, "còn 1 ngày 3 giờ"), at=PROMISE)
    assert "còn 1 ngày 3 giờ" in drawn
    assert 'title="Hẹn trả 17:00 thứ Hai 30/11/2026"' in drawn
    assert drawn.count("17:00 thứ Hai 30/11/2026") == 2
    assert ("icon-" in drawn) == (kind.value in TIME_TONES), "an urgent time has its icon"


def test_no_time_left_draws_nothing() -> None:
    assert draw("{% time_left left %}", left=None).strip() == ""
