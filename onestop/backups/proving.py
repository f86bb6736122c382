"""The proof that an archive can be restored (R-148): restored by the very command of the worst day into
a database and a file store made for it, compared, verified, thrown away; one record of it stays.

Programs of their own do it, so that nothing of this process' database is touched; SQLite takes an
archive of either engine.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Officer
from onestop.backups.models import RestoreProof
from onestop.errors import DomainError, say
from onestop.keeping import offered
from onestop.keeping.manifest import numbers_of

# Left by a proof that was killed, it goes with the next one.
FOLDER = "motcua-thu-khoi-phuc-"
Note = Callable[[str], None]


@dataclass(slots=True)
class Found:
    """What one trial showed. `faults`: everything that does not fit, each as a sentence."""

    manifest: dict[str, Any] = field(default_factory=dict)
    rows: int = 0
    files: int = 0
    dossiers: int = 0
    events: int = 0
    faults: list[str] = field(default_factory=list)


def prove(
    path: Path,
    *,
    clock: Callable[[], datetime],
    identity: Path | None = None,
    folder: Path | None = None,
    by: Officer | None = None,
    note: Note = lambda _: None,
) -> RestoreProof:
    """Restore it in a folder of its own (below `folder`: data of people are there meanwhile, readable by
    this account alone), compare, throw away, write down. A trial that fails is written down too.

    Errors: DomainError("backup_missing") where there is no such file, ("proof_no_folder").
    """
    path = Path(path).absolute()
    if not path.is_file():
        raise DomainError("backup_missing", path=path)
    begun = clock()
    with _place(folder) as place:
        found = _tried(path, identity, place, note)
    made_at = found.manifest.get("head", {}).get("made_at")
    with transaction.atomic():
        proof = RestoreProof.objects.create(
            at=begun,
            ended_at=clock(),
            by=by,
            file_name=path.name[:250],
            digest=found.manifest.get("digest", ""),
            made_at=datetime.fromisoformat(made_at) if made_at else None,
            ok=not found.faults,
            rows=found.rows,
            files=found.files,
            dossiers=found.dossiers,
            events=found.events,
            detail="\n".join(found.faults)[:1000],
        )
        result = "được" if proof.ok else "không được"
        access(by, AccessKind.BACKED_UP, "restore_proof", proof.pk, f"thử khôi phục: {result}")
    return proof


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    above = Path(folder or settings.VAR_DIR)
    try:
        for left in above.glob(f"{FOLDER}*"):
            shutil.rmtree(left)
        place = tempfile.TemporaryDirectory(prefix=FOLDER, dir=above)
    except OSError as error:
        raise DomainError("proof_no_folder", path=above) from error
    with place as name:
        yield Path(name)


def _tried(path: Path, identity: Path | None, place: Path, note: Note) -> Found:
    found = Found()
    env = _environment(place)
    note("đang khôi phục vào cơ sở dữ liệu thử…")
    by_key = ["--identity", str(Path(identity).absolute())] if identity else []
    done = _run(env, "restore", str(path), *by_key)
    if done.returncode:
        found.faults = _why("restore", done)
        return found
    found.manifest = json.loads(done.stdout)
    note("đang so số dòng và các số đếm với bản kê…")
    found.faults += _compare(found, place / "motcua.sqlite3")
    files = found.manifest["files"]
    found.files = files["count"] + len(files["others"])
    note("đang kiểm tra nhật ký…")
    _verify(found, env)
    return found


def _environment(place: Path) -> dict[str, str]:
    """Another database, another store, no queue, no letters; the keys of this server."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "onestop.settings",
        "DATABASE_URL": f"sqlite:///{place / 'motcua.sqlite3'}",
        "VAR_DIR": str(place),
        "FILES_DIR": str(place / "files"),
        "STORAGE_URL": "",
        "STORAGE_BEFORE": "",
        "REDIS_URL": "",
        "BACKUP_DIR": "",
        "EMAIL_URL": "dummymail://",
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": settings.SECRET_KEY,
        "LOOKUP_KEY": settings.LOOKUP_KEY,
    }


def _run(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments, "--json"]
    return subprocess.run(  # noqa: S603 (our own command)
        command, env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )


def _compare(found: Found, database: Path) -> list[str]:
    """Counted in the file itself. A later version's migrations may have added rows, never taken any."""
    wrong = []
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as at:
        for name, table in sorted(found.manifest["tables"].items()):
            [(count,)] = at.execute(f'SELECT COUNT(*) FROM "{name}"')  # noqa: S608 (our own names)
            if count < table["rows"]:
                said = {"table": name, "said": table["rows"], "found": count}
                wrong.append(say("proof_rows", said))
            found.rows += count
        for name, said in found.manifest["numbers"].items():
            counter = offered.counters.get(name)
            if counter is None:
                continue
            now = numbers_of(at.execute(offered.statement_of(counter)))
            if (now.rows, now.given, now.sha256) != (said["rows"], said["given"], said["sha256"]):
                wrong.append(say("proof_numbers", {"table": name}))
    return wrong


def _verify(found: Found, env: dict[str, str]) -> None:
    done = _run(env, "verify_events")
    try:
        walked = json.loads(done.stdout)
    except ValueError:
        found.faults += _why("verify_events", done)
        return
    found.dossiers, found.events = walked["dossiers"], walked["events"]
    if done.returncode:
        found.faults += _why("verify_events", done)


def _why(command: str, done: subprocess.CompletedProcess[str]) -> list[str]:
    """At least one sentence: a trial without a fault is a good one."""
    said = {"command": command, "code": done.returncode}
    return _lines(done.stderr) or [say("proof_stopped", said)]


def _lines(text: str) -> list[str]:
    """What people are to read of it: a log line is for programs."""
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("{") and not line.endswith("…")]


def took(proof: RestoreProof) -> str:
    minutes, seconds = divmod(round((proof.ended_at - proof.at).total_seconds()), 60)
    return f"{minutes} phút {seconds} giây" if minutes else f"{seconds} giây"


def told(proof: RestoreProof) -> list[str]:
    """The record, for people."""
    made = (
        f"; dữ liệu lúc {timezone.localtime(proof.made_at):%H:%M:%S %d/%m/%Y}"
        if proof.made_at
        else ""
    )
    lines = [f"{proof.file_name}{made}; thử khôi phục hết {took(proof)}."]
    if proof.ok:
        lines.append(
            f"Khôi phục được: {proof.rows} dòng, {proof.files} tệp đúng bản kê, các số tiếp theo đúng; "
            f"nhật ký khớp: {proof.dossiers} hồ sơ, {proof.events} sự kiện."
        )
    return [*lines, f"Đã ghi lần thử số {proof.pk} vào sổ (trang Quản trị, mục Sao lưu)."]
