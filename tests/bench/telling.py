"""How fast what waits for another system goes there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from dossiers.ledger.outward import TOPIC
from dossiers.models import Dossier
from exchange.outbox import sending
from exchange.peer.http import Server
from exchange.peer.serving import Recorded
from onestop.outbox.models import Fact
from onestop.rows import as_written
from tests.bench.timing import busy

SENDERS, CORES = 2, 2


class _Timed(Recorded):
    """When the first and the last request came."""

    first: float = 0.0
    last: float = 0.0

    def answer(self, path: str, headers: Any, body: Any) -> Any:
        now = time.monotonic()
        self.first, self.last = self.first or now, now
        return super().answer(path, headers, body)


def pushing(count: int) -> dict[str, float]:
    """So many dossiers, each told with its step, by two senders at once over HTTP to a recorded peer.

    `a_second`: by the clock, from the first request to the last. `on_two_cores`: by the CPU that the
    senders, PostgreSQL for them and the peer took, were two cores free for it.
    """
    rows = list(Dossier.objects.filter(state__in=range(2, 11)).order_by("-pk")[:count])
    now = timezone.now()
    Fact.objects.bulk_create([Fact(topic=TOPIC, key=one.code, payload=_told(one), created_at=now) for one in rows])  # fmt: skip
    peer = _Timed()
    server = Server(peer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "peers.json")
        one = {"code": "thu", "name": "Cổng thử", "profile": "B", "url": server.url, "unit": "H99"}
        listed.write_text(json.dumps([one | {"secret_env": "EXCHANGE_SECRET"}]))
        env = {**os.environ, "EXCHANGE_PEERS": str(listed), "EXCHANGE_SECRET": "x"}
        code = "import django; django.setup(); from tests.bench.telling import a_sender; a_sender()"
        senders = [
            subprocess.Popen(
                [sys.executable, "-c", code],
                env=env,
                cwd=settings.BASE_DIR,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for _ in range(SENDERS)
        ]
        # Both are there before either begins: how long a process takes to start is nobody's speed.
        for sender in senders:
            assert sender.stdout is not None
            sender.stdout.readline()
        before = time.process_time()
        for sender in senders:
            assert sender.stdin is not None
            sender.stdin.write("\n")
            sender.stdin.flush()
        took = sum(float(sender.communicate()[0]) for sender in senders)
        took += time.process_time() - before
    server.shutdown()
    server.server_close()
    there = len(peer.store.dossiers)
    seconds = peer.last - peer.first
    return {
        "there": there,
        "of": len(rows),
        "seconds": seconds,
        "a_second": there / seconds,
        "on_two_cores": CORES * there / took,
    }


def a_sender() -> None:
    """In a process of its own: says that it is there, begins when it is told to, and ends with the
    CPU it took once nothing is due any more: sent, or refused and due later, or stopped for good.
    """
    busy()
    print("đó", flush=True)
    sys.stdin.readline()
    before = busy()
    while True:
        told = sending.send_all(timezone.now)
        if not told.sent:
            break
    print(busy() - before)


def _told(dossier: Dossier) -> dict[str, Any]:
    return {
        "dossier": dossier.pk,
        "seq": 1,
        "kind": "receive",
        "at": as_written(dossier.received_at),
        "state": int(dossier.state),
        "due": as_written(dossier.due_at),
        "ended": as_written(dossier.ended_at),
        "officer": None,
        "department": None,
        "agency": dossier.agency_id,
        "channel": int(dossier.channel),
    }
