"""`/api/v1/`: what other programs of the province read, as JSON. Read only; described by
`/api/v1/openapi.json`, which is written from the types of api/answers.py (docs/operations.md, ADR 39).

Everything is UTF-8 with letters as they are. A key (`Authorization: Bearer …`) reads what its account
may read today, within its scopes. The secret of a slip (`X-Lookup-Secret`) opens its own dossier, as on
the look-up page. No cookie is asked: what a browser sends by itself opens nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import wraps
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Path, Query
from ninja.errors import AuthenticationError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.security import APIKeyHeader, HttpBearer

from api import asked
from api.answers import (
    Counts,
    DossierOf,
    DossierPage,
    Problem,
    UnitCounts,
    agency_of,
    dossier_of,
)
from api.keys import Asking, asking
from api.models import Scope
from dossiers.intake import secrets
from dossiers.models import Dossier
from dossiers.reading_codes import normal_code
from dossiers.views.lookup import WRONG_SECRETS
from dossiers.views.throttle import Limit
from onestop import replica
from onestop.accounts.access import access, access_named, client_address
from onestop.accounts.models import AccessKind, Agency
from onestop.errors import DomainError, say
from onestop.worktime import start_of_day
from reports import frozen, rendering
from reports.figures import Scope as Reporting
from reports.figures import is_large
from reports.form_data import form_of_slug
from reports.models import Source
from reports.periods import FIRST_YEAR, LAST_YEAR, parse

# Of one address without a right key or secret, of one key, and of one slip with its right secret: whoever
# asks for many citizens from one address is held up by what is wrong only.
UNKNOWN = Limit("api-address", times=60, seconds=60)
KNOWN = Limit("api-key", times=600, seconds=60)
OF_A_SLIP = Limit("api-slip", times=60, seconds=60)
# How the access log calls whoever has the slip: nobody knows who that is.
BY_SLIP = "API, mã tra cứu"
MOST = 200
SLIP_SECRET = "X-Lookup-Secret"  # noqa: S105 - the name of a header
CODE = Annotated[str, Path(max_length=60)]


class TooOften(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Refused(Exception):
    """An answer that is none: its status, and the sentence."""

    def __init__(self, status: int, code: str, **data: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.data = status, code, data


class Key(HttpBearer):
    """The text of a key, as it was shown when it was given."""

    def authenticate(self, request: HttpRequest, token: str) -> Asking | None:
        found = asking(token[:200], timezone.now())
        if found is None:
            if wait := UNKNOWN.spend(client_address(request)):
                raise TooOften(wait)
            return None
        if wait := KNOWN.spend(str(found.key.pk)):
            raise TooOften(wait)
        return found


class Secret(APIKeyHeader):
    """The secret of the slip, for its own dossier only."""

    param_name = SLIP_SECRET

    def authenticate(self, request: HttpRequest, key: str | None) -> str | None:
        return key[:200] if key else None


class Written(JSONRenderer):
    """Vietnamese as it is read, not as numbers of letters."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem, 429: Problem}

api = NinjaAPI(
    title="Một cửa",
    version="1",
    description="Chỉ đọc. Khóa do quản trị viên cấp tại Quản trị › Khóa API.",
    docs_url=None,  # its page loads scripts from elsewhere
    openapi_url=None,  # Ninja's own address answers POST too; ours is `document`
    urls_namespace="api",
    auth=Key(),
    renderer=Written(),
)


@api.get("/dossiers/{code}/", auth=[Key(), Secret()], response={200: DossierOf, **PROBLEMS})
def dossier(request: HttpRequest, code: CODE) -> DossierOf:
    """One dossier by its code: with a key, or with the secret of its slip."""
    now, who = timezone.now(), request.auth  # type: ignore[attr-defined]
    if isinstance(who, str):
        return dossier_of(_of_secret(request, normal_code(code), who), now, owner=True)
    _need(who, Scope.DOSSIERS)
    found = asked.dossier(who.desk, normal_code(code))
    if found is None:
        raise Refused(404, "api_missing")
    access(who.desk.officer, AccessKind.VIEWED, "dossier", found.pk, _by(who))
    return dossier_of(found, now, owner=who.may(Scope.OWNERS))


@api.get("/dossiers/", response={200: DossierPage, **PROBLEMS})
def dossiers(
    request: HttpRequest,
    agency: Annotated[str, Query(max_length=30, description="Mã cơ quan giải quyết")],
    state: Annotated[int | None, Query(ge=1, le=10)] = None,
    received_from: date | None = None,
    received_to: Annotated[date | None, Query(description="Kể cả ngày này")] = None,
    after: Annotated[str, Query(max_length=60, description="“next” của trang trước")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> DossierPage:
    """The dossiers that one agency handles, received last first, page by page."""
    now, who = timezone.now(), _asking(request)
    _need(who, Scope.DOSSIERS)
    if after and asked.LIST.read(after) is None:
        raise Refused(422, "api_cursor")
    for name, day in (("received_from", received_from), ("received_to", received_to)):
        # Outside these years days and zones cannot be counted.
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Refused(422, "api_unreadable", parts=name)
    start = start_of_day(received_from) if received_from else None
    end = start_of_day(received_to + timedelta(days=1)) if received_to else None
    page = asked.page(
        who.desk,
        _overseen(who, agency),
        state=state,
        received=(start, end),
        after=after,
        size=limit,
    )
    said = f"{_by(who)}: danh sách hồ sơ {agency}, {len(page.rows)} hồ sơ"
    access(who.desk.officer, AccessKind.SEARCHED, "dossier", None, said)
    owner = who.may(Scope.OWNERS)
    return DossierPage(
        dossiers=[dossier_of(row, now, owner=owner) for row in page.rows], next=page.next
    )


@api.get("/counts/", response={200: Counts, **PROBLEMS})
def counts(
    request: HttpRequest,
    agency: Annotated[
        str, Query(max_length=30, description="Chỉ cơ quan này và cơ quan dưới nó")
    ] = "",
) -> Counts:
    """The figures of the dashboard of this moment, one row an agency."""
    now, who = timezone.now(), _asking(request)
    _need(who, Scope.COUNTS)
    units = asked.agencies_of(who.desk, agency)
    if not units:
        raise Refused(404, "api_missing")
    access(who.desk.officer, AccessKind.VIEWED, "report", None, f"{_by(who)}: số liệu {agency}")
    found = replica.read(lambda _: asked.counts(units, now), wait=replica.PAGE_WAIT)
    rows = [UnitCounts(agency=agency_of(one), **found[one.pk]) for one in units]
    return Counts(at=now, day=timezone.localdate(now), units=rows)


@api.get(
    "/reports/{form}/{agency}/{period}/",
    response={200: dict[str, Any], 409: Problem, **PROBLEMS},
)
def report(
    request: HttpRequest,
    form: Annotated[str, Path(max_length=40)],
    agency: Annotated[str, Path(max_length=30)],
    period: Annotated[str, Path(max_length=40)],
) -> HttpResponse:
    """A periodic report, as `manage.py report … --format json` gives it: the signed one where there is
    one, else the draft of this moment. Forms as in the addresses of /bao-cao/.
    """
    who, now = _asking(request), timezone.now()
    _need(who, Scope.COUNTS)
    wanted, unit = parse(period), _overseen(who, agency)
    model = form_of_slug(form, wanted.last)
    if model.source == Source.LIST:
        _need(who, Scope.OWNERS)  # a list names people
    said = f"{_by(who)}: {model.code} {unit.code} {wanted.code}"
    access(who.desk.officer, AccessKind.VIEWED, "report", None, said)
    signed = frozen.standing(model.code, unit.pk, wanted)
    if signed is not None:
        text = rendering.json_text(frozen.thaw(signed), state="signed")
    elif is_large(model, Reporting.for_form(model, unit), wanted, now):
        raise Refused(409, "api_large")
    else:
        drafted = replica.read(
            lambda _: frozen.drafted(model, unit, wanted, now), wait=replica.PAGE_WAIT
        )
        text = rendering.json_text(drafted, state="draft")
    return HttpResponse(text, content_type=api.get_content_type())


def read_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ninja's own answer to another method is no JSON."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method == "GET":
            return view(request, *args, **named)
        answer = _said(request, 405, "api_read_only")
        answer["Allow"] = "GET"
        return answer

    return answered


@csrf_exempt  # asks no cookie; and another method is told so, as of every question
@read_only
def document(request: HttpRequest) -> HttpResponse:
    """What there is to ask, for programs that write programs."""
    # The prefix is given: Ninja would ask for the address of its first page, which is not there.
    told = api.get_openapi_schema(path_prefix="/api/v1/")
    return api.create_response(request, told, status=200)


def _asking(request: HttpRequest) -> Asking:
    who: Asking = request.auth  # type: ignore[attr-defined]
    return who


def _need(who: Asking, scope: Scope) -> None:
    if not who.may(scope):
        raise Refused(403, "api_scope", scope=scope.label)


def _overseen(who: Asking, code: str) -> Agency:
    """Errors: Refused for what the account does not oversee today."""
    found = next((one for one in asked.agencies_of(who.desk) if one.code == code), None)
    if found is None:
        raise Refused(404, "api_missing")
    return found


def _of_secret(request: HttpRequest, code: str, secret: str) -> Dossier:
    """Unknown code, wrong secret and a voided reception get one and the same answer. Effects: a line
    of the access log.
    """
    found = asked.dossier_of_code(code)
    if found is None or not secrets.matches(found, secret):
        if wait := max(UNKNOWN.spend(client_address(request)), WRONG_SECRETS.spend(code)):
            raise TooOften(wait)
        raise Refused(404, "api_missing")
    if wait := OF_A_SLIP.spend(code):
        raise TooOften(wait)
    access_named(BY_SLIP, AccessKind.VIEWED, "dossier", {found.pk: found.agency_id})
    return found


def _by(who: Asking) -> str:
    return f"API, khóa {who.key.pk}"


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: Exception) -> HttpResponse:
    answer = _said(request, 401, "api_unknown")
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(TooOften)
def _often(request: HttpRequest, error: TooOften) -> HttpResponse:
    answer = _said(request, 429, "api_often", {"seconds": error.seconds})
    answer["Retry-After"] = str(error.seconds)
    return answer


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return _said(request, error.status, error.code, error.data)


@api.exception_handler(DomainError)
def _domain(request: HttpRequest, error: DomainError) -> HttpResponse:
    return _said(request, 422, error.code, error.data)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _said(request, 404, "api_missing")


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    parts = ", ".join(dict.fromkeys(str(one["loc"][-1]) for one in error.errors))
    return _said(request, 422, "api_unreadable", {"parts": parts})


def _said(
    request: HttpRequest, status: int, code: str, data: dict[str, Any] | None = None
) -> HttpResponse:
    told = {"code": code.removeprefix("api_"), "detail": say(code, data)}
    return api.create_response(request, told, status=status)
