"""The notice board of a counter: what it receives today, on the page and on paper; what a printed one
does not say any more (R-133, NĐ 63/2010 Đ17).
"""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from pypdf import PdfReader

from onestop.accounts.models import AccessEvent, Agency, Officer, Role
from onestop.errors import DomainError
from procedures.domain import drawing, editions
from procedures.domain.editions import ask, hanging, since, work
from procedures.domain.lists import LineIn
from procedures.domain.notices import board
from procedures.models import (
    CounterKind,
    Kind,
    NoticeEdition,
    OnlineLevel,
    Procedure,
    ProcedureUse,
)
from tests.procedures.conftest import method, record, run
from tests.procedures.test_public_names import html, publish
from tests.world import MONDAY, make_agency, make_officer, vn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
A4, LEAFLET = NoticeEdition.Kind.A4, NoticeEdition.Kind.LEAFLET
State = NoticeEdition.State
TODAY = date(2026, 11, 23)


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def place() -> Agency:
    """Two procedures of one field and one of another, all received: no list binds yet."""
    run(
        record("1.000001", name="Cấp giấy phép một", methods=[method(fee_text="8.000 đồng")]),
        record("1.000002", name="Cấp giấy phép hai"),
        record("1.000003", name="Đăng ký ba", field="Đăng ký"),
    )
    return make_agency()


@pytest.fixture
def clerk(place: Agency) -> Officer:
    return make_officer("Trần Thị Thu Hà", place, (Role.CLERK, None))


@pytest.fixture
def drawn(monkeypatch) -> list[Any]:
    """Instead of PDFs: what was to be drawn."""
    seen: list[Any] = []

    def draw(shown: Any, *_: Any, at: datetime) -> bytes:
        seen.append([sheet.field for sheet in shown.sheets])
        return b"%PDF-1.7"

    monkeypatch.setattr(drawing, "sheets", draw)
    return seen


def clock() -> datetime:
    return MONDAY


def later(minutes: int) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def printed(place: Agency, by: Officer, at: datetime = MONDAY, **how: Any) -> NoticeEdition:
    made = ask(place, A4, by=by, at=at, **how)
    assert work(made.pk, lambda: at)
    made.refresh_from_db()
    return made


def test_the_board_says_papers_term_fee_where_and_decision(place: Agency, queries) -> None:
    with queries() as seen:
        found = board(place, TODAY)
    assert len(seen) == 4
    assert [sheet.field for sheet in found.sheets] == ["Đăng ký", "Thử nghiệm"]
    entry = found.sheets[1].entries[0]
    assert entry.name == "Cấp giấy phép một"
    assert entry.papers[0] == ("", ("Đơn đề nghị (1 bản chính)",))
    assert entry.papers[1][0] == "Trường hợp ủy quyền"
    assert entry.terms == ("5 ngày làm việc",)
    assert entry.fees == ("8.000 đồng",)
    assert found.sheets[1].entries[1].fees == ("miễn phí",)
    assert entry.where == "Tại quầy"
    assert entry.decision == "Quyết định 12/QĐ-BTP"


def test_the_board_is_what_the_counter_receives(place: Agency, client: Client, queries) -> None:
    """From the lists, as intake (R-133): not what is received elsewhere, nor by post only."""
    publish(
        place,
        LineIn(
            "1.000001",
            CounterKind.COMMUNE,
            handled_by="Phòng Văn hóa",
            by_post=False,
            shortened="3 ngày làm việc",
        ),
        LineIn("1.000002", CounterKind.COMMUNE, at_counter=False, why_not="lưu động"),
        LineIn("1.000003", CounterKind.PROVINCE),
    )
    place.refresh_from_db()
    with queries() as seen:
        found = board(place, TODAY)
    assert len(seen) == 6
    assert list(found.said) == ["1.000001"]
    assert found.entries[0].where == "Tại quầy. Phòng Văn hóa giải quyết"
    assert found.entries[0].decision == "Quyết định 7/QĐ-UBND"
    assert found.entries[0].terms == ("3 ngày làm việc (theo quy định: 5 ngày làm việc)",)
    assert "Thời hạn rút ngắn: 3 ngày" in html(client.get("/thu-tuc/1.000001/"))
    page = html(client.get(f"/niem-yet/{place.code}/"))
    assert "1 thủ tục, ngày 23/11/2026" in page
    assert "/thu-tuc/1.000001/" in page
    assert "/thu-tuc/1.000003/" not in page
    gone = LineIn("1.000001", CounterKind.COMMUNE, kind=Kind.ABOLISHED)
    publish(place, gone, number="8/QĐ-UBND")
    assert "chưa có thủ tục nào" in html(client.get(f"/niem-yet/{place.code}/"))


def test_how_far_a_service_is_on_line_is_what_the_list_in_force_says(client: Client) -> None:
    """The national record knows only “toàn trình”; the province's list wins on its days (R-94)."""
    run(record("1.000001", methods=[method(fee_text="8.000 đồng"), method("online")]))
    place = make_agency()

    def said() -> tuple[str, str]:
        """On the board of the counter, on the page of the procedure."""
        [entry] = [one for one in board(place, TODAY).entries if one.code == "1.000001"]
        page = html(client.get("/thu-tuc/1.000001/"))
        rows = page.split('<th scope="row">')[1:]
        [way] = [row.split("</th>")[0] for row in rows if row.startswith("Trực tuyến")]
        return entry.fees[0].split("; ")[1], way

    assert said() == ("miễn phí (trực tuyến toàn trình)", "Trực tuyến toàn trình")
    line = LineIn("1.000001", CounterKind.COMMUNE)
    part = replace(line, online=OnlineLevel.PART, online_why="phải có mặt")
    publish(place, part, replace(part, counter=CounterKind.PROVINCE))
    place.refresh_from_db()
    assert said() == ("miễn phí (trực tuyến một phần)", "Trực tuyến một phần")
    whole = replace(line, counter=CounterKind.PROVINCE, online=OnlineLevel.WHOLE)
    publish(place, whole, number="8/QĐ-UBND")
    assert said() == (
        "miễn phí (trực tuyến một phần)",
        "Trực tuyến toàn trình hoặc một phần, tùy nơi nộp",
    )
    none = replace(line, online=OnlineLevel.NONE)
    publish(place, none, replace(none, counter=CounterKind.PROVINCE), number="9/QĐ-UBND")
    missing = "rực tuyến – chưa có trong danh mục"
    assert said() == (f"miễn phí (t{missing})", f"T{missing}")


def test_everybody_reads_the_boards_without_script(place: Agency, client: Client, queries) -> None:
    other = make_agency("Ủy ban nhân dân phường Hòa Xuân")
    assert place.name in html(client.get("/niem-yet/"))
    found = html(client.get("/niem-yet/", {"q": "hoa xuan"}))
    assert other.name in found
    assert place.name not in found
    whole = html(client.get(f"/niem-yet/{place.code}/"))
    assert "5 ngày làm việc. Phí, lệ phí: 8.000 đồng." in whole
    assert "Đơn đề nghị" not in whole
    field = re.search(
        r"\?linh_vuc=(\d+)\"[^>]*>Xem giấy tờ phải nộp<[^>]+> của lĩnh vực Thử", whole
    )
    assert field
    with queries() as seen:
        part = html(client.get(f"/niem-yet/{place.code}/", {"linh_vuc": field[1]}))
    assert len(seen) == 5
    assert "Đơn đề nghị (1 bản chính)" in part
    assert "/thu-tuc/1.000003/" not in part
    assert "<script" not in part
    assert "sessionid" not in client.cookies
    Agency.objects.filter(pk=other.pk).update(closed_on=date(2026, 11, 22))
    for address in (
        f"/niem-yet/{other.code}/",
        "/niem-yet/KHONG/",
        f"/niem-yet/{place.code}/?linh_vuc=9",
    ):
        assert client.get(address).status_code == 404


def test_a_board_of_many_begins_with_its_fields(place: Agency, client: Client, monkeypatch) -> None:
    monkeypatch.setattr("procedures.views.notices.MOST_AT_ONCE", 2)
    page = html(client.get(f"/niem-yet/{place.code}/"))
    assert "3 thủ tục, ngày 23/11/2026" in page
    assert re.search(r'href="\?linh_vuc=\d+">Thử nghiệm</a> <span[^>]*>2 thủ tục', page)
    assert "/thu-tuc/1.000001/" not in page


def test_a_printed_board_knows_what_changed_and_prints_just_those_sheets(
    place: Agency, clerk: Officer, drawn: list[Any], signed_in
) -> None:
    assert hanging(place) is None
    first = printed(place, clerk)
    assert drawn == [["Đăng ký", "Thử nghiệm"]]
    assert since(first, board(place, TODAY)).number == 0
    with pytest.raises(DomainError) as error:
        ask(place, A4, only_changed=True, by=clerk, at=later(1))
    assert error.value.code == "procedures.notice_unchanged"

    run(record("1.000001", name="Cấp giấy phép một", methods=[method(fee_text="9.000 đồng")]))
    run(record("1.000004", name="Cấp giấy phép bốn"))
    changed = since(first, board(place, TODAY))
    assert (changed.new, changed.changed, changed.gone) == (("1.000004",), ("1.000001",), ())
    assert changed.fields == ("Thử nghiệm",)
    client = signed_in(clerk)
    page = html(client.get(f"/niem-yet/{place.code}/in/"))
    assert "Bản in ngày 23/11/2026 đã thay đổi 2 thủ tục, ở 1 tờ." in page
    assert "Tờ phải thay: Thử nghiệm." in page

    part = printed(place, clerk, later(2), only_changed=True)
    assert part.fields == ["Thử nghiệm"]
    assert drawn[-1] == ["Thử nghiệm"]
    # The board on the wall is the old sheets and the new one.
    assert hanging(place) == part
    assert since(part, board(place, TODAY)).number == 0
    assert "vẫn đúng với nội dung hôm nay" in html(client.get(f"/niem-yet/{place.code}/in/"))


def test_a_part_is_drawn_with_what_changed_after_it_was_asked_for(
    place: Agency, clerk: Officer, drawn: list[Any]
) -> None:
    """No sheet is taken for printed that was not."""
    printed(place, clerk)
    run(record("1.000001", name="Cấp giấy phép một", methods=[method(fee_text="9.000 đồng")]))
    part = ask(place, A4, only_changed=True, by=clerk, at=later(1))
    assert part.fields == ["Thử nghiệm"]
    run(record("1.000003", name="Đăng ký ba mới", field="Đăng ký"))
    assert work(part.pk, partial(later, 2))
    part.refresh_from_db()
    assert drawn[-1] == ["Đăng ký", "Thử nghiệm"]
    assert set(part.fields) == set(drawn[-1])
    assert since(part, board(place, TODAY)).number == 0


def test_what_went_to_another_field_changes_both_sheets(
    place: Agency, clerk: Officer, drawn: list[Any], client: Client, signed_in
) -> None:
    first = printed(place, clerk)
    run(record("1.000003", name="Đăng ký ba", field="Thử nghiệm"))
    today = board(place, TODAY)
    assert (since(first, today).changed, since(first, today).fields) == (
        ("1.000003",), ("Thử nghiệm", "Đăng ký"),
    )  # fmt: skip
    assert client.get(f"/niem-yet/{place.code}/bang-a4.pdf").status_code == 404
    part = printed(place, clerk, later(1), only_changed=True)
    assert part.fields == ["Thử nghiệm"]
    # Where all that changed is a field without procedures, there is nothing to print.
    NoticeEdition.objects.update(said=part.said | {"1.000009": ["x", "Lẻ", "Thủ tục lẻ"]})
    page = signed_in(clerk).post(
        f"/niem-yet/{place.code}/in/lap/", {"loai": "a4", "rieng": "1"}, follow=True
    )
    assert "chỉ gỡ tờ của lĩnh vực không còn thủ tục" in html(page)


def test_what_is_gone_makes_its_sheet_stale(
    place: Agency, clerk: Officer, drawn, signed_in
) -> None:
    first = printed(place, clerk)
    publish(
        place,
        LineIn("1.000001", CounterKind.COMMUNE),
        LineIn("1.000003", CounterKind.COMMUNE),
    )
    place.refresh_from_db()
    changed = since(first, board(place, TODAY))
    assert changed.gone == ("1.000002",)
    assert "Thử nghiệm" in changed.fields
    page = html(signed_in(clerk).get(f"/niem-yet/{place.code}/in/"))
    assert "Không còn tiếp nhận (1)" in page
    assert '<span class="code">1.000002</span> Cấp giấy phép hai' in page


def test_the_same_asked_twice_is_one_edition(place: Agency, clerk: Officer, drawn) -> None:
    first = ask(place, A4, by=clerk, at=MONDAY)
    assert ask(place, A4, by=clerk, at=later(1)) == first
    assert work(first.pk, clock)
    assert not work(first.pk, clock)
    # It stands printed: nothing is drawn again until something changes.
    assert ask(place, A4, by=clerk, at=later(60)) == first
    assert len(drawn) == 1
    run(record("1.000001", name="Tên khác", methods=[method()]))
    assert ask(place, A4, by=clerk, at=later(61)) != first


def test_a_leaflet_is_another_with_every_word_that_it_says(
    place: Agency, clerk: Officer, monkeypatch, settings
) -> None:
    monkeypatch.setattr(drawing, "leaflet", lambda *_, **__: b"%PDF-1.7")
    for number, one in enumerate(Procedure.objects.order_by("code")):
        ProcedureUse.objects.create(
            agency=place, procedure=one, received=9 - number, finished=20, minutes=900, counted_at=MONDAY,
        )  # fmt: skip

    def asked(minutes: int) -> NoticeEdition:
        made = ask(Agency.objects.get(pk=place.pk), LEAFLET, by=clerk, at=later(minutes))
        work(made.pk, partial(later, minutes))
        return made

    seen = [asked(0)]
    assert asked(1) == seen[0]
    uses = ProcedureUse.objects.filter(procedure__code="1.000003")
    steps: list[Any] = [
        lambda: Agency.objects.filter(pk=place.pk).update(phone="0205 123 456"),
        lambda: uses.update(minutes=2_000),
        lambda: uses.update(received=99),
        lambda: setattr(settings, "PUBLIC_URL", "https://motcua.example.vn"),
    ]
    for number, step in enumerate(steps, 2):
        step()
        seen.append(asked(number))
        assert asked(number) == seen[-1]
    assert len({one.pk for one in seen}) == 5


def test_a_worker_that_fails_or_dies_is_followed_by_another(
    place: Agency, clerk: Officer, monkeypatch
) -> None:
    edition = ask(place, A4, by=clerk, at=MONDAY)

    def broken(*_: Any, **__: Any) -> bytes:
        raise OSError("đĩa đầy")

    monkeypatch.setattr(drawing, "sheets", broken)
    for minutes in (0, 2, 30):
        assert not work(edition.pk, partial(later, minutes))
    edition.refresh_from_db()
    assert edition.state == State.FAILED
    assert edition.error
    monkeypatch.setattr(drawing, "sheets", lambda *_, **__: b"%PDF-1.7")
    again = ask(place, A4, by=clerk, at=later(31))
    assert again != edition
    # Its worker died: the next sweep after the lease takes it.
    NoticeEdition.objects.filter(pk=again.pk).update(
        state=State.RUNNING, holder="dead", due_at=later(36), tries=1
    )
    assert editions.sweep(lambda: later(35)) == (0, 0)
    assert editions.sweep(lambda: later(37)) == (1, 0)


def test_the_newest_file_stays_and_the_others_go(
    place: Agency, clerk: Officer, drawn, client: Client
) -> None:
    """What is public is the whole board as it is today, or nothing."""
    address = f"/niem-yet/{place.code}/bang-a4.pdf"
    assert client.get(address).status_code == 404
    assert address not in html(client.get(f"/niem-yet/{place.code}/"))
    first = printed(place, clerk)
    assert address in html(client.get(f"/niem-yet/{place.code}/"))
    assert b"".join(client.get(address).streaming_content) == b"%PDF-1.7"
    run(record("1.000005", name="Thủ tục năm"))
    assert client.get(address).status_code == 404
    second = printed(place, clerk, later(5))
    assert editions.sweep(lambda: later(6)) == (0, 1)
    assert not default_storage.exists(first.kept)
    assert set(editions.needed()) == {second.kept}
    first.refresh_from_db()
    assert (first.state, first.is_ready) == (State.DONE, False)
    assert client.get(f"/niem-yet/{place.code}/bang-to-gap.pdf").status_code == 404


def test_parts_of_other_sheets_keep_their_files(place: Agency, clerk: Officer, drawn) -> None:
    printed(place, clerk)
    run(record("1.000001", name="Tên khác", methods=[method()]))
    one = printed(place, clerk, later(1), only_changed=True)
    run(record("1.000003", name="Đăng ký khác", field="Đăng ký"))
    other = printed(place, clerk, later(2), only_changed=True)
    assert (one.fields, other.fields) == (["Thử nghiệm"], ["Đăng ký"])
    assert editions.sweep(lambda: later(3)) == (0, 0)
    assert {one.kept, other.kept} < set(editions.needed())


def test_nothing_drawn_is_said_without_reading_the_board(
    place: Agency, clerk: Officer, drawn, client: Client, queries
) -> None:
    address = f"/niem-yet/{place.code}/bang-a4.pdf"
    with queries() as seen:
        answer = client.get(address)
    assert (answer.status_code, len(seen)) == (404, 2)
    # The name of the file bears the day here, not that of Greenwich.
    printed(place, clerk, vn("24/11/2026 06:00"))
    answer = client.get(address)
    assert "20261124" in answer.headers["Content-Disposition"]
    assert "public" in answer.headers["Cache-Control"]
    answer.close()


def test_an_officer_prints_for_the_own_counter_alone(
    place: Agency, clerk: Officer, drawn, signed_in, django_capture_on_commit_callbacks
) -> None:
    client = signed_in(clerk)
    answer = client.post(f"/niem-yet/{place.code}/in/lap/", {"loai": "a4"})
    edition = NoticeEdition.objects.get()
    assert answer.headers["Location"] == edition.get_absolute_url()
    line = AccessEvent.objects.get(object_kind="notice_edition")
    assert (line.officer, line.object_id, line.kind) == (clerk, edition.pk, "printed")
    assert "Đang lập bản in" in html(client.get(edition.get_absolute_url()))
    assert client.get(f"{edition.get_absolute_url()}tep.pdf").status_code == 404
    work(edition.pk, clock)
    assert "Mở tệp để in" in html(client.get(edition.get_absolute_url()))
    file = client.get(f"{edition.get_absolute_url()}tep.pdf")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    elsewhere = make_agency("Ủy ban nhân dân xã Khác")
    stranger = signed_in(make_officer("Lê Văn Lạ", elsewhere, (Role.CLERK, None)))
    for address in (f"/niem-yet/{place.code}/in/", edition.get_absolute_url()):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/niem-yet/{place.code}/in/lap/", {"loai": "a4"}).status_code == 404


def test_nothing_to_print_says_why(place: Agency, clerk: Officer, signed_in) -> None:
    client = signed_in(clerk)
    page = client.post(f"/niem-yet/{place.code}/in/lap/", {"loai": "to-gap"}, follow=True)
    assert "Chưa có số hồ sơ của một năm qua" in html(page)
    assert client.post(f"/niem-yet/{place.code}/in/lap/", {"loai": "x"}).status_code == 404


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


@pytest.mark.pdf
def test_each_field_is_a_sheet_of_its_own_with_a_code_to_each_page(place: Agency) -> None:
    found = pages(drawing.sheets(board(place, TODAY), "a4", at=MONDAY))
    assert len(found) == 2
    assert "Đăng ký ba" in found[0]
    assert "Cấp giấy phép một" in found[1]
    assert "Mã 1.000001. Quyết định" in re.sub(r"\s+", " ", found[1])
    assert "bản in ngày 23/11/2026" in re.sub(r"\s+", " ", found[1])


@pytest.mark.pdf
def test_a_leaflet_is_one_sheet_of_what_is_used_most(place: Agency) -> None:
    long = [
        {"case": "", "name": f"Giấy tờ {n} " + "rất dài " * 20, "originals": 1, "copies": 0}
        for n in range(9)
    ]
    run(*(record(f"1.0001{n:02d}", name=f"Thủ tục thứ {n}", components=long) for n in range(9)))
    for number, one in enumerate(Procedure.objects.order_by("code")):
        ProcedureUse.objects.create(
            agency=place,
            procedure=one,
            received=number,
            finished=20,
            minutes=900,
            counted_at=MONDAY,
        )
    codes = editions.most_used(place)
    assert codes[0] == "1.000108"
    assert len(codes) == 9
    content = drawing.leaflet(board(place, TODAY, codes=codes), codes, at=MONDAY)
    found = pages(content)
    assert len(found) == 2
    assert "Thủ tục thứ 8" in found[1]
    assert "và 4 giấy tờ khác" in re.sub(r"\s+", " ", found[1])
    assert "khoảng 2 ngày làm việc" in re.sub(r"\s+", " ", found[1])
    sizes = {
        (float(p.mediabox.width), float(p.mediabox.height))
        for p in PdfReader(BytesIO(content)).pages
    }
    assert all(abs(width - 841.9) < 1 and abs(height - 595.3) < 1 for width, height in sizes)
