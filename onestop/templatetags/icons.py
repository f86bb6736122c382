"""The icons: templates/ui/icons/, 16 × 16, drawn with one stroke. Inline, so that fragments, print
and a strict CSP need nothing else.
"""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def icon_svg(name: str) -> SafeString:
    """An icon that screen readers skip. Errors: TemplateDoesNotExist for an unknown name."""
    return render_to_string(f"ui/icons/{name}.svg")
