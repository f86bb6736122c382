"""What the demo shows of ratings: of each agency a part of what was done in the last months."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from dossiers.intake.online import CHANNELS
from dossiers.models import Dossier
from dossiers.states import HANDLED
from feedback.models import Rating
from feedback.questions import OVERALL, POINTS, asked_of
from feedback.rating import by_slip, month_of
from onestop.accounts.hooks import demo_made
from onestop.accounts.models import Agency

# So many of the newest that are done; every third of them was rated, the day after.
NEWEST, EVERY = 240, 3
WORDS = (
    "Cán bộ hướng dẫn tận tình, chỉ phải đến một lần.",
    "Nên có thêm ghế ngồi chờ vào sáng thứ Hai.",
    "Hẹn trả kết quả bị chậm hai ngày, phải gọi điện mới biết.",
    "Tờ khai khó đọc với người lớn tuổi, mong có mẫu điền sẵn.",
    "Được nhắn tin khi có kết quả, rất tiện.",
)


def connect() -> None:
    demo_made.connect(_rate, dispatch_uid="feedback.demo")


def _rate(*, agencies: Iterable[Agency], at: datetime, **_: Any) -> None:
    dice = Random(11)
    rows = []
    for agency in agencies:
        done = Dossier.objects.filter(agency=agency, state__in=HANDLED, ended_at__isnull=False)
        for dossier in done.order_by("-ended_at", "-pk")[:NEWEST:EVERY]:
            assert dossier.ended_at is not None
            given = min(dossier.ended_at + timedelta(days=1), at)
            rows.append(_one(dossier, given, dice))
    Rating.objects.bulk_create(rows)


def _one(dossier: Dossier, at: datetime, dice: Random) -> Rating:
    answers = {
        one.name: dice.choices(POINTS, (5, 4, 1))[0]
        for one in asked_of(dossier.channel in CHANNELS)
        if one is OVERALL or dice.random() < 0.7
    }
    author = by_slip(f"{dossier.pk}")
    return Rating(
        dossier=dossier,
        agency_id=dossier.agency_id,
        month=month_of(at),
        given_at=at,
        door=author.door,
        author=author.mark,
        words=dice.choice(WORDS) if dice.random() < 0.2 else "",
        **answers,
    )
