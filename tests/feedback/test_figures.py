"""Sums of ratings in which nobody is recognised (R-96, R-97, R-100, R-105)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dossiers.models import Dossier
from feedback import figures
from feedback.models import Rating
from tests.clock import Clock
from tests.world import Office, make_case, receive, vn

pytestmark = pytest.mark.django_db
PAGE = "/dieu-hanh/hai-long/"
NOW = vn("20/12/2026 09:00")


def rate(office: Office, month: int, *overall: int, words: str = "", **more: Any) -> None:
    case = make_case()
    for points in overall:
        Rating.objects.create(
            dossier=Dossier.objects.get(pk=receive(office, case).pk),
            agency=office.agency, month=date(2026, month, 1),
            given_at=vn(f"15/{month}/2026 09:00"), door=1, author="x", overall=points,
            words=words, **more,
        )  # fmt: skip


def shown(office: Office, at: Any = NOW) -> list[tuple[int, int, int, Decimal | None]]:
    spans, _ = figures.spans([office.agency.pk], at)
    return [(s.first.month, s.last.month, s.sums.count, s.sums.mean()) for s in spans]


def test_months_with_fewer_than_five_wait_for_the_next_ones(office: Office) -> None:
    rate(office, 7, 2, 2, 1, 1, 0)
    rate(office, 8, 2, 2)
    rate(office, 9, 1, 0, 0, manner=2)
    rate(office, 11, 2)
    assert shown(office) == [(7, 7, 5, Decimal("1.2")), (8, 9, 5, Decimal("1.0"))]
    spans, waiting = figures.spans([office.agency.pk], NOW)
    assert waiting == {office.agency.pk: 1}
    # Three answered this one: nobody is told what.
    assert spans[-1].sums.answered("manner") == 0
    assert spans[-1].sums.mean("manner") is None


def test_what_may_be_changed_still_is_not_added_up(office: Office) -> None:
    rate(office, 11, 2, 2, 2, 2, 2)
    assert shown(office, vn("07/12/2026 23:59")) == []
    assert shown(office, vn("08/12/2026 00:00")) == [(11, 11, 5, Decimal("2.0"))]


def test_the_heading_names_the_first_month_that_is_in_the_figures(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    """October and November wait for each other; the twelve months shown begin with November."""
    rate(office, 10, 2, 2, words="Ân cần, nhanh hơn")
    rate(office, 11, 2, 2, 2)
    Dossier.objects.update(owner_name="Ân")
    clock.now = vn("20/11/2027 09:00")
    page = signed_in(office.leader).get(PAGE).content.decode()
    assert "Đánh giá từ tháng 10/2026 đến tháng 10/2027" in page
    # A name is hidden where it is a word, not inside of others.
    spans, _ = figures.spans([office.agency.pk], clock.now)
    assert figures.words_of(spans) == [["… cần, nhanh hơn"] * 2]


def test_a_mean_is_rounded_half_up_to_tenths(office: Office) -> None:
    """R-97: 5 points of 4 answers more: 1,25 is 1,3."""
    sums = figures.Sums()
    sums.answers["overall"] = {2: 2, 1: 1, 0: 1}
    assert sums.mean() == Decimal("1.3")
    assert figures.Sums().mean() is None


def test_officers_see_sums_and_the_controller_what_was_written(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    said = "Nguyễn Văn Ân, 0912 345 678: nên có ghế"
    rate(office, 10, 2, 2, 1, 1, 0, words=said)
    rate(office, 11, 0, words="Hỏng quạt")
    clock.now = NOW
    page = signed_in(office.leader).get(PAGE).content.decode()
    assert "Tháng 10/2026" in page
    assert "40,00%" in page
    assert ">1,2<" in page
    assert "Đang chờ: 1 đánh giá." in page
    assert "ghế" not in page
    read = signed_in(office.controller).get(PAGE).content.decode()
    assert read.count("…, …: nên có ghế") == 5
    assert "Hỏng quạt" not in read
    codes = Dossier.objects.values_list("code", flat=True)
    assert not any(code in page or code in read for code in codes)


def test_no_data_is_a_dash(office: Office, signed_in: Callable[..., Any], clock: Clock) -> None:
    clock.now = NOW
    head = signed_in(office.head)
    assert "Chưa có đánh giá nào được cộng" in head.get(PAGE).content.decode()
    rate(office, 10, 2, 2, 2, 2, 2)
    page = head.get(PAGE).content.decode()
    assert '<td class="num" data-label="Điểm trung bình">—</td>' in page


def test_agencies_stand_beside_each_other_with_one_query(
    office: Office, django_assert_num_queries: Callable[..., Any]
) -> None:
    rate(office, 10, 2, 2, 2, 2, 2)
    with django_assert_num_queries(1):
        spans, _ = figures.spans([office.agency.pk, 999], NOW)
    assert list(figures.by_agency(spans)) == [office.agency.pk]


def test_what_was_written_stands_by_its_months_with_one_query(
    office: Office, django_assert_num_queries: Callable[..., Any]
) -> None:
    rate(office, 8, 2, 2, words="Nhanh")
    rate(office, 9, 2, 2, 2)
    rate(office, 10, 1, 1, 1, 1, 0, words="Chậm")
    rate(office, 11, 0, words="Hỏng quạt")
    spans, _ = figures.spans([office.agency.pk], NOW)
    with django_assert_num_queries(1):
        assert figures.words_of(spans) == [["Nhanh"] * 2, ["Chậm"] * 5]
    with django_assert_num_queries(0):
        assert figures.words_of([]) == []
