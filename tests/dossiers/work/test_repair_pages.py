"""The pages of what is put right after the end: correction, delivery, loss (R-83, R-84)."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from dossiers.acts import endings
from dossiers.acts.endings import ResultIn, Taking
from dossiers.acts.many import Seen
from dossiers.models import Dossier, Result
from dossiers.models.repairs import Correction, Loss
from tests.world import IN_PERSON, MONDAY, Office, make_case, receive


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def returned(office: Office) -> Dossier:
    dossier, clerk = receive(office, make_case()), office.desk(office.clerk)
    signed = ResultIn(title="Giấy xác nhận", number="12", issued_on=MONDAY.date(), signer="Tuấn")
    seen = Seen(dossier.pk)
    endings.record_result(seen, signed, by=clerk, at=MONDAY)
    endings.finish(seen, by=clerk, at=MONDAY, note="Ký trên giấy")
    endings.give_back(seen, Taking("Nguyễn Văn Ân", told=IN_PERSON), by=clerk, at=MONDAY)
    return Dossier.objects.get(pk=dossier.pk)


CORRECTED = {
    "wrong": "Sai năm sinh", "requested_by": "Nguyễn Văn Ân", "requested_on": "23/11/2026", "by_office": "on",
    "responsible": "Phòng Văn hóa", "old_copy": Correction.OldCopy.OUT, "title": "Giấy xác nhận", "number": "15",
    "issued_on": "23/11/2026", "signer": "Hoàng Minh Tuấn",
}  # fmt: skip


LOST = {
    "of": Loss.Of.RESULT, "how": Loss.How.DAMAGED, "what": "Giấy xác nhận số 12", "found_on": "23/11/2026",
    "circumstances": "Ướt khi mưa bão", "by_office": "on", "responsible": "Bộ phận Một cửa", "done": "Cấp lại",
}  # fmt: skip


def test_from_the_wrong_result_to_the_new_one_in_hand(
    office: Office, signed_in: Callable[..., Client]
) -> None:
    dossier, leader = returned(office), signed_in(office.leader)
    here = dossier.get_absolute_url()
    assert f'href="{here}dinh-chinh/"' in text(leader.get(here))
    shown = text(leader.get(f"{here}dinh-chinh/"))
    assert "Giấy xác nhận số 12 ngày 23 tháng 11 năm 2026, Tuấn ký" in shown
    assert "Chưa trả, còn ở Bộ phận Một cửa" not in shown
    assert 'value="Hoàng Minh Tuấn"' in shown
    answer = leader.post(f"{here}dinh-chinh/", CORRECTED)
    assert answer.status_code == 302
    assert Result.objects.current().get().number == "15"
    assert "XIN LỖI VỀ SAI SÓT" in text(leader.get(f"{here}phieu/dinh-chinh/"))
    page = text(leader.get(here))
    assert "chưa trao cho người nhận bản cũ" in page
    assert "trao-dinh-chinh/" not in page  # the counter's business

    clerk = signed_in(office.clerk)
    assert f'href="{here}trao-dinh-chinh/"' in text(clerk.get(here))
    assert "chưa thu hồi được" in text(clerk.get(f"{here}trao-dinh-chinh/"))
    answer = clerk.post(f"{here}trao-dinh-chinh/", {"to": "Nguyễn Văn Ân", "note": "tại quầy"})
    assert answer.status_code == 302
    page = text(clerk.get(here))
    assert "chưa trao cho người nhận bản cũ" not in page
    assert "Nguyễn Văn Ân: tại quầy" in page
    again = clerk.get(f"{here}trao-dinh-chinh/")
    assert again.status_code == 403
    assert "Không có kết quả đã đính chính nào chờ trao." in text(again)


def test_a_forged_correction_is_refused(office: Office, signed_in: Callable[..., Client]) -> None:
    dossier = returned(office)
    here = dossier.get_absolute_url()
    for who in (office.clerk, office.specialist):
        answer = signed_in(who).post(f"{here}dinh-chinh/", CORRECTED)
        assert answer.status_code in (404, 422)
    here_is = CORRECTED | {"old_copy": Correction.OldCopy.HERE}
    assert signed_in(office.leader).post(f"{here}dinh-chinh/", here_is).status_code == 422
    nobody = CORRECTED | {"responsible": ""}
    answer = signed_in(office.leader).post(f"{here}dinh-chinh/", nobody)
    assert "Hãy ghi đơn vị hoặc cá nhân chịu trách nhiệm." in text(answer)
    assert not Correction.objects.exists()


def test_a_loss_is_recorded_from_the_dossier(
    office: Office, signed_in: Callable[..., Client]
) -> None:
    dossier, clerk = returned(office), signed_in(office.clerk)
    here = dossier.get_absolute_url()
    assert f'href="{here}mat-hong/"' in text(clerk.get(here))
    empty = clerk.post(f"{here}mat-hong/", LOST | {"done": ""})
    assert empty.status_code == 422
    assert "Hãy ghi biện pháp khắc phục đã làm." in text(empty)
    assert clerk.post(f"{here}mat-hong/", LOST).status_code == 302
    page = text(clerk.get(here))
    assert "Kết quả giải quyết bị hư hỏng: Giấy xác nhận số 12" in page
    assert "VỀ VIỆC LÀM MẤT, HƯ HỎNG" in text(clerk.get(f"{here}phieu/mat-hong/"))
    clerk.post(f"{here}hoan-tac/", {"seen": Dossier.objects.get().row_version})
    assert not Loss.objects.standing().exists()
