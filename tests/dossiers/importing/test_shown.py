"""Imported dossiers on the pages: nothing they lack is printed, none of them breaks a page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from dossiers.acts import supplements
from dossiers.acts.many import Seen
from dossiers.importing.run import Report
from dossiers.intake.secrets import secret_of
from dossiers.models import Dossier
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency, Officer
from reports.figures import Scope, table
from reports.form_data import form_on
from reports.periods import parse
from tests.clock import MONDAY
from tests.dossiers.importing.conftest import CODE, line, working

pytestmark = pytest.mark.django_db
Run = Callable[..., Report]
SignIn = Callable[[Officer], Client]
WAITS = {"waiting_from_1": "2026-11-16T08:00"}
OPEN = {"due_at": "2026-11-25T17:00"}


@pytest.fixture
def counter(organisation: None, signed_in: SignIn) -> Client:
    return signed_in(Officer.objects.get(username="tiepnhan"))


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    page = response.content.decode()
    main = page.partition("<main")[2]
    # As a word: the token of a form is any letters.
    assert not re.search(r"\bNone\b", main), main[
        max(0, main.find("None") - 200) : main.find("None") + 20
    ]
    return page


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        ("2", OPEN),
        ("4", OPEN),
        ("5", OPEN | WAITS),
        ("6", OPEN | WAITS),
        ("7", {"finished_at": "2026-03-04T08:00"}),
        ("8", {"finished_at": "2026-03-04T08:00"}),
        ("9", {"finished_at": "2026-03-04T08:00"}),
        ("10", {"finished_at": "2026-03-04T08:00", "returned_at": "2026-03-05T08:00"}),
    ],
)
def test_every_status_on_every_page(
    counter: Client, run: Run, status: str, changes: dict[str, str]
) -> None:
    run(working(status=status, officer="Người đã nghỉ", **changes))
    dossier = Dossier.objects.get()
    page = page_of(counter, f"/ho-so/{CODE}/")
    assert "Tiếp nhận ở hệ thống trước" in page
    page_of(counter, f"/ho-so/{CODE}/vi-sao/")
    assert counter.post(f"/ho-so/{CODE}/phieu/kiem-soat/lap/").status_code in (302, 404)
    assert counter.get("/tim/?q=nguyen+van+an").headers["Location"] == f"/ho-so/{CODE}/"
    page_of(counter, "/viec/?loai=dang-xu-ly")
    page_of(counter, "/ban-giao/")
    page_of(counter, "/tra-ket-qua/")
    citizen = Client()
    page_of(citizen, f"/tra-cuu/{CODE}/")
    page_of(citizen, f"/tra-cuu/{CODE}/?k={secret_of(dossier)}")
    page_of(citizen, f"/tra-cuu/{CODE}/vi-sao/?k={secret_of(dossier)}")


def test_its_slips_are_drawn(counter: Client, run: Run) -> None:
    """After completion the new date is printed, without a register number that nobody gave."""
    run(working(status="5", **OPEN, **WAITS))
    clerk = desk_of(Officer.objects.get(username="tiepnhan"), MONDAY)
    supplements.complete(Seen(Dossier.objects.get().pk), by=clerk, at=MONDAY)
    page_of(counter, f"/ho-so/{CODE}/")
    response = counter.get(f"/ho-so/{CODE}/phieu/tiep-nhan/")
    assert response.status_code == 200
    assert "None" not in response.content.decode()


@pytest.mark.parametrize("act", ["nhan-bo-sung", "rut"])
def test_the_acts_of_a_waiting_one_are_offered(counter: Client, run: Run, act: str) -> None:
    run(working(status="5", **OPEN, **WAITS))
    page_of(counter, f"/ho-so/{CODE}/{act}/")


def test_a_payment_that_is_waited_for_is_recorded(counter: Client, run: Run) -> None:
    run(working(status="6", **OPEN, **WAITS))
    page_of(counter, f"/ho-so/{CODE}/da-nop/")


def test_a_result_that_waits_is_given_back(counter: Client, run: Run) -> None:
    run(line(status="9", returned_at=""))
    assert CODE in page_of(counter, "/tra-ket-qua/")
    page_of(counter, f"/tra-ket-qua/{CODE}/")


def test_a_paper_dossier_without_a_scan_counts_as_not_scanned(organisation: None, run: Run) -> None:
    """R-13: an earlier system says no reason and brings no file."""
    run(line())
    period = parse("2026Q1")
    form = form_on("digitised", period.last)
    agency = Agency.objects.get(code="H37.05986")
    total = table(form, Scope.for_form(form, agency), period, MONDAY).total
    assert total is not None
    assert [total.values[number] for number in "3567"] == [1, 0, 1, "0,00"]
