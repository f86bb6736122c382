"""The citizens' provider and office, here too."""

from tests.citizens.conftest import enter, key, office, provider

__all__ = ["enter", "key", "office", "provider"]
