"""The digests of closed days against the events of today."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from dossiers.ledger import digests
from dossiers.ledger.digests import Part
from dossiers.ledger.misfits import Misfit, Verified
from dossiers.models import AgencyDigest
from onestop.accounts.models import Agency
from onestop.rows import GENESIS


def misfits(
    done: Verified,
    agency: Agency | None,
    now: datetime,
    *,
    since: Callable[[Agency | None], date | None] = lambda _: None,
) -> Iterator[Misfit]:
    """Every stored digest (of days `since` one of each agency) computed anew from the events; a
    closed day with events that has none though the nightly work came to it. Days that a wrong clock
    closed too early are remarked upon.
    """
    closed, wrong = digests.closed_before(now), digests.wrong_nights(now)
    until = min(timezone.localdate(now), closed) if closed is not None else None
    for place in [agency] if agency else [None, *Agency.objects.order_by("path")]:
        yield from _Place(place, until, wrong).walk(done, since(place))
    done.noticed(
        Misfit(
            f"máy chủ chốt mã băm lúc {timezone.localtime(night):%H:%M %d/%m/%Y} theo đồng hồ chạy sai; "
            "phần ghi sau của các ngày đó được chốt thêm"
        )
        for night in sorted(wrong)
    )


class _Place:
    """The digests of one agency; None: of what belongs to none."""

    def __init__(self, agency: Agency | None, until: date | None, wrong: set[datetime]) -> None:
        self._agency, self._until, self._wrong = agency, until, wrong
        self._rows = list(AgencyDigest.objects.filter(agency=agency).order_by("id"))
        self._cuts, self._by_day = digests.cuts_of(self._rows)

    def walk(self, done: Verified, since: date | None) -> Iterator[Misfit]:
        last = max(self._by_day, default=None)
        ends = [day for day in (self._until, last and last + timedelta(days=1)) if day is not None]
        missed = {d: rows for d, rows in self._by_day.items() if since is None or d >= since}
        if ends:
            for day, parts in digests.days_of(
                self._agency.pk if self._agency else None,
                since=since,
                before=max(ends),
                cuts=self._cuts,
            ):
                rows = missed.pop(day, [])
                if what := self._fault(day, rows, parts):
                    yield self._misfit(what, day)
                else:
                    done.days += len(rows)
        for day, rows in sorted(missed.items()):
            yield self._misfit(
                f"mất toàn bộ {sum(row.events for row in rows)} sự kiện của ngày", day
            )
        previous = GENESIS
        for row in self._rows:
            if row.previous != previous:
                yield self._misfit("mã băm không nối với mã băm được chốt trước nó", row.day)
            previous = row.hash

    def _fault(self, day: date, rows: Sequence[AgencyDigest], parts: Sequence[Part]) -> str:
        if not rows:
            is_due = self._until is not None and day < self._until
            return "có sự kiện nhưng không có mã băm của ngày" if is_due else ""
        # What came after a night of the wrong clock waits for the next night.
        late = 0 if rows[-1].made_at in self._wrong else parts[-1].events
        fits = all(
            (row.events, row.hash) == (part.events, digests.hash_of(row, part, row.previous))
            for row, part in zip(rows, parts, strict=False)
        )
        if fits and not late:
            return ""
        before, today = sum(row.events for row in rows), sum(part.events for part in parts)
        return f"mã băm của ngày không khớp: lúc chốt có {before} sự kiện, nay có {today}"

    def _misfit(self, what: str, day: date) -> Misfit:
        code = self._agency.code if self._agency else ""
        row = "" if self._agency else "sổ thay đổi ngoài hồ sơ"
        return Misfit(what, agency=code, day=f"{day:%d/%m/%Y}", row=row)
