"""The pictures of docs/slips show what is printed today: each is of the page and style sheet it was
drawn from.
"""

import json

from django.conf import settings

from dossiers import registry
from tests.dossiers.slips.shown import everything

FOLDER = settings.BASE_DIR / "docs" / "slips"


def test_no_picture_is_older_than_what_it_shows() -> None:
    drawn = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    stale = [
        shown.name
        for shown in everything()
        if drawn.get(shown.name, {}).get("made_from") != shown.made_from
    ]
    assert stale == [], "vẽ lại bằng: make pictures"
    assert set(drawn) == {shown.name for shown in everything()}


def test_every_picture_is_there_and_named_in_the_list() -> None:
    drawn = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    files = {name for one in drawn.values() for name in one["files"]}
    assert files == {path.name for path in FOLDER.glob("*.png")}
    told = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in files if f"({name})" not in told] == []


def test_every_slip_that_an_act_prints_is_shown() -> None:
    assert registry.slip_kinds().keys() <= {shown.slip.slug for shown in everything()}
