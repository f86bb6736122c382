"""Keys and certificates that the tests make themselves, and an installation that signs by them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from onestop.signatures import port, token, trial
from tests.clock import MONDAY

PASSWORD = "mat-khau-thu"
AGENCY = "UBND xã Bình Minh"
BEGINS = datetime(2020, 1, 1, tzinfo=UTC)


@cache
def authority() -> trial.Pair:
    return trial.pair("Trung tâm chứng thực thử", BEGINS, datetime(2040, 1, 1, tzinfo=UTC))


@cache
def pair(name: str = AGENCY, until: int = 2040) -> trial.Pair:
    return trial.pair(name, BEGINS, datetime(until, 1, 1, tzinfo=UTC), by=authority())


def write_key(place: Path, one: trial.Pair | None = None) -> Path:
    trial.write_key(place, one or pair(), authority(), PASSWORD)
    return place


def prepared(folder: Path, settings: Any, one: trial.Pair | None = None) -> token.Token:
    """This installation signs by a token of its own and believes the authority of the tests."""
    trial.write_root(folder / "tin", authority())
    settings.SIGN_KEY, settings.SIGN_PASSWORD = str(write_key(folder / "khoa.p12", one)), PASSWORD
    settings.SIGN_TRUST = str(folder / "tin")
    settings.SIGN_WITH = "onestop.signatures.token.by_settings"
    return token.by_settings()


def order(pdf: bytes) -> port.Order:
    return port.Order(pdf, "H26.1", AGENCY, "lanhdao", MONDAY)
