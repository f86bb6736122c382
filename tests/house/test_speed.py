"""The speed layer is fenced: what is quicker than the plain way stands in onestop/speed.py, and each
trick has its row in the benchmark.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.test_rules import ROOT, name, ours
from tools.benchmark import table

FENCE = "onestop/speed.py"
# The ways to SQL past the ORM's own calls, and to statements on their way to the database.
PAST_THE_ORM = {"get_compiler", "as_sql", "sql_with_params", "execute_wrapper", "RawSQL"}
# What an expression is for another engine: Django asks for these by name.
DIALECTS = {"as_sqlite", "as_postgresql"}
# Made once a process because it is read from a file, holds a connection or comes from the code
# itself; none of it is a row that somebody may change.
MADE_ONCE = {
    # A file of the project, read once.
    "dossiers/banks.py": {"banks"},
    "dossiers/desk/dossier.py": {"_readers"},
    "dossiers/identity.py": {"rules"},
    "dossiers/ledger/bulk.py": {"_columns"},
    "dossiers/ledger/tables.py": {"table_of"},
    # Files of authorities, which are read for long.
    "onestop/calling.py": {"_trust"},
    "onestop/jobs/nudge.py": {"_connection"},
    "onestop/pdf.py": {"_fetcher", "_font_config", "_stylesheet", "_weasyprint"},
    "onestop/worktime/national.py": {"vn_calendar"},
    # A file of the project, read once.
    "procedures/common_names.py": {"events", "names", "_data"},
    # The faces, and how wide words are in them: held to the PDF's milliseconds a cell.
    "reports/rendering/letters.py": {"load_faces", "width", "wrapped"},
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in ours():
        if "generating" not in path.parts:
            yield name(path), ast.parse(path.read_text("utf-8"))


def called(node: ast.expr) -> str:
    """The last part of a name: `functools.cache`, `cache` and `cache(...)` are all cache."""
    if isinstance(node, ast.Call):
        return called(node.func)
    if isinstance(node, ast.Subscript):
        return called(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_nothing_else_reaches_the_compiler_or_catches_statements() -> None:
    found = {}
    for path, tree in sources():
        dialects = [
            node
            for method in ast.walk(tree)
            if isinstance(method, ast.FunctionDef) and method.name in DIALECTS
            for node in ast.walk(method)
        ]
        reached = {
            called(node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute | ast.Name)
            and called(node) in PAST_THE_ORM
            and node not in dialects
        }
        if reached and path != FENCE:
            found[path] = reached
    assert found == {}


def test_nothing_else_keeps_what_it_made() -> None:
    found: dict[str, set[str]] = {}
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
                called(one) in {"cache", "lru_cache"} for one in node.decorator_list
            ):
                found.setdefault(path, set()).add(node.name)
    assert found == MADE_ONCE


def test_every_trick_has_its_row_in_the_benchmark() -> None:
    tricks = {
        node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else path
        for path, tree in sources()
        if path != FENCE
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and called(node) in {"Prepared", "Kept"}
        and "onestop.speed" in imported(tree)
    }
    assert tricks == rows_of_the_benchmark(ROOT / "tools" / "benchmark" / "tricks.py")


def imported(tree: ast.Module) -> set[str | None]:
    return {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def rows_of_the_benchmark(path: Path) -> set[str]:
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and called(node.targets[0]) == "TRICKS":
            return set(ast.literal_eval(node.value))
    raise AssertionError(path)


def test_the_benchmark_counts_the_statements_of_the_page() -> None:
    """Once in some seconds any page asks for the migrations of a newer version; the last answer of
    a look-up once was one that did, and the limit broke.
    """
    assert table.Sample(0, "/", statements=[4, 5, 4, 4, 5]).queries == 4
    assert table.Sample(0, "/", statements=[5, 5, 4, 5]).queries == 5


# Filled while the apps start, with what the code itself declares.
DECLARED = {
    "dossiers/acts/taking_back.py": {"hindrances"},
    "dossiers/desk/lookup_filed.py": {"arrived", "arrived_of", "taken_back"},
    "dossiers/desk/held_elsewhere.py": {"held"},
    "dossiers/desk/online.py": {"besides", "leads"},
    "dossiers/desk/online_shares.py": {"more"},
    "dossiers/desk/sent.py": {"besides", "brought_by"},
    "dossiers/desk/store.py": {"elsewhere"},
    "dossiers/registry.py": {"_declared"},
    "onestop/accounts/factors/__init__.py": {"_kinds"},
    "onestop/changes/domain.py": {"_kept"},
    "onestop/files/domain.py": {"_spared"},
    "onestop/guards.py": {"_guarded"},
    "onestop/jobs/health.py": {"_more"},
    "onestop/jobs/listed.py": {"_listed"},
    "onestop/keeping/offered.py": {"checks", "counters", "silenced"},
    "onestop/outbox/facts.py": {"_listeners"},
    "onestop/shell.py": {"_bell", "_offered", "_search"},
    "procedures/hooks.py": {"_lists_open"},
    "procedures/shell.py": {"_begins_at"},
}


def test_no_module_has_a_memory_of_its_own() -> None:
    found: dict[str, set[str]] = {}
    for path, tree in sources():
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.AnnAssign):
                targets = [node.target]
            value = getattr(node, "value", None)
            is_empty = isinstance(value, ast.Dict) and not value.keys
            is_empty |= isinstance(value, ast.List) and not value.elts
            is_empty |= isinstance(value, ast.Call) and called(value) in {"dict", "list", "set"}
            if is_empty and path != FENCE and all(not called(one).isupper() for one in targets):
                found.setdefault(path, set()).update(map(called, targets))
    assert found == DECLARED
