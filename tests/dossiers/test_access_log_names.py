"""The access log speaks of dossiers by their codes, and of everything else in words."""

from collections.abc import Callable

import pytest
from django.test import Client

from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Officer, Role
from tests.world import make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db


def test_a_line_names_the_dossier_by_its_code_to_who_may_open_it(
    signed_in: Callable[[Officer], Client],
) -> None:
    office = make_office()
    dossier = receive(office, make_case())
    administrator = make_officer(
        "Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None), (Role.CONTROLLER, None)
    )
    access(office.clerk, AccessKind.VIEWED, "dossier", dossier.pk)
    access(office.clerk, AccessKind.VIEWED, "visit", 7)
    text = signed_in(administrator).get("/quan-tri/nhat-ky-truy-cap/").content.decode()
    assert f"Hồ sơ {dossier.code}" in text
    assert "Lượt tiếp số 7" in text
    assert "dossier" not in text


def test_an_administrator_reads_that_a_dossier_was_opened_and_not_which(
    signed_in: Callable[[Officer], Client],
) -> None:
    office = make_office()
    dossier = receive(office, make_case())
    administrator = make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None))
    access(office.clerk, AccessKind.VIEWED, "dossier", dossier.pk)
    text = signed_in(administrator).get("/quan-tri/nhat-ky-truy-cap/").content.decode()
    assert f"Hồ sơ số {dossier.pk}" in text
    assert dossier.code not in text
