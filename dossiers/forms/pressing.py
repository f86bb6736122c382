"""What is written for an act on many dossiers by one press. An act names its form itself
(registry.OnMany).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.module_loading import import_string

from dossiers.models import Dossier
from dossiers.registry import Act
from onestop.layout import laid


class ForMany(forms.Form):
    """Asked once for all chosen dossiers."""

    helper: Any = laid()

    def __init__(
        self, data: Any = None, *, dossiers: Sequence[Dossier], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)

    @property
    def told(self) -> dict[str, Any]:
        """What the run keeps of it until its dossiers are gone through: plain values."""
        return dict(self.cleaned_data)


class NothingToSay(ForMany):
    """An act that asks for nothing but the decision to do it."""


def form_of(act: Act) -> type[ForMany]:
    """The form of an act on many."""
    assert act.many is not None
    found: type[ForMany] = import_string(act.many.form)
    return found
