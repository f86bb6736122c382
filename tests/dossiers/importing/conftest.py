"""An organisation with its catalogue, as `demo --organisation-only` makes it, and files to import."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dossiers.demo import make_demo
from dossiers.importing.reading import open_source
from dossiers.importing.run import Order, Report, administrator, import_dossiers
from onestop.accounts.demo import make_demo_organisation
from tests.clock import MONDAY, vn
from tests.world import make_case

CODE = "H37.05986-260302-0001"


@pytest.fixture
def province(db: None) -> None:
    """All of it, with the whole catalogue."""
    make_demo(now=MONDAY, organisation_only=True)


@pytest.fixture
def organisation(db: None) -> None:
    """Its agencies and people, and one procedure of three working days."""
    make_demo_organisation(password="Mat-khau-1", at=vn("01/07/2025 08:00"))
    make_case("3 ngày làm việc", code="1.004873")


def line(**changes: str) -> dict[str, str]:
    """One good line: finished and given back on time."""
    return {
        "code": CODE,
        "agency": "H37.05986",
        "procedure": "1.004873",
        "channel": "truc-tiep",
        "owner": "Nguyễn Văn An",
        "identity": "020090000123",
        "received_at": "2026-03-02T08:00+07:00",
        "due_at": "2026-03-05T17:00+07:00",
        "finished_at": "2026-03-05T16:00+07:00",
        "returned_at": "2026-03-06T09:00+07:00",
        "status": "10",
    } | changes


def working(**changes: str) -> dict[str, str]:
    """One line that is still worked on."""
    return line(finished_at="", returned_at="", status="4") | changes


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of these lines."""

    def made(*lines: Mapping[str, str], separator: str = ",", bom: bool = False) -> Path:
        path = tmp_path / "ho-so.csv"
        columns = list(dict.fromkeys(name for one in lines for name in one))
        encoding = "utf-8-sig" if bom else "utf-8"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, columns, delimiter=separator, restval="")
            writer.writeheader()
            writer.writerows(lines)
        return path

    return made


@pytest.fixture
def run(write: Callable[..., Path]) -> Callable[..., Report]:
    """Import these lines, confirmed by the administrator."""

    def made(*lines: Mapping[str, str], at: datetime = MONDAY, **options: Any) -> Report:
        if "confirmed_by" not in options:
            options["confirmed_by"] = administrator("quantri", at)
        return import_dossiers(Order(open_source(write(*lines)), at, **options))

    return made
