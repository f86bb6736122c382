"""The frame around every page: what it shows to whom, and that it stands without a database."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from onestop import context, shell
from onestop.accounts.models import Role

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def visit(path: str = "/viec/", *, roles: set[Role] | None = None) -> HttpRequest:
    request: Any = RequestFactory().get(path)
    signed_in = roles is not None
    request.user = SimpleNamespace(
        is_authenticated=signed_in, full_name="Nguyễn Thị Hoa", username="tiepnhan", title="", pk=1
    )
    request.desk = SimpleNamespace(
        roles=frozenset(roles or ()), agency=SimpleNamespace(short_name="UBND xã Hòa Bình")
    )
    return request  # type: ignore[no-any-return]


def labels(roles: set[Role] | None, path: str = "/viec/") -> list[str]:
    return [item.label for item in context.rail(visit(path, roles=roles))]


def test_the_rail_shows_only_what_the_role_has() -> None:
    assert labels({Role.CLERK}) == [
        "Tiếp nhận",
        "Việc của tôi",
        "Việc hôm nay",
        "Lấy ý kiến",
        "Bàn giao",
        "Trả kết quả",
        "Bưu chính",
        "Thu tiền",
        "Số hóa",
        "Sổ theo dõi",
        "Thủ tục",
    ]
    assert labels({Role.SPECIALIST}) == [
        "Việc của tôi",
        "Việc hôm nay",
        "Lấy ý kiến",
        "Bàn giao",
        "Thủ tục",
    ]
    assert labels({Role.ADMINISTRATOR}) == ["Sổ theo dõi", "Thủ tục", "Quản trị"]
    assert labels(set()) == ["Thủ tục"]
    assert labels(None) == []


def test_controllers_go_to_the_catalogue_they_keep_others_to_the_public_one() -> None:
    urls = {
        role: next(i.url for i in context.rail(visit(roles={role})) if i.key == "thu-tuc")
        for role in (Role.CONTROLLER, Role.CLERK)
    }
    assert urls == {Role.CONTROLLER: "/thu-tuc/quan-ly/", Role.CLERK: "/thu-tuc/"}


def test_every_role_of_the_rail_is_a_role_of_the_house() -> None:
    named = set().union(*(place.roles or () for place in shell.places()))
    assert named <= set(Role.values)


def test_the_rail_marks_where_one_is() -> None:
    items = context.rail(visit("/ban-giao/12/", roles={Role.CLERK}))
    assert [item.key for item in items if item.current] == ["ban-giao"]


def test_a_page_shows_name_agency_counts_and_bell() -> None:
    page = render_to_string(
        "base_officer.html",
        {"rail_counts": {"viec": 7}, "unread": 120, "user": visit(roles=set()).user},
        visit(roles={Role.CLERK}),
    )
    assert "Nguyễn Thị Hoa" in page
    assert "UBND xã Hòa Bình" in page
    assert '<span class="count">7</span>' in page
    assert "99+" in page
    assert 'href="#noi-dung"' in page


@pytest.mark.parametrize(
    "template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]
)
def test_error_pages_stand_alone_and_say_what_to_do(template: str) -> None:
    page = render_to_string(template)
    assert 'lang="vi"' in page
    assert 'href="/"' in page
    assert "Mã lỗi" in page


def test_the_public_page_needs_no_cookie_and_names_whom_to_ask() -> None:
    request = visit(roles=None)
    page = render_to_string(
        "base_public.html",
        {"agency": SimpleNamespace(name="UBND xã Hòa Bình", phone="0203 3 456 789")},
        request,
    )
    assert "csrf" not in page
    assert 'href="tel:02033456789"' in page


# What the command `report` writes for a person to open: no page, so it brings its style along.
FILE = "reports/statutory.html"


def test_no_page_carries_style_or_script_inside() -> None:
    inline = re.compile(
        r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:|hx-on", re.IGNORECASE
    )
    found = [
        str(page.relative_to(TEMPLATES))
        for page in TEMPLATES.rglob("*.html")
        if inline.search(page.read_text()) and str(page.relative_to(TEMPLATES)) != FILE
    ]
    assert found == []
