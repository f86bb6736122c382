"""Logs as JSON lines without personal data: one line a request, and everything Django, Celery and
we say.

What a slip or a sign-in form carries never reaches a log: query strings are not written at all, and
identity numbers, telephone numbers, look-up secrets and passwords are masked wherever they turn up,
in texts, in fields and in tracebacks.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, MutableMapping
from string import ascii_lowercase
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase

MASK = "•••"
_SECRET_KEYS = re.compile(
    r"pass(word|wd)?|mat_?khau|secret|token|lookup|^k$|identity|so_?dinh_?danh|cccd|cmnd|phone|dien_?thoai|authorization|cookie|csrf",
    re.IGNORECASE,
)
_IN_TEXT = (
    # ?k=…, password=…, "password": "…", redis://:…@host
    (
        re.compile(
            r"((?:[?&\s\"']|^)(?:k|password|passwd|secret|token|csrfmiddlewaretoken)[\"']?\s*[=:]\s*[\"']?)[^\s&\"',;)}]+",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(\w+://[^\s:/@]*:)[^\s@/]+@"), rf"\1{MASK}@"),
    (re.compile(r"(?<![\d.])(?:\+84|0)(?:[ .]?\d){9}(?!\d)"), MASK),  # telephone
    (re.compile(r"(?<![\d.,/-])(?:\d{12}|\d{9})(?![\d/-])"), MASK),  # căn cước, chứng minh nhân dân
)

logger = structlog.stdlib.get_logger("onestop.request")


def masked(text: str) -> str:
    """The text with everything that identifies a person or opens a door replaced by dots."""
    for pattern, replacement in _IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


def _clean(value: Any, key: str = "") -> Any:
    if key and _SECRET_KEYS.search(key):
        return MASK
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: _clean(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_clean(inner) for inner in value]
    return value


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: the last one before the line is written."""
    for key, value in event.items():
        event[key] = _clean(value, key)
    return event


def no_request(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Structlog processor: what Django hangs on its own lines is the whole request, whose text
    quotes the query. Its path stays.
    """
    for key, value in list(event.items()):
        if isinstance(value, HttpRequest):
            event[key] = structlog.contextvars.get_contextvars().get(key, value.path)
    return event


def new_request_id() -> str:
    """A name for one request. Letters only: a run of digits would be masked like a person's number."""
    return "".join(secrets.choice(ascii_lowercase) for _ in range(14))


class RequestLog:
    """One line a request: method, path without its query, status, milliseconds, officer, request
    id.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = new_request_id()
        structlog.contextvars.bind_contextvars(request=request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            logger.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
                officer=_officer_id(request),
            )
        finally:
            structlog.contextvars.unbind_contextvars("request")
        response["X-Request-Id"] = request_id
        return response


def _officer_id(request: HttpRequest) -> int | None:
    """Whoever the request already looked up; the log itself never asks the session or the database."""
    user = request.__dict__.get("_cached_user")
    return user.pk if user is not None and user.is_authenticated else None


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    no_request,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    structlog.processors.format_exc_info,
]


def _renderer(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    rendered = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)(
        _logger, _method, event
    )
    return rendered if isinstance(rendered, str) else rendered.decode()


def formatter() -> logging.Formatter:
    """What LOGGING in the settings hangs on its handler."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, mask, _renderer],
    )


def configure(level: str) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    own = {"handlers": ["lines"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "onestop.logs.formatter"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            "django": own,
            "django.server": own,
            # The request line above says the same with more.
            "django.request": {"handlers": ["lines"], "level": "ERROR", "propagate": False},
            "celery": own,
            "gunicorn.error": own,
            # A queue of two is no news.
            "waitress.queue": {"level": "ERROR"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "onestop": {"level": level},
            "procedures": {"level": level},
            "dossiers": {"level": level},
        },
    }
