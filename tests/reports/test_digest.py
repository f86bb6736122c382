"""Each working morning everybody is told once what there is to do, as the page tells it and as the lists
that it opens count it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from dossiers.desk.filters import DUE, TODAY
from dossiers.models import Dossier
from onestop.accounts.desk import desk_of, desks_of
from onestop.accounts.models import CalendarDay, DayKind, Officer, Role, RoleGrant, Substitution
from onestop.outbox import domain as outbox
from onestop.outbox.models import Mail, Message
from onestop.outbox.told import told as outbox_told
from reports.board import figures
from reports.board.moment import Moment
from reports.digest import counting, laying, mailing
from reports.digest.laying import digest_of, digests_of
from reports.models import DigestDay
from tests.clock import Clock
from tests.reports.conftest import NOW, Worked, in_room
from tests.world import make_case, make_officer, vn

pytestmark = pytest.mark.django_db
MORNING = "27/11/2026 07:00"


def letters() -> dict[str, str]:
    """The newest to each officer, by name."""
    rows = Message.objects.filter(kind=mailing.KIND).order_by("pk")
    return {row.to_officer.full_name: row.subject for row in rows.select_related("to_officer")}


def stand_in(absent: Officer, substitute: Officer) -> None:
    Substitution.objects.create(
        absent=absent,
        substitute=substitute,
        from_date=date(2026, 11, 27),
        to_date=date(2026, 11, 27),
    )


def enter(client: Client, officer: Officer) -> None:
    client.force_login(officer)


def test_every_number_is_that_of_the_list_it_opens(
    worked: Worked, now: Clock, client: Client
) -> None:
    """Of every officer, also one who stands in for another; the letter counts as the page does."""
    office = worked[0].first
    stand_in(office.second_specialist, office.specialist)
    at = vn(NOW)
    people = list(Officer.objects.filter(grants__isnull=False).distinct().order_by("pk"))
    many = digests_of(desks_of(people, at.date()), at)
    for officer, digest in zip(people, many, strict=True):
        alone = digest_of(desk_of(officer, at), at)
        assert (digest.parts, digest.named, digest.more) == (alone.parts, alone.named, alone.more)
    for officer in (office.specialist, office.head, office.leader):
        digest = digest_of(desk_of(officer, at), at)
        assert digest
        enter(client, officer)
        for part in digest.parts:
            for url, number in [(cell.url, cell.number) for cell in part.cells]:
                assert len(client.get(url).context["rows"]) == number, url
            for row in part.rows:
                narrowed = client.get(f"{row.url}&han=qua-han") if row.url else None
                assert narrowed is None or len(narrowed.context["rows"]) == row.three.late
    told = digest_of(desk_of(office.specialist, at), at)
    assert {cell.label: cell.number for cell in told.parts[0].cells} == {
        "Quá hạn": 2,
        "Đến hạn hôm nay": 1,
        "Sắp đến hạn": 2,
        "Chờ bạn nhận": 1,
    }
    assert (len(told.named), told.more) == (4, 0)


def test_due_today_is_one_set(worked: Worked, now: Clock) -> None:
    """The filter of the desk and the figure of the dashboard."""
    at = vn(NOW)
    ours = set(Dossier.objects.filter(DUE[TODAY](at)).values_list("pk", flat=True))
    theirs = Dossier.objects.filter(figures.TODAY.of(Moment(at))).values_list("pk", flat=True)
    assert ours == set(theirs)
    assert len(ours) == 2


def test_desks_of_many_are_the_desks_of_each(worked: Worked) -> None:
    office = worked[0].first
    stand_in(office.head, office.specialist)
    day = date(2026, 11, 27)
    people = list(Officer.objects.order_by("pk"))
    for one, officer in zip(desks_of(people, day), people, strict=True):
        alone = desk_of(officer, vn(NOW))
        assert [g.pk for g in one.grants] == [g.pk for g in alone.grants]
        assert (one.officer_ids, one.agency_ids) == (alone.officer_ids, alone.agency_ids)
        assert one.subtree_paths == alone.subtree_paths


def test_one_letter_a_person_a_morning(worked: Worked) -> None:
    """Before its time none; later runs of the day none; the next working day another, and what the
    day before told is over. Who is away, wants none or has nothing to do is told nothing.
    """
    place, _ = worked
    office = place.first
    stand_in(office.head, office.specialist)
    mailing.switch(office.clerk, on=False)
    assert mailing.send(vn("27/11/2026 06:59")) == 0
    number = mailing.send(vn(MORNING))
    found = letters()
    assert (
        number == len(Message.objects.filter(kind=mailing.KIND)) == DigestDay.objects.get().letters
    )
    told = set(Message.objects.values_list("to_officer", flat=True).filter(kind=mailing.KIND))
    assert {office.specialist.pk, office.leader.pk, office.controller.pk} <= told
    assert not {office.head.pk, office.clerk.pk, office.second_specialist.pk} & told
    assert (
        not set(RoleGrant.objects.filter(agency=place.empty.agency).values_list("officer")) & told
    )
    assert found["Hoàng Minh Tuấn"].startswith("Việc hôm nay 27/11/2026: ")
    for at in (MORNING, "27/11/2026 07:05", "27/11/2026 09:00"):
        assert mailing.send(vn(at)) == 0
    body = Message.objects.get(kind=mailing.KIND, to_officer=office.specialist).body
    # The letter leaves the house: codes, no names of people.
    assert "Nguyễn Văn Ân" not in body
    assert "/hom-nay/" in body
    assert mailing.send(vn("30/11/2026 07:10")) > 0
    unread = Message.objects.unread().filter(kind=mailing.KIND, to_officer=office.specialist)
    assert [timezone.localdate(one.created_at) for one in unread] == [date(2026, 11, 30)]


def test_a_morning_ends_what_earlier_ones_told(
    worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for who has nothing to do now, and letters that an outage kept do not go out late. Letters
    are written before anything is locked.
    """
    office = worked[0].first
    depth: list[int] = []

    def told(*names: str, **context: Any) -> Any:
        depth.append(len(connection.savepoint_ids))
        return outbox_told(*names, **context)

    monkeypatch.setattr(mailing, "told", told)
    outside = len(connection.savepoint_ids)
    assert mailing.send(vn(MORNING)) > 1
    assert set(depth) == {outside}
    monkeypatch.setattr(
        mailing,
        "digests_of",
        lambda desks, at: [one for one in digests_of(desks, at) if one.desk.officer == office.head],
    )
    assert mailing.send(vn("30/11/2026 07:00")) == 1
    ours = Message.objects.filter(kind=mailing.KIND)
    assert [one.to_officer for one in ours.unread()] == [office.head]
    outbox.sweep(vn("30/11/2026 09:00"))
    sent = [one.subject for one in mail.outbox if "Việc hôm nay" in one.subject]
    assert ["30/11/2026" in one for one in sent] == [True]
    assert not ours.filter(mail=Mail.PENDING).exists()


def test_a_year_that_nobody_entered_silences_no_letter(worked: Worked) -> None:
    assert mailing.send(vn("05/01/2031 07:00")) == 0  # a Sunday
    assert mailing.send(vn("06/01/2031 07:00")) > 0


def test_rows_of_one_name_stand_in_one_order() -> None:
    held = [counting.Held(1, 1, pk, True, counting.Three(1)) for pk in (9, 4, 7)]
    names = dict.fromkeys((4, 7, 9), ("Nguyễn Văn An", "an van nguyen"))

    def rows(of: list[counting.Held]) -> list[laying.Row]:
        return laying._rows(of, "phong", "canbo", lambda one: one.officer, names, "")

    assert rows(held) == rows(held[::-1])


def test_a_letter_goes_out_and_the_page_reads_its_notice(worked: Worked, now: Clock) -> None:
    office, client = worked[0].first, Client()
    mailing.send(vn(MORNING))
    outbox.sweep(vn(NOW))
    assert [one.to for one in mail.outbox].count([office.specialist.email]) == 1
    enter(client, office.specialist)
    page = client.get("/hom-nay/").content.decode()
    assert "Tắt báo việc buổi sáng" in page
    assert (
        not Message.objects.unread()
        .filter(kind=mailing.KIND, to_officer=office.specialist)
        .exists()
    )
    page = client.post("/hom-nay/thu/", {"bat": "0"}, follow=True).content.decode()
    assert "Bật báo việc buổi sáng" in page
    assert not mailing.wants(Officer.objects.get(pk=office.specialist.pk))
    client.post("/hom-nay/thu/", {"bat": "1"})
    assert mailing.wants(Officer.objects.get(pk=office.specialist.pk))


def test_days_off(worked: Worked) -> None:
    """Nothing on a Sunday, on a holiday, or at an agency that is closed by itself; a morning that was
    missed is made up for three hours.
    """
    place, _ = worked
    assert mailing.send(vn("29/11/2026 07:00")) == 0
    assert mailing.send(vn("02/09/2026 07:00")) == 0
    assert not DigestDay.objects.exists()
    CalendarDay.objects.create(
        agency=place.first.agency, date=date(2026, 11, 27), kind=DayKind.CLOSING, name="Tổ chức lễ"
    )
    assert mailing.send(vn("27/11/2026 09:59")) > 0
    told = Message.objects.filter(kind=mailing.KIND).values_list("to_officer", flat=True)
    assert place.first.specialist.pk not in set(told)
    assert place.second.specialist.pk in set(told)
    assert mailing.send(vn("30/11/2026 10:00")) == 0
    # A clock that was set back tells again what a wrong one told.
    mailing.after_clock_set_back(vn("26/11/2026 08:00"))
    assert not DigestDay.objects.exists()
    assert not Message.objects.filter(kind=mailing.KIND).exists()


def test_it_asks_no_more_for_more_officers_or_dossiers(worked: Worked, queries: Any) -> None:
    def asked(at: str) -> int:
        with queries() as seen:
            assert mailing.send(vn(at)) > 0
        return sum(row["sql"].startswith("SELECT") for row in seen.captured_queries)

    # What is remembered of calendars is built by the first.
    asked(MORNING)
    first = asked("30/11/2026 07:00")
    office, case = worked[0].second, make_case("1 ngày làm việc")
    for hour in (8, 9, 10):
        in_room(office, case, at=vn(f"25/11/2026 {hour:02}:00"))
    for name in ("Lý Văn Một", "Lý Văn Hai"):
        make_officer(name, office.agency, (Role.HEAD, office.room))
    before = DigestDay.objects.get(day=date(2026, 11, 30)).letters
    assert asked("01/12/2026 07:00") == first
    assert DigestDay.objects.get(day=date(2026, 12, 1)).letters >= before + 2


def test_the_page_asks_the_same_for_one_and_for_many(
    worked: Worked, now: Clock, client: Client, queries: Any
) -> None:
    office, case = worked[0].first, make_case("1 ngày làm việc")

    def asked() -> int:
        with queries() as seen:
            assert client.get("/hom-nay/").status_code == 200
        return len(seen)

    enter(client, office.leader)
    client.get("/hom-nay/")
    first = asked()
    for hour in (8, 9, 10):
        in_room(office, case, at=vn("25/11/2026 08:00") + timedelta(hours=hour - 8))
    assert asked() == first
