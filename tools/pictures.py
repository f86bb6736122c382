"""Draws the pictures of docs/slips from invented, fixed slips (tests/dossiers/slips/shown.py) and
writes down what each was made from.

`make pictures`. Needs pdftoppm (Debian: poppler-utils). The same sources give the same pictures; a
test finds those that were not drawn again after a change (tests/dossiers/slips/test_pictures.py).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import ROOT

FOLDER = ROOT / "docs" / "slips"
DOTS_AN_INCH = 90
HEAD = """# Các phiếu in ra

In từ dữ liệu minh họa bằng `make pictures`, {dots} điểm một inch; người và hồ sơ đều không có thật.

| phiếu | hình |
|---|---|
"""


def draw(pdf: bytes, name: str) -> list[str]:
    """The pages as pictures; the names of their files."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "slip.pdf"
        source.write_bytes(pdf)
        subprocess.run(
            [
                "pdftoppm",
                "-r",
                str(DOTS_AN_INCH),
                "-gray",
                "-png",
                str(source),
                str(Path(folder) / "p"),
            ],
            check=True,
        )
        pages = sorted(Path(folder).glob("p*.png"))
        names = (
            [f"{name}.png"]
            if len(pages) == 1
            else [f"{name}-trang-{number}.png" for number in range(1, len(pages) + 1)]
        )
        for page, known in zip(pages, names, strict=True):
            shutil.copyfile(page, FOLDER / known)
    return names


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
    from tests.dossiers.slips.shown import everything

    for old in FOLDER.glob("*.png"):
        old.unlink()
    lines, made_from = [], {}
    for shown in everything():
        names = draw(pdf.render(shown.html, stylesheets=(slip_stylesheet(),)), shown.name)
        made_from[shown.name] = {"files": names, "made_from": shown.made_from}
        words = (
            ["hình"]
            if len(names) == 1
            else [f"trang {number}" for number in range(1, len(names) + 1)]
        )
        links = ", ".join(f"[{word}]({name})" for word, name in zip(words, names, strict=True))
        lines.append(f"| {shown.title} | {links} |\n")
    (FOLDER / "README.md").write_text(
        HEAD.format(dots=DOTS_AN_INCH) + "".join(lines), encoding="utf-8"
    )
    (FOLDER / "manifest.json").write_text(
        json.dumps(made_from, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"Đã vẽ {sum(len(one['files']) for one in made_from.values())} hình trong docs/slips.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
