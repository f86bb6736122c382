"""Officers and agencies are found and sorted whatever keyboard and marks their names were written
with.
"""

import pytest

from onestop.accounts.forms import AgencyForm, OfficerForm
from onestop.accounts.models import Agency, Officer
from onestop.accounts.models.officers import sort_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("\u00d0ặng Thị Hoa", ["dang hoa", "Đặng", "\u00d0ặng"]),
        ("Niê H'Hoa", ["hhoa", "h'hoa", "h’hoa nie", "h hoa"]),
        ("José O’Neill", ["oneill", "o'neill", "o neill"]),
        ("Niê-Kđăm H' Yuôl", ["niekdam", "niê kđăm", "niê-kđăm", "hyuol"]),
        ("Søren Ødegård", ["odegard soren"]),
    ],
)
def test_an_officer_is_found(officer, name, typed):
    wanted = officer(full_name=name)
    officer(full_name="Trần Văn Cảnh")
    for text in typed:
        assert list(Officer.objects.search(text)) == [wanted], text


def test_an_officer_is_found_by_the_account_name_with_its_dots(officer):
    wanted = officer(full_name="Trần Văn Cảnh")
    wanted.username = "nguyen.an"
    wanted.save()
    assert list(Officer.objects.search("nguyen.a")) == [wanted]
    assert wanted in Officer.objects.search("-")  # no word: nothing is narrowed


def test_names_sort_without_diacritics_and_marks():
    names = ["Trần Văn Ân", "Niê H'Bê", "\u00d0ặng Thị Ba", "Niê Hbia"]
    assert sorted(names, key=sort_key) == [
        "Trần Văn Ân",
        "\u00d0ặng Thị Ba",
        "Niê H'Bê",
        "Niê Hbia",
    ]
    assert sort_key("Niê H'Bê") == "hbe nie"


@pytest.mark.parametrize("typed", ["dak lak", "đắk lắk", "\u00d0ắk", "daklak", "đắk-lắk"])
def test_an_agency_is_found(tree, typed):
    tree.here.name = "Ủy ban nhân dân xã \u00d0ắk-Lắk"
    tree.here.save()
    assert list(Agency.objects.search(typed)) == [tree.here]


def test_forms_take_a_real_d_and_single_spaces(tree):
    form = OfficerForm(
        {"full_name": "\u00d0ặng  Thị \u0189ào", "username": "dangdao"}, agency=tree.here
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["full_name"] == "Đặng Thị Đào"
    assert AgencyForm.Meta.field_classes["name"] is AgencyForm.base_fields["name"].__class__
