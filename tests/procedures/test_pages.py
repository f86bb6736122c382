"""Public pages, the clerk's search and the controller's desk, as their readers meet them."""

import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import Client

from onestop.accounts.models import Role
from procedures.domain.confirming import abolish, confirm_many
from procedures.models import Case, CatalogueAct, ImportRun, Method, Paper, ProcedureVersion, Status
from tests.procedures.conftest import method, record, run, version_of
from tests.world import MONDAY, make_agency, make_case, make_officer

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


def html(response, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def waiting_ids() -> list[int]:
    return list(
        ProcedureVersion.objects.waiting().order_by("procedure__code").values_list("id", flat=True)
    )


# --- citizens -------------------------------------------------------------------------------------


class TestOfTheWholeCatalogue:
    """One catalogue for all of them (`standing_catalogue`)."""

    def test_a_citizen_searches_and_reads_without_signing_in(
        self, standing_catalogue, client: Client
    ) -> None:
        found = html(client.get("/thu-tuc/", {"q": "dang ky khai sinh luu dong"}))
        assert "/thu-tuc/1.003583/" in found
        page = html(client.get("/thu-tuc/1.003583/"))
        for words in (
            "Thành phần, số lượng hồ sơ",
            "Cách thức thực hiện, thời hạn giải quyết, phí, lệ phí",
            "Nơi nộp và kết quả",
            "5 ngày làm việc",
            "bản chính",
        ):
            assert words in page
        assert "sessionid" not in client.cookies

    def test_where_names_a_place_and_no_doubt_of_ours(
        self, standing_catalogue, client: Client
    ) -> None:
        """An effective date that nobody checked is neither told nor doubted before citizens."""
        rows = ProcedureVersion.objects.filter(procedure__code="1.003583")
        for unverified in (True, False):
            rows.update(unverified=unverified)
            page = html(client.get("/thu-tuc/1.003583/"))
            assert "chưa kiểm tra" not in page
            assert ("có hiệu lực từ" in page) is not unverified
            assert "<dt>Nơi nộp</dt>" in page
            assert 'href="/noi-tiep-nhan/"' in page

    def test_a_waiting_procedure_says_that_its_term_is_being_confirmed(
        self, standing_catalogue, client: Client
    ) -> None:
        page = html(client.get("/thu-tuc/1.001193/"))
        assert "đang được xác nhận" in page
        assert "(Cơ sở dữ liệu quốc gia ghi: “1”)" in page

    def test_the_list_pages_and_filters(self, standing_catalogue, client: Client, queries) -> None:
        with queries() as seen:
            first = html(client.get("/thu-tuc/"))
        assert len(seen) == 2
        assert "330 thủ tục" in first
        after = re.search(r"sau=([\d.]+)", first)
        assert after
        assert after[1] not in html(client.get("/thu-tuc/", {"sau": after[1]})).split("<h2>")[1]
        assert html(client.get("/thu-tuc/", {"linh_vuc": "999999"}))
        assert html(client.get("/thu-tuc/", {"linh_vuc": "abc", "sau": "x" * 999}))

    def test_the_clerk_finds_while_typing(
        self, standing_catalogue, clerk, signed_in, queries
    ) -> None:
        client = signed_in(clerk)
        part = html(
            client.get("/thu-tuc/tim/", {"q": "khai sinh luu dong"}, headers={"HX-Request": "true"})
        )
        assert "<html" not in part
        assert 'href="/tiep-nhan/?thu-tuc=1.003583"' in part
        waiting = html(
            client.get("/thu-tuc/tim/", {"q": "1.001193"}, headers={"HX-Request": "true"})
        )
        assert "chờ xác nhận thời hạn" in waiting
        assert "href" not in waiting
        assert "<html" in html(client.get("/thu-tuc/tim/", {"q": "khai"}))

    def test_many_at_once_with_the_same_reading(
        self, standing_catalogue, controller, signed_in
    ) -> None:
        client = signed_in(controller)
        civil = (
            ProcedureVersion.objects.waiting()
            .filter(field__name="Hộ tịch", cases__methods__term_text="1")
            .distinct()
        )
        ids = list(civil.values_list("id", flat=True))
        assert len(ids) >= 5
        response = client.post(
            "/thu-tuc/quan-ly/nhieu/?thoi_han=1",
            {"version": ids, "term": "Trong ngày", "note": "Luật Hộ tịch"},
            follow=True,
        )
        assert f"cho {len(ids)} thủ tục" in html(response)
        assert ProcedureVersion.objects.filter(id__in=ids, status=Status.READY).count() == len(ids)


@pytest.mark.parametrize(
    ("address", "levels", "says"),
    [
        ("Số 2 Lý Thường Kiệt", "Cấp Xã", "<dd> Số 2 Lý Thường Kiệt<br />"),
        ("", "Cấp Xã", "<dd> Bộ phận Một cửa cấp xã<br />"),
        ("", "", "<dd> Bộ phận Một cửa<br />"),
    ],
)
def test_where_is_said_also_when_the_record_does_not(address: str, levels: str, says: str) -> None:
    version = ProcedureVersion(
        receiving_address=address, levels=levels, effective_from=date(2026, 1, 1)
    )
    drawn = render_to_string("procedures/_where.html", {"version": version})
    assert says in re.sub(r"\s+", " ", drawn)


def test_expired_and_unknown_ones_are_gone(controller, client: Client) -> None:
    run(record())
    assert client.get("/thu-tuc/1.000001/").status_code == 200
    abolish(
        version_of().pk,
        decision="1/QĐ",
        signed=MONDAY.date(),
        effective=MONDAY.date(),
        by=controller,
        at=MONDAY,
    )
    gone = html(client.get("/thu-tuc/1.000001/"), 410)
    assert "đã bãi bỏ" in gone
    assert "Bãi bỏ từ ngày 23/11/2026 theo Quyết định 1/QĐ" in gone
    assert "không có trong danh mục" in html(client.get("/thu-tuc/9.999999/"), 404)


def test_names_are_escaped(db: None, client: Client) -> None:
    run(record(name="Thủ tục <script>alert(1)</script>"))
    for address in ("/thu-tuc/", "/thu-tuc/1.000001/"):
        assert "<script>alert" not in client.get(address).content.decode()


def test_the_public_pages_ask_the_same_for_1_and_50_papers(
    db: None, client: Client, queries
) -> None:
    papers = [
        {"case": "", "name": f"Giấy tờ số {n}", "originals": 1, "copies": 0} for n in range(50)
    ]
    run(record("1.000001", components=papers[:1]), record("1.000050", components=papers))
    counted = []
    for code in ("1.000001", "1.000050"):
        with queries() as seen:
            html(client.get(f"/thu-tuc/{code}/"))
        counted.append(len(seen))
    assert counted == [8, 8]


# --- the clerk ------------------------------------------------------------------------------------


def test_strangers_are_sent_to_sign_in(db: None, client: Client) -> None:
    for address in ("/thu-tuc/tim/", "/thu-tuc/quan-ly/", "/thu-tuc/quan-ly/ngay-hieu-luc/"):
        assert client.get(address).status_code == 302


# --- the controller -------------------------------------------------------------------------------


def test_only_the_controller_may(clerk, signed_in) -> None:
    run(record(methods=[method(time_text="1")]))
    client, version = signed_in(clerk), version_of()
    for address in ("", "ngay-hieu-luc/", "lan-nhap/", "1.000001/", f"{version.pk}/"):
        assert client.get(f"/thu-tuc/quan-ly/{address}").status_code == 403
    assert (
        client.post(
            "/thu-tuc/quan-ly/nhieu/", {"version": version.pk, "term": "trong ngày"}
        ).status_code
        == 403
    )
    assert client.post(f"/thu-tuc/quan-ly/{version.pk}/bai-bo/").status_code == 403
    assert version_of().status == Status.NEEDS_TERM


def test_an_administrator_looks_but_does_not_confirm(signed_in, db: None) -> None:
    run(record(methods=[method(time_text="1")]))
    client = signed_in(make_officer("Quản trị", make_agency(), (Role.ADMINISTRATOR, None)))
    page = html(client.get("/thu-tuc/quan-ly/"))
    assert 'name="version"' not in page
    assert "/thu-tuc/quan-ly/ngay-hieu-luc/" not in page, "no link to a page that refuses them"
    assert client.get(f"/thu-tuc/quan-ly/{version_of().pk}/").status_code == 403


def test_the_queue_counts_filters_and_asks_the_same_for_1_and_3(
    controller, signed_in, queries
) -> None:
    client = signed_in(controller)
    run(record("1.000001", methods=[method(time_text="1")]))
    client.get("/thu-tuc/quan-ly/")
    counted = []
    for _ in range(2):
        with queries() as seen:
            html(client.get("/thu-tuc/quan-ly/"))
        counted.append(len(seen))
        run(
            record("1.000002", methods=[method(time_text="1")]),
            record("1.000003", methods=[method(time_text="8 Giờ")]),
        )
    assert counted[0] == counted[1]
    page = html(client.get("/thu-tuc/quan-ly/", {"thoi_han": "8 Giờ"}))
    assert "1.000003" in page
    assert ">1.000001<" not in page


def test_confirming_one_shows_the_words_and_goes_on_to_the_next(controller, signed_in) -> None:
    run(
        record("1.000001", field="Hộ tịch", methods=[method(time_text="1"), method("online", "1")]),
        record("1.000002", methods=[method(time_text="8 Giờ")]),
    )
    client, (first, second) = signed_in(controller), waiting_ids()
    page = html(client.get(f"/thu-tuc/quan-ly/{first}/"))
    assert "“1”" in page
    assert "Trực tiếp, Trực tuyến toàn trình" in page
    assert "nhận sau 15 giờ" in page
    assert (
        page.count("checked") == 1
    )  # only that completion restarts the term, as the law has it; no term is chosen for the controller
    key = f"{Case.objects.get(version_id=first).pk}_1"
    response = client.post(
        f"/thu-tuc/quan-ly/{first}/",
        {f"term_{key}": "trong ngày", "note": "Luật Hộ tịch", "mode": "1"},
    )
    assert response.headers["Location"] == f"/thu-tuc/quan-ly/{second}/"
    assert set(Method.objects.filter(case__version_id=first).values_list("term", flat=True)) == {
        "trong ngày"
    }
    assert CatalogueAct.objects.get().by == controller
    key = f"{Case.objects.get(version_id=second).pk}_1"
    response = client.post(
        f"/thu-tuc/quan-ly/{second}/",
        {f"term_{key}": "khac", f"other_{key}": "8 giờ làm việc", "mode": "1"},
    )
    assert response.headers["Location"] == "/thu-tuc/quan-ly/"
    assert ProcedureVersion.objects.ready().count() == 2


@pytest.mark.parametrize(
    ("term", "other", "fee", "words"),
    [
        ("", "", "", "Hãy chọn hoặc ghi thời hạn"),
        ("khac", "", "", "Hãy ghi thời hạn, ví dụ"),
        ("khac", "mau lên", "", "Không đọc được thời hạn"),
        ("1 ngày làm việc", "5 ngày", "", "Đã chọn một cách đọc"),
        ("1 ngày làm việc", "", "hai mươi", "Mức phí phải là số tiền"),
    ],
)
def test_a_bad_reading_stays_on_the_page_beside_its_field(
    controller, signed_in, term: str, other: str, fee: str, words: str
) -> None:
    run(record(methods=[method(time_text="1", fee_text="20 VNĐ")]))
    client, key = signed_in(controller), f"{Case.objects.get().pk}_1"
    data = {f"term_{key}": term, f"other_{key}": other, f"fee_{key}": fee, "note": "Căn cứ đã gõ"}
    page = html(client.post(f"/thu-tuc/quan-ly/{version_of().pk}/", data), 422)
    assert words in page
    assert "Căn cứ đã gõ" in page
    assert version_of().status == Status.NEEDS_TERM


def test_a_fee_and_cases_are_read_from_the_page(controller, signed_in) -> None:
    rows = [
        method("direct", "30 Ngày", "20 VNĐ"),
        method("direct", "40 Ngày", "20 VNĐ", "nếu kiểm tra"),
    ]
    run(record(methods=rows))
    client, version = signed_in(controller), version_of()
    one, two = Case.objects.order_by("order")
    data = {
        f"term_{one.pk}_1": "30 ngày", f"fee_{one.pk}_1": "20.000đ", f"name_{one.pk}": "Không kiểm tra",
        f"term_{two.pk}_1": "40 ngày", f"name_{two.pk}": "Không kiểm tra", "mode": "1",
    }  # fmt: skip
    assert "tên khác nhau" in html(client.post(f"/thu-tuc/quan-ly/{version.pk}/", data), 422)
    client.post(f"/thu-tuc/quan-ly/{version.pk}/", data | {f"name_{two.pk}": "Có kiểm tra"})
    assert list(
        Method.objects.order_by("case__order").values_list("case__name", "term", "fee_amount")
    ) == [
        ("Không kiểm tra", "30 ngày", 20_000),
        ("Có kiểm tra", "40 ngày", None),
    ]


def test_a_stale_page_is_told_who_was_first(controller, signed_in) -> None:
    run(record(methods=[method(time_text="1")]))
    version = version_of()
    confirm_many([version.pk], term="trong ngày", by=controller, at=MONDAY)
    response = signed_in(controller).get(f"/thu-tuc/quan-ly/{version.pk}/")
    assert response.headers["Location"] == "/thu-tuc/quan-ly/1.000001/"


@pytest.mark.parametrize(
    ("data", "words"),
    [({"term": "trong ngày"}, "chọn ít nhất một"), ({"term": "mau"}, "Không đọc được thời hạn")],
)
def test_a_bad_bulk_act_says_why(controller, signed_in, data, words: str) -> None:
    run(record(methods=[method(time_text="1")]))
    if data["term"] == "mau":
        data = data | {"version": version_of().pk}
    page = html(
        signed_in(controller).post("/thu-tuc/quan-ly/nhieu/", data | {"note": "Căn cứ đã gõ"}), 422
    )
    assert words in page
    assert "Căn cứ đã gõ" in page  # what was picked and typed stays
    assert (page.count("checked") == 1) == ("version" in data)
    assert version_of().status == Status.NEEDS_TERM


def test_dates_of_many_are_verified_by_one_decision(controller, signed_in) -> None:
    run(record("1.000001"), record("1.000002"), record("1.000003", decision_no="Demo/QĐ-BCA"))
    client = signed_in(controller)
    page = html(client.get("/thu-tuc/quan-ly/ngay-hieu-luc/", {"quyet-dinh": "12/QĐ-BTP"}))
    assert "1.000002" in page
    assert "1.000003" not in page
    ids = list(
        ProcedureVersion.objects.filter(decision_number="12/QĐ-BTP").values_list("id", flat=True)
    )
    bad = {
        "version": ids,
        "decision": "12/QĐ-BTP",
        "signed": "20/01/2026",
        "effective": "01/01/2026",
    }
    assert "không thể trước ngày ký" in html(
        client.post("/thu-tuc/quan-ly/ngay-hieu-luc/", bad), 422
    )
    client.post("/thu-tuc/quan-ly/ngay-hieu-luc/", bad | {"effective": "01/02/2026"})
    assert set(
        ProcedureVersion.objects.filter(unverified=False).values_list("effective_from", flat=True)
    ) == {date(2026, 2, 1)}
    assert ProcedureVersion.objects.filter(unverified=True).count() == 1


@pytest.mark.django_db
def test_a_controller_below_keeps_every_tab_on_the_page_of_imports(signed_in) -> None:
    below = make_agency("Xã Tân Lập", parent=make_agency())
    client = signed_in(make_officer("Vi Thị Hoa", below, (Role.CONTROLLER, None)))
    for address in ("lan-nhap/", "danh-muc/"):
        assert "Việc chậm" in html(client.get(f"/thu-tuc/quan-ly/{address}"))


def test_runs_and_history_tell_what_happened(controller, signed_in) -> None:
    run(record(methods=[method(time_text="1")]), record("hỏng"))
    client = signed_in(controller)
    assert "bị từ chối" in html(client.get("/thu-tuc/quan-ly/lan-nhap/"))
    confirm_many(
        [version_of().pk], term="trong ngày", by=controller, at=MONDAY, note="Luật Hộ tịch"
    )
    page = html(client.get("/thu-tuc/quan-ly/1.000001/"))
    assert "“1” đọc là trong ngày" in page
    assert "Luật Hộ tịch" in page
    assert ImportRun.objects.count() == 1


def test_abolishing_from_the_page(controller, signed_in) -> None:
    run(record())
    client, version = signed_in(controller), version_of()
    data = {"decision": "7/QĐ-UBND", "signed": "20/11/2026", "effective": "23/11/2026"}
    page = html(
        client.post(f"/thu-tuc/quan-ly/{version.pk}/bai-bo/", data | {"effective": "19/11/2026"}),
        422,
    )
    assert "không thể trước ngày ký" in page
    assert "7/QĐ-UBND" in page  # nothing typed is lost
    assert "bãi bỏ từ 23/11/2026" in html(
        client.post(f"/thu-tuc/quan-ly/{version.pk}/bai-bo/", data, follow=True)
    )
    assert Client().get("/thu-tuc/1.000001/").status_code == 410


def test_a_heading_among_the_papers_stands_as_a_heading_without_counts(client, db):
    case = make_case(papers=0)
    names = [
        "1. Đối với Ban quản trị được bầu lần đầu thì hồ sơ bao gồm:",
        "Biên bản họp lần đầu",
        "2. Trường hợp bầu lại Ban quản trị thì hồ sơ bao gồm:",
        "Biên bản họp bầu lại",
    ]
    Paper.objects.bulk_create(
        Paper(case=case, order=n, name=name, originals=1) for n, name in enumerate(names, start=1)
    )
    page = client.get(f"/thu-tuc/{case.version.procedure.code}/").content.decode()
    assert page.count('<h3 class="h6">') == 2
    assert page.count("1 bản chính") == 2
    assert page.index("được bầu lần đầu") < page.index("họp lần đầu") < page.index("bầu lại Ban")
