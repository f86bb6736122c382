"""One's own sessions: listed, ended by their owner, ended by what makes them unsafe (R-139, R-142)."""

from datetime import datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client, override_settings

from onestop.accounts.browsers import browser_in_words
from onestop.accounts.domain import officers as domain
from onestop.accounts.models import AccessEvent, AccessKind, Officer, OfficerSession, Role
from onestop.jobs.tasks import prune

from .conftest import PASSWORD
from .factors import code, enrol

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PAGE = "/tai-khoan/phien-dang-nhap/"
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"


def browser_of(officer, *, address="10.0.0.5", agent=WINDOWS) -> Client:
    client = Client(REMOTE_ADDR=address, headers={"user-agent": agent})
    sent = client.post("/dang-nhap/", {"username": officer.username, "password": PASSWORD})
    assert sent.status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def rows(client: Client):
    return client.get(PAGE).context["rows"]


def ended_lines() -> list[str]:
    kind = AccessKind.SESSION_ENDED
    return list(
        AccessEvent.objects.filter(kind=kind).order_by("pk").values_list("detail", flat=True)
    )


def test_each_session_is_told_with_when_where_and_by_what(clock, officer):
    clerk = officer(Role.CLERK)
    browser_of(clerk, address="10.0.0.9", agent=PHONE)
    clock.now = NINE + timedelta(minutes=3)
    desk = browser_of(clerk)
    browser_of(officer(Role.CLERK))  # somebody else's
    this, other = rows(desk)
    assert (this.browser, this.address, this.is_this) == ("Chrome trên Windows", "10.0.0.5", True)
    assert (this.began_at, this.seen_at) == (NINE + timedelta(minutes=3),) * 2
    assert (other.browser, other.address, other.is_this) == (
        "Safari trên iPhone",
        "10.0.0.9",
        False,
    )
    assert other.began_at == other.seen_at == NINE
    text = desk.get(PAGE).content.decode()
    assert "Phiên đang dùng" in text
    for row in OfficerSession.objects.all():  # whoever sees the page can use none of them
        assert row.session_key not in text


def test_last_seen_is_noted_once_a_minute_and_costs_no_statement(clock, officer, queries):
    clerk = officer(Role.CLERK)
    desk = browser_of(clerk)
    desk.get(PAGE)
    clock.now = NINE + timedelta(seconds=59)
    with queries() as first:
        desk.get(PAGE)
    assert OfficerSession.objects.get(officer=clerk).seen_at == NINE
    assert not any(query["sql"].startswith("UPDATE") for query in first)
    clock.now = NINE + timedelta(seconds=60)
    with queries() as second:
        desk.get(PAGE)
    assert OfficerSession.objects.get(officer=clerk).seen_at == NINE + timedelta(seconds=60)
    updates = [query["sql"] for query in second if query["sql"].startswith("UPDATE")]
    assert len(updates) == 1  # the session's own, as ever
    assert '"seen_at"' in updates[0]


def test_one_row_or_many_cost_the_same(clock, officer, queries):
    clerk = officer(Role.CLERK)
    desk = browser_of(clerk)
    desk.get(PAGE)
    with queries() as one:
        desk.get(PAGE)
    for _ in range(5):
        browser_of(clerk)
    desk.get(PAGE)
    with queries() as many:
        desk.get(PAGE)
    assert len(many) == len(one)
    assert len(rows(desk)) == 6


def test_ending_one_signs_it_out_at_once(clock, officer):
    clerk = officer(Role.CLERK)
    lost, desk = browser_of(clerk, address="10.0.0.9", agent=PHONE), browser_of(clerk)
    [other] = [row for row in rows(desk) if not row.is_this]
    assert is_signed_in(lost)
    desk.post(f"{PAGE}ket-thuc/", {"phien": other.reference})
    gone = lost.get(PAGE)
    assert gone.status_code == 302
    assert gone["Location"].startswith("/dang-nhap/")
    assert is_signed_in(desk)
    assert ended_lines() == ["Safari trên iPhone, 10.0.0.9"]


def test_ending_all_others_leaves_this_one_and_other_people(clock, officer):
    clerk, colleague = officer(Role.CLERK), officer(Role.CLERK)
    lost, old, desk = browser_of(clerk), browser_of(clerk), browser_of(clerk)
    theirs = browser_of(colleague)
    desk.post(f"{PAGE}ket-thuc-khac/")
    assert [is_signed_in(one) for one in (lost, old, desk, theirs)] == [False, False, True, True]
    assert ended_lines() == ["2 phiên khác"]


def test_neither_this_one_nor_anybody_elses_is_ended_by_the_button(clock, officer):
    clerk, colleague = officer(Role.CLERK), officer(Role.CLERK)
    desk, theirs = browser_of(clerk), browser_of(colleague)
    references = [rows(desk)[0].reference, rows(theirs)[0].reference, "", "x" * 32]
    said = []
    for reference in references:
        sent = desk.post(f"{PAGE}ket-thuc/", {"phien": reference}, follow=True)
        said += [str(one) for one in sent.context["messages"]]
    assert is_signed_in(desk)
    assert is_signed_in(theirs)
    assert [one[:14] for one in said] == ["Đây là phiên đ", *["Phiên đăng nhậ"] * 3]
    assert ended_lines() == []


@override_settings(SECOND_FACTOR="offered")
@pytest.mark.parametrize(("role", "minutes"), [(Role.CLERK, 15), (Role.ADMINISTRATOR, 5)])
def test_what_has_been_idle_for_too_long_is_not_open(clock, officer, role, minutes):
    """R-140: its browser would be told so at its next request."""
    someone = officer(role, password_changed_at=NINE)
    browser_of(someone)
    clock.now = NINE + timedelta(minutes=minutes)
    desk = browser_of(someone)
    assert len(rows(desk)) == 2
    clock.now = NINE + timedelta(minutes=minutes, seconds=1)
    assert len(rows(desk)) == 1


def test_a_new_password_of_ones_own_ends_the_others(clock, officer):
    clerk = officer(Role.CLERK)
    lost, desk = browser_of(clerk), browser_of(clerk)
    new = "Mật khẩu mới của tôi 2026"
    sent = {"old": PASSWORD, "new": new, "again": new}
    assert desk.post("/doi-mat-khau/", sent).status_code == 302
    assert OfficerSession.objects.filter(officer=clerk).count() == 1
    assert (is_signed_in(lost), is_signed_in(desk)) == (False, True)
    assert len(rows(desk)) == 1


@pytest.mark.parametrize("act", ["reset", "close", "unused"])
def test_what_an_administrator_or_the_clock_does_ends_all(clock, officer, act):
    clerk = officer(Role.CLERK)
    administrator = officer(Role.ADMINISTRATOR, password_changed_at=NINE)
    desk = browser_of(clerk)
    if act == "reset":
        domain.reset_password(officer=clerk, by=administrator, at=NINE)
    elif act == "close":
        domain.close_account(officer=clerk, successor=None, by=administrator, at=NINE)
    else:
        Officer.objects.filter(pk=clerk.pk).update(last_seen_at=NINE - timedelta(days=46))
        Client().post("/dang-nhap/", {"username": clerk.username, "password": PASSWORD})
    assert not OfficerSession.objects.filter(officer=clerk).exists()
    assert not is_signed_in(desk)


def test_an_administrator_sees_how_many_and_ends_them_all(clock, officer, signed_in):
    clerk = officer(Role.CLERK)
    desk, phone = browser_of(clerk, address="10.9.8.7"), browser_of(clerk)
    administrator = officer(Role.ADMINISTRATOR, password_changed_at=NINE)
    admin = signed_in(administrator)
    page = admin.get(f"/quan-tri/can-bo/{clerk.pk}/").content.decode()
    assert "Đang đăng nhập: 2 phiên" in page
    assert "10.9.8.7" not in page
    admin.post(f"/quan-tri/can-bo/{clerk.pk}/ket-thuc-phien/")
    assert not is_signed_in(desk)
    assert not is_signed_in(phone)
    assert ended_lines() == [f"{clerk.username}: 2 phiên"]
    assert "Hiện không đăng nhập ở đâu" in (
        admin.get(f"/quan-tri/can-bo/{clerk.pk}/").content.decode()
    )
    refused = admin.post(f"/quan-tri/can-bo/{administrator.pk}/ket-thuc-phien/", follow=True)
    assert "Quản trị không thể tự" in refused.content.decode()
    assert is_signed_in(admin)


def test_who_knew_the_password_only_is_told_so_and_can_be_ended(clock, officer):
    """R-142: the owner sees that somebody else has the password."""
    clerk = officer(Role.CLERK)
    desk = browser_of(clerk)
    enrol(clerk, NINE)
    assert desk.get(PAGE)["Location"].startswith("/dang-nhap/ma/")
    desk.post("/dang-nhap/ma/", {"code": code()})
    thief = browser_of(clerk, address="203.0.113.9")
    assert [(row.is_this, row.is_half) for row in rows(desk)] == [(True, False), (False, True)]
    assert "mới đúng mật khẩu" in desk.get(PAGE).content.decode()
    desk.post(f"{PAGE}ket-thuc-khac/")
    assert thief.get("/dang-nhap/ma/")["Location"] == "/"
    assert not is_signed_in(thief)


def test_signing_out_leaves_no_row_and_a_typed_form_belongs_to_nobody(clock, officer, client):
    clerk = officer(Role.CLERK)
    desk = browser_of(clerk)
    desk.post("/dang-xuat/")
    assert not OfficerSession.objects.filter(officer=clerk).exists()
    client.post("/doi-mat-khau/", {"mo": str(clerk.pk), "ghi-chu": "x"})
    assert list(OfficerSession.objects.values_list("officer", "idle_at")) == [(None, None)]


def test_the_nightly_job_clears_what_has_run_out(clock, officer):
    clerk = officer(Role.CLERK)
    browser_of(clerk)
    clock.now = NINE + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)
    kept = browser_of(clerk)
    prune()
    assert [row.session_key for row in OfficerSession.objects.all()] == [
        kept.cookies[settings.SESSION_COOKIE_NAME].value
    ]


def test_the_store_is_the_one_of_the_settings():
    store = import_module(settings.SESSION_ENGINE).SessionStore
    assert store.get_model_class() is OfficerSession
    assert OfficerSession.get_session_store_class() is store


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WINDOWS, "Chrome trên Windows"),
        (f"{WINDOWS} Edg/142.0", "Edge trên Windows"),
        (WINDOWS.replace("Chrome/", "coc_coc_browser/142.0 Chrome/"), "Cốc Cốc trên Windows"),
        (PHONE, "Safari trên iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 15) Chrome/142.0 Mobile Safari/537.36",
            "Chrome trên Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko Firefox/145.0", "Firefox trên Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Safari/605", "Safari trên máy Mac"),
        ("Something else on Windows", "Trình duyệt khác trên Windows"),
        ("Firefox/1", "Firefox"),
        ("<script>", "Không rõ trình duyệt"),
        ("", "Không rõ trình duyệt"),
    ],
)
def test_a_browser_in_plain_words(agent, words):
    assert browser_in_words(agent) == words
