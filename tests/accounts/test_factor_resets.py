"""A reset of somebody's second factors takes two administrators; the person is told (R-142)."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from onestop.accounts.models import (
    AccessEvent,
    AccessKind,
    Factor,
    FactorReset,
    RecoveryCode,
    Role,
)
from onestop.outbox.models import Message
from tests.accounts.factors import answer, code, enrol, is_in, sign_in
from tests.clock import MONDAY

pytestmark = pytest.mark.django_db
REASON = {"reason": "Mất điện thoại"}


@pytest.fixture
def lost(officer):
    """A clerk of the commune who lost the telephone."""
    found = officer(Role.CLERK)
    enrol(found)
    return found


@pytest.fixture
def admins(officer, signed_in):
    """Browsers of two administrators of the commune."""
    return [signed_in(officer(Role.ADMINISTRATOR)) for _ in range(2)]


def of(someone, what):
    return f"/quan-tri/can-bo/{someone.pk}/xac-thuc/{what}/"


def subjects(someone):
    return list(
        Message.objects.filter(to_officer=someone).order_by("pk").values_list("subject", flat=True)
    )


def test_one_asks_another_does_it_the_person_is_told_and_signed_out(lost, admins):
    first, second = admins
    browser, _ = sign_in(lost)
    answer(browser, code())
    assert is_in(browser)
    first.post(of(lost, "de-nghi"), REASON)
    assert Factor.objects.filter(officer=lost).exists(), "asked for, not done"
    assert is_in(browser)
    where = f"/quan-tri/can-bo/{lost.pk}/#xac-thuc"
    assert Message.objects.filter(link=where).count() == 1, "the other one is led to the very part"
    page = second.get(where).content.decode()
    assert 'id="xac-thuc"' in page
    assert "Mất điện thoại" in page
    assert "Xác nhận đặt lại" in page
    second.post(of(lost, "xac-nhan"))
    assert not Factor.objects.filter(officer=lost).exists()
    assert not RecoveryCode.objects.filter(officer=lost).exists()
    assert not is_in(browser), "the sessions are over"
    assert len(subjects(lost)) == 3  # set up, asked for, done
    assert is_in(sign_in(lost)[0]), "a clerk inside needs none"
    done = AccessEvent.objects.get(kind=AccessKind.FACTORS_RESET)
    assert (done.object_id, "Mất điện thoại" in done.detail) == (lost.pk, True)
    row = FactorReset.objects.get()
    assert row.proposed_by_id != row.confirmed_by_id


def test_on_the_own_page_no_reset_is_offered(officer, signed_in):
    """It would be refused; the page says where the own factors are looked after (R-142)."""
    admin = officer(Role.ADMINISTRATOR)
    enrol(admin)
    page = signed_in(admin).get(f"/quan-tri/can-bo/{admin.pk}/").content.decode()
    assert "Đề nghị đặt lại" not in page
    assert "một quản trị nữa xác nhận" in page


def test_who_asked_does_not_do_it(lost, admins):
    first, _ = admins
    first.post(of(lost, "de-nghi"), REASON)
    refused = first.post(of(lost, "xac-nhan"), follow=True).content.decode()
    assert "Người đề nghị không tự xác nhận" in refused
    assert Factor.objects.filter(officer=lost).exists()


def test_nobody_for_oneself(officer, signed_in):
    """Neither asks nor confirms: an administrator with the telephone lost needs two others."""
    one, other = (officer(Role.ADMINISTRATOR) for _ in range(2))
    enrol(one)
    mine = signed_in(one)
    mine.post(of(one, "de-nghi"), REASON)
    assert not FactorReset.objects.exists()
    signed_in(other).post(of(one, "de-nghi"), REASON)
    mine.post(of(one, "xac-nhan"))
    assert Factor.objects.filter(officer=one).exists()


def test_the_administrator_of_the_agency_above_is_the_second_one(lost, officer, signed_in, tree):
    signed_in(officer(Role.ADMINISTRATOR)).post(of(lost, "de-nghi"), REASON)
    above = officer(Role.ADMINISTRATOR, agency=tree.province)
    signed_in(above).post(of(lost, "xac-nhan"))
    assert not Factor.objects.filter(officer=lost).exists()


def test_administrators_here_and_above_are_asked_others_not(lost, officer, signed_in, tree):
    above = officer(Role.ADMINISTRATOR, agency=tree.province)
    beside = officer(Role.ADMINISTRATOR, agency=tree.there)
    signed_in(officer(Role.ADMINISTRATOR)).post(of(lost, "de-nghi"), REASON)
    assert len(subjects(above)) == 1
    assert subjects(beside) == []


def test_refused_or_a_week_old_it_is_over(lost, admins, clock):
    first, second = admins
    first.post(of(lost, "de-nghi"), REASON)
    second.post(of(lost, "khong-dat-lai"))
    second.post(of(lost, "xac-nhan"))
    first.post(of(lost, "de-nghi"), REASON)
    FactorReset.objects.update(proposed_at=clock.now - timedelta(days=7))
    second.post(of(lost, "xac-nhan"))
    assert Factor.objects.filter(officer=lost).exists()


def test_without_a_reason_or_a_factor_nothing_is_asked_for(lost, admins, officer):
    admins[0].post(of(lost, "de-nghi"), {"reason": " "})
    admins[0].post(of(officer(Role.CLERK), "de-nghi"), REASON)
    assert not FactorReset.objects.exists()


def test_on_the_server_as_the_last_way(officer, capsys):
    someone = officer(Role.ADMINISTRATOR, password_changed_at=MONDAY)
    enrol(someone)
    with pytest.raises(CommandError):
        call_command("reset_factor", someone.username, reason=" ")
    assert Factor.objects.exists()
    call_command("reset_factor", someone.username, reason="Chỉ có một quản trị")
    assert someone.username in capsys.readouterr().out
    assert not Factor.objects.exists()
    done = AccessEvent.objects.get(kind=AccessKind.FACTORS_RESET)
    assert (done.officer, "lệnh trên máy chủ" in done.detail) == (None, True)
    assert len(subjects(someone)) == 2
    led = sign_in(someone)[0].get("/quan-tri/", follow=True)
    assert led.redirect_chain[-1][0].startswith("/tai-khoan/ung-dung/")
    with pytest.raises(CommandError):
        call_command("reset_factor", someone.username, reason="Lần nữa")
    with pytest.raises(CommandError):
        call_command("reset_factor", "khongco", reason="x")


def test_where_it_is_only_offered_the_administrators_start_says_so(admins, settings):
    assert "SECOND_FACTOR" not in admins[0].get("/quan-tri/").content.decode()
    settings.SECOND_FACTOR = "offered"
    assert "SECOND_FACTOR=offered" in admins[0].get("/quan-tri/").content.decode()
