"""What the tests and tools ask of a module by its name is there: of the last to be renamed, nobody
learns before the whole suite has run.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.house.test_rules import PACKAGES, ROOT, name, tracked

OURS = (*PACKAGES, "tests", "tools")


def test_what_is_asked_of_a_module_is_there() -> None:
    asking = [path for path in tracked(".py") if path.relative_to(ROOT).parts[0] in OURS]
    missing = [one for path in asking if "migrations" not in path.parts for one in _missing(path)]
    assert missing == []


def _missing(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    modules = dict(_modules(tree))
    for taken in _bound(tree):  # a parameter or variable of the same name is not the module
        modules.pop(taken, None)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id)
            if module and isinstance(node.ctx, ast.Load) and not _has(module, node.attr):
                yield f"{name(path)}:{node.lineno}: {module}.{node.attr}"


def _modules(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names that stand for a module of ours, and which."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
            for one in node.names:
                whole = f"{node.module}.{one.name}"
                if _is_module(whole):
                    yield one.asname or one.name, whole


def _bound(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in OURS


def _is_module(whole: str) -> bool:
    """Not what a package gives under the name of one of its modules."""
    parent, _, last = whole.rpartition(".")
    return _file(whole) is not None and last not in (_names(parent) or ())


def _file(module: str) -> Path | None:
    path = ROOT / module.replace(".", "/")
    return next(
        (one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()), None
    )


def _has(module: str, attribute: str) -> bool:
    names = _names(module)
    is_known = names is None or attribute in names or attribute.startswith("__")
    return is_known or _file(f"{module}.{attribute}") is not None


@cache
def _names(module: str) -> frozenset[str] | None:
    """What stands in a module; None where that is not seen (a star, a package that is none)."""
    path = _file(module)
    if path is None:
        return None
    tree, found = ast.parse(path.read_text("utf-8")), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(one.asname or one.name).partition(".")[0] for one in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
    if "*" in found or "__getattr__" in found:
        return None
    return frozenset(found)
