"""What one act brings to the tests that go over all of them, one module an act: a sample of its slip
(`sample`), what docs/slips shows (`pictures`), and a dossier that has its rows (`seed`). A new
module here is found without being named.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def modules() -> list[Any]:
    return [import_module(found.name) for found in iter_modules(__path__, f"{__name__}.")]


def seeded(dossier: Any, office: Any, at: Any) -> None:
    """Let every act write its rows; the dossier is in hand before and after."""
    for module in modules():
        module.seed(dossier, office, at)
