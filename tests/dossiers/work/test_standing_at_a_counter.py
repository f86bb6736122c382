"""Who stands at a counter, asked in one place (dossiers/rules.py): nobody receives, guides, keeps
numbers or gives back at the counter of another agency, nor at one that has ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse

from dossiers.acts import envelopes, filings, guiding, paper_days, reception, visits
from dossiers.acts.endings import Taking
from dossiers.acts.envelopes import Common, Sender
from dossiers.forms.intake import GUIDE, RECEIVE, REFUSE
from dossiers.intake.brought import Person
from dossiers.intake.wanted import declared
from dossiers.models import CounterVisit, Dossier, Slip
from dossiers.models.elsewhere import Outage, PaperPack
from dossiers.models.envelopes import Envelope
from onestop.accounts.desk import Desk
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from procedures.models import Case
from tests.dossiers.intake import pages
from tests.dossiers.online.filed import a_filing
from tests.world import MONDAY, Office, an_intake, make_case, make_office

EARLIER = MONDAY - timedelta(hours=1)
SENDER = Sender("Lý Văn Sơn", "Trưởng thôn Nà Lốc", "020075001234")
OWNER = Person("Nguyễn Văn Ân", identity_number="001087000123", phone="0912345678")


@pytest.fixture
def case(office: Office) -> Case:
    return make_case(name="Thủ tục đăng ký khai sinh")


@pytest.fixture
def other(office: Office) -> Office:
    return make_office("Ủy ban nhân dân xã Tân Lập")


def an_envelope(office: Office, case: Case) -> Envelope:
    by = office.desk(office.clerk, EARLIER)
    return envelopes.open_envelope(office.agency, case, SENDER, token=uuid4(), by=by, at=EARLIER)


def a_pack(office: Office) -> PaperPack:
    by = office.desk(office.clerk, EARLIER)
    return paper_days.prepare(office.agency, size=20, by=by, at=EARLIER)


TIMES = {"kind": Outage.Kind.POWER, "note": "", "began_at": EARLIER, "ended_at": None}


def an_outage(office: Office) -> Outage:
    return paper_days.record(office.agency, **TIMES, by=office.desk(office.clerk), at=MONDAY)


def guided(office: Office, case: Case, by: Desk, **more: Any) -> CounterVisit:
    said = visits.Said(
        CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, case=case, owner=OWNER,
        items=declared("Ngày sinh"), reason="Chưa đủ", **more,
    )  # fmt: skip
    return visits.record(said, by=by, at=MONDAY)


def guided_again(office: Office, case: Case) -> CounterVisit:
    """It waits for the head."""
    by = office.desk(office.clerk)
    guided(office, case, by)
    return guided(office, case, by, approver=office.head, approval_reason="Văn bản mới")


def issued_again(office: Office, case: Case, by: Desk) -> object:
    visit = guided_again(office, case)
    row = visit.approval
    guiding.answer(row.pk, agreed=True, words="", by=office.desk(office.head), at=MONDAY)
    guiding.issue(visit.pk, by=office.desk(office.clerk), at=MONDAY)
    return guiding.issue(visit.pk, by=by, at=MONDAY)


Verb = Callable[[Office, Any, Desk], object]
VERBS: dict[str, Verb] = {
    "receive": lambda o, c, by: reception.receive(an_intake(o, c), by=by, at=MONDAY),
    "guide": guided,
    "put again": lambda o, c, by: guiding.put_again(
        guided_again(o, c).pk, approver=o.leader, reason="Khác", by=by, at=MONDAY
    ),
    "give up": lambda o, c, by: guiding.give_up(guided_again(o, c).pk, by=by, at=MONDAY),
    "issue": lambda o, c, by: guiding.issue(guided_again(o, c).pk, by=by, at=MONDAY),
    "issue once more": issued_again,
    "settle a filing": lambda o, c, by: filings.settle_elsewhere(
        a_filing(o).pk, reason="Đã nhận", by=by, at=MONDAY
    ),
    "open an envelope": lambda o, c, by: envelopes.open_envelope(
        o.agency, c, SENDER, token=uuid4(), by=by, at=MONDAY
    ),
    "more into an envelope": lambda o, c, by: envelopes.receive_all(
        an_envelope(o, c), [("A", OWNER)], Common(c, (), "Quét sau"), by=by, at=MONDAY
    ),
    "give back an envelope": lambda o, c, by: envelopes.return_all(
        an_envelope(o, c), [], Taking("Lý Văn Sơn"), by=by, at=MONDAY
    ),
    "keep numbers": lambda o, c, by: paper_days.prepare(o.agency, size=5, by=by, at=MONDAY),
    "throw away numbers": lambda o, c, by: paper_days.end_pack(
        a_pack(o).pk, o.agency, by=by, at=MONDAY
    ),
    "record an incident": lambda o, c, by: paper_days.record(o.agency, **TIMES, by=by, at=MONDAY),
    "correct an incident": lambda o, c, by: paper_days.correct(
        an_outage(o).pk, o.agency, **TIMES, by=by, at=MONDAY
    ),
    "cancel an incident": lambda o, c, by: paper_days.cancel(
        an_outage(o).pk, o.agency, by=by, at=MONDAY
    ),
}


@pytest.mark.parametrize("is_colleague", [False, True])
@pytest.mark.parametrize("verb", VERBS)
def test_nobody_acts_at_a_counter_that_is_not_his(
    office: Office, other: Office, case: Case, verb: str, is_colleague: bool
) -> None:
    """The clerk of another agency, and a colleague who is no clerk."""
    by = office.desk(office.specialist) if is_colleague else other.desk(other.clerk)
    with pytest.raises(DomainError) as refused:
        VERBS[verb](office, case, by)
    assert refused.value.code in ("not_your_counter", "role_missing")


@pytest.mark.parametrize("verb", ["receive", "guide", "open an envelope", "keep numbers"])
def test_nobody_receives_for_an_agency_that_has_ended(
    office: Office, case: Case, verb: str
) -> None:
    office.agency.closed_on = MONDAY.date() - timedelta(days=1)
    office.agency.save()
    with pytest.raises(DomainError) as refused:
        VERBS[verb](office, case, office.desk(office.clerk))
    assert refused.value.code == "agency_ended"
    assert not Envelope.objects.exists()
    assert not PaperPack.objects.exists()


def test_forged_posts_for_another_counter_are_not_found(
    office: Office, other: Office, case: Case, signed_in: Callable[[Officer], Any]
) -> None:
    envelope, pack, outage = an_envelope(office, case), a_pack(office), an_outage(office)
    visit = guided_again(office, case)
    here, made = {"co-quan": str(office.agency.pk)}, Slip.objects.count()
    sent: dict[str, Any] = {
        "token": str(uuid4()), "case": str(case.pk), "sender_name": "A", "authorisation": "B", "owner_kind": "1",
        "owners": "Trần Văn Bình; 001087000125", "no_scan_reason": "Quét sau",
    }  # fmt: skip
    forged: list[tuple[str, dict[str, Any]]] = [
        *((pages.address(case), pages.typed(case, viec=act)) for act in (RECEIVE, GUIDE, REFUSE)),
        (reverse("envelope_new", args=[case.version.procedure.code]), sent),
        (reverse("envelope", args=[envelope.pk]), sent),
        (reverse("envelope_return", args=[envelope.pk]), {"name": "A", "identity": "1"}),
        (reverse("paper_days"), {"viec": "goi", "size": "20"}),
        (reverse("paper_days"), {"viec": "su-co", "kind": "1", "began_at": "07:30"}),
        (reverse("paper_outage", args=[outage.pk]), {"viec": "bo"}),
        (reverse("paper_pack_end", args=[pack.pk]), {}),
        (reverse("guidance_issue", args=[visit.pk]), {}),
        (reverse("guidance_put", args=[visit.pk]), {"approver": str(office.leader.pk)}),
    ]
    stranger = signed_in(other.clerk)
    for address, data in forged:
        assert stranger.post(address, data | here).status_code == 404, address
    assert not Dossier.objects.exists()
    assert (Envelope.objects.count(), PaperPack.objects.count(), Outage.objects.count()) == (
        1,
        1,
        1,
    )
    assert (CounterVisit.objects.count(), Slip.objects.count()) == (2, made)
    outage.refresh_from_db()
    pack.refresh_from_db()
    assert (outage.cancelled_at, pack.ended_at) == (None, None)


def test_the_rule_stands_in_one_place() -> None:
    """The role of a clerk at a named agency is asked for by rules.py alone."""
    asks = re.compile(r"has\(\s*Role\.CLERK,\s*agency_id")
    folder = Path(settings.BASE_DIR) / "dossiers"
    found = {
        path.name for path in folder.rglob("*.py") if asks.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"rules.py"}
