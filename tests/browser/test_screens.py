"""Every screen, as each role sees it, on a desk's screen and on a telephone: clean for axe, nothing
wider than the page, no error.

A new screen is one line of SCREENS. Run by itself (or with PICTURES=1) this file draws build/screens/
(look at them: ugly is a defect too).
"""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from dossiers.intake import secrets
from procedures.models import InternalProcess
from reports.models import ReportForm
from tests.browser.fitting import too_wide
from tests.browser.looks import PHONE, SMALL_PHONE, STRANGER, Screen, look_at
from tests.browser.seats import DESK, Seat
from tests.browser.worked import Worked, work_a_month
from tests.journeys.site import BIRTH, SEVEN_DAYS, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _public(name: str, address: str, status: int = 200) -> Screen:
    return Screen(name, address, STRANGER, status, (DESK, PHONE, SMALL_PHONE))


SCREENS = [
    Screen("dang-nhap", "/dang-nhap/"),
    Screen("khong-co-trang", "/khong-co-trang-nay/", status=404),
    # citizens
    _public("tra-cuu", "/tra-cuu/"),
    _public("tra-cuu-so-luoc", "/tra-cuu/{late}/"),
    _public("tra-cuu-day-du", "/tra-cuu/{approving}/?k={secret}"),
    _public("tra-cuu-vi-sao", "/tra-cuu/{approving}/vi-sao/?k={secret}"),
    _public("tra-cuu-khong-thay", "/tra-cuu/H99-000000-0000/", 404),
    _public("tra-cuu-cho-bo-sung", "/tra-cuu/{waiting}/"),
    _public("tra-cuu-da-xong", "/tra-cuu/{finished}/"),
    _public("trang-dan", "/"),
    _public("noi-tiep-nhan", "/noi-tiep-nhan/"),
    _public("noi-tiep-nhan-mot", "/noi-tiep-nhan/{agency_code}/"),
    Screen("thu-tuc", "/thu-tuc/"),
    Screen("thu-tuc-tim", "/thu-tuc/?q=khai+sinh"),
    Screen("thu-tuc-viec", "/thu-tuc/viec/sinh-con/"),
    _public("niem-yet", "/niem-yet/"),
    _public("niem-yet-mot", "/niem-yet/{agency_code}/"),
    _public("niem-yet-buu-chinh", "/niem-yet/{agency_code}/buu-chinh/"),
    Screen("niem-yet-buu-chinh-ca", "/niem-yet/{agency_code}/buu-chinh/?ca=1", widths=(PHONE,)),
    Screen("niem-yet-in", "/niem-yet/{agency_code}/in/", "tiepnhan"),
    Screen("niem-yet-ban-in", "/niem-yet/ban-in/{notice_edition}/", "tiepnhan"),
    Screen("thu-tuc-mot", f"/thu-tuc/{BIRTH}/"),
    # the counter
    Screen("tiep-nhan", "/tiep-nhan/", "tiepnhan"),
    Screen("tiep-nhan-tim", "/tiep-nhan/?q=khai+sinh", "tiepnhan"),
    Screen("tiep-nhan-lap", f"/tiep-nhan/lap/{SEVEN_DAYS}/", "tiepnhan"),
    Screen("tiep-nhan-lap-truong-hop", f"/tiep-nhan/lap/{BIRTH}/", "tiepnhan"),
    Screen("tiep-nhan-lap-cau-hoi", "/tiep-nhan/lap/1.004194/", "tiepnhan"),
    Screen("tiep-nhan-nhap-do", f"/tiep-nhan/lap/{SEVEN_DAYS}/?nhap={{draft}}", "tiepnhan"),
    Screen("tiep-nhan-xong", "/tiep-nhan/xong/{fresh}/", "tiepnhan"),
    Screen("tiep-nhan-tra-ngay", "/tiep-nhan/tra-ngay/", "tiepnhan"),
    Screen("tiep-nhan-luot", "/tiep-nhan/luot/{guide}/", "tiepnhan"),
    Screen("tiep-nhan-cho-duyet", "/tiep-nhan/luot/{waits}/", "tiepnhan"),
    Screen("tiep-nhan-da-duyet", "/tiep-nhan/luot/{agreed}/", "tiepnhan"),
    Screen("tiep-nhan-tu-choi", "/tiep-nhan/luot/{refuse}/", "tiepnhan"),
    Screen("ho-tro-nop", f"/tiep-nhan/ho-tro-nop/?thu-tuc={SEVEN_DAYS}", "tiepnhan"),
    Screen("truc-tuyen", "/tiep-nhan/truc-tuyen/", "tiepnhan"),
    Screen("truc-tuyen-da-xu-ly", "/tiep-nhan/truc-tuyen/?muc=da-xu-ly", "kiemsoat"),
    Screen("truc-tuyen-mot", "/tiep-nhan/truc-tuyen/{filing}/", "tiepnhan"),
    Screen("truc-tuyen-lap", "/tiep-nhan/truc-tuyen/{filing}/tiep-nhan/", "tiepnhan"),
    Screen("truc-tuyen-tai-len", "/tiep-nhan/truc-tuyen/danh-sach/", "tiepnhan"),
    Screen("truc-tuyen-cot", "/tiep-nhan/truc-tuyen/danh-sach/{online_open}/?cot=1", "tiepnhan"),
    Screen("truc-tuyen-xem-truoc", "/tiep-nhan/truc-tuyen/danh-sach/{online_open}/", "tiepnhan"),
    Screen("truc-tuyen-da-ghi", "/tiep-nhan/truc-tuyen/danh-sach/{online_list}/", "tiepnhan"),
    Screen("thong-diep", "/trao-doi/thong-diep/", "tiepnhan"),
    Screen("thong-diep-mot", "/trao-doi/thong-diep/{message}/", "tiepnhan"),
    Screen("lay-thu-tuc", "/trao-doi/thu-tuc/", "tinh.kiemsoat", widths=(DESK,)),
    Screen("anh-xa", "/quan-tri/anh-xa/", "tinh.kiemsoat"),
    Screen("anh-xa-mot", "/quan-tri/anh-xa/{mapping}/", "tinh.kiemsoat"),
    Screen("ban-giao", "/ban-giao/", "tiepnhan"),
    Screen("ban-giao-giao", "/ban-giao/giao/?chon={fresh_id}", "tiepnhan"),
    Screen("ban-giao-nhan-quay", "/ban-giao/nhan/", "tiepnhan"),
    Screen("ban-giao-da-giao", "/ban-giao/da-giao/", "tiepnhan"),
    Screen("ban-giao-so", "/ban-giao/so/", "tiepnhan"),
    Screen("ban-giao-danh-sach", "/ban-giao/{batch}/", "tiepnhan"),
    Screen("so-theo-doi", "/so-theo-doi/", "tiepnhan"),
    Screen("so-chung-thuc", "/so-theo-doi/chung-thuc/", "tiepnhan"),
    Screen("tra-ket-qua", "/tra-ket-qua/", "tiepnhan"),
    Screen("tra-ket-qua-chua-nhan", "/tra-ket-qua/chua-nhan/", "tiepnhan"),
    Screen("tra-ket-qua-ban-chinh", "/tra-ket-qua/ban-chinh/", "tiepnhan", widths=(DESK,)),
    Screen("ho-so-ban-chinh", "/ho-so/{stopped}/ban-chinh/", "tiepnhan", widths=(DESK,)),
    Screen("tra-ket-qua-luu-tru", "/tra-ket-qua/luu-tru/", "lanhdao", widths=(DESK,)),
    Screen("tra-ket-qua-mot", "/tra-ket-qua/{finished}/", "tiepnhan"),
    Screen("tim", "/tim/?q=thi", "tiepnhan"),
    Screen("tim-xep", "/tim/?q=thi&xep=-nhan", "tiepnhan"),
    Screen("tim-nguoi-truoc", "/tim/?q=hoa", "tiepnhan"),
    Screen("tim-khong-thay", "/tim/?q=khong+co+ai", "tiepnhan"),
    Screen("viec-tiep-nhan", "/viec/?loai=dang-xu-ly", "tiepnhan"),
    Screen("thong-bao", "/thong-bao/", "chuyenvien"),
    Screen("phien-dang-nhap", "/tai-khoan/phien-dang-nhap/", "chuyenvien"),
    # one dossier
    Screen("ho-so-moi", "/ho-so/{fresh}/", "tiepnhan"),
    Screen("ho-so-cho-nhan", "/ho-so/{pending}/", "chuyenvien"),
    Screen("ho-so-dang-xu-ly", "/ho-so/{in_hand}/", "chuyenvien"),
    Screen("ho-so-qua-han", "/ho-so/{late}/", "lanhdao"),
    Screen("ho-so-cho-bo-sung", "/ho-so/{waiting}/", "tiepnhan"),
    Screen("ho-so-de-nghi", "/ho-so/{proposed}/", "tiepnhan"),
    Screen("ho-so-trinh-duyet", "/ho-so/{approving}/", "lanhdao"),
    Screen("ho-so-tra-lai", "/ho-so/{approving}/tra-lai/", "lanhdao"),
    Screen("ho-so-bi-tra-lai", "/ho-so/{sent_back}/", "chuyenvien"),
    Screen("ho-so-hen-lai", "/ho-so/{reappointed}/", "truongphong"),
    Screen("ho-so-da-tra", "/ho-so/{returned}/", "tiepnhan"),
    Screen("ho-so-da-dung", "/ho-so/{stopped}/", "tiepnhan"),
    Screen("ho-so-vi-sao", "/ho-so/{reappointed}/vi-sao/", "chuyenvien"),
    Screen("ho-so-nhat-ky", "/ho-so/{returned}/nhat-ky/", "lanhdao"),
    Screen("ho-so-nhan", "/ho-so/{pending}/nhan/", "chuyenvien"),
    Screen("ho-so-ket-qua", "/ho-so/{in_hand}/ket-qua/", "chuyenvien"),
    Screen("ho-so-de-nghi-bo-sung", "/ho-so/{in_hand}/de-nghi-bo-sung/", "chuyenvien"),
    Screen("ho-so-yeu-cau-bo-sung", "/ho-so/{fresh}/yeu-cau-bo-sung/", "tiepnhan"),
    Screen("ho-so-nhan-bo-sung", "/ho-so/{waiting}/nhan-bo-sung/", "tiepnhan"),
    Screen("ho-so-hen-lai-nhap", "/ho-so/{late}/hen-lai/", "lanhdao"),
    Screen("ho-so-xin-loi-nhap", "/ho-so/{late}/xin-loi/", "lanhdao"),
    Screen("ho-so-ban-quet", "/ho-so/{fresh}/ban-quet/", "tiepnhan"),
    Screen("ho-so-nhac", "/ho-so/{waiting}/nhac/", "tiepnhan"),
    Screen("so-hoa", "/so-hoa/", "lanhdao"),
    Screen("ho-so-thu-phi", "/ho-so/{fresh}/thu-phi/", "tiepnhan"),
    Screen("thu-tien", "/thu-tien/", "tiepnhan"),
    Screen("thu-tien-chua-thu", "/thu-tien/chua-thu/", "tiepnhan"),
    Screen("thu-tien-quyen", "/thu-tien/quyen/", "lanhdao"),
    Screen("thu-tien-sao-ke", "/thu-tien/sao-ke/", "tiepnhan"),
    Screen("thu-tien-khoan-den", "/thu-tien/khoan-den/", "tiepnhan"),
    Screen("thu-tien-truc-tuyen", "/thu-tien/thanh-toan-truc-tuyen/", "tiepnhan", widths=(DESK,)),
    Screen("thu-tien-quyet-toan", "/thu-tien/quyet-toan/", "lanhdao"),
    Screen("ho-so-xong", "/ho-so/{fresh}/xong/", "tiepnhan"),
    Screen("ho-so-rut", "/ho-so/{fresh}/rut/", "tiepnhan"),
    Screen("ho-so-dung", "/ho-so/{fresh}/dung/", "lanhdao"),
    # the desks
    Screen("viec", "/viec/", "chuyenvien"),
    Screen("viec-hom-nay", "/hom-nay/", "lanhdao"),
    Screen("viec-hom-nay-phong", "/hom-nay/", "truongphong", widths=(DESK,)),
    Screen("viec-cho-nhan", "/viec/?loai=cho-nhan", "chuyenvien"),
    Screen("viec-trinh-duyet", "/viec/?loai=trinh-duyet", "lanhdao"),
    Screen("viec-qua-han", "/viec/?loai=qua-han", "lanhdao"),
    Screen("viec-duyet-bo-sung", "/duyet-bo-sung/", "truongphong"),
    Screen("viec-phong", "/viec/?loai=phong", "truongphong"),
    Screen("viec-loc", "/viec/?loai=phong&mo=loc&kenh=1&xep=-nhan", "truongphong"),
    Screen("viec-co-quan", "/viec/?loai=co-quan", "lanhdao"),
    Screen("viec-nhieu", "/viec/lam/xin-loi/?chon={fresh_id}", "lanhdao"),
    Screen("viec-nhieu-bo-sung", "/viec/lam/yeu-cau-bo-sung/?chon={fresh_id}", "tiepnhan"),
    Screen("viec-nhieu-tra", "/viec/lam/tra-ket-qua/?chon={fresh_id}", "tiepnhan"),
    Screen("viec-nhieu-phan-cong", "/viec/lam/phan-cong/?chon={fresh_id}", "truongphong"),
    Screen("viec-nhieu-gan-day", "/viec/lam/", "lanhdao"),
    Screen("viec-ca-danh-sach", "/viec/?loai=co-quan&ca=1", "lanhdao"),
    Screen("viec-nhieu-xong", "/viec/lam/{press_run}/", "lanhdao"),
    Screen("ban-giao-nhan", "/ban-giao/nhan/", "chuyenvien"),
    Screen("ban-giao-chuyen-vien", "/ban-giao/", "chuyenvien"),
    Screen("ban-giao-ban-lam-viec", "/ban-giao/ban-lam-viec/", "truongphong"),
    Screen("man-hinh", "{wall}", widths=(1920, PHONE)),
    Screen("man-hinh-lap", "/quan-tri/man-hinh/", "quantri"),
    # who oversees
    Screen("dieu-hanh", "/dieu-hanh/", "lanhdao"),
    Screen("giao-ban", "/dieu-hanh/giao-ban/", "lanhdao"),
    Screen("dieu-hanh-tinh", "/dieu-hanh/", "tinh.lanhdao"),
    Screen("dieu-hanh-phong", "/dieu-hanh/", "truongphong"),
    Screen("dieu-hanh-linh-vuc", "/dieu-hanh/theo/linh-vuc/?datdai=1", "tinh.lanhdao"),
    Screen("dieu-hanh-thu-tuc", "/dieu-hanh/theo/thu-tuc/", "kiemsoat"),
    Screen("dieu-hanh-can-bo", "/dieu-hanh/theo/can-bo/", "truongphong"),
    Screen("dieu-hanh-tuoi", "/dieu-hanh/tuoi/", "lanhdao"),
    Screen("dieu-hanh-dien-bien", "/dieu-hanh/dien-bien/", "lanhdao"),
    Screen("dieu-hanh-kenh", "/dieu-hanh/kenh/", "lanhdao"),
    Screen("dieu-hanh-hai-long", "/dieu-hanh/hai-long/", "lanhdao"),
    Screen("dieu-hanh-don-doc", "/dieu-hanh/don-doc/", "lanhdao"),
    Screen("dieu-hanh-don-doc-ds", "/dieu-hanh/don-doc/danh-sach/?muc=tat-ca", "truongphong"),
    Screen("phe-binh", "/dieu-hanh/phe-binh/", "lanhdao"),
    Screen("phe-binh-mot", "/dieu-hanh/phe-binh/{criticism}/", "lanhdao"),
    Screen(
        "phe-binh-lap", "/dieu-hanh/phe-binh/lap/?muc=tat-ca&phong={criticised_room}", "kiemsoat"
    ),
    Screen("ho-so-phoi-hop", "/ho-so/{linked}/", "chuyenvien"),
    Screen("ho-so-chuyen-phoi-hop", "/ho-so/{linked}/phoi-hop/", "chuyenvien"),
    Screen("viec-cho-phoi-hop", "/viec/?loai=dang-xu-ly&phoihop=1", "chuyenvien"),
    Screen("ho-so-thu-hoi-phoi-hop", "/ho-so/{linked}/phoi-hop/1/thu-hoi/", "chuyenvien"),
    Screen("ho-so-thay-chu-tri", "/ho-so/{linked}/phoi-hop/1/chu-tri/", "chuyenvien"),
    Screen("phoi-hop", "/viec/phoi-hop/", "tiepnhan"),
    Screen("phoi-hop-mot", "/viec/phoi-hop/{leg}/", "tiepnhan"),
    Screen("phoi-hop-giao", "/viec/phoi-hop/{leg}/giao/", "tiepnhan"),
    Screen("phoi-hop-tra-loi", "/viec/phoi-hop/{leg}/tra-loi/", "tiepnhan"),
    Screen("ho-so-duoc-don-doc", "/ho-so/{urged}/", "chuyenvien"),
    Screen("ho-so-don-doc", "/ho-so/{urged}/don-doc/", "lanhdao"),
    Screen("ho-so-tra-loi-don-doc", "/ho-so/{urged}/tra-loi-don-doc/", "chuyenvien"),
    Screen("viec-duoc-don-doc", "/viec/?loai=dang-xu-ly&dondoc=1", "chuyenvien"),
    Screen("viec-don-doc-nhieu", "/viec/lam/don-doc/?chon={fresh_id}", "lanhdao"),
    Screen("dieu-hanh-phoi-hop", "/dieu-hanh/phoi-hop/", "lanhdao"),
    Screen("dieu-hanh-tre", "/dieu-hanh/tre/?theo=don-vi", "tinh.lanhdao"),
    Screen("dieu-hanh-tre-danh-sach", "/dieu-hanh/tre/ho-so/?muc=tat-ca", "lanhdao"),
    Screen("dieu-hanh-danh-sach", "/dieu-hanh/ho-so/?muc=dang-mo", "lanhdao"),
    Screen("qua-han", "/qua-han/?muc=chua-xin-loi", "kiemsoat"),
    Screen("qua-han-nguyen-nhan", "/qua-han/?muc=chua-ghi", "lanhdao"),
    Screen("qua-han-tinh", "/qua-han/?muc=xin-loi-dung-han", "tinh.kiemsoat"),
    Screen("bao-cao", "/bao-cao/", "tinh.kiemsoat"),
    Screen("bao-cao-nghia-vu", "/bao-cao/nghia-vu/?ky=2026M11", "tinh.kiemsoat"),
    Screen("bao-cao-nghia-vu-mot", "/bao-cao/nghia-vu/{duty}/", "tinh.kiemsoat"),
    Screen("bao-cao-nghia-vu-cua-xa", "/bao-cao/nghia-vu/{duty}/", "kiemsoat"),
    Screen("bao-cao-nghia-vu-nam", "/bao-cao/nghia-vu/nam/2026/", "tinh.kiemsoat"),
    Screen("bao-cao-nghia-vu-quy-dinh", "/bao-cao/nghia-vu/quy-dinh/", "tinh.kiemsoat"),
    Screen("bao-cao-nghia-vu-cham", "/bao-cao/nghia-vu/quy-dinh/?muc=cham", "tinh.kiemsoat"),
    Screen("bao-cao-nghia-vu-su-co", "/bao-cao/nghia-vu/quy-dinh/?muc=su-co", "tinh.kiemsoat"),
    Screen("bao-cao-nhap-tay", "/bao-cao/II.05a/{agency_code}/2026Q3/nhap/", "kiemsoat"),
    Screen("bao-cao-nhap-tay-xem", "/bao-cao/II.05a/{agency_code}/2026Q3/", "kiemsoat"),
    Screen("bao-cao-nhap-tay-tinh", "/bao-cao/II.05b/H37/2026Q2/", "tinh.kiemsoat"),
    Screen("bao-cao-bieu-nap", "/bao-cao/bieu/nap/", "tinh.kiemsoat"),
    Screen("bao-cao-don-truoc-chot", "/bao-cao/don-truoc-chot/", "kiemsoat"),
    Screen("bao-cao-bieu", "/bao-cao/II.06a/{agency_code}/2026Q4/", "lanhdao"),
    Screen("bao-cao-tinh", "/bao-cao/II.06b/H37/2026Q4/", "tinh.kiemsoat"),
    Screen("bao-cao-tai-khoan", "/bao-cao/tai-khoan/?coquan={agency_code}", "tinh.kiemsoat"),
    Screen("bao-cao-so-hoa", "/bao-cao/digitised/H37/2026Q4/", "tinh.kiemsoat"),
    Screen(
        "bao-cao-nguoi-nop", "/bao-cao/online-filers/H37/2026-11/", "tinh.kiemsoat", widths=(DESK,)
    ),
    Screen("bao-cao-buu-chinh", "/bao-cao/by-post/H37/2026Q4/", "tinh.kiemsoat", widths=(DESK,)),
    Screen("bao-cao-nhom", "/bao-cao/operations/H37/2026Q4/", "tinh.kiemsoat"),
    Screen("bao-cao-xin-loi", "/bao-cao/apologies/{agency_code}/2026Q4/", "lanhdao"),
    Screen("bao-cao-so", "/bao-cao/register/{agency_code}/2026Q4/", "lanhdao"),
    Screen("bao-cao-tre", "/bao-cao/late-shares/{agency_code}/2026Q4/", "lanhdao"),
    Screen("bao-cao-o", "/bao-cao/II.06a/{agency_code}/2026Q4/ho-so/?dong=total&cot=3", "lanhdao"),
    Screen("bao-cao-lan-lap", "/bao-cao/lan-lap/{report_run}/", "kiemsoat"),
    Screen("bao-cao-lan-lap-loi", "/bao-cao/lan-lap/{report_failed}/", "kiemsoat"),
    Screen("bao-cao-chua-ky", "/bao-cao/lan-lap/{report_not_signed}/", "kiemsoat"),
    Screen("bao-cao-tu-tep", "/bao-cao/tu-tep/", "tinh.kiemsoat"),
    Screen("bao-cao-tu-tep-cot", "/bao-cao/tu-tep/{brought_open}/?cot=1", "tinh.kiemsoat"),
    Screen("bao-cao-tu-tep-xem-truoc", "/bao-cao/tu-tep/{brought_open}/", "tinh.kiemsoat"),
    Screen("bao-cao-tu-tep-da-ghi", "/bao-cao/tu-tep/{brought_done}/", "tinh.kiemsoat"),
    Screen("bao-cao-07a", "/bao-cao/07a-BTP/H37/2026Q4/", "tinh.kiemsoat"),
    Screen("bao-cao-nguyen-nhan", "/bao-cao/nguyen-nhan/{late}/", "truongphong"),
    Screen("bao-cao-bieu-mau", "/bao-cao/bieu/", "tinh.kiemsoat"),
    Screen("bao-cao-chep-bieu", "/bao-cao/bieu/{report_form}/chep/", "tinh.kiemsoat"),
    # the controller
    Screen("thu-tuc-quan-ly", "/thu-tuc/quan-ly/", "kiemsoat"),
    Screen("thu-tuc-bo-sung-muon", "/thu-tuc/quan-ly/bo-sung-muon/", "kiemsoat"),
    Screen("thu-tuc-bo-sung-muon-loc", "/thu-tuc/quan-ly/bo-sung-muon/?mo=loc&loc=a", "kiemsoat"),
    Screen("thu-tuc-cau-hoi", "/thu-tuc/quan-ly/cau-hoi/?cau=thoi-han&chu=1", "tinh.kiemsoat"),
    Screen("thu-tuc-cau-hoi-phi", "/thu-tuc/quan-ly/?loai=phi", "tinh.kiemsoat"),
    Screen("thu-tuc-tiep-nhan-cham", "/thu-tuc/quan-ly/tiep-nhan-cham/", "kiemsoat"),
    Screen("thu-tuc-xac-nhan", "/thu-tuc/quan-ly/{waiting_version}/", "tinh.kiemsoat"),
    Screen(
        "thu-tuc-xac-nhan-lai",
        "/thu-tuc/quan-ly/{published_version}/xac-nhan-lai/",
        "tinh.kiemsoat",
    ),
    Screen(
        "thu-tuc-ai-phai-nop",
        "/thu-tuc/quan-ly/{published_version}/giay-to/",
        "tinh.kiemsoat",
    ),
    Screen("thu-tuc-ho-so", "/thu-tuc/quan-ly/{published_version}/ho-so/", "tinh.kiemsoat"),
    Screen("thu-tuc-lich-su", f"/thu-tuc/quan-ly/{BIRTH}/", "tinh.kiemsoat"),
    Screen("thu-tuc-ngay-hieu-luc", "/thu-tuc/quan-ly/ngay-hieu-luc/", "tinh.kiemsoat"),
    Screen("thu-tuc-nhap", "/thu-tuc/quan-ly/nhap/", "tinh.kiemsoat"),
    Screen("thu-tuc-nhap-xem-truoc", "/thu-tuc/quan-ly/nhap/{catalogue_upload}/", "tinh.kiemsoat"),
    Screen("thu-tuc-danh-muc", "/thu-tuc/quan-ly/danh-muc/", "tinh.kiemsoat"),
    Screen("thu-tuc-danh-muc-moi", "/thu-tuc/quan-ly/danh-muc/moi/", "tinh.kiemsoat"),
    Screen("thu-tuc-danh-muc-soan", "/thu-tuc/quan-ly/danh-muc/{list_draft}/", "tinh.kiemsoat"),
    Screen("thu-tuc-danh-muc-sua", "/thu-tuc/quan-ly/danh-muc/{list_draft}/sua/", "tinh.kiemsoat"),
    Screen("thu-tuc-danh-muc-cong-bo", "/thu-tuc/quan-ly/danh-muc/{list_published}/", "kiemsoat"),
    Screen("thu-tuc-noi-dung", f"/thu-tuc/quan-ly/{BIRTH}/noi-dung/", "tinh.kiemsoat"),
    Screen("thu-tuc-nhan-khi-chua", "/thu-tuc/quan-ly/chua-cong-bo/", "tinh.kiemsoat"),
    Screen("thu-tuc-nhan-khi-chua-moi", "/thu-tuc/quan-ly/chua-cong-bo/moi/", "tinh.kiemsoat"),
    Screen(
        "thu-tuc-nhan-khi-chua-mot", "/thu-tuc/quan-ly/chua-cong-bo/{unpublished}/", "tinh.kiemsoat"
    ),
    Screen("thu-tuc-chua-cong-bo-dan", "/thu-tuc/9.CCB0001/"),
    Screen("thu-tuc-dau-moi", "/thu-tuc/quan-ly/dau-moi/", "tinh.kiemsoat"),
    Screen("thu-tuc-dau-moi-mot", "/thu-tuc/quan-ly/dau-moi/H37/", "tinh.kiemsoat"),
    Screen(
        "thu-tuc-dau-moi-thay", "/thu-tuc/quan-ly/dau-moi/H37/moi/?thay={focal}", "tinh.kiemsoat"
    ),
    Screen("thu-tuc-dau-moi-thoi", "/thu-tuc/quan-ly/dau-moi/H37/{focal}/thoi/", "tinh.kiemsoat"),
    Screen("thu-tuc-chua-cong-bo", "/thu-tuc/quan-ly/danh-muc/chua-cong-bo/", "tinh.kiemsoat"),
    Screen("thu-tuc-mot-phan", "/thu-tuc/quan-ly/danh-muc/mot-phan/", "tinh.kiemsoat"),
    Screen(
        "thu-tuc-rut-ngan", "/thu-tuc/quan-ly/danh-muc/rut-ngan/?ngay=04/01/2027", "tinh.kiemsoat"
    ),
    Screen("thu-tuc-quy-trinh", "/thu-tuc/quan-ly/quy-trinh/", "tinh.kiemsoat"),
    Screen("thu-tuc-mot-quy-trinh", "/thu-tuc/quan-ly/quy-trinh/{process}/", "tinh.kiemsoat"),
    Screen("thu-tuc-lan-nhap", "/thu-tuc/quan-ly/lan-nhap/", "kiemsoat"),
    # the administrator
    Screen("quan-tri", "/quan-tri/", "quantri"),
    Screen("khoa-api", "/quan-tri/khoa-api/", "quantri"),
    Screen("quan-tri-can-bo", "/quan-tri/can-bo/", "quantri"),
    Screen("quan-tri-can-bo-moi", "/quan-tri/can-bo/moi/", "quantri"),
    Screen("quan-tri-mot-can-bo", "/quan-tri/can-bo/{officer}/", "quantri"),
    Screen("quan-tri-thoi-viec", "/quan-tri/can-bo/{officer}/thoi-viec/", "quantri"),
    Screen("quan-tri-lam-thay", "/quan-tri/lam-thay/", "quantri"),
    Screen("quan-tri-co-quan", "/quan-tri/co-quan/", "tinh.quantri"),
    Screen("quan-tri-mot-co-quan", "/quan-tri/co-quan/{agency}/", "quantri"),
    Screen("quan-tri-phong-ban", "/quan-tri/co-quan/{agency}/phong-ban/{department}/", "quantri"),
    Screen("quan-tri-lich", "/quan-tri/lich/", "quantri"),
    Screen("quan-tri-lich-ngay", "/quan-tri/lich/ngay/moi/", "quantri"),
    Screen("quan-tri-lich-tuan", "/quan-tri/lich/tuan/moi/", "quantri"),
    Screen("quan-tri-lich-nam", "/quan-tri/lich/nam/", "tinh.quantri"),
    Screen("quan-tri-mot-cua", "/quan-tri/mot-cua/", "quantri"),
    Screen("quan-tri-tai-khoan", "/quan-tri/mot-cua/tai-khoan/", "quantri"),
    Screen("quan-tri-doi-hen", "/quan-tri/doi-hen/", "quantri"),
    Screen("quan-tri-danh-sach-goi", "/quan-tri/doi-hen/{moved}/", "tiepnhan"),
    Screen("quan-tri-nhap-ho-so", "/quan-tri/nhap-ho-so/", "quantri"),
    Screen("quan-tri-nhap-xem-truoc", "/quan-tri/nhap-ho-so/{looked_through}/", "quantri"),
    Screen("quan-tri-nhap-xong", "/quan-tri/nhap-ho-so/{imported}/", "quantri"),
    Screen("quan-tri-nguon", "/quan-tri/nguon-truc-tuyen/", "quantri"),
    Screen("quan-tri-tai-khoan-nop", "/quan-tri/nguon-truc-tuyen/tai-khoan/", "quantri"),
    Screen("quan-tri-nguon-mot", "/quan-tri/nguon-truc-tuyen/{online_source}/", "quantri"),
    Screen("quan-tri-sao-luu", "/quan-tri/sao-luu/", "quantri"),
    Screen("quan-tri-viec-dinh-ky", "/quan-tri/viec-dinh-ky/", "quantri"),
    Screen("quan-tri-kiem-tra-nhat-ky", "/quan-tri/kiem-tra-nhat-ky/", "quantri"),
    Screen("doi-soat", "/trao-doi/doi-soat/", "quantri"),
    Screen("quan-tri-nhat-ky", "/quan-tri/nhat-ky-truy-cap/", "quantri"),
    Screen("doi-mat-khau", "/doi-mat-khau/", "tiepnhan"),
    Screen("khong-co-quyen", "/quan-tri/", "chuyenvien", status=403),
    Screen("san-sang", "/san-sang/", "quantri", status=503),
]
SLIPS = {
    "tiep-nhan": "/ho-so/{fresh}/phieu/tiep-nhan/",
    "tiep-nhan-a4": "/ho-so/{fresh}/phieu/tiep-nhan/?kho=a4x2",
    "bo-sung": "/ho-so/{waiting}/phieu/bo-sung/",
    "huong-dan": "/tiep-nhan/luot/{guide}/phieu/",
    "tu-choi": "/tiep-nhan/luot/{refuse}/phieu/",
    "xin-loi": "/ho-so/{reappointed}/phieu/xin-loi/",
    "dung": "/ho-so/{stopped}/phieu/dung/",
    "kiem-soat": "/ho-so/{returned}/phieu/kiem-soat/",
    "tra-ket-qua": "/ho-so/{returned}/phieu/tra-ket-qua/",
    "cung-luc": "/viec/in/{press}/",
}


@pytest.fixture(scope="module")
def worked(site: Site) -> Worked:
    with patch("onestop.jobs.nudge._send"):  # no PDF is looked at here
        return work_a_month(site)


def _named(worked: Worked) -> dict[str, Any]:
    """What stands between braces in an address."""
    fresh = worked.dossiers["fresh"]
    return {
        **{name: dossier.code for name, dossier in worked.dossiers.items()},
        **{name: visit.pk for name, visit in worked.visits.items()},
        **{
            name: getattr(worked, name)
            for name in (
                "batch",
                "draft",
                "press",
                "waiting_version",
                "published_version",
                "catalogue_upload",
                "list_draft",
                "notice_edition",
                "list_published",
                "focal",
                "unpublished",
                "officer",
                "agency",
                "agency_code",
                "department",
                "looked_through",
                "criticism",
                "leg",
                "criticised_room",
                "imported",
                "press_run",
                "wall",
                "report_run",
                "report_failed",
                "report_not_signed",
                "duty",
                "brought_open",
                "brought_done",
                "moved",
                "filing",
                "online_list",
                "online_open",
                "online_source",
                "message",
                "mapping",
            )
        },
        "process": InternalProcess.objects.filter(is_default=False).earliest("pk").pk,
        "report_form": ReportForm.objects.get(code="II.06a").pk,
        "fresh_id": f"{fresh.pk}.{fresh.row_version}",
        "secret": secrets.secret_of(worked.dossiers["approving"]),
    }


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_screen(
    screen: Screen,
    site: Site,
    worked: Worked,
    seats: Callable[[str], Seat],
    axe_tags: Callable[[Page], list[str]],
    shoot: Callable[..., Any],
) -> None:
    look_at(screen, site.url, _named(worked), seats, axe_tags, shoot)


# Lists whose menu of columns and files stands open: (name, address, role).
MENUS = [
    ("tim", "/tim/?q=thi", "tiepnhan"),
    ("tra-ket-qua", "/tra-ket-qua/", "tiepnhan"),
    ("bo-sung-muon", "/thu-tuc/quan-ly/bo-sung-muon/", "kiemsoat"),
    ("sau-so-lieu", "/dieu-hanh/ho-so/?muc=dang-mo", "lanhdao"),
]


@pytest.mark.parametrize(("name", "address", "role"), MENUS, ids=[name for name, *_ in MENUS])
def test_the_menu_of_a_list_stands_within_the_screen(
    name: str, address: str, role: str, site: Site, worked: Worked, seats: Callable[[str], Seat],
    axe_tags: Callable[[Page], list[str]], shoot: Callable[..., Any],
) -> None:  # fmt: skip
    seat = seats(role)
    page = seat.page
    assert seat.go(site.url + address) == 200
    page.locator(".list-menu summary").click()
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 768 if width == DESK else 740})
        shoot(page, f"{name}-cot-{width}")
        wrong = axe_tags(page)
        assert not wrong, "\n".join(wrong)
        panel = page.locator(".list-menu .menu-panel").bounding_box()
        assert panel is not None
        assert panel["x"] >= 0
        assert panel["x"] + panel["width"] <= width
        expect(page.get_by_role("link", name="Excel")).to_be_visible()


# Forms sent with nothing in them: (name, address, role, the button).
EMPTY_FORMS = [
    ("tiep-nhan-loi", f"/tiep-nhan/lap/{SEVEN_DAYS}/", "tiepnhan", "[data-default]"),
    ("ket-qua-loi", "/ho-so/{in_hand}/ket-qua/", "chuyenvien", "[data-default]"),
    ("bo-sung-loi", "/ho-so/{fresh}/yeu-cau-bo-sung/", "tiepnhan", "[data-default]"),
    ("can-bo-loi", "/quan-tri/can-bo/moi/", "quantri", "main form .btn-primary"),
    (
        "xac-nhan-loi",
        "/thu-tuc/quan-ly/{waiting_version}/",
        "tinh.kiemsoat",
        "main form .btn-primary",
    ),
    (
        "cau-hoi-loi",
        "/thu-tuc/quan-ly/cau-hoi/?cau=thoi-han&chu=1",
        "tinh.kiemsoat",
        "main form .btn-primary",
    ),
]


@pytest.mark.parametrize(
    ("name", "address", "role", "button"), EMPTY_FORMS, ids=[name for name, *_ in EMPTY_FORMS]
)
def test_an_empty_form_says_what_is_missing_above_and_beside(
    name: str, address: str, role: str, button: str, site: Site, worked: Worked, new_page: Callable[..., Page],
    axe_tags: Callable[[Page], list[str]], shoot: Callable[..., Any],
) -> None:  # fmt: skip
    page = site.enter(new_page(width=PHONE, height=740), role)
    page.goto(site.url + address.format(**_named(worked)))
    page.locator("main form").last.evaluate("(form) => { form.noValidate = true }")
    page.locator(button).first.click()
    page.locator(".error-summary").wait_for()
    shoot(page, f"{name}-{PHONE}")
    assert page.locator(".field-error").count() > 0
    wrong = axe_tags(page)
    assert not wrong, "\n".join(wrong)
    assert too_wide(page) == []


def test_a_selection_brings_the_bar_with_what_can_be_done(
    site: Site,
    worked: Worked,
    new_page: Callable[..., Page],
    axe_tags: Callable[[Page], list[str]],
    shoot: Callable[..., Any],
) -> None:
    # High enough that the bar lies on no row: what it half covers is no target of 24 px.
    page = site.enter(new_page(width=DESK, height=1000), "chuyenvien")
    page.goto(f"{site.url}/viec/?loai=dang-xu-ly")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.keyboard.press("j")
    page.keyboard.press("Shift+ ")
    page.locator("[data-bulk-bar]").wait_for()
    assert page.locator("[data-bulk-count]").first.inner_text() == "2"
    shoot(page, f"viec-da-chon-{DESK}")
    page.locator("details.menu summary").first.click()
    wrong = axe_tags(page)
    assert not wrong, "\n".join(wrong)


def told(page: Page, text: str) -> None:
    """The page that says so is there, and its keys."""
    page.get_by_text(text).wait_for()
    page.wait_for_load_state()


def test_a_leader_approves_by_three_keys_and_sends_back_with_a_reason(
    site: Site,
    worked: Worked,
    new_page: Callable[..., Page],
    axe_tags: Callable[[Page], list[str]],
    shoot: Callable[..., Any],
) -> None:
    """From the list: down, pick, Ctrl+Enter. The key in the box of the reason never approves,
    nor sends without one; opening it puts the cursor there.
    """
    page = site.enter(new_page(width=DESK, height=768), "lanhdao")
    page.goto(f"{site.url}/viec/?loai=trinh-duyet")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.get_by_text("Trả lại…").click()
    shoot(page, f"viec-tra-lai-{DESK}")
    wrong = axe_tags(page)
    assert not wrong, "\n".join(wrong)
    reason = page.get_by_label("Lý do trả lại")
    expect(reason).to_be_focused()
    page.keyboard.press("Control+Enter")  # without a reason nothing goes out, what is chosen stays
    expect(page.locator(".page-word")).to_have_text("Hãy ghi lý do trả lại. Chưa gửi gì.")
    assert page.locator("input[name=chon]:checked").count() == 1
    page.keyboard.type("Sai tên")
    page.keyboard.press("Control+Enter")
    told(page, "Đã trả lại 1 hồ sơ.")
    page.get_by_role("button", name="Hoàn tác").click()
    told(page, "Đã hoàn tác 1 hồ sơ.")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.keyboard.press("Control+Enter")
    told(page, "Đã duyệt 1 hồ sơ.")
    page.get_by_role("button", name="Hoàn tác").click()
    told(page, "Đã hoàn tác 1 hồ sơ.")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Duyệt", exact=True).wait_for()
    page.wait_for_load_state()
    page.locator("#noi-dung").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Đã duyệt hồ sơ").wait_for()


@pytest.mark.parametrize("name", SLIPS)
def test_slip_on_the_screen(
    name: str,
    site: Site,
    worked: Worked,
    new_page: Callable[..., Page],
    axe_tags: Callable[[Page], list[str]],
    shoot: Callable[..., Any],
) -> None:
    page = site.enter(new_page(width=DESK, height=1000), "tiepnhan")
    answer = page.goto(site.url + SLIPS[name].format(**_named(worked)))
    assert answer is not None
    assert answer.status == 200
    wrong = []
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 1000})
        shoot(page, f"phieu-{name}-{width}")
        wrong += [f"{width} px: {line}" for line in axe_tags(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("form", ["II.06a", "register"])
def test_a_report_prints_whole_on_sheets_that_lie(
    form: str, site: Site, worked: Worked, new_page: Callable[..., Page]
) -> None:
    """As the stored PDF does: A4 landscape, no column cut off, heads of columns on every sheet."""
    room = round((297 - 2 * 12) / 25.4 * 96)
    page = site.enter(new_page(width=room, height=768), "lanhdao")
    page.goto(f"{site.url}/bao-cao/{form}/{site.agency.code}/2026Q4/")
    for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages:
        assert sheet.mediabox.width > sheet.mediabox.height
        text = sheet.extract_text()
        assert "(13)" in text or not re.search(r"\d{2}:\d{2}\s+ngày", text)
    page.emulate_media(media="print")
    table = page.locator(".report-table").first
    assert table.evaluate("(one) => one.getBoundingClientRect().right") <= room
    assert (
        table.evaluate("(one) => one.parentElement.scrollWidth - one.parentElement.clientWidth")
        <= 0
    )
