"""No test is lost between the parts of `make test` (tools/test.py), and each says why where it runs
on one engine only.
"""

import ast
import importlib.util
import sys
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import _tells_engines_apart

ROOT = Path(__file__).resolve().parents[2]
# What may choose between the parts.
ENGINES = ("postgres", "redis", "browser", "heavy")
ONE_ENGINE = ("no_database", "one_engine")
MARKERS = (*ENGINES, *ONE_ENGINE, "slow", "left_to_postgres")


@pytest.fixture
def legs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.delenv("LONG", raising=False)
    module = read_legs(monkeypatch)
    return {name: module.LEGS[name].marker for name in module.USUAL}


def read_legs(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of `make test`, as the environment stands now."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("legs_of_make_test", ROOT / "tools" / "test.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def takes(expression: str, marked: dict[str, bool]) -> bool:
    """An expression of -m is one of Python."""
    return bool(eval(expression, {"__builtins__": {}}, dict(marked)))


def test_whatever_a_test_is_marked_it_is_run(legs: dict[str, str]) -> None:
    for values in product([False, True], repeat=len(MARKERS)):
        marked = dict(zip(MARKERS, values, strict=True))
        if marked["left_to_postgres"] and any(marked[name] for name in (*ENGINES, *ONE_ENGINE)):
            continue  # conftest gives it to nothing that runs on one engine
        assert any(takes(leg, marked) for leg in legs.values()), marked


def test_of_what_both_are_asked_sqlite_answers_some_and_all_elsewhere(
    legs: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = dict.fromkeys(MARKERS, False) | {"left_to_postgres": True}
    assert takes(legs["postgres"], other)
    assert not takes(legs["sqlite"], other)
    monkeypatch.setenv("LONG", "1")
    assert takes(read_legs(monkeypatch).LEGS["sqlite"].marker, other)
    assert all(takes(leg.marker, other) for leg in read_legs(monkeypatch).shifted())


def test_what_is_shared_out_between_the_engines_is_never_left_to_postgres() -> None:
    """Seeds, readers and pages of which each engine is asked a part: SQLite's part has no twin."""
    apart = {
        path.relative_to(ROOT / "tests").as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if _tells_engines_apart(path)
    }
    assert {
        "accounts/test_matrix.py",
        "dossiers/critic/test_walks.py",
        "exchange/test_any_order.py",
        "lives/test_lives.py",
        "proofs/test_trouble.py",
        "reports/test_board.py",
        "reports/test_board_pages.py",
    } <= apart


def test_what_asks_a_database_is_run_on_both_engines(legs: dict[str, str]) -> None:
    plain = dict.fromkeys(MARKERS, False)
    assert takes(legs["sqlite"], plain)
    assert takes(legs["postgres"], plain)
    assert takes(legs["postgres"], plain | {"slow": True})
    for needs in ("postgres", "redis", "browser", "heavy"):
        assert takes(legs["postgres"], plain | {needs: True, "no_database": True})
    for once in ONE_ENGINE:
        assert takes(legs["sqlite"], plain | {once: True})
        assert not takes(legs["postgres"], plain | {once: True})


def test_no_test_stands_where_pytest_does_not_look() -> None:
    """In a module of another name, or below a later one of the same name."""
    lost = []
    for path in (ROOT / "tests").rglob("*.py"):
        names = Counter(
            node.name
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and node.name.lower().startswith("test")
        )
        seen = path.name.startswith("test_")
        lost += [
            f"{path.relative_to(ROOT)}::{name}"
            for name, times in names.items()
            if times > 1 or not seen
        ]
    assert lost == []
