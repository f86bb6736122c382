"""On every day each counter receives exactly what the decisions in force say, within the term that
they shorten (R-133): a year of decisions at random, published in any order, against a plain reading.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onestop.accounts.models import Agency, AgencyKind, Level, Officer, Role
from onestop.worktime import parse_term
from procedures.channels import Channel
from procedures.domain import lists
from procedures.domain.lists import Head, LineIn
from procedures.listed import listed
from procedures.models import CounterKind, Kind, ListDecision, Procedure
from procedures.shortened import terms_of, why_not, written
from tests.world import make_case, make_officer, vn

pytestmark = pytest.mark.django_db

FIRST = date(2026, 1, 1)
CODES = ("1.000001", "1.000002", "1.000003")
BY_LAW = parse_term("10 ngày làm việc")
SHORTENED = ("", "3 ngày làm việc", "7 ngày")
COUNTERS = (CounterKind.PROVINCE, CounterKind.COMMUNE)


class Said(NamedTuple):
    """A decision as drawn: days since the first, its number, its lines by (code, counter)."""

    signed: int
    waits: int
    number: int
    lines: dict[tuple[str, CounterKind], tuple[Kind, bool, str]]

    @property
    def rank(self) -> tuple[int, int, int]:
        return (self.signed + self.waits, self.signed, self.number)


line = st.tuples(st.sampled_from(Kind), st.booleans(), st.sampled_from(SHORTENED))
key = st.tuples(st.sampled_from(CODES), st.sampled_from(COUNTERS))
decision = st.builds(
    Said,
    signed=st.integers(0, 60),
    waits=st.integers(0, 30),
    number=st.integers(1, 99),
    lines=st.dictionaries(key, line, min_size=1, max_size=4),
)
year = st.lists(decision, min_size=1, max_size=6, unique_by=lambda one: one.number)


def published(agency: Agency, one: Said, by: Officer, checker: Officer) -> ListDecision:
    at = vn("23/11/2026 09:00")
    signed = FIRST + timedelta(days=one.signed)
    head = Head(
        f"{one.number}/QĐ-UBND", "Công bố danh mục", "Chủ tịch", signed,
        signed + timedelta(days=one.waits), no_file_reason="bản giấy",
    )  # fmt: skip
    row = lists.draft(head, agency=agency, by=by, at=at)
    said = [
        LineIn(
            code, counter, kind=kind, at_counter=at_counter, why_not="lưu động", shortened=shortened
        )
        for (code, counter), (kind, at_counter, shortened) in one.lines.items()
    ]
    row = lists.put_lines(row, said, seen=row.revision)
    row = lists.check(row, by=checker, at=at, seen=row.revision)
    return lists.publish(row, by=by, at=at, seen=row.revision)


def _officer(name: str, agency: Agency) -> Officer:
    return make_officer(name, agency, (Role.CONTROLLER, None), username=name)


def last_line(
    said: list[Said], code: str, counter: CounterKind, day: int
) -> tuple[Kind, bool, str] | None:
    """What the decision that speaks last says."""
    mine = [one for one in said if one.signed + one.waits <= day and (code, counter) in one.lines]
    return max(mine, key=lambda one: one.rank).lines[code, counter] if mine else None


def plainly(said: list[Said], code: str, counter: CounterKind, day: int) -> bool | None:
    """Whether it is received; None where no decision binds that kind of counter yet."""
    begun = [one for one in said if one.signed + one.waits <= day]
    if not any(place == counter for one in begun for _, place in one.lines):
        return None
    line = last_line(said, code, counter, day)
    if line is None:
        return False
    kind, at_counter, _ = line
    return kind != Kind.ABOLISHED and at_counter


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=year)
def test_each_counter_receives_what_the_decisions_in_force_say(said: list[Said]) -> None:
    # Another province for each year: what was published there stays.
    code = f"H98.{Agency.objects.count()}"
    province = Agency.objects.create(
        code=code, name="Tỉnh", level=Level.PROVINCE, kind=AgencyKind.PEOPLES_COMMITTEE
    )
    commune = Agency.objects.create(
        code=f"{code}.1",
        name="Xã", level=Level.COMMUNE, kind=AgencyKind.PEOPLES_COMMITTEE, parent=province,
    )  # fmt: skip
    by = Officer.objects.filter(username="soan").first() or _officer("soan", province)
    checker = Officer.objects.filter(username="kiem").first() or _officer("kiem", province)
    known = dict(Procedure.objects.filter(code__in=CODES).values_list("code", "pk"))
    ids = known or {code: make_case(str(BY_LAW), code=code).version.procedure_id for code in CODES}
    for one in said:
        published(province, one, by, checker)
    province.refresh_from_db()
    commune.refresh_from_db()
    turns = sorted({one.signed + one.waits for one in said})
    days = {day for turn in turns for day in (turn - 1, turn, turn + 1)} | {0, 200}
    for day in sorted(days):
        on = FIRST + timedelta(days=day)
        for agency, counter in ((province, COUNTERS[0]), (commune, COUNTERS[1])):
            found = listed(agency, on)
            for code in CODES:
                wanted = plainly(said, code, counter, day)
                answer = found.answer(ids[code], code=code, channel=Channel.DIRECT)
                assert bool(answer) is (wanted is not False), (code, counter, on)
                assert (found.lines is None) is (wanted is None)
                own = found.shortened(ids[code], "", BY_LAW)
                line = last_line(said, code, counter, day)
                assert (str(own.term) if own else "") == (line[2] if line else ""), (code, on)


def test_cases_are_shortened_apart_and_only_what_is_shorter_is_taken() -> None:
    by_law = [("Cấp mới", "5 ngày làm việc"), ("Cấp mới", "4 ngày làm việc"), ("Cấp lại", "3 ngày")]
    assert written(" Cấp mới:  2 Ngày làm việc \n cấp lại: 8 giờ làm việc") == (
        "Cấp mới: 2 ngày làm việc\ncấp lại: 8 giờ làm việc"
    )
    assert set(terms_of("2 ngày làm việc\nCấp lại: 1 ngày")) == {"", "cap lai"}
    assert why_not("Cấp mới: 4 ngày làm việc", by_law) == ""
    assert why_not("", by_law) == ""
    assert "không ngắn hơn" in why_not("Cấp mới: 5 ngày làm việc", by_law)
    assert "không ngắn hơn" in why_not("3 ngày", by_law)  # for every case, and one has 3 days
    assert "không có trường hợp" in why_not("Cấp đổi: 1 ngày", by_law)
    assert "nói hai lần" in why_not("1 ngày\n2 ngày", by_law)
    assert "Không đọc được" in why_not("nhanh hơn", by_law)
    assert "chưa có thời hạn" in why_not("1 ngày", [("", "")])
