"""CPU seconds of processes and all that they started, from /proc (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
LISTENS = "0A"


def _stat(pid: int) -> list[str]:
    """The columns after the name, which may hold anything."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def parents() -> dict[int, int]:
    found = {int(path.name): _stat(int(path.name)) for path in PROC.glob("[0-9]*")}
    return {pid: int(columns[1]) for pid, columns in found.items() if columns}


def tree(root: int) -> list[int]:
    """A process and everything below it."""
    found, of = [root], parents()
    for pid in found:
        found += [child for child, parent in of.items() if parent == pid]
    return found


def seconds(root: int) -> float:
    """CPU of the tree so far; of processes that have ended what their parents know of them."""
    ticks = 0
    for pid in tree(root):
        columns = _stat(pid)
        if columns:
            # utime, stime, cutime, cstime
            ticks += sum(int(one) for one in columns[11:15])
    return ticks / TICKS


def listening_at(port: int) -> int | None:
    """The oldest process that listens there, as far as this user may see; None: on no port here."""
    sockets = {f"socket:[{one}]" for one in _listening(port)}
    holders = [int(path.name) for path in PROC.glob("[0-9]*") if sockets & _open_files(path)]
    of = parents()
    return next((pid for pid in holders if of.get(pid) not in holders), None)


def _listening(port: int) -> list[str]:
    found = []
    for name in ("tcp", "tcp6"):
        try:
            lines = (PROC / "net" / name).read_text().splitlines()[1:]
        except OSError:
            continue
        for columns in map(str.split, lines):
            here = int(columns[1].rpartition(":")[2], 16)
            if here == port and columns[3] == LISTENS:
                found.append(columns[9])
    return found


def _open_files(path: Path) -> set[str]:
    try:
        return {os.readlink(one) for one in (path / "fd").iterdir()}  # noqa: PTH115  # no path: "socket:[…]"
    except OSError:
        return set()
