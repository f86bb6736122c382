"""The page of a correction; what slips and the look-up say of the one that was replaced."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dossiers.intake import secrets
from dossiers.models import Dossier, Slip
from dossiers.models.correcting import ReceptionCorrection
from onestop.accounts.models import Officer
from tests.world import Office, make_case, receive

Enter = Callable[[Officer], Any]


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case())


def page_of(dossier: Dossier) -> str:
    return f"{dossier.get_absolute_url()}dinh-chinh-tiep-nhan/"


def plain(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def typed(dossier: Dossier, **more: str) -> dict[str, str]:
    """The page as it was shown, with what was put right."""
    names = ("owner_name", "owner_kind", "identity_kind", "identity_number", "phone", "address")
    data = {name: str(getattr(dossier, name)) for name in names}
    for row in dossier.papers.all():
        counts = {"o": row.originals, "c": row.certified, "s": row.copies}
        data |= {f"g{row.paper_id}-{suffix}": str(n or "") for suffix, n in counts.items()}
    more = {"reason": "Gõ nhầm", "sets": str(dossier.sets), "seen": str(dossier.row_version)} | more
    return data | more


def test_from_the_dossier_to_the_new_slip(
    office: Office, dossier: Dossier, signed_in: Enter
) -> None:
    clerk, here = signed_in(office.clerk), dossier.get_absolute_url()
    assert "Đính chính thông tin" in plain(clerk.get(here))
    shown = plain(clerk.get(page_of(dossier)))
    assert 'value="Nguyễn Văn Ân"' in shown
    assert "Ngày hẹn trả, thời hạn, giờ tiếp nhận và mã hồ sơ giữ nguyên" in shown
    assert ">Từ CSDL</th>" in shown  # as the table of intake says it
    done = clerk.post(page_of(dossier), typed(dossier, owner_name="Nguyễn Văn Ấn"), follow=True)
    told = plain(done)
    assert "Đã đính chính." in told
    assert "“Nguyễn Văn Ân” → “Nguyễn Văn Ấn”" in told
    assert "đã thay do đính chính" in told
    valid = plain(clerk.get(f"{here}phieu/tiep-nhan/"))
    assert "Nguyễn Văn Ấn" in valid
    assert "ĐÃ HỦY" not in valid
    old = plain(clerk.get(f"{here}phieu/tiep-nhan/?so=1&in=1"))
    assert "ĐÃ HỦY 23/11/2026" in old
    assert "Phiếu đã được thay bằng phiếu số 2" in old
    assert "data-autoprint" not in old
    citizen = Client().get(f"/tra-cuu/{dossier.code}/", {"k": secrets.secret_of(dossier)})
    assert "Giấy tiếp nhận số 1 lập" in plain(citizen)
    assert "đã được thay bằng giấy số 2" in plain(citizen)
    assert "Giấy tiếp nhận số" not in plain(Client().get(f"/tra-cuu/{dossier.code}/"))
    back = clerk.post(f"{here}hoan-tac/?seen={Dossier.objects.get(pk=dossier.pk).row_version}")
    assert back.status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).owner_name == "Nguyễn Văn Ân"
    citizen = Client().get(f"/tra-cuu/{dossier.code}/", {"k": secrets.secret_of(dossier)})
    assert "không còn giá trị" not in plain(citizen)


@pytest.mark.parametrize(
    "forged",
    [
        {"term": "1 ngày làm việc"}, {"case": "9"}, {"received_at": "2026-11-01"}, {"code": "X"},
        {"due_at": "2027-01-01"}, {"version": "3"}, {"channel": "3"},
    ],
)  # fmt: skip
def test_what_may_not_be_corrected_is_not_read(
    office: Office, dossier: Dossier, signed_in: Enter, forged: dict[str, str]
) -> None:
    before = Dossier.objects.filter(pk=dossier.pk).values().get()
    answer = signed_in(office.clerk).post(page_of(dossier), typed(dossier) | forged)
    assert answer.status_code == 422
    assert "Chưa có thông tin nào khác" in plain(answer)
    assert Dossier.objects.filter(pk=dossier.pk).values().get() == before


def test_forged_posts_of_others_are_refused(
    office: Office, dossier: Dossier, signed_in: Enter
) -> None:
    for who in (office.specialist, office.head, office.leader):
        data = typed(dossier, owner_name="Nguyễn Văn Ấn")
        answer = signed_in(who).post(page_of(dossier), data)
        assert answer.status_code in (403, 404, 422)
    assert not ReceptionCorrection.objects.exists()
    assert Slip.objects.count() == 1


def test_each_fault_stands_at_its_field(office: Office, dossier: Dossier, signed_in: Enter) -> None:
    clerk = signed_in(office.clerk)
    wrong = typed(dossier, owner_name="", phone="12", reason="", sets="x")
    page = clerk.post(page_of(dossier), wrong)
    assert page.status_code == 422
    assert {"owner_name", "phone", "reason", "sets"} <= set(page.context["form"].errors)
    both = typed(dossier, owner_name="Trần Thị Bích", identity_number="001087000124")
    page = clerk.post(page_of(dossier), both)
    assert "đổi sang người khác" in plain(page)
    stale = clerk.post(page_of(dossier), typed(dossier, seen="99", owner_name="A B"), follow=True)
    assert "Trang bạn đang xem đã cũ" in plain(stale)
    assert not ReceptionCorrection.objects.exists()
