"""What people do to a dossier: one module a subject, with the verbs and what each act declares of
itself (registry.py).
"""

from importlib import import_module
from pkgutil import iter_modules


def load() -> None:
    """Let every act declare itself. A new module here is found without being named anywhere."""
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
