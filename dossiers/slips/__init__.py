"""Printed slips: frozen contexts in, the page out. No database, no clock: the same snapshot draws
the same page for ever (R-88).
"""

from dossiers.slips.forms import FORMS, Form, form_on
from dossiers.slips.html import (
    Layout,
    render_html,
    render_page,
    render_together,
    slip_stylesheet,
)

__all__ = [
    "FORMS",
    "Form",
    "Layout",
    "form_on",
    "render_html",
    "render_page",
    "render_together",
    "slip_stylesheet",
]
