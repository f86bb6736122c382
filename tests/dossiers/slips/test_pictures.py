"""The pictures of docs/slips show what is printed today: each is of the page and style sheet it was
drawn from.
"""

import json
from itertools import pairwise

from django.conf import settings
from PIL import Image

from dossiers import registry
from tests.dossiers.slips.shown import everything
from tests.reports.shown import books

FOLDER = settings.BASE_DIR / "docs" / "slips"


def test_no_picture_is_older_than_what_it_shows() -> None:
    drawn = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    stale = [
        shown.name
        for shown in [*everything(), *books()]
        if drawn.get(shown.name, {}).get("made_from") != shown.made_from
    ]
    assert stale == [], "vẽ lại bằng: make pictures"
    assert set(drawn) == {shown.name for shown in [*everything(), *books()]}


def test_the_line_to_cut_along_runs_from_edge_to_edge_of_the_sheet() -> None:
    """Two copies on one A4: the line crosses the margins too, wherever the text ends."""
    with Image.open(FOLDER / "mau-01-hai-lien-a4.png") as picture:
        middle, height = picture.width // 2, picture.height
        strip = picture.convert("L").crop((middle - 2, 0, middle + 3, height)).tobytes()
    drawn = [y for y in range(height) if min(strip[5 * y : 5 * y + 5]) < 200]
    longest = max(after - before for before, after in pairwise([0, *drawn, height]))
    assert longest <= height // 100


def test_every_picture_is_there_and_named_in_the_list() -> None:
    drawn = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    files = {name for one in drawn.values() for name in one["files"]}
    assert files == {path.name for path in FOLDER.glob("*.png")}
    told = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in files if f"({name})" not in told] == []


def test_every_slip_that_an_act_prints_is_shown() -> None:
    assert registry.slip_kinds().keys() <= {shown.slip.slug for shown in everything()}
