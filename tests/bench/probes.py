"""What the benchmark asks inside a process of the measured environment; every function gives JSON."""

import io
import multiprocessing
import statistics
import time
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Count, F, Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dossiers.acts import reception
from dossiers.acts.many import Seen
from dossiers.desk.search import search
from dossiers.intake import brought, secrets
from dossiers.models import Dossier, NameKey, Slip
from dossiers.slips import issuing
from dossiers.states import State
from onestop import pdf, worktime
from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.accounts.session_store import SessionStore
from procedures.channels import Channel
from procedures.models import Case, Field, Method, Paper, Procedure, ProcedureVersion, Status
from procedures.searching import search_text

# What is imported and not used here is asked for by its name in tools/benchmark.
from tests import passed
from tests.bench.acts import page_with_one_more
from tests.bench.archive import archive  # noqa: F401
from tests.bench.handing import presses
from tests.bench.importing import brought_in  # noqa: F401
from tests.bench.ledger import size, verification  # noqa: F401
from tests.bench.listing import lists, notice, searching  # noqa: F401
from tests.bench.morning import morning  # noqa: F401
from tests.bench.reports import paper, workbook  # noqa: F401
from tests.bench.statutory import quarter  # noqa: F401
from tests.bench.telling import pushing  # noqa: F401
from tests.bench.timing import undisturbed


def known() -> dict[str, Any]:
    """Addresses and cookies the pages are measured with: the fullest desk of a specialist (who leads
    searches further, and is one in one archive and none in the other), its clerk, one dossier with
    a slip's secret.
    """
    counters = RoleGrant.objects.filter(role=Role.CLERK).values("agency")
    others = RoleGrant.objects.exclude(role=Role.SPECIALIST).values("officer")
    busiest = (
        Dossier.objects.open()
        .filter(agency__in=counters)
        .exclude(Q(holder=None) | Q(holder__in=others))
        .values("holder")
        .annotate(n=Count("pk"))
        .order_by("-n")
        .first()
    )
    assert busiest is not None
    officer = Officer.objects.get(pk=busiest["holder"])
    fill_desk(officer)
    dossier = (
        Dossier.objects.filter(holder=officer, ended_at=None, agency__in=counters)
        .order_by("-id")
        .first()
    )
    assert dossier is not None
    clerk_grant = (
        RoleGrant.objects.filter(role=Role.CLERK, agency=dossier.agency)
        .select_related("officer")
        .first()
    )
    assert clerk_grant is not None
    fill_return_desk(dossier.agency_id)
    case = a_case(10)
    leader = an_overseer(besides=dossier.agency_id)
    return {
        "cookie": cookie(officer),
        "clerk_cookie": cookie(clerk_grant.officer),
        "board_cookie": cookie(leader),
        "administrator_cookie": cookie(holder_of(Role.ADMINISTRATOR)),
        "controller_cookie": cookie(holder_of(Role.CONTROLLER)),
        "bare": f"/do/r/{dossier.pk}/",
        "listed": f"/do/danh-muc/{dossier.pk}/",
        "signed_in": f"/do/m/{dossier.pk}/",
        "lookup": f"/tra-cuu/{dossier.code}/",
        "lookup_secret": f"/tra-cuu/{dossier.code}/?k={secrets.secret_of(dossier)}",
        "dossier": f"/ho-so/{dossier.code}/",
        "why": f"/ho-so/{dossier.code}/vi-sao/",
        "board": "/dieu-hanh/",
        "queue": "/viec/?loai=dang-xu-ly",
        "form": f"/tiep-nhan/lap/{case.version.procedure.code}/",
        "procedure_search": "/thu-tuc/tim/?q=khai+sinh",
        "person_search": "/tim/?q=nguyen+van",
        # Of one office and one day.
        "code_prefix": f"/tim/?{urlencode({'q': dossier.code.rsplit('-', 1)[0]})}",
        "intake_start": "/tiep-nhan/",
        "return_desk": "/tra-ket-qua/",
        "give_list": "/ban-giao/",
        "receive_list": "/ban-giao/nhan/",
        "given_list": "/ban-giao/da-giao/",
        "today": "/hom-nay/",
        "batches": "/ban-giao/so/",
        "access_log": "/quan-tri/nhat-ky-truy-cap/",
        "jobs": "/quan-tri/viec-dinh-ky/",
        "few_people": f"/tim/?{urlencode({'q': a_name(officer)})}",
        "few_codes": f"/tim/?{urlencode({'q': a_prefix(officer)})}",
        "scripts": [str(path.relative_to(settings.BASE_DIR)) for path in scripts()],
    }


def a_name(officer: Officer, shown: int = 3) -> str:
    """What this officer types to find so many dossiers, or nearly so many where no name of a small
    archive finds just that, whatever the size of the archive.
    """
    keys = NameKey.objects.filter(dossier__holder=officer, dossier__ended_at=None)
    names = keys.order_by("-dossier", "-text").values_list("text", flat=True)
    typed = ((text[:end].strip() for end in range(len(text), 1, -1)) for text in names)
    return _finding(officer, typed, shown)


def a_prefix(officer: Officer, shown: int = 2) -> str:
    """The beginning of a code that finds so many dossiers (or nearly), whatever the size of the archive;
    one would lead to its own page.
    """
    codes = Dossier.objects.filter(holder=officer).order_by("-pk").values_list("code", flat=True)
    typed = ((code[:end] for end in range(len(code) - 1, len(code) - 7, -1)) for code in codes)
    return _finding(officer, typed, shown)


def _finding(officer: Officer, typed: Iterable[Iterable[str]], shown: int) -> str:
    """Each of `typed`: the same, ever shorter, which finds ever more."""
    now = timezone.now()
    desk = desk_of(officer, now)
    near: dict[int, str] = {}
    for shorter in typed:
        for text in shorter:
            found = len(search(desk, text, on=timezone.localdate(now)).pks)
            if found == shown:
                return text
            if 1 < found <= 2 * shown:
                near.setdefault(found, text)
            if found > shown:
                break
    assert near, "nothing typed finds so few"
    return near[min(near, key=lambda found: abs(found - shown))]


def fill_desk(officer: Officer, rows: int = 60) -> None:
    """Just so many on the measured desk, a full first page, whatever the size of the archive: what
    a desk holds its lists count, so that only equal open work can be compared.
    """
    held = Dossier.objects.working().filter(holder=officer, pending_department=None).order_by("-pk")
    surplus = list(held.values_list("pk", flat=True)[rows:])
    others = Dossier.objects.working().filter(pending_department=None).exclude(holder=officer)
    missing = list(
        others.order_by("pk").values_list("pk", flat=True)[: max(rows - held.count(), 0)]
    )
    Dossier.objects.filter(pk__in=missing).update(holder=officer)
    colleague = others.exclude(holder=None).order_by("pk").values_list("holder", flat=True).first()
    Dossier.objects.filter(pk__in=surplus).update(holder=colleague)


def fill_return_desk(agency_id: int, rows: int = 60) -> None:
    """Just so many results to collect at a counter, a full first page, whatever the size of the
    archive.
    """
    of_it = Q(agency=agency_id) | Q(received_by_agency=agency_id)
    waiting = Dossier.objects.filter(of_it, state=State.FINISHED).order_by("-pk")
    surplus = list(waiting.values_list("pk", flat=True)[rows:])
    Dossier.objects.filter(pk__in=surplus).update(state=State.RETURNED)
    others = Dossier.objects.filter(state=State.RETURNED).exclude(pk__in=surplus).order_by("-pk")
    missing = list(others.values_list("pk", flat=True)[: max(rows - waiting.count(), 0)])
    Dossier.objects.filter(pk__in=missing).update(
        agency=agency_id, state=State.FINISHED, returned_at=None
    )


def an_overseer(besides: int, open_work: int = 60, to_collect: int = 20) -> Officer:
    """The leader of another office than the measured desk's, with as much open work and as many
    results to collect whatever the size of the archive.
    """
    grants = RoleGrant.objects.filter(role=Role.LEADER).exclude(agency=besides)
    handled = Dossier.objects.filter(agency__in=grants.values("agency")).values("agency")
    fullest = handled.annotate(n=Count("pk")).order_by("-n", "agency")[0]["agency"]
    grant = grants.filter(agency=fullest).select_related("officer").order_by("pk")[0]
    here = Dossier.objects.filter(agency=fullest)
    gone = {"state": State.RETURNED, "waiting_since": None, "pending_department": None}
    for rows, count in (
        (here.open(), open_work),
        (here.filter(state=State.FINISHED), to_collect),
    ):
        surplus = list(rows.order_by("-pk").values_list("pk", flat=True)[count:])
        Dossier.objects.filter(pk__in=surplus).update(**gone, ended_at=F("received_at"))
    missing = open_work - here.open().count()
    ended = here.filter(state=State.RETURNED).order_by("-pk").values_list("pk", flat=True)
    Dossier.objects.filter(pk__in=list(ended[: max(missing, 0)])).update(
        state=State.IN_PROGRESS, ended_at=None, verdict=None, returned_at=None
    )
    return grant.officer


def holder_of(role: Role) -> Officer:
    grants = RoleGrant.objects.filter(role=role).select_related("officer")
    return grants.order_by("pk")[0].officer


def scripts() -> list[Path]:
    """Every script file a page loads."""
    import django_htmx

    return [
        settings.BASE_DIR / "static" / "app.js",
        Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js",
    ]


def cookie(officer: Officer) -> str:
    """A session of that officer, signed in just now."""
    session = SessionStore()
    session[SESSION_KEY] = str(officer.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session["seen"] = int(time.time())
    passed.mark(session, officer)
    session.create()
    Officer.objects.filter(pk=officer.pk).update(
        must_change_password=False, last_seen_at=timezone.now(), password_changed_at=timezone.now()
    )
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def a_case(papers: int) -> Case:
    """A procedure in force with so many papers, made for the measurement."""
    code = f"9.{papers:06d}"
    version = ProcedureVersion.objects.filter(procedure__code=code).first()
    if version is not None:
        return version.cases.get()
    name = f"Thủ tục đo tốc độ với {papers} giấy tờ"
    version = ProcedureVersion.objects.create(
        procedure=Procedure.objects.create(code=code), number=1, name=name, field=Field.objects.order_by("pk")[0], levels="Cấp xã",
        effective_from=date(2018, 1, 1), status=Status.READY, content_hash=f"{papers:064d}", search_text=search_text(code, name, ""),
    )  # fmt: skip
    case = Case.objects.create(version=version, order=1, name="")
    Method.objects.create(
        case=case,
        channel=Channel.DIRECT,
        term="7 ngày làm việc",
        term_text="7 Ngày làm việc",
        fee_amount=0,
        fee_text="Miễn phí",
    )
    Paper.objects.bulk_create(
        [
            Paper(case=case, order=n, name=f"Giấy tờ thứ {n}", originals=1)
            for n in range(1, papers + 1)
        ]
    )
    return case


def a_clerk() -> tuple[Desk, Agency]:
    grant = (
        RoleGrant.objects.filter(role=Role.CLERK, department__isnull=False)
        .select_related("officer", "agency")
        .order_by("pk")[0]
    )
    return desk_of(grant.officer, timezone.now()), grant.agency


def an_intake(case: Case, agency: Agency) -> brought.Intake:
    papers = tuple(brought.PaperIn(p.pk, originals=1) for p in case.papers.all())
    return brought.Intake(
        token=uuid4(), agency=agency, case_id=case.pk, channel=Channel.DIRECT, papers=papers, no_scan_reason="Đo tốc độ",
        owner=brought.Person(name="Nguyễn Văn Đo", identity_number="001087000123", phone="0912345678", address="Thôn 1"),
    )  # fmt: skip


def receiving(rounds: int = 30) -> dict[str, float]:
    """Statements and milliseconds of receiving one dossier with 1 and with 50 papers."""
    found: dict[str, float] = {}
    desk, agency = a_clerk()
    for name, count in (("one", 1), ("fifty", 50)):
        case = a_case(count)
        reception.receive(an_intake(case, agency), by=desk, at=timezone.now())
        times = []
        for _ in range(rounds):
            given = an_intake(case, agency)
            started = time.perf_counter()
            reception.receive(given, by=desk, at=timezone.now())
            times.append((time.perf_counter() - started) * 1000)
        with CaptureQueriesContext(connection) as seen:
            reception.receive(an_intake(case, agency), by=desk, at=timezone.now())
        found[name], found[f"{name}_ms"] = len(seen), statistics.median(times)
    return found


def one_more_act() -> dict[str, int]:
    """Statements of a dossier's page, and of the same with one more act."""
    desk, agency = a_clerk()
    dossier = reception.receive(an_intake(a_case(1), agency), by=desk, at=timezone.now())
    return page_with_one_more(dossier, cookie(desk.officer))


def batches(many: int) -> dict[str, float]:
    """Giving and receiving so many by one press (tests/bench/handing.py)."""
    case = a_case(1)

    def received(counter: RoleGrant) -> Seen:
        at = timezone.now()
        by, given = desk_of(counter.officer, at), an_intake(case, counter.agency)
        dossier = reception.receive(given, by=by, at=at)
        return Seen(dossier.pk, dossier.row_version)

    return presses(received, many)


def some_slips(count: int) -> list[int]:
    desk, agency = a_clerk()
    case = a_case(4)
    made = [
        reception.receive(an_intake(case, agency), by=desk, at=timezone.now()) for _ in range(count)
    ]
    return list(
        Slip.objects.filter(dossier__in=made, slug="tiep-nhan").values_list("pk", flat=True)
    )


def printing(count: int = 40) -> dict[str, float]:
    """A form 01 task end to end against bare WeasyPrint on the same HTML, in turn in one warm
    process; then two processes against one.
    """
    import weasyprint

    from dossiers.slips import slip_stylesheet

    pdf.warm()
    font = weasyprint.text.fonts.FontConfiguration()
    sheet = weasyprint.CSS(filename=str(slip_stylesheet()), font_config=font)
    tasks, bares = [], []
    for pk in some_slips(count):
        page = issuing.html(Slip.objects.select_related("dossier").get(pk=pk))
        started = time.perf_counter()
        weasyprint.HTML(string=page).write_pdf(
            stylesheets=[sheet], font_config=font, pdf_variant="pdf/ua-1"
        )
        middle = time.perf_counter()
        issuing.make_pdf(pk)
        tasks.append(time.perf_counter() - middle)
        bares.append(middle - started)
    alone, beside = [], []
    for _ in range(6):
        alone += crowd(1, count // 8)
        beside += crowd(2, count // 8)
    return {
        "task_ms": statistics.median(tasks) * 1000,
        "ratio": undisturbed(tasks) / undisturbed(bares),
        "beside": undisturbed(beside) / undisturbed(alone),
    }


def crowd(processes: int, count: int) -> list[float]:
    """Seconds of CPU of each of `count` slips that so many warm processes make together."""
    waiting = some_slips(count)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, initializer=pdf.warm) as pool:
        pool.map(_cpu_of_slip, some_slips(2 * processes), chunksize=2)
        return pool.map(_cpu_of_slip, waiting, chunksize=2)


def many_slips(count: int = 200) -> dict[str, float]:
    """Seconds that one and two warm workers take for so many slips, half of them at a time in turn,
    so that a busy moment of the machine slows both; and how many times as fast two are.
    """
    one = two = 0.0
    for _ in range(2):
        one += _seconds_of(1, count // 2)
        two += _seconds_of(2, count // 2)
    return {"one": one, "two": two, "ratio": one / two}


def _seconds_of(processes: int, count: int) -> float:
    waiting, first = some_slips(count), some_slips(2 * processes)
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(processes, initializer=pdf.warm) as pool:
        pool.map(_cpu_of_slip, first, chunksize=1)
        started = time.perf_counter()
        pool.map(_cpu_of_slip, waiting, chunksize=5)
        return time.perf_counter() - started


def _cpu_of_slip(pk: int) -> float:
    started = time.process_time()
    issuing.make_pdf(pk)
    return time.process_time() - started


def due_rate(seconds: float = 1.0) -> float:
    """Promises of 20 working days computed in a second of CPU, receipts over a year."""
    calendar = worktime.vn_calendar()
    term = worktime.parse_term("20 ngày làm việc")
    receipts = [
        datetime(2025, 1 + n % 12, 1 + n % 28, 8 + n % 9, n % 60, tzinfo=worktime.VN)
        for n in range(1000)
    ]
    for receipt in receipts:
        worktime.due(receipt, term, calendar)
    done, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        for receipt in receipts:
            worktime.due(receipt, term, calendar)
        done += len(receipts)
    return done / (time.process_time() - started)


def imports() -> tuple[float, float]:
    """Seconds of CPU to import the shipped catalogue into an empty database, and again."""
    path = settings.BASE_DIR / "data" / "catalogue.json"
    took = []
    for _ in range(2):
        started = time.process_time()
        call_command("import_procedures", str(path), stdout=io.StringIO())
        took.append(time.process_time() - started)
    return took[0], took[1]
