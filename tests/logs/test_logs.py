"""What a log line may say and what it never says."""

import json
import logging

import pytest
import structlog

from onestop import logs


@pytest.fixture
def lines():
    """Everything logged in the test, as it would be written."""
    written: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Collect()
    handler.setFormatter(logs.formatter())
    targets = [
        logging.getLogger(),
        logging.getLogger("django"),
        logging.getLogger("django.request"),
    ]
    for target in targets:
        target.addHandler(handler)
    yield written
    for target in targets:
        target.removeHandler(handler)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("căn cước 001099012345 đã có hồ sơ", "căn cước ••• đã có hồ sơ"),
        ("CMND 012345678", "CMND •••"),
        ("gọi 0912345678 hoặc +84912345678 hoặc 0912 345 678", "gọi ••• hoặc ••• hoặc •••"),
        (
            "GET /tra-cuu/H26.12.03-261120-0001/?k=a1B2c3-_xyz HTTP/1.1",
            "GET /tra-cuu/H26.12.03-261120-0001/?k=••• HTTP/1.1",
        ),
        ("password=mật-khẩu&x=1", "password=•••&x=1"),
        ('{"password": "s3cret!"}', '{"password": "•••"}'),
        ("redis://:hunter2@localhost:6379/0", "redis://:•••@localhost:6379/0"),
        ("postgres://mc:hunter2@db/mc", "postgres://mc:•••@db/mc"),
    ],
)
def test_what_identifies_a_person_or_opens_a_door_is_masked(said, written):
    assert logs.masked(said) == written


@pytest.mark.parametrize(
    "said",
    [
        "hồ sơ H26.12.03-261120-0001",
        "000.00.12.H26-261120-0001",
        "mất 12,5 ms lúc 2026-11-20T08:00:00+07:00",
        "1500000 đồng",
        "20/11/2026",
    ],
)
def test_codes_times_and_amounts_stay_readable(said):
    assert logs.masked(said) == said


def test_a_field_with_a_telling_name_is_masked_whatever_it_holds():
    event = {
        "event": "x",
        "password": "abc",
        "owner": {"identity": 1, "name": "An"},
        "k": "q",
        "kind": "late",
    }
    assert logs.mask(None, "info", event) == {
        "event": "x",
        "password": "•••",
        "owner": {"identity": "•••", "name": "An"},
        "k": "•••",
        "kind": "late",
    }


def test_a_plain_logger_writes_json_with_its_extras(lines):
    logging.getLogger("dossiers.domain").warning(
        "không gửi được cho %s", "0912345678", extra={"notice": 7}
    )
    line = json.loads(lines[-1])
    assert (line["event"], line["notice"], line["level"], line["logger"]) == (
        "không gửi được cho •••",
        7,
        "warning",
        "dossiers.domain",
    )
    assert line["at"].endswith("Z")


def test_the_name_of_a_request_is_never_taken_for_a_persons_number():
    names = {logs.new_request_id() for _ in range(2000)}
    assert len(names) == 2000
    assert all(logs.masked(name) == name and name.isalpha() for name in names)


def test_a_traceback_is_masked_too(lines):
    try:
        raise ValueError("DETAIL: Key (identity)=(001099012345) already exists")
    except ValueError:
        logging.getLogger("onestop").exception("lỗi")
    assert "001099012345" not in lines[-1]
    assert "ValueError" in lines[-1]


@pytest.mark.django_db
def test_a_request_is_one_line_without_its_query(client, lines):
    response = client.get("/song/?k=hush-hush-secret&password=abc")
    requests = [json.loads(line) for line in lines if '"event": "request"' in line]
    assert len(requests) == 1
    assert {key: requests[0][key] for key in ("method", "path", "status", "officer")} == {
        "method": "GET",
        "path": "/song/",
        "status": 200,
        "officer": None,
    }
    assert requests[0]["request"] == response["X-Request-Id"]
    assert "hush" not in "".join(lines)
    assert "request" not in structlog.contextvars.get_contextvars()


@pytest.mark.django_db
def test_a_page_that_is_not_there_leaves_no_secret_either(client, lines):
    client.get("/khong-co-trang-nay/?k=hush-hush-secret")
    assert "hush" not in "".join(lines)
