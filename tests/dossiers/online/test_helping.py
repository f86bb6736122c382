"""S1: a clerk helps at the counter to file on line, once a filing; the filing that comes is tied to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.urls import reverse

from dossiers.acts import helping, own_accounts
from dossiers.acts.helping import Helped, help_online
from dossiers.desk import helped as queries_of_helps
from dossiers.intake.brought import OnlineIn
from dossiers.models import OnlineFiling
from dossiers.models.helping import OnlineHelp, OwnAccount
from dossiers.views import own_accounts as own_accounts_page
from onestop.accounts.models import AccessEvent, AccessKind, Role
from onestop.changes.models import RowChange
from onestop.errors import DomainError
from onestop.instants import instant
from procedures.channels import Channel
from procedures.models import Procedure
from tests.dossiers.online.filed import CODE, a_filing
from tests.world import MONDAY, Office, filed_online, make_case, make_office, receive

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
BINH, NUMBER = "Nguyễn Thị Bình", "001187000123"


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def procedure() -> Procedure:
    return Procedure.objects.get(code=make_case().version.code)


def helped(office: Office, said: Helped, at: Any = MONDAY) -> OnlineHelp:
    return help_online(said, token=uuid4(), by=office.desk(office.clerk, at), at=at)


def arrives(office: Office, code: str, procedure: Procedure | None, **more: Any) -> OnlineFiling:
    row = a_filing(office, code, more.pop("filed_at", MONDAY), procedure=procedure, **more)
    helping.tie([row])
    return row


def codes() -> list[str]:
    return list(OnlineHelp.objects.order_by("pk").values_list("source_code", flat=True))


def test_one_filing_is_tied_to_one_help_and_one_help_to_one_filing(
    office: Office, procedure: Procedure
) -> None:
    """By the number at any agency, else by the whole name at the same one; the same procedure and day."""
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    by_number = Helped(office.agency, procedure, "Bình", NUMBER)
    by_name = Helped(office.agency, procedure, "Nguyen Thi  BINH")
    helped(office, by_number)
    helped(office, by_name)
    helped(office, replace(by_name, owner_name="Lò Thị Mai"), MONDAY - timedelta(days=3))
    arrives(other, "G99.01-261123-000001", procedure)
    arrives(other, "G99.01-261123-000002", procedure)  # a name alone is nobody elsewhere
    arrives(office, "G99.01-261123-000003", procedure)
    arrives(office, "G99.01-261123-000004", procedure)
    arrives(office, "G99.01-261123-000005", procedure, owner_name="Lò Thị Mai", identity_number="")
    assert codes() == ["G99.01-261123-000001", "G99.01-261123-000003", ""]


def test_what_waits_already_is_tied_at_once(office: Office, procedure: Procedure) -> None:
    arrives(office, CODE, procedure)
    row = helped(office, Helped(office.agency, procedure, BINH, NUMBER))
    assert row.source_code == CODE
    again = helped(office, Helped(office.agency, procedure, BINH, NUMBER))
    assert again.source_code == ""
    with pytest.raises(DomainError) as refused:
        helped(office, Helped(office.agency, procedure, code=CODE))
    assert refused.value.code == "help_twice"


def test_what_a_partner_office_hands_in_is_no_filing_on_line(
    office: Office, procedure: Procedure
) -> None:
    handed, code = {"channel": Channel.POST}, "GH1-261123-0001"
    said = Helped(office.agency, procedure, BINH, NUMBER)
    helped(office, said)
    arrives(office, code, procedure, **handed)
    arrives(office, CODE, procedure)
    assert codes() == [CODE]
    assert helped(office, said).source_code == ""
    with pytest.raises(DomainError) as refused:
        helped(office, replace(said, code=code))
    assert refused.value.code == "help_handed"


def test_what_the_clerk_makes_of_it_at_the_reception_is_tied_too(office: Office) -> None:
    """Received by its typed code before any list names it; or of a line without its procedure."""
    case = make_case()
    said = Helped(office.agency, case.version.procedure, "Lò Thị Khuyên")
    helped(office, said)
    helped(office, replace(said, owner_name="Lò Thị Mai"))
    typed = filed_online(MONDAY)
    receive(office, case, at=MONDAY, channel=2, online=typed, owner="Lò Thị Khuyên")
    arrives(office, CODE, None, owner_name="Lò Thị Mai", identity_number="")
    assert codes() == [typed.code, ""]
    receive(office, case, at=MONDAY, channel=2, online=OnlineIn(CODE), owner="Lò Thị Mai")
    assert codes() == [typed.code, CODE]


def test_the_day_is_when_it_was_handed_in_and_no_other_days_are_read(
    office: Office, procedure: Procedure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paid the next morning, it was filed with help all the same; an old line of a list costs no more."""
    helped(office, Helped(office.agency, procedure, BINH, NUMBER))
    OnlineHelp.objects.bulk_create(
        OnlineHelp(
            token=uuid4(), agency=office.agency, officer=office.clerk, procedure=procedure,
            at=MONDAY - timedelta(days=n), owner_name=BINH,
        )
        for n in range(1, 20)
    )  # fmt: skip
    held, is_for = [], helping._is_for
    monkeypatch.setattr(helping, "_is_for", lambda *one: held.append(one) or is_for(*one))
    old = a_filing(office, "G99.01-251123-000001", MONDAY - timedelta(days=365), procedure=procedure)  # fmt: skip
    paid = {"handed_in_at": instant(MONDAY)}
    new = a_filing(office, CODE, MONDAY + timedelta(days=1), procedure=procedure, said=paid)
    helping.tie([old, new])
    assert len(held) == 1
    assert OnlineHelp.objects.get(source_code=CODE).at == MONDAY


def test_what_is_refused_says_why(office: Office, procedure: Procedure) -> None:
    said = Helped(office.agency, procedure)
    case = make_case()
    old = filed_online(MONDAY - timedelta(days=3), CODE)
    receive(office, case, at=MONDAY - timedelta(days=3), channel=2, online=old)
    for wrong, code in (
        (said, "help_nobody"),
        (replace(said, code="---"), "online_code_missing"),
        (replace(said, code="A" * 80 + "-261123-0001"), "online_code_missing"),
        (replace(said, code="ABC"), "online_code_pattern"),
        (replace(said, code=CODE), "help_old"),
    ):
        with pytest.raises(DomainError) as refused:
            helped(office, wrong)
        assert refused.value.code == code
    with pytest.raises(DomainError) as denied:
        helped(make_office("Ủy ban nhân dân xã Tân Lập"), replace(said, owner_name=BINH))
    assert denied.value.code == "not_your_counter"
    assert not OnlineHelp.objects.exists()


def test_taken_back_it_counts_no_more_and_its_filing_may_have_another(
    office: Office, procedure: Procedure
) -> None:
    """Every change is noted, none is lost."""
    first = helped(office, Helped(office.agency, procedure, code=CODE))
    helping.take_back(first.pk, by=office.desk(office.clerk), at=MONDAY)
    second = helped(office, Helped(office.agency, procedure, code=CODE))
    found = OnlineHelp.objects.of_code(CODE)
    assert found is not None
    assert found.pk == second.pk
    with pytest.raises(DomainError):
        helping.take_back(first.pk, by=office.desk(office.clerk), at=MONDAY)
    noted = RowChange.objects.filter(table="dossiers.onlinehelp", row=first.pk)
    assert noted.count() == 2
    arrives(office, CODE, procedure)
    third = helped(office, Helped(office.agency, procedure, BINH, NUMBER))
    assert third.source_code == ""
    helping.take_back(second.pk, by=office.desk(office.clerk), at=MONDAY)
    third.refresh_from_db()
    assert third.source_code == CODE


def test_the_clerk_writes_it_from_the_counters_page(
    signed_in: Any,
    office: Office,
    procedure: Procedure,
    django_assert_num_queries: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One key away, the page sent twice is one help; the filing's pages say it; Hoàn tác."""
    client: Client = signed_in(office.clerk)
    address = reverse("filing_help")
    for page in (reverse("intake"), reverse("intake_form", args=[procedure.code])):
        html = client.get(page).content.decode()
        assert 'aria-keyshortcuts="Alt+H"' in html
        assert address in html
    found = client.get(address, {"q": procedure.code}).content.decode()
    assert f"{address}?thu-tuc={procedure.code}" in found
    empty = client.post(address, {"thu-tuc": procedure.code})
    assert empty.status_code == 422
    assert "ít nhất tên người được hỗ trợ" in empty.content.decode()
    said = {"thu-tuc": procedure.code, "token": str(uuid4()), "owner_name": BINH}
    for _ in range(2):
        shown = client.post(address, said, follow=True).content.decode()
    row = OnlineHelp.objects.get()
    assert "chờ Cổng gửi đến" in shown
    typed_over = client.post(address, said | {"owner_name": "Lò Thị Mai"})
    assert typed_over.status_code == 422
    assert f"đã ghi lượt hỗ trợ của {BINH}." in typed_over.content.decode()
    assert said["token"] not in typed_over.content.decode()
    filing = arrives(office, CODE, procedure)
    for page in (reverse("online_filings"), reverse("online_filing", args=[filing.pk])):
        assert "hỗ trợ" in client.get(page).content.decode()
    assert CODE in client.get(address).content.decode()
    undo = reverse("filing_help_undo", args=[row.pk])
    assert "Đã hoàn tác" in client.post(undo, follow=True).content.decode()
    assert "đã hoàn tác. Bấm" in client.post(address, said).content.decode()
    assert not OnlineHelp.objects.standing().exists()
    assert "Có hỗ trợ" not in client.get(reverse("online_filings")).content.decode()
    OnlineHelp.objects.bulk_create(
        OnlineHelp(
            token=uuid4(), agency=office.agency, officer=office.clerk, at=MONDAY, procedure=procedure,
            owner_name=f"Lò Thị {n}",
        )
        for n in range(20)
    )  # fmt: skip
    with django_assert_num_queries(9):
        client.get(address)
    with monkeypatch.context() as fewer:
        fewer.setattr(queries_of_helps, "MOST", 11)
        first = client.get(address).context
        rest = client.get(f"{address}{first['next']}").context
        shown_rows = [line.row.pk for one in (first, rest) for line in one["rows"]]
        assert len(shown_rows) == len(set(shown_rows)) == 21
        assert rest["next"] == ""
        # The procedure that was chosen stays chosen on the next page.
        chosen = client.get(address, {"thu-tuc": procedure.code}).context
        after = client.get(f"{address}{chosen['next']}").context
        assert [one["version"].procedure for one in (chosen, after)] == [procedure] * 2
    # Who reads numbers leaves a trace, which names nobody.
    read = AccessEvent.objects.order_by("pk")[AccessEvent.objects.count() - 1]
    assert (read.kind, read.detail) == (AccessKind.SEARCHED, "hỗ trợ nộp trực tuyến: 10 lượt")
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    person = {"identity_number": "001187000124"}
    away = arrives(other, "G99.01-261123-000009", procedure, **person)
    told = client.post(address, said | person | {"token": str(uuid4())}, follow=True)
    assert OnlineHelp.objects.of_code(away.code) is not None
    assert told.content.decode().count("nơi khác tiếp nhận") == 2
    assert away.code not in told.content.decode()
    stranger: Client = signed_in(other.clerk)
    assert BINH not in stranger.get(address).content.decode()
    assert stranger.post(undo).status_code == 404


def test_the_dossiers_page_says_who_helped_without_one_query_more(
    signed_in: Any, office: Office, procedure: Procedure, queries: Any
) -> None:
    """Beside the channel; whose counter it was where it was another one; nothing once taken back."""
    other, case = make_office("Ủy ban nhân dân xã Tân Lập"), make_case()
    filed = filed_online(MONDAY)
    dossier = receive(office, case, at=MONDAY, channel=2, online=filed)
    client: Client = signed_in(office.clerk)
    client.get(dossier.get_absolute_url())
    with queries() as without:
        assert "Có hỗ trợ tại quầy" not in client.get(dossier.get_absolute_url()).content.decode()
    row = helped(office, Helped(office.agency, procedure, code=filed.code))
    with queries() as asked:
        html = client.get(dossier.get_absolute_url()).content.decode()
    assert f"Có hỗ trợ tại quầy: {office.clerk.full_name}, 23/11/2026 09:00</span>" in html
    assert len(asked) == len(without)
    helping.take_back(row.pk, by=office.desk(office.clerk), at=MONDAY)
    helped(other, Helped(other.agency, procedure, code=filed.code))
    html = client.get(dossier.get_absolute_url()).content.decode()
    assert html.count("Có hỗ trợ tại quầy") == 1
    assert f"{other.clerk.full_name}, {other.agency.name}, 23/11/2026 09:00" in html


def _pages(client: Client, address: str) -> list[list[str]]:
    """The holders on each page of the list, by following its links to the end."""
    found = []
    while address:
        context = client.get(address).context
        found.append([row.holder for row in context["rows"]])
        address = context["next"]
    return found


def test_who_keeps_the_own_accounts(
    signed_in: Any, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its controller; a number once; a long list has a next page; an account of another agency is not
    found.
    """
    client: Client = signed_in(office.controller)
    address = reverse("own_accounts")
    said = {"kind": "1", "number": "001 187 000 123", "holder": "Lý Văn Sơn", "from_day": "01/11/2026"}  # fmt: skip
    assert client.post(address, said, follow=True).status_code == 200
    row = OwnAccount.objects.get()
    assert (row.number, row.agency) == (NUMBER, office.agency)
    assert "đang là tài khoản" in client.post(address, said).content.decode()
    client.post(reverse("own_account_end", args=[row.pk]))
    row.refresh_from_db()
    assert row.ended_by == office.controller
    client.post(address, said | {"number": "001 187 000 124", "holder": "Đang dùng"}, follow=True)
    html = client.get(address).content.decode()
    assert AccessEvent.objects.filter(kind=AccessKind.VIEWED, object_id=office.agency.pk).exists()
    assert html.index("Đang dùng") < html.index(row.holder)  # in use first
    assert "Trang sau" not in html
    monkeypatch.setattr(own_accounts_page, "SHOWN", 2)
    for last in (125, 126):
        client.post(address, said | {"number": f"001 187 000 {last}", "holder": f"Thứ {last}"})
    assert _pages(client, address) == [["Thứ 126", "Thứ 125"], ["Đang dùng", row.holder]]
    # Those beyond the first page are ended from there.
    far = OwnAccount.objects.get(holder="Đang dùng")
    client.post(reverse("own_account_end", args=[far.pk]))
    assert _pages(client, address) == [["Thứ 126", "Thứ 125"], ["Đang dùng", row.holder]]
    far.refresh_from_db()
    assert far.ended_at is not None
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    with pytest.raises(DomainError) as denied:
        own_accounts.end_account(row.pk, by=other.desk(other.controller), at=MONDAY)
    assert denied.value.code == "not_allowed"
    assert signed_in(other.controller).post(reverse("own_account_end", args=[row.pk])).status_code == 404  # fmt: skip
    assert Role.CONTROLLER in own_accounts.KEEPERS
