"""The pictures of docs/reports show what is printed today: each is of the pages that it was drawn
from, and each form that is signed or listed is shown.
"""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from tests.reports.shown import everything

FOLDER = settings.BASE_DIR / "docs" / "reports"
FORMS = {"II.05a", "II.06a", "II.06b", "II.06c", "07a/BTP", "handovers"}


@pytest.mark.pdf
def test_no_picture_is_older_than_what_it_shows() -> None:
    drawn = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    now = {one.name: one.made_from for one in everything()}
    assert {name: one["made_from"] for name, one in drawn.items()} == now, (
        "vẽ lại bằng: make pictures"
    )


def test_every_picture_is_there_and_named_in_the_list() -> None:
    drawn = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    files = {name for one in drawn.values() for name in one["files"]}
    assert files == {path.name for path in FOLDER.glob("*.png")}
    told = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in files if f"({name})" not in told] == []
    assert {one.table.form.code for one in everything()} == FORMS
