"""A recorded incident left out of the terms of many dossiers by one decision (R-76, docs/adr/0026):
each its own time that does not count, by the existing act; what overlaps counts once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from dossiers.acts import lawful_time, paper_days, pressing
from dossiers.acts.incidents import EXCLUDE_INCIDENT, _foreseen
from dossiers.acts.many import Seen
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier
from dossiers.models.decision import ClockDecision
from dossiers.models.elsewhere import Outage
from dossiers.models.pressing import PressLine, PressRun
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
Enter = Callable[[Officer], Any]
RECEIVED, NOW = vn("23/11/2026 08:00"), vn("26/11/2026 09:00")
HERE = "/viec/lam/thoi-gian-su-co/"
SAID = {"lam": "1", "basis": "Quyết định 12/QĐ-UBND", "reason": "Mất điện toàn xã", "law": ""}
Outcome = PressLine.State


@pytest.fixture
def office(clock: Clock) -> Office:
    clock.now = NOW
    return make_office()


def incident(office: Office, begins: str, ends: str) -> Outage:
    return paper_days.record(
        office.agency, kind=Outage.Kind.POWER, note="", began_at=vn(begins), ended_at=vn(ends),
        by=office.desk(office.clerk, NOW), at=NOW,
    )  # fmt: skip


def run_over(client: Any, office: Office, outage: Outage) -> PressRun:
    """As the page proposes it: those it ticked."""
    page = client.get(f"{HERE}?cho={outage.pk}").content.decode()
    rows = page.split('name="chon"')[1:]
    chosen = [row.partition('value="')[2].partition('"')[0] for row in rows if "checked" in row.partition("/>")[0]]  # fmt: skip
    sent = SAID | {"cho": str(outage.pk), "chon": chosen, "signer": str(office.leader.pk)}
    assert client.post(HERE, sent).status_code == 302
    return PressRun.objects.latest("pk")


def due(dossier: Dossier) -> datetime:
    found = Dossier.objects.get(pk=dossier.pk).due_at
    assert found is not None
    return found


def test_one_decision_over_all_that_lay_there(office: Office, signed_in: Enter) -> None:
    """From Monday 14:00 to Wednesday 10:00: two days more for terms in days."""
    case = make_case("7 ngày làm việc")
    before = [receive(office, case, at=RECEIVED) for _ in range(3)]
    within = receive(office, case, at=vn("25/11/2026 08:00"))
    after = receive(office, case, at=vn("25/11/2026 14:00"))
    elsewhere = make_office("Ủy ban nhân dân xã Tân Lập")
    foreign = receive(elsewhere, case, at=RECEIVED)
    was = {one.pk: due(one) for one in (*before, within, after, foreign)}
    outage = incident(office, "23/11/2026 14:00", "25/11/2026 10:00")
    # Of one of them more was left out already: it counts once, and is not asked for again.
    lawful_time.exclude(
        Seen(before[2].pk),
        lawful_time.Excluding(
            kind="xac-minh", basis="Điều 5", reason="Xác minh", begins=vn("23/11/2026 09:00"), ends=vn("25/11/2026 23:59"),
        ),
        by=office.desk(office.leader, NOW), at=NOW,
    )  # fmt: skip
    client = signed_in(office.leader)
    page = client.get(f"{HERE}?cho={outage.pk}").content.decode()
    assert [one.code in page for one in (*before, within, after, foreign)] == [
        True, True, False, True, False, False,
    ]  # fmt: skip
    run = run_over(client, office, outage)
    assert {line.dossier_id: line.state for line in run.lines.all()} == {
        before[0].pk: Outcome.DONE, before[1].pk: Outcome.DONE,
    }  # fmt: skip
    rows = ClockDecision.objects.standing().filter(kind="su-co")
    assert {(row.dossier_id, row.begins, row.ends, row.signer) for row in rows} == {
        (one.pk, outage.began_at, outage.ended_at, office.leader) for one in before[:2]
    }
    for one in before[:2]:
        assert due(one) > was[one.pk]
    assert due(before[0]) == due(before[2])
    assert [due(one) for one in (within, after, foreign)] == [was[within.pk], was[after.pk], was[foreign.pk]]  # fmt: skip
    # A second time there is nothing left to do but what it does not move.
    page = client.get(f"{HERE}?cho={outage.pk}").content.decode()
    assert (before[0].code in page, within.code in page, "checked" in page) == (False, True, False)
    assert "sự cố không sang ngày khác" in page
    # The press is taken back as a whole.
    client.post(f"{run.get_absolute_url()}hoan-tac/")
    assert [due(one) for one in before[:2]] == [was[one.pk] for one in before[:2]]
    assert verify(now=vn("31/12/2026 09:00")).misfit is None


def test_what_it_cannot_move_is_told_and_left(office: Office, signed_in: Enter) -> None:
    """Hours for terms in hours; what is late stays late: the incident is its proposed cause."""
    outage = incident(office, "25/11/2026 08:00", "25/11/2026 10:00")
    hours = receive(office, make_case("24 giờ làm việc"), at=vn("24/11/2026 14:00"))
    late = receive(office, make_case("1 ngày làm việc"), at=RECEIVED)
    days = receive(office, make_case("7 ngày làm việc"), at=RECEIVED)
    was, client = due(hours), signed_in(office.leader)
    page = client.get(f"{HERE}?cho={outage.pk}").content.decode()
    assert page.count("Đã quá ngày hẹn: sự cố không làm lùi") == 1
    assert page.count("mà sự cố không sang ngày khác") == 1
    run = run_over(client, office, outage)
    assert [line.dossier_id for line in run.lines.all()] == [hours.pk]
    assert due(hours) > was
    # Sent all the same, each says why.
    both = [Seen(one.pk, one.row_version) for one in (late, days)]
    data = {"outage": outage.pk, "basis": "A", "reason": "B", "law": "", "signer": office.leader.pk}
    desk = office.desk(office.leader, NOW)
    run = pressing.begin(EXCLUDE_INCIDENT, both, data, by=desk, at=NOW, press=UUID(int=5))  # fmt: skip
    pressing.work(run.pk, lambda: NOW)
    assert {line.state for line in run.lines.all()} == {Outcome.REFUSED}
    assert all("ngày hẹn" in line.why for line in run.lines.all())
    assert ClockDecision.objects.standing().count() == 1
    # By a sector law it counts for what is late: by whole days of a longer incident.
    long = incident(office, "24/11/2026 08:00", "25/11/2026 16:00")
    data |= {"outage": long.pk}
    for number, law in enumerate(("", "Điều 7 Luật B")):
        more, press = data | {"law": law}, UUID(int=6 + number)
        run = pressing.begin(EXCLUDE_INCIDENT, both[:1], more, by=desk, at=NOW, press=press)
        pressing.work(run.pk, lambda: NOW)
        assert ["ngày hẹn không đổi" in line.why for line in run.lines.all()] == [not law]
    assert ClockDecision.objects.standing().filter(dossier=late, law="Điều 7 Luật B").exists()


def test_what_it_cannot_move_hides_nothing_that_it_can(
    office: Office, signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late one stays on top of the list by its promise for good: it comes behind."""
    outage = incident(office, "25/11/2026 08:00", "25/11/2026 10:00")
    late = receive(office, make_case("1 ngày làm việc"), at=RECEIVED)
    days = receive(office, make_case("2 ngày làm việc"), at=RECEIVED)
    hours = receive(office, make_case("24 giờ làm việc"), at=vn("24/11/2026 14:00"))
    client, here = signed_in(office.leader), f"{HERE}?cho={outage.pk}"
    assert due(days) < due(hours)
    monkeypatch.setattr("dossiers.acts.incidents.MOST", 1)
    page = client.get(here).content.decode()
    assert [one.code in page for one in (late, days, hours)] == [False, False, True]
    # Over night it moves terms in days too, of what was received before its last day.
    long = incident(office, "24/11/2026 16:00", "25/11/2026 10:00")
    page = client.get(f"{HERE}?cho={long.pk}").content.decode()
    assert [one.code in page for one in (late, days, hours)] == [False, True, False]


def test_the_promised_day_itself_is_not_past(office: Office, clock: Clock) -> None:
    """A term in days ends with its day, not with its hour (R-41)."""
    outage = incident(office, "24/11/2026 08:00", "25/11/2026 10:00")
    one = receive(office, make_case("2 ngày làm việc"), at=vn("23/11/2026 08:00"))
    seen = Dossier.objects.get(pk=one.pk)
    assert timezone.localdate(due(one)) == NOW.date()
    for at, code in (("26/11/2026 18:00", None), ("27/11/2026 08:00", "incident_late")):
        found = _foreseen([seen], vn(at), str(outage.pk))
        assert [error.code for error in found.values()] == ([code] if code else [])


def test_an_incident_that_moved_promises_is_not_cancelled_nor_shortened(
    office: Office, signed_in: Enter
) -> None:
    """R-76: what stands in the ledger of the clock goes on having its incident."""
    receive(office, make_case("7 ngày làm việc"), at=RECEIVED)
    begins, ends = "23/11/2026 14:00", "25/11/2026 10:00"
    outage = incident(office, begins, ends)
    clerk = office.desk(office.clerk, NOW)

    def corrected(begins: str, ends: str | None) -> None:
        paper_days.correct(
            outage.pk, office.agency, kind=Outage.Kind.POWER, note="", began_at=vn(begins),
            ended_at=vn(ends) if ends else None, by=clerk, at=NOW,
        )  # fmt: skip

    corrected(begins, "25/11/2026 09:00")
    corrected(begins, ends)
    client = signed_in(office.leader)
    run = run_over(client, office, outage)
    for shorter in ((begins, "25/11/2026 09:00"), ("23/11/2026 15:00", ends), (begins, None)):
        with pytest.raises(DomainError) as error:
            corrected(*shorter)
        assert error.value.code == "outage_decided"
    with pytest.raises(DomainError) as error:
        paper_days.cancel(outage.pk, office.agency, by=clerk, at=NOW)
    assert error.value.code == "outage_decided"
    # Longer it may become, and shorter again as far as what was decided reaches.
    corrected("23/11/2026 13:00", "25/11/2026 11:00")
    with pytest.raises(DomainError):
        corrected(begins, "25/11/2026 09:00")
    corrected(begins, ends)
    # What was recorded twice is no reason: the other record holds the time all the same.
    twin = incident(office, begins, ends)
    paper_days.cancel(twin.pk, office.agency, by=clerk, at=NOW)
    client.post(f"{run.get_absolute_url()}hoan-tac/")
    paper_days.cancel(outage.pk, office.agency, by=clerk, at=NOW)
    assert not Outage.objects.filter(cancelled_at=None).exists()


def test_only_who_approves_there_decides_on_what_is_over(office: Office, signed_in: Enter) -> None:
    receive(office, make_case(), at=RECEIVED)
    outage = incident(office, "23/11/2026 14:00", "25/11/2026 10:00")
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    for officer in (office.clerk, other.leader):
        answer = signed_in(officer).get(f"{HERE}?cho={outage.pk}", follow=True)
        assert "Chưa chọn hồ sơ nào" in answer.content.decode()
    client = signed_in(office.leader)
    for odd in ("0", "x", "99999999999999999999", ""):
        assert "Chưa chọn" in client.get(f"{HERE}?cho={odd}", follow=True).content.decode()
    Outage.objects.update(ended_at=None)
    assert "Chưa chọn" in client.get(f"{HERE}?cho={outage.pk}", follow=True).content.decode()
    # A chosen dossier with an incident that is none: the form says so, nothing is begun.
    dossier = Dossier.objects.get()
    sent = SAID | {"cho": str(outage.pk), "chon": [f"{dossier.pk}.{dossier.row_version}"]}
    assert client.post(HERE, sent | {"signer": str(office.leader.pk)}).status_code == 422
    assert not PressRun.objects.exists()


def test_those_who_may_decide_are_told_once_it_is_over(office: Office, signed_in: Enter) -> None:
    incident(office, "23/11/2026 07:00", "23/11/2026 07:30")  # nothing lay there
    assert not Message.objects.filter(kind="outage_over").exists()
    [one, _] = [receive(office, make_case(), at=RECEIVED) for _ in range(2)]
    clerk = office.desk(office.clerk, NOW)
    said: dict[str, Any] = {
        "kind": Outage.Kind.NETWORK,
        "note": "",
        "began_at": vn("24/11/2026 14:00"),
    }
    outage = paper_days.record(office.agency, **said, ended_at=None, by=clerk, at=NOW)
    assert not Message.objects.filter(kind="outage_over").exists()
    for _ in range(2):
        paper_days.correct(
            outage.pk, office.agency, **said, ended_at=vn("25/11/2026 10:00"), by=clerk, at=NOW
        )
    told = Message.objects.filter(kind="outage_over")
    assert {one.to_officer for one in told} == {office.head, office.leader}
    assert len(told) == 2
    [mine] = told.filter(to_officer=office.leader)
    assert (
        mine.subject
        == "Mất mạng từ 24/11/2026 14:00 đến 25/11/2026 10:00: xem thời hạn của 2 hồ sơ"
    )
    assert one.code in signed_in(office.leader).get(mine.link).content.decode()


def test_the_way_there_stands_on_the_page_of_one_and_on_the_incident(
    office: Office, signed_in: Enter
) -> None:
    dossier = receive(office, make_case(), at=RECEIVED)
    outage = incident(office, "23/11/2026 14:00", "25/11/2026 10:00")
    leads = f"{HERE}?cho={outage.pk}"
    page = signed_in(office.leader).get(f"{dossier.get_absolute_url()}khong-tinh/").content.decode()
    assert leads in page
    assert (
        leads not in signed_in(office.clerk).get(f"/ngay-giay/su-co/{outage.pk}/").content.decode()
    )
