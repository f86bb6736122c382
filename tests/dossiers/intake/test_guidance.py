"""Guidance to complete at the counter (form 02): the published papers of the chosen case and
declared content, nothing else.
"""

import pytest
from django.test import Client

from dossiers.models import CounterVisit
from procedures.models import Case, Paper
from tests.dossiers.intake.pages import address, typed
from tests.world import make_case

pytestmark = pytest.mark.django_db


def test_a_forged_guidance_asks_for_nothing_outside_the_list(clerk: Client) -> None:
    case, strange = make_case(papers=2), make_case().papers.earliest("order")
    for forged, words in (
        ({f"b{strange.pk}": "on"}, "không thuộc danh mục công bố"),
        ({f"b{strange.pk}-n": "thiếu"}, "không thuộc danh mục công bố"),
        ({"declared": "Nộp thêm giấy khám sức khỏe"}, "là giấy tờ: hãy tích trong danh mục"),
        ({"items": "Giấy khám sức khỏe"}, "Hãy tích giấy tờ hoặc ghi nội dung kê khai"),
    ):
        answer = clerk.post(
            address(case), typed(case, viec="bo-sung", guide_reason="Thiếu", **forged)
        )
        assert answer.status_code == 422, forged
        assert words in answer.content.decode(), forged
    assert not CounterVisit.objects.exists()


def test_a_tick_or_a_note_is_enough_and_comes_back_with_a_refused_page(clerk: Client) -> None:
    case = make_case(papers=2)
    one, two = case.papers.order_by("order")
    sent = {f"b{one.pk}": "on", f"b{two.pk}-n": "bản mờ", "declared": "- Họ tên mẹ"}
    page = " ".join(
        clerk.post(address(case), typed(case, viec="bo-sung", guide_reason="", **sent))
        .content.decode()
        .split()
    )
    assert f'name="b{one.pk}" checked' in page
    assert f'name="b{two.pk}-n" value="bản mờ"' in page
    clerk.post(address(case), typed(case, viec="bo-sung", guide_reason="Chưa đủ", **sent))
    assert CounterVisit.objects.get().entries == [
        one.name,
        f"{two.name}: bản mờ",
        "Nội dung kê khai: Họ tên mẹ",
    ]


def test_another_case_shows_its_own_papers_to_tick(clerk: Client) -> None:
    case = make_case(papers=1)
    other = Case.objects.bulk_create([Case(version=case.version, order=2, name="Khác")])[0]
    Paper.objects.bulk_create([Paper(case=other, order=1, name="Giấy của trường hợp khác")])
    data = typed(case, viec="xem") | {"case": str(other.pk)}
    part = clerk.post(
        address(case), data, headers={"HX-Request": "true", "HX-Trigger-Name": "case"}
    ).content.decode()
    assert 'id="can-bo-sung" hx-swap-oob="true"' in " ".join(part.split())
    assert f'name="b{other.papers.get().pk}"' in part
