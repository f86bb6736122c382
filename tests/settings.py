"""Settings of the test run and of mypy: the real settings, with an environment that belongs to
nobody.

The engine is chosen by DATABASE_URL (tools/test.py sets it for the PostgreSQL leg); without it a
SQLite file in a temporary folder, so that locks, triggers and WAL behave as they do in an office. A
developer's .env is never read over this.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _var_dir() -> str:
    """A folder of this run only; a worker of pytest-xdist gets its own below the one of its parent."""
    root = os.environ.get("ONESTOP_TEST_ROOT")
    if root is None:
        if "PYTEST_VERSION" not in os.environ:  # mypy and the like: they only read the settings
            return str(Path(__file__).resolve().parent.parent / "build" / "check")
        root = os.environ["ONESTOP_TEST_ROOT"] = tempfile.mkdtemp(prefix="motcua-test-")
        atexit.register(shutil.rmtree, root, ignore_errors=True)
    return str(Path(root) / os.environ.get("PYTEST_XDIST_WORKER", "main"))


_VAR = _var_dir()
os.environ.update(
    TESTING="1",
    DEBUG="0",
    DEMO="0",
    VAR_DIR=_VAR,
    FILES_DIR=str(Path(_VAR) / "files"),
    SECRET_KEY="only-for-tests-not-a-secret-only-for-tests",
    LOOKUP_KEY="Zm9yLXRlc3RzLW9ubHktMzItYnl0ZXMtbG9uZy0hISE=",
    EMAIL_URL="memorymail://",
    PUBLIC_URL="http://testserver",
    HTTPS="0",
    # Playwright's sync API runs an event loop in the test's thread; our ORM calls beside it are
    # made on purpose.
    DJANGO_ALLOW_ASYNC_UNSAFE="1",
)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_VAR}/motcua.sqlite3")
if os.environ.setdefault("REDIS_URL", ""):
    # Workers share one Redis server, never one database of it.
    _base, _, _ = os.environ["REDIS_URL"].partition("?")
    _number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = f"{'/'.join(_base.split('/')[:3])}/{_number}"
os.environ.setdefault("CELERY_EAGER", "1")

from onestop.settings import *  # noqa: E402, F403
from onestop.settings import DATABASES, INSTALLED_APPS  # noqa: E402

Path(_VAR, "static").mkdir(parents=True, exist_ok=True)  # what whitenoise looks for
# By this name pytest-django's live server knows that it has to serve static files from where they
# lie.
INSTALLED_APPS = [
    {"onestop.apps.StaticConfig": "django.contrib.staticfiles"}.get(app, app)
    for app in INSTALLED_APPS
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The test's thread and the live server's open and close their own connections.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": f"{_VAR}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
