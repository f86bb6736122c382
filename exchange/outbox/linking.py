"""The address here at which a peer fetches a file that it was told of: made for this peer, this dossier and
this file, until a day, and opened by nothing else. What it opens is asked anew at each fetching (views/files.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.urls import reverse

from exchange.outbox.peers import Peer, peers

SALT = "exchange.files"
PEER, DOSSIER, UNTIL, MARK = "noi", "ho-so", "den", "ky"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses for one message to `peer` about the dossier `dossier`, which was made at `since`; none
    without it. Whoever has one gets the file, while it opens.
    """

    peer: Peer
    dossier: int
    since: datetime | None = None

    def of(self, sha256: str, store: str) -> str:
        """`store`: where the installation keeps such files itself; else a page of ours. "" for neither."""
        if store:
            return f"{store.rstrip('/')}/{sha256}"
        if not self.since or not self.peer.link_days:
            return ""
        until = str(int((self.since + timedelta(self.peer.link_days)).timestamp()))
        about = (self.peer.code, str(self.dossier), until)
        mark = signing.Signer(salt=SALT).signature(_signed(sha256, *about))
        query = urlencode(dict(zip((PEER, DOSSIER, UNTIL, MARK), (*about, mark), strict=True)))
        page = reverse("exchange_file", args=[sha256])
        return f"{settings.PUBLIC_URL.rstrip('/')}{page}?{query}"


def opened(sha256: str, asked: Mapping[str, str], now: datetime) -> tuple[Peer, int] | None:
    """Whom an address was made for and of which dossier it is; None for one that was not made here, is
    over, or was made for a peer that is connected no longer or is to get none.
    """
    about = [asked.get(name, "") for name in (PEER, DOSSIER, UNTIL)]
    try:
        signing.Signer(salt=SALT).unsign(f"{_signed(sha256, *about)}:{asked.get(MARK, '')}")
    except signing.BadSignature:
        return None
    # Only what we wrote ourselves comes as far as here.
    code, dossier, until = about
    peer = next((one for one in peers() if one.code == code), None)
    if peer is None or not peer.link_days or now.timestamp() > int(until):
        return None
    return peer, int(dossier)


def _signed(sha256: str, peer: str, dossier: str, until: str) -> str:
    return "\n".join((sha256, peer, dossier, until))
