"""The counter's form, as a browser without script sends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import time_machine

from dossiers.models import CounterVisit, Dossier, Draft, Slip
from procedures.channels import Channel
from procedures.models import Case, Method
from tests.world import MONDAY, Office, make_case, make_office, receive

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], "Client"]


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def clerk(office: Office, signed_in: SignIn) -> Any:
    with time_machine.travel(MONDAY, tick=False):
        yield signed_in(office.clerk)


def address(case: Case) -> str:
    return f"/tiep-nhan/lap/{case.version.procedure.code}/"


def typed(case: Case, **changes: Any) -> dict[str, Any]:
    """What the page of a case sends when everything is in order."""
    data: dict[str, Any] = {
        "token": str(uuid4()),
        "thu-tuc": case.version.procedure.code,
        "case": str(case.pk),
        "channel": "1",
        "identity_kind": "1",
        "identity_number": "001087000123",
        "owner_kind": "1",
        "owner_name": "Nguyễn  Văn Ân",
        "phone": "0912 345 678",
        "address": "Thôn 2, xã Bình Minh",
        "sets": "1",
        "no_scan_reason": "Máy quét hỏng",
        "viec": "nhan",
    }
    for paper in case.papers.all():
        data |= {f"g{paper.pk}-o": str(paper.originals), f"g{paper.pk}-c": "", f"g{paper.pk}-s": str(paper.copies or "")}
    return data | changes


def errors(page: Any) -> str:
    """The error summary of a page, as text."""
    found = re.search(r'<div class="error-summary".*?</div>', page.content.decode(), re.S)
    return re.sub(r"<[^>]+>", " ", found[0]) if found else ""


def test_a_dossier_is_received_from_the_plain_form(clerk: Client, office: Office) -> None:
    case = make_case("7 ngày làm việc", papers=3, fee=15000)
    page = clerk.get(address(case))
    assert page.status_code == 200
    assert "17:00 thứ Năm 03/12/2026" in page.content.decode()  # the promise stands there before anything is typed
    answer = clerk.post(address(case), typed(case))
    dossier = Dossier.objects.get()
    assert answer.headers["Location"] == f"/tiep-nhan/xong/{dossier.code}/"
    assert (dossier.owner_name, dossier.phone, dossier.fee_amount) == ("Nguyễn Văn Ân", "0912345678", 15000)
    assert [p.originals for p in dossier.papers.all()] == [1, 1, 1]
    done = clerk.get(answer.headers["Location"]).content.decode()
    assert dossier.code in done
    assert "17:00 thứ Năm 03/12/2026" in done
