"""A page that somebody asked for when the base was made, and asks for again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, reverse

from onestop.accounts.models import Officer
from tests import passed

GONE = 0


@dataclass(frozen=True)
class Page:
    """What somebody asked for, and the status of the answer. `officer`: nobody when empty."""

    name: str
    arguments: dict[str, Any]
    data: dict[str, Any]
    officer: str
    status: int

    @property
    def said(self) -> str:
        return f"{self.name} {self.arguments} as {self.officer or 'a stranger'}"

    def ask(self) -> int:
        client = Client(raise_request_exception=False)
        if self.officer:
            passed.watch()
            client.force_login(Officer.objects.get(username=self.officer))
        try:
            address = reverse(self.name, kwargs=self.arguments)
        except NoReverseMatch:
            return GONE
        response = client.get(address, self.data)
        if response.streaming:
            b"".join(response.streaming_content)
        return int(response.status_code)
