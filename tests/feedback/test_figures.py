"""Sums of ratings in which nobody is recognised (R-96, R-97, R-100, R-105)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dossiers.models import Dossier
from feedback import figures
from feedback.masking import covered, without_names
from feedback.models import Rating
from tests.clock import Clock
from tests.world import Office, make_case, receive, vn

pytestmark = pytest.mark.django_db
PAGE = "/dieu-hanh/hai-long/"
NOW = vn("20/12/2026 09:00")


def rate(office: Office, month: int, *overall: int, words: str = "", **more: Any) -> None:
    case = make_case()
    for number, points in enumerate(overall):
        Rating.objects.create(
            dossier=Dossier.objects.get(pk=receive(office, case).pk),
            agency=office.agency, month=date(2026, month, 1),
            given_at=vn(f"15/{month}/2026 09:00"), door=1, author=f"{month:02}{9 - number}", overall=points,
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
    rate(office, 10, 2, 2)
    rate(office, 11, 2, 2, 2)
    clock.now = vn("20/11/2027 09:00")
    page = signed_in(office.leader).get(PAGE).content.decode()
    assert "Đánh giá từ tháng 10/2026 đến tháng 10/2027" in page


def test_a_mean_is_rounded_half_up_to_tenths(office: Office) -> None:
    """R-97: 5 points of 4 answers more: 1,25 is 1,3."""
    sums = figures.Sums()
    sums.answers["overall"] = {2: 2, 1: 1, 0: 1}
    assert sums.mean() == Decimal("1.3")
    assert figures.Sums().mean() is None


def test_officers_see_sums_and_the_controller_what_was_written(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    rate(office, 10, 2, 2, 1, 1, 0, words="Gọi 0912 345 678: nên có ghế")
    rate(office, 11, 0, words="Hỏng quạt")
    clock.now = NOW
    page = signed_in(office.leader).get(PAGE).content.decode()
    assert "Tháng 10/2026" in page
    assert "40,00%" in page
    assert ">1,2<" in page
    assert "Đang chờ: 1 đánh giá." in page
    assert "ghế" not in page
    read = signed_in(office.controller).get(PAGE).content.decode()
    assert read.count("Gọi …: nên có ghế") == 5
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


def test_agencies_stand_beside_each_other_with_two_queries(
    office: Office, django_assert_num_queries: Callable[..., Any]
) -> None:
    rate(office, 10, 2, 2, 2, 2, 2)
    with django_assert_num_queries(2):
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
        assert said(spans) == [["Chậm"] * 5, ["Nhanh"] * 2]
    with django_assert_num_queries(0):
        assert said([]) == []


def said(spans: list[figures.Span]) -> list[list[str]]:
    page = figures.words_of(spans)
    return [words for _, words in figures.by_span(spans, page.rows)]


def test_what_was_written_goes_on_to_its_end_by_a_key_that_tells_nothing(
    office: Office,
    signed_in: Callable[..., Any],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    """Each text once, the newest months first, within them neither by time nor by id; a place in an
    address is a month and a digest (R-105).
    """
    monkeypatch.setattr(figures, "TEXTS", 3)
    rate(office, 9, 2, 2, 2, 2, 2)
    rate(office, 10, 1, 1, 1, 1, 1)
    for row in Rating.objects.all():
        row.words = f"{row.author} đã viết"
        row.save()
    clock.now = NOW
    client, address, found = signed_in(office.controller), PAGE, []
    client.get(PAGE)
    while address:
        with django_assert_max_num_queries(12):
            page = client.get(address)
        assert ("Theo nội dung hỏi" in page.content.decode()) is (address == PAGE)
        found.append([words for _, part in page.context["words"].parts for words in part])
        address = page.context["next"]
        assert not address or address.rpartition("=")[2] in (
            "202610-107",
            "202609-099",
            "202609-096",
        )
    assert [[text[:3] for text in texts] for texts in found] == [
        ["109", "108", "107"], ["106", "105", "099"], ["098", "097", "096"], ["095"],
    ]  # fmt: skip
    # Who reads no texts has no further page of them; what is no place is the beginning.
    assert client.get(f"{PAGE}?sau=202610-%C3%A9").context["next"]
    led = signed_in(office.leader).get(f"{PAGE}?sau=202610-107")
    assert "đã viết" not in led.content.decode()
    assert "Theo nội dung hỏi" in led.content.decode()


def test_the_months_that_are_shown_are_the_same_when_older_ones_are_not_read(
    office: Office,
) -> None:
    """Whatever waited for what: with a month that has five of its own a span ends."""
    of_month = (1, 2, 5, 0, 3, 3, 6, 1, 0, 4, 1)
    for month, number in enumerate(of_month, 1):
        rate(office, month, *[2, 1, 0, 1, 2, 0][:number])
    ids = [office.agency.pk]
    whole, waiting = figures.spans(ids, NOW)
    assert [(one.first.month, one.last.month) for one in whole] == [(1, 3), (5, 6), (7, 7), (8, 10)]
    assert waiting == {ids[0]: 1}
    for month in range(1, 13):
        since = date(2026, month, 1)
        shown, waits = figures.spans(ids, NOW, since=since)
        assert shown == [one for one in whole if one.last >= since]
        assert waits == waiting
    # Read is what came after the last full month before: of December's page none before August.
    read = Rating.objects.filter(figures._after_full_months(ids, date(2026, 12, 1)))
    assert read.count() == sum(of_month[7:])


def test_what_tells_who_wrote_it_is_covered() -> None:
    """R-105: names however they are typed, numbers, e-mail, days and times; and no more than that."""
    names = ("Đặng Thị Hoa", "H12.34-261123-0001", "")
    for text, shown in (
        ("Tôi là dang thi  hoa, nộp h12.34-261123-0001", "Tôi là …, nộp …"),
        ("ĐẶNG THỊ HOA cảm ơn; Đặng Thị Hoan thì không", "… cảm ơn; Đặng Thị Hoan thì không"),
        ("gọi 0912 - 345 - 678, hoa.dang@vidu.vn nhé", "gọi …, … nhé"),
        ("gọi 0912.34.56.78 hoặc 09-12-34-56-79", "gọi … hoặc …"),
        ("hẹn 12/11/2026 mà 15/11 mới có", "hẹn … mà … mới có"),
        (
            "ngày 12/11/2026 và ngày 5/11; 12.11.2026; 1/2/2026 0912345678 3/4",
            "ngày … và ngày …; …; … … …",
        ),
        ("đến lúc 9 giờ 15 phút ngày 12 tháng 11", "đến … …"),
        (
            "chờ 2 giờ, mỗi ngày 2 lần, theo 61/2018/NĐ-CP",
            "chờ 2 giờ, mỗi ngày 2 lần, theo 61/2018/NĐ-CP",
        ),
    ):
        assert covered(without_names(text, *names)) == shown
    # One word without its marks is many others.
    assert without_names("Ân cần, ân hận, ăn, bàn ân", "Ân") == "… cần, … hận, ăn, bàn …"
