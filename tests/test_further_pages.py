"""What stands below a form of upload, of a book, of administration goes on to its end: nothing that
was recorded is out of reach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from dossiers.intake.online import national_source
from dossiers.models import OnlineList
from dossiers.models.banking import BankAccount
from dossiers.models.elsewhere import Outage, PaperPack
from dossiers.models.importing import DossierImport
from dossiers.models.money import SpoiledReceipt
from dossiers.models.payments import BankStatement
from onestop.accounts.models import Officer, Role, Substitution
from procedures.models import ImportRun, ListDecision, NoticeEdition, Upload
from reports.models import ReportingOutage
from tests.dossiers.money.office import Till
from tests.dossiers.money.paid import with_account
from tests.world import MONDAY, make_officer

pytestmark = pytest.mark.django_db
NUMBER = 3


@dataclass
class World:
    till: Till
    account: BankAccount
    person: Officer

    def at(self, number: int) -> Any:
        """Two of them at one instant: the id tells them apart."""
        return MONDAY - timedelta(days=number // 2)


@dataclass(frozen=True)
class Case:
    """A list: its page, its rows in the context and where it goes on; how one of its rows is made."""

    page: Callable[[World], str]
    module: str
    make: Callable[[World, int], Model]
    size: str = "SIZE"
    rows: str = "rows"
    following: str = "next"


def at(name: str) -> Callable[[World], str]:
    return lambda _: reverse(name)


def statement(world: World, number: int) -> Model:
    return BankStatement.objects.create(
        account=world.account, by=world.person, at=MONDAY, file_name=f"{number}.csv", sha256="0"
    )


def online_list(world: World, number: int) -> Model:
    return OnlineList.objects.create(
        source=national_source(), agency=world.till.office.agency, by=world.person,
        at=world.at(number), file_name=f"{number}.xlsx", sha256="0",
    )  # fmt: skip


def taken_in(model: Any) -> Callable[[World, int], Model]:
    return lambda world, number: model.objects.create(
        at=world.at(number), by=world.person, file_name=f"{number}.csv", sha256="0"
    )


def spoiled(world: World, number: int) -> Model:
    return SpoiledReceipt.objects.create(
        series=world.till.book, number=20 - number, why=1, reason="rách", by=world.person, at=MONDAY
    )


def substitution(world: World, number: int) -> Model:
    begins = world.at(number).date()
    return Substitution.objects.create(
        absent=world.person, substitute=world.till.office.clerk, from_date=begins, to_date=begins,
        reason="nghỉ phép",
    )  # fmt: skip


def reporting_outage(world: World, number: int) -> Model:
    return ReportingOutage.objects.create(
        from_day=world.at(number).date(), basis="thông báo", recorded_by=world.person,
        recorded_at=MONDAY,
    )  # fmt: skip


def outage(world: World, number: int) -> Model:
    return Outage.objects.create(
        agency=world.till.office.agency, kind=1, began_at=world.at(number), recorded_at=MONDAY,
        recorded_by=world.person,
    )  # fmt: skip


def pack(world: World, number: int) -> Model:
    return PaperPack.objects.create(
        agency=world.till.office.agency, first=number * 10 + 1, last=number * 10 + 9,
        prepared_at=MONDAY, prepared_by=world.person,
    )  # fmt: skip


def decision(world: World, number: int) -> Model:
    signed = world.at(number).date()
    return ListDecision.objects.create(
        agency=world.till.office.agency, number=f"{number}/QĐ-UBND", about="Công bố danh mục",
        signer="Nguyễn Văn A", signed_on=signed, effective_from=signed, drafted_at=MONDAY,
        drafted_by=world.person,
    )  # fmt: skip


def import_run(world: World, number: int) -> Model:
    return ImportRun.objects.create(
        at=world.at(number), by=world.person, file_name=f"{number}.json", sha256="0",
        what="procedures",
    )  # fmt: skip


def edition(world: World, number: int) -> Model:
    return NoticeEdition.objects.create(
        agency=world.till.office.agency, kind="a4", digest=str(number), at=world.at(number),
        by=world.person, state=NoticeEdition.State.DONE,
    )  # fmt: skip


CASES = {
    "statements": Case(
        at("bank_statements"), "dossiers.views.statements", statement, rows="statements"
    ),
    "lists of the portal": Case(
        at("online_lists"), "dossiers.views.online_lists", online_list, rows="lists"
    ),
    "imports": Case(
        at("imports"), "dossiers.views.importing", taken_in(DossierImport), "SHOWN", "runs"
    ),
    "spoiled receipts": Case(
        lambda world: reverse("receipt_book", args=[world.till.book.pk]),
        "dossiers.views.receipt_books",
        spoiled,
        rows="spoiled",
    ),
    "substitutions": Case(
        at("accounts:substitutions"), "onestop.accounts.views.substitutions", substitution
    ),
    "days without the reporting system": Case(
        lambda _: f"{reverse('duty_settings')}?muc=su-co",
        "reports.views.duty_settings",
        reporting_outage,
        rows="outages",
    ),
    "incidents": Case(at("paper_days"), "dossiers.views.paper_days", outage, rows="outages"),
    "packs": Case(
        at("paper_days"), "dossiers.views.paper_days", pack, rows="packs", following="next_packs"
    ),
    "decisions": Case(
        at("procedures:lists"), "procedures.views.lists", decision, "PAGE", "decisions"
    ),
    "uploads": Case(at("procedures:uploads"), "procedures.views.uploads", taken_in(Upload), "RUNS", "runs"),
    "runs": Case(
        at("procedures:runs"), "procedures.views.control", import_run, "RUNS", "runs"
    ),
    "editions": Case(
        lambda world: reverse("procedures:prints", args=[world.till.office.agency.code]),
        "procedures.views.notices",
        edition,
        "EDITIONS",
        "editions",
    ),
}  # fmt: skip


@pytest.fixture
def world() -> World:
    till, account = with_account()
    roles = (Role.CLERK, Role.CASHIER, Role.CONTROLLER, Role.ADMINISTRATOR)
    person = make_officer("Phan Anh Dũng", till.office.agency, *((role, None) for role in roles))
    return World(till, account, person)


@pytest.mark.parametrize("name", CASES)
def test_a_list_goes_on_to_its_end(
    name: str,
    world: World,
    signed_in: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = CASES[name]
    made = [case.make(world, number) for number in range(NUMBER)]
    monkeypatch.setattr(f"{case.module}.{case.size}", 1)
    client, first = signed_in(world.person), case.page(world)
    shown, address = [], first
    while address and len(shown) <= NUMBER:
        page = client.get(address)
        shown += [row[0] if isinstance(row, tuple) else row for row in page.context[case.rows]]
        following = page.context[case.following]
        assert not following or following.replace("&", "&amp;") in page.content.decode()
        address = following and f"{first.split('?')[0]}{following}"
    assert sorted(shown, key=lambda row: row.pk) == made
    assert shown == list(type(made[0])._default_manager.order_by(*_order(case)))


def _order(case: Case) -> tuple[str, ...]:
    """The last first, whatever that is of them."""
    return {
        spoiled: ("-number",),
        substitution: ("-from_date", "-pk"),
        reporting_outage: ("-from_day", "-pk"),
        outage: ("-began_at", "-pk"),
        decision: ("-signed_on", "-pk"),
        statement: ("-pk",),
        pack: ("-pk",),
    }.get(case.make, ("-at", "-pk"))  # type: ignore[call-overload]


def test_a_day_that_is_ended_wrongly_is_told_on_its_own_page(
    world: World, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not on the first, where it does not stand."""
    rows = [reporting_outage(world, number) for number in range(NUMBER)]
    monkeypatch.setattr("reports.views.duty_settings.SIZE", 1)
    client = signed_in(world.person)
    address = f"{reverse('duty_settings')}?muc=su-co"
    second = f"{reverse('duty_settings')}{client.get(address).context['next']}"
    [(row, _)] = client.get(second).context["outages"]
    assert row == rows[0]
    assert f'action="{second.replace("&", "&amp;")}"' in client.get(second).content.decode()
    wrong = client.post(second, {"viec": "het-su-co", "ma": row.pk, "to_day": "không phải ngày"})
    [(again, form)] = wrong.context["outages"]
    assert (again, wrong.status_code, bool(form.errors)) == (row, 422, True)
