"""A provider of electronic receipts on a port of this machine, which plays what it is told: `ok`,
`stored` (keeps the receipt, then hangs up), `broken` (500), `refuse` (422), `nonsense`, `cut` (500,
whose body breaks off), `nested` (JSON that nobody can read), `nul` (a number with signs that no
database takes), `long` (one of too many signs), `empty` (204).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKEN = "khoa-thu"
PLAYED: dict[str, tuple[int, bytes]] = {
    "broken": (500, b"<html>"),
    "nonsense": (200, b"<html>"),
    "refuse": (422, json.dumps({"message": "Sai mã số thuế"}).encode()),
    "nested": (200, b"[" * 60_000),
    "nul": (201, json.dumps({"number": "90\0" + "77"}).encode()),
    "long": (201, json.dumps({"number": "9" * 41}).encode()),
    "empty": (204, b""),
}


class Recorded:
    """What it keeps: its number by our key, what was voided, every letter as it came."""

    def __init__(self) -> None:
        self.play: list[str] = []
        self.numbers: dict[str, int] = {}
        self.voided: list[str] = []
        self.adjusted: dict[str, dict[str, Any]] = {}
        self.letters: list[dict[str, Any]] = []
        self.url = ""

    def issue(self, key: str) -> dict[str, str]:
        number = self.numbers.setdefault(key, len(self.numbers) + 9001)
        return {
            "number": str(number), "link": f"https://bien-lai.example/{number}", "lookup_code": f"TC{number}",
        }  # fmt: skip


def _handler(kept: Recorded) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self.say(401, {"message": "sai khóa"})
                return
            play = kept.play.pop(0) if kept.play else "ok"
            if play in PLAYED:
                self.send(*PLAYED[play])
                return
            if play == "cut":
                self.send(500, b"", length=100)
                self.close_connection = True
                return
            if self.path.endswith("/void"):
                key = self.path.split("/")[-2]
                kept.voided.append(key)
                self.say(200, {"number": str(kept.numbers[key])})
                return
            if self.path.endswith("/adjust"):
                key = self.headers["Idempotency-Key"]
                is_known = key in kept.adjusted
                kept.adjusted[key] = said | {"of": kept.numbers[self.path.split("/")[-2]]}
                if play == "stored":
                    self.close_connection = True
                    return
                self.say(409 if is_known else 200, {})
                return
            kept.letters.append(said)
            is_known = said["key"] in kept.numbers
            found = kept.issue(said["key"])
            if play == "stored":
                self.close_connection = True
                return
            self.say(409 if is_known else 201, found)

        def say(self, status: int, told: dict[str, Any]) -> None:
            self.send(status, json.dumps(told).encode())

        def send(self, status: int, body: bytes, length: int | None = None) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # nobody waits any more

        def log_message(self, *args: Any) -> None:
            """Silent."""

    return Handler


@contextmanager
def a_provider() -> Iterator[Recorded]:
    kept = Recorded()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(kept)) as server:
        kept.url = f"http://127.0.0.1:{server.server_port}/api"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()
