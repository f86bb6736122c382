"""The own second factors: set up, taken off, recovery codes (R-142)."""

import re
from ipaddress import ip_network

import pytest
from django.core import mail

from onestop.accounts.factors import recovery
from onestop.accounts.factors.sealing import opened
from onestop.accounts.models import AccessEvent, AccessKind, Factor, RecoveryCode, Role
from tests.accounts.conftest import PASSWORD
from tests.accounts.factors import KEY, OUTSIDE, answer, code, enrol, is_in, sign_in
from tests.clock import MONDAY

pytestmark = pytest.mark.django_db
ENROL = "/tai-khoan/ung-dung/"


def shown_key(page: str) -> bytes:
    import base64

    typed = re.findall(r'<code class="typed-key">(.+?)</code>', page)[0]
    return base64.b32decode(typed.replace(" ", ""))


def test_a_new_administrator_changes_the_password_then_enrols_then_works(officer):
    """Nothing else is open in between; the codes are shown once, the session is whole."""
    someone = officer(Role.ADMINISTRATOR, must_change_password=True)
    browser, got = sign_in(someone)
    assert got["Location"] == "/doi-mat-khau/"
    page = browser.get("/doi-mat-khau/").content.decode()
    assert "/quan-tri/" not in page  # no rail
    new = {"old": PASSWORD, "new": "Một câu dài dễ nhớ 1", "again": "Một câu dài dễ nhớ 1"}
    assert browser.get("/quan-tri/")["Location"] == "/doi-mat-khau/"
    assert browser.post("/doi-mat-khau/", new)["Location"] == "/"
    led = browser.get("/quan-tri/", follow=True)
    assert led.redirect_chain[-1][0].startswith(ENROL)
    page = led.content.decode()
    assert 'class="rail"' not in page
    assert 'src="data:image/svg+xml' in page
    key = shown_key(page)
    assert browser.post(ENROL, {"code": "000000"}).status_code == 422
    assert shown_key(browser.get(ENROL).content.decode()) == key, "the same until it is confirmed"
    before = browser.session.session_key
    done = browser.post(ENROL, {"code": code(key), "next": "/quan-tri/"})
    assert done.status_code == 200
    codes = re.findall(r"<code>(\d{4}-\d{4}-\d{4}-\d{4})</code>", done.content.decode())
    assert len(set(codes)) == 10
    assert browser.session.session_key != before
    assert browser.get("/quan-tri/").status_code == 200
    assert opened(Factor.objects.get().secret) == key
    assert key not in str(dict(browser.session)).encode()
    assert all(one not in browser.get("/tai-khoan/").content.decode() for one in codes)
    assert AccessEvent.objects.filter(kind=AccessKind.FACTOR_ADDED).count() == 1


def test_somebody_signed_in_enrols_with_the_password(officer, signed_in):
    clerk = officer(Role.CLERK, email="lien@example.vn")
    browser = signed_in(clerk)
    other = signed_in(clerk)
    key = shown_key(browser.get(ENROL).content.decode())
    sent = {"code": code(key), "name": "Điện thoại"}
    assert browser.post(ENROL, sent).status_code == 422
    assert browser.post(ENROL, sent | {"password": "sai"}).status_code == 422
    assert AccessEvent.objects.filter(kind=AccessKind.LOGIN_FAILED).count() == 1
    assert not Factor.objects.exists()
    assert browser.post(ENROL, sent | {"password": PASSWORD}).status_code == 200
    assert "Điện thoại" in browser.get("/tai-khoan/").content.decode()
    # Sessions begun by the password alone are asked at their next page.
    assert is_in(browser)
    assert other.get("/doi-mat-khau/")["Location"].startswith("/dang-nhap/ma/")


def test_a_key_shown_in_another_session_enrols_nothing(officer, signed_in):
    clerk = officer(Role.CLERK)
    browser, other = signed_in(clerk), signed_in(clerk)
    key = shown_key(browser.get(ENROL).content.decode())
    assert other.post(ENROL, {"code": code(key), "password": PASSWORD}).status_code == 422


def test_taken_off_with_the_password_unless_it_is_the_last_that_must_be(officer, settings):
    someone = officer(Role.ADMINISTRATOR, password_changed_at=MONDAY)
    enrol(someone)
    browser, _ = sign_in(someone)
    answer(browser, code())
    factor = Factor.objects.get()
    url = f"/tai-khoan/bo/{factor.pk}/"
    refused = browser.post(url, {"password": PASSWORD})
    assert (refused.status_code, "bắt buộc" in refused.content.decode()) == (422, True)
    settings.SECOND_FACTOR = "offered"
    assert browser.post(url, {"password": "sai"}).status_code == 422
    assert Factor.objects.exists()
    assert browser.post(url, {"password": PASSWORD}).status_code == 302
    someone.refresh_from_db()
    assert (Factor.objects.count(), RecoveryCode.objects.count(), someone.has_factor) == (
        0,
        0,
        False,
    )
    assert AccessEvent.objects.filter(kind=AccessKind.FACTOR_REMOVED).count() == 1
    assert is_in(sign_in(someone)[0])


def test_nobody_takes_off_anothers(officer, signed_in):
    other = officer(Role.CLERK)
    enrol(other)
    url = f"/tai-khoan/bo/{Factor.objects.get().pk}/"
    assert signed_in(officer(Role.CLERK)).post(url, {"password": PASSWORD}).status_code == 302
    assert Factor.objects.count() == 1


def test_fresh_recovery_codes_end_those_before(officer):
    clerk = officer(Role.CLERK)
    old = enrol(clerk)
    browser, _ = sign_in(clerk)
    answer(browser, code())
    url = "/tai-khoan/ma-du-phong/"
    assert browser.post(url, {"password": "sai"}).status_code == 422
    page = browser.post(url, {"password": PASSWORD})
    codes = re.findall(r"<code>(\d{4}-\d{4}-\d{4}-\d{4})</code>", page.content.decode())
    assert "no-store" in page["Cache-Control"]
    assert (len(codes), recovery.left(clerk)) == (10, 10)
    again, _ = sign_in(clerk)
    assert answer(again, old[0], cach="du-phong").status_code == 422
    assert answer(again, codes[0], cach="du-phong").status_code == 302


def test_from_outside_nothing_is_set_up_without_a_factor(officer, signed_in, settings):
    settings.OFFICE_ADDRESSES = [ip_network("127.0.0.0/8")]
    settings.SECOND_FACTOR = "offered"
    browser = signed_in(officer(Role.CLERK))
    assert browser.get(ENROL, REMOTE_ADDR=OUTSIDE)["Location"] == "/tai-khoan/"
    assert "tại cơ quan" in browser.get("/tai-khoan/", REMOTE_ADDR=OUTSIDE).content.decode()


def test_the_person_is_told_of_each_factor(officer, django_capture_on_commit_callbacks):
    clerk = officer(Role.CLERK, email="lien@example.vn")
    with django_capture_on_commit_callbacks(execute=True):
        enrol(clerk)
    assert any("xác thực hai bước" in letter.subject for letter in mail.outbox)
    assert KEY.decode() not in str([letter.body for letter in mail.outbox])
