import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_start(site, new_page, axe, shoot):
    p = site.enter(new_page(), "tiepnhan")
    p.goto(site.url + "/tiep-nhan/")
    print(p.title(), axe(p))
    shoot(p, "x")
    d = site.receive()
    print(d.code, d.due_at)
