"""What a message says is taken as it says it, or it is held, or told: never guessed, never dropped."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from dossiers.intake.said import said_of
from exchange.inbox import files, mapping, taking, telling
from exchange.models import IncomingFile, Mapping, Message
from procedures.models import Case, Paper
from tests.exchange.sent import a_door, body_of, came, data_of
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, make_office

pytestmark = pytest.mark.django_db
State = Message.State


@pytest.fixture
def office() -> Office:
    return make_office()


def sent(data: dict[str, Any], **more: Any) -> Message:
    return came(a_door(), body_of(data, **more), MONDAY)


def lacks(message: Message) -> list[str]:
    return [one["code"] for one in message.missing]


def notes(message: Message) -> dict[str, dict[str, Any]]:
    return {one["code"]: one["data"] for one in message.notes}


def odd(message: Message) -> str:
    assert message.filing is not None
    return " ".join(one.text for one in telling.beside(message.filing) if one.is_odd)


def case_of(message: Message) -> str:
    assert message.filing is not None
    assert message.filing.case is not None
    return message.filing.case.name


def test_the_case_is_the_one_that_the_message_names(office: Office) -> None:
    case = make_case()
    for number, name in enumerate(("Cấp lại", "Cấp đổi"), start=2):
        Case.objects.create(version=case.version, order=number, name=name)
    row = Mapping.objects.create(
        door=a_door(), foreign=case.version.code, case_name="Cấp lại", valid_from=date(2026, 11, 1)
    )
    # By the name of the catalogue, whatever the table says of those that name none.
    assert case_of(sent(data_of(office, case, 1))) == "Cấp lại"
    assert case_of(sent(data_of(office, case, 2, MaTruongHop="CẤP ĐỔI"))) == "Cấp đổi"
    held = sent(data_of(office, case, 3, MaTruongHop="TH3"))
    assert lacks(held) == ["missing_case_unknown"]
    assert lacks(sent(data_of(office, case, 4, MaTruongHop=["TH3"]))) == ["missing_value"]
    row.cases = {"TH3": "Cấp đổi"}
    row.save()
    assert case_of(taking.read(held.pk, at=MONDAY)) == "Cấp đổi"
    row.cases = {"TH3": "Cấp mới"}
    row.save()
    gone = sent(data_of(office, case, 5, MaTruongHop="TH3"))
    assert lacks(gone) == ["missing_case_gone"]
    # A procedure that has no cases is the same whatever is named; one that has a name is that one only.
    assert sent(data_of(office, make_case(), 6, MaTruongHop="TH1")).state == State.MAPPED
    single = make_case()
    Case.objects.filter(pk=single.pk).update(name="Cấp lần đầu")
    assert lacks(sent(data_of(office, single, 7, MaTruongHop="Cấp lại"))) == [
        "missing_case_unknown"
    ]
    for number, more in enumerate(({}, {"MaTruongHop": "CẤP LẦN ĐẦU"}), start=8):
        assert case_of(sent(data_of(office, single, number, **more))) == "Cấp lần đầu"


PAGE = base64.b64encode(PDF).decode()


def test_what_is_listed_as_a_file_and_cannot_be_read_is_told_by_its_name(office: Office) -> None:
    case = make_case()
    items: list[Any] = [
        {"TenTep": "to-khai.pdf", "LinkTep": "https://cong.test/1"},
        {"TenThanhPhanHoSo": "Ảnh chân dung", "DuongDan": f"https://cong.test/{'a' * 2000}"},
        {"TenTep": "so-ho-khau.pdf", "Base64": {"phan": PAGE}},
        "https://cong.test/2",
        # Which paper it would be, and that nothing was sent of it.
        {"MaThanhPhanHoSo": "KQ.01", "TenTepDinhKem": "", "DuocSoHoa": 0},
        {},
    ]
    message = sent(data_of(office, case, TaiLieuNop=items))
    assert notes(message) == {
        "note_files": {"names": "to-khai.pdf; Ảnh chân dung; so-ho-khau.pdf; tệp thứ 4"}
    }
    # A newer one that names no files takes none away, nor what is told of them.
    newer = sent(data_of(office, case, ChuHoSo="Lê Mới"), updating=True)
    assert "to-khai.pdf; Ảnh chân dung" in odd(newer)
    mended = [{"TenTep": "to-khai.pdf", "DuongDan": "https://cong.test/1"}]
    assert "to-khai.pdf; Ảnh" not in odd(
        sent(data_of(office, case, TaiLieuNop=mended), updating=True)
    )


def test_one_file_alone_and_the_application_itself_are_files(office: Office) -> None:
    case = make_case()
    [paper, *_] = Paper.objects.filter(case=case)
    alone = {"TenTep": "mot.pdf", "TenGiayTo": paper.name, "Base64": PAGE}
    data = data_of(office, case, TaiLieuNop=alone, TepDonDangKy=PAGE)
    message = sent(data)
    assert [row.name for row in IncomingFile.objects.all()] == ["mot.pdf", "don-dang-ky"]
    assert files.fetch_due(timezone.now) == (2, 0)
    # Which paper the application is, nobody guesses: the table says it.
    assert notes(message) == {"note_papers": {"names": "TepDonDangKy"}}
    Mapping.objects.create(
        door=a_door(), papers={"TepDonDangKy": paper.name}, valid_from=date(2026, 11, 1)
    )
    at = "https://cong.test/don.pdf"
    named = sent(data_of(office, case, 2, TepDonDangKy=None, URLTepDangKy=at))
    assert notes(named) == {}
    assert said_of(named.filing).papers == {paper.pk: 1}  # type: ignore[arg-type]
    assert IncomingFile.objects.get(message=named).url == at


def test_of_one_message_so_many_files_are_fetched(office: Office) -> None:
    items = [{"TenTep": f"{n}.pdf", "DuongDan": f"https://cong.test/{n}"} for n in range(101)]
    message = sent(data_of(office, make_case(), TaiLieuNop=items))
    assert message.files.count() == 100
    assert notes(message)["note_many_files"] == {"count": 101, "most": 100}
    assert notes(message)["note_papers"]["names"].endswith("; và 95 mục khác")


def test_what_is_longer_than_its_place_is_held_or_left_out_and_told_never_cut(
    office: Office,
) -> None:
    case = make_case()
    held = sent(data_of(office, case, 1, ChuHoSo="Nguyễn Thị Bình, " * 20))
    assert lacks(held) == ["missing_owner_long"]
    phones = "0912 345 678, 0987 654 321"
    told = sent(
        data_of(
            office, case, 2, SoDienThoai=phones, Email="a" * 255, DiaChi={"DiaChiChiTiet": "Thôn 3, " * 50},
            TrichYeuHoSo="dài " * 300, NgayCapNhat="20/13/2026 8 giờ", SoDinhDanh="0123456789" * 4,
        )
    )  # fmt: skip
    filing = told.filing
    assert filing is not None
    assert (filing.phone, filing.email, filing.address, said_of(filing).summary) == ("",) * 4
    codes = [one["code"] for one in told.notes]
    assert codes == ["note_sent_at", "note_number", *["note_long"] * 4]
    assert filing.identity_number == ""
    assert "0912345678,0987654321" in odd(told)
    assert "giờ gửi “20/13/2026 8 giờ”" in odd(told)
    unread = sent(
        data_of(office, case, 3, SoDienThoai=["0912345678"], SoDinhDanh={"so": 1}, DiaChi={"SoNha": "1"})
    )  # fmt: skip
    assert [one["data"]["field"] for one in unread.notes] == ["số giấy tờ", "điện thoại", "địa chỉ"]
    # Where houses have no numbers a portal sends codes of places and no detail: nothing is unread.
    for number, detail in ((5, {}), (6, {"DiaChiChiTiet": None}), (7, {"DiaChiChiTiet": ""})):
        codes_only = {"MaTinh": "20", "MaXa": 5986} | detail
        bare = sent(data_of(office, case, number, DiaChi=codes_only))
        assert bare.filing is not None
        assert (bare.filing.address, bare.notes) == ("", [])
    # What is within its place comes as it is, without blanks where it is a number.
    whole = sent(data_of(office, case, 4, SoDienThoai="0912 345 678", ChuHoSo="N" * 200))
    assert whole.filing is not None
    assert (whole.filing.phone, whole.filing.owner_name, whole.notes) == (
        "0912345678",
        "N" * 200,
        [],
    )


def test_a_code_that_is_too_long_is_none(office: Office) -> None:
    assert mapping.code_of({"MaHoSo": "H" * 60}) == "H" * 60
    assert mapping.code_of({"MaHoSo": "H" * 61}) == ""
