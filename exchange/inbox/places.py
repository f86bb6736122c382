"""Where each thing stands in a message, by our name of it: the national forms seen so far; a source's
own places go before them (Mapping.fields). Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onestop.errors import DomainError
from onestop.texts import in_one_line
from onestop.typed import real_d
from onestop.worktime import VN, InstantError, parse_instant

# The first of the places that holds anything is taken.
PLACES: dict[str, tuple[str, ...]] = {
    "code": ("MaHoSoQG", "MaHoSo"),
    "procedure": ("MaTTHC",),
    "case": ("MaTruongHop",),
    "unit": ("MaDonVi", "MaCoQuan"),
    "filed_at": ("NgayNopHoSo",),
    "paid_at": ("NgayThanhToan", "ThongTinThanhToan.ThoiGianThanhToan"),
    "sent_at": ("NgayCapNhat", "ThoiGianGui"),
    "owner": ("ChuHoSo", "TenToChuc", "HoTenNguoiNop"),
    "owner_kind": ("LoaiDoiTuong",),
    "identity": ("SoDinhDanh", "SoGiayTo", "SoCMND"),
    "identity_kind": ("LoaiDinhDanh",),
    "tax_code": ("MaSoThue",),
    "phone": ("SoDienThoai", "DienThoai"),
    "email": ("ThuDienTu", "Email"),
    "address": ("DiaChi.DiaChiChiTiet", "DiaChiChiTiet", "DiaChi"),
    "district": ("DiaChi.MaHuyen", "MaHuyen"),
    "filer_identity": ("NguoiNop.SoDinhDanh", "SoDinhDanhNguoiNop", "SoCMNDNguoiNop"),
    "filer_tax_code": ("NguoiNop.MaSoThue", "MaSoThueNguoiNop"),
    "filer_unit": ("NguoiNop.MaDonVi", "MaDonViNguoiNop"),
    "summary": ("TrichYeuHoSo",),
    "channel": ("MucDo",),
    # Of a partner office: how the citizen handed it in, and who brings it by which paper.
    "way": ("KenhThucHien",),
    "submitter": ("NguoiDuocUyQuyen.HoTen", "HoTenNguoiDuocUyQuyen"),
    "submitter_identity": ("NguoiDuocUyQuyen.SoDinhDanh", "SoDinhDanhNguoiDuocUyQuyen"),
    "submitter_phone": ("NguoiDuocUyQuyen.SoDienThoai", "DienThoaiNguoiDuocUyQuyen"),
    "authorisation": ("NguoiDuocUyQuyen.VanBanUyQuyen", "VanBanUyQuyen"),
    # Of what the tax authority says.
    "tax_notice": ("ThongTinThanhToan.MaThongBaoThue", "MaThongBaoThue"),
    "tax_amount": ("ThongTinThanhToan.SoTien", "SoTien"),
    "tax_stand": ("ThongTinThanhToan.TrangThaiThanhToan",),
    "tax_content": ("ThongTinThanhToan.NoiDungThanhToan",),
    "tax_payer": ("HoTenNguoiNopTien",),
    "tax_file": ("UrlFileChungTu",),
    "files": ("TaiLieuNop", "TepDinhKem"),
    # The application itself, inside or by its address.
    "form": ("TepDonDangKy",),
    "form_url": ("URLTepDangKy",),
}
OF_FILES = frozenset({"files", "form", "form_url"})
FILE_PLACES: dict[str, tuple[str, ...]] = {
    "name": ("TenTepDinhKem", "TenTep"),
    "paper": ("MaThanhPhanHoSo", "MaGiayTo"),
    "paper_name": ("TenThanhPhanHoSo", "TenGiayTo"),
    "url": ("DuongDanTaiTepTin", "URLTep", "DuongDan"),
    "content": ("NoiDungTep", "Base64"),
    "size": ("DungLuong",),
    "sha256": ("MaKiemTra", "Sha256"),
}
WORDS = {
    "code": "mã hồ sơ",
    "procedure": "mã thủ tục",
    "case": "trường hợp",
    "unit": "mã cơ quan nhận",
    "filed_at": "giờ nộp",
    "paid_at": "giờ thanh toán",
    "sent_at": "giờ gửi",
    "owner": "tên chủ hồ sơ",
    "owner_kind": "loại đối tượng",
    "identity": "số giấy tờ",
    "identity_kind": "loại giấy tờ",
    "tax_code": "mã số thuế",
    "phone": "điện thoại",
    "email": "thư điện tử",
    "address": "địa chỉ",
    "district": "mã huyện",
    "filer_identity": "số định danh của tài khoản nộp",
    "filer_tax_code": "mã số thuế của tài khoản nộp",
    "filer_unit": "mã cơ quan của tài khoản nộp",
    "summary": "trích yếu",
    "channel": "mức độ",
    "way": "kênh thực hiện",
    "submitter": "người được ủy quyền",
    "submitter_identity": "số giấy tờ người được ủy quyền",
    "submitter_phone": "điện thoại người được ủy quyền",
    "authorisation": "văn bản ủy quyền",
    "tax_notice": "mã thông báo thuế",
    "tax_amount": "số tiền nộp",
    "tax_stand": "trạng thái thanh toán",
    "tax_content": "nội dung nộp tiền",
    "tax_payer": "người nộp tiền",
    "tax_file": "đường dẫn chứng từ nộp tiền",
    "files": "tệp gửi kèm",
    "form": "đơn, tờ khai gửi kèm",
    "form_url": "đường dẫn của đơn, tờ khai",
}


def at(data: Any, place: str) -> Any:
    """What stands at "a.b.0"; None where nothing does."""
    for part in place.split("."):
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and part.isascii() and part.isdecimal() and len(part) < 4:
            data = data[int(part)] if int(part) < len(data) else None
        else:
            return None
    return data


class Told:
    """A message's data, asked by our names. `own`: the source's places."""

    def __init__(
        self,
        data: dict[str, Any],
        own: Mapping[str, str] | None = None,
        places: Mapping[str, tuple[str, ...]] = PLACES,
    ) -> None:
        self._data, self._own, self._places = data, own or {}, places

    def value(self, name: str) -> Any:
        own = self._own.get(name)
        for place in (own,) if own else self._places[name]:
            found = at(self._data, place)
            if found not in (None, "", [], {}):
                return found
        return None

    def text(self, name: str, most: int) -> str:
        """In one line, composed letters, a real Đ; "" of what is no text or number."""
        found = self.value(name)
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            return ""
        return in_one_line(real_d(in_one_line(str(found))))[:most]

    def instant(self, name: str) -> datetime | None:
        """None where nothing is said. Errors: DomainError("missing_filed_at")."""
        text = self.text(name, 40)
        return instant_in(text) if text else None


def instant_in(text: str) -> datetime:
    """`yyyyMMddHHmmss` in Vietnam's time, or as people and ISO write it, never without the hour."""
    try:
        if len(text) == 14 and text.isascii() and text.isdecimal():
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=VN)
        return parse_instant(text)
    except (ValueError, InstantError):
        raise DomainError("missing_filed_at", given=text) from None
