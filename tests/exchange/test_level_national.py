"""What the national report counts, kept for a peer, unit and period (1.4 of QĐ 766 divides by it)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from exchange.models import Line, NationalFigure
from onestop.accounts.models import AccessEvent, Officer, Role
from tests.exchange.test_level import words
from tests.exchange.world import Exchange
from tests.world import make_agency, make_office, make_officer, vn

if TYPE_CHECKING:
    from django.test import Client

Connected = Callable[..., Exchange]
SignIn = Callable[[Any], "Client"]
MONTH = {"noi": "cong-b", "thang": "2026-11"}


@pytest.fixture
def exchange(connected: Connected) -> Exchange:
    """Four, three of them accepted there."""
    made = connected("B", dossiers=4)
    made.tell(*((one, 2) for one in made.dossiers[:3]))
    made.send()
    made.remote.share, made.remote.only = 1.0, ["lost"]
    made.tell((made.dossiers[3], 2))
    made.send()
    return made


@pytest.fixture
def boss(exchange: Exchange) -> Officer:
    return make_officer("Đỗ Thị Hạnh", exchange.dossiers[0].agency, (Role.CONTROLLER, None))


def figure(number: str, source: str = "Biểu II.06a, xem ngày 23/11/2026", **asked: str) -> Any:
    return MONTH | {"quoc-gia-number": number, "quoc-gia-source": source} | asked


def test_it_is_kept_and_shown_with_who_when_and_whence(
    boss: Officer, signed_in: SignIn, clock: Any
) -> None:
    client, keep = signed_in(boss), reverse("level_national")
    assert "Chưa có số của hệ thống báo cáo quốc gia tháng 11/2026" in words(
        client.get(reverse("level"), MONTH)
    )
    done = words(client.post(keep, figure("6"), follow=True))
    assert "Đã ghi 6 hồ sơ của hệ thống báo cáo quốc gia, tháng 11/2026." in done
    clock.now = vn("25/11/2026 09:00")
    later = words(signed_in(boss).get(reverse("level"), MONTH))
    cost = "ghi 6 hồ sơ tháng 11/2026: đồng bộ 3/6 = 50,00%, 2 hồ sơ ở đây không có 3,00 điểm"
    assert cost in later
    assert (
        "6 , Đỗ Thị Hạnh ghi lúc 23/11/2026 09:00, nguồn: Biểu II.06a, xem ngày 23/11/2026" in later
    )
    assert AccessEvent.objects.filter(detail="số quốc gia tháng 11/2026: 6", officer=boss).exists()


def test_typed_again_it_is_another_and_the_first_stays_as_a_trace(
    boss: Officer, signed_in: SignIn, clock: Any
) -> None:
    client, keep = signed_in(boss), reverse("level_national")
    client.post(keep, figure("1.040"))
    clock.now = vn("25/11/2026 09:00")
    client = signed_in(boss)
    shown = words(client.post(keep, figure("4", "Đọc lại"), follow=True))
    assert "ghi 4 hồ sơ tháng 11/2026, không nhiều hơn ở đây" in shown
    assert "4 , Đỗ Thị Hạnh ghi lúc 25/11/2026 09:00, nguồn: Đọc lại" in shown
    assert "1.040 , Đỗ Thị Hạnh ghi lúc 23/11/2026 09:00" in shown
    assert "(đã thay)" in shown
    shown = words(client.post(keep, figure("0", "Nhầm tháng"), follow=True))
    assert "Đã bỏ số" in shown
    assert "1 trong 4 hồ sơ nơi nhận chưa có 1,50 điểm" in shown
    assert list(NationalFigure.objects.order_by("pk").values_list("number", flat=True)) == [
        1040,
        4,
        0,
    ]


def test_a_figure_counts_for_its_own_period_peer_and_unit_alone(
    exchange: Exchange, boss: Officer, signed_in: SignIn, settings: Any
) -> None:
    client, keep = signed_in(boss), reverse("level_national")
    agency = exchange.dossiers[0].agency
    below = make_agency("Chi nhánh xã", parent=agency)
    Line.objects.filter(dossier=exchange.dossiers[0]).update(agency=below)
    Line.objects.filter(dossier=exchange.dossiers[1]).update(day="2026-10-31")
    client.post(keep, figure("40"))

    def shown(**asked: str) -> str:
        return words(client.get(reverse("level"), MONTH | asked))

    assert "đồng bộ 2/40 = 5,00%" in shown()
    # Of these days there is none: not of the month before, a day, a unit, the days before today.
    assert "0 trong 1 hồ sơ nơi nhận chưa có 0,00 điểm" in shown(thang="2026-10")
    assert "1 trong 3 hồ sơ nơi nhận chưa có 2,00" in shown(ngay="2026-11-23")
    assert "1 trong 4 hồ sơ nơi nhận chưa có 1,50" in shown(thang="")
    assert "0 trong 1 hồ sơ nơi nhận chưa có 0,00" in shown(donvi=str(below.pk))
    client.post(keep, figure("5", donvi=str(below.pk)))
    client.post(keep, figure("7", ngay="2026-11-23"))
    assert "ghi 5 hồ sơ tháng 11/2026: đồng bộ 1/5 = 20,00%" in shown(donvi=str(below.pk))
    assert "ghi 7 hồ sơ ngày 23/11/2026: đồng bộ 2/7" in shown(ngay="2026-11-23")
    assert "đồng bộ 2/40 = 5,00%" in shown()
    settings.EXCHANGE_PEERS = [settings.EXCHANGE_PEERS[0] | {"code": "cong-khac"}]
    assert NationalFigure.objects.count() == 3
    shown_there = shown(noi="cong-khac")
    assert "4 trong 4 hồ sơ nơi nhận chưa có, trong đó 4 hồ sơ chưa từng báo" in shown_there


def test_who_counts_the_same_agency_from_above_sees_the_same_figure(
    exchange: Exchange, boss: Officer, signed_in: SignIn
) -> None:
    agency = exchange.dossiers[0].agency
    above = make_agency("Ủy ban nhân dân tỉnh")
    agency.parent = above
    agency.save()
    signed_in(boss).post(reverse("level_national"), figure("8"))
    province = make_officer("Trần Văn Tỉnh", above, (Role.CONTROLLER, None))
    client = signed_in(province)
    assert "đồng bộ 3/8" in words(client.get(reverse("level"), MONTH | {"donvi": str(agency.pk)}))
    assert "đồng bộ 3/8" not in words(client.get(reverse("level"), MONTH))


@pytest.mark.parametrize(
    ("number", "source", "why"),
    [
        ("²", "Biểu II.06a", "“²” không phải số hồ sơ"),
        ("-4", "Biểu II.06a", "“-4” không phải số hồ sơ"),
        ("1.04", "Biểu II.06a", "“1.04” không phải số hồ sơ"),
        ("999999999", "Biểu II.06a", "không phải số hồ sơ"),
        ("", "Biểu II.06a", "Hãy nhập số tiếp nhận"),
        ("40", "", "Hãy ghi nguồn số liệu"),
        ("40", "---", "không chỉ gồm dấu"),
    ],
)
def test_what_is_no_figure_is_refused_in_words(
    boss: Officer, signed_in: SignIn, number: str, source: str, why: str
) -> None:
    page = signed_in(boss).post(reverse("level_national"), figure(number, source))
    assert (page.status_code, why in words(page)) == (422, True)
    assert not NationalFigure.objects.exists()


def test_only_of_ones_own_and_of_days_that_stay_the_same(
    exchange: Exchange, boss: Officer, signed_in: SignIn
) -> None:
    keep, unit = reverse("level_national"), str(exchange.dossiers[0].agency_id)
    client = signed_in(boss)
    for month in ("2026-13", "x", "0001-01", "9999-12"):
        assert client.get(reverse("level"), MONTH | {"thang": month}).status_code == 404
        assert client.post(keep, figure("40", thang=month)).status_code == 404
    for day in ("9999-12-31", "0001-01-01", "x"):
        assert client.get(reverse("level"), {"ngay": day}).status_code == 404
        assert client.get(reverse("level"), {"truoc": day}).status_code == 404
    for wrong in ({"thang": ""}, {"noi": "khac"}):
        assert client.post(keep, figure("40", **wrong)).status_code == 404
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    stranger = signed_in(other.controller)
    assert stranger.post(keep, figure("40", donvi=unit)).status_code == 404
    assert not NationalFigure.objects.exists()
    signed_in(boss).post(keep, figure("40"))
    assert "40" not in words(
        signed_in(other.controller).get(reverse("level"), MONTH | {"donvi": unit})
    )


def test_a_figure_is_never_changed_in_its_place(boss: Officer, signed_in: SignIn) -> None:
    signed_in(boss).post(reverse("level_national"), figure("40"))
    row = NationalFigure.objects.get()
    row.number = 41
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_months_lead_backwards(boss: Officer, signed_in: SignIn) -> None:
    client = signed_in(boss)
    page = client.get(reverse("level"), MONTH | {"thang": "2026-01"})
    shown = [said for said, _, _ in page.context["months"]]
    assert shown == [
        "31 ngày gần đây",
        "Tháng 02/2026",
        "Tháng 01/2026",
        "Tháng 12/2025",
        "Tháng 11/2025",
    ]
    assert [said for said, _, here in page.context["months"] if here] == ["Tháng 01/2026"]
