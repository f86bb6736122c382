"""A day is typed and shown as the office writes it, whatever language the browser speaks."""

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import engines

from onestop.forms import day_field, day_of


class Signed(forms.Form):
    on = day_field("Ngày ký", required=True)
    until = day_field("Đến ngày")


def draw(form: forms.Form) -> str:
    return engines["django"].from_string("{{ form.on|as_crispy_field }}").render({"form": form})


@pytest.mark.parametrize(
    "typed",
    [
        "1/12/2026",
        "01/12/2026",
        "01-12-2026",
        "1.12.2026",
        "1 12 2026",
        "01122026",
        " 01/12/2026 ",
        "2026-12-01",
    ],
)
def test_a_day_is_read_as_people_write_it_day_first(typed: str) -> None:
    form = Signed({"on": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == date(2026, 12, 1)
    assert form.cleaned_data["until"] is None


@pytest.mark.parametrize(
    "typed",
    [
        "31/02/2026",
        "12/31/2026",
        "1122026",
        "1/12/26",
        "1/12",
        "hôm nay",
        "01/12/0026",
        "2026/12/01",
        "0112202612",
    ],
)
def test_what_is_no_day_is_refused_with_an_example_and_stays_as_typed(typed: str) -> None:
    form = Signed({"on": typed})
    assert not form.is_valid()
    assert "ngày/tháng/năm" in form.errors["on"][0]
    assert f'value="{typed}"' in draw(form)


def test_a_missing_day_is_asked_for_in_our_words() -> None:
    assert Signed({"on": " "}).errors["on"] == ["Hãy nhập ngày, ví dụ 30/11/2026."]


def test_a_known_day_is_shown_day_first_in_a_line_of_text() -> None:
    drawn = draw(Signed(initial={"on": date(2026, 12, 1)}))
    assert 'value="01/12/2026"' in drawn
    assert 'type="text"' in drawn
    assert 'inputmode="numeric"' in drawn
    assert "data-day" in drawn


def test_a_day_that_was_not_touched_is_not_a_change() -> None:
    assert not Signed({"on": "1/12/2026"}, initial={"on": date(2026, 12, 1)}).has_changed()
    assert Signed({"on": "2/12/2026"}, initial={"on": date(2026, 12, 1)}).has_changed()


def test_reading_is_one_function_also_without_a_form() -> None:
    assert day_of("30112026") == date(2026, 11, 30)
    assert day_of("") is None


def test_no_page_leaves_a_day_to_the_browser() -> None:
    """Its own picker shows days in the order of its language: the month first, in many."""
    native = re.compile(r'type="(?:date|datetime-local|month|week|time)"')
    pages = [*(Path(settings.BASE_DIR) / "templates").rglob("*.html")]
    assert len(pages) > 100
    assert [str(page) for page in pages if native.search(page.read_text("utf-8"))] == []
