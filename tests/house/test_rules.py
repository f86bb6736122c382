"""The rules of the house, kept by tests instead of by memory."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [
    "onestop",
    "procedures",
    "dossiers",
    "citizens",
    "exchange",
    "reports",
    "api",
    "feedback",
]


def tracked(*suffixes: str) -> list[Path]:
    """Files git knows or would take, so that nothing generated is judged."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [
        ROOT / name
        for name in listed
        if (not suffixes or name.endswith(suffixes)) and (ROOT / name).is_file()
    ]


def ours(suffix: str = ".py") -> list[Path]:
    return [
        p
        for p in tracked(suffix)
        if p.relative_to(ROOT).parts[0] in PACKAGES and "migrations" not in p.parts
    ]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


TEMPLATES = [p for p in tracked(".html") if "templates" in p.parts]


def test_files_can_be_held_in_the_head():
    long = {name(p): n for p in ours() if (n := len(p.read_text("utf-8").splitlines())) > 450}
    assert long == {}


def test_one_writer_assigns_the_state_of_a_dossier():
    writers = set()
    for path in ours():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign | ast.AugAssign)
                else []
            )
            if any(
                isinstance(target, ast.Attribute) and target.attr == "state" for target in targets
            ):
                writers.add(name(path))
    assert writers <= {"dossiers/ledger/writer.py"}


def test_terms_are_never_counted_in_plain_days():
    """A promise moved by `timedelta(days=5)` is a wrong promise. Outside worktime a timedelta may
    step to the next midnight (days=1) be a named window (days=REPEAT_DAYS) or walk a range, never
    be a term.
    """
    found = [
        f"{name(path)}: {line.strip()}"
        for path in ours()
        if path.relative_to(ROOT).parts[0] != "onestop"
        for line in path.read_text("utf-8").splitlines()
        for argument in re.findall(r"timedelta\(\s*(?:days|weeks)\s*=\s*([^,)]+)", line)
        if argument.strip() != "1"
        and not re.fullmatch(r"[A-Z_]+", argument.strip())
        and "range(" not in line
    ]
    assert found == []


def test_worktime_never_reads_the_clock_nor_the_framework():
    for path in ours():
        if "worktime" in path.parts:
            assert not re.search(
                r"\.now\(|\.today\(|\butcnow\b|^(from|import) django",
                path.read_text("utf-8"),
                re.MULTILINE,
            ), name(path)


def test_the_domain_never_reads_the_clock():
    """Verbs take `at`; now is read at the edges: views, tasks, commands."""
    for path in ours():
        if "domain" in path.parts and "onestop" not in path.parts[: len(ROOT.parts) + 1]:
            assert not re.search(
                r"timezone\.now\(|datetime\.now\(|date\.today\(|localdate\(\)",
                path.read_text("utf-8"),
            ), name(path)


# What a command writes for a person to open: no page, so it brings its style along.
FILES = {"templates/reports/statutory.html"}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_carry_no_style_no_script_and_nothing_from_elsewhere(path: Path):
    text = path.read_text("utf-8")
    is_file = "slips" in path.parts or name(path) in FILES
    assert not re.search(r"<style\b", text) or is_file, "style element"
    assert not re.search(r"\sstyle\s*=", text), "style attribute"
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "event attribute"
    assert not re.search(r"(src|href)=[\"']https?://", text) or "slips" in path.parts, (
        "outside address"
    )
    assert "|safe" not in text, "unescaped text"


# What a part draws of a page is asked here, so that no part is missed below another.
INCLUDED = re.compile(r"{%\s*include\s+[\"']([^\"']+)[\"']([^%]*)%}")


def posts(part: str) -> bool:
    """Whether it, or what it includes with its context, draws a token of its page."""
    text = (ROOT / "templates" / part).read_text("utf-8")
    return "{% csrf_token %}" in text or any(posts(inner) for inner, _ in INCLUDED.findall(text))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_each_key_of_a_page_stands_in_a_box_of_its_own(path: Path):
    """Ctrl and Enter pressed together are written one way, wherever they are."""
    keys = re.findall(r"<kbd>([^<{]*)</kbd>(\+<kbd>)?", path.read_text("utf-8"))
    known = {"Alt", "Ctrl", "Enter", "Esc", "Tab", "Dấu cách", *"abjkBCGHMPT/↓−"}
    assert [key for key, plus in keys if plus or (key and key not in known)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_form_in_a_part_with_variables_of_its_own_gets_the_token(path: Path):
    """Without it the form's button answers "Trang đã cũ": a client of tests sends no token and
    would not notice.
    """
    for part, given in INCLUDED.findall(path.read_text("utf-8")):
        if given.split()[-1:] == ["only"] and "csrf_token=csrf_token" not in given:
            assert not posts(part), part


def test_every_static_file_a_page_asks_for_is_collected():
    """Production serves only what collectstatic took; a page that names another file would be an
    error there alone.
    """
    from fnmatch import fnmatch

    from django.contrib.staticfiles import finders

    from onestop.apps import StaticConfig

    asked = {
        found
        for path in TEMPLATES
        for found in re.findall(r"{% static [\"']([^\"']+)[\"']", path.read_text("utf-8"))
    }
    assert asked
    for wanted in asked:
        assert finders.find(wanted), wanted
        assert not any(
            fnmatch(part, pattern)
            for part in wanted.split("/")
            for pattern in StaticConfig.ignore_patterns
        ), wanted


@pytest.mark.parametrize(
    "path",
    [p for p in TEMPLATES if p.name.startswith("base") or "<html" in p.read_text("utf-8")],
    ids=name,
)
def test_every_whole_page_says_its_language(path: Path):
    text = path.read_text("utf-8")
    assert "<html" not in text or re.search(r"<html[^>]*\blang=[\"']?vi", text)


def test_no_machine_path_and_no_registry_is_named():
    """A clone runs anywhere; nothing in it knows where it was written or where packages come from."""
    forbidden = re.compile(
        r"(?<![\w.])/(?:work|root|home)/[a-z]|pypi"
        r"\.org|files\.pythonhosted|registry\.npmjs|deb\.debian"
        r"|--index-url|cdn\.jsdelivr|unpkg\.com"
    )
    found = []
    for path in tracked(
        ".py",
        ".toml",
        ".lock",
        ".sh",
        ".html",
        ".css",
        ".js",
        ".yml",
        ".md",
        ".json",
        ".csv",
        "Makefile",
        "Dockerfile",
        "run",
    ):
        if path.parent == Path(__file__).parent:
            continue
        found += [
            f"{name(path)}: {match}"
            for match in set(forbidden.findall(path.read_text("utf-8", errors="replace")))
        ]
    assert found == []


def test_every_address_ends_with_a_slash_or_names_a_file():
    from django.urls import get_resolver

    def patterns(resolver, prefix=""):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                yield from patterns(entry, prefix + str(entry.pattern))
            else:
                yield prefix + str(entry.pattern)

    wrong = [
        p
        for p in patterns(get_resolver())
        if p
        and not p.endswith(("/", "$"))
        and not re.search(r"\.(pdf|csv|xlsx|json|ics|svg|png|txt|xml)$", p)
    ]
    assert wrong == []


def test_scheduled_tasks_exist():
    from celery import current_app

    from onestop.celery import app

    assert current_app.main == "onestop"
    missing = {entry["task"] for entry in app.conf.beat_schedule.values()} - set(app.tasks)
    assert missing == set()


def test_every_error_code_raised_has_its_sentence():
    from onestop.errors import SENTENCES

    codes = set()
    for path in ours():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            called_name = getattr(called, "id", getattr(called, "attr", ""))
            if (
                isinstance(node, ast.Call)
                and called_name in ("DomainError", "Denied")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                codes.add(node.args[0].value)
    assert codes - set(SENTENCES) == set()


@pytest.mark.django_db
def test_the_state_diagram_is_fresh():
    from django.core.management import call_command

    call_command("state_diagram", "--check")


def test_the_readme_is_short_and_starts_with_the_two_commands():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) <= 120
    assert "make run" in readme
    assert "make test" in readme
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", readme):
        assert (ROOT / picture).is_file(), picture


@pytest.mark.parametrize(
    "path",
    ["CHANGELOG.md", "CONTRIBUTING.md", "docs/glossary.md", "docs/states.md", "docs/operations.md"],
)
def test_the_papers_of_the_project_are_there(path: str):
    assert (ROOT / path).stat().st_size > 200


def test_officers_are_you_only_citizens_are_addressed_as_in_letters():
    """On pages behind the sign-in, in refusals and in what the bell tells: “bạn”, or nobody."""
    behind = re.compile(r'extends (?:frame|"(?:base_officer|dossiers/acts/act)\.html")')
    pages = [path for path in TEMPLATES if behind.search(path.read_text("utf-8"))]
    words = [path for path in tracked(".txt") if path.parent.name == "told"]
    # What refuses a citizen's own sign-in speaks to citizens.
    told = [path for path in ours() if path.parts[-2] not in ("citizens", "feedback")]
    words += [path for path in told if path.name.startswith("messages")]
    assert (len(pages) > 50, len(words) > 30) == (True, True)
    assert [name(p) for p in pages + words if "ông/bà" in p.read_text("utf-8").lower()] == []


def test_figures_and_addresses_from_outside_are_read_in_one_place():
    """`isdigit` takes "²", `int` figures of any length, `urlsplit` raises on "http://[x":
    onestop/texts.py knows.
    """
    readers = re.compile(r"\.is(?:digit|decimal|numeric)\(|\burlsplit\(|\burlparse\(")
    found = {
        name(path)
        for path in ours()
        if {"views", "forms", "queries"} & set(path.with_suffix("").parts)
        and readers.search(path.read_text("utf-8"))
    }
    assert (
        found - {"procedures/queries.py", "dossiers/desk/search.py"} == set()
    )  # these two rank what was typed


def test_no_modules_import_each_other_in_a_circle():
    """Neither at the top, nor inside a function, nor for the type checker alone."""
    import grimp

    graph = grimp.build_graph(
        "onestop",
        "procedures",
        "dossiers",
        "feedback",
        "citizens",
        "exchange",
        "reports",
        "api",
        cache_dir=None,
    )
    waiting = set(graph.modules)
    # Whoever imports nothing that still waits is in no circle; what stays is one.
    while free := {
        module
        for module in waiting
        if not graph.find_modules_directly_imported_by(module) & waiting - {module}
    }:
        waiting -= free
    circle = {
        module
        for module in waiting
        if any(m in waiting for m in graph.find_modules_that_directly_import(module))
    }
    assert sorted(circle) == []
