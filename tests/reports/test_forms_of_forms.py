"""Forms of reports are data: a controller of the highest agency copies one, sees it with real
figures, and puts it in force from a day on.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from reports.figures.measures import BESIDE
from reports.form_data import form_on
from reports.forms_of_forms import NewForm
from reports.models import ReportForm
from tests.reports.conftest import Province, province
from tests.world import make_case, receive, vn

pytestmark = pytest.mark.django_db
Enter = Callable[..., Any]
COLUMNS = "3 | Hồ sơ > Tổng số | handled\n4 | Hồ sơ > Mới | received\n5 | Hồ sơ > Cũ | carried"


@pytest.fixture
def place() -> Province:
    found = province()
    receive(found.first, make_case("3 ngày làm việc"), at=vn("02/09/2026 09:00"))
    return found


def asked(source: ReportForm, **more: str) -> dict[str, str]:
    return {
        "code": source.code, "number": "Biểu số 01/TT", "title": "TÌNH HÌNH", "legal": "Thông tư 1", "row_label": "Cơ quan",
        "row_kind": source.row_kind, "reach": source.reach, "unit": "Hồ sơ", "columns": COLUMNS, "identities": "3 = 4 + 5", "notes": "Một\nHai",
        "effective_from": "01/12/2026",
    } | more  # fmt: skip


def test_what_stands_below_a_table_is_worded_as_its_measure() -> None:
    assert BESIDE["ended_withdrawn"] == "Hồ sơ công dân rút trong kỳ"
    assert BESIDE["open_waiting"] == "Hồ sơ đang chờ bổ sung, chờ nghĩa vụ tài chính"


def test_a_code_that_no_form_bears_is_shown_to_nobody(place: Province, signed_in: Enter) -> None:
    page = signed_in(place.controller).get("/bao-cao/bieu/").content.decode()
    assert '<td class="code">II.06c</td>' in page
    assert '<td class="code">–</td>' in page
    form = form_on("handovers", date(2026, 12, 1))
    assert (form.printed_code, form.called) == ("", form.words)
    for name in ("handovers", "by-post", "late-causes"):
        assert name not in page


def test_a_copy_is_looked_at_with_real_figures_and_put_in_force(
    place: Province, signed_in: Enter
) -> None:
    client, source = signed_in(place.controller), form_on("II.06c", date(2026, 9, 14))
    address = f"/bao-cao/bieu/{source.pk}/chep/"
    assert "3 | Số hồ sơ nhận giải quyết" in client.get(address).content.decode()
    seen = client.post(address, asked(source, xem="1"))
    assert seen.context["found"].table.total.values == {"3": 1, "4": 1, "5": 0}
    assert "Hồ sơ" in seen.content.decode()
    assert form_on("II.06c", date(2026, 12, 14)) == source
    assert client.post(address, asked(source)).status_code == 302
    made = form_on("II.06c", date(2026, 12, 14))
    assert (made.number, made.notes, made.identities) == (
        "Biểu số 01/TT",
        ["Một", "Hai"],
        [["3", ["4", "5"]]],
    )
    assert (made.source, made.row_kind, made.reach) == (
        source.source,
        source.row_kind,
        source.reach,
    )
    assert form_on("II.06c", date(2026, 11, 30)).pk == source.pk
    page = client.get(f"/bao-cao/II.06c/{place.agency.code}/2026Q4/")
    assert [one.number for one in page.context["found"].table.columns] == ["3", "4", "5"]


def test_causes_stand_beside_what_is_late_and_nothing_else(
    place: Province, signed_in: Enter
) -> None:
    client, source = signed_in(place.controller), form_on("II.06c", date(2026, 9, 14))
    columns = "3 | Đúng hạn | ended_not_late\n4 | Quá hạn | ended_late\n5 | Đang | open_late"
    given = asked(source, columns=columns, identities="")
    assert client.post(f"/bao-cao/bieu/{source.pk}/chep/", given).status_code == 302
    address = f"/bao-cao/II.06c/{place.agency.code}/2026Q4/ho-so/?dong=total&cot="
    pages = [client.get(f"{address}{number}") for number in (3, 4, 5)]
    assert [one.status_code for one in pages] == [200] * 3
    said = [one.context["said"] is not None for one in pages]
    assert said == [False, True, True]


def test_a_province_says_after_which_periods_a_form_is_owed(
    place: Province, signed_in: Enter
) -> None:
    """Quarter and year by the law, months where the office asks for them (legal 4.8)."""
    client, source = signed_in(place.controller), form_on("II.06a", date(2026, 9, 14))
    address = f"/bao-cao/bieu/{source.pk}/chep/"
    assert client.get(address).context["form"]["owed"].value() == ["Q", "Y"]
    assert client.post(address, asked(source, owed="F")).status_code == 422
    given = asked(source) | {"owed": ["M", "Q"]}
    assert client.post(address, given).status_code == 302
    assert form_on("II.06a", date(2026, 12, 14)).owed == ["M", "Q"]
    register = form_on("register", date(2026, 12, 14))
    page = client.get(f"/bao-cao/bieu/{register.pk}/chep/")
    assert "owed" not in page.context["form"].fields


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("columns", "ba | Tổng | handled", "Không đọc được dòng"),
        ("columns", "3 | Tổng | khong_co", "Chưa có số đo khong_co"),
        ("columns", "3 | Tổng | handled\n3 | Mới | received", "cùng số"),
        ("identities", "3 = 4 +", "Không đọc được đẳng thức"),
        ("identities", "3 = 4 + 9", "Không có cột 9"),
        ("effective_from", "01/01/2020", "ngày muộn hơn"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_sentence(
    place: Province, signed_in: Enter, field: str, text: str, word: str
) -> None:
    client, source = signed_in(place.controller), form_on("II.06c", date(2026, 9, 14))
    answer = client.post(f"/bao-cao/bieu/{source.pk}/chep/", asked(source, **{field: text}))
    assert answer.status_code == 422
    # On top as well: the form is longer than any screen.
    assert answer.content.decode().count(word) == 2


def test_who_puts_it_in_force_a_moment_later_is_told(
    place: Province, signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both had been looked through before the first one was there."""
    client, source = signed_in(place.controller), form_on("II.06c", date(2026, 9, 14))
    take_over = NewForm.take_over

    def second(form: NewForm) -> ReportForm:
        first = NewForm(asked(source), source=source)
        assert first.is_valid()
        take_over(first)
        return take_over(form)

    monkeypatch.setattr(NewForm, "take_over", second)
    answer = client.post(f"/bao-cao/bieu/{source.pk}/chep/", asked(source))
    assert answer.status_code == 422
    assert "ngày muộn hơn" in answer.content.decode()
    assert ReportForm.objects.filter(code="II.06c").count() == 2


def test_others_only_look(place: Province, signed_in: Enter) -> None:
    client, source = signed_in(place.first.controller), form_on("II.06c", date(2026, 9, 14))
    page = client.get("/bao-cao/bieu/").content.decode()
    assert "II.06c" in page
    assert "Chép và sửa" not in page
    assert client.post(f"/bao-cao/bieu/{source.pk}/chep/", asked(source)).status_code == 403


def test_a_copy_has_rows_and_wordings_of_its_own(place: Province, signed_in: Enter) -> None:
    """What the copied form words otherwise names its own columns: it is looked at, not taken over."""
    client, source = signed_in(place.controller), form_on("II.06c", date(2026, 9, 14))
    address = f"/bao-cao/bieu/{source.pk}/chep/"
    shown = client.get(address).content.decode()
    assert "Ghi gọn: Đúng hạn, Trong hạn | 9 | Đúng hạn" in shown
    assert "| 8 | Trước hạn (gồm cả hồ sơ rút, dừng giải quyết) | ended_early_of_all" in shown
    stale = client.post(address, asked(source, variants="Ghi gọn | 9 | Đúng hạn"))
    assert stale.status_code == 422
    assert "Cột 9" in stale.content.decode()
    odd = client.post(address, asked(source, variants="Ghi gọn"))
    assert odd.status_code == 422
    words = (
        "Riêng | 4 | Vừa nhận | received_direct\n"
        "Riêng | ghi chú | Chỉ trực tiếp | không gồm bưu chính\n"
        "Gọn | 5 | Trước"
    )
    good = client.post(address, asked(source, row_kind="field", reach="own", variants=words))
    assert good.status_code == 302
    made = form_on("II.06c", date(2026, 12, 14))
    assert (made.row_kind, made.reach) == ("field", "own")
    assert made.variants == {
        "rieng": {
            "name": "Riêng",
            "4": {"label": "Vừa nhận", "measure": "received_direct"},
            "notes": ["Chỉ trực tiếp | không gồm bưu chính"],
        },
        "gon": {"name": "Gọn", "5": "Trước"},
    }
    worn = made.worn("rieng")
    assert [one.measure for one in worn.columns_of()] == ["handled", "received_direct", "carried"]
    assert worn.foot == ("Chỉ trực tiếp | không gồm bưu chính",)
