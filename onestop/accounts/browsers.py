"""What a browser calls itself, in words that its owner knows it by.

Only for people who look whether a session is theirs: a few names suffice, and nothing is decided by
them. Libraries that know every device bring lists that must be renewed.
"""

# The first that is found: each names itself among the names of those it descends from.
BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "máy Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """“Chrome trên Windows”; “Không rõ trình duyệt” for what is neither known nor told."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if not browser and not system:
        return "Không rõ trình duyệt"
    return f"{browser or 'Trình duyệt khác'} trên {system}" if system else browser


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((words for mark, words in known if mark in user_agent), "")
