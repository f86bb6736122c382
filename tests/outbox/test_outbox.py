"""A notice exists exactly when its act does, once, and its letter goes out sooner or later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.outbox import domain
from onestop.outbox.models import Mail, Message
from onestop.outbox.queries import unread_count

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 8, tzinfo=timezone.get_fixed_timezone(420))


@pytest.fixture
def officer() -> Officer:
    return Officer.objects.create(username="an", full_name="Trần Văn An", email="an@example.test")


@pytest.fixture
def other() -> Officer:
    return Officer.objects.create(username="binh", full_name="Lê Thị Bình")


def post(dedupe: str = "late:1", **changes) -> Message | None:
    given = {
        "kind": "late",
        "dedupe": dedupe,
        "subject": "Hồ sơ quá hạn",
        "body": "Hồ sơ H1 đã quá hạn.",
        "at": AT,
        **changes,
    }
    return domain.post(**given)


def test_an_officer_gets_bell_and_letter(officer):
    message = post(to_officer=officer)
    assert message is not None
    assert unread_count(officer) == 1
    assert domain.deliver(message.pk, now=AT)
    assert [(m.to, m.subject) for m in mail.outbox] == [(["an@example.test"], "Hồ sơ quá hạn")]
    assert not domain.deliver(message.pk, now=AT)
    assert len(mail.outbox) == 1


def test_an_officer_without_address_gets_the_bell_only(other):
    message = post(to_officer=other)
    assert message is not None
    assert message.mail == Mail.NONE
    assert domain.sweep(AT) == (0, 0)


def test_the_same_notice_is_made_once(officer):
    assert post(to_officer=officer) is not None
    with transaction.atomic():
        assert post(to_officer=officer) is None
        assert Message.objects.count() == 1  # and the transaction it was asked in goes on


def notices(officers: Sequence[Officer], **changes: Any) -> list[domain.Notice]:
    given = {"kind": "late", "subject": "Hồ sơ\nquá hạn", "body": "Hồ sơ H1.", "at": AT, **changes}
    return [domain.Notice(dedupe=f"late:{one.pk}", to_officer=one, **given) for one in officers]


def test_many_at_once_are_what_each_would_be(officer, other):
    post("late:0", subject="Hồ sơ\nquá hạn", body="Hồ sơ H1.", to_officer=officer)
    made = domain.post_all([*notices([officer, other]), *notices([officer])])
    assert [row.pk is not None for row in made] == [True, True]
    assert domain.post_all(notices([officer, other])) == []
    rows = Message.objects.order_by("pk").values("subject", "body", "mail", "next_try_at", "link")
    assert rows[0] == rows[1]
    assert rows[2]["mail"] == Mail.NONE
    assert domain.sweep(AT) == (2, 0)


def test_what_another_posts_at_the_same_instant_is_his(officer, other, monkeypatch):
    """The others of the same statement are posted nevertheless."""
    post(f"late:{officer.pk}", to_officer=officer)
    looked, real = [], domain.Message.objects.filter

    def too_early(**asked: Any) -> Any:
        looked.append(asked)
        return real(**asked) if len(looked) > 1 else Message.objects.none()

    monkeypatch.setattr(domain.Message.objects, "filter", too_early)
    with transaction.atomic():
        made = domain.post_all(notices([officer, other]))
    assert [row.to_officer_id for row in made] == [other.pk]
    assert Message.objects.count() == 2


def test_a_notice_of_an_act_that_did_not_happen_does_not_exist(officer):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post(to_officer=officer)
        _ = 1 / 0
    assert not Message.objects.exists()


def test_a_line_break_in_a_subject_cannot_make_a_header(officer):
    message = post(to_officer=officer, subject="Hồ sơ\r\nBcc: x@example.test")
    assert message is not None
    assert domain.deliver(message.pk, now=AT)
    assert mail.outbox[0].subject == "Hồ sơ Bcc: x@example.test"


def test_the_worker_is_nudged_after_the_commit(officer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = post(to_officer=officer, at=timezone.now() - timedelta(seconds=1))
    assert message is not None
    message.refresh_from_db()
    assert message.mail == Mail.SENT


def refuses(times: int):
    """A mail server that refuses so many letters and then takes them."""
    left = iter(range(times))

    def send(*_args, **_options) -> int:
        if next(left, None) is not None:
            raise ConnectionRefusedError("mail.example.test refused an@example.test")
        return 1

    return send


def test_a_refused_letter_is_tried_again_later_and_later(officer, monkeypatch):
    message = post(to_officer=officer)
    assert message is not None
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuses(3))
    now, waits = AT, []
    for _ in range(3):
        assert not domain.deliver(message.pk, now=now)
        message.refresh_from_db()
        assert message.next_try_at is not None
        assert domain.sweep(message.next_try_at - timedelta(seconds=1)) == (0, 0)
        waits.append(message.next_try_at - now)
        now = message.next_try_at
    assert waits == domain.BACK_OFF[:3]
    assert message.error == "ConnectionRefusedError"  # no address, no host
    assert domain.sweep(now) == (1, 0)
    message.refresh_from_db()
    assert (message.mail, message.attempts, message.error) == (Mail.SENT, 4, "")


def test_a_letter_nobody_takes_is_given_up_and_stays_visible(officer, monkeypatch):
    message = post(to_officer=officer)
    assert message is not None
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuses(99))
    now = AT
    for _ in range(len(domain.BACK_OFF) + 1):
        assert domain.sweep(now) == (0, 1)
        now += timedelta(days=1)
    message.refresh_from_db()
    assert message.mail == Mail.FAILED
    assert domain.sweep(now) == (0, 0)


def test_a_worker_that_died_lets_go_of_its_letter(officer):
    message = post(to_officer=officer)
    Message.objects.update(next_try_at=AT + domain.LEASE)  # claimed, then nothing
    assert domain.sweep(AT) == (0, 0)
    assert domain.sweep(AT + domain.LEASE) == (1, 0)
    assert message is not None


def test_reading_counts_the_first_time(officer):
    message = post(to_officer=officer)
    assert message is not None
    domain.read(message, at=AT)
    domain.read(message, at=AT + timedelta(hours=1))
    message.refresh_from_db()
    assert message.read_at == AT
    assert unread_count(officer) == 0


def test_unread_count_is_one_query_whatever_the_number(officer, django_assert_num_queries):
    for n in range(3):
        post(f"late:{n}", to_officer=officer)
    with django_assert_num_queries(1):
        assert unread_count(officer) == 3


def test_all_are_read_at_once_but_only_ones_own(officer, other):
    post("a", to_officer=officer)
    post("b", to_officer=other)
    assert domain.read_all(officer, at=AT) == 1
    assert unread_count(other) == 1


def test_a_notice_of_what_no_longer_holds_says_so_and_is_unread_again(officer):
    about = {"to_officer": officer, "object_kind": "dossier", "object_id": 7}
    told = post("request:1", **about)
    post("request:2", **about, at=AT + timedelta(minutes=1))
    assert told is not None
    Message.objects.update(read_at=AT)
    of_dossier = {"object_kind": "dossier", "object_id": 7, "heading": "Đã hoàn tác"}
    assert domain.retract([told.pk], **of_dossier) == 1
    told.refresh_from_db()
    assert (told.subject, told.read_at) == ("Đã hoàn tác: Hồ sơ quá hạn", None)
    assert unread_count(officer) == 1  # the other act's notice is left alone
