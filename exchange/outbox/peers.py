"""The systems that dossiers are told to: data of the installation, never of the program.

`EXCHANGE_PEERS` names a JSON file with a list of them; what opens their doors stands in the
environment, by the names that the file gives.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from exchange.outbox.spelling import DATES, read, written

# The national statuses (legal fact base 5.4), told by their own numbers and by no other.
CODES = {str(number): str(number) for number in range(1, 11)}
MOST_CODE = 20
MOST_DAYS = 3660
DAYS = "%Y%m%d"
# How long its fields may be where it does not say otherwise.
LENGTHS = {
    "TrichYeuHoSo": 1000,
    "NoiDungXuLy": 2000,
    "NguoiXuLy": 50,
    "NoiDung": 2000,
    "GhiChu": 2000,
    "NoiDungBoSung": 2000,
    "TenGiayTo": 2000,
    "TenPhiLePhi": 2000,
    "TenTepDinhKem": 4000,
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Peer:
    """`profile`: which of the two contracts it speaks. `unit`: how it calls us (`madonvi`).
    `paths`: its addresses below `url` by what is done there; what is missing, this peer has not.
    `codes`: our states by its own; a state that is not there is told to nobody and held.
    `values`: its codes for the values of ours that have no published one (beside.py). `files`: the
    address of a store of the installation's own, below which it fetches a result's file by its digest;
    `papers`: the same of what was handed in. Without them it fetches here, `link_days` long after it was
    told (linking.py); 0: nothing.
    `lengths`: how long its fields may be, where otherwise than LENGTHS; `dates`, `days`: how it writes
    instants and days, in the letters of strftime.
    `door`: the door by which it sends to us, whose dated table says its codes (owners.py); without it
    the published ones hold.
    `user_env`, `secret_env`: which variables of the environment open it. `payment`: the payment
    platform behind it (paying/platforms.py), where there is one.
    """

    code: str
    name: str
    profile: str
    url: str
    unit: str
    paths: Mapping[str, str]
    user_env: str = ""
    secret_env: str = ""
    header: str = "Authorization"
    codes: Mapping[str, str] = field(default_factory=lambda: CODES)
    values: Mapping[str, str] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    dates: str = DATES
    days: str = DAYS
    files: str = ""
    papers: str = ""
    link_days: int = 365
    chunk: int = 10
    ca_file: str = ""
    door: str = ""
    payment: Mapping[str, Any] = field(default_factory=dict)

    @property
    def user(self) -> str:
        return os.environ.get(self.user_env, "") if self.user_env else ""

    def written(self, at: datetime | str | None) -> str:
        """An instant as it writes them; "" for none."""
        return written(at, self.dates)

    def day(self, on: date | None) -> str:
        return on.strftime(self.days) if on else ""

    @property
    def fetches_results(self) -> bool:
        """Whether it is told an address of a result's file."""
        return bool(self.files or self.link_days)

    @property
    def reopens(self) -> bool:
        """Whether it can be told that an end no longer holds."""
        return bool(self.paths.get("reopen" if self.profile == "B" else "status"))

    @property
    def secret(self) -> str:
        return os.environ.get(self.secret_env, "") if self.secret_env else ""


PATHS = {
    "A": {
        "sign_in": "/auth",
        "write": "/integration",
        "read": "/share",
        "dossier": "DongBoHoSoMC",
        "progress": "CapNhatTienDoHoSoMC",
        "status": "DongBoTrangThaiHoSo",
        "find": "TraCuuHoSo",
        "procedure": "LayThuTuc",
    },
    "B": {
        "add": "/ThemMoi",
        "update": "/CapNhat",
        "progress": "/DongBoTienTrinh",
        "status": "/DongBoTrangThai",
        "reopen": "/MoLai",
        "find": "/TraCuu",
    },
}


def peers() -> list[Peer]:
    """Errors: ImproperlyConfigured for what can be no peer."""
    found = [_peer(one) for one in settings.EXCHANGE_PEERS]
    if len({one.code for one in found}) != len(found):
        raise ImproperlyConfigured("EXCHANGE_PEERS: two peers of one code")
    return found


def are_connected() -> bool:
    return bool(settings.EXCHANGE_PEERS)


def _peer(said: Mapping[str, Any]) -> Peer:
    try:
        peer = Peer(**{**said, "paths": {**PATHS[said["profile"]], **said.get("paths", {})}})
    except (KeyError, TypeError) as error:
        raise ImproperlyConfigured(f"EXCHANGE_PEERS: {error}") from error
    if wrong := _wrong(peer):
        raise ImproperlyConfigured(f"EXCHANGE_PEERS: {peer.code}: {wrong}")
    parts = urlsplit(peer.url)
    # What is told names people: nothing of it travels in the open.
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ImproperlyConfigured(f"EXCHANGE_PEERS: {peer.code}: https only")
    return peer


def _wrong(peer: Peer) -> str:
    """What of it would fail only when something is sent."""
    if not isinstance(peer.code, str) or not 0 < len(peer.code) <= MOST_CODE:
        return f"code of 1 to {MOST_CODE} characters"
    if not isinstance(peer.chunk, int) or peer.chunk < 1:
        return "chunk from 1 on"
    if type(peer.link_days) is not int or not 0 <= peer.link_days <= MOST_DAYS:
        return f"link_days from 0 to {MOST_DAYS}"
    for given in (peer.codes, peer.values):
        if not isinstance(given, Mapping) or not all(
            isinstance(said, str) for pair in given.items() for said in pair
        ):
            return "codes and values are texts by texts"
    return _wrong_lengths(peer.lengths) or _wrong_dates(peer)


def _wrong_lengths(given: Any) -> str:
    if isinstance(given, Mapping) and all(
        type(most) is int and most > 1 for most in given.values()
    ):
        return ""
    return "lengths are numbers from 2 on by fields"


def _wrong_dates(peer: Peer) -> str:
    """What says a day and is read again as the same one is a way to write dates."""
    at = datetime(2026, 12, 31, 13, 45, 59, tzinfo=timezone.get_current_timezone())
    for dates in (peer.dates, peer.days):
        try:
            found = read(written(at, dates), dates)
        except (TypeError, ValueError):
            found = None
        if found is None or timezone.localdate(found) != at.date():
            return "dates and days are texts like %d/%m/%Y"
    return ""
