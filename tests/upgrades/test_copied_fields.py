"""While it migrates, a copied field is what Django's own way makes (onestop/migrating.py)."""

from __future__ import annotations

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field

from onestop import speed
from onestop.migrating import NAME, copied, copied_fields


def test_a_copied_field_is_the_one_that_would_be_made() -> None:
    """Each field of each model as the migrations leave it: told alike, bound to nobody, and behind those
    before it.
    """
    models = MigrationLoader(None).project_state().models
    fields = [field for model in models.values() for field in model.fields.values()]
    assert len(fields) > 1000
    for field in fields:
        usual, quick = field.clone(), copied(field)
        assert quick.deconstruct() == usual.deconstruct()
        assert {*vars(quick)} >= {*vars(usual)}
        assert not hasattr(quick, "model")
        assert quick.auto_created == usual.auto_created
        if field.remote_field:
            assert quick.remote_field is not field.remote_field
            assert quick.remote_field.field is quick
        behind = usual.creation_counter - quick.creation_counter
        assert behind == (1 if field.auto_created else -1)


def test_it_is_so_inside_only_and_can_be_left_out() -> None:
    usual = Field.clone
    with pytest.raises(ZeroDivisionError), copied_fields():
        assert Field.clone is copied
        raise ZeroDivisionError
    assert Field.clone is usual
    with speed.plainly(NAME), copied_fields():
        assert Field.clone is usual
