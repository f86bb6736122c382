"""What stands around every command: an environment that may be missing, and a reader that may have
gone (`… | head -1`).
"""

import os
import secrets
import sys
from collections.abc import Sequence
from importlib import import_module

# Answered without keys and without a database: they only compute.
WITHOUT_KEYS = frozenset({"due"})
# They write nothing that counts, or are there to find out and to mend what is wrong.
OF_ANY_VERSION = frozenset(
    {
        *WITHOUT_KEYS,
        *("help", "version", "check", "ready", "diffsettings", "state_diagram"),
        *("collectstatic", "compilemessages", "makemessages", "makemigrations"),
        *("dbshell", "showmigrations", "sqlmigrate", "inspectdb"),
    }
)
READER_GONE = 141  # what a shell shows for a program that SIGPIPE ended


def main(argv: Sequence[str]) -> int:
    """Run one command; the exit code of the process. Refusals of the commands themselves leave by
    SystemExit.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onestop.settings")
    if argv[1:2] and (argv[1] in WITHOUT_KEYS or {"-h", "--help"}.intersection(argv)):
        for key in ("SECRET_KEY", "LOOKUP_KEY"):
            os.environ[key] = os.environ.get(key) or secrets.token_urlsafe(32)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        # Here, and not where Django first needs them: a missing key would be told as a command that
        # does not exist.
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    except (ImproperlyConfigured, ValueError) as wrong:
        if "--traceback" in argv:
            raise
        sys.stderr.write(f"{_sentence(str(wrong))}\n")
        return 1
    try:
        try:
            _refuse_newer(argv)
            execute_from_command_line(list(argv))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has read enough; what Python still holds for it must not be written at
        # exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return 0


def _refuse_newer(argv: Sequence[str]) -> None:
    """An older program does nothing to a database of a newer one: no command of it, of Django's
    either.
    """
    name = argv[1] if len(argv) > 1 else "help"
    if name.startswith("-") or name in OF_ANY_VERSION or {"-h", "--help"}.intersection(argv):
        return
    import django

    from onestop import versions

    django.setup()
    versions.refuse()


def _sentence(wrong: str) -> str:
    missing = wrong.removeprefix("Set the ").removesuffix(" environment variable")
    if missing == wrong:
        return "Cấu hình trong môi trường hoặc trong .env chưa đúng. Hãy sửa theo .env.example; thêm --traceback để xem chỗ lỗi."
    return f"Chưa có {missing}. Hãy chạy make run một lần (tự tạo khóa và cơ sở dữ liệu thử), hoặc sao chép .env.example thành .env rồi điền."
