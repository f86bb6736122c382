"""The pages of legs: sent by one form, taken and answered at the other agency, waited for on the
dossier's page; how many statements each costs.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dossiers.forms.fields import AgencyNames
from dossiers.models.legs import Leg
from onestop.accounts.models import AccessEvent, Agency, Officer
from tests.dossiers.legs.office import Linked, make_linked
from tests.samples import PDF, a_pdf
from tests.stored import store
from tests.world import make_agency, make_case, receive

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]


@pytest.fixture
def linked() -> Linked:
    return make_linked(5)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_lead_to_the_other_agency_and_back(linked: Linked, signed_in: SignIn) -> None:
    """One form, two agencies; one takes it, reads the papers, gives it on, answers with a file; the
    lead reads it and is told; what the agency may open then is its own record.
    """
    dossier, lead = linked.dossier, signed_in(linked.lead.clerk)
    scan = store(PDF, name="don.pdf", kind="dossier", object_id=dossier.pk, by=None)
    first, second = (office.agency for office in linked.others[:2])
    where = f"{dossier.get_absolute_url()}phoi-hop/"
    sent = {
        "seen": linked.now.row_version, "kind": "1", "agency_1": first.name, "task_1": "Xác nhận tạm trú", "hours_1": "8",
        "agency_2": second.name.upper(), "task_2": "", "hours_2": "16",
    }  # fmt: skip
    refused = lead.post(where, sent)
    assert refused.status_code == 422
    assert f"Hãy ghi nội dung việc của {second.name}." in text(refused)
    html = text(lead.post(where, sent | {"task_2": "Cho ý kiến"}, follow=True))
    assert f"Đã chuyển 2 cơ quan phối hợp: {first.name}, {second.name}." in html
    assert "còn chờ 2 cơ quan" in html
    assert f"1. {first.name}: 8 giờ làm việc" in html  # the timeline

    there, clerk = linked.others[0], signed_in(linked.others[0].clerk)
    leg = Leg.objects.get(number=1)
    assert "Phối hợp" in text(clerk.get("/viec/?loai=dang-xu-ly"))
    assert dossier.code in text(clerk.get(reverse("legs")))
    page = reverse("leg", args=[leg.pk])
    assert clerk.get(dossier.get_absolute_url()).headers["Location"] == page
    html = text(clerk.get(page))
    assert "Xác nhận tạm trú" in html
    assert "don.pdf" in html
    assert "000123" in html  # whose it is
    file = clerk.get(reverse("leg_file", args=[leg.pk, scan.pk]))
    assert b"".join(file.streaming_content) == PDF
    clerk.post(f"{page}nhan/", {"seen": leg.version})
    leg.refresh_from_db()
    to = f"{there.room.pk}-{there.specialist.pk}"
    said = clerk.post(f"{page}giao/", {"seen": leg.version, "to": to}, follow=True)
    assert f"Đã giao {there.specialist.full_name}: chờ nhận." in text(said)
    leg.refresh_from_db()
    worker = signed_in(there.specialist)
    worker.post(f"{page}nhan/", {"seen": leg.version})
    leg.refresh_from_db()
    answer = {"seen": leg.version, "outcome": "1", "text": "Có tạm trú"}
    upload = SimpleUploadedFile("tra-loi.pdf", a_pdf("tra loi"))
    said = worker.post(f"{page}tra-loi/", answer | {"file": upload}, follow=True)
    assert f"Đã trả lời {linked.lead.agency.name}." in text(said)
    assert "tra-loi.pdf" in text(said)
    assert "don.pdf" not in text(said)
    assert worker.get(reverse("leg_file", args=[leg.pk, scan.pk])).status_code == 404
    html = text(signed_in(linked.lead.clerk).get(dossier.get_absolute_url()))
    assert "Có tạm trú" in html
    assert "còn chờ 1 cơ quan" in html
    seen = AccessEvent.objects.filter(object_kind="dossier", object_id=dossier.pk)
    assert seen.filter(officer=there.specialist, detail="phần phối hợp 1").exists()
    # An old page: nothing of it is done.
    again = worker.post(f"{page}tra-loi/", answer, follow=True)
    assert "đã kết thúc" in text(again)


def test_a_leg_is_withdrawn_from_the_dossiers_page(linked: Linked, signed_in: SignIn) -> None:
    [leg] = linked.send(0)
    client, where = signed_in(linked.lead.clerk), linked.dossier.get_absolute_url()
    assert "phoi-hop/1/thu-hoi/" in text(client.get(where))
    sent = {"seen": linked.now.row_version, "reason": "Không cần nữa"}
    said = text(client.post(f"{where}phoi-hop/1/thu-hoi/", sent, follow=True))
    assert f"Đã thu hồi phần việc của {linked.others[0].agency.name}." in said
    leg.refresh_from_db()
    assert not leg.is_open
    assert client.get(f"{where}phoi-hop/1/thu-hoi/").status_code == 403


def test_five_legs_cost_the_dossiers_page_no_statement(
    linked: Linked, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client, where = signed_in(linked.lead.clerk), linked.dossier.get_absolute_url()
    client.get(where)
    with django_assert_max_num_queries(14) as without:
        client.get(where)
    rows = linked.send(0, 1, 2, 3, 4)
    linked.answer(linked.take(rows[0]))
    client.get(where)
    with django_assert_max_num_queries(14) as asked:
        assert "còn chờ 4 cơ quan" in text(client.get(where))
    # One more: who is waited for, in the reason why it does not end yet.
    assert len(asked) == len(without) + 1


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_for_one_and_many(
    linked: Linked, signed_in: SignIn, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        linked.dossier = receive(linked.lead, make_case())
        linked.send(0)
    client = signed_in(linked.others[0].clerk)
    client.get(reverse("legs"))
    with django_assert_num_queries(5):
        html = text(client.get(reverse("legs")))
    assert html.count("data-row-link") == count


def test_an_agency_is_found_by_its_name_however_it_is_written() -> None:
    """A list of thousands is typed into: the whole name, or words that one name has; a name that two
    have, but for its marks, stands with its code. What fits none or several is nothing.
    """
    hoa_an, _, twin, other = (
        make_agency(f"Ủy ban nhân dân xã {name}", code=code)
        for name, code in (("Hòa An", "H1"), ("Hòa Bình", "H2"), ("Tân Tiến", "H3"), ("Tân Tiến", "H4"))
    )  # fmt: skip
    marked = [make_agency(f"Ủy ban nhân dân xã {name} Bình") for name in ("Thanh", "Thạnh")]
    names = AgencyNames(list(Agency.objects.order_by("path")))
    assert [names.find(name) for name in names.named] == list(names.named.values())
    assert [names.find(one.name) for one in marked] == marked
    assert names.find("ỦY BAN NHÂN DÂN XÃ HÒA AN") == names.find("hoa an") == hoa_an
    assert names.find("Ủy ban nhân dân xã Tân Tiến (H4)") == other
    assert names.find("tân tiến h3") == twin
    for text in ("hòa", "Ủy ban nhân dân xã Tân Tiến", "xã thanh bình", "Đề Thám", "…", ""):
        assert names.find(text) is None
