"""Security keys as a second factor (WebAuthn, R-142): what proves it, and everything that does not."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.test import Client, RequestFactory
from webauthn.helpers import bytes_to_base64url as text

from onestop.accounts.factors import challenges, security_keys
from onestop.accounts.factors.relying import NO_HTTPS, NO_NAME, relying
from onestop.accounts.models import AccessEvent, AccessKind, Factor, Role
from onestop.outbox.models import Message
from tests.accounts import factors
from tests.accounts.authenticator import SoftKey
from tests.accounts.conftest import PASSWORD
from tests.clock import MONDAY

pytestmark = pytest.mark.django_db
STEP, ENROL = "/dang-nhap/ma/", "/tai-khoan/khoa-bao-mat/"
BY_KEY = {"cach": security_keys.NAME}


class Https(Client):
    def generic(self, *args, **more):
        return super().generic(*args, **(more | {"secure": True}))


def browser(officer=None, *, secure=True) -> Client:
    """Signed in as `officer`, on a page that came by HTTPS."""
    client = Https() if secure else Client()
    if officer is not None:
        client.force_login(officer)
    return client


def options(page) -> str:
    found = re.search(r'data-options="([^"]*)"', page.content.decode())
    assert found, page.content.decode()
    return html.unescape(found[1])


def enrol(officer, key: SoftKey, name="Khóa xanh", client=None, **changes):
    client = client or browser(officer)
    sent = key.create(options(client.get(ENROL)), **changes)
    return client.post(ENROL, {"name": name, "password": PASSWORD, "credential": sent})


def _inside(officer) -> Client:
    client = browser(officer)
    client.defaults["REMOTE_ADDR"] = factors.INSIDE
    return client


def halfway(officer, **where) -> Client:
    """A browser that has sent the password."""
    client = browser()
    client.defaults |= where
    sent = client.post("/dang-nhap/", {"username": officer.username, "password": PASSWORD})
    assert sent["Location"].startswith(STEP)
    return client


def answer(client: Client, sent: str):
    return client.post(STEP, BY_KEY | {"credential": sent})


def is_in(client: Client) -> bool:
    return client.get("/doi-mat-khau/").status_code == 200


@pytest.fixture
def clerk(officer):
    return officer(Role.CLERK, full_name="Nông Thị Khóa")


@pytest.fixture
def key(clerk) -> SoftKey:
    """The clerk's, enrolled and not used since."""
    made = SoftKey()
    assert "dự phòng" in enrol(clerk, made).content.decode()
    clerk.refresh_from_db()
    return made


# --- enrolling ----------------------------------------------------------------------------------


def test_a_key_is_enrolled_with_a_name_and_what_is_kept_is_sealed(clerk, key):
    factor = Factor.objects.get()
    assert (factor.officer, factor.kind, factor.name) == (clerk, security_keys.NAME, "Khóa xanh")
    assert factor.reference == text(key.id)
    assert clerk.has_factor
    kept = security_keys.kept_of(factor)
    assert (kept.name, kept.transports) == ("testserver", ["usb"])
    assert kept.public_key.encode() not in bytes(factor.secret)
    line = AccessEvent.objects.get(kind=AccessKind.FACTOR_ADDED)
    assert line.detail == "Khóa bảo mật: Khóa xanh"


def test_several_keys_and_the_same_one_is_not_taken_twice(clerk, key):
    client = browser(clerk)
    session = client.session
    session["second_step"] = 1
    session.save()
    asked = json.loads(options(client.get(ENROL)))
    assert [one["id"] for one in asked["excludeCredentials"]] == [text(key.id)]
    assert enrol(clerk, SoftKey(), "Khóa đỏ", client).status_code == 302
    # A browser that does not heed the list, or another officer with the same key.
    again = enrol(clerk, key, "Khóa xanh", client)
    assert again.status_code == 422
    assert "đã được đăng ký" in again.content.decode()
    assert list(Factor.objects.values_list("name", flat=True)) == ["Khóa xanh", "Khóa đỏ"]


def test_the_browser_is_asked_for_no_name_of_the_office_and_prefers_to_verify(clerk):
    asked = json.loads(options(browser(clerk).get(ENROL)))
    assert asked["rp"] == {"name": "Một cửa", "id": "testserver"}
    assert asked["user"]["name"] == clerk.username
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["userVerification"] == "preferred"
    assert len(asked["challenge"]) >= 43


@pytest.mark.parametrize(
    "changes",
    [
        {"challenge": text(b"another challenge of 32 bytes....")},
        {"origin": "https://testserver.evil.example"},
        {"origin": "http://testserver"},
        {"type": "webauthn.get"},
        {"rp": "evil.example"},
    ],
    ids=["challenge", "origin", "without-https", "type", "rp"],
)
def test_what_was_made_for_another_page_is_no_key_of_ours(clerk, changes, settings):
    settings.PUBLIC_URL = "https://testserver"
    refused = enrol(clerk, SoftKey(), **changes)
    assert refused.status_code == 422
    assert not Factor.objects.exists()


def test_a_key_is_not_enrolled_without_the_password(clerk):
    client, key = browser(clerk), SoftKey()
    sent = {"name": "x", "password": "sai", "credential": key.create(options(client.get(ENROL)))}
    assert client.post(ENROL, sent).status_code == 422
    assert not Factor.objects.exists()
    assert AccessEvent.objects.filter(kind=AccessKind.LOGIN_FAILED).count() == 1


def test_an_enrolment_is_answered_once_and_within_minutes(clerk, clock):
    client, key = browser(clerk), SoftKey()
    sent = {"name": "x", "password": PASSWORD}
    sent["credential"] = key.create(options(client.get(ENROL)))
    clock.now += challenges.LIFETIME + timedelta(seconds=1)
    assert client.post(ENROL, sent).status_code == 422  # too old; a new one was asked with it
    assert client.post(ENROL, sent).status_code == 422
    assert not Factor.objects.exists()


def test_who_must_have_a_factor_and_has_none_may_begin_with_a_key(officer):
    administrator = officer(Role.ADMINISTRATOR, password_changed_at=MONDAY)
    client = browser()
    client.post("/dang-nhap/", {"username": administrator.username, "password": PASSWORD})
    assert not is_in(client)
    key = SoftKey()
    sent = {"name": "Khóa", "credential": key.create(options(client.get(ENROL)))}
    assert "dự phòng" in client.post(ENROL, sent).content.decode()
    assert is_in(client)


# --- the second step ----------------------------------------------------------------------------


def test_password_then_key(clerk, key):
    client = halfway(clerk)
    page = client.get(STEP)
    asked = json.loads(options(page))
    assert [one["id"] for one in asked["allowCredentials"]] == [text(key.id)]
    assert asked["userVerification"] == "preferred"
    assert not is_in(client)
    page = client.get(STEP)
    before = client.session.session_key
    assert answer(client, key.get(options(page))).status_code == 302
    assert client.session.session_key != before
    assert is_in(client)
    factor = Factor.objects.get()
    assert (factor.counter, factor.used_at is not None) == (1, True)
    assert AccessEvent.objects.filter(kind=AccessKind.LOGIN).latest("pk").detail == "Khóa bảo mật"


@pytest.mark.parametrize(
    "changes",
    [
        {"challenge": text(b"another challenge of 32 bytes....")},
        {"origin": "https://testserver.evil.example"},
        {"origin": "http://testserver:81"},
        {"type": "webauthn.create"},
        {"rp": "evil.example"},
        {"signature": b"0" * 70},
    ],
    ids=["challenge", "origin", "port", "type", "rp", "signature"],
)
def test_what_was_signed_for_another_page_opens_nothing(clerk, key, changes):
    client = halfway(clerk)
    assert answer(client, key.get(options(client.get(STEP)), **changes)).status_code == 422
    assert not is_in(client)
    clerk.refresh_from_db()
    assert clerk.failed_count == 1  # counts and locks as a wrong password does
    assert Factor.objects.get().counter == 0


def test_an_answer_is_good_once(clerk, key):
    client = halfway(clerk)
    sent = key.get(options(client.get(STEP)))
    assert answer(client, sent).status_code == 302
    other = halfway(clerk)
    other.get(STEP)
    assert answer(other, sent).status_code == 422
    client.post("/dang-xuat/")
    assert not is_in(other)


@pytest.mark.parametrize("counts", [True, False])
def test_two_requests_with_one_answer_let_one_in(clerk, counts):
    """The second one read the session before the first was done, as two at once do."""
    key = SoftKey(counts=counts)
    enrol(clerk, key)
    client = halfway(clerk)
    sent = key.get(options(client.get(STEP)))
    request = RequestFactory().post(STEP, BY_KEY | {"credential": sent}, secure=True)
    twin = RequestFactory().post(STEP, BY_KEY | {"credential": sent}, secure=True)
    request.session, twin.session = client.session, client.session
    assert request.session is not twin.session
    for one in (request, twin):
        one.session.get("any")  # read now, both before either is looked at
    at = Factor.objects.get().made_at
    assert security_keys.check(request, clerk, at) is True
    assert security_keys.check(twin, clerk, at) is False


def test_a_challenge_of_minutes_ago_is_good_no_longer(clerk, key, clock):
    client = halfway(clerk)
    sent = key.get(options(client.get(STEP)))
    clock.now += challenges.LIFETIME
    assert answer(client, sent).status_code == 302
    client = halfway(clerk)
    sent = key.get(options(client.get(STEP)))
    clock.now += challenges.LIFETIME + timedelta(seconds=1)
    assert answer(client, sent).status_code == 422


def test_the_challenge_of_enrolling_does_not_do_for_signing_in(clerk, key):
    client = halfway(clerk)
    asked = json.loads(options(client.get(STEP)))
    session = client.session
    session["key_challenge"] = [challenges.ENROL, *session["key_challenge"][1:]]
    session.save()
    assert answer(client, key.get(json.dumps(asked))).status_code == 422


def test_nobody_passes_by_another_persons_key(clerk, key, officer):
    colleague = officer(Role.CLERK)
    theirs = SoftKey()
    enrol(colleague, theirs)
    client = halfway(clerk)
    assert answer(client, theirs.get(options(client.get(STEP)))).status_code == 422
    # Nor by one that calls itself as the clerk's does.
    forged = SoftKey(id=key.id, count=9)
    assert answer(client, forged.get(options(client.get(STEP)))).status_code == 422
    assert not is_in(client)


def test_a_key_that_counts_back_is_refused_and_its_owner_told(clerk, key):
    client = halfway(clerk)
    key.count = 7
    assert answer(client, key.get(options(client.get(STEP)))).status_code == 302
    copy = SoftKey(id=key.id, private=key.private, count=5)
    other = halfway(clerk)
    assert answer(other, copy.get(options(other.get(STEP)))).status_code == 422
    assert not is_in(other)
    assert Factor.objects.get().counter == 8
    lines = AccessEvent.objects.filter(kind=AccessKind.LOGIN_FAILED).values_list(
        "detail", flat=True
    )
    assert any("đếm lùi (8 → 6)" in line for line in lines)
    notices = Message.objects.filter(to_officer=clerk, subject__contains="sao chép")
    assert notices.count() == 1
    assert "Khóa xanh" in notices.get().subject


def test_a_key_that_counts_never_is_let_in_each_time(clerk):
    key = SoftKey(counts=False)
    enrol(clerk, key)
    for _ in range(2):
        client = halfway(clerk)
        assert answer(client, key.get(options(client.get(STEP)))).status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        "x",
        "{}",
        "[]",
        "null",
        '{"id":"a","rawId":"a","type":"public-key","response":{}}',
        '{"id":"é","rawId":"?","type":"public-key","response":{"clientDataJSON":"!","authenticatorData":"!","signature":"!"}}',
        "[" * 20_000,
        '{"a":' * 3_000,
        "9" * 30_000,
    ],
    ids=["x", "object", "list", "null", "empty", "signs", "deep", "deeper", "long"],
)
def test_whatever_else_is_sent_is_a_refusal(clerk, key, sent):
    client = halfway(clerk)
    client.get(STEP)
    page = answer(client, sent)
    assert page.status_code == 422
    assert "Khóa bảo mật chưa trả lời đúng" in page.content.decode()
    signed_in = browser(clerk)
    session = signed_in.session
    session["second_step"] = 1
    session.save()
    signed_in.get(ENROL)
    refused = signed_in.post(ENROL, {"name": "x", "password": PASSWORD, "credential": sent})
    assert refused.status_code == 422
    assert Factor.objects.count() == 1


def test_nothing_answered_is_no_try(clerk, key):
    """A page without its script sends an empty answer."""
    client = halfway(clerk)
    for _ in range(6):
        said = answer(client, "")
        assert said.status_code == 422
        assert "Khóa bảo mật chưa trả lời. " in said.content.decode()
    assert "chưa trả lời. " in client.post(STEP, {"code": " "} | BY_KEY).content.decode()
    on_paper = client.post(STEP, {"cach": "du-phong", "code": " "}).content.decode()
    assert "Chưa có mã. " in on_paper
    assert "khóa khi trình duyệt" not in on_paper
    clerk.refresh_from_db()
    assert clerk.locked_until is None


def test_parts_of_a_true_answer_that_are_of_another_type_are_a_refusal(clerk, key):
    client = halfway(clerk)
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        for junk in (None, 5, [], {}, "", "AA", "é"):
            sent = json.loads(key.get(options(client.get(STEP))))
            sent["response"][part] = junk
            assert answer(client, json.dumps(sent)).status_code == 422
            clerk.failed_count = clerk.lock_count = 0
            clerk.locked_until = None
            clerk.save()
            clerk.usual_addresses.update(failed_count=0, locked_until=None)
    assert not is_in(client)


@pytest.mark.parametrize("where", [factors.INSIDE, factors.OUTSIDE])
def test_each_role_by_place_by_key(officer, settings, where):
    """The matrix of test_second_step.py for this way in: nothing before, everything after."""
    settings.OFFICE_ADDRESSES = [ip_network("127.0.0.0/8")]
    for role in Role:
        someone, own = officer(role, password_changed_at=MONDAY), SoftKey()
        enrol(someone, own, client=_inside(someone))
        client = halfway(someone, REMOTE_ADDR=where)
        assert not is_in(client), role
        assert client.get("/quan-tri/can-bo/").status_code == 302, role
        assert answer(client, own.get(options(client.get(STEP)))).status_code == 302, role
        assert is_in(client), role
        opened = 200 if role == Role.ADMINISTRATOR else 403
        assert client.get("/quan-tri/can-bo/").status_code == opened, role


def test_from_outside_no_key_is_enrolled_by_the_password_alone(officer, settings):
    settings.OFFICE_ADDRESSES = [ip_network("10.1.0.0/16")]
    someone = officer(Role.CLERK)
    client = browser(someone)
    for sent in (client.get(ENROL), client.post(ENROL, {"name": "x", "credential": "{}"})):
        assert sent.status_code == 302
    assert not Factor.objects.exists()


# --- beside the other kinds, and taking off -----------------------------------------------------


def test_the_codes_of_the_telephone_stand_beside_it(clerk, key):
    factors.enrol(clerk)
    client = halfway(clerk)
    page = client.get(STEP).content.decode()
    assert "cach=totp" in page
    assert client.post(STEP, {"cach": "totp", "code": factors.code()}).status_code == 302
    assert is_in(client)


def test_ones_own_key_is_taken_off_with_the_password_unless_it_is_the_last_that_is_required(
    officer, clerk, key
):
    client = halfway(clerk)
    answer(client, key.get(options(client.get(STEP))))
    address = f"/tai-khoan/bo/{Factor.objects.get().pk}/"
    assert client.post(address, {"password": "sai"}).status_code == 422
    assert Factor.objects.count() == 1
    assert client.post(address, {"password": PASSWORD}).status_code == 302
    assert not Factor.objects.exists()
    administrator = officer(Role.ADMINISTRATOR, password_changed_at=MONDAY)
    client = browser()
    client.post("/dang-nhap/", {"username": administrator.username, "password": PASSWORD})
    own = SoftKey()
    client.post(ENROL, {"name": "K", "credential": own.create(options(client.get(ENROL)))})
    kept = client.post(f"/tai-khoan/bo/{Factor.objects.get().pk}/", {"password": PASSWORD})
    assert kept.status_code == 422
    assert Factor.objects.count() == 1


# --- where it works -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scheme", "host", "public", "name", "why_not"),
    [
        ("https", "motcua.tinh.gov.vn", "", "motcua.tinh.gov.vn", ""),
        ("https", "motcua.tinh.gov.vn:8443", "", "motcua.tinh.gov.vn", ""),
        ("http", "motcua.tinh.gov.vn", "https://motcua.tinh.gov.vn", "motcua.tinh.gov.vn", ""),
        ("http", "motcua.lan", "", "motcua.lan", NO_HTTPS),
        ("http", "motcua.lan", "https://motcua.tinh.gov.vn", "motcua.lan", NO_HTTPS),
        ("http", "localhost:8000", "", "localhost", ""),
        ("http", "127.0.0.1:8000", "", "127.0.0.1", NO_NAME),
        ("https", "10.0.0.5", "", "10.0.0.5", NO_NAME),
        ("https", "[::1]:8000", "", "::1", NO_NAME),
    ],
)
def test_the_name_a_key_is_bound_to(settings, scheme, host, public, name, why_not):
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL = public or "http://elsewhere"
    request = RequestFactory().get("/", headers={"host": host}, secure=scheme == "https")
    found = relying(request)
    assert (found.name, found.why_not) == (name, why_not)
    assert found.origins == [f"{scheme}://{host}"] + ([public] if name in public else [])


def test_where_no_browser_would_use_a_key_the_page_says_so(clerk, key, settings):
    settings.ALLOWED_HOSTS = ["*"]
    plain = browser(clerk, secure=False)
    session = plain.session
    session["second_step"] = 1
    session.save()
    assert "chỉ cho dùng trên trang HTTPS" in plain.get(ENROL).content.decode()
    number = plain.get(ENROL, headers={"host": "127.0.0.1:8000"}).content.decode()
    assert "địa chỉ số" in number
    client = halfway(clerk)
    other = client.get(STEP, headers={"host": "khac.gov.vn"}).content.decode()
    assert "đăng ký ở một tên miền khác" in other
    assert "Mã dự phòng" in other  # the other ways stay
    # Nothing that could be answered here: no button that would send nothing.
    assert "Tiếp tục</button>" not in other
    assert "Tiếp tục</button>" in client.get(STEP, {"cach": "du-phong"}).content.decode()
