"""The administrator's screens: accounts, roles, leavers, substitutes, agencies, calendar, log."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from onestop.accounts import hooks
from onestop.accounts.calendars import calendar_of, load_national_calendar
from onestop.accounts.domain import officers as domain
from onestop.accounts.models import (
    AccessEvent,
    AccessKind,
    Agency,
    CalendarDay,
    CalendarYear,
    Officer,
    Role,
    RoleGrant,
    Substitution,
    WorkingWeek,
)
from onestop.errors import DomainError, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    """Roles and substitutions begin today or later: the days below are of this week."""
    with time_machine.travel("2026-11-23 09:00 +0700", tick=True):
        yield


@pytest.fixture
def administrator(officer):
    return officer(Role.ADMINISTRATOR, password_changed_at=timezone.now())


@pytest.fixture
def admin(administrator, signed_in):
    """A browser in which the administrator of the commune is signed in."""
    return signed_in(administrator)


@pytest.fixture
def receiver():
    """Connects a receiver to a hook for one test."""
    connected = []

    def connect(signal, answer):
        def receive(**data):
            received.append(data)
            return answer

        received: list[dict[str, Any]] = []
        signal.connect(receive)
        connected.append((signal, receive))
        return received

    yield connect
    for signal, receive in connected:
        signal.disconnect(receive)


def text_of(response):
    return response.content.decode()


def last():
    return AccessEvent.objects.order_by("-pk").first()


def new_account(tree, **changes):
    return {
        "co-quan": tree.here.pk,
        "full_name": "Nông Thị Hoa",
        "username": "NongHoa",
        "department": tree.room.pk,
    } | changes


def test_a_new_account_shows_its_password_once_and_must_change_it(admin, tree):
    response = admin.post("/quan-tri/can-bo/moi/", new_account(tree))
    (password,) = re.findall(r'<code id="mat-khau">(.+?)</code>', text_of(response))
    made = Officer.objects.get(username="nonghoa")
    assert (made.agency, made.department, made.must_change_password) == (tree.here, tree.room, True)
    assert "no-store" in response["Cache-Control"]
    assert password not in text_of(admin.get(f"/quan-tri/can-bo/{made.pk}/"))
    stranger = Client()
    assert (
        stranger.post(
            "/dang-nhap/", {"username": "nonghoa", "password": password.replace("&amp;", "&")}
        )["Location"]
        == "/doi-mat-khau/"
    )
    assert AccessEvent.objects.filter(kind=AccessKind.ACCOUNT_CREATED, object_id=made.pk).exists()


@pytest.mark.parametrize("username", ["hai chữ", "ab", "Đặng", ""])
def test_a_bad_account_name_is_refused_beside_its_field(admin, tree, username):
    response = admin.post("/quan-tri/can-bo/moi/", new_account(tree, username=username))
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"username"}
    assert 'value="Nông Thị Hoa"' in text_of(response)


def test_an_account_name_exists_once(admin, tree, officer):
    taken = officer().username
    assert (
        "username"
        in admin.post("/quan-tri/can-bo/moi/", new_account(tree, username=taken))
        .context["form"]
        .errors
    )


def test_roles_are_given_with_dates_and_ended(admin, tree, officer):
    someone = officer()
    where = f"/quan-tri/can-bo/{someone.pk}/"
    given = {
        "co-quan": tree.here.pk,
        "role": "clerk",
        "department": tree.counter.pk,
        "valid_from": f"{timezone.localdate():%Y-%m-%d}",
    }
    assert admin.post(f"{where}vai-tro/", given).status_code == 302
    grant = RoleGrant.objects.get(officer=someone)
    assert (grant.role, grant.department, grant.valid_to) == (Role.CLERK, tree.counter, None)
    assert (last().kind, last().object_id) == (AccessKind.ROLE_GRANTED, someone.pk)
    assert admin.post(f"{where}vai-tro/", given).status_code == 422
    admin.post(f"{where}vai-tro/{grant.pk}/ket-thuc/")
    grant.refresh_from_db()
    assert grant.valid_to == timezone.localdate()
    assert grant.ended_at
    assert not RoleGrant.objects.valid_on(timezone.localdate()).filter(officer=someone).exists()
    assert last().kind == AccessKind.ROLE_ENDED


def test_a_postman_is_granted_the_role_with_his_certificate(admin, tree, officer):
    """QĐ 45/2016: who receives for the office is trained; number and day stand beside the role."""
    someone = officer()
    where = f"/quan-tri/can-bo/{someone.pk}/"
    sent = {
        "co-quan": tree.here.pk,
        "role": "postal",
        "department": "",
        "valid_from": "23/11/2026",
        "certificate": "15/CN-BĐ",
    }
    for said, code in (
        ({"role": "controller", "certified_on": "02/11/2026"}, "certificate_of_postmen"),
        ({}, "certificate_whole"),
        ({"certified_on": "24/11/2026"}, "certificate_ahead"),
    ):
        page = admin.post(f"{where}vai-tro/", sent | said)
        assert page.status_code == 422
        assert say(code) in page.content.decode()
    assert not RoleGrant.objects.filter(officer=someone).exists()
    done = admin.post(f"{where}vai-tro/", sent | {"certified_on": "02/11/2026"}, follow=True)
    assert "chứng nhận tập huấn số 15/CN-BĐ, 02/11/2026" in done.content.decode()
    line = AccessEvent.objects.get(kind=AccessKind.ROLE_GRANTED, object_id=someone.pk)
    assert line.detail.endswith("chứng nhận tập huấn số 15/CN-BĐ ngày 02/11/2026")
    grant = RoleGrant.objects.get(officer=someone)
    assert (grant.certificate, grant.certified_on) == ("15/CN-BĐ", date(2026, 11, 2))
    # The role that receives for the office is the counter's: its certificate stands there too.
    clerk = {"role": "clerk", "department": tree.counter.pk, "certified_on": "02/11/2026"}
    admin.post(f"{where}vai-tro/", sent | clerk)
    assert RoleGrant.objects.get(officer=someone, role="clerk").certificate == "15/CN-BĐ"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"department": ""}, "department"),
        ({"valid_to": "2026-11-22"}, "valid_to"),
        ({"role": "boss"}, "role"),
        ({"valid_from": "x"}, "valid_from"),
    ],
)
def test_a_role_that_does_not_fit_is_refused(admin, tree, officer, changes, place):
    given = {
        "co-quan": tree.here.pk,
        "role": "clerk",
        "department": tree.counter.pk,
        "valid_from": "2026-11-23",
    } | changes
    response = admin.post(f"/quan-tri/can-bo/{officer().pk}/vai-tro/", given)
    assert response.status_code == 422
    assert place in response.context["grant_form"].errors


def test_a_department_of_another_agency_cannot_be_chosen(admin, tree, officer):
    given = {
        "co-quan": tree.here.pk,
        "role": "head",
        "department": "999999",
        "valid_from": "2026-11-23",
    }
    assert admin.post(f"/quan-tri/can-bo/{officer().pk}/vai-tro/", given).status_code == 422
    elsewhere = given | {"co-quan": tree.there.pk}
    assert admin.post(f"/quan-tri/can-bo/{officer().pk}/vai-tro/", elsewhere).status_code == 404


def test_nobody_ends_his_own_administration(admin, administrator):
    grant = RoleGrant.objects.get(officer=administrator)
    response = admin.post(
        f"/quan-tri/can-bo/{administrator.pk}/vai-tro/{grant.pk}/ket-thuc/", follow=True
    )
    assert "không thể tự" in text_of(response)
    grant.refresh_from_db()
    assert grant.valid_to is None


def test_an_account_with_a_role_elsewhere_is_left_to_those_above(admin, tree, officer):
    """Who resets its password could act with that role."""
    someone = officer(Role.SPECIALIST)
    RoleGrant.objects.create(
        officer=someone, role=Role.CONTROLLER, agency=tree.province, valid_from=date(2025, 7, 1)
    )
    response = admin.post(f"/quan-tri/can-bo/{someone.pk}/cap-lai-mat-khau/", follow=True)
    assert "ngoài phạm vi bạn quản trị" in text_of(response)
    assert not AccessEvent.objects.filter(kind=AccessKind.PASSWORD_RESET).exists()


def test_unlocking_lets_in_at_once(admin, officer):
    locked = officer(Role.CLERK, locked_until=timezone.now() + timedelta(minutes=10), lock_count=1)
    assert locked.username in text_of(admin.get("/quan-tri/can-bo/?loai=khoa"))
    admin.post(f"/quan-tri/can-bo/{locked.pk}/mo-khoa/")
    locked.refresh_from_db()
    assert not locked.is_locked(timezone.now())
    assert last().kind == AccessKind.UNLOCKED


def test_an_unused_account_is_opened_again(admin, officer):
    unused = officer(Role.CLERK, is_active=False, last_seen_at=timezone.now() - timedelta(days=60))
    admin.post(f"/quan-tri/can-bo/{unused.pk}/mo-khoa/")
    unused.refresh_from_db()
    assert unused.is_active
    assert timezone.now() - unused.last_seen_at < timedelta(minutes=1)
    assert last().kind == AccessKind.ENABLED


def test_a_reset_password_ends_the_officers_sessions(admin, officer, signed_in):
    someone = officer(Role.CLERK)
    browser = signed_in(someone)
    assert "mat-khau" in text_of(admin.post(f"/quan-tri/can-bo/{someone.pk}/cap-lai-mat-khau/"))
    assert browser.get("/")["Location"].startswith("/dang-nhap/")


def test_a_leaver_without_dossiers_goes_at_once(admin, administrator, officer, receiver):
    leaver, other = officer(Role.CLERK), officer(Role.CLERK)
    Substitution.objects.create(
        absent=other, substitute=leaver, from_date="2026-01-01", to_date="2030-01-01", reason="x"
    )
    told = receiver(hooks.desk_handed_over, None)
    assert "Không giữ hồ sơ, phần phối hợp nào" in text_of(
        admin.get(f"/quan-tri/can-bo/{leaver.pk}/thoi-viec/")
    )
    response = admin.post(f"/quan-tri/can-bo/{leaver.pk}/thoi-viec/", {"successor": ""})
    leaver.refresh_from_db()
    assert response.status_code == 200
    assert not leaver.is_active
    assert leaver.closed_at
    assert not RoleGrant.objects.valid_on(timezone.localdate()).filter(officer=leaver).exists()
    assert not Substitution.objects.filter(ended_at=None).exists()
    assert [(d["officer"], d["successor"], d["by"]) for d in told] == [
        (leaver, None, administrator)
    ]
    assert last().kind == AccessKind.ACCOUNT_CLOSED


def test_a_leavers_dossiers_need_a_successor_and_give_a_list(admin, officer, receiver):
    leaver, successor = officer(Role.SPECIALIST), officer(Role.SPECIALIST)
    receiver(hooks.desk_counted, 12)
    told = receiver(hooks.desk_handed_over, "/ban-giao/danh-sach/7/")
    address = f"/quan-tri/can-bo/{leaver.pk}/thoi-viec/"
    assert "12 hồ sơ" in text_of(admin.get(address))
    refused = admin.post(address, {"successor": ""})
    assert "Hãy chọn người nhận bàn giao" in text_of(refused)
    assert not told
    done = admin.post(address, {"successor": successor.pk})
    assert 'href="/ban-giao/danh-sach/7/"' in text_of(done)
    assert told[0]["successor"] == successor


def test_a_failing_handover_leaves_the_account_open(administrator, officer, receiver):
    leaver = officer(Role.SPECIALIST)

    def fail(**_):
        raise DomainError("not_allowed")

    hooks.desk_handed_over.connect(fail)
    try:
        with pytest.raises(DomainError):
            domain.close_account(
                officer=leaver, successor=None, by=administrator, at=timezone.now()
            )
    finally:
        hooks.desk_handed_over.disconnect(fail)
    leaver.refresh_from_db()
    assert leaver.is_active
    assert RoleGrant.objects.valid_on(timezone.localdate()).filter(officer=leaver).exists()


def test_nobody_closes_his_own_account(admin, administrator):
    assert "không thể tự đóng" in text_of(
        admin.post(f"/quan-tri/can-bo/{administrator.pk}/thoi-viec/", {"successor": ""})
    )


def test_a_closed_account_stays_closed(admin, officer):
    closed = officer(Role.CLERK, is_active=False, closed_at=timezone.now())
    admin.post(f"/quan-tri/can-bo/{closed.pk}/mo-khoa/")
    closed.refresh_from_db()
    assert not closed.is_active


def substitution(tree, absent, by_whom, **changes):
    return {
        "co-quan": tree.here.pk,
        "absent": absent.pk,
        "substitute": by_whom.pk,
        "from_date": "2026-11-23",
        "to_date": "2026-11-27",
        "reason": "Nghỉ phép",
    } | changes


def test_a_substitute_is_named_and_released(admin, tree, officer):
    absent, other = officer(Role.LEADER), officer(Role.HEAD)
    assert admin.post("/quan-tri/lam-thay/", substitution(tree, absent, other)).status_code == 302
    made = Substitution.objects.get()
    assert (made.absent, made.substitute, made.to_date) == (absent, other, date(2026, 11, 27))
    again = admin.post(
        "/quan-tri/lam-thay/",
        substitution(tree, absent, officer(), from_date="2026-11-27", to_date="2026-11-28"),
    )
    assert "đã có" in text_of(again)
    admin.post(f"/quan-tri/lam-thay/{made.pk}/ket-thuc/")
    made.refresh_from_db()
    assert made.ended_at


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"to_date": "2026-11-22"}, "to_date"),
        ({"reason": ""}, "reason"),
        ({"substitute": "0"}, "substitute"),
    ],
)
def test_a_substitution_that_does_not_fit_is_refused(admin, tree, officer, changes, place):
    response = admin.post(
        "/quan-tri/lam-thay/", substitution(tree, officer(), officer(), **changes)
    )
    assert response.status_code == 422
    assert place in response.context["form"].errors


def test_nobody_stands_in_for_himself(admin, tree, officer):
    someone = officer()
    assert "phải khác" in text_of(
        admin.post("/quan-tri/lam-thay/", substitution(tree, someone, someone))
    )


def test_the_list_finds_people_without_diacritics_and_keeps_to_its_own_tree(admin, tree, officer):
    officer(full_name="Đặng Thị Thu Trang")
    officer(full_name="Đặng Thị Thu Trang khác", agency=tree.there)
    page = text_of(admin.get("/quan-tri/can-bo/?q=thu dang"))
    assert "Đặng Thị Thu Trang" in page
    assert "khác" not in page


def test_the_list_orders_by_given_name_and_pages_by_key(admin, officer, monkeypatch):
    monkeypatch.setattr("onestop.accounts.queries.PAGE", 2)
    for name in ("Trần Văn Cúc", "Lê Thị Bưởi", "Vũ Văn An", "Đỗ Cam"):
        officer(full_name=f"{name} X{name[0]}")
    names, address = [], "/quan-tri/can-bo/?q=x"
    while address:
        page = admin.get(address).context["page"]
        names += [o.full_name for o in page.rows]
        address = f"/quan-tri/can-bo/{page.next_url}" if page.next_url else ""
    assert names == sorted(
        names, key=lambda name: Officer(full_name=name).full_name.split()[-1].replace("Đ", "D")
    )
    assert len(names) == len(set(names)) == 4


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_for_one_and_three_rows(admin, officer, queries, people):
    for _ in range(people):
        officer(Role.CLERK, Role.CASHIER)
    admin.get("/quan-tri/can-bo/")
    with queries() as seen:
        admin.get("/quan-tri/can-bo/")
    assert len(seen) <= 7, [q["sql"][:80] for q in seen]


def test_a_new_agency_hangs_below_ones_own(admin, tree):
    data = {
        "name": "Điểm tiếp nhận số 1",
        "code": "h37.1.1",
        "level": "commune",
        "kind": "service_centre",
        "dossier_code": "h37.1.1",
    }
    assert admin.post("/quan-tri/co-quan/moi/", data).status_code == 422
    assert "phạm vi bạn quản trị" in text_of(
        admin.post("/quan-tri/co-quan/moi/", data | {"parent": "H37"})
    )
    assert admin.post("/quan-tri/co-quan/moi/", data | {"parent": "H37.1"}).status_code == 302
    made = Agency.objects.get(code="H37.1.1")
    assert made.path == f"{tree.here.path}{made.pk}/"
    assert last().kind == AccessKind.AGENCY_CHANGED


def test_ones_own_top_agency_keeps_its_place(admin, tree):
    page = admin.get(f"/quan-tri/co-quan/{tree.here.pk}/")
    assert "parent" not in page.context["form"].fields
    assert admin.get(f"/quan-tri/co-quan/{tree.province.pk}/").status_code == 404


def test_a_department_is_added_and_retired(admin, tree):
    address = f"/quan-tri/co-quan/{tree.here.pk}/phong-ban/"
    admin.post(
        f"{address}moi/", {"name": "Văn thư", "kind": "clerical", "order": 3, "is_active": "on"}
    )
    made = tree.here.departments.get(name="Văn thư")
    admin.post(f"{address}{made.pk}/", {"name": "Văn thư", "kind": "clerical", "order": 3})
    made.refresh_from_db()
    assert not made.is_active
    assert (
        "name"
        in admin.post(f"{address}moi/", {"name": "Văn thư", "kind": "clerical", "order": 4})
        .context["form"]
        .errors
    )


CLOSING = {
    "date": "2026-11-25",
    "kind": "closing",
    "name": "Mất điện",
    "source": "TB 12",
    "confidence": "high",
}


def test_a_day_is_previewed_before_it_is_written(admin, tree, receiver):
    load_national_calendar()
    asked = receiver(hooks.calendar_previewed, 7)
    told = receiver(hooks.calendar_changed, None)
    shown = admin.post("/quan-tri/lich/ngay/moi/", CLOSING | {"co-quan": tree.here.pk})
    assert "7 hồ sơ" in text_of(shown)
    assert not CalendarDay.objects.filter(agency=tree.here).exists()
    assert asked[0]["agency_ids"] == [tree.here.pk]
    assert asked[0]["first"] == asked[0]["last"] == date(2026, 11, 25)
    seen = shown.context["seen"]
    changed_meanwhile = admin.post(
        "/quan-tri/lich/ngay/moi/",
        CLOSING | {"co-quan": tree.here.pk, "date": "2026-11-26", "da-xem": seen},
    )
    assert changed_meanwhile.status_code == 200
    assert (
        admin.post(
            "/quan-tri/lich/ngay/moi/", CLOSING | {"co-quan": tree.here.pk, "da-xem": seen}
        ).status_code
        == 302
    )
    assert not calendar_of(tree.here.pk).is_working_day(date(2026, 11, 25))
    assert len(told) == 1
    assert last().kind == AccessKind.CALENDAR_CHANGED


def test_a_date_is_written_once(admin, tree):
    CalendarDay.objects.create(
        agency=tree.here, date=date(2026, 11, 25), kind="closing", name="Bão", source="CĐ 3"
    )
    shown = admin.post("/quan-tri/lich/ngay/moi/", CLOSING | {"co-quan": tree.here.pk})
    again = admin.post(
        "/quan-tri/lich/ngay/moi/",
        CLOSING | {"co-quan": tree.here.pk, "da-xem": shown.context["seen"]},
    )
    assert "đã có trong lịch: Bão" in text_of(again)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"kind": "swapped_working"}, "replaces"),
        ({"sessions": "7h-11h"}, "sessions"),
        ({"sessions": "13:00-12:00"}, "sessions"),
        ({"date": "32/1"}, "date"),
    ],
)
def test_a_day_that_cannot_be_is_refused(admin, tree, changes, place):
    response = admin.post("/quan-tri/lich/ngay/moi/", CLOSING | {"co-quan": tree.here.pk} | changes)
    assert response.status_code == 422
    assert place in response.context["form"].errors


def test_dates_are_read_as_people_write_them(admin, tree):
    response = admin.post(
        "/quan-tri/lich/ngay/moi/", CLOSING | {"co-quan": tree.here.pk, "date": "05/03/2027"}
    )
    assert response.context["form"].cleaned_data["date"] == date(2027, 3, 5)


def test_only_the_top_administrator_changes_the_national_calendar(admin, tree, officer, signed_in):
    national = CLOSING | {"co-quan": "ca-nuoc", "kind": "holiday"}
    assert admin.get("/quan-tri/lich/?co-quan=ca-nuoc").status_code == 200
    assert admin.post("/quan-tri/lich/ngay/moi/", national).status_code == 404
    day = CalendarDay.objects.create(date=date(2026, 11, 26), kind="holiday", name="x", source="x")
    assert "quản trị cấp tỉnh" in text_of(
        admin.post(f"/quan-tri/lich/ngay/{day.pk}/xoa/", follow=True)
    )
    assert CalendarDay.objects.filter(pk=day.pk).exists()
    top = signed_in(officer(Role.ADMINISTRATOR, agency=tree.province))
    seen = top.post("/quan-tri/lich/ngay/moi/", national).context["seen"]
    assert top.post("/quan-tri/lich/ngay/moi/", national | {"da-xem": seen}).status_code == 302
    assert CalendarDay.objects.get(date=date(2026, 11, 25)).agency is None
    assert CalendarYear.objects.get(year=2026).provisional
    assert top.post("/quan-tri/lich/nam/", {"year": 2026, "source": "QĐ 1"}).status_code == 302
    assert not CalendarYear.objects.get(year=2026).provisional


def test_working_hours_change_from_a_day_on(admin, tree):
    load_national_calendar()
    data: dict[str, Any] = {f"day_{n}": "07:30 - 11:30; 13:00-17:00" for n in range(5)}
    data |= {
        "day_5": "07:30-11:00",
        "reception_only": ["5"],
        "effective_from": "2026-12-01",
        "source": "QĐ 5",
        "co-quan": tree.here.pk,
    }
    seen = admin.post("/quan-tri/lich/tuan/moi/", data).context["seen"]
    assert admin.post("/quan-tri/lich/tuan/moi/", data | {"da-xem": seen}).status_code == 302
    week = WorkingWeek.objects.get(agency=tree.here)
    assert week.sessions == ["07:30-11:30,13:00-17:00"] * 5 + ["07:30-11:00", ""]
    assert week.reception_only == [5]
    page = text_of(admin.get("/quan-tri/lich/?nam=2026"))
    assert "07:30–11:00" in page
    bad = admin.post("/quan-tri/lich/tuan/moi/", data | {"day_2": "sáng"})
    assert "Không đọc được" in text_of(bad)


def test_the_log_shows_own_accounts_and_that_it_was_read(admin, administrator, tree, officer):
    mine, theirs = officer(), officer(agency=tree.there)
    for someone in (mine, theirs):
        Client().post("/dang-nhap/", {"username": someone.username, "password": "sai"})
    Client().post("/dang-nhap/", {"username": "khong-co-ai", "password": "sai"})
    page = admin.get("/quan-tri/nhat-ky-truy-cap/?viec=login_failed")
    assert [e.username for e in page.context["page"].rows] == [mine.username]
    assert (last().kind, last().officer, last().detail) == (
        AccessKind.LOG_VIEWED,
        administrator,
        "login_failed",
    )
    assert (
        len(
            admin.get(
                f"/quan-tri/nhat-ky-truy-cap/?tai-khoan={mine.username}&tu=2020-01-01&den=2020-01-02"
            )
            .context["page"]
            .rows
        )
        == 0
    )


def test_the_top_administrator_also_sees_unknown_accounts(tree, officer, signed_in):
    Client().post("/dang-nhap/", {"username": "khong-co-ai", "password": "sai"})
    top = signed_in(officer(Role.ADMINISTRATOR, agency=tree.province))
    assert "kho…" in text_of(top.get("/quan-tri/nhat-ky-truy-cap/"))


def test_who_lacks_the_role_reads_which_one(officer, signed_in):
    response = signed_in(officer(Role.CLERK)).get("/quan-tri/")
    assert response.status_code == 403
    assert "Quản trị" in text_of(response)


def test_the_overview_says_what_waits(admin, officer):
    officer(locked_until=timezone.now() + timedelta(minutes=5))
    facts = admin.get("/quan-tri/").context["facts"]
    assert (facts.officers, facts.locked, facts.without_role) == (2, 1, 1)
    assert facts.missing == (timezone.localdate().year, timezone.localdate().year + 1)


def test_a_communes_log_is_read_from_the_index_by_agency(tree):
    if connection.vendor == "postgresql":  # a handful of rows is read at once by any sane planner
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    query = AccessEvent.objects.of_agencies([tree.here.pk]).order_by("-pk")[:50]
    plan = query.explain()
    # The log read backwards by its number is right too, as long as it is short.
    assert "access_by_agency" in plan or (
        connection.vendor == "postgresql" and "accounts_accessevent_pkey" in plan
    ), plan
    assert "Seq Scan" not in plan


def test_the_parts_of_administration_are_those_one_may_open(admin, officer, signed_in):
    """A controller moves promises, confirms decisions of the office and reads the log: nothing
    leads to a refusal.
    """
    page = admin.get("/quan-tri/lich/").content.decode()
    parts = page[page.index('aria-label="Quản trị"') :]
    parts = parts[: parts.index("</nav>")]
    assert parts.count("<a ") == 18
    assert "Phần quản trị: <strong>Lịch làm việc</strong>" in parts  # what a phone shows, folded
    assert parts.count('aria-current="page"') == 1
    client = signed_in(officer(Role.CONTROLLER))
    page = client.get("/quan-tri/doi-hen/").content.decode()
    parts = page[page.index('aria-label="Quản trị"') :]
    addresses = re.findall(r'href="(/quan-tri/[^"]*)"', parts[: parts.index("</nav>")])
    assert "/quan-tri/doi-hen/" in addresses
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_no_page_speaks_as_the_framework_does(admin, signed_in, officer, tree):
    """Neither dashes for "nothing chosen" nor "Trường này là bắt buộc"."""
    here, above = tree.here.pk, signed_in(officer(Role.ADMINISTRATOR, agency=tree.province))
    for client, address in (
        (admin, "/quan-tri/can-bo/moi/"),
        (admin, "/quan-tri/lam-thay/"),
        (admin, f"/quan-tri/co-quan/{here}/"),
        (admin, "/quan-tri/lich/ngay/moi/"),
        (admin, "/quan-tri/lich/tuan/moi/"),
        (above, "/quan-tri/co-quan/moi/"),
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "---------" not in page.content.decode(), address
    refused = above.post("/quan-tri/co-quan/moi/", {"phone": "0205 1"}).content.decode()
    assert "Mục này chưa được điền hoặc chọn." in refused
    assert "Trường này" not in refused
