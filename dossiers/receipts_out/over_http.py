"""A provider that speaks JSON over HTTP: POST <address>/receipts, <address>/receipts/<key>/void and
<address>/receipts/<key>/adjust, with a bearer token. 200 and 201: done; 409: it had this key already,
and says its number again; 400, 404, 422: refused; anything else, or no answer in time: asked again.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings

from dossiers.models.electronic import MOST_CODE, MOST_LINK, MOST_NUMBER
from dossiers.receipts_out.port import Adjustment, Away, Issued, Letter, Refused
from onestop.calling import NoAnswer, call
from onestop.texts import web_address

MOST_ANSWER = 64 * 1024
_REFUSALS = frozenset({400, 404, 422})
_EXISTS = 409


class HttpProvider:
    def __init__(self, url: str, token: str, seconds: float) -> None:
        self.url, self.token, self.seconds = url.rstrip("/"), token, seconds

    def issue(self, letter: Letter) -> Issued:
        said = asdict(letter) | {"taken_at": letter.taken_at.isoformat()}
        told = self._post("/receipts", said, key=letter.key)
        number = _plain(told.get("number"))
        if not number or len(number) > MOST_NUMBER:
            raise Away("câu trả lời không có số biên lai đọc được")
        link, code = web_address(_plain(told.get("link"))), _plain(told.get("lookup_code"))
        return Issued(
            number, link if len(link) <= MOST_LINK else "", code if len(code) <= MOST_CODE else ""
        )

    def void(self, key: str, reason: str) -> None:
        path = f"/receipts/{key}/void"
        self._post(path, {"reason": reason}, key=f"{key}-void", is_read=False)

    def adjust(self, key: str, adjustment: Adjustment) -> None:
        said = asdict(adjustment) | {"paid_back_at": adjustment.paid_back_at.isoformat()}
        self._post(f"/receipts/{key}/adjust", said, key=adjustment.key, is_read=False)

    def _post(
        self, path: str, said: dict[str, Any], *, key: str, is_read: bool = True
    ) -> dict[str, Any]:
        """The answer; {} where nothing is read of it. Errors: Refused, Away."""
        code, body = self._asked(path, said, key)
        if 200 <= code < 300 or code == _EXISTS:
            return _read(body) if is_read else {}
        if code in _REFUSALS:
            raise Refused(_words(body) or f"mã {code}")
        raise Away(f"mã {code}")

    def _asked(self, path: str, said: dict[str, Any], key: str) -> tuple[int, bytes]:
        """Errors: Away. The token goes to nobody else: no redirect is followed."""
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key,
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        try:
            reply = call(
                "POST",
                f"{self.url}{path}",
                seconds=self.seconds,
                most=MOST_ANSWER,
                headers=headers,
                body=body,
                patience=self.seconds,
            )
        except NoAnswer as error:
            if error.is_large:
                return error.status, b""  # what it says is not read
            raise Away(str(error)) from error
        return reply.status, reply.body


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Away("câu trả lời không đọc được") from error
    if not isinstance(told, dict):
        raise Away("câu trả lời không đọc được")
    return told


def _words(body: bytes) -> str:
    try:
        return _plain(_read(body).get("message"))
    except Away:
        return ""


def _plain(told: object) -> str:
    """As it can be kept: without NUL and halves of characters, which no database takes."""
    return "".join(sign for sign in str(told or "") if sign.isprintable()).strip()


def by_settings() -> HttpProvider:
    return HttpProvider(
        settings.E_RECEIPT_URL, settings.E_RECEIPT_TOKEN, settings.E_RECEIPT_SECONDS
    )
