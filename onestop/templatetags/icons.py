"""The icons: 16 × 16, drawn with one stroke, as path data. Inline, so that fragments, print and a
strict CSP need nothing else.
"""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: dict[str, str] = {
    "alert": '<path d="M8 2 1.5 13.5h13zM8 6.5v3.2M8 11.6v.1"/>',
    "attach": '<path d="M13 7.5 7.8 12.7a3 3 0 0 1-4.3-4.2L9 3a2 2 0 0 1 2.9 2.9l-5.3 5.2a1 1 0 0 1-1.4-1.4L10 5"/>',
    "back": '<path d="M13.5 8h-11M6.5 3.5 2 8l4.5 4.5"/>',
    "bell": '<path d="M3 12h10l-1.2-1.8V7a3.8 3.8 0 0 0-7.6 0v3.2zM6.7 14h2.6"/>',
    "book": '<path d="M3 2.5h8.5a1.5 1.5 0 0 1 1.5 1.5v9.5H4.5A1.5 1.5 0 0 1 3 12zM3 12a1.5 1.5 0 0 1 1.5-1.5H13M6 5.5h4"/>',
    "calendar": '<path d="M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 1.8v3M10.5 1.8v3"/>',
    "chart": '<path d="M2 14h12M4 14V8.5M8 14V3M12 14V6"/>',
    "check": '<path d="m2.5 8.5 3.8 3.8 7.2-8"/>',
    "clock": '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.8"/>',
    "clock-over": '<circle cx="8" cy="8" r="6"/><path d="M8 4.3v4.4M8 11v.2"/>',
    "close": '<path d="m3.5 3.5 9 9M12.5 3.5l-9 9"/>',
    "done": '<circle cx="8" cy="8" r="6"/><path d="m5.2 8.3 2 2 3.6-4.2"/>',
    "download": '<path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11"/>',
    "edit": '<path d="m2.5 13.5.7-3L10.8 3l2.2 2.2-7.5 7.6z"/>',
    "exit": '<path d="M9.5 2.5h-6v11h6M6.5 8h7M11 5.5 13.5 8 11 10.5"/>',
    "file": '<path d="M3.5 1.8h6l3 3v9.4h-9zM9.5 1.8v3h3M5.8 8h4.4M5.8 10.8h4.4"/>',
    "filter": '<path d="M2 3h12L9.5 8.5v4l-3 1.2V8.5z"/>',
    "handover": '<path d="M2 5.5h10M9.5 3 12 5.5 9.5 8M14 10.5H4M6.5 8 4 10.5 6.5 13"/>',
    "history": '<path d="M2.5 8a5.5 5.5 0 1 0 1.7-4M2.3 2.5v2.8h2.8M8 5v3.2l2.2 1.3"/>',
    "inbox": '<path d="M2 9.5 4 3h8l2 6.5v4H2zM2 9.5h3.5l1 1.8h3l1-1.8H14"/>',
    "info": '<circle cx="8" cy="8" r="6"/><path d="M8 7.3v3.6M8 5v.1"/>',
    "lock": '<path d="M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>',
    "menu": '<path d="M2 4h12M2 8h12M2 12h12"/>',
    "money": '<path d="M1.8 4h12.4v8H1.8z"/><circle cx="8" cy="8" r="1.8"/>',
    "next": '<path d="M2.5 8h11M9.5 3.5 14 8l-4.5 4.5"/>',
    "pause": '<circle cx="8" cy="8" r="6"/><path d="M6.4 5.8v4.4M9.6 5.8v4.4"/>',
    "person": '<circle cx="8" cy="5" r="2.7"/><path d="M2.8 13.8c.4-3 2.4-4.4 5.2-4.4s4.8 1.4 5.2 4.4"/>',
    "phone": '<path d="M3 2.5h2.8l1 3L5 6.8a8 8 0 0 0 4.2 4.2l1.3-1.8 3 1V13a1 1 0 0 1-1 1A10.5 10.5 0 0 1 2 3.5a1 1 0 0 1 1-1z"/>',
    "plus": '<path d="M8 2.5v11M2.5 8h11"/>',
    "print": '<path d="M4.5 5.5v-3.5h7v3.5M4.5 11.5h-2.5v-6h12v6h-2.5M4.5 9.5h7v4.5h-7z"/>',
    "refuse": '<circle cx="8" cy="8" r="6"/><path d="m5.7 5.7 4.6 4.6M10.3 5.7l-4.6 4.6"/>',
    "return": '<path d="M2 4h9.5v9.5H2zM5 8.5l1.8 1.8L14 3"/>',
    "seal": '<path d="M2.5 14V6.5L8 2.5l5.5 4V14M5.5 14V9h5v5M1.5 14h13"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
    "settings": '<path d="M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7"/>'
    '<circle cx="10.7" cy="4.5" r="1.7"/><circle cx="5.2" cy="11.5" r="1.7"/>',
    "stop": '<circle cx="8" cy="8" r="6"/><path d="M5.8 5.8h4.4v4.4H5.8z"/>',
    "tasks": '<path d="m2 4 1.2 1.2L5.3 3M2 8.8l1.2 1.2 2.1-2.2M2 13.4l1.2 1.1 2.1-2.2M7.5 4.2H14M7.5 9H14M7.5 13.6H14"/>',
    "undo": '<path d="M2.5 6h7a3.8 3.8 0 0 1 0 7.5H5M5.5 3l-3 3 3 3"/>',
    "work": '<circle cx="8" cy="8" r="6"/><path d="M6.7 5.3 10.8 8l-4.1 2.7z"/>',
}


@lru_cache(maxsize=64)
def icon_svg(name: str) -> SafeString:
    """An icon that screen readers skip; an unknown name raises KeyError so that tests find it."""
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{}</svg>',
        name,
        mark_safe(PATHS[name]),  # noqa: S308 - our own constant
    )
