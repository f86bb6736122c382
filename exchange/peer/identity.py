"""An identity provider of our own: OpenID Connect as VNeID and the national portal speak it, with
invented people. For tests, and before one's eyes in the demo; no password is asked.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
from django.template.loader import render_to_string
from joserfc import jwt
from joserfc.jwk import RSAKey

PATH = "/dinh-danh"
_CODE_SECONDS, _TOKEN_SECONDS = 60, 300
JSON, HTML = "application/json", "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Person:
    """`level`: how well the provider knows who this is (IAL); `organisation`: for which one, and its
    number; `kind`: what the provider calls such an account (no public paper says how).
    """

    subject: str
    name: str
    number: str
    level: str = "2"
    organisation: tuple[str, str] | None = None
    kind: str = "CONG_DAN"


class Said(NamedTuple):
    status: int
    kind: str
    body: bytes
    location: str = ""


@dataclass
class Identity:
    """`people`: who may be chosen; `ask`: who may be now, whenever the page of choice is opened. `forge` may
    change the claims, the header and the key of the next token, as a thief would.
    """

    issuer: str
    people: Sequence[Person]
    ask: Callable[[], Sequence[Person]] | None = None
    client_id: str = "motcua"
    client_secret: str = ""
    key: RSAKey = field(default_factory=lambda: _new_key())
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: dict[str, Person] = field(default_factory=dict)
    forge: Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, Any], Any]] | None = None
    # Which claims stand in the ID token; the others are told by userinfo alone.
    in_token: frozenset[str] = frozenset({"IAL", "SoDinhDanh", "HoVaTen"})

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Said:
        """Everything below PATH."""
        parts = urlsplit(target)
        path = parts.path.removeprefix(urlsplit(self.issuer).path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        doors: dict[tuple[str, str], Callable[[], Said]] = {
            ("GET", "/.well-known/openid-configuration"): self._discovery,
            ("GET", "/jwks"): self._keys,
            ("GET", "/authorize"): lambda: self._choose(asked),
            ("GET", "/authorize/chon"): lambda: self._chosen(asked),
            ("POST", "/token"): lambda: self._token(headers, form),
            ("GET", "/userinfo"): lambda: self._userinfo(headers),
            ("GET", "/logout"): lambda: self._out(asked),
        }
        door = doors.get((method, path))
        return door() if door else _json({"error": "not_found"}, 404)

    def _discovery(self) -> Said:
        here = self.issuer
        return _json(
            {
                "issuer": here,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/jwks",
                "userinfo_endpoint": f"{here}/userinfo",
                "end_session_endpoint": f"{here}/logout",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["none", "client_secret_basic"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    def _keys(self) -> Said:
        public = {**self.key.as_dict(private=False), "use": "sig", "alg": "RS256"}
        return _json({"keys": [public]})

    def _choose(self, asked: dict[str, str]) -> Said:
        """The page on which a person would sign in: here the people to choose from."""
        wrong = (
            asked.get("response_type") != "code"
            or asked.get("client_id") != self.client_id
            or asked.get("code_challenge_method") != "S256"
            or "openid" not in asked.get("scope", "").split()
        )
        if wrong or not all(asked.get(one) for one in ("state", "nonce", "redirect_uri")):
            return _json({"error": "invalid_request"}, 400)
        if self.ask is not None:
            self.people = self.ask()
        people = [
            (person, f"{self.issuer}/authorize/chon?{urlencode(asked | {'nguoi': person.subject})}")
            for person in self.people
        ]
        stop = f"{self.issuer}/authorize/chon?{urlencode(asked | {'nguoi': ''})}"
        page = render_to_string("exchange/peer/choose.html", {"people": people, "stop": stop})
        return Said(200, HTML, page.encode())

    def _chosen(self, asked: dict[str, str]) -> Said:
        back = {"state": asked["state"], "iss": self.issuer}
        if asked.get("nguoi"):
            code = secrets.token_urlsafe(24)
            self.codes[code] = asked | {"at": str(time.time())}
            back["code"] = code
        else:
            back["error"] = "access_denied"
        return Said(302, HTML, b"", f"{asked['redirect_uri']}?{urlencode(back)}")

    def _token(self, headers: dict[str, str], form: dict[str, str]) -> Said:
        if not self._is_client(headers, form):
            return _json({"error": "invalid_client"}, 401)
        # A code is good once, whoever brings it.
        given = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        # By the subject: whoever opened the page of choice meanwhile may have been shown others.
        whose = given["nguoi"] if given is not None else ""
        person = next((one for one in self.people if one.subject == whose), None)
        if (
            given is None
            or person is None
            or form.get("grant_type") != "authorization_code"
            or given["code_challenge"] != challenge
            or given["redirect_uri"] != form.get("redirect_uri")
            or time.time() - float(given["at"]) > _CODE_SECONDS
        ):
            return _json({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(24)
        self.access[access] = person
        said = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": _TOKEN_SECONDS,
            "id_token": self._signed(person, given, access),
        }
        return _json(said)

    def _signed(self, person: Person, asked: dict[str, str], access: str) -> str:
        """Signed in as was asked for, by the first of the ways that were named."""
        way = asked.get("acr_values", "").split()
        now = int(time.time())
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": person.subject,
            "iat": now,
            "exp": now + _TOKEN_SECONDS,
            "nonce": asked["nonce"],
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            **{name: value for name, value in _about(person).items() if name in self.in_token},
            **({"acr": way[0]} if way else {}),
        }
        header, key = {"alg": "RS256", "kid": str(self.key.kid)}, self.key
        if self.forge is not None:
            claims, changed, key = self.forge(claims)
            if changed.get("alg") == "none":
                return _unsigned(changed, claims)
            header |= changed
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])

    def _userinfo(self, headers: dict[str, str]) -> Said:
        bearer = headers.get("Authorization", "").removeprefix("Bearer ")
        person = self.access.get(bearer)
        if person is None:
            return _json({"error": "invalid_token"}, 401)
        return _json({"sub": person.subject, **_about(person)})

    def _out(self, asked: dict[str, str]) -> Said:
        after = asked.get("post_logout_redirect_uri", "")
        if not after or asked.get("client_id") != self.client_id:
            return _json({"error": "invalid_request"}, 400)
        return Said(302, HTML, b"", after)

    def _is_client(self, headers: dict[str, str], form: dict[str, str]) -> bool:
        if not self.client_secret:
            return form.get("client_id") == self.client_id
        pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        return secrets.compare_digest(headers.get("Authorization", ""), f"Basic {pair}")


def _about(person: Person) -> dict[str, str]:
    said = {
        "IAL": person.level,
        "LoaiTaiKhoan": person.kind,
        "SoDinhDanh": person.number,
        "HoVaTen": person.name,
    }
    if person.organisation is not None:
        said["TenDoanhNghiep"], said["MaSoDoanhNghiep"] = person.organisation
    return said


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})


def _json(said: dict[str, Any], status: int = 200) -> Said:
    return Said(status, JSON, orjson.dumps(said))


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = (
        base64.urlsafe_b64encode(orjson.dumps(one)).rstrip(b"=").decode()
        for one in (header, claims)
    )
    return ".".join((*parts, ""))
