"""A citizen's session opens nothing of officers', an officer's nothing of citizens'; it ends by
itself, and at the provider too when its owner wants it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import settings as real
from django.db import OperationalError, connection
from django.test import Client

from citizens import sessions
from citizens.models import CitizenSession, SignIn
from citizens.tasks import purge
from exchange.management.commands import fake_portal
from exchange.peer import people as whom
from exchange.peer.identity import Identity
from exchange.peer.people import people
from onestop import shell
from onestop.accounts.models import AccessEvent, AccessKind, OfficerSession
from tests.citizens.conftest import AN, NUMBER, Entering
from tests.clock import MONDAY, Clock
from tests.dossiers.online.filed import a_filing
from tests.world import Office, make_case, receive

pytestmark = pytest.mark.django_db


def test_a_citizen_is_a_stranger_to_every_page_of_officers(enter: Entering) -> None:
    client = Client()
    enter(client)
    assert {one["path"] for one in client.cookies.values()} == {"/cua-toi/"}
    key = client.cookies[sessions.COOKIE].value
    for address in ("/viec/", "/tiep-nhan/", "/ban-giao/", "/bao-cao/", "/quan-tri/"):
        assert client.get(address)["Location"].startswith("/dang-nhap/")
    # Nor under the officers' cookie.
    client.cookies[real.SESSION_COOKIE_NAME] = key
    assert client.get("/viec/")["Location"].startswith("/dang-nhap/")
    assert not OfficerSession.objects.filter(session_key=key).exists()


def test_an_officer_is_nobody_on_citizens_pages(
    office: Office, provider: Identity, signed_in: Callable[..., Any]
) -> None:
    dossier = receive(office, make_case())
    client = signed_in(office.clerk)
    assert "Đăng nhập bằng VNeID" in client.get("/cua-toi/").content.decode()
    address = f"/cua-toi/ho-so/{dossier.code}/"
    assert client.get(address).status_code == 302
    client.cookies[sessions.COOKIE] = client.cookies[real.SESSION_COOKIE_NAME].value
    assert client.get(address).status_code == 302


def test_who_is_both_in_one_browser_is_two_people(
    office: Office, enter: Entering, signed_in: Callable[..., Any]
) -> None:
    """A citizen's line never names the officer, and signing out here leaves the officer at work."""
    dossier = receive(office, make_case())
    client = signed_in(office.clerk)
    enter(client)
    client.get(f"/cua-toi/ho-so/{dossier.code}/")
    line = AccessEvent.objects.get(kind=AccessKind.CITIZEN_VIEWED)
    assert (line.officer, line.agency) == (None, None)
    client.post("/cua-toi/dang-xuat/")
    assert client.get("/viec/").status_code == 200


def test_signing_out_ends_the_session_and_leads_to_the_provider_by_a_link(
    client: Client, provider: Identity, enter: Entering
) -> None:
    enter(client)
    key = client.cookies[sessions.COOKIE].value
    assert client.get("/cua-toi/dang-xuat/").status_code == 405
    page = client.post("/cua-toi/dang-xuat/", follow=True).content.decode()
    assert not CitizenSession.objects.exists()
    thief = Client()
    thief.cookies[sessions.COOKIE] = key
    assert "Đăng nhập bằng VNeID" in thief.get("/cua-toi/").content.decode()
    link = page.partition(f'href="{provider.issuer}/logout?')[2].partition('"')[0]
    asked = parse_qs(link.replace("&amp;", "&"))
    assert asked["post_logout_redirect_uri"] == ["http://testserver/cua-toi/"]
    there = provider.answer(
        "GET", f"{provider.issuer}/logout?{link.replace('&amp;', '&')}", {}, b""
    )
    assert urlsplit(there.location).path == "/cua-toi/"


def test_signing_out_needs_the_token_of_the_own_page(enter: Entering) -> None:
    client = Client(enforce_csrf_checks=True)
    enter(client)
    assert client.post("/cua-toi/dang-xuat/").status_code == 403
    assert CitizenSession.objects.exists()


def test_a_new_sign_in_ends_the_one_before(client: Client, enter: Entering) -> None:
    enter(client)
    before = client.cookies[sessions.COOKIE].value
    enter(client, AN)
    assert client.cookies[sessions.COOKIE].value != before
    assert CitizenSession.objects.count() == 1


def test_a_session_ends_without_activity_and_in_any_case_after_two_hours(
    client: Client, enter: Entering, clock: Clock
) -> None:
    def is_in() -> bool:
        return "Đăng xuất" in client.get("/cua-toi/").content.decode()

    enter(client)
    clock.now = MONDAY + timedelta(minutes=16)
    assert not is_in()
    enter(client)
    begun = clock.now
    for minutes in range(14, 120, 14):
        clock.now = begun + timedelta(minutes=minutes)
        assert is_in()
    clock.now = begun + timedelta(minutes=121)
    assert not is_in()


def test_what_is_known_of_a_person_goes_with_the_session(
    client: Client, provider: Identity, enter: Entering, clock: Clock
) -> None:
    enter(client)
    Client().get("/cua-toi/dang-nhap/")
    purge()
    assert (CitizenSession.objects.count(), SignIn.objects.count()) == (1, 1)
    clock.now = MONDAY + timedelta(hours=3)
    purge()
    assert (CitizenSession.objects.count(), SignIn.objects.count()) == (0, 0)


def test_sessions_of_a_provider_that_was_left_open_nothing(
    client: Client, enter: Entering, settings: Any
) -> None:
    enter(client)
    settings.CITIZEN_OIDC_ISSUER = "https://khac.example"
    assert "Đăng nhập bằng VNeID" in client.get("/cua-toi/").content.decode()


def test_the_link_is_shown_where_a_provider_is_connected(client: Client, settings: Any) -> None:
    assert "/cua-toi/" not in client.get("/tra-cuu/").content.decode()
    assert "citizens:mine" not in {one.view for one in shell.links()}
    settings.CITIZEN_OIDC_ISSUER, settings.CITIZEN_OIDC_CLIENT_ID = (
        "https://vneid.example",
        "motcua",
    )
    assert 'href="/cua-toi/"' in client.get("/tra-cuu/").content.decode()


def test_pages_need_no_script_and_keep_the_policy(client: Client, enter: Entering) -> None:
    enter(client)
    answer = client.get("/cua-toi/")
    assert b"<script" not in answer.content
    policy = answer["Content-Security-Policy"]
    assert "form-action 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("odd", ["", "a" * 5000, "' OR 1=1 --", "%00", "http://[x"])
def test_odd_input_gets_a_sentence(client: Client, enter: Entering, odd: str) -> None:
    enter(client)
    own = {"sau": odd, "truoc": odd, "next": odd}
    assert client.get("/cua-toi/", own).status_code in (200, 400)
    assert client.get("/cua-toi/dang-nhap/", own).status_code in (302, 400)
    answer = {"state": odd, "code": odd, "error": odd, "iss": odd}
    assert client.get("/cua-toi/dang-nhap/xong/", answer).status_code == 400
    stranger = Client()
    stranger.cookies[sessions.COOKIE] = stranger.cookies[sessions.BROWSER_COOKIE] = odd
    assert stranger.get("/cua-toi/", own).status_code in (200, 400)
    assert stranger.get("/cua-toi/dang-nhap/xong/", answer).status_code == 400
    assert stranger.post("/cua-toi/dang-xuat/").status_code == 302


def test_the_provider_of_the_demo_knows_owners_of_its_invented_dossiers(
    office: Office, settings: Any
) -> None:
    """Elsewhere it knows nobody who owns anything."""
    receive(office, make_case())
    assert NUMBER not in {one.number for one in people()}
    settings.DEMO = True
    assert people()[0].number == NUMBER
    assert people()[-1].level == "1"


ASKED = urlencode(
    {
        "response_type": "code", "client_id": "motcua", "scope": "openid", "code_challenge_method": "S256",
        "state": "s", "nonce": "n", "redirect_uri": "http://testserver/",
    }
)  # fmt: skip


def choice(identity: Identity) -> str:
    """The page on which somebody chooses who to be."""
    return identity.answer("GET", f"{identity.issuer}/authorize?{ASKED}", {}, b"").body.decode()


def test_whose_filing_came_since_may_be_chosen(
    office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    identity = fake_portal.identity_at("http://127.0.0.1:8099")
    assert "Vũ Thị Mới" not in choice(identity)
    # As many owners of open dossiers as are shown.
    monkeypatch.setattr(whom, "MOST", 1)
    receive(office, make_case())
    assert NUMBER in choice(identity)
    came = {"owner_name": "Vũ Thị Mới", "identity_number": "001187000999"}
    a_filing(office, arrived_at=MONDAY, **came)
    assert "Vũ Thị Mới" in choice(identity)
    # While our database is away it knows whom it knew.
    monkeypatch.setattr(fake_portal, "people", gone)
    monkeypatch.setattr(connection, "close", lambda: None)
    assert "Vũ Thị Mới" in choice(identity)


def gone() -> Any:
    raise OperationalError
