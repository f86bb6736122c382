"""The slips of invented dossiers: the same as worked ones have, numbered in the order of their
acts, frozen when first asked for.
"""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from dossiers.acts import re_appointment
from dossiers.acts.many import Seen
from dossiers.models import ClockChange, Dossier, Result, Slip, SlipCounter, Supplement
from dossiers.slips import issuing
from dossiers.states import State
from dossiers.templatetags.slip import long_time
from onestop.worktime import Term, Unit
from tests.dossiers.generating.test_generating import NOW
from tests.world import Office, make_case, receive

pytestmark = pytest.mark.django_db


def test_every_promise_has_its_receipt_every_request_and_refusal_its_slip(archive: Office) -> None:
    promised = Dossier.objects.exclude(term="trả ngay")
    completed = Supplement.objects.exclude(completed_at=None)
    assert Slip.objects.filter(slug="tiep-nhan").count() == promised.count() + completed.count()
    assert not Slip.objects.filter(dossier__term="trả ngay").exists()  # only on request
    for dossier in promised:
        first = dossier.slips.filter(slug="tiep-nhan").earliest("id")
        assert (first.made_at, first.made_by_id, first.agency_id) == (
            dossier.received_at,
            dossier.received_by_id,
            dossier.received_by_agency_id,
        )
    asked = Supplement.objects.values_list("dossier_id", "issued_at", "issued_by_id")
    assert set(
        Slip.objects.filter(slug="bo-sung").values_list("dossier_id", "made_at", "made_by_id")
    ) == set(asked)
    refused = set(
        Result.objects.filter(kind=Result.Kind.REFUSED).values_list("dossier_id", flat=True)
    )
    printed = list(Slip.objects.filter(slug="tu-choi").values_list("dossier_id", flat=True))
    ended = Dossier.objects.filter(pk__in=refused, ended_at__isnull=False)
    # once each, when it was approved
    assert set(ended.values_list("pk", flat=True)) <= set(printed) <= refused
    assert len(printed) == len(set(printed))
    assert asked
    assert refused


def test_numbers_run_without_a_gap_in_the_order_of_the_acts_and_the_next_slip_goes_on(
    archive: Office,
) -> None:
    by_book = defaultdict(list)
    for row in Slip.objects.order_by("made_at", "id").values("agency_id", "slug", "year", "number"):
        by_book[row["agency_id"], row["slug"], row["year"]].append(row["number"])
    assert len(by_book) > 3
    for (agency, slug, year), numbers in by_book.items():
        assert numbers == list(range(1, len(numbers) + 1))
        assert SlipCounter.objects.get(agency=agency, slug=slug, year=year).last == len(numbers)
    worked = receive(archive, make_case(), at=NOW)
    assert worked.slips.get().number == len(by_book[archive.agency.pk, "tiep-nhan", 2026]) + 1


def test_a_receipt_says_what_a_worked_one_says(archive: Office) -> None:
    dossier = Dossier.objects.filter(term="7 ngày làm việc").first()
    assert dossier is not None
    worked = receive(archive, make_case(), at=NOW, channel=dossier.channel).slips.get()
    slip = dossier.slips.earliest("id")
    page = issuing.html(slip)
    slip.refresh_from_db()
    assert slip.snapshot.keys() == worked.snapshot.keys()
    assert len(slip.sha256) == 64
    assert dossier.first_due_at is not None
    for words in (dossier.code, dossier.owner_name, long_time(dossier.first_due_at)):
        assert words in page
    assert [paper["name"] for paper in slip.snapshot["papers"]] == list(
        dossier.papers.values_list("paper__name", flat=True)
    )


def test_before_and_after_completion_are_two_receipts_with_their_own_promise(
    archive: Office,
) -> None:
    change = ClockChange.objects.exclude(end=None).exclude(due_before=F("due_after"))[0]
    first, second = change.dossier.slips.filter(slug="tiep-nhan").order_by("id")
    later, earlier = issuing.drawn(second), issuing.drawn(first)  # whichever is asked for first
    assert change.due_after is not None
    assert change.due_before is not None
    assert later["promised_at"] != earlier["promised_at"]
    assert f" số {first.number}/TNHS ngày " in second.snapshot["replaces"]
    assert first.snapshot["replaces"] == ""
    assert long_time(change.due_before) in issuing.html(first)
    assert long_time(change.due_after) in issuing.html(second)


def test_a_request_and_a_refusal_show_their_own_words(archive: Office) -> None:
    request = Slip.objects.filter(slug="bo-sung")[0]
    row = Supplement.objects.get(dossier=request.dossier)
    assert row.reason in issuing.html(request)
    refusal = Slip.objects.filter(slug="tu-choi")[0]
    assert Result.objects.get(
        dossier=refusal.dossier, replaced_at=None, undone_at=None
    ).reason in issuing.html(refusal)


def test_what_comes_later_does_not_reach_it_and_frozen_it_stays(archive: Office) -> None:
    """Nobody has asked for the receipt before the office apologised and gave a further term."""
    quiet = Dossier.objects.filter(state=State.IN_PROGRESS, late_from__gt=NOW, clock_changes=None)
    dossier = quiet.exclude(term="trong ngày").exclude(due_at=None)[0]
    desk = archive.desk(archive.leader, NOW)
    more = Term(Unit.WORKING_DAY, 3)
    re_appointment.re_appoint(
        Seen(dossier.pk),
        extra=more,
        reason="Chờ ý kiến cơ quan khác",
        by=desk,
        at=NOW + timedelta(minutes=5),
    )
    slip = dossier.slips.filter(slug="tiep-nhan").earliest("id")
    assert dossier.first_due_at is not None
    once = issuing.html(slip)
    assert long_time(dossier.first_due_at) in once
    Dossier.objects.filter(pk=dossier.pk).update(owner_name="Ai Đó")
    assert issuing.html(Slip.objects.get(pk=slip.pk)) == once


def test_its_address_answers_and_its_page_names_it(archive: Office, client: Client) -> None:
    client.force_login(archive.clerk)
    dossier = Dossier.objects.exclude(term="trả ngay").filter(ended_at=None)[0]
    number = dossier.slips.filter(slug="tiep-nhan").latest("id").number
    assert f"số {number}," in client.get(dossier.get_absolute_url()).content.decode()
    page = client.get(f"{dossier.get_absolute_url()}phieu/tiep-nhan/")
    assert page.status_code == 200
    assert dossier.owner_name in page.content.decode()


def test_the_sweep_makes_no_archive_of_pdfs(archive: Office) -> None:
    """What a worker missed is made up for within two days; older slips are made when somebody asks
    for them.
    """
    receive(archive, make_case(), at=NOW - timedelta(hours=1))  # the archive may have none of today
    fresh = Slip.objects.filter(made_at__gte=NOW - timedelta(days=1))
    assert set(issuing.without_pdf(NOW + timedelta(days=1))) == set(
        fresh.values_list("pk", flat=True)
    )
    assert 0 < fresh.count() < Slip.objects.count() / 5


def test_the_times_of_steps_are_whole_or_half_hours(archive: Office) -> None:
    from dossiers.models import HandOver

    minutes = set(
        HandOver.objects.exclude(next_step_minutes=None).values_list("next_step_minutes", flat=True)
    )
    assert minutes
    assert not [one for one in minutes if one % 30 or (one > 240 and one % 60)]
