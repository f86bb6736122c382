"""One rating a dossier that is done, by who holds its slip or owns it; nobody else reads what it says."""

import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from dossiers.acts import endings
from dossiers.acts.many import Seen
from dossiers.intake.secrets import secret_of
from dossiers.models import Dossier, Submitter
from feedback.models import Rating
from feedback.rating import CHANGED_WITHIN, RATED_WITHIN
from feedback.views.asking import OF_A_DOSSIER
from onestop.accounts.models import AccessEvent
from tests.citizens.conftest import AN, BINH, Entering
from tests.clock import MONDAY, Clock
from tests.world import Office, make_case, receive

pytestmark = pytest.mark.django_db
ANSWERS = {"overall": "2", "manner": "0", "words": "Nên có ghế ngồi chờ"}


@pytest.fixture
def done(office: Office) -> Dossier:
    dossier = receive(office, make_case())
    clerk, seen = office.desk(office.clerk), Seen(dossier.pk)
    said = endings.EndingIn(requested_by="Nguyễn Văn Ân", reason="Thôi")
    endings.withdraw(seen, said, by=clerk, at=MONDAY)
    dossier.refresh_from_db()
    return dossier


def slip(dossier: Dossier, sub: str = "danh-gia/") -> str:
    return f"/tra-cuu/{dossier.code}/{sub}?k={secret_of(dossier)}"


def mine(dossier: Dossier, sub: str = "danh-gia/") -> str:
    return f"/cua-toi/ho-so/{dossier.code}/{sub}"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_of_a_dossier_that_is_done_leads_to_it(office: Office, done: Dossier) -> None:
    still = receive(office, make_case())
    assert "/danh-gia/?k=" in text(Client(), slip(done, ""))
    assert "/danh-gia/" not in text(Client(), slip(still, ""))
    assert "chưa giải quyết xong" in text(Client(), slip(still))
    assert Client().post(slip(still), ANSWERS).status_code == 409
    assert not Rating.objects.exists()


def test_who_holds_the_slip_rates_once_and_alone_changes_it(done: Dossier, clock: Clock) -> None:
    client = Client()
    page = text(client, slip(done))
    assert "<script" not in page
    assert len(page.encode()) < 12_000
    # Nothing of another slip, nothing without its secret.
    assert client.post(slip(done).replace("k=", "k=x"), ANSWERS).status_code == 404
    sent = client.post(slip(done), ANSWERS)
    assert sent.status_code == 302
    assert not client.cookies
    row = Rating.objects.get()
    assert (row.overall, row.manner, row.lawful, row.words) == (2, 0, None, ANSWERS["words"])
    own = text(client, sent["Location"])
    assert "Đánh giá đã được ghi" in own
    assert ANSWERS["words"] in own
    # An officer reads the slip too: there is nothing to read, not even that it was rated, nothing to write
    # over. To ask is to answer.
    assert text(client, slip(done)) == page
    assert client.post(slip(done), {}).status_code == 422
    again = client.post(slip(done), {"overall": "0"})
    assert again.status_code == 409
    assert "Nếu không phải Ông/Bà gửi" in again.content.decode()
    client.post(sent["Location"], {"overall": "1"})
    row.refresh_from_db()
    assert (row.overall, row.manner, row.words) == (1, None, "")
    clock.now = MONDAY + CHANGED_WITHIN
    assert "chỉ sửa được trong 7 ngày" in text(client, sent["Location"])
    assert client.post(sent["Location"], {"overall": "0"}).status_code == 409


def test_a_key_that_somebody_chose_before_opens_nothing(done: Dossier) -> None:
    """Who handed out the address knows what stands in it."""
    client, chosen = Client(), f"{slip(done)}&sua=abc"
    assert "Đánh giá đã được ghi" not in text(client, chosen)
    sent = client.post(chosen, ANSWERS)
    assert sent.status_code == 302
    assert "sua=abc" not in sent["Location"]
    assert ANSWERS["words"] not in text(client, chosen)
    assert client.post(chosen, {"overall": "0"}).status_code == 409
    assert ANSWERS["words"] in text(client, sent["Location"])
    client.post(sent["Location"], {"overall": "1"})
    assert Rating.objects.get().overall == 1


def test_words_are_measured_as_they_are_kept(done: Dossier) -> None:
    """Composed they may be longer; a browser counts a line break once."""
    long = Client().post(slip(done), {"overall": "2", "words": "\ufb2c" * 500})
    assert long.status_code == 422
    fits = Client().post(slip(done), {"overall": "2", "words": "a\r\nb" * 125 + "x" * 125})
    assert fits.status_code == 302
    assert len(Rating.objects.get().words) == 500


def test_the_names_of_the_dossier_are_not_kept(done: Dossier) -> None:
    """R-105: nor does a name that is corrected later tell whose text it is."""
    Submitter.objects.create(dossier=done, name="Lò Thị Mai", authorisation="giấy ủy quyền")
    words = f"Tôi là lo thi mai, nộp {done.code.lower()} cho {done.owner_name.upper()}"
    sent = Client().post(slip(done), {"overall": "2", "words": words})
    assert Rating.objects.get().words == "Tôi là …, nộp … cho …"
    assert "Tôi là …, nộp … cho …" in text(Client(), sent["Location"])


def test_only_the_answer_to_the_whole_is_asked_of_everybody(done: Dossier) -> None:
    answer = Client().post(slip(done), {"manner": "3", "words": "x" * 501})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert said.count("Đề nghị Ông/Bà chọn một trong ba câu trả lời.") == 4
    assert "Ý kiến dài quá 500 chữ cái" in said
    # What was not filed on line is not asked how that went.
    assert 'name="online"' not in said


def test_ninety_days_after_it_was_done_it_is_over(done: Dossier, clock: Clock) -> None:
    clock.now = MONDAY + RATED_WITHIN - timedelta(seconds=1)
    assert "/danh-gia/" in text(Client(), slip(done, ""))
    clock.now = MONDAY + RATED_WITHIN
    assert "/danh-gia/" not in text(Client(), slip(done, ""))
    assert "đã xong quá 90 ngày" in text(Client(), slip(done))


def test_posts_are_counted_by_dossier(done: Dossier) -> None:
    answers = [Client().post(slip(done), {}) for _ in range(OF_A_DOSSIER.times + 1)]
    assert {one.status_code for one in answers[:-1]} == {422}
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_the_owner_who_signed_in_rates_in_place_of_the_slip(
    done: Dossier,
    enter: Entering,
    clock: Clock,
) -> None:
    Client().post(slip(done), {"overall": "0", "words": "của tờ giấy"})
    owner, other = Client(), Client()
    enter(owner, AN)
    enter(other, BINH)
    assert other.get(mine(done)).status_code == 404
    assert other.post(mine(done), ANSWERS).status_code == 404
    assert mine(done) in text(owner, mine(done, ""))
    assert "của tờ giấy" not in text(owner, mine(done))
    assert owner.post(mine(done), ANSWERS)["Location"] == mine(done)
    assert ANSWERS["words"] in text(owner, mine(done))
    assert Rating.objects.get().overall == 2
    # Never the other way round.
    assert Client().post(slip(done), {"overall": "0"}).status_code == 409
    assert Rating.objects.get().overall == 2


def test_what_is_added_up_is_not_taken_back_by_signing_in(
    done: Dossier,
    enter: Entering,
    clock: Clock,
) -> None:
    Client().post(slip(done), {"overall": "0"})
    clock.now = MONDAY + timedelta(days=20)
    owner = Client()
    enter(owner, AN)
    assert "đánh giá bằng mã trên giấy tiếp nhận" in text(owner, mine(done))
    assert owner.post(mine(done), ANSWERS).status_code == 409


def test_the_list_invites_to_rate_what_was_not(
    office: Office,
    done: Dossier,
    enter: Entering,
) -> None:
    receive(office, make_case())
    owner = Client()
    enter(owner, AN)
    page = text(owner, "/cua-toi/")
    assert page.count("Đánh giá việc giải quyết") == 1
    assert mine(done) in page
    owner.post(mine(done), ANSWERS)
    assert "Đánh giá việc giải quyết" not in text(owner, "/cua-toi/")


def test_a_form_of_another_site_rates_nothing(
    done: Dossier,
    enter: Entering,
) -> None:
    client = Client(enforce_csrf_checks=True)
    enter(client, AN)
    assert client.post(mine(done), ANSWERS).status_code == 403
    assert not Rating.objects.exists()


def test_officers_are_told_nothing_of_it(
    office: Office,
    done: Dossier,
    enter: Entering,
    signed_in: Callable[..., Any],
) -> None:
    """R-105, NĐ 61/2018 Đ27.3: not on the dossier's page, not in its log; the row names nobody."""
    owner = Client()
    enter(owner, AN)
    before = AccessEvent.objects.count()
    owner.post(mine(done), ANSWERS)
    log = AccessEvent.objects.order_by("id")[before:]
    assert [(one.kind, one.detail) for one in log] == [("citizen_viewed", "")]
    officer = signed_in(office.head)
    for address in (f"/ho-so/{done.code}/", f"/ho-so/{done.code}/nhat-ky/"):
        page = officer.get(address).content.decode()
        assert ANSWERS["words"] not in page
        assert "ánh giá" not in re.sub(r"(?s)<nav.*?</nav>|<head>.*?</head>", "", page)
    row = Rating.objects.values().get()
    assert "Nguyễn Văn Ân" not in str(row)
    assert len(row["author"]) == 64


def test_what_was_written_before_names_were_covered_loses_them(
    office: Office, done: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0002: batches by id; begun again it changes nothing."""
    module = import_module("feedback.migrations.0002_cover_names")
    monkeypatch.setattr(module, "AT_ONCE", 1)
    Submitter.objects.create(dossier=done, name="Hoàng Thị Nộp", authorisation="01/UQ")
    other = receive(office, make_case())
    said = f"{done.owner_name} và HOANG THI NOP chờ {done.code} lâu"
    for dossier, words in ((done, said), (other, "Nên có ghế"), (receive(office, make_case()), "")):
        Rating.objects.create(
            dossier=dossier, agency=office.agency, month=MONDAY.date(), given_at=MONDAY,
            door=Rating.Door.SLIP, author="a", overall=2, words=words,
        )  # fmt: skip
    for _ in range(2):
        module.cover(apps, None)
        kept = list(Rating.objects.order_by("pk").values_list("words", flat=True))
        assert kept == ["… và … chờ … lâu", "Nên có ghế", ""]
