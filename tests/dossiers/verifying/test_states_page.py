"""docs/states.md is generated from what the acts declare and never stale."""

import pytest
from django.core.management import CommandError, call_command

from dossiers.management.commands import state_diagram
from dossiers.registry import all_acts


def test_the_page_is_fresh_and_names_every_act() -> None:
    call_command("state_diagram", "--check")
    text = state_diagram.FILE.read_text(encoding="utf-8")
    assert all(f"`{act.name}`" in text for act in all_acts())


def test_a_stale_page_is_refused(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = tmp_path / "states.md"  # type: ignore[operator]
    stale.write_text("cũ", encoding="utf-8")
    monkeypatch.setattr(state_diagram, "FILE", stale)
    with pytest.raises(CommandError, match=r"manage\.py state_diagram"):
        call_command("state_diagram", "--check")
    call_command("state_diagram")
    call_command("state_diagram", "--check")
