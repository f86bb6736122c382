"""Which form a day has: two sets as data, chosen by the date of the act (R-18, R-90)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from dossiers.slips import form_on
from dossiers.slips.contexts import contexts
from dossiers.slips.forms import forms_of

LAST_OF_2018 = date(2025, 6, 30)
FIRST_OF_2025 = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("slug", "old", "new"),
    [
        ("tiep-nhan", "01", "01"),
        ("bo-sung", "02", "02"),
        ("tu-choi", "03", "03"),
        ("xin-loi", "04", "04"),
        ("dung", "", "05"),
        ("kiem-soat", "05", "06"),
    ],
)
def test_numbers_follow_the_set_in_force_on_the_day(slug: str, old: str, new: str) -> None:
    assert form_on(slug, LAST_OF_2018).number == old
    assert form_on(slug, FIRST_OF_2025).number == new
    assert ("01/2018/TT-VPCP" in form_on(slug, LAST_OF_2018).legal) == bool(old)
    assert "03/2025/TT-VPCP" in form_on(slug, FIRST_OF_2025).legal


def test_the_apology_became_a_document_of_the_office() -> None:
    old, new = form_on("xin-loi", LAST_OF_2018), form_on("xin-loi", FIRST_OF_2025)
    assert (old.title, old.size) == ("PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "a5")
    assert (new.title, new.size) == (
        "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        "a4",
    )


def test_slips_are_a5_and_lists_a4() -> None:
    assert {
        form_on(slug, FIRST_OF_2025).size
        for slug in ("tiep-nhan", "bo-sung", "tu-choi", "kiem-soat")
    } == {"a5"}
    assert {form_on(slug, FIRST_OF_2025).size for slug in ("dung", "ban-giao")} == {"a4"}


def test_every_slug_has_exactly_one_form_on_every_day() -> None:
    for slug in contexts():
        versions = sorted(forms_of(slug), key=lambda f: f.since)
        assert versions[0].since == date.min
        assert versions[-1].until == date.max
        for one, other in pairwise(versions):
            assert one.until + timedelta(days=1) == other.since


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(KeyError):
        form_on("khong-co", FIRST_OF_2025)
