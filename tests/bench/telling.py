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
from exchange.peer.http import Server
from exchange.peer.serving import Recorded
from onestop.outbox.models import Fact
from onestop.rows import as_written

SENDERS = 2


class _Timed(Recorded):
    """When the first and the last request came."""

    first: float = 0.0
    last: float = 0.0

    def answer(self, path: str, headers: Any, body: Any) -> Any:
        now = time.monotonic()
        self.first, self.last = self.first or now, now
        return super().answer(path, headers, body)


def pushing(count: int) -> dict[str, float]:
    """So many dossiers, each told with its step, by two senders at once over HTTP to a recorded peer;
    from the first request to the last.
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
        while True:
            before = peer.last
            command = [sys.executable, "manage.py", "send_outbox"]
            senders = [
                subprocess.Popen(command, env=env, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)
                for _ in range(SENDERS)
            ]
            codes = {sender.wait() for sender in senders}
            # Nothing is due any more: sent, or refused and due later, or stopped for good.
            if codes != {0} or peer.last == before:
                break
    server.shutdown()
    server.server_close()
    there = len(peer.store.dossiers)
    seconds = peer.last - peer.first
    return {"there": there, "of": len(rows), "seconds": seconds, "a_second": there / seconds}


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
