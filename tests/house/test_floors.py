"""What each floor of the house may know: no HTML in Python, addresses spelt once, the ground floor
without a word of the apps above, what people are told in templates.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

from tests.house.test_rules import ROOT, TEMPLATES, name, ours, tracked

# What makes HTML of strings: templates do that.
MAKERS = {"format_html", "format_html_join", "mark_safe", "escape", "conditional_escape"}
TAG = re.compile(
    r"(?<!\?P)</?[a-z][a-z0-9]*(\s[^<>]*)?/?>|</?[a-z]+\s+[a-z-]+=|&(amp|lt|gt|nbsp|quot);"
)
# A worker without Django reads it from a file; what is put together here is checked, not shown.
READERS = {"onestop/files/office.py"}


@cache
def strings(path: Path) -> list[tuple[int, str]]:
    """Every text of a module that is no docstring, with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{name(path)}:{line}: {text[:80]}"
        for path in paths
        for line, text in strings(path)
        if pattern.search(text)
    ]


def test_no_html_is_built_in_python():
    paths = [path for path in ours() if name(path) not in READERS]
    assert found(TAG, paths) == []
    makers = [
        f"{name(path)}: {alias.name}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and node.module in ("html", "django.utils.html", "django.utils.safestring")
        for alias in node.names
        if alias.name in MAKERS
    ]
    assert makers == []


def first_words(resolver: URLResolver) -> set[str]:
    """How the addresses of the product begin: tiep-nhan, viec, …"""
    words = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            words |= first_words(entry)
        elif begin := re.match(r"\^?([a-z][a-z-]+)/", str(entry.pattern)):
            words.add(begin[1])
    return words


def address() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.}}])/(?:{'|'.join(sorted(first_words(get_resolver())))})/")


def test_addresses_are_spelt_once():
    """In the urls modules. Everything else says their names: reverse, {% url %}, data attributes
    for scripts.
    """
    spelt = address()
    assert spelt.search('"/viec/?loai="')
    paths = [path for path in ours() if "urls" not in path.with_suffix("").parts]
    assert found(spelt, paths) == []
    pages = [*TEMPLATES, *(p for p in tracked(".js", ".txt") if p.parts[-2] == "static")]
    assert [name(path) for path in pages if spelt.search(path.read_text("utf-8"))] == []


# Words of the apps above, and their names in a dotted path.
ABOVE = re.compile(
    r"\b(?:dossiers|procedures|citizens|exchange|reports|api|feedback)\.|hồ sơ|thủ tục|tiếp nhận|bàn giao hồ sơ|tra cứu"
    r"|hẹn trả|giấy hẹn",
    re.IGNORECASE,
)
# Where the ground floor names them all the same.
KNOWN_BELOW = {
    "onestop/celery.py": "the schedule of the whole product, by name",
    "onestop/settings.py": "puts the product together, by name",
    "onestop/urls.py": "puts the product together, by name",
    "onestop/accounts/demo.py": "the demo's own offices and people",
    "onestop/accounts/models/agencies.py": "the unit part of codes is written on the agency (R-04)",
    "onestop/accounts/messages.py": "the same",
    "onestop/accounts/models/officers.py": "the law's names of the roles",
    "onestop/accounts/models/calendar.py": "reception-only days: the calendar's own word",
    "onestop/accounts/forms.py": "the same",
    "onestop/backups/models.py": "what verify_events counts, in the record of a proof",
    "onestop/backups/proving.py": "the same",
    "onestop/management/commands/due.py": "explains working time in the words of worktime",
}


def test_the_ground_floor_knows_no_word_of_the_apps_above():
    """Working time has words of its own for what it explains: promise, receipt, completion."""
    paths = [
        path
        for path in ours()
        if path.relative_to(ROOT).parts[0] == "onestop"
        and "worktime" not in path.parts
        and name(path) not in KNOWN_BELOW
    ]
    assert found(ABOVE, paths) == []


@cache
def all_strings() -> set[str]:
    return {text for module in ours() for _, text in strings(module)}


TOLD = sorted(
    path.relative_to(ROOT / "templates")
    for path in (ROOT / "templates").rglob("told/*.txt")
    if not path.name.startswith("_")
)


def test_what_people_are_told_stands_in_a_template():
    """Whoever posts a notice gives the words of an event, never a sentence of its own."""
    spoken = [
        f"{name(path)}:{node.lineno}"
        for path in ours()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("post", "Notice", "tell", "tell_controllers")
        and {"subject", "body"} & {word.arg for word in node.keywords}
    ]
    assert spoken == []


@pytest.mark.parametrize("path", TOLD, ids=str)
def test_every_event_that_has_words_is_told(path: Path):
    assert {path.stem, str(path.with_suffix(""))} & all_strings()
    first, _, rest = (ROOT / "templates" / path).read_text("utf-8").partition("\n")
    assert first.strip(), "the first line is the subject"
    assert rest.strip(), "what stands below it is what one reads"
