"""What a partner office hands in, from its page to the dossier, and what it sees of it (NĐ 118 Điều 16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from dossiers.acts import partner_offices
from dossiers.desk import online as inbox
from dossiers.desk.online_shares import shares
from dossiers.intake.said import said_of
from dossiers.ledger.verifying import verify
from dossiers.models import CounterVisit, Dossier, DossierPaper, Draft, OnlineFiling
from dossiers.states import State as Stand
from onestop.accounts.models import AccessEvent, Officer
from onestop.files.models import Attachment
from onestop.outbox.models import Message
from procedures.channels import Channel
from procedures.domain.lists import LineIn
from procedures.models import CounterKind
from reports.figures import outside
from reports.periods import free
from tests.dossiers.domain.test_correcting import correct
from tests.dossiers.domain.test_voiding import void
from tests.dossiers.partners.office import Kind, Partner, files_of, make_partner, typed
from tests.procedures.test_public_names import publish
from tests.samples import PDF
from tests.world import MONDAY, make_case, make_office, vn

if TYPE_CHECKING:
    from django.test import Client

    from procedures.models import Case
    from tests.clock import Clock

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]


@pytest.fixture
def partner() -> Partner:
    return make_partner()


def hand_in(client: Client, partner: Partner, case: Case, **more: Any) -> Any:
    address = reverse("partner_hand_in", args=[case.version.code])
    return client.post(address, typed(partner.office, case, **more))


def page_of(client: Client, filing: OnlineFiling, name: str = "partner_online_filing") -> str:
    answer = client.get(reverse(name, args=[filing.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def pdf_text(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_from_the_partners_page_to_the_dossier_in_one_key(
    partner: Partner, signed_in: SignIn
) -> None:
    """R-12: it counts by post, never on line; R-13: its files are the dossier's scans; a code of ours."""
    case, office = make_case(), partner.office
    answer = hand_in(signed_in(partner.person), partner, case, **files_of(case))
    filing = OnlineFiling.objects.get()
    assert answer["Location"] == reverse("partner_online_filing", args=[filing.pk])
    assert (filing.code, filing.channel, filing.handed_by) == (
        f"GH{partner.partner.pk}-261123-0001", Channel.POST, partner.person,
    )  # fmt: skip
    assert filing.accept_by == vn("25/11/2026 09:00")
    assert not Draft.objects.exists()
    clerk = signed_in(office.clerk)
    listed = clerk.get(reverse("online_filings")).content.decode()
    assert "Bưu điện Tam Thanh gửi hộ" in listed
    assert "Tiếp nhận ngay" in page_of(clerk, filing, "online_filing")
    accepted = clerk.post(reverse("online_filing_accept", args=[filing.pk]))
    dossier = Dossier.objects.get()
    assert accepted["Location"] == reverse("intake_done", args=[dossier.code])
    assert dossier.code.startswith(f"{office.agency.dossier_code}-261123-")
    assert (dossier.channel, dossier.received_at) == (Channel.POST, MONDAY)
    assert set(DossierPaper.objects.values_list("originals", "copies")) == {(0, 1)}
    assert Attachment.objects.of("dossier", dossier.pk).count() == 3
    assert not hasattr(dossier, "online")
    assert verify(now=MONDAY).misfit is None
    assert filing.code in clerk.get(dossier.get_absolute_url()).content.decode()
    # A second press finds the first one's dossier.
    again = clerk.post(reverse("online_filing_accept", args=[filing.pk]))
    assert (again["Location"], Dossier.objects.count()) == (accepted["Location"], 1)
    told = page_of(signed_in(partner.person), filing)
    assert dossier.code in told
    assert dossier.due_at is not None
    assert f"{dossier.due_at.astimezone(MONDAY.tzinfo):%d/%m/%Y}" in told
    notice = Message.objects.get(to_officer=partner.person, kind="handed_in")
    assert dossier.code in notice.body


def test_one_page_is_one_hand_in_and_keeps_its_files(partner: Partner, signed_in: SignIn) -> None:
    case, client = make_case(), signed_in(partner.person)
    first = typed(partner.office, case, email="khong")
    address = reverse("partner_hand_in", args=[case.version.code])
    refused = client.post(address, first | files_of(case))
    assert refused.status_code == 422
    assert not OnlineFiling.objects.exists()
    kept = list(Attachment.objects.filter(kind="draft"))
    assert len(kept) == 3
    body = refused.content.decode()
    assert all(f'name="cua-{one.pk}"' in body for one in kept)
    papers = {f"cua-{one.pk}": body.split(f'name="cua-{one.pk}" value="')[1].split('"')[0] for one in kept}  # fmt: skip
    dropped = client.post(address, first | papers | {"viec": f"bo-tep:{kept[0].pk}"})
    assert f'name="cua-{kept[0].pk}"' not in dropped.content.decode()
    right = first | papers | {"email": ""}
    one, two = client.post(address, right), client.post(address, right)
    assert one["Location"] == two["Location"]
    filing = OnlineFiling.objects.get()
    assert sorted((said_of(filing).papers or {}).values()) == [1, 1]
    assert Attachment.objects.of("filing", filing.pk).count() == 2
    # Opened again by Back and typed over for the next citizen: it is not said to be handed in.
    other = client.post(address, right | {"owner_name": "Lò Văn Hai"} | files_of(case))
    assert other.status_code == 422
    assert "Trang này đã gửi một hồ sơ khác" in other.content.decode()
    assert OnlineFiling.objects.get() == filing
    assert Attachment.objects.filter(kind="draft").count() == 3


def test_papers_by_bag_have_no_hours_and_open_the_form(
    partner: Partner, signed_in: SignIn, clock: Clock
) -> None:
    """R-38: what the post brings is judged when it is here; no hour runs before, nothing is late."""
    case = make_case()
    hand_in(signed_in(partner.person), partner, case, follows="on", note="Túi số 7")
    filing = OnlineFiling.objects.get()
    assert (filing.accept_by, filing.papers_follow) == (None, True)
    clock.now = vn("30/11/2026 09:00")
    clerk = signed_in(partner.office.clerk)
    assert "chờ giấy tờ đến" in clerk.get(reverse("online_filings")).content.decode()
    assert inbox.counts(partner.office.desk(partner.office.clerk), clock.now)["qua-gio"] == 0
    page = page_of(clerk, filing, "online_filing")
    assert "Giấy tờ gửi theo túi thư" in page
    assert "Tiếp nhận ngay" not in page
    opened = clerk.get(reverse("online_filing_open", args=[filing.pk]), follow=True)
    form = opened.context["form"]
    assert 'name="gui-ho"' in opened.content.decode()
    assert form["owner_name"].value() == "Nguyễn Thị Bình"


@pytest.mark.parametrize("brought", [3, 2])
def test_asked_for_completion_answered_and_received(
    partner: Partner, signed_in: SignIn, clock: Clock, brought: int
) -> None:
    """R-07, R-44: the counter asks once with all contents; the answer waits again by hours of its own.
    What never came as a scan of its paper the clerk counts on the form.
    """
    case, person, clerk = make_case(), signed_in(partner.person), signed_in(partner.office.clerk)
    some = dict(list(files_of(case).items())[:brought])
    hand_in(person, partner, case, note="Gọi trước khi trả", **some)
    filing = OnlineFiling.objects.get()
    address = reverse("intake_form", args=[case.version.code])
    opened = clerk.get(f"{address}?truc-tuyen={filing.pk}").content.decode()
    sent = {
        "token": opened.split('name="token" value="')[1].split('"')[0],
        "co-quan": partner.office.agency.pk, "channel": 3, "gui-ho": filing.pk, "case": case.pk,
        "owner_name": filing.owner_name, "owner_kind": 1, "identity_kind": 1,
        "identity_number": filing.identity_number, "phone": filing.phone,
        "declared": "Tờ khai chưa ký", "guide_reason": "Thiếu chữ ký", "viec": "bo-sung",
    }  # fmt: skip
    answer = clerk.post(address, sent)
    visit = CounterVisit.objects.get()
    assert answer["Location"] == reverse("intake_visit", args=[visit.pk])
    filing.refresh_from_db()
    assert (filing.visit, visit.source_code, visit.filed_at) == (visit, filing.code, None)
    page = page_of(person, filing)
    assert "Cần bổ sung" in page
    assert "Tờ khai chưa ký" in page
    complete = reverse("partner_online_filing_complete", args=[filing.pk])
    assert person.post(complete, {}).status_code == 422
    [scan] = files_of(make_case(papers=1)).values()
    clock.now = vn("23/11/2026 09:05")
    done = person.post(complete, {"note": "Đã ký tờ khai", "tep-0": scan})
    assert done.status_code == 302
    filing.refresh_from_db()
    assert (filing.is_waiting, filing.visit) == (True, None)
    assert Attachment.objects.of("filing", filing.pk).count() == brought + 1
    page = page_of(person, filing)
    assert "; bổ sung " in page
    # What was noted first stays beside it: on the page, at the counter and on the receipt printed anew.
    slip = person.get(reverse("partner_online_filing_slip", args=[filing.pk]))
    for shown in (page, page_of(clerk, filing, "online_filing"), pdf_text(slip.content)):
        assert "Gọi trước khi trả" in shown
        assert "Đã ký tờ khai" in shown
        assert "23/11/2026 09:05" in shown
    accepted = clerk.post(reverse("online_filing_accept", args=[filing.pk]))
    if brought < 3:
        assert accepted["Location"] == reverse("online_filing_open", args=[filing.pk])
        assert not Dossier.objects.exists()
        return
    assert Dossier.objects.get().channel == Channel.POST
    assert set(DossierPaper.objects.values_list("originals", "copies")) == {(0, 1)}
    # Answered once more: nothing is asked for.
    again = person.post(complete, {"note": "Thêm"})
    assert "không ở trạng thái chờ bổ sung" in again.content.decode()


def test_only_what_the_counter_receives_this_way_is_chosen(
    partner: Partner, signed_in: SignIn
) -> None:
    """R-122, R-133: the lists of that counter, by the partner's channel."""
    kept, let = make_case(name="Thủ tục giữ lại"), make_case(name="Thủ tục cho gửi")
    publish(
        partner.office.agency,
        LineIn(kept.version.code, CounterKind.COMMUNE, by_post=False),
        LineIn(let.version.code, CounterKind.COMMUNE, at_counter=False, why_not="qua bưu chính"),
    )
    client = signed_in(partner.person)
    found = client.get(reverse("partner_find"), {"q": "thu tuc"}).content.decode()
    assert reverse("partner_hand_in", args=[let.version.code]) in found
    assert reverse("partner_hand_in", args=[kept.version.code]) not in found
    assert hand_in(client, partner, kept, **files_of(kept)).status_code == 302
    assert not OnlineFiling.objects.exists()
    assert hand_in(client, partner, let, **files_of(let)).status_code == 302
    assert OnlineFiling.objects.count() == 1


def test_what_a_hand_in_needs(signed_in: SignIn) -> None:
    """An agent acts by a paper; somebody can be called; papers come somehow (R-19)."""
    agent = make_partner(name="Đại lý dịch vụ công Số 1", kind=Kind.AGENT)
    case, client = make_case(), signed_in(agent.person)
    for more, words in (
        ({"authorisation": ""}, "hợp đồng thuê dịch vụ"),
        ({"authorisation": "HĐ 1", "phone": "", "submitter_phone": ""}, None),
        ({"authorisation": "HĐ 1", "tep": None}, "bản quét giấy tờ"),
        ({"authorisation": "HĐ 1", "owner_name": "---"}, "chữ cái"),
    ):
        files = {} if "tep" in more else files_of(case)
        answer = hand_in(client, agent, case, **files, **{k: v for k, v in more.items() if k != "tep"})  # fmt: skip
        if words is None:  # the agent's own telephone
            assert answer.status_code == 302
            continue
        assert answer.status_code == 422
        assert words in answer.content.decode()
    filing = OnlineFiling.objects.get()
    assert (filing.channel, said_of(filing).submitter) == (Channel.DIRECT, str(agent.partner))
    clerk = signed_in(agent.office.clerk)
    clerk.post(reverse("online_filing_accept", args=[filing.pk]))
    dossier = Dossier.objects.get()
    assert (dossier.channel, dossier.submitter.authorisation) == (Channel.DIRECT, "HĐ 1")


def test_the_channel_stays_and_no_figure_calls_it_online(
    partner: Partner, signed_in: SignIn
) -> None:
    """R-12: neither the clerk's form nor a report makes it another channel's."""
    case, clerk = make_case(), signed_in(partner.office.clerk)
    hand_in(signed_in(partner.person), partner, case, **files_of(case))
    filing = OnlineFiling.objects.get()
    address = reverse("intake_form", args=[case.version.code])
    opened = clerk.get(f"{address}?truc-tuyen={filing.pk}").content.decode()
    sent = {
        "token": opened.split('name="token" value="')[1].split('"')[0],
        "co-quan": partner.office.agency.pk, "channel": 1, "gui-ho": filing.pk, "case": case.pk,
        "owner_name": filing.owner_name, "owner_kind": 1, "identity_kind": 1, "sets": 1,
        "identity_number": filing.identity_number, "phone": filing.phone, "viec": "nhan",
        **{f"g{pk}-s": 1 for pk in said_of(filing).papers or {}},
    }  # fmt: skip
    refused = clerk.post(address, sent)
    assert "hình thức nộp giữ như vậy" in refused.content.decode()
    assert not Dossier.objects.exists()
    assert clerk.post(address, sent | {"channel": 3}).status_code == 302
    controller = partner.office.desk(partner.office.controller)
    assert shares(controller, MONDAY) == []
    found = outside.count_of(
        [partner.office.agency.pk], free(date(2026, 11, 1), date(2026, 11, 30)), MONDAY
    )
    assert not any(row.get("filings_in_time") for row in found.values())


def test_strangers_see_nothing(partner: Partner, signed_in: SignIn) -> None:
    """R-144: another office's hand-ins are 404, and so is all else of the product."""
    case = make_case()
    hand_in(signed_in(partner.person), partner, case, **files_of(case))
    filing = OnlineFiling.objects.get()
    other = make_partner(partner.office, name="Bưu điện Khác")
    stranger = signed_in(other.person)
    row = Attachment.objects.of("filing", filing.pk)[0]
    for name in ("", "_slip"):
        assert stranger.get(reverse(f"partner_online_filing{name}", args=[filing.pk])).status_code == 404  # fmt: skip
    assert stranger.get(reverse("partner_online_filing_file", args=[filing.pk, row.pk])).status_code == 404  # fmt: skip
    for name in ("complete", "take_back"):
        address = reverse(f"partner_online_filing_{name}", args=[filing.pk])
        assert stranger.post(address, {"note": "x", "reason": "x"}).status_code == 404
    assert filing.code not in stranger.get(reverse("partner_filings")).content.decode()
    assert stranger.get(reverse("online_filing", args=[filing.pk])).status_code == 403
    mine = signed_in(partner.person)
    shown = mine.get(reverse("partner_online_filing_file", args=[filing.pk, row.pk]))
    assert b"".join(shown.streaming_content) == PDF
    seen = AccessEvent.objects.filter(object_kind="online_filing", object_id=filing.pk)
    assert seen.filter(officer=partner.person).exists()
    # Whoever leaves the office sees it no more.
    desk = partner.office.desk(partner.administrator)
    [seat] = partner.partner.officers.select_related("partner__source__agency")
    partner_offices.end_row(seat, by=desk, at=MONDAY)
    assert mine.get(reverse("partner_online_filing", args=[filing.pk])).status_code == 404


def test_taken_back_closed_refused_and_voided(partner: Partner, signed_in: SignIn) -> None:
    """Nothing is lost: each end is told to the partner, a reception that was voided waits again."""
    case, person, clerk = make_case(), signed_in(partner.person), signed_in(partner.office.clerk)
    for _ in range(3):
        hand_in(person, partner, case, **files_of(case))
    back, closed, voided = OnlineFiling.objects.order_by("pk")
    address = reverse("partner_online_filing_take_back", args=[back.pk])
    assert person.post(address, {"reason": ""}).status_code == 422
    assert person.post(address, {"reason": "Gửi nhầm nơi"}).status_code == 302
    assert "Gửi nhầm nơi" in page_of(clerk, back, "online_filing")
    person.post(address, {"reason": "Lần nữa"})
    back.refresh_from_db()
    assert "Gửi nhầm nơi" in back.reason
    clerk.post(reverse("online_filing_settle", args=[closed.pk]), {"reason": "Trùng hồ sơ"})
    assert "Trùng hồ sơ" in page_of(person, closed)
    clerk.post(reverse("online_filing_accept", args=[voided.pk]))
    voided.refresh_from_db()
    assert voided.dossier is not None
    void(partner.office, voided.dossier)
    assert voided.dossier.__class__.objects.get(pk=voided.dossier.pk).state == Stand.VOIDED
    page = page_of(person, voided)
    assert "Đã hủy tiếp nhận" in page
    assert "Quầy đã hủy lần tiếp nhận này" in page
    looked = person.get(reverse("lookup_show", args=[voided.code])).content.decode()
    listed = person.get(reverse("partner_filings")).content.decode()
    assert "Đã hủy tiếp nhận" in listed
    # Nothing is received: it stands with what was not, and says when it was voided.
    tabs = {
        name: person.get(reverse("partner_filings"), {"muc": name}).content.decode()
        for name in ("da-tiep-nhan", "khong-tiep-nhan")
    }
    assert voided.code not in tabs["da-tiep-nhan"]
    assert "hủy 23/11/2026 09:30" in tabs["khong-tiep-nhan"].split(voided.code)[1].split("</tr>")[0]
    assert voided.dossier.code not in page + looked + listed
    clerk.post(reverse("online_filing_reopen", args=[voided.pk]))
    voided.refresh_from_db()
    assert voided.is_waiting
    assert not OnlineFiling.objects.filter(pk=voided.pk, dossier__isnull=False).exists()


def test_a_receipt_that_another_replaced_is_read_beside_it(
    partner: Partner, signed_in: SignIn
) -> None:
    """Each time it was put right: which giấy tiếp nhận stands no more, which one took its place, when."""
    case, person = make_case(), signed_in(partner.person)
    hand_in(person, partner, case, **files_of(case))
    filing = OnlineFiling.objects.get()
    signed_in(partner.office.clerk).post(reverse("online_filing_accept", args=[filing.pk]))
    dossier = Dossier.objects.get()
    assert "đã được thay bằng" not in page_of(person, filing)
    for name, at in (("Nguyễn Thị Bích", "09:10"), ("Nguyễn Thị Bính", "09:20")):
        correct(partner.office, dossier, at=vn(f"23/11/2026 {at}"), name=name)
    page = " ".join(page_of(person, filing).split())
    lines = [
        "Số 1 lập 23/11/2026 09:00 không còn giá trị: đã được thay bằng giấy số 2 lập 23/11/2026 09:10",
        "Số 2 lập 23/11/2026 09:10 không còn giá trị: đã được thay bằng giấy số 3 lập 23/11/2026 09:20",
    ]
    assert [line in page for line in lines] == [True, True]


def test_a_list_costs_the_same_with_one_row_and_with_many(
    partner: Partner, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    case, client = make_case(), signed_in(partner.person)
    hand_in(client, partner, case, **files_of(case))
    client.get(reverse("partner_filings"))
    with django_assert_num_queries(LIST):
        client.get(reverse("partner_filings"))
    for _ in range(3):
        hand_in(client, partner, case, **files_of(case))
    with django_assert_num_queries(LIST):
        client.get(reverse("partner_filings"))


LIST = 7


def test_the_citizen_looks_it_up_by_the_code_of_the_slip(
    partner: Partner, signed_in: SignIn, client: Client
) -> None:
    """R-91: its stand and, once there is one, the dossier's code; nothing of a person."""
    case = make_case()
    hand_in(signed_in(partner.person), partner, case, **files_of(case))
    filing = OnlineFiling.objects.get()
    address = reverse("lookup_show", args=[filing.code])
    waits = client.get(address).content.decode()
    assert "đang chờ Bộ phận Một cửa tiếp nhận" in waits
    assert filing.owner_name not in waits
    signed_in(partner.office.clerk).post(reverse("online_filing_accept", args=[filing.pk]))
    assert Dossier.objects.get().code in client.get(address).content.decode()


def test_who_belongs_to_no_office_is_told_so(signed_in: SignIn) -> None:
    partner = make_partner()
    stranger = make_office("Xã Khác")
    lonely = make_partner(stranger, name="Bưu điện Xa")
    desk = stranger.desk(lonely.administrator)
    [seat] = lonely.partner.officers.select_related("partner__source__agency")
    partner_offices.end_row(seat, by=desk, at=MONDAY)
    client = signed_in(lonely.person)
    assert "chưa thuộc đơn vị gửi hộ" in client.get(reverse("partner_filings")).content.decode()
    assert client.get(reverse("partner_find")).status_code == 302
    case = make_case()
    assert hand_in(client, partner, case, **files_of(case)).status_code == 302
    assert not OnlineFiling.objects.exists()
