"""Whoever may not open a dossier reads nothing of it anywhere: not its code, not its owner (R-144).

Every address of the dossiers' tables, with one dossier, without one, or asked for one: by an
administrator, by somebody without a role, by one of another agency, by one whose role ended while
the work lay on the desk.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossiers.acts.desks import hand_desk_over
from dossiers.models import Batch, Dossier
from onestop.accounts.access import access
from onestop.accounts.desk import desk_of
from onestop.accounts.domain.substitutions import substitute
from onestop.accounts.models import (
    AccessKind,
    CalendarDay,
    DayKind,
    DepartmentKind,
    Officer,
    Role,
    RoleGrant,
)
from onestop.errors import say
from onestop.folding import fold
from onestop.outbox.domain import post
from tests import matrix
from tests.dossiers.addresses import ADDRESSES, OWNER, finished, in_room, received
from tests.dossiers.legs import addresses as of_legs
from tests.dossiers.money import addresses as of_money
from tests.dossiers.test_other_agency import asked, takes_no_object
from tests.matrix import Address, World, make_officer

pytestmark = pytest.mark.django_db
OTHER_LISTS = [
    a for a in matrix.addresses() if not a.public and a not in ADDRESSES and takes_no_object(a)
]
OF_MONEY = [a for a in of_money.ADDRESSES if not takes_no_object(a)]
OF_LEGS = [a for a in of_legs.ADDRESSES if not takes_no_object(a)]
WALKED = [a for a in ADDRESSES if not a.public] + OF_MONEY + OF_LEGS + OTHER_LISTS


@pytest.fixture(autouse=True)
def _now(time_machine: time_machine.TimeMachineFixture) -> None:
    time_machine.move_to("2026-11-23 09:00 +0700", tick=False)


def administrator(world: World, role: Role = Role.ADMINISTRATOR) -> Officer:
    """At the counter, where every dossier of the commune passed."""
    counter = world.department(world.own, DepartmentKind.ONE_STOP)
    return make_officer(role, world.own, counter, "chi.quan.tri")


def nobody(world: World) -> Officer:
    return Officer.objects.create(
        username="khong.vai",
        full_name="Không vai trò",
        agency=world.own,
        must_change_password=False,
    )


def of_another_agency(world: World) -> Officer:
    """Every role but that of an administrator above, in the other commune."""
    officer = make_officer(
        Role.CLERK, world.other, world.department(world.other, DepartmentKind.ONE_STOP), "xa.khac"
    )
    for role in set(Role) - {Role.CLERK}:
        place = world.department(world.other)
        RoleGrant.objects.create(
            officer=officer,
            role=role,
            agency=world.other,
            department=place,
            valid_from="2025-07-01",
        )
    return officer


def whose_role_ended(world: World) -> Officer:
    """Yesterday: head of the room and the one on whose desk everything lies."""
    officer = make_officer(Role.HEAD, world.own, world.department(world.own), "da.thoi")
    ended = timezone.localdate() - timedelta(days=1)
    RoleGrant.objects.filter(officer=officer).update(valid_to=ended)
    return officer


STRANGERS = [administrator, nobody, of_another_agency, whose_role_ended]


def told_of_everything(world: World, officer: Officer) -> list[Dossier]:
    """Dossiers of the own commune on this officer's desk, in this officer's bell, in a log, on a
    list of a leaver.
    """
    dossiers = [in_room(world, world.own), received(world, world.own), finished(world, world.own)]
    if officer.agency == world.own:
        Dossier.objects.filter(pk__in=[d.pk for d in dossiers[1:]]).update(holder=officer)
    now = timezone.now()
    for dossier in dossiers:
        dossier.refresh_from_db()
        access(officer, AccessKind.VIEWED, "dossier", dossier.pk)
        post(
            kind="late", dedupe=f"late:{dossier.pk}", subject=f"Quá hạn: hồ sơ {dossier.code}", body=f"Hồ sơ {dossier.code} của {OWNER}",
            at=now, to_officer=officer, object_kind="dossier", object_id=dossier.pk, link=dossier.get_absolute_url(),
        )  # fmt: skip
    day = timezone.localdate(dossiers[0].due_at) if dossiers[0].due_at else date(2026, 11, 30)
    CalendarDay.objects.create(
        agency=world.own, date=day, kind=DayKind.CLOSING, name="Bão", source="CĐ 3"
    )
    return dossiers


def pages(client: Client, address: Address, world: World, dossiers: list[Dossier]) -> list[str]:
    """What the address answers: with its own object, or asked for all of them in every way a list
    may be asked.
    """
    # Without marks and in small letters: what a page repeats of a question is not what it tells.
    typed = [fold(OWNER), dossiers[0].code.lower(), "001087000123"]
    data = asked(world, dossiers, world.own) | {"codes": ""}
    questions = [data, *(data | {"q": words} for words in typed), {}]
    if address.method == "post":
        questions = questions[:1]
    elif not takes_no_object(address):
        questions = [{}]
    found = []
    for question in questions:
        with transaction.atomic():
            arguments = {} if takes_no_object(address) else address.own(world)
            response = getattr(client, address.method)(
                reverse(address.name, kwargs=arguments), question, follow=True
            )
            content = (
                b"".join(response.streaming_content) if response.streaming else response.content
            )
            # The counter and the return desk say the asked number again as numbers are written, in
            # the same words for one that was never given; see the test below.
            page = content.decode(errors="replace")
            for again in ("Không có hồ sơ {}", f"{{}}: {say('code_not_seen')}"):
                page = page.replace(again.format(dossiers[0].code), "")
            found.append(page)
            transaction.set_rollback(True)
    return found


@pytest.mark.one_engine("the sets are those that test_other_agency.py asks on both")
@pytest.mark.parametrize("make", STRANGERS, ids=lambda make: make.__name__)
def test_no_page_tells_of_a_dossier_that_its_reader_may_not_open(
    make: Callable[[World], Officer],
) -> None:
    world = matrix.make_world()
    officer = make(world)
    dossiers = told_of_everything(world, officer)
    client = Client()
    client.force_login(officer)
    wrong = []
    for address in WALKED:
        for page in pages(client, address, world, dossiers):
            wrong += [
                f"{address.method} {address.name}: {told}"
                for told in (OWNER, "H99.1-2")
                if told in page
            ]
    assert wrong == []


CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.mark.parametrize(
    ("address", "after", "says"),
    [
        ("/tiep-nhan/", 'id="tim-thay"', "Không có hồ sơ"),
        ("/tra-ket-qua/", "<main", "Không thấy hồ sơ mang mã này"),
    ],
)
def test_the_counter_answers_a_closed_number_as_one_that_was_never_given(
    address: str, after: str, says: str
) -> None:
    world = matrix.make_world()
    dossier = received(world, world.own)
    client = Client()
    client.force_login(of_another_agency(world))
    never = f"{dossier.code[:-4]}9999"
    told = []
    for code in (dossier.code, never):
        found = client.get(address, {"q": code.lower()}).content.decode().partition(after)[2]
        told.append(CSRF.sub("", found.replace(code, "").replace(code.lower(), "")))
    assert says in told[0]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "make", [administrator, nobody, whose_role_ended], ids=lambda make: make.__name__
)
def test_the_search_box_is_not_offered_and_answers_403(make: Callable[[World], Officer]) -> None:
    world = matrix.make_world()
    client = Client()
    client.force_login(make(world))
    assert client.get("/tim/", {"q": OWNER}).status_code == 403
    assert "data-search" not in client.get("/doi-mat-khau/").content.decode()


def test_a_worker_finds_by_the_same_questions_what_an_administrator_does_not() -> None:
    """The walk can find: the clerk of the commune reads the names."""
    world = matrix.make_world()
    clerk = world.officers[Role.CLERK]
    dossiers = told_of_everything(world, clerk)
    client = Client()
    client.force_login(clerk)
    [search] = [a for a in ADDRESSES if a.name == "search"]
    assert any(OWNER in page for page in pages(client, search, world, dossiers))
    assert dossiers[0].code in client.get("/thong-bao/").content.decode()


def leaver_of(world: World) -> tuple[Officer, list[Dossier]]:
    leaver = make_officer(Role.SPECIALIST, world.own, world.department(world.own), "nguoi.nghi")
    dossiers = [received(world, world.own), received(world, world.own)]
    Dossier.objects.filter(pk__in=[d.pk for d in dossiers]).update(
        holder=leaver, holder_department=world.department(world.own)
    )
    return leaver, dossiers


def test_an_administrator_moves_a_desk_without_reading_what_lies_on_it() -> None:
    """The number is enough to hand it over; the list says that there is more, and what is closed."""
    world = matrix.make_world()
    leaver, dossiers = leaver_of(world)
    client = Client()
    client.force_login(administrator(world))
    page = client.get("/ban-giao/ban-lam-viec/", {"can-bo": leaver.pk}).content.decode()
    assert "đang giữ 2 hồ sơ" in page
    assert "2 hồ sơ bạn không có quyền mở" in page
    head = Client()
    head.force_login(world.officers[Role.HEAD])
    assert (
        dossiers[0].code
        in head.get("/ban-giao/ban-lam-viec/", {"can-bo": leaver.pk}).content.decode()
    )


def test_the_list_of_a_moved_desk_shows_an_administrator_rows_without_names() -> None:
    world = matrix.make_world()
    leaver, dossiers = leaver_of(world)
    officer, now = administrator(world), timezone.now()
    batch = hand_desk_over(
        leaver, world.officers[Role.SPECIALIST], by=desk_of(officer, now), at=now, reason="Nghỉ"
    )
    assert isinstance(batch, Batch)
    Officer.objects.filter(pk=leaver.pk).update(is_active=False, closed_at=now)
    client = Client()
    client.force_login(officer)
    page = client.get(f"/ban-giao/{batch.pk}/").content.decode()
    assert page.count("Bạn không có quyền mở hồ sơ này.") == 2
    assert OWNER not in page
    assert all(d.code not in page for d in dossiers)


def test_a_substitute_opens_what_the_absent_officer_may() -> None:
    world = matrix.make_world()
    dossier, officer = in_room(world, world.own), nobody(world)
    today, now = timezone.localdate(), timezone.now()
    substitute(
        absent=world.officers[Role.HEAD],
        by_whom=officer,
        from_date=today,
        to_date=today,
        reason="Họp",
        by=None,
        at=now,
    )
    client = Client()
    client.force_login(officer)
    assert client.get(dossier.get_absolute_url()).status_code == 200


def test_who_has_no_role_of_a_worker_finds_nothing_by_name_or_number(queries: Any) -> None:
    world = matrix.make_world()
    officer = whose_role_ended(world)
    told_of_everything(world, officer)
    with queries() as seen:
        assert not Dossier.objects.visible_to(desk_of(officer, timezone.now())).exists()
    assert not [query for query in seen if "dossiers_dossier" in query["sql"]]
