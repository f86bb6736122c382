"""`/cua-toi/`: the owner sends what is asked, where the installation lets citizens send (issue 15); the
clerk's act takes it in (R-47, R-48).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from citizens import forms
from citizens.models import CitizenSession
from citizens.views import papers
from dossiers.acts import sent, supplements
from dossiers.acts.many import Seen
from dossiers.acts.scanning import MOST_FILES
from dossiers.desk import sent as desk
from dossiers.intake.wanted import declared
from dossiers.models import Dossier, Supplement
from dossiers.models.sent import FILES, SentPapers
from dossiers.states import State
from dossiers.views.throttle import Limit
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.errors import SENTENCES, DomainError
from onestop.files import domain as files
from onestop.files.models import Attachment
from onestop.outbox.models import Message as Notice
from tests.citizens.conftest import AN, BINH, Entering
from tests.samples import PDF, a_pdf
from tests.world import MONDAY, Office, make_case, receive

pytestmark = pytest.mark.django_db
Enter = Callable[[int], Client]


@pytest.fixture
def citizen(enter: Entering, settings: Any) -> Enter:
    settings.CITIZENS_MAY_UPLOAD = True

    def begun(person: int) -> Client:
        client = Client()
        enter(client, person)
        return client

    return begun


@pytest.fixture
def waiting(office: Office) -> Dossier:
    dossier = receive(office, make_case())
    supplements.ask(
        Seen(dossier.pk), items=declared("Họ tên người mẹ"), reason="Thiếu",
        by=office.desk(office.clerk), at=MONDAY,
    )  # fmt: skip
    return dossier


def here(dossier: Dossier) -> str:
    return f"/cua-toi/ho-so/{dossier.code}/bo-sung/"


def sends(client: Client, dossier: Dossier, *items: tuple[str, bytes]) -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in items]
    return client.post(here(dossier), {"file": uploads})


def names() -> list[str]:
    rows = Attachment.objects.filter(kind=FILES).order_by("pk")
    return [row.name for row in rows]


def test_off_there_is_no_such_page_and_no_link_to_it(
    enter: Entering, settings: Any, waiting: Dossier
) -> None:
    settings.CITIZENS_MAY_UPLOAD = False
    client = Client()
    enter(client, AN)
    assert sends(client, waiting, ("a.pdf", PDF)).status_code == 404
    assert client.get(here(waiting)).status_code == 404
    for address in ("/cua-toi/", here(waiting).replace("bo-sung/", "")):
        page = client.get(address).content.decode()
        assert "Họ tên người mẹ" in page
        assert "bo-sung" not in page
    assert names() == []


def test_what_the_owner_sends_reaches_the_clerk_and_is_taken_in(
    office: Office, citizen: Enter, waiting: Dossier, signed_in: Any
) -> None:
    an = citizen(AN)
    for address in ("/cua-toi/", here(waiting).replace("bo-sung/", "")):
        assert f'href="{here(waiting)}"' in an.get(address).content.decode()
    page = an.get(here(waiting)).content.decode()
    assert "Họ tên người mẹ" in page
    answer = sends(an, waiting, ("giấy khai sinh.pdf", PDF), ("cccd.pdf", a_pdf()))
    assert (answer.status_code, answer["Location"]) == (302, here(waiting))
    page = an.get(here(waiting)).content.decode()
    assert "chờ Bộ phận Một cửa xem và nhận" in page
    assert "giấy khai sinh.pdf" in page
    row = SentPapers.objects.get()
    assert (row.source, names()) == (None, ["giấy khai sinh.pdf", "cccd.pdf"])
    # The same once more is no new file and tells nobody.
    sends(an, waiting, ("cccd.pdf", a_pdf()))
    assert len(names()) == 2
    [told] = Notice.objects.filter(kind="papers_sent")
    assert told.to_officer == office.clerk
    assert "cổng của cơ quan" in told.body
    traces = AccessEvent.objects.filter(kind=AccessKind.CITIZEN_VIEWED, object_id=waiting.pk)
    assert "gửi bổ sung trực tuyến: 2 tệp" in traces.values_list("detail", flat=True)
    # It completes nothing by itself: the clock begins by the clerk's act.
    waiting.refresh_from_db()
    assert waiting.state == State.AWAITING_PAPERS
    clerk = signed_in(office.clerk)
    complete = reverse("act_complete", args=[waiting.code])
    assert "Người nộp đã gửi bổ sung trên cổng của cơ quan" in clerk.get(complete).content.decode()
    shown = desk.shown(waiting)
    assert shown is not None
    assert shown.is_whole
    # What came after the clerk opened the page was not looked at.
    [first, second] = Attachment.objects.filter(kind=FILES).order_by("pk")
    old = {"seen": waiting.row_version, "newest": first.pk}
    assert "gửi thêm 1 tệp" in clerk.post(complete, old).content.decode()
    assert f'name="newest" value="{second.pk}"' in clerk.get(complete).content.decode()
    clerk.post(complete, {"seen": waiting.row_version, "newest": second.pk})
    waiting.refresh_from_db()
    assert waiting.state != State.AWAITING_PAPERS
    mine = Attachment.objects.of("dossier", waiting.pk)
    assert {one.name for one in mine} == {"giấy khai sinh.pdf", "cccd.pdf"}
    # What comes now answers nothing.
    answer = sends(an, waiting, ("c.pdf", PDF))
    assert answer.status_code == 409
    assert "chưa được nhận. Đề nghị Ông/Bà xem lại" in answer.content.decode()
    page = an.get(here(waiting)).content.decode()
    assert "không còn chờ bổ sung" in page
    assert "chưa được nhận" not in page
    assert "bo-sung" not in an.get("/cua-toi/").content.decode()


def test_until_when_it_has_to_come_is_said_where_it_is_read_and_where_it_is_sent(
    citizen: Enter, waiting: Dossier
) -> None:
    an, rows = citizen(AN), Supplement.objects.filter(dossier=waiting)
    pages = (here(waiting).replace("bo-sung/", ""), here(waiting))
    for until, said in (
        (MONDAY + timedelta(days=1), ("Đề nghị Ông/Bà nộp trước", "Đề nghị Ông/Bà gửi trước")),
        (MONDAY - timedelta(days=1), ("Đã quá hạn bổ sung",) * 2),
    ):
        rows.update(respond_by=until)
        for address, words in zip(pages, said, strict=True):
            assert words in an.get(address).content.decode()


def test_of_several_files_the_good_ones_are_taken_and_each_other_one_says_why(
    citizen: Enter, waiting: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    an = citizen(AN)
    answer = sends(an, waiting, ("a.pdf", PDF), ("b.exe", b"MZ"), ("rong.pdf", b""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Không nhận tệp “b.exe”" in page
    assert "Tệp “rong.pdf” không có nội dung. Đề nghị Ông/Bà" in page
    assert "Có tệp chưa gửi được" in page
    assert names() == ["a.pdf"]
    assert "chờ Bộ phận Một cửa xem và nhận" in page
    assert "chọn tệp cần gửi" in sends(an, waiting).content.decode()
    many = [(f"{number}.pdf", PDF) for number in range(MOST_FILES + 1)]
    assert f"tối đa {MOST_FILES} tệp" in sends(an, waiting, *many).content.decode()
    monkeypatch.setattr(sent, "MOST_WAITING", 2)
    monkeypatch.setattr(forms, "MOST_WAITING", 2)
    monkeypatch.setattr(papers, "keep", never)
    page = sends(an, waiting, ("c.pdf", PDF), ("d.pdf", a_pdf())).content.decode()
    assert "nhận tối đa 2 tệp. Đề nghị Ông/Bà" in page
    assert names() == ["a.pdf"]
    monkeypatch.undo()

    def away(*args: Any, **kwargs: Any) -> None:
        raise DomainError("file_not_checked", field="files", name="e.pdf")

    # What is wrong with our machines is told to no citizen.
    monkeypatch.setattr(files, "refuse_infected", away)
    page = sends(an, waiting, ("e.pdf", PDF)).content.decode()
    assert "Chưa nhận được tệp “e.pdf” lúc này" in page
    assert "quản trị" not in page


def never(*args: Any, **kwargs: Any) -> None:
    raise AssertionError("kept")


def test_whose_it_is_and_whether_it_waits_is_asked_when_it_is_written(
    office: Office, citizen: Enter, waiting: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the files were kept the session ended, the owner was corrected, the request was closed."""
    an = citizen(AN)
    real = files.keep

    def meanwhile(act: Callable[[], object]) -> None:
        def keep(*args: Any, **kwargs: Any) -> Any:
            act()
            return real(*args, **kwargs)

        monkeypatch.setattr(papers, "keep", keep)

    rows = Dossier.objects.filter(pk=waiting.pk)
    meanwhile(lambda: rows.update(identity_number="001080000999"))
    answer = sends(an, waiting, ("a.pdf", PDF))
    assert (answer.status_code, names()) == (409, [])
    assert "<form" not in answer.content.decode()
    rows.update(identity_number=waiting.identity_number)
    meanwhile(CitizenSession.objects.all().delete)
    assert sends(an, waiting, ("a.pdf", PDF)).status_code == 302
    assert names() == ["a.pdf"]
    # Without a session nothing is read, and it is said.
    monkeypatch.undo()
    answer = sends(an, waiting, ("b.pdf", PDF))
    assert (answer.status_code, names()) == (403, ["a.pdf"])
    assert "phiên của Ông/Bà đã đóng" in answer.content.decode()


def test_an_infected_file_is_told_to_the_log_of_the_dossier(
    citizen: Enter, waiting: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def infected(*args: Any, **kwargs: Any) -> None:
        raise DomainError("file_infected", field="files", name="a.pdf")

    monkeypatch.setattr(files, "refuse_infected", infected)
    page = sends(citizen(AN), waiting, ("a.pdf", PDF)).content.decode()
    assert "có mã độc nên không được nhận. Đề nghị Ông/Bà" in page
    [line] = AccessEvent.objects.filter(kind=AccessKind.DENIED, object_id=waiting.pk)
    assert line.detail == "tệp có mã độc"
    assert line.username.startswith("công dân ")


def test_nobody_else_sends(citizen: Enter, waiting: Dossier) -> None:
    """The owner of another dossier, nobody, and whoever has no token of our form."""
    binh = citizen(BINH)
    assert sends(binh, waiting, ("a.pdf", PDF)).status_code == 404
    assert sends(Client(), waiting, ("a.pdf", PDF)).status_code == 403
    an = citizen(AN)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = an.cookies
    assert sends(strict, waiting, ("a.pdf", PDF)).status_code == 403
    assert not SentPapers.objects.exists()
    kinds = AccessEvent.objects.filter(kind=AccessKind.DENIED, object_id=waiting.pk)
    assert kinds.count() == 1


def test_too_much_is_not_read_and_a_stranger_may_send_no_file(
    citizen: Enter, waiting: Dossier, settings: Any
) -> None:
    settings.ANONYMOUS_MAX_BYTES, settings.REQUEST_MAX_BYTES = 1000, 5000
    an, large = citizen(AN), ("a.pdf", PDF + b"%" * 3000)
    assert sends(an, waiting, large).status_code == 302
    answer = sends(an, waiting, ("b.pdf", PDF + b"%" * 6000))
    assert answer.status_code == 413
    assert "gửi ít tệp hơn" in answer.content.decode()
    answer = sends(Client(), waiting, large)
    assert answer.status_code == 413
    assert "phiên của Ông/Bà đã đóng" in answer.content.decode()
    # Whose body may be this large is asked of the dossier's owner alone.
    assert sends(citizen(BINH), waiting, large).status_code == 413
    # Elsewhere a citizen is a stranger: no file of theirs is read at an officer's address.
    answer = an.post("/dang-nhap/", {"file": SimpleUploadedFile(*large)})
    assert answer.status_code == 413
    settings.CITIZENS_MAY_UPLOAD = False
    assert sends(an, waiting, large).status_code == 413


def test_so_often_an_hour(
    citizen: Enter, waiting: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "OF_A_DOSSIER", Limit("citizen-papers-few", times=1, seconds=3600))
    an = citizen(AN)
    assert sends(an, waiting, ("a.pdf", PDF)).status_code == 302
    assert sends(an, waiting).status_code == 422
    answer = sends(an, waiting, ("b.pdf", PDF))
    assert answer.status_code == 429
    assert "các tệp đã gửi vẫn còn" in answer.content.decode()
    assert names() == ["a.pdf"]


def test_an_officer_in_the_same_browser_is_no_way_around_what_the_citizen_may(
    office: Office, enter: Entering, settings: Any, signed_in: Any, waiting: Dossier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.CITIZENS_MAY_UPLOAD = True
    monkeypatch.setattr(papers, "OF_A_DOSSIER", Limit("citizen-papers-few", times=1, seconds=3600))
    both = signed_in(office.clerk)
    enter(both, AN)
    assert sends(both, waiting, ("a.pdf", PDF)).status_code == 302
    assert sends(both, waiting, ("b.pdf", PDF)).status_code == 429
    assert names() == ["a.pdf"]


def test_whatever_keeps_a_file_from_being_taken_is_said_to_a_citizen() -> None:
    """Not as to an officer at a scanner: who reads it is no colleague."""
    codes = {*re.findall(r'DomainError\(\s*"(file_\w+)"', inspect.getsource(files))}
    codes -= {"file_missing", "file_unreadable", "file_changed"}  # of what was kept before
    codes |= {f"file_{fault}" for fault in ("broken", "password")}
    codes |= {"file_infected", "file_not_checked", "file_check_limit"}
    codes |= {"papers_not_awaited", "papers_enough", "papers_not_back", "papers_back_often"}
    assert len(codes) > 12
    for code in sorted(codes):
        said = SENTENCES[f"citizen_{code}"]
        assert "Hãy" not in said
        assert "Ông/Bà" in said
