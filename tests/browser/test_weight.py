"""How heavy the pages are: an old PC and a slow line must do."""

import gzip
from collections.abc import Callable
from unittest.mock import patch

import pytest
from playwright.sync_api import Page, Response

from tests.journeys.site import SEVEN_DAYS, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KB = 1024
# What a first visit with an empty cache brings: script of the pages, and a page by itself once the
# files are cached.
SCRIPT, PAGE = 40 * KB, 100 * KB
ADDRESSES = [
    ("", "/tra-cuu/"),
    ("", "/thu-tuc/"),
    ("", "/thu-tuc/1.001193/"),
    ("tiepnhan", "/tiep-nhan/"),
    ("tiepnhan", f"/tiep-nhan/lap/{SEVEN_DAYS}/"),
    ("tiepnhan", "/ban-giao/"),
    ("tiepnhan", "/tra-ket-qua/"),
    ("chuyenvien", "/viec/?loai=co-quan"),
    ("lanhdao", "/dieu-hanh/"),
    ("kiemsoat", "/thu-tuc/quan-ly/"),
    ("quantri", "/quan-tri/"),
]


@pytest.fixture(scope="module")
def office(site: Site) -> Site:
    with patch("onestop.jobs.nudge._send"):
        for number in range(30):
            site.receive(owner=f"Nguyễn Thị Số {number}")
    return site


@pytest.mark.parametrize(("role", "address"), ADDRESSES, ids=[address for _, address in ADDRESSES])
def test_a_first_visit_is_light(
    role: str, address: str, office: Site, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    if role:
        office.enter(page, role)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(office.url + address, wait_until="networkidle")
    brought: dict[str, int] = {}
    for answer in answers:
        kind = answer.request.resource_type
        brought[kind] = brought.get(kind, 0) + len(gzip.compress(answer.body(), 6))
    assert brought.get("script", 0) <= SCRIPT, brought
    assert brought["document"] <= PAGE, brought
    assert sum(brought.values()) <= SCRIPT + PAGE, brought
    print(address, brought)
