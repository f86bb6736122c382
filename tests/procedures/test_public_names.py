"""What citizens find by common names and by what happened to them, where a procedure is received, and
what an abolition leaves (R-133, R-136).
"""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client

from onestop.accounts.models import Agency, Role
from onestop.folding import tokens
from procedures import common_names
from procedures.common_names import readings
from procedures.domain import lists
from procedures.domain.lists import Head, LineIn
from procedures.models import CounterKind, Kind
from procedures.queries import search_procedures, versions_of_event
from tests.procedures.conftest import record, run
from tests.world import MONDAY, make_agency, make_officer

pytestmark = pytest.mark.usefixtures("monday")

TODAY = date(2026, 11, 23)


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


def html(response, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def publish(agency: Agency, *said: LineIn, number: str = "7/QĐ-UBND", on: date = TODAY) -> None:
    one, other = (
        make_officer(f"{who} {number}", agency, (Role.CONTROLLER, None), username=f"{who}{number}")
        for who in ("soạn", "kiểm")
    )
    head = Head(number, "Công bố danh mục", "Chủ tịch", on, on, no_file_reason="bản giấy")
    row = lists.draft(head, agency=agency, by=one, at=MONDAY)
    row = lists.put_lines(row, list(said), seen=row.revision)
    row = lists.check(row, by=other, at=MONDAY, seen=row.revision)
    lists.publish(row, by=one, at=MONDAY, seen=row.revision)


def test_a_common_name_is_read_beside_the_words_themselves() -> None:
    assert readings(["khai", "sinh"]) == [["khai", "sinh"]]
    assert readings(["giay", "khai", "sinh"]) == [["giay", "khai", "sinh"], ["khai", "sinh"]]
    assert ["lam", "lai", "quyen", "su", "dung", "dat"] in readings(["lam", "lai", "so", "do"])
    # Words, not letters: "so dong" is no "so do".
    assert readings(["so", "dong"]) == [["so", "dong"]]


class TestOfTheWholeCatalogue:
    """One catalogue for all of them (`standing_catalogue`)."""

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("giấy khai sinh", "1.001193"),
            ("GIAY KET HON", "1.000894"),
            ("giấy chứng tử", "1.000656"),
            ("độc thân", "1.004873"),
            ("sao y", "2.000815"),
            ("sửa tên", "1.004859"),
            ("cccd", "1.014064"),
            ("sổ đỏ", "1.011441"),
        ],
    )
    def test_common_names_find_what_they_mean(
        self, standing_catalogue, text: str, code: str
    ) -> None:
        assert code in [version.code for version in search_procedures(text, on=TODAY, limit=12)]

    def test_every_name_and_event_of_the_data_leads_somewhere(
        self, standing_catalogue, queries
    ) -> None:
        """Names that mean nothing in the shipped catalogue would find nothing, silently."""
        empty = [
            " ".join(says)
            for says, meanings in common_names.names()
            if not any(search_procedures(" ".join(means), on=TODAY, limit=1) for means in meanings)
        ]
        assert empty == []
        for one in common_names.events():
            with queries() as seen:
                found = versions_of_event(one, TODAY)
            assert len(seen) == 1
            assert {version.code for version in found} >= set(one.codes), one.slug
            assert {version.field.name for version in found} >= set(one.fields), one.slug
            assert [version.code for version in found[: len(one.codes)]] == list(one.codes)
            assert tokens(one.name)

    def test_the_events_lead_from_the_catalogue(self, standing_catalogue, client: Client) -> None:
        assert 'href="/thu-tuc/viec/ket-hon/"' in html(client.get("/thu-tuc/"))
        assert "/thu-tuc/viec/" not in html(client.get("/thu-tuc/", {"q": "hải quan"}))
        page = html(client.get("/thu-tuc/viec/ket-hon/"))
        assert page.index("/thu-tuc/1.000894/") < page.index("/thu-tuc/1.004873/")
        assert client.get("/thu-tuc/viec/khong-co/").status_code == 404

    def test_search_engines_are_told_permanent_addresses(
        self, standing_catalogue, client: Client, settings
    ) -> None:
        settings.PUBLIC_URL = "https://motcua.example.vn"
        root = ElementTree.fromstring(client.get("/sitemap.xml").content)
        name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
        found = {one.findtext(f"{name}loc"): one.findtext(f"{name}lastmod") for one in root}
        assert found["https://motcua.example.vn/thu-tuc/1.001193/"] == "2026-11-23"
        assert "https://motcua.example.vn/thu-tuc/viec/sinh-con/" in found
        page = html(client.get("/thu-tuc/1.001193/", headers={"host": "127.0.0.1"}))
        assert '<link rel="canonical" href="https://motcua.example.vn/thu-tuc/1.001193/" />' in page
        assert 'itemtype="https://schema.org/GovernmentService"' in page
        assert '<meta itemprop="identifier" content="1.001193" />' in page


def test_a_page_says_which_counters_receive_it(db: None, client: Client) -> None:
    run(record())
    assert "danh mục công bố" not in html(client.get("/thu-tuc/1.000001/"))
    publish(
        make_agency(),
        LineIn("1.000001", CounterKind.COMMUNE, anywhere=True),
        LineIn("1.000001", CounterKind.PROVINCE, at_counter=False, why_not="làm lưu động"),
    )
    page = html(client.get("/thu-tuc/1.000001/"))
    assert "Tiếp nhận theo danh mục công bố" in page
    assert "<strong>Trung tâm cấp xã</strong>: tiếp nhận không phụ thuộc nơi cư trú" in page
    assert "không tiếp nhận tại quầy (làm lưu động)" in page
    assert "Quyết định 7/QĐ-UBND" in page


def test_what_a_list_abolishes_is_gone_that_day_and_its_page_says_so(
    db: None, client: Client
) -> None:
    """At one of two counters it is still received; at all of them it is gone (R-133)."""
    run(record())
    province = make_agency()
    publish(
        province,
        LineIn("1.000001", CounterKind.COMMUNE),
        LineIn("1.000001", CounterKind.PROVINCE, kind=Kind.ABOLISHED),
    )
    assert "/thu-tuc/1.000001/" in html(client.get("/thu-tuc/"))
    gone = LineIn("1.000001", CounterKind.COMMUNE, kind=Kind.ABOLISHED)
    publish(province, gone, number="8/QĐ-UBND")
    for address in ("/thu-tuc/", "/thu-tuc/?q=giấy+phép", "/sitemap.xml"):
        assert "/thu-tuc/1.000001/" not in html(client.get(address))
    page = html(client.get("/thu-tuc/1.000001/"), 410)
    assert "Thủ tục 1.000001 đã bãi bỏ" in page
    assert "Bãi bỏ từ ngày 23/11/2026 theo Quyết định 8/QĐ-UBND" in page
