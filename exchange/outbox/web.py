"""The one way out: a POST of JSON over TLS with checked certificates, within limits of time and
size, without redirects and without repeating anything by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import orjson
import urllib3

from exchange.outbox.peers import Peer
from exchange.outbox.port import Away, is_success

CONNECT, READ, WHOLE = 5.0, 20.0, 40.0
MOST_BYTES = 4 * 1024 * 1024
OK = frozenset({200, 201})
# Some peers refuse under these; what they say is read, where it is a refusal.
REFUSING = frozenset({400, 409, 422})

# (address, headers, body) -> the answer's JSON. Errors: Away.
Post = Callable[[str, Mapping[str, str], Any], Any]


def post_to(peer: Peer) -> Post:
    return lambda url, headers, body: _post(_pool(peer.ca_file), url, headers, body)


@lru_cache(maxsize=8)
def _pool(ca_file: str) -> urllib3.PoolManager:
    # Certificates and names are checked; `ca_file` where a province has an authority of its own.
    return urllib3.PoolManager(num_pools=4, cert_reqs="CERT_REQUIRED", ca_certs=ca_file or None)


def _post(pool: urllib3.PoolManager, url: str, headers: Mapping[str, str], body: Any) -> Any:
    sent = {**headers, "Content-Type": "application/json", "Accept-Encoding": "identity"}
    end = time.monotonic() + WHOLE
    try:
        reply = pool.request(
            "POST",
            url,
            body=orjson.dumps(body),
            headers=sent,
            timeout=urllib3.Timeout(connect=CONNECT, read=READ),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        try:
            text = _text(reply, end)
        finally:
            # What was read to its end goes back by itself; what was not must not be read as the next.
            reply.close()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        # The class only: texts of libraries repeat addresses and what was sent.
        raise Away(type(error).__name__) from None
    if reply.status not in OK | REFUSING:
        raise Away(f"HTTP {reply.status}")
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Away("JSON") from None
    if reply.status in REFUSING and not _refuses(said):
        raise Away(f"HTTP {reply.status}")
    return said


def _refuses(said: Any) -> bool:
    return isinstance(said, dict) and "error_code" in said and not is_success(said["error_code"])


def _text(reply: urllib3.BaseHTTPResponse, end: float) -> bytes:
    text = b""
    # One reading of what is there at a time: a peer that drips is not waited for.
    while part := reply.read1(64 * 1024):
        text += part
        if len(text) > MOST_BYTES:
            raise Away("answer too large")
        if time.monotonic() > end:
            raise Away("answer too slow")
    return text
