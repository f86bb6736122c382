"""The first administrator comes from the command line, and so does the way back in."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from onestop.accounts.models import Agency, Officer, Role
from onestop.commands import Refused
from onestop.errors import DomainError

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def signs_in(made):
    return (
        Client().post("/dang-nhap/", {"username": made["username"], "password": made["password"]})[
            "Location"
        ]
        == "/doi-mat-khau/"
    )


def test_the_first_administrator_of_an_empty_installation():
    made = run(
        "open_administrator",
        "QuanTri",
        "--name",
        "Phan Anh Dũng",
        "--agency",
        "h37",
        "--agency-name",
        "UBND tỉnh Lạng Sơn",
    )
    assert made["username"] == "quantri"
    assert Agency.objects.get().code == "H37"
    assert Officer.objects.get().grants.get().role == Role.ADMINISTRATOR
    assert signs_in(made)


def test_a_forgotten_administrator_gets_back_in(officer):
    lost = officer(
        Role.ADMINISTRATOR, is_active=False, last_seen_at=timezone.now() - timedelta(days=100)
    )
    assert signs_in(run("open_administrator", lost.username))
    assert lost.grants.count() == 1


def test_a_closed_account_stays_closed(officer):
    gone = officer(Role.ADMINISTRATOR, is_active=False, closed_at=timezone.now())
    with pytest.raises((Refused, DomainError)):
        run("open_administrator", gone.username)


@pytest.mark.parametrize(
    "arguments", [(), ("--name", "Phan Anh Dũng"), ("--name", "Phan Anh Dũng", "--agency", "H1")]
)
def test_what_is_missing_is_said(arguments):
    with pytest.raises(Refused, match="Chưa có"):
        run("open_administrator", "quantri", *arguments)
    assert not Officer.objects.exists()


def test_the_national_calendar_is_loaded_once():
    assert run("load_calendar")["new"] > 100
    assert run("load_calendar")["new"] == 0


def test_a_name_that_cannot_be_an_account_is_refused_and_nothing_stays():
    with pytest.raises(Refused, match="Tên đăng nhập"):
        run(
            "open_administrator",
            "quản trị",
            "--name",
            "Phan Anh Dũng",
            "--agency",
            "H37",
            "--agency-name",
            "UBND tỉnh",
        )
    assert not Agency.objects.exists()
