"""Opens every figure of a page as a person would: what it says is how many dossiers its list has."""

import os
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from django.db import connection

_LINK = re.compile(r'<a href="(/dieu-hanh/ho-so/\?[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
_TITLE = re.compile(r"<title>[^<]*: ([\d.]+)</title>")
_FIGURE = re.compile(r"\s*([\d.]+)\s*")


def figures(page: Any) -> list[tuple[str, int]]:
    """(address, number) of every figure and every part of a bar that can be opened."""
    found = []
    for url, inside in _LINK.findall(page.content.decode()):
        number = _TITLE.search(inside) or _FIGURE.fullmatch(re.sub(r"<[^>]+>", "", inside))
        assert number is not None, (url, inside)
        found.append((unescape(url), int(number[1].replace(".", ""))))
    return found


def listed(client: Any, url: str) -> list[str]:
    """The codes of all pages of a list."""
    codes: list[str] = []
    while url:
        page = client.get(url)
        assert page.status_code == 200, url
        codes += [row.line.code for row in page.context["rows"]]
        url = page.context["next"]
    assert len(codes) == len(set(codes))
    return codes


def walk(client: Any, url: str = "/dieu-hanh/") -> int:
    """Opens every figure of the page. Out: how many."""
    page = client.get(url)
    assert page.status_code == 200
    found = figures(page)
    for address, number in found:
        assert len(listed(client, address)) == number, address
    return len(found)


def a_part(all_of_them: Sequence[Any], first: int = 0) -> Sequence[Any]:
    """Every other one: SQLite begins with the first, PostgreSQL with the second; in `make test-long`
    (PostgreSQL) all of them.
    """
    if os.environ.get("LONG"):
        return all_of_them
    return all_of_them[(first + (connection.vendor != "sqlite")) % 2 :: 2]
