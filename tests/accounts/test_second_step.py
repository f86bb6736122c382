"""The second factor at sign-in (R-142): who is asked, by what it is passed, and that nothing is open
before.
"""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from onestop.accounts.domain import officers
from onestop.accounts.factors import recovery, totp
from onestop.accounts.models import (
    AccessEvent,
    AccessKind,
    Factor,
    Officer,
    RecoveryCode,
    Role,
    UsualAddress,
)
from onestop.accounts.policy import is_inside
from tests import matrix
from tests.accounts.conftest import PASSWORD
from tests.accounts.factors import INSIDE, KEY, OUTSIDE, answer, code, enrol, is_in, sign_in
from tests.clock import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(settings):
    settings.OFFICE_ADDRESSES = [ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16")]


def kinds() -> list[str]:
    return list(AccessEvent.objects.order_by("pk").values_list("kind", flat=True))


# --- signing in ---------------------------------------------------------------------------------


def test_password_then_code_then_the_page_that_was_asked_for(officer):
    clerk = officer(Role.CLERK)
    enrol(clerk)
    browser, asked = sign_in(clerk, next="/doi-mat-khau/?a=b")
    assert asked["Location"] == "/dang-nhap/ma/?next=%2Fdoi-mat-khau%2F%3Fa%3Db"
    page = browser.get(asked["Location"]).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    before = browser.session.session_key
    assert answer(browser, code(), next="/doi-mat-khau/?a=b")["Location"] == "/doi-mat-khau/?a=b"
    assert browser.session.session_key != before
    assert is_in(browser)
    assert kinds()[-2:] == [AccessKind.FIRST_STEP, AccessKind.LOGIN]


def test_codes_are_read_as_people_type_them(officer):
    clerk = officer(Role.CLERK)
    enrol(clerk)
    browser, _ = sign_in(clerk)
    now = code()
    assert answer(browser, f" {now[:3]} {now[3:]} ").status_code == 302


@pytest.mark.parametrize(("ahead", "good"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_one_step_off(officer, ahead, good):
    clerk = officer(Role.CLERK)
    enrol(clerk)
    Factor.objects.update(counter=0)
    browser, _ = sign_in(clerk)
    assert (answer(browser, code(ahead=ahead)).status_code == 302) is good
    assert is_in(browser) is good


def test_a_used_code_is_good_never_again(officer, clock):
    clerk = officer(Role.CLERK)
    enrol(clerk)
    first, second = sign_in(clerk)[0], sign_in(clerk)[0]
    used = code()
    assert answer(first, used).status_code == 302
    assert answer(second, used).status_code == 422
    # Nor one of a step before it, though the clock's tolerance would take it.
    assert answer(second, code(ahead=-1)).status_code == 422
    clock.now += timedelta(seconds=30)
    assert answer(second, used).status_code == 422
    assert answer(second, code()).status_code == 302
    assert is_in(first)
    assert is_in(second)


def test_wrong_codes_lock_like_wrong_passwords(officer, clock):
    """The password, typed again in between, forgets none of them."""
    clerk = officer(Role.CLERK)
    enrol(clerk)
    for _ in range(4):
        browser, _ = sign_in(clerk)
        assert answer(browser, "000000").status_code == 422
    locking = answer(browser, "000000").content.decode()
    assert 'value="000000"' not in locking, "the field comes back empty"
    assert "tạm khóa" in locking
    assert AccessEvent.objects.filter(kind=AccessKind.LOCKED).count() == 1
    assert answer(browser, code()).status_code == 422
    assert sign_in(clerk)[1].status_code == 422
    clock.now += timedelta(minutes=15)
    browser, _ = sign_in(clerk)
    assert answer(browser, code()).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.failed_count, clerk.lock_count) == (0, 0)


def test_a_wrong_answer_is_told_in_the_words_of_its_kind(officer):
    """Whoever types from paper is not sent to the telephone (R-142)."""
    clerk = officer(Role.CLERK)
    enrol(clerk)
    browser, _ = sign_in(clerk)
    from_paper = answer(browser, "0000-0000-0000-0000", cach="du-phong").content.decode()
    assert "Mã dự phòng không đúng" in from_paper
    assert "mã đang hiện" not in from_paper
    assert "mã đang hiện" in answer(browser, "000000").content.decode()


def test_the_password_alone_makes_no_address_a_usual_one(officer):
    clerk = officer(Role.CLERK)
    enrol(clerk)
    browser, _ = sign_in(clerk, where=OUTSIDE)
    assert not UsualAddress.objects.exists()
    answer(browser, code())
    assert UsualAddress.objects.get().address == OUTSIDE


def test_a_recovery_code_is_good_once(officer):
    clerk = officer(Role.CLERK)
    codes = enrol(clerk)
    assert (len(set(codes)), recovery.left(clerk)) == (10, 10)
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()
    first, second = sign_in(clerk)[0], sign_in(clerk)[0]
    assert "16 chữ số" in first.get("/dang-nhap/ma/?cach=du-phong").content.decode()
    assert answer(first, codes[3].replace("-", " "), cach="du-phong").status_code == 302
    assert answer(second, codes[3], cach="du-phong").status_code == 422
    assert answer(second, codes[4], cach="du-phong").status_code == 302
    assert (is_in(first), is_in(second), recovery.left(clerk)) == (True, True, 8)


def test_another_officers_recovery_code_is_none(officer):
    codes, clerk = enrol(officer(Role.CLERK)), officer(Role.CLERK)
    enrol(clerk)
    browser, _ = sign_in(clerk)
    assert answer(browser, codes[0], cach="du-phong").status_code == 422


@pytest.mark.parametrize("way", ["totp", "du-phong"])
def test_of_two_requests_with_one_code_one_passes(officer, rf, way, clock):
    """Both have read what was there before either wrote; one statement decides."""
    clerk = officer(Role.CLERK)
    codes = enrol(clerk)
    kind = totp if way == "totp" else recovery
    request = rf.post("/", {"code": code() if way == "totp" else codes[0]})
    assert [kind.check(request, clerk, clock.now) for _ in range(2)] == [True, False]


def test_what_is_kept_is_sealed(officer):
    enrol(officer(Role.CLERK))
    assert KEY not in bytes(Factor.objects.get().secret)


# --- nothing before -----------------------------------------------------------------------------


# The step itself.
STEP = {
    "code": {"accounts:second_step_here"},
    "factor": {"accounts:second_step_here", "accounts:enrol_totp", "accounts:enrol_key"},
}


@pytest.mark.one_engine("the step is asked for before any statement of the address")
@pytest.mark.parametrize("owes", STEP)
def test_no_address_is_open_to_a_half_session(standing_world, owes):
    """Every address of the product, as the most powerful: its own roles would get 200."""
    world = standing_world
    role = Role.CLERK if owes == "code" else Role.ADMINISTRATOR
    who = world.officers[role]
    if owes == "code":
        enrol(who)
    browser = half_session(who)
    opened = []
    for address in matrix.addresses():
        if address.public or address.name in STEP[owes]:
            continue
        with transaction.atomic():
            url = reverse(address.name, kwargs=address.own(world))
            got = getattr(browser, address.method)(url, address.data(world))
            transaction.set_rollback(True)
        if got.status_code != 302 or not got["Location"].startswith("/dang-nhap/"):
            opened.append(f"{address.method} {address.name}: {got.status_code}")
    assert opened == []
    page = browser.get("/dang-nhap/", follow=True).content.decode()
    assert 'class="rail"' not in page
    assert browser.post("/dang-xuat/")["Location"] == "/dang-nhap/"
    assert "/dang-nhap/?" in browser.get("/doi-mat-khau/")["Location"]


def half_session(officer: Officer) -> Client:
    browser = Client()
    browser.force_login(officer)
    session = browser.session
    session.pop("second_step", None)
    session.save()
    return browser


def test_a_script_of_an_open_page_is_told_that_it_is_signed_out(officer):
    clerk = officer(Role.CLERK)
    enrol(clerk)
    browser, _ = sign_in(clerk)
    asked = browser.get("/dang-nhap/con-phien/", headers={"X-Session": "1"})
    assert asked.status_code == 401


def test_in_the_dialog_of_an_open_page_both_steps_are_asked(officer):
    clerk = officer(Role.CLERK)
    enrol(clerk)
    browser, script = Client(), {"X-Session": "1"}
    typed = {"username": clerk.username, "password": PASSWORD}
    first = browser.post("/dang-nhap/tai-cho/", typed, headers=script)
    assert (first.status_code, "/dang-nhap/ma/tai-cho/" in first.content.decode()) == (422, True)
    wrong = browser.post("/dang-nhap/ma/tai-cho/", {"code": "000000"}, headers=script)
    assert (wrong.status_code, "Mã không đúng" in wrong.content.decode()) == (422, True)
    done = browser.post("/dang-nhap/ma/tai-cho/", {"code": code()}, headers=script)
    assert done.json()["officer"] == clerk.pk
    assert is_in(browser)


# --- who is asked -------------------------------------------------------------------------------


@pytest.mark.parametrize("where", [INSIDE, OUTSIDE])
@pytest.mark.parametrize("has", [False, True])
def test_role_by_place_by_factor_by_way(officer, where, has):
    """The matrix: what each role meets after the right password."""
    for role in Role:
        for way in ("totp", "du-phong") if has else ("",):
            someone = officer(role, password_changed_at=MONDAY)
            codes = enrol(someone) if has else []
            browser, got = sign_in(someone, where=where)
            met = (role, where, has, way)
            if has:
                assert got["Location"].startswith("/dang-nhap/ma/"), met
                assert not is_in(browser), met
                typed = code() if way == "totp" else codes[0]
                assert answer(browser, typed, cach=way)["Location"] == "/", met
                assert is_in(browser), met
            elif where == OUTSIDE:
                assert got.status_code == 422, met
                assert "Hãy đến cơ quan" in got.content.decode(), met
                assert not is_in(browser), met
            elif role == Role.ADMINISTRATOR:
                assert not is_in(browser), met
                led = browser.get("/quan-tri/", follow=True)
                assert led.redirect_chain[-1][0].startswith("/tai-khoan/ung-dung/"), met
            else:
                assert is_in(browser), met


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("127.0.0.1", True),
        ("10.1.200.7", True),
        ("::ffff:10.1.200.7", True),
        ("10.2.0.1", False),
        ("2001:db8::1", False),
        ("", False),
        ("unix:", False),
        ("10.1.0.1, 203.0.113.9", False),
    ],
)
def test_what_counts_as_inside(address, inside):
    assert is_inside(address) is inside


def test_without_networks_everything_is_inside(settings):
    settings.OFFICE_ADDRESSES = []
    assert is_inside(OUTSIDE)
    assert is_inside("")


def test_behind_a_proxy_the_address_is_what_the_proxy_wrote(officer, settings):
    settings.TRUSTED_PROXIES = 1
    clerk = officer(Role.CLERK)
    browser = Client(headers={"X-Forwarded-For": f"127.0.0.1, {OUTSIDE}"})
    got = browser.post("/dang-nhap/", {"username": clerk.username, "password": PASSWORD})
    assert (got.status_code, is_in(browser)) == (422, False)


def test_who_leaves_the_office_with_an_open_session_is_asked(officer):
    clerk = officer(Role.CLERK)
    browser, _ = sign_in(clerk)
    assert is_in(browser)
    gone = browser.get("/doi-mat-khau/", REMOTE_ADDR=OUTSIDE)
    assert gone["Location"].startswith("/dang-nhap/ma/")
    told = browser.get("/dang-nhap/ma/", REMOTE_ADDR=OUTSIDE)
    assert (told.status_code, "hãy đến cơ quan" in told.content.decode()) == (403, True)
    enrolling = browser.get("/tai-khoan/ung-dung/", REMOTE_ADDR=OUTSIDE)
    assert enrolling["Location"].startswith("/dang-nhap/ma/")
    assert is_in(browser)


def test_who_becomes_an_administrator_is_asked_at_the_next_page(officer, clock):
    clerk = officer(Role.CLERK)
    browser, _ = sign_in(clerk)
    officers.grant_role(
        officer=clerk,
        role=Role.ADMINISTRATOR,
        agency=clerk.agency,
        valid_from=clock.now.date(),
        by=None,
        at=clock.now,
    )
    assert browser.get("/quan-tri/")["Location"].startswith("/dang-nhap/ma/")


def test_where_it_is_only_offered_nobody_has_to(officer, settings):
    settings.SECOND_FACTOR = "offered"
    someone = officer(Role.ADMINISTRATOR, password_changed_at=MONDAY)
    browser, _ = sign_in(someone, where=OUTSIDE)
    assert browser.get("/quan-tri/").status_code == 200
    enrol(someone)
    assert browser.get("/quan-tri/")["Location"].startswith("/dang-nhap/ma/")
