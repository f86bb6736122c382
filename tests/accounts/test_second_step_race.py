"""One code, sent by two browsers at the same instant: one is let in (R-142)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from onestop.accounts.models import Factor, Role
from tests.accounts.factors import answer, code, enrol, is_in, sign_in

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("way", ["totp", "du-phong"])
def test_of_two_browsers_with_one_code_one_is_let_in(officer, way):
    clerk = officer(Role.CLERK)
    codes = enrol(clerk)
    Factor.objects.update(counter=0)
    typed = code() if way == "totp" else codes[0]
    browsers = [sign_in(clerk)[0] for _ in range(2)]
    start = Barrier(2)

    def send(browser):
        start.wait()
        try:
            return answer(browser, typed, cach=way).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, browsers)) == [302, 422]
    assert sorted(is_in(one) for one in browsers) == [False, True]
