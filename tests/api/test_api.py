"""What other programs of the province read by a key, and what no key opens (R-137, R-144)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api import keys
from api.asked import BESIDE, OPEN
from api.models import ApiKey, Scope
from api.urls import v1
from dossiers.intake import secrets
from dossiers.models import Dossier
from dossiers.states import State
from onestop.accounts.models import AccessEvent, AccessKind, Officer, Role, RoleGrant
from onestop.changes.models import RowChange
from onestop.changes.verifying import faults
from onestop.errors import DomainError
from onestop.outbox.models import Message
from tests.clock import MONDAY, Clock
from tests.world import Office, make_agency, make_case, make_office, make_officer, receive

if TYPE_CHECKING:
    from ninja.openapi.schema import OpenAPISchema

pytestmark = pytest.mark.django_db

EVERYTHING = [one.value for one in Scope]
NEXT_YEAR = date(2027, 6, 30)


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def boss(office: Office) -> Officer:
    return make_officer("Đỗ Thị Hạnh", office.agency, (Role.CONTROLLER, None))


@pytest.fixture
def admin(office: Office) -> Officer:
    return make_officer("Quản Thị Trị", office.agency, (Role.ADMINISTRATOR, None))


@pytest.fixture
def ask(boss: Officer, admin: Officer) -> Callable[..., Any]:
    """`ask("/dossiers", "counts", agency=…)`: the answer to a key with these scopes (all)."""
    texts: dict[tuple[str, ...], str] = {}

    def asked(path: str, *scopes: str, **query: Any) -> Any:
        wanted = scopes or tuple(EVERYTHING)
        if wanted not in texts:
            given = keys.give_key(
                name="Cổng của tỉnh", officer=boss, scopes=wanted, valid_to=NEXT_YEAR, by=admin,
                at=MONDAY,
            )  # fmt: skip
            texts[wanted] = given[1]
        return Client().get(
            f"/api/v1{path}/", query, headers={"Authorization": f"Bearer {texts[wanted]}"}
        )

    return asked


def test_a_dossier_by_its_code_within_scopes_and_with_a_trace(
    office: Office, boss: Officer, ask: Callable[..., Any]
) -> None:
    dossier = receive(office, make_case())
    found = ask(f"/dossiers/{dossier.code}").json()
    assert (found["code"], found["state"]) == (
        dossier.code,
        {"number": 2, "name": "Được tiếp nhận"},
    )
    assert found["owner"] == dossier.owner_name
    assert found["agency"] == {"code": office.agency.code, "name": office.agency.name}
    assert (found["due_at"][:10], found["is_late"]) == (f"{dossier.due_at:%Y-%m-%d}", False)
    trace = AccessEvent.objects.filter(object_kind="dossier", object_id=dossier.pk).latest("pk")
    assert (trace.officer, trace.detail) == (boss, f"API, khóa {ApiKey.objects.get().pk}")
    # Without the scope nobody is named; without any, nothing is said.
    assert ask(f"/dossiers/{dossier.code}", "dossiers").json()["owner"] is None
    refused = ask(f"/dossiers/{dossier.code}", "counts")
    assert (refused.status_code, "phạm vi" in refused.json()["detail"]) == (403, True)
    # What is not there, what is another agency's, and what was voided is one and the same.
    other = make_agency("H98.7")
    Dossier.objects.filter(pk=dossier.pk).update(agency=other, received_by_agency=other)
    answers = [ask(f"/dossiers/{code}") for code in (dossier.code, "H01.2.3-261123-0009")]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_voided_reception_is_no_dossier_of_any_list(
    office: Office, ask: Callable[..., Any]
) -> None:
    dossier = receive(office, make_case())
    secret = {"X-Lookup-Secret": secrets.secret_of(dossier)}
    assert Client().get(f"/api/v1/dossiers/{dossier.code}/", headers=secret).status_code == 200
    Dossier.objects.filter(pk=dossier.pk).update(state=State.VOIDED, ended_at=MONDAY)
    assert ask(f"/dossiers/{dossier.code}").status_code == 404
    assert ask("/dossiers", agency=office.agency.code).json()["dossiers"] == []
    # ADR 25: not even to who has the secret; the schema says 1 to 10.
    assert Client().get(f"/api/v1/dossiers/{dossier.code}/", headers=secret).status_code == 404


def test_the_list_goes_on_by_a_cursor_and_costs_the_same_for_many(
    office: Office, ask: Callable[..., Any], clock: Clock
) -> None:
    case, codes = make_case(), []
    for _ in range(5):
        codes.append(receive(office, case).code)
        clock.now += timedelta(minutes=1)
    seen, after = [], ""
    for _ in range(3):
        page = ask("/dossiers", agency=office.agency.code, limit=2, after=after).json()
        seen += [one["code"] for one in page["dossiers"]]
        after = page["next"]
    assert (seen, after) == (codes[::-1], "")
    first = ask("/dossiers", agency=office.agency.code, received_to="2026-11-22").json()
    assert first["dossiers"] == []
    same_day = ask("/dossiers", agency=office.agency.code, received_from="2026-11-23", state=2)
    assert len(same_day.json()["dossiers"]) == 5
    counted = []
    for size in (1, 5):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask("/dossiers", agency=office.agency.code, limit=size)
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 7
    assert ask("/dossiers", agency="H98.99").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "1000"}, {"limit": "²"}, {"after": "x"}, {"state": "11"},
        {"received_from": "31/02/2026"}, {"received_from": "0001-01-01"}, {"received_to": "9999-12-31"}, {"agency": "x" * 40}, {"agency": None},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(
    query: dict[str, Any], office: Office, ask: Callable[..., Any]
) -> None:
    given = {"agency": office.agency.code} | query
    answer = ask("/dossiers", **{name: value for name, value in given.items() if value})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Không đọc được")


def test_counts_are_those_of_the_dashboard(
    office: Office, boss: Officer, ask: Callable[..., Any], signed_in: Callable[[Any], Client]
) -> None:
    case = make_case()
    late, _ = receive(office, case), receive(office, case)
    Dossier.objects.filter(pk=late.pk).update(late_from=MONDAY, due_at=MONDAY)
    (unit,) = ask("/counts", "counts").json()["units"]
    assert (unit["open"], unit["late"], unit["received_today"], unit["uncollected"]) == (2, 1, 2, 0)
    cards = signed_in(boss).get(reverse("board")).context["board"].cards
    shown = {cell.figure.key: cell.number for card in cards for cell in card.cells}
    named = {figure.key: name for name, figure in (OPEN | BESIDE).items()}
    both = shown.keys() & named.keys()
    assert {OPEN["late"].key, BESIDE["received_today"].key} <= both
    assert {key: shown[key] for key in both} == {key: unit[named[key]] for key in both}
    assert ask("/counts", "dossiers").status_code == 403
    assert ask("/counts", agency="H98.99").status_code == 404


def test_a_report_is_the_one_that_the_command_gives(
    office: Office, ask: Callable[..., Any]
) -> None:
    receive(office, make_case())
    answer = ask(f"/reports/II.06a/{office.agency.code}/2026Q4")
    told = answer.json()
    assert (told["form"], told["state"], told["total"]["5"]) == ("II.06a", "draft", 1)
    assert ask(f"/reports/register/{office.agency.code}/2026Q4", "counts").status_code == 403
    assert ask("/reports/II.06a/H98.99/2026Q4").status_code == 404
    for odd in ("tháng-chín", "0001-01-01..9999-12-31"):
        assert ask(f"/reports/II.06a/{office.agency.code}/{odd}").status_code == 422


def test_the_secret_of_a_slip_opens_its_own_dossier_only(office: Office) -> None:
    one, two = (receive(office, make_case()) for _ in range(2))
    secret = secrets.secret_of(one)
    found = Client().get(f"/api/v1/dossiers/{one.code}/", headers={"X-Lookup-Secret": secret})
    assert (found.status_code, found.json()["owner"]) == (200, one.owner_name)
    for path in (f"/dossiers/{two.code}", "/dossiers/H01.2.3-261123-0009"):
        wrong = Client().get(f"/api/v1{path}/", headers={"X-Lookup-Secret": secret})
        assert (wrong.status_code, wrong.json()) == (
            404,
            {"code": "missing", "detail": "Không tìm thấy."},
        )
    listed = Client().get("/api/v1/dossiers/", headers={"X-Lookup-Secret": secret})
    assert listed.status_code == 401
    # The look is in the log of its dossier, under no name; what was wrong showed nothing.
    (line,) = AccessEvent.objects.filter(object_kind="dossier")
    assert (line.kind, line.username, line.object_id) == (AccessKind.VIEWED, v1.BY_SLIP, one.pk)
    assert (line.officer, line.about_id) == (None, one.agency_id)


def test_a_right_secret_is_not_held_up_by_what_others_ask_from_the_same_address(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A province's portal asks for all citizens from one address."""
    monkeypatch.setattr(v1, "UNKNOWN", v1.Limit("api-address", times=1, seconds=60))
    monkeypatch.setattr(v1, "OF_A_SLIP", v1.Limit("api-slip", times=2, seconds=60))
    one, two = (receive(office, make_case()) for _ in range(2))

    def status(dossier: Dossier, secret: str = "") -> int:
        shown = secret or secrets.secret_of(dossier)
        path = f"/api/v1/dossiers/{dossier.code}/"
        return Client().get(path, headers={"X-Lookup-Secret": shown}).status_code

    assert [status(one), status(two), status(two)] == [200, 200, 200]
    assert [status(one, "sai"), status(one, "sai")] == [404, 429]
    assert [status(one), status(one)] == [200, 429]


def test_a_key_that_is_wrong_over_ended_or_of_a_closed_account_opens_nothing(
    office: Office, boss: Officer, admin: Officer, clock: Clock
) -> None:
    key, text = keys.give_key(
        name="Cổng", officer=boss, scopes=EVERYTHING, valid_to=date(2026, 11, 24), by=admin,
        at=MONDAY,
    )  # fmt: skip

    def status(shown: str) -> int:
        headers = {"Authorization": f"Bearer {shown}"}
        return Client().get("/api/v1/counts/", headers=headers).status_code

    assert status(text) == 200
    key.refresh_from_db()
    assert key.used_on == date(2026, 11, 23)
    assert text.partition(".")[2] not in str(ApiKey.objects.values().get())
    for wrong in (text[:-1], f"mc-{key.pk}.", "mc-999.x", "", "² .x", "mc-" + "9" * 5000):
        assert status(wrong) == 401
    Officer.objects.filter(pk=boss.pk).update(is_active=False)
    assert status(text) == 401
    Officer.objects.filter(pk=boss.pk).update(is_active=True)
    clock.now += timedelta(days=2)
    assert status(text) == 401
    clock.now -= timedelta(days=2)
    keys.end_key(key, by=admin, at=MONDAY)
    assert status(text) == 401
    with pytest.raises(DomainError, match="api_key_ended"):
        keys.end_key(key, by=admin, at=MONDAY)


def test_a_question_writes_nothing_that_is_kept(
    boss: Officer, admin: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else two questions at once write the same line, and one beside the end of a key undoes it."""
    give = partial(keys.give_key, officer=boss, scopes=EVERYTHING, valid_to=NEXT_YEAR, by=admin)
    key, text = give(name="Cổng", at=MONDAY)
    before = RowChange.objects.count()
    read = ApiKey.is_valid_on

    def ended_meanwhile(stale: ApiKey, day: date) -> bool:
        is_valid = read(stale, day)
        keys.end_key(key, by=admin, at=MONDAY)
        return is_valid

    assert keys.asking(text, MONDAY) is not None
    assert RowChange.objects.count() == before
    ApiKey.objects.filter(pk=key.pk).update(used_on=None)
    monkeypatch.setattr(ApiKey, "is_valid_on", ended_meanwhile)
    assert keys.asking(text, MONDAY) is not None
    assert RowChange.objects.count() == before + 1
    assert list(faults(only=["api.apikey"])) == []
    monkeypatch.undo()
    assert keys.asking(text, MONDAY) is None


def test_a_key_ends_with_the_role_that_reads(office: Office, boss: Officer, admin: Officer) -> None:
    """ADR 39: another desk of the account is one person's, and no program's."""
    give = partial(keys.give_key, scopes=EVERYTHING, valid_to=NEXT_YEAR, by=admin, at=MONDAY)
    _, text = give(name="Cổng", officer=boss)
    assert keys.asking(text, MONDAY) is not None
    (grant,) = RoleGrant.objects.filter(officer=boss)
    grant.ended_at, grant.valid_to = MONDAY, MONDAY.date()
    grant.save(update_fields=["ended_at", "valid_to"])
    RoleGrant.objects.create(
        officer=boss, role=Role.CLERK, agency=office.agency, valid_from=MONDAY.date(),
        department=office.clerk.department,
    )  # fmt: skip
    assert keys.asking(text, MONDAY) is None


def test_a_key_is_given_only_on_accounts_one_may_manage(
    office: Office, boss: Officer, admin: Officer
) -> None:
    """R-144: who gives a key on an account with a role above would read what lies above."""
    give = partial(keys.give_key, name="x", scopes=EVERYTHING, valid_to=NEXT_YEAR, at=MONDAY)
    above = make_agency("Ủy ban nhân dân tỉnh")
    high = make_officer("Trị Cấp Trên", above, (Role.ADMINISTRATOR, None))
    RoleGrant.objects.create(
        officer=high, role=Role.ADMINISTRATOR, agency=office.agency, valid_from=MONDAY.date()
    )
    key, _ = give(officer=boss, by=high)
    # Whose agency it is reads in its own log what somebody of another one did.
    assert AccessEvent.objects.get(detail=f"cấp {key}").about_id == boss.agency_id
    grant = partial(RoleGrant.objects.create, role=Role.CONTROLLER, valid_from=MONDAY.date())
    grant(officer=boss, agency=above)
    with pytest.raises(DomainError, match="grants_elsewhere"):
        give(officer=boss, by=admin)
    grant(officer=admin, agency=office.agency)
    with pytest.raises(DomainError, match="own_account"):
        give(officer=admin, by=admin)
    assert ApiKey.objects.get() == key


def test_who_asks_too_often_is_told_when_to_ask_again(
    office: Office, ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(v1, "KNOWN", v1.Limit("api-key", times=1, seconds=60))
    monkeypatch.setattr(v1, "UNKNOWN", v1.Limit("api-address", times=1, seconds=60))
    assert [ask("/counts").status_code for _ in range(2)] == [200, 429]
    assert ask("/counts")["Retry-After"] == "60"
    strange = {"Authorization": "Bearer mc-1.x"}
    assert [Client().get("/api/v1/counts/", headers=strange).status_code for _ in range(2)] == [
        401,
        429,
    ]


@pytest.mark.parametrize(
    ("way", "path", "told"),
    [
        ("post", "openapi.json", (405, "read_only")), ("delete", "openapi.json", (405, "read_only")),
        ("head", "openapi.json", (405, "read_only")), ("post", "counts/", (405, "read_only")),
        ("get", "", (404, "missing")), ("get", "dossiers/x/y/", (404, "missing")),
        ("post", "nothing", (404, "missing")), ("get", "dossiers/a%00b/", (400, "malformed")),
    ],
)  # fmt: skip
def test_every_refusal_has_one_shape(way: str, path: str, told: tuple[int, str]) -> None:
    """Also of what no question of ours is asked for; and with the checks that other programs meet."""
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, way)(f"/api/v1/{path}")
    assert answer.status_code == told[0]
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    if told[0] == 405:
        assert answer["Allow"] == "GET"
    if way != "head":
        assert answer.json().keys() == {"code", "detail"}
        assert answer.json()["code"] == told[1]
        assert answer["Content-Length"] == str(len(answer.content))


def test_a_fault_of_ours_has_that_shape_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any, **named: Any) -> None:
        raise OperationalError("too many connections")

    monkeypatch.setattr(v1.api, "get_openapi_schema", broken)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json()["code"]) == (503, "trouble")
    assert answer["Retry-After"] == "10"
    # Bodies are not asked, and large ones not read.
    answer = client.post("/api/v1/counts/", "x" * 20_000_000, content_type="text/plain")
    assert (answer.status_code, answer.json()["code"]) == (413, "malformed")
    # Pages stay pages.
    assert "html" in client.get("/api/")["Content-Type"]


def test_the_document_describes_every_address(client: Client) -> None:
    document: OpenAPISchema = client.get(reverse("api_document")).json()
    assert set(document["paths"]) == {
        "/api/v1/dossiers/{code}/",
        "/api/v1/dossiers/",
        "/api/v1/counts/",
        "/api/v1/reports/{form}/{agency}/{period}/",
    }
    assert all(list(ways) == ["get"] for ways in document["paths"].values())
    assert set(document["components"]["securitySchemes"]) == {"Key", "Secret"}


def test_an_administrator_gives_a_key_once_and_ends_it(
    office: Office, boss: Officer, admin: Officer, signed_in: Callable[[Any], Client], clock: Clock
) -> None:
    client, page = signed_in(admin), reverse("api_keys")
    form = {
        "name": "Cổng của tỉnh", "officer": boss.pk, "scopes": ["counts"], "valid_to": "30/12/2026",
    }  # fmt: skip
    shown = client.post(page, form).content.decode()
    key = ApiKey.objects.get()
    text = shown.partition('<code id="khoa">')[2].partition("<")[0]
    assert text.startswith(f"mc-{key.pk}.")
    assert (key.made_by, key.scopes) == (admin, ["counts"])
    assert text not in client.get(page).content.decode()
    # Of nobody who sees a desk only, for no longer than a year.
    for wrong in ({"officer": office.clerk.pk}, {"valid_to": "30/12/2030"}, {"scopes": []}):
        assert client.post(page, form | wrong).status_code == 422
    clock.now += timedelta(minutes=1)
    assert client.post(reverse("api_key_end", args=[key.pk])).status_code == 302
    key.refresh_from_db()
    assert key.ended_by == admin
    assert {event.detail for event in AccessEvent.objects.filter(officer=admin)} >= {
        f"cấp {key}",
        f"thu hồi {key}",
    }
    # Who is touched is told (ADR 11).
    told = Message.objects.filter(to_officer=boss, kind="administration").values_list(
        "body", flat=True
    )
    assert [(f"cấp {key}" in one, f"thu hồi {key}" in one) for one in told.order_by("pk")] == [
        (True, False),
        (False, True),
    ]
