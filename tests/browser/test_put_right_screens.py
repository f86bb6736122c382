"""The screens and papers of what goes another way, as tests/browser/test_screens.py looks at all: a
void, corrections, losses, law's time, the tax authority, paper days, envelopes, outgoing documents.
"""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Page

from tests.browser.looks import Screen, look_at
from tests.browser.put_right import PutRight, put_right
from tests.browser.seats import Seat
from tests.journeys.site import SEVEN_DAYS, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAKEN_IN = f"/tiep-nhan/lap/{SEVEN_DAYS}/"
SCREENS = [
    Screen("huy-tiep-nhan-nhap", "/ho-so/{mistaken}/huy-tiep-nhan/", "tiepnhan"),
    Screen("dinh-chinh-tiep-nhan", "/ho-so/{called}/dinh-chinh-tiep-nhan/", "tiepnhan"),
    Screen("gia-han", "/ho-so/{in_hand}/gia-han/", "lanhdao"),
    Screen("khong-tinh", "/ho-so/{in_hand}/khong-tinh/", "lanhdao"),
    Screen("ho-so-gia-han", "/ho-so/{extended}/", "lanhdao"),
    Screen("ho-so-khong-tinh", "/ho-so/{excluded}/", "lanhdao"),
    Screen("ho-so-khong-tinh-vi-sao", "/ho-so/{excluded}/vi-sao/", "lanhdao"),
    Screen("ghi-muon", "/thu-tuc/quan-ly/ghi-muon/", "kiemsoat"),
    Screen("chuyen-thue", "/ho-so/{in_hand}/chuyen-thue/", "chuyenvien"),
    Screen("cho-thue", "/ho-so/{sent}/", "tiepnhan"),
    Screen("thong-bao-thue", "/ho-so/{sent}/thong-bao-thue/", "tiepnhan"),
    Screen("khong-phai-nop", "/ho-so/{sent}/khong-phai-nop/", "tiepnhan"),
    Screen("tra-cuu-cho-thue", "/tra-cuu/{sent}/"),
    Screen("van-thu", "/van-thu/", "vanthu"),
    Screen("so-van-ban-di", "/van-thu/so-van-ban-di/", "vanthu"),
    Screen("van-thu-giu-so", "/van-thu/giu-so/", "vanthu"),
    Screen("van-thu-van-ban", "/van-thu/van-ban/{stopped}/{letter}/", "vanthu"),
    Screen("dinh-chinh-ket-qua", "/ho-so/{returned}/dinh-chinh/", "lanhdao"),
    Screen("trao-dinh-chinh", "/ho-so/{corrected}/trao-dinh-chinh/", "tiepnhan"),
    Screen("ho-so-dinh-chinh", "/ho-so/{corrected}/", "tiepnhan"),
    Screen("mat-hong", "/ho-so/{ready}/mat-hong/", "lanhdao"),
    Screen("ho-so-mat-hong", "/ho-so/{lost}/", "lanhdao"),
    Screen("bao-ket-qua", "/ho-so/{ready}/bao-ket-qua/", "tiepnhan"),
    Screen("tra-ket-qua-da-bao", "/tra-ket-qua/{told}/", "tiepnhan"),
    Screen("hen-buoc", "/ho-so/{called}/hen-buoc/", "chuyenvien"),
    Screen("ho-so-hen-buoc", "/ho-so/{called}/", "chuyenvien"),
    Screen("xac-minh", "/ho-so/{called}/xac-minh/", "chuyenvien"),
    Screen("lay-y-kien-hoi", "/ho-so/{called}/lay-y-kien/", "chuyenvien"),
    Screen("lay-y-kien-ghi", "/ho-so/{called}/ghi-y-kien/", "chuyenvien"),
    Screen("lay-y-kien-khong-tra-loi", "/ho-so/{called}/khong-tra-loi/", "chuyenvien"),
    Screen("lay-y-kien-rut", "/ho-so/{called}/rut-lay-y-kien/", "chuyenvien"),
    Screen("lay-y-kien", "/lay-y-kien/", "lanhdao"),
    Screen("lay-y-kien-mot", "/lay-y-kien/{question}/", "lanhdao"),
    Screen("tra-cuu-hen-buoc", "/tra-cuu/{called}/"),
    Screen("ngay-giay", "/ngay-giay/", "tiepnhan"),
    Screen("ngay-giay-chua-co", "/ngay-giay/", "tinh.tiepnhan"),
    Screen("ngay-giay-su-co", "/ngay-giay/su-co/{outage}/", "tiepnhan"),
    Screen("ngay-giay-nhap", TAKEN_IN + "?ngoai=giay-{outage}", "tiepnhan"),
    Screen("luu-dong", TAKEN_IN + "?ngoai=luu-dong", "tiepnhan"),
    Screen("luu-dong-chon", "/tiep-nhan/?ngoai=luu-dong", "tiepnhan"),
    Screen("tap-the-lap", f"/tiep-nhan/tap-the/lap/{SEVEN_DAYS}/", "tiepnhan"),
    Screen("tap-the", "/tiep-nhan/tap-the/{envelope}/", "tiepnhan"),
    Screen("so-hoa-tiep-nhan", "/so-hoa/", "tiepnhan"),
    Screen("so-theo-doi-quyen", "/so-theo-doi/", "kiemsoat"),
    Screen("so-theo-doi-lap", "/so-theo-doi/?nam=2026&lap=2026S", "tiepnhan"),
    Screen("so-van-ban-di-chua-co", "/van-thu/so-van-ban-di/?loai=CV", "stp.vanthu"),
    Screen("van-thu-chua-co", "/van-thu/", "stp.vanthu"),
]
PAPERS = {
    "gia-han": "/ho-so/{extended}/phieu/gia-han/",
    "khong-tinh": "/ho-so/{excluded}/phieu/khong-tinh/",
    "chuyen-thue": "/ho-so/{sent}/phieu/chuyen-thue/",
    "dinh-chinh": "/ho-so/{corrected}/phieu/dinh-chinh/",
    "mat-hong": "/ho-so/{lost}/phieu/mat-hong/",
    "moi-nhan": "/ho-so/{told}/phieu/moi-nhan/",
    "hen-buoc": "/ho-so/{called}/phieu/hen-buoc/",
    "lay-y-kien": "/ho-so/{called}/phieu/lay-y-kien/",
    "thu-xin-loi": "/ho-so/{in_hand}/phieu/thu-xin-loi/",
    "goi-giay": "/ngay-giay/goi/{pack}/",
    "tap-the": "/tiep-nhan/tap-the/{envelope}/giay/",
}


@pytest.fixture(scope="module")
def put(site: Site) -> PutRight:
    with patch("onestop.jobs.nudge._send"):  # no PDF is looked at here
        return put_right(site)


@pytest.fixture(autouse=True)
def _later(site: Site, put: PutRight) -> None:
    site.go_to("23/11/2026 10:00")


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_screen_of_what_goes_another_way(
    screen: Screen, site: Site, put: PutRight, seats: Callable[[str], Seat],
    axe_tags: Callable[[Page], list[str]], shoot: Callable[..., Any],
) -> None:  # fmt: skip
    look_at(screen, site.url, put.all(), seats, axe_tags, shoot)


@pytest.mark.parametrize("name", PAPERS)
def test_paper_of_what_goes_another_way(
    name: str, site: Site, put: PutRight, seats: Callable[[str], Seat],
    axe_tags: Callable[[Page], list[str]], shoot: Callable[..., Any],
) -> None:  # fmt: skip
    look_at(
        Screen(f"phieu-{name}", PAPERS[name], "tiepnhan"),
        site.url,
        put.all(),
        seats,
        axe_tags,
        shoot,
    )
