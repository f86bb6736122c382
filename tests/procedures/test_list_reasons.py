"""Why a service is on line only in part: asked for with the level, published with it (NĐ 224/2026 Đ14;
R-94).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from onestop.accounts.models import Agency, Officer, Role
from onestop.errors import DomainError
from procedures.domain import lists
from procedures.domain.lists import Head, LineIn
from procedures.domain.notices import board
from procedures.models import CounterKind, Kind, ListDecision, ListLine, OnlineLevel
from tests.world import Office, make_case, make_officer, vn

pytestmark = pytest.mark.django_db
AT = vn("23/11/2026 09:00")
TODAY = date(2026, 11, 23)
PRESENCE = "hai bên phải có mặt khi ký"
People = tuple[Officer, Officer]


def drafted(province: Agency, people: People, number: str) -> ListDecision:
    head = Head(number, "Công bố danh mục", "Chủ tịch", TODAY, TODAY, no_file_reason="bản giấy")
    return lists.draft(head, agency=province, by=people[0], at=AT)


def published(row: ListDecision, people: People) -> None:
    row = lists.check(row, by=people[1], at=AT, seen=row.revision)
    lists.publish(row, by=people[0], at=AT, seen=row.revision)


def old(row: ListDecision, line: LineIn) -> ListDecision:
    """A line written before the reason was asked for."""
    row = lists.put_lines(row, [line], seen=row.revision)
    for mine in row.lines.filter(procedure__code=line.code):
        mine.online, mine.online_why = OnlineLevel.PART, ""
        mine.save()
    return row


def test_a_line_on_line_in_part_is_not_written_without_its_reason(
    province: Agency, people: People, signed_in: Callable[[Officer], Client]
) -> None:
    """R-94: by the form, from a file and by the domain; what is abolished needs none."""
    code = make_case().version.code
    row = drafted(province, people, "12/QĐ-UBND")
    part = LineIn(code, CounterKind.COMMUNE, online=OnlineLevel.PART)
    with pytest.raises(DomainError, match="list_online_why"):
        lists.put_lines(row, [part], seen=row.revision)
    client, add = signed_in(people[0]), reverse("procedures:add_to_list", args=[row.pk])
    said: dict[str, Any] = {
        "codes": code, "counters": ["2"], "kind": "1", "at_counter": "1", "by_post": "1",
        "linkage": "0", "online": "1", "revision": row.revision,
    }  # fmt: skip
    refused = client.post(add, said)
    assert refused.status_code == 422
    assert "Hãy ghi lý do chỉ trực tuyến một phần" in refused.content.decode()
    other = client.post(add, said | {"online": "2", "online_why": PRESENCE})
    assert "Chỉ ghi lý do này khi chọn" in other.content.decode()
    assert client.post(add, said | {"kind": str(int(Kind.ABOLISHED))}).status_code == 302
    row.refresh_from_db()
    assert row.lines.get().online_why == ""
    text = (
        "Mã thủ tục,Nơi tiếp nhận,Trực tuyến,Lý do trực tuyến một phần\n"
        f"{code},tỉnh,một phần,{PRESENCE}\n{code},xã,một phần,\n"
    )
    file = SimpleUploadedFile("danh-muc.csv", text.encode())
    page = client.post(
        reverse("procedures:add_list_file", args=[row.pk]), {"revision": row.revision, "file": file}
    ).content.decode()
    assert "Dòng 3" in page
    assert "trực tuyến một phần mà không ghi" in page
    assert row.lines.get(counter=CounterKind.PROVINCE).online_why == PRESENCE
    assert f"lý do: {PRESENCE}" in page


def test_older_lines_are_listed_and_said_anew_with_a_reason_that_citizens_read(
    province: Agency,
    office: Office,
    people: People,
    client: Client,
    signed_in: Callable[[Officer], Client],
    queries: Callable[[], Any],
) -> None:
    """R-94. Nothing else of the line changes; nobody is refused for what is older."""
    case, second = make_case(), make_case()
    row = drafted(province, people, "12/QĐ-UBND")
    for one in (case, second):
        line = LineIn(one.version.code, CounterKind.COMMUNE, handled_by="Phòng Tư pháp", note="giữ")
        row = old(row, line)
    inside = signed_in(people[0])
    drawn = inside.get(reverse("procedures:list", args=[row.pk])).content.decode()
    assert "2 dòng trực tuyến một phần chưa có lý do" in drawn
    published(row, people)
    office.agency.refresh_from_db()
    public = f"/thu-tuc/{case.version.code}/"
    assert (
        "Nộp trực tuyến một phần (quyết định không nêu lý do)"
        in client.get(public).content.decode()
    )
    assert "2 dòng trực tuyến một phần" in inside.get(reverse("procedures:lists")).content.decode()
    address = reverse("procedures:part_online")
    with queries() as seen:
        page = inside.get(address).content.decode()
    assert (page.count(case.version.code), page.count(second.version.code)) == (2, 2)
    assert "Chưa có bản soạn nào" in page
    # Nothing is ticked while there is nothing to write into.
    assert ('name="line"' in page, "data-check-all" in page) == (False, False)
    few = len(seen)
    again = drafted(province, people, "13/QĐ-UBND")
    mine = row.lines.get(procedure=case.version.procedure_id)
    send = reverse("procedures:say_reasons")
    said = {"decision": again.pk, "online_why": f"{PRESENCE}."}
    assert "Hãy chọn ít nhất một dòng" in inside.post(send, said).content.decode()
    assert inside.post(send, said | {"line": mine.pk, "online_why": ""}).status_code == 422
    told = inside.post(send, said | {"line": mine.pk}, follow=True).content.decode()
    assert "Đã đưa 1 dòng có lý do vào bản soạn" in told
    anew = again.lines.get()
    assert (anew.kind, anew.online, anew.online_why) == (Kind.AMENDED, OnlineLevel.PART, PRESENCE)
    assert (anew.counter, anew.handled_by, anew.note) == (2, "Phòng Tư pháp", "giữ")
    other = signed_in(make_officer("Hà Văn Xã", office.agency, (Role.CONTROLLER, None)))
    denied = other.post(send, said | {"line": mine.pk})
    assert denied.status_code == 403
    assert "cấp tỉnh soạn và công bố danh mục" in denied.content.decode()
    twice = inside.post(send, said | {"line": mine.pk}).content.decode()
    assert "đã có các dòng này" in twice
    again.refresh_from_db()
    published(again, people)
    shown = client.get(public).content.decode()
    assert f"Nộp trực tuyến một phần. Lý do: {PRESENCE}" in shown
    assert "không nêu lý do" not in shown
    drafted(province, people, "14/QĐ-UBND")
    where = {entry.code: entry.where for entry in board(office.agency, TODAY).entries}
    assert f"trực tuyến một phần (lý do: {PRESENCE})" in where[case.version.code]
    with queries() as seen:
        page = inside.get(address).content.decode()
    assert (page.count('name="line"'), len(seen)) == (1, few + 1)  # the drafts to choose
    assert "Chưa có bản soạn nào" not in page
    assert second.version.code in page
    assert ListLine.objects.in_force_or_coming(TODAY).without_reason().count() == 1
