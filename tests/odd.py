"""What nobody means and somebody sends: odd values, and the machine that throws them at an address.

`fields_of` reads the forms of a page as a browser would send them; `throws` makes requests out of
them in which one field (or all) is odd; `answers_badly` sends one and gives what was wrong with the
answer: a server error, or the value in a log line.
"""

import ast
import io
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.test import Client

from onestop import logs

ROOT = Path(__file__).resolve().parents[1]
# Stands in every odd text that can hold it, so that a log line that quotes the value is found.
MARK = "Zq7Xv"
RLO, ZWSP, NUL = "\u202e", "\u200b", "\x00"

# Texts as a form field brings them.
TEXTS: tuple[str, ...] = (
    "",
    " ",
    "²",
    f"020²90123456{MARK}",
    "１２３４５６７８９０１２",
    f"{NUL}{MARK}",
    f"{MARK}{NUL}",
    "9" * 12,
    "9" * 19,
    "9" * 30,
    "9" * 5000,
    "-1",
    "-" + "9" * 30,
    "0",
    "1e9999",
    "nan",
    "inf",
    "-inf",
    "0x10",
    "1_000",
    "1.5",
    "http://[x/tra-cuu/AB1",
    "http://[1/tra-cuu/",
    "http://]/tra-cuu/%00",
    f"//[{MARK}",
    "/tra-cuu/",
    "javascript:alert(1)",
    f"{ZWSP}{ZWSP}",
    f"{RLO}{MARK}\u2066",
    "------",
    "👨‍👩‍👧‍👦🏴",
    "a" + "\u0301" * 3000 + MARK,
    f"{MARK}" * 2_000,
    "﷽" * 500,
    "\ufeff\ufffe\uffff",
    "\r\n\r\nSet-Cookie: x=1",
    "' OR 1=1 --",
    "{0.__class__}%s%(x)s",
    "<script>",
    "[]",
    "{}",
    "null",
    "true",
    "00/00/0000",
    "31/02/2026",
    "01/01/0000",
    "31/12/9999",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30T25:61:61+99:99",
    "31/12/9999 23:59",
    "a~²",
    "~",
    f"~{'9' * 30}",
    f"0~{MARK}~{'9' * 18}",
    "7fffffffffffffff-7fffffffffffffff",
    f"{'f' * 400}-{'f' * 400}",
    "-1-1",
    "١٢-٣",
    "1.²",
    "1.99999999999999999999",
    "99999999999999999.1",
    "1-1",
    "999999-999999",
    "xem:²",
    f"bo-tep:{'9' * 30}",
    "00000000-0000-0000-0000-00000000000²",
)
# Bytes behind the question mark or in a body that are no text: half a character, a surrogate, a
# sign cut short, a lone percent.
BROKEN = (
    "%ED%A0%80",
    "%FF%FE",
    "%C3",
    "%",
    "%zz",
    "%00",
    "%u202e",
    "+" * 50,
    "&" * 50,
    "=",
    ";;",
    "%25%30%30",
)
HEADERS: tuple[dict[str, str], ...] = tuple(
    {name: value}
    for name, values in {
        "HTTP_IF_NONE_MATCH": ("²", '"' * 50, "W/", "*, *"),
        "HTTP_IF_MODIFIED_SINCE": ("31/02/0000", "Thu, 99 Foo 9999 99:99:99 GMT", "²"),
        "HTTP_RANGE": ("bytes=²-", "bytes=9-1", f"bytes={'9' * 5000}-", "bytes=-", "x"),
        "HTTP_ACCEPT_LANGUAGE": ("²;q=nan", "x" * 5000, ",;=,"),
        "HTTP_ACCEPT": ("²", "text/html;q=inf"),
        "HTTP_ACCEPT_ENCODING": ("²;q=²", "gzip;q=nan"),
        "HTTP_HOST": ("http://[", "²", "a b", "testserver:99999999"),
        "HTTP_REFERER": ("http://[x", "²"),
        "HTTP_ORIGIN": ("http://[x", "null"),
        "HTTP_USER_AGENT": ("²\x01\u202e", "x" * 9000),
        "HTTP_X_FORWARDED_FOR": (",,²,", "http://["),
        "HTTP_HX_REQUEST": ("true", "²"),
        "HTTP_HX_CURRENT_URL": ("http://[x",),
        "HTTP_HX_TRIGGER_NAME": ("²",),
        "HTTP_COOKIE": (
            "sessionid=²",
            'sessionid="abcdefgh\\000ijklmnop"',
            "csrftoken=²; messages=²",
            "=;;==;²",
            "sessionid=" + "x" * 5000,
        ),
        "CONTENT_TYPE": (
            "text/html; charset=utf-7",
            "x/y; charset=base64",
            "²",
            "multipart/form-data",
            "application/json",
        ),
        "CONTENT_LENGTH": ("²", "-1", "9" * 30),
        "HTTP_X_CSRFTOKEN": ("²",),
        "HTTP_X_REQUESTED_WITH": ("²",),
    }.items()
    for value in values
)
_FORM = "application/x-www-form-urlencoded"
# (content type, body): bodies that are not what they say.
BODIES: tuple[tuple[str, bytes], ...] = (
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"x"),
    ("multipart/form-data; boundary=\xc2\xb2", b"x"),
    ("multipart/form-data; boundary=B", b"--B\r\n"),
    (
        "multipart/form-data; boundary=B",
        b'--B\r\nContent-Disposition: form-data; name="seen"\r\n\r\n\x00\r\n--B--',
    ),
    (
        "multipart/form-data; boundary=B",
        b'--B\r\nContent-Disposition: form-data; name="a\x00b"\r\n\r\n1\r\n--B--',
    ),
    (
        "multipart/form-data; boundary=B",
        b'--B\r\nContent-Disposition: form-data; name="tep"; filename="\xe2\x80\xae\xed\xa0\x80.pdf"\r\n\r\n%PDF-\x00\r\n--B--',
    ),
    (
        "multipart/form-data; boundary=B",
        b'--B\r\nContent-Disposition: form-data; name="x"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--B--',
    ),
    (
        "multipart/form-data; boundary=B; charset=utf-7",
        b'--B\r\nContent-Disposition: form-data; name="x"\r\n\r\n+2AA-\r\n--B--',
    ),
    (_FORM + "; charset=utf-16", b"\xff\xfea\x00=\x001\x00"),
    (_FORM + "; charset=base64", b"a=1"),
    (_FORM + "; charset=no-such", b"a=1"),
    (_FORM, b"reason=%ED%A0%80&seen=%FF&%FF=%00"),
    (_FORM, b"\x00\x00\x00"),
    (_FORM, b"&".join(b"a%d=1" % number for number in range(6000))),
    ("application/json", b'{"a": [1, "\\ud800"'),
    ("text/plain", b"\xff\xfe"),
    ("", b"a=1"),
)


class _Reader(HTMLParser):
    """Names and values of the inputs of a page, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            if not self.found.get(self._select) or "selected" in given:
                self.found[self._select] = given["value"]
        elif tag == "textarea" and name:
            self._area = name
            self.found[name] = ""
        elif tag in ("input", "button") and name:
            self._input(name, given)

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in ("radio", "checkbox"):
            if name not in self.found or "checked" in given:
                self.found[name] = value or "on"
        elif kind != "file" and not self.found.get(name):
            usual = (
                "28/11/2026"
                if "data-day" in given
                else "1"
                if given.get("inputmode") == "numeric" or kind == "number"
                else "Nội dung"
            )
            self.found[name] = value if value or kind in ("hidden", "submit") else usual

    def handle_data(self, data: str) -> None:
        if self._area and data.strip():
            self.found[self._area] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self.found[self._area] = self.found.get(self._area) or "Nội dung"
            self._area = ""


def fields_of(html: str) -> dict[str, str]:
    """The fields of every form of a page with the values it was drawn with; text fields that were
    empty say something.
    """
    reader = _Reader()
    reader.feed(html)
    reader.found.pop("csrfmiddlewaretoken", None)
    return reader.found


@cache
def names_in_views() -> list[str]:
    """Every name that code of ours asks of GET or POST by itself, without a form."""
    found: set[str] = set()
    for path in [
        p for folder in ("onestop", "procedures", "dossiers") for p in (ROOT / folder).rglob("*.py")
    ]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("get", "getlist")
            ):
                of, asked = ast.unparse(node.func.value), node.args[:1]
                if of.endswith((".GET", ".POST")) and asked and isinstance(asked[0], ast.Constant):
                    found.add(str(asked[0].value))
    return sorted(found)


@dataclass(frozen=True)
class Throw:
    """One odd request: the query, the body (None: GET), more headers, and the texts that no log may
    quote.
    """

    query: str = ""
    body: dict[str, Any] | bytes | None = None
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    told: tuple[str, ...] = ()

    def __str__(self) -> str:
        body = (
            {k: str(v)[:60] for k, v in self.body.items()}
            if isinstance(self.body, dict)
            else self.body
        )
        return f"?{self.query[:200]} {str(body)[:600]} {self.content_type} {self.headers}"


def throws(
    fields: dict[str, str], *, post: bool, draw: random.Random, many: int, with_broken: bool = True
) -> Iterator[Throw]:
    """Odd requests: each with one field odd and the others as the page had them, then some with all
    odd, lists, broken bytes.
    """
    names = sorted(fields)
    pairs = [(name, text) for name in names for text in TEXTS]
    for name, text in draw.sample(pairs, min(many, len(pairs))):
        sent: dict[str, Any] = fields | {name: [text, text] if draw.random() < 0.2 else text}
        yield _throw(sent if post else {name: text}, post=post, told=(text,))
    for text in draw.sample(TEXTS, 2):
        yield _throw(dict.fromkeys(names, text), post=post, told=(text,))
    for broken in draw.sample(BROKEN, 2) if with_broken else ():
        query = "&".join(f"{quote(name)}={broken}" for name in names)
        yield Throw(body=query.encode(), content_type=_FORM) if post else Throw(query=query)


def _throw(sent: dict[str, Any], *, post: bool, told: tuple[str, ...]) -> Throw:
    if post:
        return Throw(body=sent, told=told)
    values = {name: value if isinstance(value, list) else [value] for name, value in sent.items()}
    return Throw(
        query="&".join(
            f"{quote(name)}={quote(one)}" for name, several in values.items() for one in several
        ),
        told=told,
    )


def read_to_the_end(response: Any) -> None:
    """A file that is not read stays open. `response.close()` would close the database of the test
    with it.
    """
    if response.streaming:
        b"".join(response.streaming_content)
        for close in response._resource_closers:
            close()


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Everything that is written to the log meanwhile, by any logger, as it would stand in the
    file.
    """
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logs.formatter())
    loggers = [
        logging.getLogger(name)
        for name in ("", "django", "django.request", "django.security", "onestop", "celery")
    ]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield lines
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


def answers_badly(client: Client, address: str, throw: Throw) -> str:
    """What is wrong with the answer to an odd request; "" when it was a sentence and no log line
    quotes the value.
    """
    client.raise_request_exception = False
    more = {"QUERY_STRING": throw.query} | dict(throw.headers)
    with logged() as lines:
        if throw.body is None:
            response = client.get(address, **more)
        elif isinstance(throw.body, bytes):
            response = client.generic("POST", address, throw.body, throw.content_type, **more)
        else:
            response = client.post(address, throw.body, **more)
        read_to_the_end(response)
    if (
        response.status_code >= 500 and address != "/san-sang/"
    ):  # 503 is what that page says of a server without queue
        return f"{response.status_code} {address} {throw}\n{lines.getvalue()[-1500:]}"
    logged_text = lines.getvalue()
    # The path is logged: what stands in every path of that page tells nothing.
    told = [text for text in throw.told if len(text) > 4 and text[:200] not in address]
    quoted = [
        text for text in told if text[:200] in logged_text or (MARK in text and MARK in logged_text)
    ]
    return f"quoted in the log: {address} {throw}\n{lines.getvalue()[-800:]}" if quoted else ""
