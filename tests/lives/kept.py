"""The recorded lives: blocks of ten, each a compressed JSON file of what changed at each step."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

Facts = dict[str, Any]

DATA = Path(__file__).parent / "data"
BLOCK = 10


def path_of(block: int, data: Path = DATA) -> Path:
    return data / f"{block:02d}.json.xz"


def blocks(data: Path = DATA) -> list[int]:
    return sorted(int(path.name.split(".")[0]) for path in data.glob("*.json.xz"))


def seeds_of(block: int) -> range:
    return range(block * BLOCK, (block + 1) * BLOCK)


def write(block: int, lives: dict[int, list[Facts]], data: Path = DATA) -> None:
    text = json.dumps(
        {str(seed): _shortened(life) for seed, life in lives.items()},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    data.mkdir(parents=True, exist_ok=True)
    packed = lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)
    path_of(block, data).write_bytes(packed)


def read(block: int, data: Path = DATA) -> dict[int, list[Facts]]:
    found = json.loads(lzma.decompress(path_of(block, data).read_bytes()))
    return {int(seed): _whole(life) for seed, life in found.items()}


def as_json(life: list[Facts]) -> list[Facts]:
    """As it reads when it was written and read again."""
    again: list[Facts] = json.loads(json.dumps(life))
    return again


def _shortened(life: list[Facts]) -> list[Facts]:
    """A step without what is as at the step before."""
    before: Facts = {}
    found = []
    for step in life:
        found.append({k: v for k, v in step.items() if k not in before or before[k] != v})
        before = step
    return found


def _whole(life: list[Facts]) -> list[Facts]:
    now: dict[str, Any] = {}
    found = []
    for step in life:
        now = now | step
        found.append(now)
    return found
