"""Put an office's load on a running server: `make load ARGS="http://… --account NAME"`.

Officers who are signed in open lists and dossiers, look up, search, give and recall (the mix of
loading/officer.py), with pauses as people make them (`--think 0`: one request after the other).
Printed: answers a second, of a CPU-second of the server, p50, p95 and p99, errors. What is given is
recalled at the end; the ledger and the access log keep that it was done, so not for an office's
real data.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

from loading import cpu
from loading.client import Browser, Refused, Taken
from loading.officer import Officer, codes_on

USUAL_PORTS = {"http": 80, "https": 443}


def main(arguments: list[str] | None = None) -> int:
    asked = _asked(arguments)
    taken: list[Taken] = []
    try:
        officers = _signed_in(asked, taken)
    except Refused as error:
        print(error)
        return 2
    meters = _meters(asked)
    before = {name: cpu.seconds(pid) for name, pid in meters.items()}
    began = time.monotonic()
    _work(officers, asked.seconds)
    lasted = time.monotonic() - began
    used = {name: cpu.seconds(pid) - before[name] for name, pid in meters.items()}
    report(taken, lasted, used)
    for officer in officers:
        try:
            officer.tidy()
        except Refused as error:
            print(f"Chưa thu hồi được hết những gì đã giao: {error}")
    return 1 if any(one.wrong for one in taken) else 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load", description="Đo tải của một máy chủ đang chạy.")  # fmt: skip
    add = parser.add_argument
    add("address", help="địa chỉ máy chủ, ví dụ http://127.0.0.1:8000")
    add("--account", action="append", required=True, help="tài khoản cán bộ có hồ sơ đang xử lý; lặp lại được")  # fmt: skip
    add("--password", default=os.environ.get("LOAD_PASSWORD", ""), help="mật khẩu của các tài khoản (hoặc biến LOAD_PASSWORD)")  # fmt: skip
    add("--officers", type=int, default=4, help="số cán bộ làm việc cùng lúc (mặc định 4)")
    add("--think", type=float, default=2.0, help="giây nghỉ trung bình giữa hai thao tác; 0: không nghỉ")  # fmt: skip
    add("--seconds", type=float, default=60.0, help="đo trong bao nhiêu giây (mặc định 60)")
    add("--pid", type=int, action="append", default=[], help="tiến trình gốc tính CPU; bỏ trống: tự tìm trên máy này")  # fmt: skip
    add("--database-port", type=int, default=_database_port(), help="cổng PostgreSQL trên máy này")
    return parser.parse_args(arguments)


def _database_port() -> int:
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    return url.port or 5432 if url.scheme.startswith("postgres") else 5432


def _meters(asked: argparse.Namespace) -> dict[str, int]:
    """Whose CPU is counted: the processes that were named, else who answers here."""
    if asked.pid:
        return {f"tiến trình {pid}": pid for pid in asked.pid}
    to = urlsplit(asked.address)
    if to.hostname not in ("127.0.0.1", "localhost", "::1"):
        return {}
    here = {"web": to.port or USUAL_PORTS[to.scheme], "PostgreSQL": asked.database_port}
    found = {name: cpu.listening_at(port) for name, port in here.items()}
    return {name: pid for name, pid in found.items() if pid is not None}


def _signed_in(asked: argparse.Namespace, taken: list[Taken]) -> list[Officer]:
    """The officers, each with dossiers of his own. Errors: Refused."""
    browsers: dict[str, list[Browser]] = {}
    for number in range(asked.officers):
        account = asked.account[number % len(asked.account)]
        browser = Browser(asked.address.rstrip("/"), taken, counts=False)
        browser.sign_in(account, asked.password)
        browsers.setdefault(account, []).append(browser)
    found = []
    for account, theirs in browsers.items():
        codes = codes_on(theirs[0])
        if len(codes) < len(theirs):
            raise Refused(
                f"{account}: chỉ có {len(codes)} hồ sơ đang xử lý cho {len(theirs)} người"
            )
        for number, browser in enumerate(theirs):
            browser.counts = True
            dice = Random(f"{account} {number}")
            found.append(Officer(browser, asked.think, dice, codes[number :: len(theirs)]))
    return found


def _work(officers: list[Officer], seconds: float) -> None:
    over = threading.Event()
    threads = [threading.Thread(target=one.work, args=[over], daemon=True) for one in officers]
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()


@dataclass(frozen=True)
class Line:
    """Requests of one kind. Times are of those that were answered as they should be."""

    title: str
    taken: list[Taken]

    def __str__(self) -> str:
        good = sorted(one.ms for one in self.taken if not one.wrong)
        times = "".join(f"{_share(good, part):>9.0f}" for part in (0.5, 0.95, 0.99)) if good else ""
        wrong = len(self.taken) - len(good)
        return f"{self.title:<14}{len(self.taken):>9}{wrong:>6}{times}"


def _share(ordered: list[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def report(taken: list[Taken], lasted: float, used: dict[str, float]) -> None:
    print(f"{'':<14}{'yêu cầu':>9}{'lỗi':>6}{'p50 ms':>9}{'p95':>9}{'p99':>9}")
    for title, writes in (("đọc", False), ("ghi", True)):
        print(Line(title, [one for one in taken if one.writes is writes]))
    for what in sorted({one.what for one in taken}):
        print(Line(f"  {what}", [one for one in taken if one.what == what]))
    for wrong in sorted({f"{one.what}: {one.wrong}" for one in taken if one.wrong}):
        print(f"Lỗi {wrong}")
    good = sum(not one.wrong for one in taken)
    print(
        f"{len(taken)} yêu cầu trong {lasted:.1f} giây, {good / lasted:.1f} trả lời đúng mỗi giây."
    )
    total = sum(used.values())
    if total:
        shares = ", ".join(f"{name} {seconds:.1f}" for name, seconds in used.items())
        print(f"CPU {total:.1f} giây ({shares}): {good / total:.1f} yêu cầu mỗi giây CPU.")
    else:
        print("Không thấy tiến trình của máy chủ trên máy này: không tính CPU (--pid).")


if __name__ == "__main__":
    sys.exit(main())
