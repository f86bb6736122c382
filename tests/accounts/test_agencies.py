"""Agencies stand in a tree; districts are history; the unit part of the dossier code has its rule."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from onestop.accounts.models import Agency, Level

from .conftest import make_agency

pytestmark = pytest.mark.django_db


def test_path_holds_the_ids_from_the_root_down(tree):
    assert tree.here.path == f"/{tree.province.pk}/{tree.here.pk}/"
    assert tree.here.lineage == (tree.province.pk, tree.here.pk)


def test_under_gives_the_agency_and_everything_below_it(tree):
    assert set(Agency.objects.under(tree.province.path)) == {tree.province, tree.here, tree.there}
    assert set(Agency.objects.under(tree.here.path)) == {tree.here}
    assert set(Agency.objects.under()) == set()


def test_a_moved_agency_takes_everything_below_along(tree):
    branch = make_agency("H37.1.9", tree.here)
    other = make_agency("H20", level=Level.PROVINCE)
    tree.here.parent = other
    tree.here.save()
    branch.refresh_from_db()
    assert branch.path == f"/{other.pk}/{tree.here.pk}/{branch.pk}/"


def test_an_agency_cannot_hang_below_itself(tree):
    branch = make_agency("H37.1.9", tree.here)
    tree.here.parent = branch
    with pytest.raises(ValidationError, match="cấp trên"):
        tree.here.full_clean()


@pytest.mark.parametrize("closed_on", [None, date(2025, 7, 1)])
def test_a_district_exists_only_in_history(tree, closed_on):
    district = Agency(
        code="H37.24",
        name="Huyện",
        level=Level.DISTRICT,
        kind="peoples_committee",
        parent=tree.province,
        closed_on=closed_on,
    )
    with pytest.raises(ValidationError, match="30/6/2025"):
        district.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        district.save()


def test_a_district_that_ended_with_june_2025_is_kept_with_its_successor(tree):
    district = make_agency(
        "H37.24", tree.province, Level.DISTRICT, closed_on=date(2025, 6, 30), successor=tree.here
    )
    district.full_clean()
    assert district not in Agency.objects.open_on(date(2025, 7, 1))
    assert district in Agency.objects.open_on(date(2025, 6, 30))
    assert list(tree.here.predecessors.all()) == [district]


@pytest.mark.parametrize("code", ["H37.12.03", "000.00.06.H56", "A" * 35])
def test_unit_part_of_a_dossier_code(tree, code):
    tree.here.dossier_code = code
    tree.here.full_clean()


@pytest.mark.parametrize(
    "code", ["h37.12", "H37-12", "H37..12", ".H37", "H37.", "Đ37", "H37 12", "A" * 36, "H37\n"]
)
def test_unit_part_of_a_dossier_code_refused(tree, code):
    tree.here.dossier_code = code
    with pytest.raises(ValidationError):
        tree.here.full_clean()


def test_two_agencies_never_share_a_unit_part(tree):
    make_agency("H37.3", tree.province, dossier_code="H37.3")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_agency("H37.4", tree.province, dossier_code="H37.3")
    make_agency("H37.5", tree.province)
    make_agency("H37.6", tree.province)


def test_search_needs_no_diacritics(tree):
    make_agency("H37.8", tree.province, short_name="UBND xã Đồng Đăng")
    assert [a.code for a in Agency.objects.search("dong dang")] == ["H37.8"]
    assert [a.code for a in Agency.objects.search("h37.8")] == ["H37.8"]
