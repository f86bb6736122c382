"""What kind of owner a code means is one table for both ways: what came in goes out as it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dossiers.acts import reception
from dossiers.intake.brought import OnlineIn
from dossiers.intake.said import said_of
from dossiers.models import Dossier, OnlineFiling
from dossiers.models.dossier import OwnerKind
from exchange.forms import MappingForm
from exchange.models import Delivery, Door, Line, Mapping
from exchange.outbox.owners import PUBLISHED, meanings
from exchange.outbox.peers import peers
from onestop.accounts.models import Role
from procedures.channels import Channel
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.exchange.world import Exchange, said
from tests.world import MONDAY, Office, an_intake, make_case, make_office, make_officer

if TYPE_CHECKING:
    from django.test import Client

    from procedures.models import Case

Connected = Callable[..., Exchange]
# A source that numbers its kinds the other way round, and has two of a kind of which we have one.
OWN = [["A", 3], ["B", 2], ["C", 1], ["D", 1]]


@pytest.fixture
def exchange(connected: Connected) -> Exchange:
    return connected("B", dossiers=0)


def of_kind(office: Office, case: Case, kind: int, **more: Any) -> Dossier:
    intake = an_intake(office, case, **more)
    intake = replace(intake, owner=replace(intake.owner, kind=kind))
    return reception.receive(intake, by=office.desk(office.clerk), at=MONDAY)


def arrived(office: Office, case: Case, given: str, number: int = 1) -> Dossier:
    """What the portal filed with that code, received as it was read."""
    data = data_of(office, case, number, LoaiDoiTuong=given)
    came(a_door(), body_of(data), MONDAY)
    kind = said_of(OnlineFiling.objects.get(code=code_of(office, number))).owner_kind
    assert kind is not None
    online = OnlineIn(code_of(office, number))
    return of_kind(office, case, kind, channel=Channel.ONLINE_FULL, online=online)


def told(exchange: Exchange, dossier: Dossier) -> Any:
    exchange.send()
    line = Line.objects.get(code=dossier.code)
    return exchange.remote.store.dossiers.get(dossier.code, {}).get("LoaiDoiTuong", line.words)


def changed(dossier: Dossier, kind: OwnerKind, exchange: Exchange) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(owner_kind=kind)
    exchange.tell((dossier, 4))


@pytest.mark.parametrize("given", [code for code, _ in PUBLISHED])
def test_each_published_code_goes_back_as_it_came(exchange: Exchange, given: str) -> None:
    office, case = make_office(), make_case()
    dossier = arrived(office, case, given)
    assert dossier.owner_kind == dict(PUBLISHED)[given]
    assert told(exchange, dossier) == given


@pytest.mark.parametrize("kind", list(OwnerKind))
def test_each_kind_of_the_counter_is_read_again_as_itself(
    exchange: Exchange, kind: OwnerKind
) -> None:
    dossier = of_kind(make_office(), make_case(), kind)
    code = told(exchange, dossier)
    assert meanings([])[code] == kind
    # Of whom nobody said that it is an agency of the State, that is not said either.
    assert code != "3"


@pytest.mark.parametrize("given", [code for code, _ in OWN])
def test_codes_of_a_sources_own_table_go_both_ways(
    exchange: Exchange, settings: Any, given: str
) -> None:
    settings.EXCHANGE_PEERS = [said("B", door="cong")]
    Mapping.objects.create(door=a_door(), owners=OWN, valid_from=date(2026, 1, 1))
    office, case = make_office(), make_case()
    dossier = arrived(office, case, given)
    assert dossier.owner_kind == dict(OWN)[given]  # type: ignore[arg-type]
    assert told(exchange, dossier) == given
    came(a_door(), body_of(data_of(office, case, 2, LoaiDoiTuong="1")), MONDAY)
    assert not OnlineFiling.objects.filter(code=code_of(office, 2)).exists()


def test_the_table_is_the_one_of_the_day(exchange: Exchange, settings: Any) -> None:
    settings.EXCHANGE_PEERS = [said("B", door="cong")]
    door = a_door()
    Mapping.objects.create(
        door=door, owners=[["9", 1], ["8", 2], ["7", 3]], valid_from=date(2026, 1, 1)
    )
    Mapping.objects.create(door=door, owners=OWN, valid_from=date(2026, 11, 24))
    dossier = of_kind(make_office(), make_case(), OwnerKind.COMPANY)
    assert told(exchange, dossier) == "8"
    exchange.now = MONDAY.replace(day=24)
    changed(dossier, OwnerKind.COMPANY, exchange)
    assert told(exchange, dossier) == "B"


def test_what_the_counter_changed_is_told_by_its_own_kind(exchange: Exchange) -> None:
    dossier = arrived(make_office(), make_case(), "3")
    assert told(exchange, dossier) == "3"
    changed(dossier, OwnerKind.COMPANY, exchange)
    assert told(exchange, dossier) == "2"
    changed(dossier, OwnerKind.ORGANISATION, exchange)
    assert told(exchange, dossier) == "3"


def test_a_code_of_another_source_is_none_of_this_one(exchange: Exchange, settings: Any) -> None:
    """Filed by another portal than the one that is told."""
    settings.EXCHANGE_PEERS = [said("B", door="so-nganh")]
    dossier = arrived(make_office(), make_case(), "3")
    Door.objects.create(name="so-nganh", source=_another_source())
    assert told(exchange, dossier) == "4"


def _another_source() -> Any:
    from dossiers.models import OnlineSource

    return OnlineSource.objects.create(name="Cổng của sở", code_pattern="S*")


def test_a_kind_that_the_table_lacks_is_held_and_said(exchange: Exchange, settings: Any) -> None:
    settings.EXCHANGE_PEERS = [said("B", door="cong")]
    Mapping.objects.create(door=a_door(), owners=[["1", 1]], valid_from=date(2026, 1, 1))
    dossier = of_kind(make_office(), make_case(), OwnerKind.COMPANY)
    assert "không có mã loại đối tượng cho “Doanh nghiệp" in told(exchange, dossier)
    assert Line.objects.get().trouble == Line.Trouble.HELD
    assert Delivery.objects.filter(state=Delivery.State.WAITING).exists()


def test_nothing_is_asked_of_owners_of_one_code(
    exchange: Exchange, queries: Callable[[], Any]
) -> None:
    from exchange.outbox.owners import OwnerCodes

    office, case = make_office(), make_case()
    rows = [of_kind(office, case, OwnerKind.CITIZEN) for _ in range(3)]
    (peer,) = peers()
    with queries() as asked:
        OwnerCodes.of(peer, Dossier.objects.none(), MONDAY.date())
    assert len(asked) == 0
    loaded = list(Dossier.objects.select_related("online").filter(pk__in=[one.pk for one in rows]))
    with queries() as asked:
        OwnerCodes.of(peer, loaded, MONDAY.date())
    assert len(asked) == 0


def test_a_keeper_writes_the_codes_and_sees_them(
    exchange: Exchange, signed_in: Callable[[Any], Client]
) -> None:
    office, door = make_office(), a_door()
    boss = make_officer("Đỗ Thị Hạnh", office.agency, (Role.ADMINISTRATOR, None))

    def form(text: str, foreign: str = "") -> MappingForm:
        data = {"door": door.pk, "valid_from": "01/01/2026", "foreign": foreign}
        return MappingForm(data | {"owners_text": text}, doors=[door])

    lines = "A = Tổ chức\nB = doanh nghiệp\nC = công dân\nD = Công dân"
    good = form(lines)
    assert good.is_valid(), good.errors
    row = good.made()
    assert row is not None
    assert [list(one) for one in Mapping.objects.get().owners] == OWN
    shown = signed_in(boss).get(reverse("exchange_mapping", args=[row.pk])).content.decode()
    assert "Loại đối tượng A" in shown
    for wrong, why in (
        ("A = hợp tác xã", "hãy ghi mã của nguồn = công dân"),
        ("A = công dân", "Hãy ghi đủ mã cho cả ba loại"),
    ):
        assert why in str(form(wrong).errors)
    assert "để trống mã thủ tục" in str(form(lines, foreign="1.001193").errors)
