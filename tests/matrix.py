"""Every address × every role × own / other agency: the table all apps fill, and the machine that
runs it.

An app lists its addresses in tests/<app>/addresses.py (see tests/accounts/addresses.py) and is
named in SOURCES below. What is expected follows from the row: a stranger is sent to sign in; a role
that is not named gets 403; a named role gets an answer (200, a redirect; for a form without data
422, never 200) for its own agency's object and 404 for another agency's. Every address of the
product has a row for GET, for POST or for both; what no row names must answer 405 (see
`not_refused`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from onestop.accounts.models import (
    Agency,
    AgencyKind,
    Department,
    DepartmentKind,
    Level,
    Officer,
    Role,
)
from onestop.accounts.models.officers import sort_key
from onestop.changes.domain import add_all
from tests.world import employ

# Modules with `ADDRESSES: list[Address]`; together they cover PRODUCT completely.
SOURCES = (
    "tests.accounts.addresses",
    "tests.jobs.addresses",
    "tests.backups.addresses",
    "tests.outbox.addresses",
    "tests.procedures.addresses",
    "tests.dossiers.addresses",
    "tests.dossiers.money.addresses",
    "tests.citizens.addresses",
    "tests.exchange.addresses",
    "tests.exchange.level_addresses",
    "tests.exchange.pay_addresses",
    "tests.dossiers.post.addresses",
    "tests.dossiers.partners.addresses",
    "tests.dossiers.legs.addresses",
    "tests.reports.addresses",
    "tests.api.addresses",
)
PRODUCT = "onestop.urls"

EVERY_ROLE = frozenset(Role)
ANSWERED = frozenset({200, 302, 422})
# Statuses a redirect to the sign-in page or an HX-Redirect may have.
SENT_AWAY = 302

Arguments = Callable[["World"], dict[str, Any]]


@dataclass(frozen=True)
class World:
    """Two communes of one province; in the first ("own") one officer of each role, who is the only
    one to act.
    """

    province: Agency
    own: Agency
    other: Agency
    officers: dict[Role, Officer]
    departments: dict[tuple[int, str], Department]

    def department(
        self, agency: Agency, kind: DepartmentKind = DepartmentKind.PROFESSIONAL
    ) -> Department:
        return self.departments[(agency.pk, kind)]


@dataclass(frozen=True)
class Address:
    """One address. `own`/`other` build the URL arguments of an object of that agency; `public` ones
    ask for no sign-in.

    `refused` is what a role that is not named gets; 404 where even the existence of the object is
    nobody else's business.
    `post_shows`: a POST whose answer is a page of its own (a password shown once, a sheet drawn
    anew), not a refused form.
    """

    name: str
    roles: frozenset[Role] = EVERY_ROLE
    own: Arguments = field(default=lambda world: {})
    other: Arguments | None = None
    method: str = "get"
    data: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    public: bool = False
    answered: frozenset[int] = ANSWERED
    refused: int = 403
    post_shows: bool = False


def make_world() -> World:
    province = _agency("H99", None, Level.PROVINCE)
    own, other = _agency("H99.1", province), _agency("H99.2", province)
    rooms = [
        Department(agency=agency, name=kind.label, kind=kind)
        for agency in (province, own, other)
        for kind in DepartmentKind
    ]
    departments: dict[tuple[int, str], Department] = {
        (room.agency_id, room.kind): room for room in add_all(Department, rooms)
    }
    people: list[tuple[Role, Department | None, str]] = []
    for role in Role:
        kind = DepartmentKind.ONE_STOP if role == Role.CLERK else DepartmentKind.PROFESSIONAL
        people.append((role, departments[(own.pk, kind)], ""))
    officers = dict(zip(Role, _officers(own, people), strict=True))
    return World(province, own, other, officers, departments)


def make_officer(
    role: Role, agency: Agency, department: Department | None, username: str = ""
) -> Officer:
    [officer] = _officers(agency, [(role, department, username)])
    return officer


def _officers(agency: Agency, people: list[tuple[Role, Department | None, str]]) -> list[Officer]:
    """Each with the role, in a few statements: every address has a world of its own."""
    officers = [
        Officer(
            username=username or f"vai.{role.value}.{agency.pk}",
            full_name=f"Người {role.label}",
            sort_name=sort_key(f"Người {role.label}"),
            agency=agency,
            department=department,
            must_change_password=False,
        )
        for role, department, username in people
    ]
    return employ(officers, [role for role, _, _ in people], since=date(2025, 7, 1))


def signed_in(world: World, role: Role | None) -> Client:
    """A browser of the role's officer, or of a stranger; the sign-in itself is done once an
    officer.
    """
    client = Client()
    if role is not None:
        officer: Any = world.officers[role]
        if not hasattr(officer, "session_of_test"):
            client.force_login(officer)
            officer.session_of_test = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = officer.session_of_test
    return client


def addresses() -> list[Address]:
    return [address for source in SOURCES for address in import_module(source).ADDRESSES]


def opened() -> list[Address]:
    """Those that some role of the world may open, or anybody."""
    return [address for address in addresses() if address.roles or address.public]


def uncovered(urlconf: str = PRODUCT) -> set[str]:
    """Addresses that no table has: by name, or by route where one has no name (nobody could list it
    then).
    """
    return {name for name, _ in _names(get_resolver(urlconf))} - {
        address.name for address in addresses()
    }


def not_refused(world: World) -> list[str]:
    """GET or POST to an address whose table names the other method only: whoever may use it gets
    405.
    """
    rows: dict[str, dict[str, Address]] = {}
    for address in addresses():
        rows.setdefault(address.name, {})[address.method] = address
    wrong = []
    for name, methods in rows.items():
        [method, address] = next(iter(methods.items()))
        other = "post" if method == "get" else "get"
        if len(methods) > 1:
            continue
        client = signed_in(world, min(address.roles))
        status, _ = _ask(client, replace(address, method=other), address.own(world), world)
        if status != 405:
            wrong.append(f"{other} {name}: {status}, expected 405")
    return wrong


EVERYBODY = (None, *Role)


def answered(address: Address) -> tuple[Role | None, ...]:
    """Whom a row of the table lets in."""
    return tuple(
        role for role in EVERYBODY if (address.public if role is None else role in address.roles)
    )


def wrong_answers(
    address: Address, world: World, asking: Iterable[Role | None] = EVERYBODY
) -> list[str]:
    """Runs one row of the table for a stranger and for every role; gives what did not answer as it
    should.
    """
    wrong = []
    own = address.own(world)
    other = address.other(world) if address.other is not None else None
    for role in asking:
        client = signed_in(world, role)
        for where, arguments in (("own", own), ("other", other)):
            if arguments is None:
                continue
            status, location = _ask(client, address, arguments, world)
            expected = _expected(address, role, where)
            if status not in expected or (
                role is None and not address.public and not location.startswith("/dang-nhap/")
            ):
                wrong.append(
                    f"{address.method} {address.name} as {role or 'stranger'}, {where}: {status}, expected {sorted(expected)}"
                )
    return wrong


def _expected(address: Address, role: Role | None, where: str) -> frozenset[int]:
    if role is None and not address.public:
        return frozenset({SENT_AWAY})
    if role is not None and role not in address.roles:
        return frozenset({address.refused})
    if where != "own":
        return frozenset({404})
    # A refused form says so: browsers, proxies and scripts read the status, not the sentence.
    return (
        address.answered - {200}
        if address.method == "post" and not address.post_shows
        else address.answered
    )


def _ask(
    client: Client, address: Address, arguments: dict[str, Any], world: World
) -> tuple[int, str]:
    """One request whose writes are rolled back, so that the next role finds the same world."""
    url = reverse(address.name, kwargs=arguments)
    with transaction.atomic():
        # Every form of a page carries its token: a view that asks whether anything was sent must
        # see that it was.
        sent = {"csrfmiddlewaretoken": ""} if address.method == "post" else {}
        response = getattr(client, address.method)(url, sent | address.data(world))
        if response.streaming:  # a file that is not read to its end stays open
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response.status_code, response.headers.get("Location", "")


def _agency(code: str, parent: Agency | None, level: Level = Level.COMMUNE) -> Agency:
    return Agency.objects.create(
        code=code,
        name=f"Ủy ban nhân dân {code}",
        level=level,
        kind=AgencyKind.PEOPLES_COMMITTEE,
        parent=parent,
        dossier_code=code,
        is_one_stop=True,
    )


def _names(resolver: URLResolver, prefix: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """Each address below, includes and all: its full name (its route when it has none) and its
    route.
    """
    for pattern in resolver.url_patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _names(
                pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix, path
            )
        else:
            yield (prefix + pattern.name if pattern.name else path), path
