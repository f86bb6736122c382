"""Where a result is signed and where it is fetched, on a desk's screen and on a telephone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from dossiers.acts import endings, handovers
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.intake import secrets
from dossiers.models import Dossier
from onestop.pdf import render
from tests import keys
from tests.browser.fitting import too_wide
from tests.dossiers.work.conftest import approved_by
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DRAFT = endings.ResultIn(title="Giấy xác nhận tình trạng hôn nhân")


def submitted(office: Office) -> Dossier:
    """Before the leader, with a draft and its file."""
    dossier = receive(office, make_case())
    handovers.hand_over(
        dossier, to=office.room, step=NextStep(order=2, name="Thẩm định"),
        by=office.desk(office.clerk), at=MONDAY,
    )  # fmt: skip
    seen = Seen(dossier.pk)
    handovers.confirm(seen, by=office.desk(office.specialist), at=MONDAY)
    paper = render("<html lang='vi'><title>Giấy</title><h1>GIẤY XÁC NHẬN</h1></html>")
    endings.record_result(
        seen, DRAFT, by=office.desk(office.specialist), at=MONDAY,
        files=[("giay-xac-nhan-tinh-trang-hon-nhan-nguyen-van-an.pdf", paper)],
    )  # fmt: skip
    approved_by(office, Dossier.objects.get(pk=dossier.pk), MONDAY)
    return Dossier.objects.get(pk=dossier.pk)


def test_a_leader_signs_and_the_applicant_finds_it(
    enter: Any, axe: Any, shoot: Any, tmp_path: Path, settings: Any, live_server: Any
) -> None:
    keys.prepared(tmp_path, settings)
    office = make_office()
    dossier = submitted(office)
    page = enter(office.leader, f"{dossier.get_absolute_url()}ket-qua/")
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_text("Ký số tệp đã có")).to_be_visible()
        assert axe(page) == []
        assert too_wide(page) == []
        shoot(page, f"ky-so-{width}")
    page.get_by_text("Ký số tệp đã có").click()
    page.get_by_label("Số, ký hiệu").fill("12/GXN")
    page.get_by_label("Người ký", exact=True).fill("Hoàng Minh Tuấn")
    page.locator("[data-default]").click()
    look_up = f"{live_server.url}/tra-cuu/{dossier.code}/?k={secrets.secret_of(dossier)}"
    for name, address in (("ho-so", ""), ("tra-cuu", look_up)):
        if address:
            page.goto(address)
        for width in (360, 1366):
            page.set_viewport_size({"width": width, "height": 900})
            expect(page.get_by_text("Chữ ký số hợp lệ")).to_be_visible()
            assert axe(page) == []
            assert too_wide(page) == []
            shoot(page, f"ky-so-{name}-{width}")
