"""`/`: where citizens come in; of an officer the own start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from onestop.accounts.models import Role
from onestop.shell import links

pytestmark = pytest.mark.django_db


def test_a_stranger_finds_what_is_for_everybody_and_where_officers_sign_in(client: Client) -> None:
    answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for link in links():
        assert f'href="{link.url}"' in page
        assert link.hint in page
    assert 'href="/noi-tiep-nhan/"' in page
    assert page.count('href="/dang-nhap/"') == 1
    assert not answer.cookies
    assert "<script" not in page


def test_an_officer_begins_where_the_own_day_begins(
    officer: Callable[..., Any], signed_in: Callable[..., Client]
) -> None:
    assert signed_in(officer(Role.CLERK)).get("/")["Location"] == "/tiep-nhan/"


def test_a_script_whose_session_is_over_is_told_so(client: Client) -> None:
    assert client.get("/", HTTP_X_SESSION="1").status_code == 401


def test_who_knocks_with_another_verb_is_refused(client: Client) -> None:
    assert client.post("/").status_code == 405
