"""The parts of /quan-tri/, as far as this officer may open them. Load with {% load administration
%}.

{% administration_tabs "lich" %}    the key of the part that the page belongs to
"""

from typing import Any

from django import template
from django.template import Context

from onestop import shell
from onestop.accounts.models import Role

register = template.Library()


@register.inclusion_tag("accounts/_tabs.html", takes_context=True)
def administration_tabs(context: Context, here: str) -> dict[str, Any]:
    """One row where there is room; on a phone a menu that names the part one is in. Nothing for
    whoever has only one part.
    """
    desk = context["request"].desk
    tabs = [tab for tab in shell.tabs() if desk.has(*map(Role, tab.roles))]
    return {
        "tabs": tabs if len(tabs) > 1 else (),
        "here": here,
        "current": next((tab.label for tab in tabs if tab.key == here), ""),
    }
