"""One writing of weekdays, in one place: "thứ Hai" … "Chủ nhật", never "Thứ 2" nor "T2"."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("onestop", "procedures", "dossiers", "feedback", "citizens", "exchange", "reports", "tools")
# Django's own names of weekdays ("Thứ 5", "CN"), by |date:"D" or "l".
OF_DJANGO = re.compile(r"""\|date:["'][^"']*(?<!\\)[DlNw]""")
NAMED = re.compile(r"[Tt]hứ (?:Hai|Ba|Tư|Năm|Sáu|Bảy|[2-7]\b)\"")
NUMBERED = re.compile(r"[Tt]hứ [2-7](?!\d)\b(?! là)")
WRITER = ROOT / "onestop" / "worktime" / "zone.py"


def test_no_template_lets_django_write_a_weekday() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if OF_DJANGO.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_one_module_holds_their_names() -> None:
    found = [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if path != WRITER and NAMED.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_page_counts_them() -> None:
    pages = (ROOT / "templates").rglob("*.html")
    assert [p.name for p in pages if NUMBERED.search(p.read_text(encoding="utf-8"))] == []
