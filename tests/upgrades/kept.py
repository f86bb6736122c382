"""The bases as they lie in data/: one file each, named by the day of the code that made it."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
# All bases together; a new one drops the oldest.
MOST_BYTES = 300_000


def bases() -> list[str]:
    return sorted(path.name.removesuffix(".json.xz") for path in DATA.glob("*.json.xz"))


def read(name: str) -> dict[str, Any]:
    """`migrations`, `schema` by engine, `rows` by table, `pages`, and `now`."""
    found: dict[str, Any] = json.loads(lzma.decompress(_path(name).read_bytes()))
    return found


def write(name: str, base: dict[str, Any]) -> int:
    text = json.dumps(base, ensure_ascii=False, separators=(",", ":"))
    DATA.mkdir(exist_ok=True)
    return _path(name).write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def _path(name: str) -> Path:
    return DATA / f"{name}.json.xz"
