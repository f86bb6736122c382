"""The two references of every ratio: R reads one row and draws ten lines; M does it for a signed-in
officer. A third view is R that also asks what the published lists say of its procedure.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils import timezone

from dossiers.models import Dossier
from onestop import speed
from onestop.accounts.http import OfficerRequest, officer_required
from procedures.listed import listed
from tests.bench.timing import of_database

TEN_LINES = """<!doctype html>
<html lang="vi">
<head><title>{{ dossier.code }}</title></head>
<body>
<h1>{{ dossier.code }}</h1>
<p>{{ dossier.owner_name }}</p>
<p>{{ dossier.received_at }}</p>
<p>{{ dossier.term }}</p>
</body>
</html>
"""
_template = None


def _draw(pk: int) -> str:
    global _template
    if _template is None:
        _template = engines["django"].from_string(TEN_LINES)
    return _template.render({"dossier": Dossier.objects.get(pk=pk)})


def bare(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(_draw(pk))


@officer_required()
def signed_in(request: OfficerRequest, pk: int) -> HttpResponse:
    return HttpResponse(_draw(pk))


def asked_of_lists(request: HttpRequest, pk: int) -> HttpResponse:
    """At a counter for which somebody published lists."""
    dossier = Dossier.objects.select_related("agency", "version").get(pk=pk)
    dossier.agency.has_lists = True
    listed(dossier.agency, timezone.localdate(), [dossier.version.procedure_id])
    return HttpResponse(_draw(pk))


def count_queries(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the number of SQL statements of a request in X-Queries, its milliseconds of CPU in
    this process in X-Cpu (a request stays in its thread), of PostgreSQL for it in X-Cpu-Database
    (each connection has a process there). Where it runs, the
    look-up is not throttled: what is measured is the page. (Here and not on import, so that a test
    that only reads the addresses changes nothing.)
    """
    from dossiers.views import lookup

    lookup.PER_ADDRESS = replace(lookup.PER_ADDRESS, times=10**9)
    lookup.PER_CODE = replace(lookup.PER_CODE, times=10**9)

    def counted(request: HttpRequest) -> HttpResponse:
        """X-Plain: what of the speed layer this request does without."""
        with speed.plainly(*request.headers.get("X-Plain", "").split(",")):
            return measured(request)

    def measured(request: HttpRequest) -> HttpResponse:
        seen = [0]

        def one_more(
            execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
        ) -> Any:
            seen[0] += 1
            return execute(sql, params, many, context)

        database = of_database()
        started = time.thread_time()
        with connection.execute_wrapper(one_more):
            response = get_response(request)
        response["X-Cpu"] = f"{(time.thread_time() - started) * 1000:.3f}"
        response["X-Cpu-Database"] = f"{(of_database() - database) * 1000:.3f}"
        response["X-Queries"] = str(seen[0])
        return response

    return counted
