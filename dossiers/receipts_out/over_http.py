"""A provider that speaks JSON over HTTP: POST <address>/receipts and <address>/receipts/<key>/void,
with a bearer token. 200 and 201: issued; 409: it had this key already, and says its number again;
400, 404, 422: refused; anything else, or no answer in time: asked again.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from dossiers.receipts_out.port import Away, Issued, Letter, Refused

MOST_ANSWER = 64 * 1024
_REFUSALS = frozenset({400, 404, 422})
_EXISTS = 409


class _Stay(HTTPRedirectHandler):
    """The token goes to nobody else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class HttpProvider:
    def __init__(self, url: str, token: str, seconds: float) -> None:
        self.url, self.token, self.seconds = url.rstrip("/"), token, seconds

    def issue(self, letter: Letter) -> Issued:
        said = asdict(letter) | {"taken_at": letter.taken_at.isoformat()}
        told = self._post("/receipts", said, key=letter.key)
        number = str(told.get("number") or "").strip()
        if not number:
            raise Away("câu trả lời không có số biên lai")
        link = str(told.get("link") or "").strip()
        is_safe = link.startswith(("https://", "http://")) and len(link) <= 300
        return Issued(number[:40], link if is_safe else "", str(told.get("lookup_code") or "")[:60])

    def void(self, key: str, reason: str) -> None:
        self._post(f"/receipts/{key}/void", {"reason": reason}, key=f"{key}-void")

    def _post(self, path: str, said: dict[str, Any], *, key: str) -> dict[str, Any]:
        request = Request(  # noqa: S310 - the address is the administrator's, http or https
            f"{self.url}{path}",
            data=json.dumps(said, ensure_ascii=False).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.token}",
                "Idempotency-Key": key,
            },
            method="POST",
        )
        try:
            with build_opener(_Stay).open(request, timeout=self.seconds) as answer:
                return _read(answer.read(MOST_ANSWER))
        except HTTPError as error:
            body = error.read(MOST_ANSWER)
            if error.code == _EXISTS:
                return _read(body)
            if error.code in _REFUSALS:
                raise Refused(_words(body) or f"mã {error.code}") from error
            raise Away(f"mã {error.code}") from error
        except (OSError, HTTPException) as error:
            raise Away(type(error).__name__) from error


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError as error:
        raise Away("câu trả lời không đọc được") from error
    if not isinstance(told, dict):
        raise Away("câu trả lời không đọc được")
    return told


def _words(body: bytes) -> str:
    try:
        return str(_read(body).get("message") or "")
    except Away:
        return ""


def by_settings() -> HttpProvider:
    return HttpProvider(
        settings.E_RECEIPT_URL, settings.E_RECEIPT_TOKEN, settings.E_RECEIPT_SECONDS
    )
