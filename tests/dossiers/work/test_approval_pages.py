"""The form of giving names the approval that comes next, asks why it is passed over, and keeps what
was typed.
"""

from collections.abc import Callable
from typing import Any

from dossiers.acts import endings
from dossiers.acts.many import Seen
from dossiers.models import Dossier, HandOver
from dossiers.models.handover import Purpose
from tests.dossiers.work.conftest import approved_by
from tests.dossiers.work.test_dossier_page import PDF
from tests.world import MONDAY, Office, make_case, receive

RESULT = endings.ResultIn(number="12/GXN", issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn")


def picked(*dossiers: Dossier) -> list[str]:
    return [f"{d.pk}.{Dossier.objects.get(pk=d.pk).row_version}" for d in dossiers]


def written(office: Office, dossier: Dossier) -> Dossier:
    endings.record_result(Seen(dossier.pk), RESULT, by=office.desk(office.specialist), at=MONDAY)
    return dossier


def test_the_true_next_desk_is_chosen_and_its_approval_named(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    """Though the last one of this field went past it."""
    first, second = (written(office, at_room()) for _ in range(2))
    client = signed_in(office.specialist)
    form = {
        "chon": picked(first),
        "to": str(office.counter.pk),
        "giao": "1",
        "step": "quy-trinh",
        "note": "Lãnh đạo ký trên giấy",
    }
    assert client.post("/ban-giao/giao/", form).status_code == 302
    page = client.get("/ban-giao/giao/", {"chon": picked(second)})
    assert page.context["form"]["to"].value() == str(office.leadership.pk)
    assert (
        "Bước tiếp theo là “Duyệt kết quả”. Giao vượt qua bước này thì ghi chú vì sao."
        in page.content.decode()
    )
    at_counter = (
        signed_in(office.clerk)
        .get("/ban-giao/giao/", {"chon": picked(receive(office, make_case()))})
        .content.decode()
    )
    assert "Giao vượt qua" not in at_counter


def test_past_the_approval_the_form_asks_why_and_keeps_the_rest(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossiers = [written(office, at_room()) for _ in range(2)]
    client = signed_in(office.specialist)
    form = {
        "chon": picked(*dossiers),
        "to": f"{office.counter.pk}-{office.clerk.pk}",
        "giao": "1",
        "step": "quy-trinh",
        "note": " ",
    }
    page = client.post("/ban-giao/giao/", form)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["note"]
    assert "Giao như vậy là bỏ qua bước “Duyệt kết quả”" in page.content.decode()
    assert page.context["form"]["to"].value() == form["to"]
    assert page.content.decode().count("checked") >= 2
    assert HandOver.objects.filter(giver=office.specialist).count() == 0
    assert client.post("/ban-giao/giao/", form | {"note": "Kết quả do Sở ký"}).status_code == 302
    assert set(HandOver.objects.filter(giver=office.specialist).values_list("note", flat=True)) == {
        "Kết quả do Sở ký"
    }


def test_of_many_those_that_skip_are_named_and_the_others_go(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    skipping, plain = written(office, at_room()), at_room()
    form = {
        "chon": picked(skipping, plain),
        "to": str(office.counter.pk),
        "giao": "1",
        "step": "quy-trinh",
        "note": "",
    }
    said = signed_in(office.specialist).post("/ban-giao/giao/", form).content.decode()
    assert "Đã giao 1/2 hồ sơ" in said
    assert "bỏ qua bước “Duyệt kết quả”" in said


def test_the_leader_gives_back_by_the_process_what_must_come_again(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = written(office, at_room())
    approved_by(office, Dossier.objects.get(pk=dossier.pk), MONDAY)
    form = {
        "chon": picked(dossier),
        "to": f"{office.room.pk}-{office.specialist.pk}",
        "giao": "1",
        "step": "quy-trinh",
    }
    leader = signed_in(office.leader)
    page = leader.post("/ban-giao/giao/", form)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["note"])
    leader.post("/ban-giao/giao/", form | {"note": "Sai số căn cước"})
    row = HandOver.objects.latest("seq")
    assert (row.purpose, row.next_step_order) == (Purpose.SEND_BACK, 2)


def test_the_page_of_the_result_says_why_a_file_alone_is_not_enough(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    dossier = at_room()
    sent = {
        "kind": "1",
        "number": "5/GXN",
        "issued_on": "2026-11-23",
        "signer": "Tuấn",
        "electronic": "on",
        "seen": dossier.row_version,
    }
    address = f"{dossier.get_absolute_url()}ket-qua/"
    page = signed_in(office.specialist).post(
        address, sent | {"file": SimpleUploadedFile("kq.pdf", PDF)}
    )
    assert page.status_code == 422
    assert "electronic" in page.context["form"].errors
    assert 'value="5/GXN"' in page.content.decode()
    approved_by(office, dossier, MONDAY)
    sent["seen"] = Dossier.objects.get(pk=dossier.pk).row_version
    assert (
        signed_in(office.leader)
        .post(address, sent | {"file": SimpleUploadedFile("kq.pdf", PDF)})
        .status_code
        == 302
    )


def ticked(page: Any) -> dict[str, bool]:
    """Whether each row of the page of giving is chosen, by the code of its dossier."""
    rows = [row for _, rows in page.context["groups"] for row in rows]
    return {row.dossier.code: row.is_picked for row in rows}


def test_what_has_no_result_to_approve_is_named_and_not_chosen_beside_others(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[..., Any],
) -> None:
    ready, bare = written(office, at_room()), at_room()
    client = signed_in(office.specialist)
    page = client.get("/ban-giao/giao/", {"chon": picked(ready, bare)})
    assert ticked(page) == {ready.code: True, bare.code: False}
    html = page.content.decode()
    assert html.count("Chưa có kết quả để duyệt") == 1
    assert html.count('name="chon"') == 2
    assert html.count("checked />") == 1
    at_counter = signed_in(office.clerk).get(
        "/ban-giao/giao/", {"chon": picked(*(receive(office, make_case()) for _ in range(2)))}
    )
    assert set(ticked(at_counter).values()) == {True}  # what a room has not handled yet
    assert "Chưa có kết quả để duyệt" not in at_counter.content.decode()


def test_where_nothing_has_a_result_it_is_said_before_and_each_is_named_after(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    """They can still go to another room or a colleague: so they stay chosen."""
    bare = [at_room() for _ in range(2)]
    client = signed_in(office.specialist)
    page = client.get("/ban-giao/giao/", {"chon": picked(*bare)})
    assert set(ticked(page).values()) == {True}
    assert page.content.decode().count("Chưa có kết quả để duyệt") == 2
    form = {
        "chon": picked(*bare),
        "to": str(office.leadership.pk),
        "giao": "1",
        "step": "quy-trinh",
    }
    refused = client.post("/ban-giao/giao/", form)
    assert refused.status_code == 422
    assert ticked(refused) == {d.code: True for d in bare}
    whys = [row.why_not for _, rows in refused.context["groups"] for row in rows]
    assert all(why.startswith("Chưa có kết quả để duyệt") for why in whys)
    assert HandOver.objects.filter(giver=office.specialist).count() == 0
    given = client.post("/ban-giao/giao/", form | {"to": str(office.second_room.pk)})
    assert given.status_code == 302


def test_past_the_approval_each_of_many_says_which_step_it_leaves_out(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossiers = [written(office, at_room()) for _ in range(2)]
    form = {
        "chon": picked(*dossiers),
        "to": str(office.counter.pk),
        "giao": "1",
        "step": "quy-trinh",
    }
    page = signed_in(office.specialist).post("/ban-giao/giao/", form)
    assert page.status_code == 422
    whys = [row.why_not for _, rows in page.context["groups"] for row in rows]
    assert len(whys) == 2
    assert all("bỏ qua bước “Duyệt kết quả”" in why for why in whys)
