"""Signing in with an electronic identity: one good way, and every forged answer refused."""

from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from django.test import Client
from joserfc.jwk import OctKey, RSAKey

from citizens import provider as provider_of
from citizens import sessions
from citizens.apps import check_kinds
from citizens.models import Citizen, CitizenSession, SignIn
from citizens.provider import MOST_BYTES, Away, Provider, _get, exchanged
from citizens.views.sign_in import SIGN_INS
from exchange.peer.identity import Identity, Person
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.errors import DomainError
from tests.citizens.conftest import AN, COMPANY, FOR_COMPANY, LOW, NUMBER, Entering, chosen
from tests.clock import MONDAY, Clock
from tests.exchange.hostile import ODD, hostile
from tests.exchange.running import running

pytestmark = pytest.mark.django_db
BACK = "/cua-toi/dang-nhap/xong/"
Forge = Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, Any], Any]]


def is_in(client: Client) -> bool:
    return sessions.COOKIE in client.cookies and bool(client.cookies[sessions.COOKIE].value)


def test_a_citizen_is_led_to_the_provider_and_back_to_the_list(
    client: Client, provider: Identity, enter: Entering
) -> None:
    sent = client.get("/cua-toi/dang-nhap/")
    asked = {name: value[0] for name, value in parse_qs(urlsplit(sent["Location"]).query).items()}
    assert sent["Location"].startswith(f"{provider.issuer}/authorize?")
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    assert asked["code_challenge_method"] == "S256"
    assert all(len(asked[name]) >= 40 for name in ("state", "nonce", "code_challenge"))
    answer = enter(client)
    assert (answer.status_code, answer["Location"]) == (302, "/cua-toi/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert f"số định danh {NUMBER}" in client.get("/cua-toi/").content.decode()
    assert AccessEvent.objects.get().kind == AccessKind.CITIZEN_LOGIN


def test_the_cookie_is_read_by_no_script_and_sent_to_no_other_page(
    client: Client, enter: Entering, settings: Any
) -> None:
    settings.HTTPS = True
    enter(client)
    cookie = client.cookies[sessions.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/cua-toi/", True, "Lax")
    assert cookie["secure"]
    # Who reads the table can use none of them.
    assert not CitizenSession.objects.filter(key=cookie.value).exists()


def test_issuer_and_subject_say_who_it_is(
    provider: Identity, enter: Entering, settings: Any
) -> None:
    """Not the name, not the number: one citizen for two names, two for one name."""
    for people in (
        [Person("a", "Mai", NUMBER)],
        [Person("a", "Mai Anh", NUMBER)],
        [Person("b", "Mai", NUMBER)],
    ):
        provider.people = people
        enter(Client(), 0)
    assert [one.subject for one in Citizen.objects.order_by("id")] == ["a", "b"]


def test_what_the_token_does_not_say_the_provider_is_asked_for(
    client: Client, provider: Identity, enter: Entering
) -> None:
    provider.in_token = frozenset({"HoVaTen"})
    assert enter(client).status_code == 302


def _change(**claims: Any) -> Forge:
    return lambda given: ({**given, **claims}, {}, KEYS["own"])


def _drop(name: str) -> Forge:
    return lambda given: ({k: v for k, v in given.items() if k != name}, {}, KEYS["own"])


def _header(key: str, **header: Any) -> Forge:
    return lambda given: (given, header, KEYS[key])


KEYS: dict[str, Any] = {}
NOW = int(MONDAY.timestamp())
FORGED: dict[str, Forge] = {
    "signed by nobody": _header("own", alg="none"),
    "signed by another key of the same name": _header("other"),
    "signed by a key the provider does not have": _header("other", kid="k2"),
    "signed with the public key as a secret": _header("public", alg="HS256"),
    "an algorithm that is not on the list": _header("own", alg="RS384"),
    "of another issuer": _change(iss="https://khac.example"),
    "of no issuer": _drop("iss"),
    "for somebody else": _change(aud="khac"),
    "for us and somebody else without saying for whom": _change(aud=["motcua", "khac"]),
    "for us, made for somebody else": _change(aud=["motcua", "khac"], azp="khac"),
    "for nobody": _drop("aud"),
    "in answer to another question": _change(nonce="x" * 43),
    "in answer to no question": _drop("nonce"),
    "over": _change(exp=NOW - 31),
    "without an end": _drop("exp"),
    "never over": _change(exp=float("nan")),
    "of the future": _change(iat=NOW + 3600),
    "about nobody": _change(sub=""),
    "without a subject": _drop("sub"),
    "of another access token": _change(at_hash="AAAA"),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_signs_nobody_in(
    client: Client, provider: Identity, other_key: RSAKey, enter: Entering, how: str
) -> None:
    public = OctKey.import_key({"kty": "oct", "k": provider.key.as_dict(private=False)["n"]})
    KEYS.update(own=provider.key, other=other_key, public=public)
    provider.forge = FORGED[how]
    answer = enter(client)
    assert answer.status_code == 400, how
    assert "Không xác nhận được câu trả lời của hệ thống định danh" in answer.content.decode()
    assert not is_in(client)
    assert not CitizenSession.objects.exists()
    assert not Citizen.objects.exists()
    told = AccessEvent.objects.get()
    assert (told.kind, told.detail) == (AccessKind.CITIZEN_REFUSED, "citizen_token")


def test_a_token_of_a_key_that_is_new_at_the_provider_is_believed(
    provider: Identity, enter: Entering
) -> None:
    enter(Client())
    provider.key = RSAKey.generate_key(2048, {"kid": "k2"})
    assert enter(Client()).status_code == 302


def test_userinfo_of_somebody_else_signs_nobody_in(
    client: Client, provider: Identity, enter: Entering
) -> None:
    provider.in_token = frozenset()
    provider.forge = lambda given: ({**given, "sub": "somebody else"}, {}, provider.key)
    assert enter(client).status_code == 400
    assert not is_in(client)


def test_an_answer_is_good_once(client: Client, provider: Identity) -> None:
    sent = client.get("/cua-toi/dang-nhap/")
    browser = client.cookies[sessions.BROWSER_COOKIE].value
    answer = chosen(provider, sent["Location"], AN)
    assert client.get(answer).status_code == 302
    again = Client()
    again.cookies[sessions.BROWSER_COOKIE] = browser
    replayed = again.get(answer)
    assert replayed.status_code == 400
    assert "đã hết hạn, đã dùng rồi" in replayed.content.decode()
    assert not is_in(again)


def test_a_code_is_good_once(client: Client, provider: Identity) -> None:
    """Also in an answer to another question of ours."""
    first = chosen(provider, client.get("/cua-toi/dang-nhap/")["Location"], AN)
    code = parse_qs(urlsplit(first).query)["code"][0]
    second = client.get("/cua-toi/dang-nhap/")["Location"]
    state = parse_qs(urlsplit(second).query)["state"][0]
    stolen = {"code": code, "state": state, "iss": provider.issuer}
    # Not even the first time: the verifier belongs to the other question.
    assert client.get(BACK, stolen).status_code == 400
    assert code not in provider.codes
    assert not is_in(client)


def test_an_answer_counts_only_in_the_browser_that_asked(
    client: Client, provider: Identity
) -> None:
    """Nobody is signed in as somebody else by a link."""
    answer = chosen(provider, client.get("/cua-toi/dang-nhap/")["Location"], AN)
    for victim in (Client(), Client()):
        victim.get("/cua-toi/dang-nhap/")
        assert victim.get(answer).status_code == 400
        assert not is_in(victim)
    assert Client().get(answer).status_code == 400


def test_an_answer_that_comes_too_late_or_from_another_provider(
    client: Client, provider: Identity, clock: Clock
) -> None:
    late = chosen(provider, client.get("/cua-toi/dang-nhap/")["Location"], AN)
    clock.now = MONDAY + timedelta(minutes=11)
    assert client.get(late).status_code == 400
    mixed = chosen(provider, client.get("/cua-toi/dang-nhap/")["Location"], AN)
    for issuer in ("&iss=https%3A%2F%2Fkhac.example", ""):
        assert client.get(mixed.partition("&iss=")[0] + issuer).status_code == 400
        mixed = chosen(provider, client.get("/cua-toi/dang-nhap/")["Location"], AN)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("person", "status", "said"),
    [
        (None, 400, "đã dừng đăng nhập"),
        (LOW, 403, "chưa đủ mức độ xác thực: cần mức 2"),
        (FOR_COMPANY, 403, "Đây là tài khoản của tổ chức, doanh nghiệp"),
        (COMPANY, 403, "không cho biết số định danh cá nhân 12 số"),
    ],
)
def test_who_is_not_signed_in_is_told_why_and_what_to_do(
    client: Client, enter: Entering, person: int | None, status: int, said: str
) -> None:
    answer = enter(client, person)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert "Đăng nhập lại" in answer.content.decode()
    assert not is_in(client)
    assert not CitizenSession.objects.exists()


@pytest.mark.parametrize("level", ["", "0", "1", "IAL1", "20", "cao", "https://mức/2"])
def test_a_level_that_is_too_low_or_cannot_be_read_is_none(
    client: Client, provider: Identity, enter: Entering, level: str
) -> None:
    provider.people = [Person("a", "Mai", NUMBER, level)]
    assert enter(client, 0).status_code == 403
    assert not is_in(client)


def test_where_kinds_of_accounts_are_named_only_a_citizens_signs_in(
    provider: Identity, enter: Entering
) -> None:
    """Known-bugs 59f: the word for it stands in the token or is asked for; none is no citizen's."""
    provider.people = [
        Person("a", "Mai", NUMBER),
        Person("b", "Mai", NUMBER, kind="DOANH_NGHIEP"),
        Person("c", "Mai", NUMBER, kind=""),
    ]
    assert [enter(Client(), person).status_code for person in range(3)] == [302, 403, 403]
    assert CitizenSession.objects.count() == 1


@pytest.mark.parametrize("kind", ["TO_CHUC", "CONG_DAN"])
def test_where_no_kind_is_named_whoever_has_one_is_refused(
    client: Client, provider: Identity, enter: Entering, settings: Any, kind: str
) -> None:
    """Nobody guesses which word is a citizen's."""
    settings.CITIZEN_OIDC_KINDS = []
    provider.people = [Person("a", "Mai", NUMBER, kind=kind)]
    answer = enter(client, 0)
    assert answer.status_code == 403
    assert "Chưa xác định được đây có phải tài khoản của công dân không" in answer.content.decode()
    assert not is_in(client)
    assert AccessEvent.objects.get().detail == "citizen_kind"


def test_where_no_kind_is_named_nor_said_the_number_says_that_it_is_a_citizen(
    client: Client, provider: Identity, enter: Entering, settings: Any
) -> None:
    settings.CITIZEN_OIDC_KINDS = []
    provider.people = [Person("a", "Mai", NUMBER, kind="")]
    assert enter(client, 0).status_code == 302


def test_kinds_that_are_not_named_are_told_when_the_program_starts(
    provider: Identity, settings: Any
) -> None:
    assert check_kinds(None) == []
    settings.CITIZEN_OIDC_KINDS = []
    (warning,) = check_kinds(None)
    assert (warning.id, "LoaiTaiKhoan" in warning.msg) == ("citizens.W001", True)
    settings.CITIZEN_OIDC_KIND_CLAIM = ""
    assert check_kinds(None) == []
    settings.CITIZEN_OIDC_KIND_CLAIM, settings.CITIZEN_OIDC_ISSUER = "LoaiTaiKhoan", ""
    assert check_kinds(None) == []


def test_a_way_of_signing_in_that_is_asked_for_is_one_of_the_tokens(
    client: Client, provider: Identity, enter: Entering, settings: Any
) -> None:
    settings.CITIZEN_OIDC_ACR = "LoA2 LoA3"
    sent = client.get("/cua-toi/dang-nhap/")
    assert parse_qs(urlsplit(sent["Location"]).query)["acr_values"] == ["LoA2 LoA3"]
    assert enter(client).status_code == 302
    provider.forge = lambda given: ({**given, "acr": "LoA3"}, {}, provider.key)
    assert enter(client).status_code == 302


@pytest.mark.parametrize("given", [None, "", "LoA1", "LoA2 LoA3", ["LoA2"]])
def test_a_way_of_signing_in_that_is_missing_or_another_is_refused(
    client: Client, provider: Identity, enter: Entering, settings: Any, given: Any
) -> None:
    """Known-bugs 59h: taken out of the address, or answered with less."""
    settings.CITIZEN_OIDC_ACR = "LoA2 LoA3"
    provider.forge = lambda claims: (
        {name: value for name, value in claims.items() if name != "acr"}
        | ({} if given is None else {"acr": given}),
        {},
        provider.key,
    )
    answer = enter(client)
    assert answer.status_code == 403
    assert "chưa xác nhận Ông/Bà theo cách mà trang này yêu cầu" in answer.content.decode()
    assert not is_in(client)
    assert not Citizen.objects.exists()
    assert AccessEvent.objects.get().detail == "citizen_acr"


@pytest.mark.parametrize("level", ["2", "3", "IAL2", "loa 3"])
def test_a_level_is_read_as_providers_write_it(
    client: Client, provider: Identity, enter: Entering, level: str
) -> None:
    provider.people = [Person("a", "Mai", NUMBER, level)]
    assert enter(client, 0).status_code == 302


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("/cua-toi/ho-so/H99-1/", "/cua-toi/ho-so/H99-1/"),
        ("https://khac.example/cua-toi/", "/cua-toi/"),
        ("//khac.example/cua-toi/", "/cua-toi/"),
        ("/\\khac.example", "/cua-toi/"),
        ("/ho-so/", "/cua-toi/"),
        ("javascript:alert(1)", "/cua-toi/"),
        ("/cua-toi/" + "x" * 400, "/cua-toi/"),
    ],
)
def test_a_sign_in_leads_to_the_own_pages_alone(
    client: Client, enter: Entering, asked: str, opened: str
) -> None:
    assert enter(client, AN, asked)["Location"] == opened


def test_a_provider_that_is_away_or_says_it_is_another_is_told(
    client: Client, provider: Identity, settings: Any
) -> None:
    settings.CITIZEN_OIDC_ISSUER = provider.issuer.replace("/dinh-danh", "/khac")
    away = client.get("/cua-toi/dang-nhap/")
    assert away.status_code == 503
    assert "tạm thời không trả lời" in away.content.decode()
    settings.CITIZEN_OIDC_ISSUER = "http://motcua.invalid"
    assert client.get("/cua-toi/dang-nhap/").status_code == 503
    assert not SignIn.objects.exists()


def test_sign_ins_are_counted_by_address(client: Client, provider: Identity) -> None:
    answers = [client.get("/cua-toi/dang-nhap/") for _ in range(SIGN_INS.times + 1)]
    assert [one.status_code for one in answers] == [302] * SIGN_INS.times + [429]
    assert answers[-1]["Retry-After"] == "60"
    assert SignIn.objects.count() == SIGN_INS.times


def test_who_has_proved_himself_does_not_wait_for_others_at_the_same_address(
    client: Client, provider: Identity
) -> None:
    answer = chosen(provider, client.get("/cua-toi/dang-nhap/")["Location"], AN)
    for _ in range(SIGN_INS.times):
        Client().get("/cua-toi/dang-nhap/")
    # Nor does a program that only looks whether the page is there use the answer up.
    assert client.head(answer).status_code == 405
    assert client.get(answer).status_code == 302
    assert is_in(client)


class _InChunks(BaseHTTPRequestHandler):
    """Answers everything with these chunks."""

    protocol_version = "HTTP/1.1"
    chunks: ClassVar[list[bytes]] = []

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for one in (*self.chunks, b""):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(one), one))

    def log_message(self, *_: Any) -> None:
        pass


def test_a_provider_may_answer_in_chunks_up_to_a_limit() -> None:
    """The client library hands on one chunk at a time, whatever size is asked for."""
    whole = orjson.dumps({"issuer": "x" * 9000})
    half = len(whole) // 2
    server = ThreadingHTTPServer(("127.0.0.1", 0), _InChunks)
    address = f"http://127.0.0.1:{server.server_port}/"
    with running(server):
        _InChunks.chunks = [whole[:half], whole[half:]]
        assert _get(address) == orjson.loads(whole)
        _InChunks.chunks = [b" " * 64 * 1024] * (MOST_BYTES // 64 // 1024) + [b"{}"]
        with pytest.raises(Away):
            _get(address)


def test_a_hostile_provider_is_away_within_its_time(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what it tells and of the tokens it gives."""
    settings.CITIZEN_OIDC_CLIENT_ID = "motcua"
    with hostile() as server:
        for what, why in ODD.items():
            monkeypatch.setattr(provider_of, "SECONDS", 0.3 if why == "too slow" else 20.0)
            address = f"{server.url}/{what}"
            with pytest.raises(Away) as away:
                _get(address)
            assert why in away.value.why
            doors = Provider(server.url, address, address, address, "", "", "none", False)
            # Away, or no token in what it says; never a fault of ours.
            with pytest.raises(DomainError):
                exchanged(doors, "http://testserver/", "ma", "v" * 43)
        assert "/json" not in server.asked
