"""What one act brings to the tests that go over all of them, one module an act: a dossier that has its
rows (`seed`), and where it prints a slip a sample of it (`sample`) and what docs/slips shows
(`pictures`). A new module here is found without being named.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def printing() -> list[Any]:
    """The modules of acts that print a slip."""
    return [module for module in modules() if hasattr(module, "sample")]


def modules() -> list[Any]:
    return [import_module(found.name) for found in iter_modules(__path__, f"{__name__}.")]


def holding(dossier: Any, office: Any) -> Any:
    """The desk of whoever has the dossier."""
    return office.desk(type(dossier).objects.select_related("holder").get(pk=dossier.pk).holder)


def seeded(dossier: Any, office: Any, at: Any) -> None:
    """Let every act write its rows; the dossier is in hand before and after."""
    for module in modules():
        module.seed(dossier, office, at)


def when_ready(dossier: Any, office: Any, at: Any) -> None:
    """The same of acts on a dossier whose result lies at the counter; it stays so."""
    for module in modules():
        if hasattr(module, "when_ready"):
            module.when_ready(dossier, office, at)


def after_the_end(dossier: Any, office: Any, at: Any) -> None:
    """The same of acts on a dossier whose result was given back; it stays so."""
    for module in modules():
        if hasattr(module, "after_the_end"):
            module.after_the_end(dossier, office, at)
