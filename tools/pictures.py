"""Draws the pictures of docs/slips and docs/reports from invented, fixed papers (the modules `shown`
of tests/dossiers/slips and tests/reports) and writes down what each was made from.

`make pictures`. Needs pdftoppm (Debian: poppler-utils). The same sources give the same pictures; a
test finds those that were not drawn again after a change (test_pictures.py beside each `shown`).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Protocol

from PIL import Image

from processes import ROOT

DOTS_AN_INCH = 90
# Greys of a picture: letters stay smooth, files become a third.
GREYS = 16
HEAD = """# {title}

In từ dữ liệu minh họa bằng `make pictures`, {dots} điểm một inch; người và hồ sơ đều không có thật.

| {one} | hình |
|---|---|
"""


class Shown(Protocol):
    """A paper to draw: its file's name, what it is called, and what it was made from."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def made_from(self) -> str: ...


def draw(pdf: bytes, name: str, folder: Path) -> list[str]:
    """The pages as pictures; the names of their files."""
    with tempfile.TemporaryDirectory() as drawn:
        source = Path(drawn) / "paper.pdf"
        source.write_bytes(pdf)
        command = ["pdftoppm", "-r", str(DOTS_AN_INCH), "-gray", "-png", str(source)]
        subprocess.run([*command, str(Path(drawn) / "p")], check=True)
        pages = sorted(Path(drawn).glob("p*.png"))
        names = (
            [f"{name}.png"]
            if len(pages) == 1
            else [f"{name}-trang-{number}.png" for number in range(1, len(pages) + 1)]
        )
        for page, known in zip(pages, names, strict=True):
            with Image.open(page) as whole:
                whole.convert("L").quantize(GREYS).save(folder / known, optimize=True)
    return names


def fill(folder: Path, title: str, one: str, papers: Iterable[tuple[Shown, bytes]]) -> int:
    """The pictures of a folder, its list and what they were made from. Out: how many."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    lines, made_from = [], {}
    for shown, pdf in papers:
        names = draw(pdf, shown.name, folder)
        made_from[shown.name] = {"files": names, "made_from": shown.made_from}
        words = (
            ["hình"]
            if len(names) == 1
            else [f"trang {number}" for number in range(1, len(names) + 1)]
        )
        links = ", ".join(f"[{word}]({name})" for word, name in zip(words, names, strict=True))
        lines.append(f"| {shown.title} | {links} |\n")
    head = HEAD.format(title=title, one=one, dots=DOTS_AN_INCH)
    (folder / "README.md").write_text(head + "".join(lines), encoding="utf-8")
    told = json.dumps(made_from, indent=2, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(told, encoding="utf-8")
    return sum(len(one["files"]) for one in made_from.values())


def main() -> int:
    if shutil.which("pdftoppm") is None:
        print("Thiếu pdftoppm. Chạy: sudo apt-get install -y poppler-utils", file=sys.stderr)
        return 1
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()

    from dossiers.slips import slip_stylesheet
    from onestop import pdf
    from tests.dossiers.slips import shown as slips
    from tests.reports import shown as reports

    styles = (slip_stylesheet(),)
    drawn = {
        "slips": fill(
            ROOT / "docs" / "slips",
            "Các phiếu in ra",
            "phiếu",
            chain(
                ((one, pdf.render(one.html, stylesheets=styles)) for one in slips.everything()),
                ((one, one.pdf) for one in reports.books()),
            ),
        ),
        "reports": fill(
            ROOT / "docs" / "reports",
            "Các báo cáo in ra",
            "báo cáo",
            ((one, one.pdf) for one in reports.everything()),
        ),
    }
    for folder, number in drawn.items():
        print(f"Đã vẽ {number} hình trong docs/{folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
