"""Sign-in, lock-out, idle sign-out, password rules (R-137, R-139 … R-143)."""

import unicodedata
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth import hashers
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from onestop.accounts import passwords
from onestop.accounts.domain.officers import unlock
from onestop.accounts.models import AccessEvent, AccessKind, Officer, Role

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
VN = ZoneInfo("Asia/Ho_Chi_Minh")
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=VN)


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


def sign_in(client, officer, password=PASSWORD, **more):
    return client.post("/dang-nhap/", {"username": officer.username, "password": password} | more)


def kinds():
    return list(AccessEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_a_good_password_opens_the_officers_own_start(clock, officer, client):
    clerk = officer(Role.CLERK)
    response = sign_in(client, clerk)
    assert response.status_code == 302
    assert client.get(response["Location"])["Location"] == "/tiep-nhan/"


@pytest.mark.parametrize(
    ("role", "start"),
    [
        (Role.CLERK, "/tiep-nhan/"),
        (Role.SPECIALIST, "/viec/"),
        (Role.HEAD, "/viec/"),
        (Role.LEADER, "/dieu-hanh/"),
        (Role.DOCUMENTS, "/viec/"),
        (Role.CONTROLLER, "/thu-tuc/quan-ly/"),
        (Role.CASHIER, "/tra-ket-qua/"),
        (Role.POSTAL, "/tra-ket-qua/"),
        (Role.PARTNER, "/gui-ho/"),
        (Role.SUPPORT, "/viec/"),
        (Role.ADMINISTRATOR, "/quan-tri/"),
    ],
)
def test_each_role_has_its_start(officer, signed_in, role, start):
    assert signed_in(officer(role)).get("/")["Location"] == start


def test_who_has_no_role_reads_whom_to_ask(officer, signed_in):
    assert "chưa được giao vai trò" in signed_in(officer()).get("/").content.decode()


def test_a_stranger_is_sent_to_sign_in_and_back(clock, officer, client):
    asked = client.get("/quan-tri/can-bo/?q=an")
    assert asked["Location"] == "/dang-nhap/?next=%2Fquan-tri%2Fcan-bo%2F%3Fq%3Dan"
    assert (
        sign_in(
            client,
            officer(Role.ADMINISTRATOR, password_changed_at=NINE),
            next="/quan-tri/can-bo/?q=an",
        )["Location"]
        == "/quan-tri/can-bo/?q=an"
    )


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leaves_the_house(clock, officer, client, evil):
    assert sign_in(client, officer(Role.CLERK), next=evil)["Location"] == "/"


def test_unknown_wrong_locked_and_closed_look_the_same(clock, officer, client):
    locked, closed = officer(locked_until=NINE + timedelta(minutes=5)), officer(is_active=False)
    pages = set()
    for name, password in (
        ("khong-co-ai", PASSWORD),
        (officer().username, "sai"),
        (locked.username, PASSWORD),
        (closed.username, PASSWORD),
    ):
        response = client.post("/dang-nhap/", {"username": name, "password": password})
        text = (
            response.content.decode()
            .replace(name, "")
            .replace(response.context["csrf_token"].__str__(), "")
        )
        pages.add((response.status_code, text))
    assert len(pages) == 1


def test_an_unknown_name_costs_a_password_hash_like_a_known_one(
    clock, officer, client, monkeypatch
):
    computed: list[str] = []
    plain = hashers.MD5PasswordHasher.encode

    def count(self: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
        computed.append(salt)
        return plain(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", count)
    someone, closed = officer(), officer(is_active=False)
    costs = []
    for name in ("khong-co-ai", someone.username, closed.username):
        computed.clear()
        client.post("/dang-nhap/", {"username": name, "password": "sai"})
        costs.append(len(computed))
    assert costs == [1, 1, 1]


def test_an_unknown_name_is_logged_only_in_part(clock, client):
    client.post("/dang-nhap/", {"username": "M@tkhau-bi-go-nham", "password": "x"})
    assert AccessEvent.objects.get().username == "m@t…"


def test_five_failures_lock_for_fifteen_minutes(clock, officer, client):
    someone = officer(Role.CLERK)
    for _ in range(4):
        sign_in(client, someone, "sai")
    someone.refresh_from_db()
    assert someone.locked_until is None
    sign_in(client, someone, "sai")
    someone.refresh_from_db()
    assert someone.locked_until == NINE + timedelta(minutes=15)
    assert sign_in(client, someone).status_code == 422
    clock.shift(timedelta(minutes=15))
    assert sign_in(client, someone).status_code == 302


def test_each_further_lock_lasts_twice_as_long_until_a_good_sign_in(clock, officer, client):
    someone = officer(Role.CLERK)
    lengths = []
    for _ in range(9):
        for _ in range(5):
            sign_in(client, someone, "sai")
        someone.refresh_from_db()
        lengths.append((someone.locked_until - datetime.now(VN)).total_seconds() / 60)
        clock.move_to(someone.locked_until)
    assert lengths == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    sign_in(client, someone)
    someone.refresh_from_db()
    assert (someone.failed_count, someone.lock_count, someone.locked_until) == (0, 0, None)


def test_wrong_passwords_while_locked_do_not_make_it_longer(clock, officer, client):
    someone = officer(locked_until=NINE + timedelta(minutes=1))
    for _ in range(6):
        sign_in(client, someone, "sai")
    someone.refresh_from_db()
    assert someone.locked_until == NINE + timedelta(minutes=1)


def test_a_good_sign_in_forgets_failures(clock, officer, client):
    someone = officer(Role.CLERK)
    for _ in range(4):
        sign_in(client, someone, "sai")
    sign_in(client, someone)
    someone.refresh_from_db()
    assert someone.failed_count == 0


def test_everything_is_in_the_log_with_time_address_and_account(clock, officer):
    someone = officer(Role.CLERK)
    client = Client(REMOTE_ADDR="10.1.2.3", headers={"User-Agent": "Trình duyệt"})
    for _ in range(5):
        sign_in(client, someone, "sai")
    clock.shift(timedelta(minutes=15))
    sign_in(client, someone)
    client.post("/dang-xuat/")
    assert kinds() == [AccessKind.LOGIN_FAILED] * 5 + [
        AccessKind.LOCKED,
        AccessKind.LOGIN,
        AccessKind.LOGOUT,
    ]
    for event in AccessEvent.objects.all():
        assert (event.address, event.username, event.agency_id) == (
            "10.1.2.3",
            someone.username,
            someone.agency_id,
        )
        assert event.at


def test_an_account_nobody_used_for_45_days_is_disabled_at_sign_in(clock, officer, client):
    fresh = officer(Role.CLERK, last_seen_at=NINE - timedelta(days=45))
    stale = officer(Role.CLERK, last_seen_at=NINE - timedelta(days=45, seconds=1))
    assert sign_in(client, fresh).status_code == 302
    assert sign_in(Client(), stale).status_code == 422
    stale.refresh_from_db()
    assert not stale.is_active
    assert AccessKind.DISABLED in kinds()


def test_sign_out_is_a_post(officer, signed_in):
    client = signed_in(officer(Role.CLERK))
    assert client.get("/dang-xuat/").status_code == 405
    assert client.post("/dang-xuat/")["Location"] == "/dang-nhap/"
    assert client.get("/tiep-nhan/")["Location"].startswith("/dang-nhap/")
    assert "Ông/Bà cần gì?" in client.get("/").content.decode()


@pytest.mark.parametrize(("role", "minutes"), [(Role.CLERK, 15), (Role.ADMINISTRATOR, 5)])
def test_a_session_ends_when_nothing_happens(clock, officer, client, role, minutes):
    sign_in(client, officer(role, password_changed_at=NINE))
    clock.shift(timedelta(minutes=minutes))
    assert client.get("/").status_code == 302
    clock.shift(timedelta(minutes=minutes, seconds=1))
    assert client.get("/")["Location"] == "/dang-nhap/?next=%2F&het-phien=1"
    assert kinds()[-1] == AccessKind.IDLE_LOGOUT
    assert "tự đóng" in client.get("/dang-nhap/?het-phien=1").content.decode()


def test_work_keeps_a_session_open(clock, officer, client):
    sign_in(client, officer(Role.CLERK))
    for _ in range(4):
        clock.shift(timedelta(minutes=14))
        assert client.get("/")["Location"] == "/tiep-nhan/"


def test_the_session_is_written_at_most_once_a_minute(clock, officer, client, queries):
    sign_in(client, officer(Role.CLERK))
    clock.shift(timedelta(seconds=59))
    with queries() as seen:
        client.get("/")
    assert not [q for q in seen if q["sql"].startswith(("UPDATE", "INSERT"))]
    clock.shift(timedelta(seconds=1))
    with queries() as seen:
        client.get("/")
    assert len([q for q in seen if q["sql"].startswith("UPDATE")]) == 1


def test_a_signed_in_page_costs_session_officer_and_two_for_the_desk(
    clock, officer, signed_in, queries
):
    client = signed_in(officer(Role.CLERK))
    with queries() as seen:
        client.get("/")
    assert len(seen) == 4


def test_a_visitor_without_session_costs_no_query(client, queries, db):
    with queries() as seen:
        assert client.get("/dang-nhap/").status_code == 200
    assert len(seen) == 0


def test_a_closed_account_is_out_with_its_next_page(officer, signed_in):
    someone = officer(Role.CLERK)
    client = signed_in(someone)
    someone.is_active = False
    someone.save()
    assert client.get("/")["Location"].startswith("/dang-nhap/")


def test_a_given_password_must_be_changed_first(clock, officer, client):
    someone = officer(Role.CLERK, must_change_password=True)
    assert sign_in(client, someone)["Location"] == "/doi-mat-khau/"
    assert client.get("/")["Location"] == "/doi-mat-khau/"
    assert "đặt mật khẩu của riêng bạn" in client.get("/doi-mat-khau/").content.decode()
    response = client.post(
        "/doi-mat-khau/", {"old": PASSWORD, "new": "Lạng-Sơn-37", "again": "Lạng-Sơn-37"}
    )
    assert response["Location"] == "/"
    assert client.get("/")["Location"] == "/tiep-nhan/"
    assert kinds()[-1] == AccessKind.PASSWORD_CHANGED


@pytest.mark.parametrize(
    ("new", "complaint"),
    [
        ("Ngan-1", "Từ 14 ký tự"),
        ("Ngan-Ngu1", "ngắn quá"),
        ("lang-son-37", "chữ hoa"),
        ("LANG-SON-37", "chữ thường"),
        ("Lang-Son-Ba", "chữ số"),
        ("LangSon2026", "ký tự đặc biệt"),
        (PASSWORD, "khác mật khẩu hiện tại"),
    ],
)
def test_a_weak_password_is_refused_with_what_is_missing(clock, officer, signed_in, new, complaint):
    response = signed_in(officer(Role.CLERK)).post(
        "/doi-mat-khau/", {"old": PASSWORD, "new": new, "again": new}
    )
    assert response.status_code == 422
    assert complaint in response.content.decode()


def test_the_present_password_must_be_known(clock, officer, signed_in):
    response = signed_in(officer(Role.CLERK)).post(
        "/doi-mat-khau/", {"old": "sai", "new": "Lạng-Sơn-37", "again": "Lạng-Sơn-37"}
    )
    assert "Mật khẩu hiện tại không đúng" in response.content.decode()


def test_an_administrator_never_takes_one_of_the_last_ten_again(clock, officer, signed_in):
    someone = officer(Role.ADMINISTRATOR, password_changed_at=NINE)
    client = signed_in(someone)

    def change(old, new):
        return client.post("/doi-mat-khau/", {"old": old, "new": new, "again": new}).status_code

    words = [PASSWORD] + [f"Lạng-Sơn-{n}" for n in range(10, 21)]
    for old, new in pairwise(words):
        assert change(old, new) == 302
    assert change(words[-1], words[2]) == 422
    assert change(words[-1], words[1]) == 302


def test_an_administrators_password_lasts_two_months(clock, officer, client):
    someone = officer(
        Role.ADMINISTRATOR, password_changed_at=NINE - timedelta(days=60), last_seen_at=NINE
    )
    assert sign_in(client, someone)["Location"] == "/"
    someone.password_changed_at = NINE - timedelta(days=60, seconds=1)
    someone.save()
    assert sign_in(Client(), someone)["Location"] == "/doi-mat-khau/"


@pytest.mark.parametrize(
    "new",
    [
        "mot cua lien thong",
        "một cửa liên thông",
        "đường về xứ Lạng",
        "Lạng-Sơn-3!",
        "aaaa bbbb cccc d",
    ],
)
def test_fourteen_signs_or_ten_of_four_classes_are_enough(clock, officer, signed_in, new):
    response = signed_in(officer(Role.CLERK)).post(
        "/doi-mat-khau/", {"old": PASSWORD, "new": new, "again": new}
    )
    assert response.status_code == 302


@pytest.mark.parametrize(
    "new", ["motcua-2026-ls", "một cửa liên", "Lạng-Sơn1", "ÁÀẢÃẠ-12345", "đăng 12345@"]
)
def test_what_is_shorter_or_plainer_is_not(clock, officer, signed_in, new):
    status = (
        signed_in(officer(Role.CLERK))
        .post("/doi-mat-khau/", {"old": PASSWORD, "new": new, "again": new})
        .status_code
    )
    assert status == (302 if len(new) >= 14 else 422)


def test_marks_typed_apart_do_not_make_a_password_longer():
    typed = unicodedata.normalize("NFD", "Ếch Ộp 1!")
    assert len(typed) > 10
    with pytest.raises(ValidationError):
        validate_password(typed)


def test_the_account_name_and_common_words_stay_refused(clock, officer, signed_in):
    someone = officer(Role.CLERK)
    Officer.objects.filter(pk=someone.pk).update(username="nguyenthihoanghoa")
    for new in ("nguyenthihoanghoa", "telechargement"):
        assert (
            signed_in(someone)
            .post("/doi-mat-khau/", {"old": PASSWORD, "new": new, "again": new})
            .status_code
            == 422
        )


def test_an_older_weaker_password_still_opens(clock, officer, client):
    someone = officer(Role.CLERK)
    someone.set_password("Ngan-1ab")
    someone.save()
    assert sign_in(client, someone, "Ngan-1ab")["Location"] == "/"


def test_what_the_system_makes_up_passes_its_own_rules():
    for _ in range(50):
        validate_password(passwords.one_time_password())


# --- wrong present passwords ----------------------------------------------------------------------


def try_to_change(client, old):
    return client.post("/doi-mat-khau/", {"old": old, "new": "Lạng-Sơn-37", "again": "Lạng-Sơn-37"})


def test_wrong_present_passwords_count_lock_and_are_logged_like_a_sign_in(
    clock, officer, signed_in
):
    someone = officer(Role.CLERK)
    client = signed_in(someone)
    for _ in range(4):
        assert "Mật khẩu hiện tại không đúng" in try_to_change(client, "sai").content.decode()
    assert "tạm khóa" in try_to_change(client, "sai").content.decode()
    assert kinds() == [AccessKind.LOGIN_FAILED] * 5 + [AccessKind.LOCKED]
    assert "tạm khóa" in try_to_change(client, PASSWORD).content.decode()
    someone.refresh_from_db()
    assert someone.locked_until == NINE + timedelta(minutes=15)
    assert someone.check_password(PASSWORD)
    clock.shift(timedelta(minutes=14))
    assert try_to_change(client, PASSWORD).status_code == 422
    clock.shift(timedelta(minutes=1))
    assert try_to_change(client, PASSWORD).status_code == 302


def test_tries_there_and_at_the_sign_in_page_are_counted_together(clock, officer, signed_in):
    someone = officer(Role.CLERK)
    for _ in range(3):
        try_to_change(signed_in(someone), "sai")
    for _ in range(2):
        sign_in(Client(), someone, "sai")
    someone.refresh_from_db()
    assert someone.is_locked(NINE)


# --- strangers ------------------------------------------------------------------------------------


def at_counter(officer):
    client = Client(REMOTE_ADDR="10.0.0.7")
    assert sign_in(client, officer).status_code == 302
    return Client(REMOTE_ADDR="10.0.0.7")


def test_a_stranger_locks_the_name_only_where_the_officer_never_was(clock, officer):
    someone = officer(Role.CLERK)
    counter = at_counter(someone)
    for _ in range(5):
        sign_in(Client(REMOTE_ADDR="203.0.113.5"), someone, "sai")
    assert sign_in(Client(REMOTE_ADDR="203.0.113.5"), someone).status_code == 422
    assert (
        sign_in(Client(REMOTE_ADDR="203.0.113.99"), someone).status_code == 422
    )  # one lock for all strangers
    assert sign_in(counter, someone).status_code == 302


def test_wrong_passwords_at_the_own_counter_lock_there_and_everywhere(clock, officer):
    someone = officer(Role.CLERK)
    counter = at_counter(someone)
    for _ in range(5):
        sign_in(counter, someone, "sai")
    assert sign_in(counter, someone).status_code == 422
    assert sign_in(Client(REMOTE_ADDR="203.0.113.5"), someone).status_code == 422
    clock.shift(timedelta(minutes=15))
    assert sign_in(counter, someone).status_code == 302


def test_an_address_is_usual_for_sixty_days(clock, officer):
    someone = officer(Role.CLERK)
    counter = at_counter(someone)
    clock.shift(timedelta(days=61))
    Officer.objects.filter(pk=someone.pk).update(last_seen_at=timezone.now())
    for _ in range(5):
        sign_in(Client(REMOTE_ADDR="203.0.113.5"), someone, "sai")
    assert sign_in(counter, someone).status_code == 422


def test_an_address_that_tries_many_names_gets_in_nowhere_for_a_while(clock, officer):
    someone, other = officer(Role.CLERK), officer(Role.CLERK)
    counter = at_counter(other)
    stranger = Client(REMOTE_ADDR="203.0.113.5")
    for number in range(30):
        stranger.post("/dang-nhap/", {"username": f"canbo{number}", "password": "sai"})
    assert sign_in(stranger, someone).status_code == 422
    someone.refresh_from_db()
    assert someone.failed_count == 0  # the right password is no failure of the account
    assert sign_in(Client(REMOTE_ADDR="203.0.113.6"), someone).status_code == 302
    for number in range(30):  # behind the same address: who works there goes on
        counter.post("/dang-nhap/", {"username": f"canbo{number}", "password": "sai"})
    assert sign_in(Client(REMOTE_ADDR="10.0.0.7"), other).status_code == 302
    clock.shift(timedelta(minutes=15, seconds=1))
    assert sign_in(Client(REMOTE_ADDR="203.0.113.5"), someone).status_code == 302


def test_an_administrator_opens_every_lock_of_an_account(clock, officer):
    someone = officer(Role.CLERK)
    counter = at_counter(someone)
    for _ in range(5):
        sign_in(counter, someone, "sai")
    someone.refresh_from_db()
    unlock(officer=someone, by=None, at=NINE)
    assert sign_in(counter, someone).status_code == 302
    assert sign_in(Client(REMOTE_ADDR="203.0.113.5"), someone).status_code == 302
