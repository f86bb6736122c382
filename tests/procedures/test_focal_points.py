"""The register of focal points: a change is a new row, and the list tells how often (R-133, S0)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from onestop.accounts.models import Agency, Officer, Role
from onestop.errors import DomainError
from procedures.domain import focal_points
from procedures.domain.focal_points import Person
from procedures.models import FocalPoint
from tests.world import Office, make_agency, make_office, make_officer, vn

pytestmark = pytest.mark.django_db
AT = vn("23/11/2026 09:00")
TODAY = date(2026, 11, 23)
MARCH = date(2026, 3, 2)


@pytest.fixture
def agency() -> Agency:
    return make_agency("Ủy ban nhân dân xã Bình Minh")


@pytest.fixture
def by(agency: Agency) -> Officer:
    return make_officer("Ngô Kiểm Soát", agency, (Role.CONTROLLER, None))


def person(name: str = "Lý Thị Mai", on: date = MARCH, **more: Any) -> Person:
    return Person(name, "85/QĐ-UBND", MARCH, on, **more)


def test_whoever_follows_ends_the_one_before_and_a_year_counts_its_changes(
    agency: Agency, by: Officer
) -> None:
    who: dict[str, Any] = {"agency": agency, "by": by, "at": AT}
    first = focal_points.name(person(), **who)
    rows = FocalPoint.objects.filter(agency=agency)
    assert focal_points.changes(rows.all(), 2026) == 0
    # Another telephone of the same person.
    again = focal_points.name(person(on=date(2026, 4, 1), phone="0205"), instead_of=first, **who)
    # Put in by mistake, and right: the first day is the same.
    wrong = focal_points.name(person("Hà Văn Năm", date(2026, 6, 1)), instead_of=again, **who)
    right = focal_points.name(person("Hà Văn Nam", date(2026, 6, 1)), instead_of=wrong, **who)
    wrong.refresh_from_db()
    assert wrong.is_mistake
    assert [one.name for one in rows.in_charge(date(2026, 5, 31))] == ["Lý Thị Mai"]
    assert [one.name for one in rows.in_charge(date(2026, 6, 1))] == ["Hà Văn Nam"]
    assert focal_points.changes(rows.all(), 2026) == 1
    focal_points.end(right, last_day=date(2026, 10, 1), note="Nghỉ hưu", by=by, at=AT)
    assert focal_points.changes(rows.all(), 2026) == 2
    assert focal_points.changes(rows.all(), 2025) == 0
    assert rows.in_charge(TODAY).count() == 0


def test_what_is_refused_says_why(agency: Agency, by: Officer) -> None:
    who: dict[str, Any] = {"agency": agency, "by": by, "at": AT}
    first = focal_points.name(person(), **who)
    june, may = date(2026, 6, 1), date(2026, 5, 31)
    second = focal_points.name(person("Hà Văn Nam", june), instead_of=first, **who)
    refused: list[tuple[str, Callable[[], object]]] = [
        ("focal_twice", lambda: focal_points.name(person("hà văn nam", june), **who)),
        (
            "effective_before_signed",
            lambda: focal_points.name(person("A", date(2026, 1, 1)), **who),
        ),
        ("focal_before", lambda: focal_points.name(person("B", may), instead_of=second, **who)),
        (
            "focal_before",
            lambda: focal_points.end(second, last_day=may, note="x", by=by, at=AT),
        ),
        ("focal_ended", lambda: focal_points.name(person("B"), instead_of=first, **who)),
    ]
    for code, act in refused:
        with pytest.raises(DomainError) as error:
            act()
        assert error.value.code == f"procedures.{code}"
    # The database keeps them too.
    with pytest.raises(IntegrityError), transaction.atomic():
        FocalPoint.objects.filter(pk=first.pk).update(name="Người khác")


def test_the_pages_of_a_province_show_all_and_a_commune_writes_its_own(
    signed_in: Callable[[Officer], Client], queries: Callable[[], Any]
) -> None:
    top = make_agency("Ủy ban nhân dân tỉnh Lạng Sơn")
    offices = [make_office(f"Ủy ban nhân dân xã Số {n}", parent=top) for n in range(3)]
    province = make_officer("Kiểm Soát Tỉnh", top, (Role.CONTROLLER, None))
    mine = signed_in(make_officer("Kiểm Soát Xã", offices[0].agency, (Role.CONTROLLER, None)))
    said = {
        "officer": offices[0].clerk.pk, "decision": "12/QĐ-UBND", "decided_on": "20/11/2026",
        "starts_on": "23/11/2026", "is_public": "on",
    }  # fmt: skip
    address = reverse("procedures:focal_points_of", args=[offices[0].agency.code])
    new = reverse("procedures:new_focal_point", args=[offices[0].agency.code])
    assert (
        "Hãy chọn tài khoản hoặc ghi họ và tên"
        in mine.post(new, said | {"officer": ""}).content.decode()
    )
    assert mine.post(new, said).url == address  # type: ignore[attr-defined]
    made = FocalPoint.objects.get()
    assert (made.name, made.is_public) == (offices[0].clerk.full_name, True)
    replacing = mine.get(f"{new}?thay={made.pk}").content.decode()
    assert f"Thay đầu mối {made.name}" in replacing
    other = {**said, "officer": "", "name": "Vi Văn Hai", "starts_on": "24/11/2026"}
    assert mine.post(f"{new}?thay={made.pk}", other).url == address  # type: ignore[attr-defined]
    page = mine.get(address).content.decode()
    assert "thay bằng Vi Văn Hai" in page
    assert "đã thay đổi 1 lần" in page
    last = FocalPoint.objects.latest("pk")
    ending = reverse("procedures:end_focal_point", args=[offices[0].agency.code, last.pk])
    assert mine.post(ending, {"last_day": "30/11/2026", "note": "13/QĐ-UBND"}).url == address  # type: ignore[attr-defined]
    # Mistyped, an end that has not come is put right; one that has come stands.
    assert "Sửa ngày thôi" in mine.get(address).content.decode()
    assert mine.post(ending, {"last_day": "22/11/2062", "note": "x"}).url == address  # type: ignore[attr-defined]
    again = {"last_day": "24/11/2026", "note": "13/QĐ-UBND"}
    assert mine.post(ending, again).url == address  # type: ignore[attr-defined]
    last.refresh_from_db()
    assert last.end_note == "13/QĐ-UBND (trước ghi đến hết 22/11/2062)"
    followed = reverse("procedures:end_focal_point", args=[offices[0].agency.code, made.pk])
    assert mine.post(followed, again).status_code == 422
    FocalPoint.objects.filter(pk=last.pk).update(ends_on=date(2026, 11, 22))
    assert mine.post(ending, again).status_code == 422
    assert "Sửa ngày thôi" not in mine.get(address).content.decode()
    # The commune beside it is not its own; the province sees all of them by as many statements.
    strange = reverse("procedures:new_focal_point", args=[offices[1].agency.code])
    assert mine.get(strange).status_code == 404
    above, index = signed_in(province), reverse("procedures:focal_points")
    above.get(index)
    with queries() as few:
        shown = above.get(index).content.decode()
    assert shown.count("chưa có") == 3
    assert made.name in shown
    for office in offices[1:]:
        focal_points.name(person(), agency=office.agency, by=province, at=AT)
    with queries() as many:
        above.get(index)
    assert len(many) == len(few)


def test_only_offices_below_are_listed(signed_in: Callable[[Officer], Client]) -> None:
    office: Office = make_office()
    stranger = make_office("Ủy ban nhân dân xã Xa").agency
    client = signed_in(office.leader)
    assert stranger.name not in client.get(reverse("procedures:focal_points")).content.decode()
    page = reverse("procedures:focal_points_of", args=[stranger.code])
    assert client.get(page).status_code == 404
