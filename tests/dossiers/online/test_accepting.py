"""A filing that fits is received by one key; what has anything to be looked at opens its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dossiers.desk import online as desk
from dossiers.intake.brought import OnlineIn
from dossiers.intake.online import check, content_of
from dossiers.intake.said import FILES, Said, said_of
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, DossierPaper, OnlineFiling
from onestop.errors import DomainError
from onestop.files.domain import attach, keep
from onestop.files.models import Attachment
from procedures.models import Paper, Procedure
from tests.dossiers.online.filed import CODE, a_filing
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, make_office, vn

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def clerk(signed_in: Any, office: Office) -> Client:
    client: Client = signed_in(office.clerk)
    return client


def fitting(office: Office, **more: Any) -> OnlineFiling:
    """A filing as the exchange brings it, with every paper."""
    case = make_case()
    papers = dict.fromkeys(Paper.objects.filter(case=case).values_list("pk", flat=True), 1)
    said = more.pop("said", None) or Said(papers=papers, summary="Ghi chú của người nộp")
    procedure = Procedure.objects.get(code=case.version.code)
    return a_filing(office, procedure=procedure, case=case, said=said.told(), **more)


def accept(client: Client, filing: OnlineFiling) -> Any:
    return client.post(reverse("online_filing_accept", args=[filing.pk]))


def test_one_press_receives_what_fits_with_its_files(clerk: Client, office: Office) -> None:
    """R-36, R-40: the portal's code and time, the papers that came, the files become the dossier's."""
    filing = fitting(office)
    kept = keep(PDF, name="to-khai.pdf")
    attach(kept, kind=FILES, object_id=filing.pk, by=None)
    page = clerk.get(reverse("online_filing", args=[filing.pk])).content.decode()
    assert "Tiếp nhận ngay" in page
    assert "to-khai.pdf" in page
    answer = accept(clerk, filing)
    dossier = Dossier.objects.get()
    assert answer["Location"] == reverse("intake_done", args=[CODE])
    assert (dossier.code, dossier.summary, dossier.online.listed) == (
        CODE, "Ghi chú của người nộp", True,
    )  # fmt: skip
    assert set(DossierPaper.objects.values_list("originals", "copies")) == {(0, 1)}
    assert Attachment.objects.of("dossier", dossier.pk).get().name == "to-khai.pdf"
    assert verify(now=MONDAY).misfit is None
    # A second press finds the first one's dossier.
    assert accept(clerk, filing)["Location"] == answer["Location"]
    assert Dossier.objects.count() == 1


def test_what_is_short_or_odd_opens_the_form(
    clerk: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = fitting(office, said=Said(papers={}), identity_number="")
    page = clerk.get(reverse("online_filing", args=[filing.pk])).content.decode()
    assert "Phải xem lại" in page
    assert "giấy tờ của danh mục" in page
    assert "Tiếp nhận ngay" not in page
    assert accept(clerk, filing)["Location"] == reverse("online_filing_open", args=[filing.pk])
    assert not Dossier.objects.exists()
    other = fitting(office, code="G99.01-261120-000002")
    odd = desk.Beside("Tệp gửi kèm", "Chưa tải được 1 tệp.", is_odd=True)
    monkeypatch.setattr(desk, "besides", [lambda filing: [odd]])
    assert "Chưa tải được 1 tệp." in clerk.get(reverse("online_filing", args=[other.pk])).content.decode()  # fmt: skip
    assert accept(clerk, other)["Location"] == reverse("online_filing_open", args=[other.pk])


def test_the_hours_of_the_policy_are_those_the_dossier_keeps(clerk: Client, office: Office) -> None:
    """Arrived in the last hour: the eight hours begin on the next working day (R-40)."""
    told = Said(counts_from=vn("23/11/2026 07:30"))
    filing = fitting(office, said=told, accept_by=vn("23/11/2026 17:00"))
    assert said_of(filing) == told
    accept(clerk, filing)
    if (found := Dossier.objects.first()) is not None:
        assert found.online.accept_by > MONDAY


def test_a_file_of_another_counter_is_not_found(signed_in: Any, office: Office) -> None:
    filing = fitting(office)
    row = attach(keep(PDF, name="a.pdf"), kind=FILES, object_id=filing.pk, by=None)
    address = reverse("online_filing_file", args=[filing.pk, row.pk])
    shown = signed_in(office.clerk).get(address)
    assert b"".join(shown.streaming_content) == PDF
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    assert signed_in(other.clerk).get(address).status_code == 404


def test_content_that_the_portal_sent_meanwhile_is_not_received_unseen(clerk: Client, office: Office) -> None:  # fmt: skip
    """Neither by one key nor from the form that was opened before (R-36)."""
    filing = fitting(office)
    seen = content_of(filing)
    sign = f'name="seen" value="{seen}"'
    page = clerk.get(reverse("online_filing", args=[filing.pk])).content.decode()
    assert sign in " ".join(page.split())
    form = clerk.get(reverse("online_filing_open", args=[filing.pk]), follow=True).content.decode()
    assert sign in " ".join(form.split())
    OnlineFiling.objects.update(phone="0987654321")
    clerk.post(reverse("online_filing_accept", args=[filing.pk]), {"seen": seen})
    assert not Dossier.objects.exists()
    with pytest.raises(DomainError, match="online_revised"):
        check(OnlineIn(filing.code, seen=seen), agency=office.agency, at=MONDAY)
    filing.refresh_from_db()
    now = OnlineIn(filing.code, seen=content_of(filing))
    assert check(now, agency=office.agency, at=MONDAY).listed
