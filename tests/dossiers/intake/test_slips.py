"""Slips on the screen: printed at once, recorded, identical again, only for those who may see the
dossier.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from dossiers.models import Slip, SlipPrint
from dossiers.slips.issuing import make_pdf
from onestop.accounts.models import AccessEvent, AccessKind, OfficerSession
from onestop.changes.models import RowChange
from tests.world import Office, make_case, make_office, receive

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db


def body(page: Any) -> str:
    """The slip itself, without the bar above it."""
    return re.sub(r'<form class="bar".*?</form>', "", page.content.decode(), flags=re.S)


def test_the_slip_prints_at_once_and_again_the_same(clerk: Client, office: Office) -> None:
    dossier = receive(office, make_case(papers=2))
    address = f"/ho-so/{dossier.code}/phieu/tiep-nhan/"
    first, again = clerk.get(address), clerk.get(address)
    assert dossier.code in body(first)
    assert body(first).count("<article") == 2  # two copies unless told otherwise
    assert body(first) == body(again)
    assert [(p.copies, p.again, p.officer) for p in SlipPrint.objects.order_by("id")] == [
        (2, False, office.clerk),
        (2, True, office.clerk),
    ]
    lines = AccessEvent.objects.filter(
        kind=AccessKind.PRINTED, object_kind="dossier", object_id=dossier.pk
    )
    assert lines.count() == 2
    assert first.headers["Cache-Control"] == "private, no-store"


def test_copies_paper_and_printing_by_itself_are_asked_by_address(
    clerk: Client, office: Office
) -> None:
    address = f"/ho-so/{receive(office, make_case()).code}/phieu/tiep-nhan/"
    assert body(clerk.get(f"{address}?lien=1")).count("<article") == 1
    assert "layout-a4x2" in body(clerk.get(f"{address}?kho=a4x2"))
    assert "layout-a5" in body(clerk.get(f"{address}?kho=../../etc"))
    assert "data-autoprint" in clerk.get(f"{address}?in=1").content.decode()
    assert "data-autoprint" not in clerk.get(address).content.decode()


def test_an_older_slip_is_found_by_its_number(clerk: Client, office: Office) -> None:
    dossier = receive(office, make_case())
    number = Slip.objects.get(dossier=dossier).number
    address = f"/ho-so/{dossier.code}/phieu/tiep-nhan/"
    assert clerk.get(f"{address}?so={number}").status_code == 200
    assert clerk.get(f"{address}?so={number + 7}").status_code == 404
    assert clerk.get(f"/ho-so/{dossier.code}/phieu/xin-loi/").status_code == 404  # none was made
    assert clerk.get(f"/ho-so/{dossier.code}/phieu/khong-co/").status_code == 404


def test_strangers_do_not_find_it(office: Office, signed_in: Any) -> None:
    dossier = receive(office, make_case())
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    for address in (
        f"/ho-so/{dossier.code}/phieu/tiep-nhan/",
        f"/ho-so/{dossier.code}/phieu/tiep-nhan.pdf",
    ):
        assert signed_in(other.clerk).get(address).status_code == 404
        assert (
            signed_in(office.specialist).get(address).status_code == 404
        )  # not yet passed on to that desk
        assert signed_in(office.leader).get(address).status_code == 200
    assert SlipPrint.objects.count() == 2


def test_the_control_sheet_is_drawn_as_of_now(clerk: Client, office: Office) -> None:
    dossier = receive(office, make_case())
    address = f"/ho-so/{dossier.code}/phieu/kiem-soat/"
    # Without a number the address means the sheet as of now (people script it).
    assert dossier.code in clerk.get(address).content.decode()
    for _ in range(2):
        page = clerk.post(f"{address}lap/", follow=True).content.decode()
        assert dossier.code in page
        assert "data-autoprint" in page
    assert Slip.objects.filter(slug="kiem-soat").count() == 1


@pytest.mark.pdf
def test_following_an_address_of_a_slip_writes_only_who_printed_it(
    clerk: Client, office: Office, queries: Callable[[], Any]
) -> None:
    """One rule for all: a slip is frozen by the act that makes it or by a press, never by a GET. What a
    GET writes are traces: the print, sealed (R-88), and the line of the access log (R-144).
    """
    dossier = receive(office, make_case())
    here = f"/ho-so/{dossier.code}/phieu"
    clerk.post(f"{here}/kiem-soat/lap/")
    for slip in Slip.objects.all():
        make_pdf(slip.pk)  # as the worker does, from what is frozen
    with queries() as asked:
        for slug in ("tiep-nhan", "kiem-soat"):
            for address in (f"{here}/{slug}/", f"{here}/{slug}/?in=1", f"{here}/{slug}.pdf"):
                assert clerk.get(address).status_code == 200
    found = (re.match(r'(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', one["sql"]) for one in asked)
    wrote = {one[2] for one in found if one is not None}
    traces = {model._meta.db_table for model in (SlipPrint, AccessEvent, RowChange)}
    seen_here = {OfficerSession._meta.db_table}  # as every page does
    assert wrote - seen_here == traces


def test_a_control_sheet_is_read_with_what_it_shows(
    clerk: Client, office: Office, queries: Callable[[], Any]
) -> None:
    """Thirteen statements, three of them traces: the calls and waits that it lists cost no more than
    it did without them; legs and opinions one each.
    """
    address = f"/ho-so/{receive(office, make_case()).code}/phieu/kiem-soat/"
    clerk.post(f"{address}lap/")
    clerk.get(address)
    with queries() as asked:
        clerk.get(address)
    assert len(asked) <= 13, [one["sql"][:90] for one in asked]


@pytest.mark.pdf
def test_the_pdf_is_the_stored_one_or_made_now(clerk: Client, office: Office) -> None:
    dossier = receive(office, make_case())
    slip = Slip.objects.get(dossier=dossier)
    address = f"/ho-so/{dossier.code}/phieu/tiep-nhan.pdf"
    first = clerk.get(address)
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    make_pdf(slip.pk)
    assert clerk.get(address).content == first.content
    assert clerk.get(f"{address}?lien=2").content != first.content
    assert SlipPrint.objects.filter(slip=slip).count() == 3
