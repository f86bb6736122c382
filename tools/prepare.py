"""One Django start before the servers: migrations, static files when they changed, the demo
province. Called by tools/run.py.
"""

import hashlib
import io
import os
import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onestop.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command, get_commands  # noqa: E402
from django.db import transaction  # noqa: E402

import upgrading  # noqa: E402
from onestop.environment import OWN_DATA  # noqa: E402


def static_stamp() -> str:
    """Changes when a file of ours or a package that brings static files changed."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    digest.update((settings.BASE_DIR / "onestop" / "apps.py").read_bytes())
    for path in sorted((settings.BASE_DIR / "static").rglob("*")):
        if path.is_file():
            digest.update(
                f"{path.relative_to(settings.BASE_DIR)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode()
            )
    return digest.hexdigest()


def collect_static() -> None:
    stamp = settings.VAR_DIR / "static.stamp"
    now = static_stamp()
    if settings.STATIC_ROOT.is_dir() and stamp.is_file() and stamp.read_text() == now:
        return
    print("Đang gom tệp tĩnh…", flush=True)
    call_command("collectstatic", "--noinput", "--clear", verbosity=0)
    stamp.write_text(now)


def load_demo() -> None:
    """Whole or not at all: a machine that goes down meanwhile begins anew next time."""
    said = io.StringIO()
    with transaction.atomic():
        call_command("demo", "--if-empty", stdout=said)
    # Its first line only: the accounts are told once, when the address is.
    print(said.getvalue().partition("\n")[0], flush=True)


def own_data() -> bool:
    """Whether the demo left alone what it found; a mark says so to tools/run.py."""
    from dossiers.demo import is_here

    mark = settings.VAR_DIR / OWN_DATA
    if is_here():
        mark.unlink(missing_ok=True)
        return False
    mark.touch()
    return True


def open_door(name: str) -> None:
    """By which the portal of the demo files; here, where Django has started already."""
    from dossiers.intake.online import national_source

    call_command("exchange_door", name, source=national_source().name, stdout=io.StringIO())


def main() -> int:
    try:
        upgrading.bring_up()
        collect_static()
        if "--demo" in sys.argv and "demo" in get_commands():
            load_demo()
            if not own_data() and "--door" in sys.argv:
                open_door(sys.argv[sys.argv.index("--door") + 1])
    except upgrading.Refused as refused:
        print(refused, file=sys.stderr, flush=True)
        return 1
    except Exception:  # whatever it is, people get a sentence and the rest is in the log
        log = upgrading.log_file()
        log.write_text(traceback.format_exc(), encoding="utf-8")
        print(f"{upgrading.failure()}; chi tiết ở {log}.", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
