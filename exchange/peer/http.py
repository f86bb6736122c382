"""The recorded peer over HTTP: a real server on this machine, for the demo and for trying how an
installation takes what a portal does to it.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from django.template.loader import render_to_string
from django.utils import timezone

from exchange.peer import paying, plays, reporting
from exchange.peer.identity import PATH, Identity
from exchange.peer.serving import Lost, Recorded, ServerError

# What it holds, for whoever compares.
HOLDS = "/giu/"
MOST_BYTES = 16 * 1024 * 1024
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Server(ThreadingHTTPServer):
    """`slow`: how many seconds a slow answer takes; `confirms`: the door that is told of payments,
    `word`: what else it asks to be signed with; `pays`: what becomes of payments, one after the other;
    `above`: how many dossiers more stand in its report than it was told of.
    """

    daemon_threads = True

    def __init__(
        self,
        peer: Recorded,
        *,
        port: int = 0,
        slow: float = 30.0,
        confirms: str = "",
        word: str = "",
        pays: Sequence[str] = ("pay_twice",),
        above: int = 0,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.peer, self.slow, self.confirms, self.word = peer, slow, confirms, word
        self.pays, self.above = itertools.cycle(pays), above
        self.chance = random.Random(peer.seed)
        if peer.platform is not None:
            peer.platform.url = self.url
        self.lock = threading.Lock()
        # Where citizens sign in, if anybody does.
        self.identity: Identity | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def held(self, code: str) -> str:
        """The state of a dossier, or of the filing that it is as yet; "" of what it was told nothing of."""
        with self.lock:
            store = self.peer.store
            known = store.dossiers.get(code)
            return str(known["TrangThaiHoSo"]) if known else store.statuses.get(code, "")

    def pay(self, platform: paying.Platform, reference: str) -> None:
        """Whoever pressed the button has paid, or tried to; the door is told, or not, as real ones do."""
        with self.lock:
            play = paying.PAYS[next(self.pays)]
            tells = play(platform, reference, timezone.localtime(), self.chance)
        if self.confirms:
            tells.send(self.confirms, self.word)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: who asked may be gone when a slow answer comes."""

    def answer(self, path: str, headers: dict[str, str], body: Any) -> Any:
        """One request at a time is served; a slow answer holds up no other."""
        with self.lock:
            said = self.peer.answer(path, headers, body)
            is_slow = self.peer.is_slow()
        if is_slow:
            time.sleep(self.slow)
        return said


class _Handler(BaseHTTPRequestHandler):
    server: Server
    # Connections stay open, as those of real peers do.
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BYTES:
            self._say(413, {"error_code": -3, "message": "Quá lớn"})
            return
        if self._is_of_identity(length):
            return
        if self.path.startswith(paying.PAGE):
            self.rfile.read(length)
            self._pay()
            return
        try:
            body = orjson.loads(self.rfile.read(length))
            self._say(200, self.server.answer(self.path, dict(self.headers), body))
        except orjson.JSONDecodeError:
            self._say(400, {"error_code": -3, "message": "Không phải JSON"})
        except ServerError:
            self._say(500, {})
        except Lost:
            self.close_connection = True

    def _pay(self) -> None:
        reference = self.path.removeprefix(paying.PAGE)
        platform = self.server.peer.platform
        if platform is None or reference not in platform.requests:
            self._say(404, {})
            return
        self.server.pay(platform, reference)
        self._show(reference, is_paid=reference in platform.paid)

    def _show(self, reference: str, *, is_paid: bool) -> None:
        platform = self.server.peer.platform
        asked = platform.requests.get(reference) if platform is not None else None
        if asked is None:
            self._say(404, {})
            return
        about = {"asked": asked, "reference": reference, "is_paid": is_paid}
        text = render_to_string("exchange/fake_payment.html", about).encode()
        self._give(200, "text/html; charset=utf-8", text)

    def do_GET(self) -> None:
        if self._is_of_identity():
            return
        if self.path.startswith(paying.PAGE):
            self._show(self.path.removeprefix(paying.PAGE), is_paid=False)
            return
        if self.path.startswith(plays.FILES):
            content = plays.content_at(self.path)
            self._give(200 if content else 410, "application/pdf", content or b"")
            return
        if self.path == reporting.ADDRESS:
            self._give(200, SHEET, self._report())
            return
        if self.path != HOLDS:
            self._say(404, {})
            return
        with self.server.lock:
            store = self.server.peer.store
            self._say(
                200,
                {
                    "dossiers": store.dossiers,
                    "steps": store.steps,
                    "statuses": store.statuses,
                    "results": store.results.rows,
                },
            )

    def _report(self) -> bytes:
        with self.server.lock:
            dossiers = list(self.server.peer.store.dossiers.values())
            return reporting.report(dossiers, above=self.server.above)

    def _is_of_identity(self, length: int = 0) -> bool:
        """Whether the identity provider was asked; answered then."""
        identity = self.server.identity
        if identity is None or not self.path.startswith(f"{PATH}/"):
            return False
        with self.server.lock:
            said = identity.answer(
                self.command, self.path, dict(self.headers), self.rfile.read(length)
            )
        self.send_response(said.status)
        self.send_header("Content-Type", said.kind)
        self.send_header("Content-Length", str(len(said.body)))
        if said.location:
            self.send_header("Location", said.location)
        self.end_headers()
        self.wfile.write(said.body)
        return True

    def _say(self, status: int, said: Any) -> None:
        self._give(status, "application/json", orjson.dumps(said))

    def _give(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if kind == SHEET:
            self.send_header("Content-Disposition", f'attachment; filename="{reporting.NAME}"')
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what is sent here names people."""
