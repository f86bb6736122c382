"""What the demo shows of work with others: parts that another commune sent here and one that was sent
there, opinions that are asked for, results that nobody fetches. Each by the act that people press.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from dossiers.acts import consulting, leg_work, legs
from dossiers.acts.consulting import Question
from dossiers.acts.leg_work import SeenLeg
from dossiers.acts.legs import Part
from dossiers.acts.many import Seen
from dossiers.demo_day import APPROVE, BRING_BACK, MARITAL, RECOGNITION, Day
from dossiers.models.legs import LegKind
from onestop.accounts.models import Agency, Department

# Working days ago that a result came to the counter and was not fetched since.
LYING = (16, 27)
TASK = "Xác minh tình trạng hôn nhân trong thời gian người yêu cầu cư trú tại địa phương"
CULTURE = "Phòng Văn hóa - Xã hội"
# Dossiers of the other commune have tokens of their own.
FIRST_NUMBER = 5_000


def work_together(day: Day, other: Agency) -> None:
    """In the last days of the first commune, and of the one beside it."""
    if not day.moves_promises:
        return
    _parts(day, other)
    _opinions(day)
    if day.ago(max(LYING) + 2, 9).year == day.now.year:
        _not_fetched(day)


def _parts(day: Day, other: Agency) -> None:
    """One waits to be taken here, one is in hand, one went there."""
    people = {"tiepnhan": "dongdang.tiepnhan", "chuyenvien": "dongdang.hotich"}
    officers = {mine: day.officers[theirs] for mine, theirs in people.items()}
    there = Day(other, officers, day.now)
    there.number = FIRST_NUMBER
    for sender, to, hour in ((there, day.agency, 8), (there, day.agency, 9), (day, other, 9)):
        dossier, at = sender.in_the_room(MARITAL, day.ago(1, hour, 5)), day.ago(1, 10)
        (leg,) = legs.open_legs(
            Seen(dossier.pk),
            LegKind.PARALLEL,
            [Part(to, TASK, 16)],
            by=sender.desk("chuyenvien", at),
            at=at,
        )
        if sender is there and hour == 9:
            at = day.ago(1, 13, 40)
            seen = SeenLeg(leg.pk, dossier.pk, leg.version)
            leg_work.receive(seen, by=day.desk("tiepnhan", at), at=at)


def _opinions(day: Day) -> None:
    """Of a room of the own office, and of a body outside, until the end of a day that lies ahead."""
    culture = Department.objects.get(agency=day.agency, name=CULTURE)
    dossier, at = day.in_the_room(RECOGNITION, day.ago(1, 8, 30)), day.ago(1, 11)
    asked = Question(
        "Ý kiến về việc người nhận con đang hưởng trợ cấp xã hội", _ahead(day), rooms=(culture,),
        bodies=("Công an phường Tam Thanh",),
    )  # fmt: skip
    consulting.consult(Seen(dossier.pk), asked, by=day.desk("chuyenvien", at), at=at)
    dossier, at = day.receive(MARITAL, day.ago(1, 14, 10)), day.ago(1, 14, 30)
    asked = Question("Có cần xác minh nơi cư trú trước không", _ahead(day), rooms=(day.office,))
    consulting.consult(Seen(dossier.pk), asked, by=day.desk("tiepnhan", at), at=at)


def _ahead(day: Day) -> date:
    """The second working day from today."""
    found, left = timezone.localdate(day.now), 2
    while left:
        found += timedelta(days=1)
        left -= day.calendar.is_working_day(found)
    return found


def _not_fetched(day: Day) -> None:
    for days in LYING:
        done = day.with_result(MARITAL, day.ago(days + 2, 9), day.ago(days + 1, 9))
        day.give(done, "chuyenvien", day.rooms["leadership"], "lanhdao", APPROVE, day.ago(days + 1, 9, 10))  # fmt: skip
        day.confirm(done, "lanhdao", day.ago(days + 1, 10))
        day.give(done, "lanhdao", day.rooms["one_stop"], "", BRING_BACK, day.ago(days, 9))
        day.confirm(done, "tiepnhan", day.ago(days, 10))
