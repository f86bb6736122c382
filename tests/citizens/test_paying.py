"""`/cua-toi/`: a payment begins there only where the installation lets citizens pay (issue 15)."""

from typing import Any

import pytest
from django.test import Client

from exchange.models import PayRequest
from tests.citizens.conftest import AN, BINH, Entering
from tests.exchange.pay import make_paying

pytestmark = pytest.mark.django_db


def test_off_there_is_no_way_to_begin_one_and_on_the_owner_begins_it(
    enter: Entering, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    paying = make_paying(settings, monkeypatch)
    dossier = paying.till.owing()
    an, binh = Client(), Client()
    enter(an, AN)
    enter(binh, BINH)
    here = f"/cua-toi/ho-so/{dossier.code}/"
    settings.CITIZENS_MAY_PAY = False
    page = an.get(here).content.decode()
    assert "Thanh toán trực tuyến" not in page
    assert an.post(f"{here}thanh-toan/").status_code == 404
    settings.CITIZENS_MAY_PAY = True
    assert f'action="{here}thanh-toan/"' in an.get(here).content.decode()
    assert binh.post(f"{here}thanh-toan/").status_code == 404
    assert Client().post(f"{here}thanh-toan/").headers["Location"] == here
    assert not PayRequest.objects.exists()
    for _ in range(2):
        assert an.post(f"{here}thanh-toan/").headers["Location"] == here
    row = PayRequest.objects.get()
    assert row.created_by is None
    paying.run()
    row.refresh_from_db()
    assert f'href="{row.url}"' in an.get(here).content.decode()
    assert "đang chờ thanh toán trực tuyến" in an.get("/cua-toi/").content.decode()
