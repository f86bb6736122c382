"""What docs/api.md tells a programmer is true: each example is asked and answered as it says, letters as
they are; lists stand still under new rows; every refusal has the one shape (R-137, R-144).
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openapi_spec_validator import validate

from api import keys
from api.answers import Problem
from api.models import Scope
from api.urls import v1
from dossiers.intake import secrets
from dossiers.models import Dossier
from onestop.accounts.models import Role
from reports import frozen
from reports.form_data import form_on
from reports.periods import parse
from tests.clock import MONDAY, Clock
from tests.world import Office, make_case, make_office, make_officer, receive, vn

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_engine("what is asked of the database is asked in test_api on both engines"),
]
PAGE = Path(__file__).parents[2] / "docs" / "api.md"
# A question, its headers, and the answer below it.
EXAMPLE = re.compile(
    r"```http\nGET (\S+)\n((?:[\w-]+: [^\n]+\n)*)```\n\n```json\n(.+?)```", re.DOTALL
)


@pytest.fixture
def office() -> Office:
    office = make_office()
    office.agency.code = office.agency.dossier_code = "H37.05986"
    office.agency.save()
    return office


@pytest.fixture
def key(office: Office) -> str:
    return given(office)


def given(office: Office, *scopes: Scope) -> str:
    admin = make_officer(f"Quản {len(scopes)}", office.agency, (Role.ADMINISTRATOR, None))
    _, text = keys.give_key(
        name="Cổng của tỉnh", officer=office.controller, scopes=scopes or tuple(Scope),
        valid_to=date(2027, 6, 30), by=admin, at=MONDAY,
    )  # fmt: skip
    return text


def ask(path: str, key: str, **query: Any) -> Any:
    return Client().get(path, query, headers={"Authorization": f"Bearer {key}"})


def test_each_example_of_the_page_is_answered_as_it_says(
    office: Office, key: str, clock: Clock
) -> None:
    case, made = make_case(code="1.004873"), []
    for _ in range(2):
        made.append(receive(office, case))
        clock.now += timedelta(minutes=1)
    clock.now = MONDAY + timedelta(minutes=5)
    own = {"mc-12.…": key, "bi-mat-tren-phieu": secrets.secret_of(made[0])}
    examples = EXAMPLE.findall(PAGE.read_text("utf-8"))
    assert len(examples) >= 5
    for path, lines, told in examples:
        headers = dict(line.split(": ", 1) for line in lines.splitlines())
        for words, real in own.items():
            headers = {name: value.replace(words, real) for name, value in headers.items()}
        answer = Client().get(path, headers=headers)
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        got, said = answer.json(), json.loads(told)
        # Of a cursor nobody but us says how it is written.
        assert bool(got.pop("next", "")) == bool(said.pop("next", ""))
        assert got == said, path
        # As it is read, not as numbers of letters.
        assert "\\u" not in answer.content.decode()


def test_a_cursor_goes_on_where_it_was_whatever_comes_meanwhile(
    office: Office, key: str, clock: Clock
) -> None:
    case, codes = make_case(), []
    for _ in range(3):
        codes.append(receive(office, case).code)
        clock.now += timedelta(minutes=1)
    asked = {"agency": office.agency.code, "limit": 2}
    first = ask("/api/v1/dossiers/", key, **asked).json()
    receive(office, case)
    # Received at the same instant as the last one of the page: neither skipped nor told twice.
    twin = receive(office, case, at=Dossier.objects.get(code=codes[1]).received_at)
    rest = ask("/api/v1/dossiers/", key, **asked, after=first["next"]).json()
    told = [one["code"] for page in (first, rest) for one in page["dossiers"]]
    assert told == codes[::-1]
    assert twin.code not in told
    assert rest["next"] == ""


def test_a_large_report_is_refused_until_it_is_signed(
    office: Office, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-107: the signed one costs nothing to tell, however large it was."""
    receive(office, make_case(), at=vn("01/09/2026 09:00"))
    address = f"/api/v1/reports/II.06a/{office.agency.code}/2026M9/"
    monkeypatch.setattr(v1, "is_large", lambda *asked: True)
    large = ask(address, key)
    assert large.status_code == 409
    assert large.json() == {
        "code": "large",
        "detail": "Báo cáo này lớn: hãy lập trên trang Báo cáo, ký rồi hỏi lại.",
    }
    said = re.findall(r"`(2026[^`]*)`", PAGE.read_text("utf-8").partition("Periods are")[2])
    assert len([parse(code) for code in said]) >= 8
    period = parse("2026M9")
    prepared = frozen.prepare(
        form_on("II.06a", period.last), office.agency, period, vn("15/10/2026 08:00"),
        by=office.controller, at=vn("23/11/2026 08:00"),
    )  # fmt: skip
    frozen.sign(prepared.pk, by=office.leader, at=vn("23/11/2026 08:30"))
    answer = ask(address, key)
    assert (answer.status_code, answer.json()["state"]) == (200, "signed")
    assert answer["Content-Type"] == "application/json; charset=utf-8"


def test_every_refusal_has_the_one_shape_and_its_code_stands_on_the_page(
    office: Office, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = given(office, Scope.COUNTS)
    here = {"agency": office.agency.code}
    answers = {
        401: ask("/api/v1/counts/", "mc-1.sai"),
        403: ask("/api/v1/dossiers/", narrow, **here),
        404: ask("/api/v1/dossiers/H01.1-261123-0009/", key),
        422: ask("/api/v1/dossiers/", key, **here, after="x"),
        405: Client().post("/api/v1/counts/", headers={"Authorization": f"Bearer {key}"}),
    }
    monkeypatch.setattr(v1, "KNOWN", v1.Limit("api-key-shape", times=1, seconds=60))
    # A limit of each key: another one goes on.
    assert [ask("/api/v1/counts/", key).status_code for _ in range(2)] == [200, 429]
    assert ask("/api/v1/counts/", narrow).status_code == 200
    answers[429] = ask("/api/v1/counts/", key)
    page = PAGE.read_text("utf-8")
    for status, answer in answers.items():
        assert answer.status_code == status
        told = Problem.model_validate(answer.json(), extra="forbid")
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        assert re.search(rf"\| {status} \| `[^|]*{told.code}`", page), (status, told.code)
        assert told.detail.endswith(".")


def test_the_document_is_one_that_programs_read(client: Client) -> None:
    document = client.get(reverse("api_document"))
    validate(document.json())
    assert "Mã cơ quan giải quyết" in document.content.decode()
