"""The pages of a lawful extension and of time that does not count: preview, refusals beside their
field, the controller's list, what the applicant reads.
"""

from collections.abc import Callable
from typing import Any

import pytest

from dossiers.intake import secrets
from dossiers.models import Dossier
from dossiers.models.decision import ClockDecision
from tests.clock import Clock
from tests.world import Office, make_case, receive, vn

SAID = {"kind": "khac", "basis": "Điều 5 Luật A", "reason": "Vụ việc phức tạp"}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_an_extension_is_previewed_then_decided_and_looked_up(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    dossier, client = receive(office, make_case()), signed_in(office.leader)
    here = dossier.get_absolute_url()
    assert f"{here}gia-han/" in text(client.get(here))
    asked = SAID | {"quantity": "2", "unit": "ngay-lam-viec", "signer": office.leader.pk}
    shown = text(client.post(f"{here}gia-han/", asked | {"reason": "", "xem": "1"}))
    assert "Sau khi ghi: <strong>17:00 thứ Hai 07/12/2026</strong>" in shown
    assert not ClockDecision.objects.exists()
    assert client.post(f"{here}gia-han/", asked).status_code == 302
    assert Dossier.objects.get().legal_due_at == vn("07/12/2026 17:00")
    page = text(client.get(here))
    assert "Thêm 2 ngày làm việc" in page
    assert client.get(f"{here}phieu/gia-han/").status_code == 200
    secret = secrets.secret_of(dossier)
    seen = text(client.get(f"/tra-cuu/{dossier.code}/", {"k": secret}))
    assert "Thời hạn giải quyết được gia hạn thêm 2 ngày làm việc theo Điều 5 Luật A" in seen
    client.post(f"{here}hoan-tac/", {"seen": Dossier.objects.get().row_version})
    assert Dossier.objects.get().due_at == dossier.due_at


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ends_on": "", "days": ""}, "Hãy ghi ngày kết thúc, hoặc số ngày"),
        ({"days": "3"}, "Hãy ghi ngày kết thúc, hoặc số ngày"),
        ({"ends_on": "20/11/2026"}, "phải kết thúc sau khi bắt đầu"),
        ({"begins_on": "20/11/2026"}, "không thể bắt đầu trước khi tiếp nhận"),
        ({"basis": ""}, "Hãy ghi căn cứ pháp lý"),
        ({"kind": "khong-co"}, "Trường hợp"),
        ({"signer": "999999"}, "Người ký"),
    ],
)
def test_time_that_does_not_count_is_refused_beside_its_field(
    office: Office, signed_in: Callable[..., Any], changes: dict[str, str], says: str
) -> None:
    dossier = receive(office, make_case())
    typed = SAID | {"begins_on": "23/11/2026", "ends_on": "30/11/2026", "unit": "ngay", "signer": office.leader.pk}  # fmt: skip
    answer = signed_in(office.leader).post(
        f"{dossier.get_absolute_url()}khong-tinh/", typed | changes
    )
    assert answer.status_code == 422
    assert says in text(answer)
    assert not ClockDecision.objects.exists()


@pytest.mark.parametrize(
    ("term", "typed", "due"),
    [
        ("7 ngày làm việc", {"ends_on": "30/11/2026"}, "09/12/2026 17:00"),
        ("7 ngày làm việc", {"days": "3", "unit": "ngay-lam-viec"}, "08/12/2026 17:00"),
        ("10 ngày", {"days": "5", "unit": "ngay"}, "08/12/2026 17:00"),
        ("16 giờ làm việc", {"ends_on": "23/11/2026", "ends_time": "11:00"}, "26/11/2026 11:00"),
    ],
)
def test_it_is_written_by_its_end_or_its_days_and_ended_early(
    office: Office, signed_in: Callable[..., Any], clock: Clock, term: str, typed: Any, due: str
) -> None:
    dossier, client = receive(office, make_case(term)), signed_in(office.leader)
    here = f"{dossier.get_absolute_url()}khong-tinh/"
    asked = SAID | {"begins_on": "23/11/2026", "unit": "ngay", "signer": office.leader.pk} | typed
    shown = text(client.post(here, asked | {"xem": "1"}))
    assert f"Sau khi ghi: <strong>{due[-5:]}" in shown
    assert client.post(here, asked).status_code == 302
    assert Dossier.objects.get().due_at == vn(due)
    row = ClockDecision.objects.get()
    assert f"{here}{row.pk}/ket-thuc/" in text(client.get(here))
    clock.now = vn("23/11/2026 09:20")
    client = signed_in(office.leader)
    assert "Kết thúc sớm" in text(client.get(f"{here}{row.pk}/ket-thuc/"))
    answer = client.post(f"{here}{row.pk}/ket-thuc/", {"ended_on": "23/11/2026"})
    assert answer.status_code == 302
    assert ClockDecision.objects.get().ends == vn("23/11/2026 09:20")
    assert client.get(f"{here}{row.pk}/ket-thuc/").status_code == 404


def test_it_is_prolonged_from_the_page(office: Office, signed_in: Callable[..., Any]) -> None:
    dossier, client = receive(office, make_case()), signed_in(office.leader)
    here = f"{dossier.get_absolute_url()}khong-tinh/"
    span = {"begins_on": "23/11/2026", "ends_on": "30/11/2026", "unit": "ngay"}
    client.post(here, SAID | span | {"signer": office.leader.pk})
    row = ClockDecision.objects.get()
    longer = f"{here}{row.pk}/keo-dai/"
    assert longer in text(client.get(here))
    said = {"basis": "Điều 210", "reason": "Chưa xong", "signer": office.leader.pk}
    early = client.post(longer, said | {"ends_on": "30/11/2026"})
    assert (early.status_code, "phải sau ngày kết thúc đã ghi" in text(early)) == (422, True)
    said["ends_on"] = "04/12/2026"
    shown = text(client.post(longer, said | {"reason": "", "xem": "1"}))
    assert "Sau khi ghi: <strong>17:00 thứ Ba 15/12/2026" in shown
    assert ClockDecision.objects.count() == 1
    assert client.post(longer, said).status_code == 302
    assert Dossier.objects.get().legal_due_at == vn("15/12/2026 17:00")
    assert "Kéo dài từ 30/11/2026 23:59 đến 04/12/2026 23:59" in text(
        client.get(dossier.get_absolute_url())
    )
    assert client.get(longer).status_code == 404


def test_recorded_late_it_asks_for_the_law_and_stands_on_the_controllers_list(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = receive(office, make_case("1 ngày làm việc"))
    clock.now = vn("27/11/2026 09:00")
    client, here = signed_in(office.leader), f"{dossier.get_absolute_url()}khong-tinh/"
    shown = text(client.get(here))
    assert "Luật chuyên ngành cho phép tính cả khi đã quá ngày hẹn" in shown
    assert "Hồ sơ đã quá ngày hẹn" in shown
    asked = SAID | {"begins_on": "23/11/2026", "ends_on": "26/11/2026", "unit": "ngay", "signer": office.leader.pk}  # fmt: skip
    assert "không đổi" in text(client.post(here, asked | {"xem": "1"}))
    law = {"law": "khoản 3 Điều 9 Luật B"}
    assert "17:00 thứ Sáu 27/11/2026" in text(client.post(here, asked | law | {"xem": "1"}))
    client.post(here, asked)
    client.post(here, asked | law)
    assert not Dossier.objects.get().is_late(clock.now)
    controller = signed_in(office.controller)
    listed = text(controller.get("/thu-tuc/quan-ly/ghi-muon/"))
    assert listed.count(dossier.code) >= 2
    assert "Theo khoản 3 Điều 9 Luật B" in listed
    assert "vẫn quá hạn" in listed


def test_a_forged_post_of_who_may_not_changes_nothing(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    dossier = receive(office, make_case())
    here = dossier.get_absolute_url()
    asked = SAID | {"quantity": "2", "unit": "ngay-lam-viec", "signer": office.leader.pk}
    span = SAID | {
        "begins_on": "23/11/2026",
        "days": "9",
        "unit": "ngay",
        "signer": office.leader.pk,
    }
    client = signed_in(office.clerk)
    for address, typed in (("gia-han", asked), ("khong-tinh", span)):
        assert client.get(f"{here}{address}/").status_code == 403
        assert client.post(f"{here}{address}/", typed).status_code in (403, 422)
    assert not ClockDecision.objects.exists()
    assert Dossier.objects.get().due_at == dossier.due_at
