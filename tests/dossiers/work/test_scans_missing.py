"""`/so-hoa/`: finished dossiers that are not all scanned, by who received them (R-13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.acts import endings, scanning
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.desk import scans
from dossiers.models import Dossier
from tests.samples import a_pdf
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
REASON = "Máy quét hỏng"


def ended(
    office: Office, at: datetime = MONDAY, term: str = "7 ngày làm việc", **more: Any
) -> Dossier:
    dossier = receive(office, make_case(term), at=at, **more)
    endings.withdraw(
        Seen(dossier.pk), EndingIn("", "Đổi ý"), by=office.desk(office.clerk, at), at=at
    )
    return Dossier.objects.get(pk=dossier.pk)


def scan(office: Office, dossier: Dossier, reason: str = "") -> None:
    files = [SimpleUploadedFile("a.pdf", a_pdf(dossier.code))]
    desk = office.desk(office.clerk)
    scanning.add_scans(Seen(dossier.pk), files, reason=reason, by=desk, at=MONDAY)


def test_who_owes_what(office: Office, signed_in: Callable[..., Client]) -> None:
    owing, whole, part = (ended(office, no_scan_reason=REASON) for _ in range(3))
    scan(office, whole)
    scan(office, part, "Còn bản vẽ")
    receive(office, make_case(), no_scan_reason=REASON)  # not finished
    ended(office, term="trả ngay", no_scan_reason=REASON)  # nothing is kept of it
    ended(office, at=vn("23/06/2026 09:00"), no_scan_reason=REASON)  # too long ago
    page = signed_in(office.leader).get("/so-hoa/")
    shown = " ".join(page.content.decode().split())
    assert [row.pk for row in page.context["rows"]] == [part.pk, owing.pk]
    assert [(one.name, one.number) for one in page.context["officers"]] == [
        (office.clerk.full_name, 2)
    ]
    assert "Còn bản vẽ" in shown
    assert "Máy quét hỏng" in shown
    year = signed_in(office.leader).get("/so-hoa/?ngay=365")
    assert len(year.context["rows"]) == 3


def test_a_clerk_sees_the_own_and_an_officer_elsewhere_nothing(
    office: Office, signed_in: Callable[..., Client]
) -> None:
    dossier = ended(office, no_scan_reason=REASON)
    other = make_office()
    ended(other, no_scan_reason=REASON)
    for officer in (office.clerk, office.leader, office.controller):
        rows = signed_in(officer).get("/so-hoa/").context["rows"]
        assert [row.pk for row in rows] == [dossier.pk]
    assert signed_in(office.specialist).get("/so-hoa/").status_code == 403
    forged = signed_in(office.leader).get(f"/so-hoa/?canbo={other.clerk.pk}")
    assert not forged.context["rows"]
    assert other.clerk.full_name not in forged.context["chosen"]


@pytest.mark.parametrize("asked", ["?ngay=x", "?ngay=99999999999999", "?canbo=-1", "?sau=zz"])
def test_what_an_address_says_wrongly_is_left_out(
    office: Office, signed_in: Callable[..., Client], asked: str
) -> None:
    ended(office, no_scan_reason=REASON)
    assert signed_in(office.leader).get(f"/so-hoa/{asked}").status_code == 200


def test_the_file_holds_all_of_it(office: Office, signed_in: Callable[..., Client]) -> None:
    dossier = ended(office, no_scan_reason=REASON)
    client = signed_in(office.leader)
    csv = b"".join(client.get("/so-hoa/tep.csv")).decode()
    assert dossier.code in csv
    assert office.clerk.full_name in csv
    assert REASON in csv
    assert b"".join(client.get("/so-hoa/tep.xlsx")).startswith(b"PK")
    assert dossier.code not in b"".join(client.get("/so-hoa/tep.csv?canbo=999")).decode()


def test_many_cost_no_more_queries_than_one(
    office: Office, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(office.leader)
    ended(office, no_scan_reason=REASON)
    client.get("/so-hoa/")
    with CaptureQueriesContext(connection) as one:
        client.get("/so-hoa/")
    for _ in range(4):
        ended(office, no_scan_reason=REASON)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/so-hoa/").context["rows"]) == 5
    assert len(many) == len(one)


def test_pages_go_on_where_one_ends(office: Office) -> None:
    for _ in range(3):
        ended(office, no_scan_reason=REASON)
    rows = scans.missing(office.desk(office.leader), 90, MONDAY)
    first = scans.page(rows, size=2)
    rest = scans.page(rows, size=2, after=first.next)
    assert len({row.pk for row in (*first.rows, *rest.rows)}) == 3
    assert not rest.next
