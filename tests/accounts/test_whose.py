"""Whose request it is is read anew in each request: nobody stays signed in by what was kept."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onestop import speed
from onestop.accounts.models import Officer, OfficerSession, Role
from onestop.accounts.session_store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(officer) -> tuple[Client, Officer]:
    someone, client = officer(Role.CLERK), Client()
    client.force_login(someone)
    client.get(reverse("accounts:sign_in"))
    assert is_in(client)
    return client, someone


def is_in(client: Client) -> bool:
    """Whether the page of somebody's own account opens."""
    return client.get(reverse("accounts:change_password")).status_code == 200


@pytest.mark.parametrize("plain", ["", "signed in"])
def test_closed_or_signed_out_elsewhere_is_out_at_once(signed_in, plain):
    client, someone = signed_in
    with speed.plainly(plain):
        assert is_in(client)
        Officer.objects.filter(pk=someone.pk).update(is_active=False)
        assert not is_in(client)
        Officer.objects.filter(pk=someone.pk).update(is_active=True)
        client.force_login(someone)
        assert is_in(client)
        OfficerSession.objects.filter(
            pk=client.cookies[settings.SESSION_COOKIE_NAME].value
        ).delete()
        assert not is_in(client)


@pytest.mark.parametrize("plain", ["", "signed in"])
def test_a_session_that_is_over_or_of_an_old_password_is_nobodys(signed_in, plain):
    client, someone = signed_in
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    with speed.plainly(plain):
        OfficerSession.objects.filter(pk=key).update(
            expire_date=timezone.now() - timedelta(seconds=1)
        )
        assert not is_in(client)
        client.force_login(someone)
        assert is_in(client)
        changed = Officer.objects.get(pk=someone.pk)
        changed.set_password("một mật khẩu khác")
        changed.save()
        assert not is_in(client)


def test_it_costs_a_statement_for_the_session_and_one_for_the_officer(
    signed_in, django_assert_num_queries
):
    client, someone = signed_in
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    with django_assert_num_queries(1):
        assert SessionStore(key)["_auth_user_id"] == str(someone.pk)
    with django_assert_num_queries(0):
        assert SessionStore(None).get("_auth_user_id") is None
    with django_assert_num_queries(1):
        assert SessionStore("khongcophiennao").get("_auth_user_id") is None


@pytest.mark.parametrize(
    "cookie", ["x", "a" * 500, "khong-co-phien-nao", "a%00bcdefgh", "'; drop--"]
)
def test_a_cookie_of_no_session_is_nobody(db, cookie):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert not is_in(client)
