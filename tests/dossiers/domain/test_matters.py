"""One matter: completion is asked for once, visits at the counter and the dossier together; a
second time needs an approver (R-44, R-50).
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.acts import supplements, visits
from dossiers.acts.many import Seen
from dossiers.desk import matters
from dossiers.intake.brought import Person
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import CounterVisit, Dossier, Slip, Supplement
from dossiers.models.guiding import GuidanceApproval
from onestop.accounts.models import RoleGrant
from onestop.errors import DomainError
from onestop.outbox.models import Message
from procedures.models import Case
from tests.dossiers.intake.pages import address, errors, typed
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db

OWNER = Person("Nguyễn Văn Ân", identity_number="001087000123", phone="0912345678")


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def case() -> Case:
    return make_case()


def guide(
    office: Office, case: Case, owner: Person = OWNER, *, hours: int = 0, **more: Any
) -> CounterVisit:
    said = visits.Said(
        CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, case=case, owner=owner, items=declared("Ngày sinh"),
        reason="Chưa đủ", **more,
    )  # fmt: skip
    return visits.record(said, by=office.desk(office.clerk), at=MONDAY + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("again", "is_same"),
    [
        (OWNER, True),
        (Person("Tên khác", identity_number="001 087 000 123"), True),
        (Person("nguyen  van an", phone="0912 345 678"), True),
        (
            Person("Nguyễn Văn Ân", identity_number="001087000999", phone="0912345678"),
            False,
        ),  # a namesake of the household
        (Person("Trần Thị Bé", phone="0912345678"), False),
        (Person("Nguyễn Văn Ân"), False),
    ],
)
def test_a_second_guidance_needs_an_approver_and_a_reason(
    office: Office, case: Case, again: Person, *, is_same: bool
) -> None:
    guide(office, case)
    if not is_same:
        guide(office, case, again, hours=1)
        return
    for more in ({}, {"approver": office.head}, {"approval_reason": "Luật mới"}):
        with pytest.raises(DomainError, match="second_guidance"):
            guide(office, case, again, hours=1, **more)
    with pytest.raises(DomainError, match="approver_invalid"):
        guide(office, case, again, hours=1, approver=office.clerk, approval_reason="Luật mới")
    row = guide(office, case, again, hours=1, approver=office.head, approval_reason="Luật mới")
    assert (row.approver, row.approval_reason) == (office.head, "Luật mới")
    assert Message.objects.filter(to_officer=office.head, kind="guidance_asked").count() == 1
    assert not Slip.objects.filter(visit=row).exists()  # until he has agreed (work/test_guiding.py)
    guide(office, make_case(), again, hours=2)  # another procedure is another matter


def test_whose_role_was_ended_approves_nothing_more(office: Office) -> None:
    """Neither offered nor taken, though the grant's last day lies ahead."""
    yesterday = MONDAY - timedelta(days=1)
    RoleGrant.objects.filter(officer=office.head).update(
        valid_to=(MONDAY + timedelta(days=30)).date(), ended_at=yesterday
    )
    assert list(matters.approvers(office.agency, MONDAY)) == [office.leader]


def test_the_dossier_that_follows_links_the_visits_and_counts_them(
    client: Client, office: Office, case: Case
) -> None:
    visit = guide(office, case)
    other = guide(office, make_case())
    dossier = receive(office, case, at=MONDAY + timedelta(hours=2))
    visit.refresh_from_db()
    other.refresh_from_db()
    assert (visit.dossier, other.dossier) == (dossier, None)
    at = MONDAY + timedelta(hours=3)
    asked: dict[str, Any] = {
        "items": declared("Ngày sinh"),
        "reason": "Thiếu",
        "by": office.desk(office.clerk),
        "at": at,
    }
    with pytest.raises(DomainError, match="second_supplement"):
        supplements.ask(Seen(dossier.pk), **asked)
    supplements.ask(Seen(dossier.pk), **asked, approver=office.head, approval_reason="Luật mới")
    assert Supplement.objects.get().round == 2
    with time_machine.travel(at, tick=False):
        client.force_login(office.clerk)
        page = client.get(f"/ho-so/{dossier.code}/").content.decode()
    assert "Lần đến 09:00 23/11/2026: hướng dẫn bổ sung, hoàn thiện" in page
    guide(office, case, hours=4)  # a new matter begins after the dossier


@pytest.mark.parametrize("typed_in", ["Trần Văn Trưởng", "0", "", "clerk", "-1"])
def test_an_approver_is_chosen_of_those_who_may_and_never_typed(
    client: Client, office: Office, case: Case, typed_in: str
) -> None:
    """R-44: a name, nobody, or the clerk himself is no approver."""
    guide(office, case)
    chosen = str(office.clerk.pk) if typed_in == "clerk" else typed_in
    data = typed(case, viec="bo-sung", guide_reason="Vẫn thiếu", declared="Ngày sinh")
    data |= {"guide_approver": chosen, "guide_approval_reason": "Văn bản mới"}
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        client.force_login(office.clerk)
        assert client.post(address(case), data).status_code == 422
    assert CounterVisit.objects.count() == 1


def test_the_dossier_says_who_named_the_approver_of_an_old_slip(
    client: Client, office: Office, case: Case
) -> None:
    """From before approvers were asked: he did not say so himself."""
    guide(office, case)
    old = guide(office, case, hours=1, approver=office.head, approval_reason="Văn bản mới")
    GuidanceApproval.objects.filter(visit=old).delete()
    dossier = receive(office, case, at=MONDAY + timedelta(hours=2))
    with time_machine.travel(MONDAY + timedelta(hours=3), tick=False):
        client.force_login(office.clerk)
        page = client.get(f"/ho-so/{dossier.code}/").content.decode()
    named = f"{office.clerk.full_name} nêu người phê duyệt là {office.head.full_name}"
    assert page.count(f"Lần nữa: {named}, lý do: Văn bản mới.") == 1


def test_the_counters_page_asks_for_the_approver_of_a_second_guidance(
    client: Client, office: Office, case: Case
) -> None:
    guide(office, case)
    data = typed(case, viec="bo-sung", guide_reason="Vẫn thiếu", declared="Ngày sinh")
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        client.force_login(office.clerk)
        refused = client.post(address(case), data)
        assert refused.status_code == 422
        assert "Lần nữa phải trình người phê duyệt" in errors(refused)
        assert 'name="guide_approver"' in refused.content.decode()
        both = ("guide_approver", "guide_approval_reason")
        for named, lacking in ((), both), (both[:1], both[1:]), (both[1:], both[:1]):
            form = client.post(address(case), data | dict.fromkeys(named, str(office.head.pk)))
            assert tuple(form.context["form"].errors) == lacking
        approved = data | {
            "guide_approver": str(office.head.pk),
            "guide_approval_reason": "Văn bản mới",
        }
        done = client.post(address(case), approved)
        assert done.status_code == 302
        assert (
            client.post(address(case), approved).headers["Location"] == done.headers["Location"]
        )  # a second click
        made = client.get(done.headers["Location"]).content.decode()
    clerk, head = office.clerk.full_name, office.head.full_name
    assert 'Lý do phê duyệt"' not in refused.content.decode()
    assert "Lý do phải hướng dẫn lần nữa" in refused.content.decode()
    assert f"chờ {head} duyệt, lý do trình: Văn bản mới" in made
    assert "Người duyệt không có mặt?" in made
    told = Message.objects.get(to_officer=office.head, kind="guidance_asked")
    assert told.subject.startswith("Hướng dẫn bổ sung lần nữa chờ bạn duyệt")
    assert clerk in told.body
    assert CounterVisit.objects.count() == 2
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("chosen", [True, False])
def test_the_clerk_sees_the_visit_proposed_and_chooses(
    client: Client, office: Office, case: Case, *, chosen: bool
) -> None:
    """R-44, R-50: found by the person's number, ticked; what is unticked stays a matter of its own,
    and the dossier says so.
    """
    visit = guide(office, case)
    data = typed(case, viec="tim")
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        client.force_login(office.clerk)
        page = client.post(address(case), data).content.decode()
        assert f'name="luot-thay" value="{visit.pk}"' in page
        box = page[page.index(f'name="luot-{visit.pk}"') :].split("/>")[0]
        assert "checked" in box
        sent = data | {"viec": "nhan", "luot-thay": str(visit.pk)}
        if chosen:
            sent[f"luot-{visit.pk}"] = "on"
        else:
            again = client.post(address(case), sent | {"viec": "tim"}).content.decode()
            box = again[again.index(f'name="luot-{visit.pk}"') :].split("/>")[0]
            assert "checked" not in box  # as it was left
        done = client.post(address(case), sent)
        assert done.status_code == 302, errors(done)
        dossier = Dossier.objects.get()
        page = client.get(dossier.get_absolute_url()).content.decode()
    visit.refresh_from_db()
    assert visit.dossier_id == (dossier.pk if chosen else None)
    assert matters.guided(dossier) == int(chosen)
    assert "Lần đến 09:00 23/11/2026" in page
    assert ("Không gắn với hồ sơ này" in page) is not chosen
    assert list(verify(now=MONDAY + timedelta(hours=1)).misfits) == []
