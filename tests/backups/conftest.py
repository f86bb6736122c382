"""A folder for backups, and a writer that needs no seconds: what an archive is stands in tests/keeping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from onestop.accounts.models import Officer, Role
from onestop.backups import making
from onestop.keeping.manifest import Files, Head, Manifest, Table
from tests.clock import Clock
from tests.world import make_agency, make_officer, vn

NIGHT = "24/11/2026 01:30"


@dataclass
class Writer:
    """Writes `size` bytes, unless `fails` has something to raise; then that."""

    size: int = 3 * 2**20
    written: list[Path] = field(default_factory=list)
    fails: list[BaseException] = field(default_factory=list)
    meanwhile: Callable[[], Any] = lambda: None

    def __call__(self, path: Path, *, recipients: Any = ()) -> Manifest:
        if self.fails:
            raise self.fails.pop(0)
        self.meanwhile()
        assert not path.exists()
        path.write_bytes(b"\0" * self.size)
        self.written.append(path)
        head = Head(1, "1", "sqlite", vn(NIGHT), {}, (), ())
        tables = {"one": Table((), 40, ""), "two": Table((), 2, "")}
        found = Manifest(head, tables, {}, Files(count=7))
        return found.found(digest="d" * 64, size=self.size, encrypted=bool(recipients))


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.BACKUP_DIR = str(tmp_path)
    settings.BACKUP_KEEP = 14
    settings.BACKUP_RECIPIENT = []
    settings.BACKUP_ALARM_HOURS = 26
    return tmp_path


@pytest.fixture
def writer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Writer:
    one = Writer()
    monkeypatch.setattr(making, "write_backup", one)
    return one


@pytest.fixture
def administrator(db: None) -> Officer:
    agency = make_agency("Ủy ban nhân dân xã Bình Minh")
    return make_officer("Phan Anh Dũng", agency, (Role.ADMINISTRATOR, None), username="quantri")


@pytest.fixture
def night(clock: Clock) -> Clock:
    clock.now = vn(NIGHT)
    return clock
