"""An administrator acts on others, in the open: never on the own account, nothing vanishes, people
are told (R-137, R-144).
"""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from onestop.accounts.domain import officers as domain
from onestop.accounts.domain.substitutions import substitute
from onestop.accounts.models import AccessEvent, AccessKind, Officer, Role, RoleGrant, Substitution
from onestop.errors import DomainError
from onestop.outbox.domain import sweep
from onestop.outbox.models import Message

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def administrator(officer):
    return officer(Role.ADMINISTRATOR, password_changed_at=NINE, full_name="Phan Anh Dũng")


@pytest.fixture
def admin(administrator, signed_in):
    return signed_in(administrator)


@pytest.fixture
def people(officer, tree):
    """A specialist of a room, its head, the leader of the commune."""
    return {
        "specialist": officer(Role.SPECIALIST, department=tree.room, email="cv@xa.example"),
        "head": officer(Role.HEAD, department=tree.room, email="tp@xa.example"),
        "leader": officer(Role.LEADER, email="ld@xa.example"),
    }


@pytest.fixture(autouse=True)
def _rooms(request):
    """Officers sit in the department of their role."""
    if "people" in request.fixturenames:
        for one in request.getfixturevalue("people").values():
            one.department = one.grants.get().department
            one.save()


def told():
    """Who was told of what: (officer, subject)."""
    return [
        (m.to_officer, m.subject)
        for m in Message.objects.order_by("pk").select_related("to_officer")
    ]


def test_every_act_on_the_own_account_is_refused(admin, administrator, tree, officer):
    me, grant = (
        f"/quan-tri/can-bo/{administrator.pk}/",
        RoleGrant.objects.get(officer=administrator),
    )
    given = {"co-quan": tree.here.pk, "role": "leader", "valid_from": "2026-11-23"}
    before = Officer.objects.filter(pk=administrator.pk).values().get()
    data = {"full_name": "Người khác", "username": administrator.username, "title": "Chủ tịch"}
    pages = [
        admin.post(me, data),
        admin.post(f"{me}vai-tro/", given),
        admin.post(f"{me}vai-tro/{grant.pk}/ket-thuc/", follow=True),
        admin.post(f"{me}cap-lai-mat-khau/", follow=True),
        admin.post(f"{me}mo-khoa/", follow=True),
        admin.post(f"{me}thoi-viec/", {"successor": ""}),
    ]
    for page in pages:
        assert "của chính mình" in page.content.decode()
    assert Officer.objects.filter(pk=administrator.pk).values().get() == before
    assert list(RoleGrant.objects.filter(officer=administrator)) == [grant]


@pytest.mark.parametrize("mine", ["absent", "substitute"])
def test_an_administrator_neither_stands_in_nor_names_the_own_substitute(
    admin, administrator, officer, tree, mine
):
    leader = officer(Role.LEADER)
    people = {"absent": leader.pk, "substitute": leader.pk} | {mine: administrator.pk}
    data = {
        "co-quan": tree.here.pk,
        "from_date": "2026-11-23",
        "to_date": "2026-11-24",
        "reason": "Họp",
    } | people
    assert admin.post("/quan-tri/lam-thay/", data).status_code == 422
    assert not Substitution.objects.exists()


@pytest.mark.parametrize("act", ["grant", "end", "reset", "unlock", "close"])
def test_the_verbs_refuse_it_too(administrator, tree, act):
    grant = RoleGrant.objects.get(officer=administrator)
    who = {"officer": administrator, "by": administrator, "at": NINE}
    acts = {
        "grant": lambda: domain.grant_role(
            role=Role.LEADER, agency=tree.here, valid_from=TODAY, **who
        ),
        "end": lambda: domain.end_role(grant=grant, by=administrator, at=NINE),
        "reset": lambda: domain.reset_password(**who),
        "unlock": lambda: domain.unlock(**who),
        "close": lambda: domain.close_account(successor=None, **who),
    }
    with pytest.raises(DomainError, match="own_account"):
        acts[act]()


@pytest.mark.parametrize(
    ("valid_from", "status"), [("2026-11-22", 422), ("2026-11-23", 302), ("2026-12-01", 302)]
)
def test_a_role_begins_today_at_the_earliest(admin, people, tree, valid_from, status):
    given = {"co-quan": tree.here.pk, "role": "cashier", "valid_from": valid_from}
    assert (
        admin.post(f"/quan-tri/can-bo/{people['specialist'].pk}/vai-tro/", given).status_code
        == status
    )


@pytest.mark.parametrize("begins", [date(2025, 7, 1), TODAY, TODAY + timedelta(days=9)])
def test_a_role_ends_at_once_and_stays_in_the_list(
    admin, administrator, people, tree, begins, clock
):
    someone = people["specialist"]
    grant = RoleGrant.objects.create(
        officer=someone, role=Role.CASHIER, agency=tree.here, valid_from=begins
    )
    where = f"/quan-tri/can-bo/{someone.pk}/"
    admin.post(f"{where}vai-tro/{grant.pk}/ket-thuc/")
    grant.refresh_from_db()
    assert (grant.valid_from, grant.valid_to, grant.ended_at) == (begins, max(begins, TODAY), NINE)
    held = [
        TODAY + timedelta(days=n)
        for n in range(-3, 20)
        if grant in RoleGrant.objects.valid_on(TODAY + timedelta(days=n))
    ]
    assert held == ([TODAY + timedelta(days=n) for n in (-3, -2, -1)] if begins < TODAY else [])
    assert "Thu phí, lệ phí" in admin.get(where).content.decode()
    clock.shift(timedelta(minutes=1))
    assert (
        "đã kết thúc"
        in admin.post(f"{where}vai-tro/{grant.pk}/ket-thuc/", follow=True).content.decode()
    )
    grant.refresh_from_db()
    assert grant.ended_at == NINE


def test_no_door_deletes_a_role(people):
    grant = people["specialist"].grants.get()
    with pytest.raises(TypeError):
        grant.delete()
    with pytest.raises(TypeError):
        RoleGrant.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk)._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).update(valid_from=date(2020, 1, 1))


def test_a_role_and_its_end_are_told_to_the_person_and_the_head_by_bell_and_mail(
    administrator, people, tree
):
    someone = people["specialist"]
    grant = domain.grant_role(
        officer=someone,
        role=Role.CASHIER,
        agency=tree.here,
        valid_from=TODAY,
        by=administrator,
        at=NINE,
    )
    assert {who for who, _ in told()} == {someone, people["head"]}
    domain.end_role(grant=grant, by=administrator, at=NINE)
    assert len(told()) == 4
    sweep(NINE)
    assert (
        sorted(letter.to[0] for letter in mail.outbox)
        == ["cv@xa.example"] * 2 + ["tp@xa.example"] * 2
    )
    assert "Phan Anh Dũng" in mail.outbox[0].body


def test_a_heads_head_is_the_leader(administrator, people):
    domain.reset_password(officer=people["head"], by=administrator, at=NINE)
    assert {who for who, _ in told()} == {people["head"], people["leader"]}


def test_closing_and_changing_are_told_and_a_changed_address_warns_the_old_one(admin, people):
    someone = people["specialist"]
    data = {
        "full_name": someone.full_name,
        "username": someone.username,
        "email": "ke.gian@example.test",
        "department": someone.department_id,
    }
    assert admin.post(f"/quan-tri/can-bo/{someone.pk}/", data).status_code == 302
    assert Message.objects.get(to_officer=someone).to_email == "cv@xa.example"
    line = AccessEvent.objects.get(kind=AccessKind.ACCOUNT_CHANGED)
    assert "“cv@xa.example” → “ke.gian@example.test”" in line.detail
    admin.post(f"/quan-tri/can-bo/{someone.pk}/thoi-viec/", {"successor": ""})
    assert [subject for who, subject in told() if who == people["head"]][-1].endswith("đã đóng")


def test_a_substitute_of_the_leader_is_told_to_the_leader(administrator, people, officer):
    head, leader = people["head"], people["leader"]
    substitute(
        absent=leader,
        by_whom=head,
        from_date=TODAY,
        to_date=TODAY,
        reason="Họp",
        by=administrator,
        at=NINE,
    )
    assert {head, leader} <= {who for who, _ in told()}
    line = AccessEvent.objects.get(kind=AccessKind.SUBSTITUTION_MADE)
    assert "23/11/2026" in line.detail
    assert "Họp" in line.detail


def test_a_reset_password_is_named_at_the_next_sign_in(admin, people):
    someone = people["head"]
    old = Client()
    assert (
        old.post("/dang-nhap/", {"username": someone.username, "password": PASSWORD}).status_code
        == 302
    )
    page = admin.post(f"/quan-tri/can-bo/{someone.pk}/cap-lai-mat-khau/").content.decode()
    (password,) = re.findall(r'<code id="mat-khau">(.+?)</code>', page)
    assert old.get("/viec/")["Location"].startswith("/dang-nhap/")  # the other sessions are over
    new = Client()
    answer = new.post(
        "/dang-nhap/",
        {"username": someone.username, "password": password.replace("&amp;", "&")},
        follow=True,
    )
    assert answer.redirect_chain[-1][0] == "/doi-mat-khau/"
    text = re.sub(r"\s+", " ", answer.content.decode())
    assert "Mật khẩu của bạn do Phan Anh Dũng đặt lại lúc 09:00 23/11/2026" in text


def test_old_and_new_values_of_a_role_stand_in_the_log(administrator, people, tree):
    someone = people["specialist"]
    grant = domain.grant_role(
        officer=someone,
        role=Role.HEAD,
        agency=tree.here,
        department=tree.room,
        valid_from=TODAY,
        by=administrator,
        at=NINE,
    )
    domain.end_role(grant=grant, by=administrator, at=NINE)
    given, ended = AccessEvent.objects.order_by("pk")
    assert (
        given.detail
        == f"{someone.username}: Trưởng phòng – H37.1, Phòng Kinh tế, từ 23/11/2026, chưa định ngày kết thúc"
    )
    assert "từ 23/11/2026, chưa định ngày kết thúc; nay kết thúc" in ended.detail


@pytest.mark.parametrize("role", [Role.LEADER, Role.CONTROLLER])
def test_leader_and_controller_read_the_log_of_their_agency(role, officer, signed_in, tree):
    """Also what an administrator of an agency above did to it."""
    reader, above = officer(role), officer(Role.ADMINISTRATOR, agency=tree.province)
    someone, elsewhere = officer(Role.CLERK), officer(Role.CLERK, agency=tree.there)
    for one in (someone, elsewhere):
        domain.reset_password(officer=one, by=above, at=NINE)
    page = signed_in(reader).get("/quan-tri/nhat-ky-truy-cap/").content.decode()
    assert "Cấp lại mật khẩu" in page
    assert someone.username in page
    assert elsewhere.username not in page


# --- chains of substitutes ------------------------------------------------------------------------


def stand_in(absent, by_whom, first=TODAY, last=TODAY, by=None):
    return substitute(
        absent=absent, by_whom=by_whom, from_date=first, to_date=last, reason="Phép", by=by, at=NINE
    )


@pytest.fixture
def abc(officer):
    return [officer(Role.SPECIALIST, full_name=f"Cán bộ {name}") for name in ("An", "Bình", "Cúc")]


def test_a_substitute_who_is_away_too_is_refused_and_who_depends_on_him_is_named(abc):
    a, b, c = abc
    stand_in(a, b)
    with pytest.raises(DomainError, match="absent_substitutes") as refused:
        stand_in(b, c)
    assert refused.value.data["absent"] == "Cán bộ An"


def test_nor_may_one_who_is_away_become_a_substitute(abc):
    a, b, c = abc
    stand_in(b, c)
    with pytest.raises(DomainError, match="substitute_absent") as refused:
        stand_in(a, b)
    assert refused.value.data["substitute"] == "Cán bộ Cúc"


def test_a_circle_is_refused(abc):
    a, b, _ = abc
    stand_in(a, b)
    with pytest.raises(DomainError):
        stand_in(b, a)


def test_on_other_days_and_for_two_at_once_it_is_allowed(abc):
    a, b, c = abc
    stand_in(a, b, TODAY, TODAY + timedelta(days=1))
    stand_in(b, c, TODAY + timedelta(days=2), TODAY + timedelta(days=3))
    stand_in(c, b)
    assert Substitution.objects.count() == 3


def test_a_substitution_begins_today_at_the_earliest(abc):
    with pytest.raises(DomainError, match="substitution_back_dated"):
        stand_in(abc[0], abc[1], TODAY - timedelta(days=1))
