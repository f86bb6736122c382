"""No lock reaches further than what it is asked of. A default order that joins another table (a
report by its agency, the agency by its name) locks the rows of that table too, and two people wait
for each other; `get` and `exists` drop the order, `of=` leaves the others free.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from tests.house.test_rules import name, ours

ENDS = {"get", "get_or_create", "exists"}


def tables(called: str, package: str) -> list[type[Model]]:
    """The models a name may mean: those of the own package before others that are called so."""
    every = [model for model in apps.get_models() if model.__name__ == called]
    return [m for m in every if m.__module__.startswith(f"{package}.")] or every


def joins(model: type[Model]) -> bool:
    """Whether the default order asks another table."""
    return " JOIN " in str(model._default_manager.all().query)


def locks(tree: ast.AST) -> Iterator[list[ast.expr]]:
    """Each chain of calls with a lock in it, from its root: `Draft`, `.objects`, `.filter(…)`, …"""
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):
        if node in inner or not isinstance(node, ast.Call):
            continue
        chain: list[ast.expr] = []
        part: ast.expr = node
        while isinstance(part, ast.Call | ast.Attribute):
            inner.add(part)
            chain.insert(0, part)
            part = part.func if isinstance(part, ast.Call) else part.value
        chain.insert(0, part)
        if "select_for_update" in called(chain):
            yield chain


def called(chain: list[ast.expr]) -> dict[str, ast.Call]:
    return {
        one.func.attr: one
        for one in chain
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
    }


def reaches_further(chain: list[ast.expr], package: str) -> bool:
    verbs, root = called(chain), chain[0]
    lock = verbs["select_for_update"]
    if any(said.arg == "of" for said in lock.keywords) or "order_by" in verbs or ENDS & set(verbs):
        return False
    # What is not called by the name of a model may be any.
    models = tables(root.id, package) if isinstance(root, ast.Name) else []
    return not models or any(map(joins, models))


def found(source: str, package: str) -> list[str]:
    return [
        ast.unparse(chain[-1])
        for chain in locks(ast.parse(source))
        if reaches_further(chain, package)
    ]


def test_no_lock_goes_over_a_default_order_that_joins() -> None:
    seen = {name(p): found(p.read_text("utf-8"), name(p).split("/")[0]) for p in ours()}
    assert {path: lines for path, lines in seen.items() if lines} == {}


def test_a_lock_that_reaches_further_is_found() -> None:
    for fault in (
        "rows(form).select_for_update(no_key=True)",
        "SignedReport.objects.filter(version=1).select_for_update().first()",
        "Draft.objects.select_for_update().filter(pk=1).first()",
    ):
        assert found(fault, "reports") == [fault]
    for right in (
        "rows(form).order_by('version').select_for_update()",
        "SignedReport.objects.select_for_update().get(pk=1)",
        "SignedReport.objects.select_for_update(of=('self',))",
        "Draft.objects.select_for_update().filter(pk=1).first()",
    ):
        assert found(right, "dossiers") == []
