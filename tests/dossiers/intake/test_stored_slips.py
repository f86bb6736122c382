"""What is stored of a slip and what is drawn when somebody asks: one copy stored, two laid out on
request, and no writer of the database waits for either.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from pypdf import PdfReader

from dossiers import tasks
from dossiers.models import Dossier, Slip, SlipPrint
from dossiers.slips import issuing
from onestop.accounts.models import Officer
from onestop.files import domain as files
from onestop.files.models import Attachment
from onestop.patience import short_wait
from tests.world import Office, make_case, make_office, receive

if TYPE_CHECKING:
    from django.test import Client

A5, TWO_ON_A4 = (148, 210), (297, 210)


def pages(content: bytes) -> list[tuple[tuple[int, int], str]]:
    """Each page: its size in mm and what it says."""
    mm = 25.4 / 72
    return [
        ((round(page.mediabox.width * mm), round(page.mediabox.height * mm)), page.extract_text())
        for page in PdfReader(io.BytesIO(content)).pages
    ]


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case(papers=2))


@pytest.mark.pdf
@pytest.mark.django_db
def test_one_copy_is_stored_and_is_what_the_address_of_the_pdf_answers(
    clerk: Client, dossier: Dossier
) -> None:
    slip = Slip.objects.get(dossier=dossier)
    issuing.make_pdf(slip.pk)
    slip.refresh_from_db()
    assert slip.pdf is not None
    answer = clerk.get(f"/ho-so/{dossier.code}/phieu/tiep-nhan.pdf")
    with files.open_attachment(slip.pdf) as stored:
        assert answer.content == stored.read()
    [(size, said)] = pages(answer.content)
    assert size == A5
    assert "(Liên: Giao tổ chức, cá nhân nộp hồ sơ)" in said
    assert SlipPrint.objects.get(slip=slip).copies == 1


@pytest.mark.pdf
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "sheets"),
    [("lien=1", [A5]), ("lien=2", [A5, A5]), ("lien=2&kho=a4x2", [TWO_ON_A4]), ("kho=a4x2", [TWO_ON_A4])],
)  # fmt: skip
def test_copies_and_paper_are_laid_out_as_the_address_says(
    clerk: Client, dossier: Dossier, asked: str, sheets: list[tuple[int, int]]
) -> None:
    made = pages(clerk.get(f"/ho-so/{dossier.code}/phieu/tiep-nhan.pdf?{asked}").content)
    assert [size for size, _ in made] == sheets
    copies = 1 if asked == "lien=1" else 2
    said = " ".join(words for _, words in made)
    assert said.count("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ") == copies
    for name in ("(Liên 1: Lưu)", "(Liên 2: Giao tổ chức, cá nhân nộp hồ sơ)"):
        assert (name in said) is (copies == 2)
    assert SlipPrint.objects.get().copies == copies
    assert not Attachment.objects.filter(kind="slip").exists(), "only the one copy is stored"


@pytest.mark.django_db
def test_the_bar_offers_the_pdf_of_what_the_page_shows(clerk: Client, dossier: Dossier) -> None:
    """The same slip, copies and paper; where the address names none, the stored PDF."""
    number = Slip.objects.get(dossier=dossier).number
    page = f"/ho-so/{dossier.code}/phieu/tiep-nhan/"
    pdf = f"/ho-so/{dossier.code}/phieu/tiep-nhan.pdf"
    for asked, offered in (
        ("", pdf),
        ("?in=1", pdf),
        ("?lien=2&kho=a4x2", f"{pdf}?lien=2&amp;kho=a4x2"),
        (f"?so={number}&kho=a5", f"{pdf}?so={number}&amp;kho=a5"),
    ):
        assert f'href="{offered}"' in clerk.get(page + asked).content.decode()


@pytest.mark.django_db
def test_other_copies_of_an_older_slip_are_of_that_slip(clerk: Client, dossier: Dossier) -> None:
    """The bar is a form: what its address held and it does not hold is gone after "Đổi"."""
    number = Slip.objects.get(dossier=dossier).number
    page = f"/ho-so/{dossier.code}/phieu/tiep-nhan/"
    kept = f'<input type="hidden" name="so" value="{number}" />'
    assert kept in clerk.get(f"{page}?so={number}").content.decode()
    assert kept not in clerk.get(page).content.decode()


@pytest.mark.django_db
def test_of_two_workers_one_stores_the_slip(
    office: Office, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one drew it meanwhile: it leaves no second row, which nothing would point at."""
    slip = Slip.objects.get(dossier=dossier)

    def drawn(html: str, **_: Any) -> bytes:
        monkeypatch.setattr("onestop.pdf.render", lambda html, **_: b"%PDF the quicker one")
        issuing.make_pdf(slip.pk)
        return b"%PDF the slower one"

    monkeypatch.setattr("onestop.pdf.render", drawn)
    issuing.make_pdf(slip.pk)
    slip.refresh_from_db()
    assert [slip.pdf] == list(Attachment.objects.filter(kind="slip"))
    with files.open_attachment(slip.pdf) as stored:  # type: ignore[arg-type]
        assert stored.read() == b"%PDF the quicker one"


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_slip_that_is_being_drawn(
    signed_in: Callable[[Officer], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the worker, by the sweep, by a page: another connection writes while it is drawn, to
    SQLite (one writer at a time) and to the slip's own row.
    """
    office = make_office()
    dossiers = [receive(office, make_case(papers=2)) for _ in range(3)]
    first, second = (Slip.objects.get(dossier=dossier) for dossier in dossiers[:2])
    Slip.objects.update(pdf=None)  # a test's worker makes them at once
    wrote: list[int] = []

    def write() -> None:
        with short_wait(0.1):
            wrote.append(Slip.objects.update(year=2026))
        connection.close()

    def drawn(html: str, **_: Any) -> bytes:
        assert not connection.in_atomic_block
        other = threading.Thread(target=write)
        other.start()
        other.join()
        return b"%PDF drawn"

    monkeypatch.setattr("onestop.pdf.render", drawn)
    tasks.slip_pdf(first.pk)
    monkeypatch.setattr(issuing, "without_pdf", lambda now: [second.pk])
    tasks.sweep_slips()
    client, page = signed_in(office.clerk), f"/ho-so/{dossiers[2].code}/phieu/tiep-nhan.pdf"
    assert client.get(page).content == client.get(f"{page}?lien=2").content == b"%PDF drawn"
    assert Slip.objects.exclude(pdf=None).count() == 3
    assert wrote == [3, 3, 3, 3]
