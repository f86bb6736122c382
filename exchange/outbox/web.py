"""The one way out to peers and payment platforms: a POST of JSON, within the limits of every call
(onestop/calling.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from exchange.outbox.peers import Peer
from exchange.outbox.port import Away, is_success
from onestop.calling import PATIENCE, NoAnswer, call

READ, WHOLE = PATIENCE, 40.0
MOST_BYTES = 4 * 1024 * 1024
OK = frozenset({200, 201})
# Some peers refuse under these; what they say is read, where it is a refusal.
REFUSING = frozenset({400, 409, 422})

# (address, headers, body) -> the answer's JSON. Errors: Away.
Post = Callable[[str, Mapping[str, str], Any], Any]


def post_to(peer: Peer, *, most: int = 0) -> Post:
    """`most`: bytes of an answer; 0 for as many as an answer without a file may have."""
    # Certificates and names are checked; `ca_file` where a province has an authority of its own.
    return lambda url, headers, body: _post(peer.ca_file, url, headers, body, most or MOST_BYTES)


def _post(ca_file: str, url: str, headers: Mapping[str, str], body: Any, most: int) -> Any:
    try:
        reply = call(
            "POST",
            url,
            seconds=WHOLE,
            most=most,
            headers={**headers, "Content-Type": "application/json"},
            body=orjson.dumps(body),
            ca_file=ca_file,
            patience=READ,
        )
    except NoAnswer as error:
        raise Away(str(error)) from None
    if reply.status not in OK | REFUSING:
        raise Away(f"HTTP {reply.status}")
    try:
        said = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        raise Away("JSON") from None
    if reply.status in REFUSING and not _refuses(said):
        raise Away(f"HTTP {reply.status}")
    return said


def _refuses(said: Any) -> bool:
    return isinstance(said, dict) and "error_code" in said and not is_success(said["error_code"])
