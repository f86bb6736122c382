"""Run Một cửa on one machine: broker, web, worker and scheduler under one supervisor. `make run`
calls this.

Data and secrets live in var/ (VAR_DIR). DATABASE_URL and REDIS_URL from the environment or .env
switch engines; the demo province is loaded into an empty embedded database only, or with DEMO=1.
Ctrl+C or SIGTERM stops everything in order; a child that dies is started again, after a pause that
grows while it keeps dying; the others go on meanwhile.
"""

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import environ

from processes import ROOT, spawn, start_broker, stop, wait_for

sys.path.insert(0, str(ROOT))
from onestop import environment

ACCOUNTS = [
    ("tiepnhan", "tiếp nhận và trả kết quả, phường Tam Thanh"),
    ("chuyenvien", "chuyên viên thụ lý, phường"),
    ("truongphong", "trưởng phòng, phường"),
    ("lanhdao", "lãnh đạo Ủy ban nhân dân phường"),
    ("vanthu", "văn thư, phường"),
    ("kiemsoat", "kiểm soát thủ tục, phường"),
    ("quantri", "quản trị hệ thống, phường"),
    ("tinh.tiepnhan", "tiếp nhận, Trung tâm Phục vụ hành chính công tỉnh"),
    ("tinh.kiemsoat", "kiểm soát thủ tục, tỉnh"),
    ("tinh.lanhdao", "lãnh đạo, tỉnh"),
]
# What the portal of the demo files: for its first commune, one dossier at once, then one in so many
# seconds, so many in all: a demo that is left running does not drown.
PORTAL_DOOR, PORTAL_UNIT = "thu", "H37.05986"
PORTAL_EVERY, PORTAL_MOST = 300, 12
# The same where PORTAL_PLAY asks for what is not plain: all of it comes by within minutes.
PLAYED = 30, 24
# A wait ends when the server answers; only a busy or very old machine needs so long.
WEB_SECONDS = 240
LOG_LIMIT = 20 * 1024 * 1024
# Who lived this long is well again: its next death is a first one. The pause before the next start
# doubles up to the longest.
WELL_AFTER, LONGEST_PAUSE = 60, 60
# From so many deaths in a row on, each one shows its last words and /san-sang/ tells of it
# (onestop/jobs/health.py).
OFTEN = 3


@dataclass
class Child:
    """A process to keep alive, and when it died before."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    again_at: float = 0.0


class Stopping(Exception):
    """Somebody asked us to end."""


def main() -> int:
    environment.load(ROOT)
    var = Path(os.environ.setdefault("VAR_DIR", str(ROOT / "var"))).resolve()
    os.environ["VAR_DIR"] = str(var)
    (var / "log").mkdir(parents=True, exist_ok=True)
    var.chmod(0o700)
    port = int(os.environ.get("PORT", "8000"))
    lock = (var / "run.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return complain(
            "Một cửa đang chạy với dữ liệu này. Dừng lần chạy kia (Ctrl+C) trước, hoặc đặt VAR_DIR khác."
        )
    if not port_is_free(port):
        return complain(
            f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: PORT={port + 1} make run"
        )
    complete(var, port)

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGHUP, _stop)
    children: list[Child] = []
    try:
        if not os.environ.get("REDIS_URL"):
            children.append(broker_child(var))
        check = spawn(
            [sys.executable, "-c", "from onestop import pdf; print('\\n'.join(pdf.problems()))"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with_demo = ["--demo"] if os.environ["DEMO"] == "1" else []
        if has_portal() and files_dossiers():
            with_demo += ["--door", PORTAL_DOOR]
        done = subprocess.run(
            [sys.executable, "tools/prepare.py", *with_demo], cwd=ROOT, check=False
        )
        if done.returncode > 0:
            return done.returncode  # it has said why
        if done.returncode:
            return complain("Việc chuẩn bị dữ liệu bị dừng giữa chừng. Hãy chạy lại make run.")
        keep_to_the_data(var)
        trial_key(var)
        children += [server(var, *given) for given in [*portal(var, port), *servers(port)]]
        for child in children:
            if child.process is None:
                child.process = child.start()
        web = next(child.process for child in children if child.name == "web")
        if not wait_for(lambda: answers(port), seconds=WEB_SECONDS, process=web):
            return complain(
                "Máy chủ web không khởi động được:\n" + last_words(var / "log" / "web.log")
            )
        announce(port, check)
        note({})
        for child in children:
            child.started_at = time.monotonic()
        return watch(children)
    except Stopping:
        print("\nĐang dừng…", flush=True)
        return 0
    finally:
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        for child in reversed(children):  # the broker was first and is the last to go
            if child.process is not None:
                stop(child.process)


def complete(var: Path, port: int) -> None:
    """Complete the environment the children inherit: own secrets, address, demo or not."""
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
    own = var / "secrets.env"
    environ.Env.read_env(own)
    given = {name: os.environ.get(name) for name in ("SECRET_KEY", "LOOKUP_KEY", "DEMO_PASSWORD")}
    if not all(given.values()):
        from cryptography.fernet import Fernet

        fresh = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "LOOKUP_KEY": Fernet.generate_key().decode(),
            "DEMO_PASSWORD": f"Demo-{secrets.token_hex(3)}@{secrets.randbelow(90) + 10}",
        }
        with open(own, "a", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            for name, value in fresh.items():
                if not given[name]:
                    file.write(f"{name}={value}\n")
                    os.environ[name] = value
    own.touch(0o600)
    own.chmod(0o600)
    embedded = not os.environ.get("DATABASE_URL")
    os.environ["DEMO"] = "1" if environ.Env().bool("DEMO", default=embedded) else "0"


def keep_to_the_data(var: Path) -> None:
    """Data of one's own (tools/prepare.py found them) are no demo: nothing files into them, no invented
    citizen signs in to them.
    """
    if (var / environment.OWN_DATA).exists():
        os.environ["DEMO"] = "0"


def trial_key(var: Path) -> None:
    """In the demo results are signed by a key of its own, made once; where a real one is named nothing."""
    if os.environ.get("DEMO") != "1" or os.environ.get("SIGN_KEY") or os.environ.get("SIGN_WITH"):
        return
    own = var / "sign.env"
    if not own.exists():
        command = [sys.executable, "manage.py", "trial_key", str(var / "ky-thu")]
        made = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
        if made.returncode:
            return
        with open(own, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(made.stdout)
    environ.Env.read_env(own)


def has_portal() -> bool:
    """A portal of our own beside the rest: in the demo, or with PORTAL=1; never where a real one is
    named.
    """
    wanted = os.environ.get("PORTAL") or os.environ.get("DEMO")
    return wanted == "1" and not os.environ.get("EXCHANGE_PEERS")


def files_dossiers() -> bool:
    """Whether it also files: only into invented data, and where nobody else has a door."""
    return os.environ.get("DEMO") == "1" and not os.environ.get("EXCHANGE_SECRETS")


def portal(var: Path, web: int) -> list[tuple[str, list[str]]]:
    """The portal of our own: it is told of every act and, in the demo, sends what citizens file
    (docs/operations.md).
    """
    if not has_portal():
        return []
    port = portal_port()
    peers = var / "peers.json"
    said: dict[str, Any] = {
        "code": "thu",
        "name": "Cổng thử trên máy này",
        "profile": "B",
        "url": f"http://127.0.0.1:{port}",
        "unit": "H99",
        # What it answers when it is asked (exchange/peer/reading.py).
        "paths": {
            "procedure": "/LayThuTuc",
            "citizen": "/XacThucCongDan",
            "results": "/GetDanhSachKetQua",
            "result_file": "/LayTepKetQua",
            # Its store of results, which fetches each file from here.
            "result": "/DongBoKetQua",
        },
    }
    if os.environ.get("DEMO") == "1":
        # What is owed in the demo's commune may be paid there.
        if not os.environ.get("PAYMENT_SECRET"):
            os.environ["PAYMENT_SECRET"] = secrets.token_urlsafe(24)
        said["payment"] = {
            "url": f"http://127.0.0.1:{port}/tin",
            "partner": "MOTCUA",
            "secret_env": "PAYMENT_SECRET",
            "agency": PORTAL_UNIT,
        }
    peers.write_text(json.dumps([said], ensure_ascii=False), encoding="utf-8")
    if os.environ.get("DEMO") == "1" and not os.environ.get("CITIZEN_OIDC_ISSUER"):
        # Invented people may sign in at /cua-toi/.
        os.environ |= {
            "CITIZEN_OIDC_ISSUER": f"http://127.0.0.1:{port}/dinh-danh",
            "CITIZEN_OIDC_CLIENT_ID": "motcua",
            "CITIZEN_OIDC_NAME": "định danh thử",
            "CITIZEN_OIDC_KINDS": "CONG_DAN",
        }
    command = [sys.executable, "manage.py", "fake_portal", "--port", str(port)]
    if "payment" in said:
        command += ["--confirms", f"http://127.0.0.1:{web}/trao-doi/thanh-toan/thu/"]
    if files_dossiers():
        secret = secrets.token_urlsafe(24)
        os.environ |= {"PORTAL_SECRET": secret, "EXCHANGE_SECRETS": f"{PORTAL_DOOR}={secret}"}
        command += ["--door", f"http://127.0.0.1:{web}/trao-doi/{PORTAL_DOOR}/"]
        plays = os.environ.get("PORTAL_PLAY", "").split()
        every, most = PLAYED if plays else (PORTAL_EVERY, PORTAL_MOST)
        command += ["--unit", PORTAL_UNIT, "--every", str(every), "--most", str(most)]
        if plays:
            command += ["--play", *plays]
            # Some of what is played has its files there.
            inside = os.environ.get("EXCHANGE_INSIDE", "").split(",")
            os.environ["EXCHANGE_INSIDE"] = ",".join(filter(None, [*inside, "127.0.0.1"]))
    os.environ |= {"EXCHANGE_PEERS": str(peers), "PORTAL_URL": said["url"] + "/giu/"}
    return [("portal", command)]


def portal_port() -> int:
    """8099, or the next one that is free; the one that was asked for in any case."""
    if given := os.environ.get("PORTAL_PORT"):
        return int(given)
    return next((port for port in range(8099, 8199) if port_is_free(port)), 8099)


def servers(port: int) -> list[tuple[str, list[str]]]:
    cores = os.cpu_count() or 2
    os.environ["BIND"] = f"{os.environ.get('HOST', '127.0.0.1')}:{port}"
    gunicorn = [sys.executable, "-m", "gunicorn"]
    celery = [sys.executable, "-m", "celery", "-A", "onestop"]
    alone = ["--without-gossip", "--without-mingle", "-l", "WARNING"]
    beat = str(Path(os.environ["VAR_DIR"]) / "beat")
    return [
        ("web", [*gunicorn, "-c", "python:onestop.gunicorn_conf", "onestop.wsgi"]),
        ("worker", [*celery, "worker", "-Q", "default", "-c", str(min(cores, 4)), *alone]),
        # Drawing is work of the processor and nobody waits for it: one at a time, in what the
        # counter's pages leave. Not so the worker above, whose transactions would then last longer.
        (
            "slips",
            ["nice", *celery, "worker", "-Q", "slips", "-P", "solo", "-n", "slips@%h", *alone],
        ),
        ("beat", [*celery, "beat", "-s", beat, "--pidfile", "", "-l", "WARNING"]),
    ]


def server(var: Path, name: str, command: list[str]) -> Child:
    log = var / "log" / f"{name}.log"
    out = open_log(log)
    return Child(
        name,
        lambda: spawn(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out),
        log,
    )


def broker_child(var: Path) -> Child:
    """The embedded broker; started again at the same address when it dies, because the others
    already know it.
    """
    log = var / "log" / "redis.log"
    out = open_log(log)
    process, url = start_broker(var / "redis", out)
    os.environ["REDIS_URL"] = url
    return Child("redis", lambda: start_broker(var / "redis", out, url)[0], log, process)


def open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def announce(port: int, check: subprocess.Popen[bytes]) -> None:
    try:
        problems = check.communicate(timeout=15)[0].decode().strip()
    except subprocess.TimeoutExpired:
        stop(check)
        problems = ""
    if problems:
        print("\nCần chú ý khi in phiếu:\n" + problems)
    print(f"\nMột cửa đang chạy tại  http://127.0.0.1:{port}")
    print(f"Cán bộ đăng nhập tại   http://127.0.0.1:{port}/dang-nhap/\n")
    if os.environ["DEMO"] == "1":
        print(f"Tài khoản thử, mật khẩu chung  {os.environ['DEMO_PASSWORD']}\n")
        for username, who in ACCOUNTS:
            print(f"  {username:<14} {who}")
        print()
    if peer := os.environ.get("PORTAL_URL"):
        files = (
            "nộp hồ sơ vào mục Trực tuyến (tiepnhan), " if os.environ.get("PORTAL_SECRET") else ""
        )
        print(f"Cổng thử đang chạy tại {peer}: {files}nhận lại")
        print("kết quả; hai bên có gì, xem ở Quản trị, Đối soát. Không cần: PORTAL=0 make run\n")
    if os.environ.get("CITIZEN_OIDC_ISSUER"):
        print(f"Người dân đăng nhập ở  http://127.0.0.1:{port}/cua-toi/\n")
    print("Dữ liệu và nhật ký: " + os.environ["VAR_DIR"] + "   Dừng: Ctrl+C", flush=True)


def watch(children: list[Child]) -> int:
    """Start again what dies, for ever: a scheduler that cannot live is no reason to close the
    counter.
    """
    ailing: dict[str, int] = {}
    while True:
        time.sleep(0.5)
        for child in children:
            look_after(child, time.monotonic())
        now = {child.name: child.deaths for child in children if child.deaths >= OFTEN}
        if now != ailing:
            ailing = now
            note(ailing)


def look_after(child: Child, now: float) -> None:
    """One look at one child: count its death, start it when its pause is over, forget old deaths of
    one that is well.
    """
    if child.process is not None and child.process.poll() is not None:
        code = child.process.returncode
        stop(child.process)  # what is left of its group
        child.process = None
        died(child, now, f"mã {code}")
    elif child.process is not None and now - child.started_at >= WELL_AFTER:
        child.deaths = 0
    elif child.process is None and now >= child.again_at:
        try:
            child.process, child.started_at = child.start(), now
        except (
            OSError,
            SystemExit,
        ) as failure:  # no memory, no process number; a broker that does not come up
            died(child, now, str(failure))


def died(child: Child, now: float, why: str) -> None:
    child.deaths += 1
    pause = min(2 ** min(child.deaths - 1, 10) - 1, LONGEST_PAUSE)
    child.again_at = now + pause
    tell(
        f"{child.name} đã dừng ({why}), lần {child.deaths} liên tiếp; khởi động lại sau {pause} giây."
    )
    if child.deaths >= OFTEN:
        tell(f"Nhật ký cuối của {child.name}:\n{last_words(child.log)}")


def tell(sentence: str) -> None:
    """On the terminal; one that is gone or full stops nothing."""
    with suppress(OSError, ValueError):
        print(sentence, file=sys.stderr, flush=True)


def note(ailing: dict[str, int]) -> None:
    """Who keeps dying, for the web's page on its readiness."""
    path = Path(os.environ["VAR_DIR"]) / environment.AILING
    with suppress(OSError):
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(ailing), encoding="utf-8")
        fresh.replace(path)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/song/", timeout=10) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST", "127.0.0.1"), port))
        except OSError:
            return False
    return True


def last_words(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""


def complain(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1


def _stop(_signal: int, _frame: Any) -> None:
    raise Stopping


if __name__ == "__main__":
    sys.exit(main())
