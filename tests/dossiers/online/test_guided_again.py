"""R-44: what is to be completed is asked once. A filing sent again under its code is the same matter,
whatever number and telephone it names since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dossiers.acts import filings, guiding
from dossiers.desk import matters
from dossiers.models import CounterVisit, Dossier, OnlineFiling, Slip
from dossiers.models.guiding import GuidanceApproval
from tests.dossiers.intake.pages import address
from tests.dossiers.online.filed import CODE, a_filing
from tests.dossiers.online.test_pages import clerk, office, sent
from tests.world import MONDAY, Office, make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from procedures.models import Case

pytestmark = pytest.mark.django_db
__all__ = ["clerk", "office"]
GUIDE = {"viec": "bo-sung", "guide_reason": "Thiếu giấy tờ", "declared": "Thiếu ngày sinh"}
OTHER = {"owner_name": "Trần Văn Bình", "identity_number": "001087000456", "phone": "0988888888"}


@pytest.fixture
def case() -> Case:
    return make_case()


@pytest.fixture
def again(clerk: Client, office: Office, case: Case) -> OnlineFiling:
    """Guided once, and sent again in another name, with another number and telephone."""
    filing = a_filing(office)
    clerk.post(address(case), sent(case, **GUIDE))
    filings.reopen(filing.pk, by=office.desk(office.clerk), at=MONDAY)
    OnlineFiling.objects.filter(pk=filing.pk).update(**OTHER)
    filing.refresh_from_db()
    assert filing.is_waiting
    return filing


def guide_again(client: Client, case: Case, **more: str) -> Any:
    return client.post(address(case), sent(case, **GUIDE, **OTHER, **more))


def test_one_more_guidance_under_the_same_code_asks_for_an_approver(
    clerk: Client, case: Case, again: OnlineFiling
) -> None:
    page = guide_again(clerk, case)
    assert 'name="guide_approver"' in page.content.decode()
    assert CounterVisit.objects.count() == 1
    again.refresh_from_db()
    assert again.is_waiting


def test_of_another_code_it_is_the_first(clerk: Client, case: Case, again: OnlineFiling) -> None:
    other = sent(case, **(GUIDE | OTHER | {"source_code": "G99.01-261120-000002"}))
    assert clerk.post(address(case), other).status_code == 302
    assert CounterVisit.objects.count() == 2


def test_the_approved_slip_names_what_was_asked_under_the_code(
    clerk: Client, office: Office, case: Case, again: OnlineFiling, signed_in: Callable[..., Client]
) -> None:
    guide_again(
        clerk, case, guide_approver=str(office.head.pk), guide_approval_reason="Văn bản mới"
    )
    second = CounterVisit.objects.order_by("pk").last()
    assert second is not None
    assert second.approver == office.head
    by = office.desk(office.head)
    row = GuidanceApproval.objects.get(visit=second)
    guiding.answer(row.pk, agreed=True, words="", by=by, at=MONDAY)
    guiding.issue(second.pk, by=office.desk(office.clerk), at=MONDAY)
    [earlier] = Slip.objects.get(visit=second).snapshot["earlier"]
    assert earlier["reason"] == "Thiếu giấy tờ"


def test_the_dossier_counts_what_was_asked_under_its_code(
    clerk: Client, case: Case, again: OnlineFiling
) -> None:
    clerk.post(address(case), sent(case, **OTHER, filed_at=""))
    dossier = Dossier.objects.get(code=CODE)
    assert CounterVisit.objects.get().dossier == dossier
    assert matters.guided(dossier) == 1


def test_its_page_names_what_was_asked_for(clerk: Client, again: OnlineFiling) -> None:
    page = clerk.get(reverse("online_filing", args=[again.pk])).content.decode()
    assert "Thiếu ngày sinh" in page
