"""How an officer wants to see the own screen: follows the officer to any browser.

Kept on the officer's own row, which every page has read already.
"""

from __future__ import annotations

from typing import Any

from onestop.accounts.models import Officer


def preferred(officer: Officer, name: str) -> Any:
    """What this officer chose under that name; None when nothing. Whoever reads it judges it anew:
    what could be chosen then may be gone.
    """
    return officer.preferences.get(name)


def prefer(officer: Officer, name: str, value: Any) -> None:
    """Keep a choice (None: as for everybody). One UPDATE, none where it was chosen already."""
    if officer.preferences.get(name) == value:
        return
    kept = {one: said for one, said in officer.preferences.items() if one != name}
    officer.preferences = kept if value is None else kept | {name: value}
    Officer.objects.filter(pk=officer.pk).update(preferences=officer.preferences)
