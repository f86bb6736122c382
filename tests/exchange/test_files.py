"""Files that other systems name: fetched from public machines only, by TLS, no more than was declared,
checked like any upload; what cannot be had is told and may be asked for again.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from dossiers.intake.said import FILES
from dossiers.models import OnlineFiling
from exchange.inbox import files, telling
from exchange.inbox.fetching import NotFetched, fetch
from exchange.models import IncomingFile
from onestop import calling
from onestop.files.models import Attachment
from tests.exchange.sent import a_door, body_of, came, data_of
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, make_office

State = IncomingFile.State
SHA = hashlib.sha256(PDF).hexdigest()


class Portal(BaseHTTPRequestHandler):
    """What a portal's store of files may do to whoever asks it."""

    def do_GET(self) -> None:
        what = self.path.strip("/")
        if what == "broken":
            self._begin(len(PDF))
            self.wfile.write(PDF[:-10])
        elif what in ("expired", "away"):
            self.send_error(403 if what == "expired" else 503)
        elif what == "turns":
            self._turn("/turns")
        elif what == "inside":
            self._turn("http://127.0.0.2/secret")
        elif what == "garbage":
            self.wfile.write(b"hello\r\n\r\n")
        elif what == "t%E1%BB%87p/T%E1%BB%9D%20khai.pdf?a=%C4%91" or what == "moved":
            self._turn("/file")
        elif what == "slow":
            self._begin(len(PDF))
            with suppress(OSError):
                # A byte now and then until it is cut off: never the whole.
                while not self.server.over.wait(0.05):  # type: ignore[attr-defined]
                    self.wfile.write(b".")
                    self.wfile.flush()
        else:
            self._begin(len(PDF))
            self.wfile.write(PDF)

    def _turn(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def _begin(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def portal(settings: Any) -> Iterator[str]:
    """Its address; it stands inside, where only what is named may stand."""
    settings.EXCHANGE_INSIDE = ["127.0.0.1"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    server.over = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.over.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def why_not(url: str, most: int = 10_000) -> str:
    with pytest.raises(NotFetched) as refused:
        fetch(url, most=most)
    return refused.value.code


def test_a_file_is_fetched_also_where_it_moved_to(portal: str) -> None:
    assert fetch(f"{portal}/file", most=len(PDF)) == PDF
    assert fetch(f"{portal}/moved", most=len(PDF)) == PDF
    # Letters of ours and blanks, as people name files.
    assert fetch(f"{portal}/tệp/Tờ khai.pdf?a=đ", most=len(PDF)) == PDF


def test_what_a_store_may_do_to_us_is_bounded(portal: str, settings: Any) -> None:
    assert why_not(f"{portal}/file", most=len(PDF) - 1) == "file_larger"
    assert why_not(f"{portal}/expired") == "file_expired"
    assert why_not(f"{portal}/turns") == "file_turned"
    # Where it leads to is looked at anew: another machine inside is not asked.
    assert why_not(f"{portal}/inside") == "file_address"
    assert why_not(f"{portal}/broken") == "file_away"
    assert why_not(f"{portal}/garbage") == "file_away"
    settings.EXCHANGE_FETCH_SECONDS = 1
    assert why_not(f"{portal}/slow") == "file_slow"


@pytest.mark.parametrize(
    "url",
    [
        "http://cong.test/a", "ftp://cong.test/a", "file:///etc/passwd", "https://", "https://[::1",
        "https://user:pw@cong.test/a", "https://cong.test:99999/a", "//cong.test/a", "https://127.0.0.1/a",
        "https://[::1]/a", "https://[::ffff:10.0.0.1]/a", "https://169.254.169.254/latest", "https://10.0.0.8/a",
        "https://0.0.0.0/a", "https://224.0.0.1/a", "https://2130706433/a", "https://[64:ff9b::a00:8]/a",
        # A site's own, a network's own NAT64, one of version 4 by other spellings, for protocols, for routers,
        # for documents.
        "https://[fec0::1]/a", "https://[64:ff9b:1::7f00:1]/a", "https://[::127.0.0.1]/a", "https://[::ffff:0:10.0.0.8]/a",
        "https://[2002:a00:8::]/a", "https://192.0.0.8/a", "https://[5f00::1]/a", "https://[3fff::1]/a",
    ],
)  # fmt: skip
def test_no_other_address_is_asked(url: str) -> None:
    assert why_not(url) == "file_address"


@pytest.mark.parametrize(
    "machine",
    ["8.8.8.8", "192.0.1.1", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8"],
)
def test_a_public_machine_is_asked(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def connect(at: str, *_: Any) -> Any:
        asked.append(at)
        raise OSError

    monkeypatch.setattr(calling.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (machine, 443))])  # fmt: skip
    monkeypatch.setattr(calling, "connection_to", connect)
    assert why_not("https://cong.test/a") == "file_away"
    assert asked == [machine]


def test_a_name_that_leads_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """After its name was resolved, and whichever of its machines leads there."""
    machines = [(socket.AF_INET, 1, 6, "", (one, 443)) for one in ("8.8.8.8", "10.1.2.3")]
    monkeypatch.setattr(calling.socket, "getaddrinfo", lambda *args, **more: machines)
    assert why_not("https://cong.test/a") == "file_address"


def test_the_machine_that_was_looked_at_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    asked = []
    machines = [(socket.AF_INET, 1, 6, "", ("8.8.8.8", 443))]
    monkeypatch.setattr(calling.socket, "getaddrinfo", lambda *args, **more: machines)

    def connect(*about: Any) -> Any:
        connection = made(*about)
        asked.append((connection.host, connection.server_hostname, connection.assert_hostname))  # type: ignore[attr-defined]
        raise OSError

    made = calling.connection_to
    monkeypatch.setattr(calling, "connection_to", connect)
    assert why_not("https://cong.test/a") == "file_away"
    assert asked == [("8.8.8.8", "cong.test", "cong.test")]


# --- with the filing --------------------------------------------------------------------------------


@pytest.fixture
def office() -> Office:
    return make_office()


def filing_with(office: Office, *items: dict[str, Any]) -> OnlineFiling:
    message = came(a_door(), body_of(data_of(office, make_case(), TaiLieuNop=list(items))), MONDAY)
    assert message.filing is not None
    return message.filing


@pytest.mark.django_db
def test_files_are_kept_with_the_filing_whatever_they_are_called(office: Office, portal: str) -> None:  # fmt: skip
    inside = base64.b64encode(PDF).decode()
    filing = filing_with(
        office,
        {"TenTep": "../../etc/cmnd.pdf", "DuongDan": f"{portal}/file", "DungLuong": len(PDF), "MaKiemTra": SHA.upper()},
        {"TenTep": "to-khai.pdf", "Base64": inside},
        {"TenTep": "không có gì"},
    )  # fmt: skip
    assert files.fetch_due(timezone.now) == (2, 0)
    kept = Attachment.objects.of(FILES, filing.pk)
    assert sorted(row.name for row in kept) == ["cmnd.pdf", "to-khai.pdf"]
    assert {row.sha256 for row in kept} == {SHA}
    assert files.fetch_due(timezone.now) == (0, 0)
    assert not [one for one in telling.beside(filing) if one.label == "Tệp gửi kèm"]


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><svg>&c;</svg>'
WRONG = {
    "file_hash": {"DuongDan": "/file", "MaKiemTra": "0" * 64},
    "file_larger": {"DuongDan": "/file", "DungLuong": 10},
    "file_smaller": {"DuongDan": "/file", "DungLuong": len(PDF) + 5},
    "file_expired": {"DuongDan": "/expired"},
    "file_no_base64": {"Base64": "!!!"},
    "file_refused": {"Base64": base64.b64encode(b"MZ\x90 no pdf").decode()},
    # Neither a page nor a drawing nor a packet that unfolds into more than it is.
    "file_refused xml": {"Base64": base64.b64encode(LAUGHS).decode()},
    "file_refused packet": {"Base64": base64.b64encode(gzip.compress(b"0" * 5_000_000)).decode()},
}


@pytest.mark.django_db
@pytest.mark.parametrize(("why", "said"), WRONG.items(), ids=WRONG)
def test_what_cannot_be_had_is_told_and_asked_for_again(office: Office, portal: str, signed_in: Any, why: str, said: dict[str, Any]) -> None:  # fmt: skip
    item = {"TenTep": "a.pdf"} | {
        name: f"{portal}{value}" if name == "DuongDan" else value for name, value in said.items()
    }
    filing = filing_with(office, item)
    assert files.fetch_due(timezone.now) == (0, 1)
    row = IncomingFile.objects.get()
    assert (row.state, row.why["code"]) == (State.MISSING, why.partition(" ")[0])
    # What says nothing of files takes none away: they are asked for where they were named.
    came(a_door(), body_of(data_of(office, make_case(), ChuHoSo="Lê Mới"), updating=True), MONDAY)
    [told] = [one for one in telling.beside(filing) if one.label == "Tệp gửi kèm"]
    assert told.text.startswith("Thiếu tệp a.pdf: ")
    client = signed_in(office.clerk)
    assert "Tải lại tệp thiếu" in client.get(told.url).content.decode()
    client.post(reverse("exchange_message_fetch", args=[row.message_id]))
    row.refresh_from_db()
    assert (row.state, row.tries) == (State.WAITING, 0)


@pytest.mark.django_db
def test_a_store_that_is_away_is_asked_later_and_in_the_end_no_more(office: Office, portal: str) -> None:  # fmt: skip
    filing_with(office, {"TenTep": "a.pdf", "DuongDan": f"{portal}/away"})
    now = MONDAY
    pauses = []
    for _ in range(len(files.PAUSES)):
        assert files.fetch_due(lambda: now) == (0, 0)  # noqa: B023
        row = IncomingFile.objects.get()
        assert files.fetch_due(lambda: now) == (0, 0)  # noqa: B023  # not before its time
        assert row.next_at is not None
        pauses.append(round((row.next_at - now) / timedelta(minutes=1)))
        now = row.next_at
    assert pauses == list(files.PAUSES)
    assert files.fetch_due(lambda: now) == (0, 1)


@pytest.mark.django_db
def test_what_is_sent_anew_stands_for_what_was_missing_and_is_attached_once(office: Office, portal: str) -> None:  # fmt: skip
    case = make_case()
    inside = {"TenTep": "to-khai.pdf", "Base64": base64.b64encode(PDF).decode()}

    def sent(address: str, at: str) -> OnlineFiling:
        items = [{"TenTep": "a.pdf", "DuongDan": f"{portal}/{address}"}, inside]
        data = data_of(office, case, TaiLieuNop=items, NgayCapNhat=at)
        filing = came(a_door(), body_of(data, updating=True), MONDAY).filing
        assert filing is not None
        return filing

    sent("expired", "20261120160000")
    assert files.fetch_due(timezone.now) == (1, 1)
    filing = sent("file", "20261120170000")
    assert files.fetch_due(timezone.now) == (2, 0)
    names = [row.name for row in Attachment.objects.of(FILES, filing.pk)]
    assert sorted(names) == ["a.pdf", "to-khai.pdf"]
    assert not [one for one in telling.beside(filing) if one.label == "Tệp gửi kèm"]
    assert IncomingFile.objects.filter(state=State.REPLACED).count() == 1


@pytest.mark.django_db
def test_a_fault_of_ours_keeps_no_other_file_from_being_fetched(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def fetched(url: str, *, most: int) -> bytes:
        if url.endswith("a.pdf"):
            raise KeyError("of ours")
        return PDF

    monkeypatch.setattr(files, "fetch", fetched)
    filing_with(office, *({"TenTep": name, "DuongDan": f"https://cong.test/{name}"} for name in ("a.pdf", "b.pdf")))  # fmt: skip
    assert files.fetch_due(timezone.now) == (1, 0)
    row = IncomingFile.objects.get(name="a.pdf")
    assert (row.state, row.why["code"]) == (State.WAITING, "file_fault")
