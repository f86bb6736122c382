"""What an archive says of itself."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings

# Raised by a change that older programs cannot read.
FORMAT = 1
# A name list in the manifest ends here; the number beside it goes on.
NAMED = 1_000
KEYS = ("SECRET_KEY", "LOOKUP_KEY")


@dataclass(frozen=True, slots=True)
class Table:
    """`sha256`: of all its lines; `sequence`: the last id that the database gave, where it counts."""

    columns: tuple[tuple[str, str], ...]
    rows: int
    sha256: str
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counters of one table: how many, the sum of what they gave last, a hash of all of them."""

    rows: int
    given: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Other:
    """A file that does not lie under its own checksum."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Files:
    """`count` and `size`: contents that rows name, each once. `missing`: named and not there;
    `changed`: there and other than its name. Both as they were when the archive was made.
    """

    count: int = 0
    size: int = 0
    others: tuple[Other, ...] = ()
    missing: tuple[str, ...] = ()
    missing_count: int = 0
    changed: tuple[str, ...] = ()
    changed_count: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """What is known before anything is read."""

    format: int
    program: str
    engine: str
    made_at: datetime
    keys: Mapping[str, str]
    migrations: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """`digest`: SHA-256 of the archive before encryption; `size`: bytes of the file as it lies."""

    head: Head
    tables: Mapping[str, Table]
    numbers: Mapping[str, Numbers]
    files: Files = field(default_factory=Files)
    digest: str = ""
    size: int = 0
    encrypted: bool = False

    @property
    def made_at(self) -> datetime:
        return self.head.made_at

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def as_data(self) -> dict[str, Any]:
        """For people's programs (--json)."""
        return asdict(self)

    def found(self, *, digest: str, size: int, encrypted: bool) -> Manifest:
        return replace(self, digest=digest, size=size, encrypted=encrypted)


def written(content: Head | Manifest) -> bytes:
    data = asdict(content)
    for name in ("digest", "size", "encrypted"):  # known only when all is written
        data.pop(name, None)
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def head_of(text: bytes) -> Head:
    """Errors: ValueError, KeyError, TypeError where it is none."""
    return _head(orjson.loads(text))


def format_of(text: bytes) -> int:
    """The format alone: of a newer one nothing else need be as it is here."""
    return int(orjson.loads(text)["format"])


def manifest_of(text: bytes) -> Manifest:
    """Errors: ValueError, KeyError, TypeError where it is none."""
    data = orjson.loads(text)
    files = data["files"]
    return Manifest(
        head=_head(data["head"]),
        tables={
            name: Table(
                columns=tuple((str(column), str(kind)) for column, kind in one["columns"]),
                rows=int(one["rows"]),
                sha256=str(one["sha256"]),
                sequence=one["sequence"],
            )
            for name, one in data["tables"].items()
        },
        numbers={name: Numbers(**one) for name, one in data["numbers"].items()},
        files=Files(
            count=files["count"],
            size=files["size"],
            others=tuple(Other(**one) for one in files["others"]),
            missing=tuple(files["missing"]),
            missing_count=files["missing_count"],
            changed=tuple(files["changed"]),
            changed_count=files["changed_count"],
        ),
    )


def _head(data: Mapping[str, Any]) -> Head:
    return Head(
        format=int(data["format"]),
        program=str(data["program"]),
        engine=str(data["engine"]),
        made_at=datetime.fromisoformat(data["made_at"]),
        keys=dict(data["keys"]),
        migrations=tuple(data["migrations"]),
        left_out=tuple(data["left_out"]),
    )


def program() -> str:
    """The version of this program."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def fingerprints() -> dict[str, str]:
    """Of the keys of this machine: they tell one key from another and give nothing of either away."""
    return {name: _fingerprint(name, str(getattr(settings, name))) for name in KEYS}


def _fingerprint(name: str, key: str) -> str:
    # Slow on purpose: a SECRET_KEY may be a word that somebody chose.
    salt = f"motcua backup {name}".encode()
    return hashlib.pbkdf2_hmac("sha256", key.encode(), salt, 100_000).hex()[:16]


def numbers_of(rows: Iterable[tuple[Any, ...]]) -> Numbers:
    """Rows of a counter table, in any order: the key's columns, then the number."""
    digest, count, given = 0, 0, 0
    for row in rows:
        line = orjson.dumps([str(one) for one in row])
        digest ^= int.from_bytes(hashlib.sha256(line).digest(), "big")
        count += 1
        given += int(row[-1])
    return Numbers(rows=count, given=given, sha256=f"{digest:064x}")
