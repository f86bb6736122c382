"""The bell page shows an officer's own notices and nobody else's."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.outbox import domain
from onestop.outbox.models import SHOWN_LINES, Message
from onestop.outbox.queries import unread_count

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Officer:
    return Officer.objects.create(
        username="an", full_name="Trần Văn An", must_change_password=False
    )


@pytest.fixture
def client(officer, signed_in) -> Client:
    return signed_in(officer)


def notice(to: Officer, n: int = 1, link: str = "", body: str = "Hãy xử lý.") -> Message:
    made = domain.post(
        kind="late",
        dedupe=f"{to.pk}:{n}",
        subject=f"Hồ sơ số {n} quá hạn",
        body=body,
        at=timezone.now(),
        to_officer=to,
        link=link,
    )
    assert made is not None
    return made


def test_a_stranger_is_sent_to_sign_in():
    assert Client().get(reverse("bell")).status_code == 302


def test_an_empty_bell_says_what_will_come(client, officer):
    assert "Chưa có thông báo nào" in client.get(reverse("bell")).content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(client, officer, queries):
    counts = []
    for n in (1, 2, 3):
        notice(officer, n)
        with queries() as seen:
            page = client.get(reverse("bell")).content.decode()
        counts.append(len(seen))
        assert f"Hồ sơ số {n} quá hạn" in page
    assert counts[1] == counts[2]


def test_a_long_notice_shows_its_beginning_and_folds_the_rest(client, officer):
    """The letter of the daily digests after a long stand-still has a line a day."""
    lines = [f"Dòng {n};" for n in range(60)]
    notice(officer, 1, body="\n".join(lines[:SHOWN_LINES]))
    assert '<details class="why">' not in client.get(reverse("bell")).content.decode()
    notice(officer, 2, body="\n".join(lines))
    page = client.get(reverse("bell")).content.decode()
    whole = page.index("Hồ sơ số 2 quá hạn")
    shown, folded = page[whole:].split('<details class="why">')
    folded = folded[: folded.index("</details>")]
    assert [line for line in lines if line in shown] == lines[:SHOWN_LINES]
    assert [line for line in lines if line in folded] == lines[SHOWN_LINES:]


def test_fifty_a_page_and_the_older_ones_behind_a_link(client, officer):
    for n in range(51):
        notice(officer, n)
    first = client.get(reverse("bell"))
    assert first.content.decode().count('<li class="list-group-item') == 50
    older = client.get(reverse("bell"), {"truoc": first.context["more"]}).content.decode()
    assert "Hồ sơ số 0 quá hạn" in older
    assert older.count('<li class="list-group-item') == 1


def test_opening_marks_as_read_and_goes_to_the_dossier(client, officer):
    made = notice(officer, link="/ho-so/H1/")
    response = client.post(reverse("bell_open", args=[made.pk]))
    assert response["Location"] == "/ho-so/H1/"
    assert unread_count(officer) == 0


def test_a_link_never_leads_out_of_the_house(client, officer):
    made = notice(officer, link="https://example.test/")
    assert client.post(reverse("bell_open", args=[made.pk]))["Location"] == reverse("bell")


def test_another_officers_notice_does_not_exist(client, officer):
    other = Officer.objects.create(username="binh", full_name="Lê Thị Bình")
    made = notice(other)
    assert "Hồ sơ số 1" not in client.get(reverse("bell")).content.decode()
    assert client.post(reverse("bell_open", args=[made.pk])).status_code == 404
    assert unread_count(other) == 1


def test_the_button_works_and_all_can_be_marked_at_once(client, officer):
    notice(officer, 1)
    notice(officer, 2)
    assert 'name="csrfmiddlewaretoken"' in client.get(reverse("bell")).content.decode()
    client.post(reverse("bell_read_all"))
    assert unread_count(officer) == 0
    assert client.get(reverse("bell_read_all")).status_code == 405
