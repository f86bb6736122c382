"""What every test may use: engines by marker, a browser, counted queries, screenshots.

A plain `pytest` runs on SQLite and deselects (and says so) what needs PostgreSQL, Redis, Chromium
or much time.
`make test` runs everything: it names the markers itself, and then a missing engine is a failure,
never a skip.
"""

import functools
import gc
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from weakref import WeakValueDictionary
from zlib import crc32

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onestop import stores
from onestop.worktime import calendar
from tests import buckets, flushing, hands, passed, served
from tests.clock import MONDAY, Clock
from tests.standing import commits, standing

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, Page

    from onestop.accounts.models import Officer
    from tests.matrix import World

ON_POSTGRES = "postgresql" in settings.DATABASES["default"]["ENGINE"]
SCREENS = Path(settings.BASE_DIR) / "build" / "screens"
NOT_BY_DEFAULT = ("postgres", "redis", "browser", "heavy")

# Milliseconds a browser may take to show something. A wait ends when it is seen: only a busy
# machine needs so long.
PATIENCE = 60_000

# No example fails by how long it took, nor a test by how long drawing them did: that says how busy
# the machine is.
hypothesis.settings.register_profile(
    "any machine",
    parent=hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("any machine")

# Chromium's own calls home are refused in closed networks, many at a time: never make them.
CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
]


# Who has none of these cannot ask a database: pytest-django refuses it.
ASKS_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks by which `make test` runs a test on one engine only (tools/test.py)."""
    given = item.get_closest_marker("one_engine")
    if given is not None and not given.args:
        raise pytest.UsageError(f"{item.nodeid}: one_engine says why")
    if not (
        item.get_closest_marker("django_db")
        or ASKS_DATABASE.intersection(getattr(item, "fixturenames", ()))
    ):
        item.add_marker("no_database")
    elif (
        not _is_fourth(item.nodeid)
        and not any(item.get_closest_marker(name) for name in ("one_engine", *NOT_BY_DEFAULT))
        and not _tells_engines_apart(item.path)
    ):
        item.add_marker("left_to_postgres")


def _is_fourth(name: str) -> bool:
    """Every fourth one, by its name: the same on every machine and in every run."""
    return crc32(name.encode()) % 4 == 0


@functools.cache
def _tells_engines_apart(path: Path) -> bool:
    """Whether a module asks something else of each engine: what SQLite alone is asked has no twin."""
    return any(
        word in path.read_text("utf-8")
        for word in ("connection.vendor", "a_part(", "ON_POSTGRES", "ON_SQLITE")
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not _is_long(item))
    if (
        config.getoption("markexpr")
        or ON_POSTGRES
        or any("::" in argument for argument in config.args)
    ):
        return
    left_out = [
        item for item in items if any(item.get_closest_marker(name) for name in NOT_BY_DEFAULT)
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported stays to the end: the search for garbage need not look at it again and
    again, nor as often (a thirtieth of the suite's time).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _is_long(item: pytest.Item) -> bool:
    """Goes first, so that no worker waits for it at the end. Not what commits: rows of migrations
    are gone after it.
    """
    return not commits(item) and any(item.get_closest_marker(name) for name in ("heavy", "slow"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Each test, with the fixtures made for it, lives on Monday 23/11/2026 09:00 until it moves its
    clock itself.

    The clock stands still: what a test reads twice is the same, however loaded the machine is.
    Waits are real, because they ask the monotonic clock. Tests of the `site` have a clock that
    goes; `true_clock` is for what starts programs of its own.
    """
    if item.get_closest_marker("true_clock") or "site" in getattr(item, "fixturenames", ()):
        return (yield)
    with time_machine.travel(MONDAY, tick=False):
        return (yield)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """`clock.now = vn("…")` moves the test's clock."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield Clock(traveller)


class LastCounted(WeakValueDictionary[str, Any]):
    """What `worktime` shares among equal calendars, the last sixteen of them held."""

    def __init__(self) -> None:
        super().__init__()
        self._last: deque[Any] = deque(maxlen=16)

    def __setitem__(self, key: str, index: Any) -> None:
        self._last.append(index)
        super().__setitem__(key, index)


@pytest.fixture(scope="session", autouse=True)
def _second_step_passed() -> None:
    passed.watch()


@pytest.fixture(scope="session", autouse=True)
def _quick_flush() -> None:
    if ON_POSTGRES:
        flushing.only_what_has_rows(type(connection.ops))


@pytest.fixture(scope="session", autouse=True)
def _days_counted_once() -> Iterator[None]:
    """Each test forgets its calendars; the days of one just like those before need not be counted
    anew (a tenth of the suite's time).
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(calendar, "_indexes", LastCounted())
        yield


@pytest.fixture(scope="session", autouse=True)
def _duties_from_monday() -> Iterator[None]:
    """Whichever day the machine has when it migrates or flushes, the usual duties begin as on the
    suite's Monday.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("reports.apps.today", MONDAY.date)
        yield


@pytest.fixture(autouse=True)
def _engine_is_there(request: pytest.FixtureRequest) -> None:
    """A test that needs an engine fails without it."""
    if request.node.get_closest_marker("postgres") and not ON_POSTGRES:
        pytest.fail("needs PostgreSQL: set DATABASE_URL or run `make test`")
    if request.node.get_closest_marker("redis") and not os.environ.get("REDIS_URL"):
        pytest.fail("needs a Redis server: set REDIS_URL or run `make test`")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Throttles, cached calendars and published versions never leak from one test into the next."""
    from onestop import speed

    cache.clear()
    speed.forget()


@pytest.fixture
def queries() -> Callable[[], CaptureQueriesContext]:
    """`with queries() as seen: ...` then `len(seen)`: the SQL statements of a block."""
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def signed_in() -> "Callable[[Officer], Client]":
    """`signed_in(officer)`: a test client with that officer's fresh session, which sends what a
    page sends by itself.
    """
    from django.test import Client

    from tests.pages import PageClient

    def sign_in(officer: "Officer") -> Client:
        client = PageClient()
        client.force_login(officer)
        session = client.session
        session.setdefault("seen", int(timezone.now().timestamp()))
        session.save()
        return client

    return sign_in


@pytest.fixture(scope="session")
def s3_server() -> "Iterator[buckets.Server]":
    with buckets.server() as server:
        yield server


@pytest.fixture(scope="session")
def _s3_bucket(s3_server: "buckets.Server") -> str:
    return s3_server.bucket()


@pytest.fixture(
    params=[
        "disk",
        pytest.param("s3", marks=pytest.mark.one_engine("a store of files asks no database")),
    ]
)
def each_store(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    """An empty store of this test, on disk and in a bucket; its kind."""
    found = stores.backend("", folder=tmp_path / "files")
    if request.param == "s3":
        url = request.getfixturevalue("_s3_bucket")
        buckets.share_session(request.getfixturevalue("monkeypatch"))
        found = buckets.config(url.replace("/tep?", f"/{uuid4().hex}?"))
    settings.STORAGES = {**settings.STORAGES, "default": found}
    return str(request.param)


@pytest.fixture(scope="module")
def _standing_world(django_db_setup: None, django_db_blocker: Any) -> "Iterator[World]":
    from tests import matrix

    def make() -> "World":
        world = matrix.make_world()
        for role in world.officers:
            matrix.signed_in(world, role)
        return world

    with standing(django_db_blocker, make) as world:
        yield world


@pytest.fixture
def standing_world(_standing_world: "World", db: None) -> "World":
    """The world of tests/matrix.py, made once a module, everybody signed in."""
    return deepcopy(_standing_world)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Debian's Chromium, driven by Playwright; one process for the whole session."""
    from playwright.sync_api import expect, sync_playwright

    path = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        pytest.fail("needs Chromium: apt-get install chromium, or run `make test` as root")
    expect.set_options(timeout=PATIENCE)
    hands.wait_for_the_page()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=CHROMIUM_FLAGS, chromium_sandbox=os.geteuid() != 0
        )
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: "Browser") -> "Iterator[Callable[..., Page]]":
    """`new_page(width=360)`: a page in its own context (its own cookies). Any error on the page
    fails the test.
    """
    served.watch()
    contexts: list[Any] = []
    errors: list[str] = []

    def open_page(width: int = 1280, height: int = 800, **options: Any) -> "Page":
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    served.wait_for_the_last()
    assert not errors, f"errors on the page: {errors}"


@pytest.fixture
def page(new_page: "Callable[..., Page]") -> "Page":
    """A desk's screen, 1280 px wide."""
    return new_page()


@pytest.fixture
def phone(new_page: "Callable[..., Page]") -> "Page":
    """A citizen's telephone, 360 px wide."""
    return new_page(width=360, height=740, is_mobile=True, has_touch=True)


@pytest.fixture(scope="session")
def shoot() -> "Callable[[Page, str], Path]":
    """`shoot(page, "tiep-nhan")` writes build/screens/tiep-nhan.png of the whole page. `make test`
    draws none (tools/test.py): nothing is compared with them.
    """
    SCREENS.mkdir(parents=True, exist_ok=True)
    wanted = os.environ.get("PICTURES") != "0"

    def take(page: "Page", name: str) -> Path:
        path = SCREENS / f"{name}.png"
        if not wanted:
            return path
        page.screenshot(
            path=path, full_page=True, caret="initial"
        )  # hiding the caret would be an inline style: our CSP refuses it
        return path

    return take


@pytest.fixture(scope="session")
def axe() -> "Callable[..., list[str]]":
    """Accessibility violations of a page as readable lines; the list is empty on a clean page.
    `axe(page, tags)` asks for the rules of these tags only.

    A page that was clean is not asked again at another width: asking costs more than drawing.
    With LONG=1 it is, at each.
    """
    from axe_playwright_python.sync_playwright import Axe

    script = Axe().axe_script
    clean: set[tuple[str, tuple[str, ...], int]] = set()
    at_each_width = bool(os.environ.get("LONG"))

    def violations(page: "Page", tags: tuple[str, ...] = ()) -> list[str]:
        stands = (page.url, tags, hash(page.content()))
        if stands in clean and not at_each_width:
            return []
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if tags:
            options["runOnly"] = {"type": "tag", "values": tags}
        found = page.evaluate(
            # Colours are judged when nothing fades in any more: a busy machine shows the half of it.
            # Sheets and sounds are fetched beforehand only for the rule about sounds.
            "async (how) => {"
            "const ends = (one) => one.effect.getComputedTiming().endTime !== Infinity;"
            "await Promise.allSettled("
            "document.getAnimations().filter(ends).map((one) => one.finished));"
            "return (await axe.run({...how,"
            "preload: document.querySelector('audio, video') !== null"
            "})).violations.map((rule) => ({"
            "id: rule.id, help: rule.help, nodes: rule.nodes.map((node) => node.target)}))}",
            options,
        )
        if not found:
            clean.add(stands)
        return [
            f"{rule['id']}: {rule['help']} ({', '.join(str(node) for node in rule['nodes'][:3])})"
            for rule in found
        ]

    return violations
