"""What a citizen sent at `/cua-toi/` goes back to them until the counter has taken it in: a trace stays, and
the clerk who has the page open reads that it is gone.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citizens import forms
from dossiers.acts import sent as acts
from dossiers.acts import supplements
from dossiers.acts.many import Seen
from dossiers.desk import sent as desk
from dossiers.models import Dossier
from dossiers.models.sent import FILES, SentPapers, SentTakenBack
from dossiers.states import State
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.files.models import Attachment
from tests.citizens.conftest import AN, BINH
from tests.citizens.test_papers import Enter, citizen, here, names, sends, waiting  # noqa: F401
from tests.samples import PDF, a_pdf
from tests.world import MONDAY, Office

pytestmark = pytest.mark.django_db


def back_of(dossier: Dossier, file: Attachment) -> str:
    return f"{here(dossier)}{file.pk}/lay-lai/"


@pytest.fixture
def an(citizen: Enter, waiting: Dossier) -> Client:  # noqa: F811
    """Sent two files."""
    client = citizen(AN)
    sends(client, waiting, ("nhầm.pdf", PDF), ("cccd.pdf", a_pdf()))
    return client


@pytest.fixture
def files(an: Client) -> list[Attachment]:
    return list(Attachment.objects.filter(kind=FILES).order_by("pk"))


def complete(dossier: Dossier) -> str:
    return reverse("act_complete", args=[dossier.code])


def as_shown(dossier: Dossier) -> dict[str, int]:
    """What the clerk's page sends, as it is now."""
    found = desk.shown(dossier)
    if found is None:
        return {"seen": dossier.row_version}
    return {"seen": dossier.row_version, "newest": found.newest, "count": len(found.files)}


def test_a_file_goes_back_and_that_it_was_there_stays(
    an: Client, waiting: Dossier, files: list[Attachment]  # noqa: F811
) -> None:  # fmt: skip
    page = an.get(here(waiting)).content.decode()
    assert page.count("Lấy lại<") == 2
    answer = an.post(back_of(waiting, files[0]))
    assert (answer.status_code, answer["Location"]) == (302, here(waiting))
    assert names() == ["cccd.pdf"]
    page = an.get(here(waiting)).content.decode()
    assert "Ông/Bà đã lấy lại: nhầm.pdf" in page
    assert page.count("Lấy lại<") == 1
    row = SentTakenBack.objects.get()
    assert (row.file, row.name, row.sha256) == (files[0].pk, "nhầm.pdf", files[0].sha256)
    lines = AccessEvent.objects.filter(kind=AccessKind.CITIZEN_VIEWED, object_id=waiting.pk)
    assert f"lấy lại tệp {files[0].pk} đã gửi bổ sung" in lines.values_list("detail", flat=True)


def test_twice_it_goes_once(an: Client, waiting: Dossier, files: list[Attachment]) -> None:  # noqa: F811
    for _ in range(2):
        assert an.post(back_of(waiting, files[0])).status_code == 302
    assert (names(), SentTakenBack.objects.count()) == (["cccd.pdf"], 1)
    told = AccessEvent.objects.filter(detail__startswith="lấy lại tệp")
    assert told.count() == 1


def test_where_nothing_is_left_nothing_was_sent(
    office: Office, an: Client, waiting: Dossier, files: list[Attachment], signed_in: Any  # noqa: F811
) -> None:  # fmt: skip
    assert "Đã gửi bổ sung" in an.get("/cua-toi/").content.decode()
    for one in files:
        an.post(back_of(waiting, one))
    assert not SentPapers.objects.exists()
    assert "Đã gửi bổ sung" not in an.get("/cua-toi/").content.decode()
    page = signed_in(office.clerk).get(complete(waiting)).content.decode()
    assert "Người nộp đã lấy lại hết các tệp đã gửi: nhầm.pdf" in page
    # Sent anew it waits anew.
    sends(an, waiting, ("đúng.pdf", PDF))
    assert names() == ["đúng.pdf"]
    assert "Đã gửi bổ sung" in an.get("/cua-toi/").content.decode()


@pytest.mark.parametrize("gone", [1, 2])
def test_the_clerk_who_has_the_page_open_reads_that_it_is_gone(
    office: Office, an: Client, waiting: Dossier, files: list[Attachment], signed_in: Any, gone: int  # noqa: F811
) -> None:  # fmt: skip
    clerk = signed_in(office.clerk)
    waiting.refresh_from_db()
    opened = as_shown(waiting)
    page = clerk.get(complete(waiting)).content.decode()
    assert 'name="count" value="2"' in page
    for one in files[:gone]:
        an.post(back_of(waiting, one))
    answer = clerk.post(complete(waiting), opened).content.decode()
    assert f"Người nộp lấy lại {gone} tệp trong lúc bạn đang mở trang này" in answer
    waiting.refresh_from_db()
    assert waiting.state == State.AWAITING_PAPERS
    # The link of the page that was open.
    link = clerk.get(reverse("dossier_file", args=[waiting.code, files[0].pk]))
    assert link.status_code == 410
    assert "Người nộp đã lấy lại tệp “nhầm.pdf”" in link.content.decode()
    # As the page is now.
    clerk.post(complete(waiting), as_shown(waiting))
    waiting.refresh_from_db()
    assert waiting.state != State.AWAITING_PAPERS
    mine = Attachment.objects.of("dossier", waiting.pk)
    assert [one.name for one in mine] == ["cccd.pdf"][: 2 - gone]


def test_what_was_taken_in_stays_and_it_is_said(
    office: Office, an: Client, waiting: Dossier, files: list[Attachment]  # noqa: F811
) -> None:  # fmt: skip
    seen = Seen(waiting.pk)
    supplements.complete(seen, by=office.desk(office.clerk), at=MONDAY, newest=files[1].pk, count=2)
    answer = an.post(back_of(waiting, files[0]))
    assert answer.status_code == 409
    assert "không lấy lại được tệp đã gửi. Đề nghị Ông/Bà" in answer.content.decode()
    assert "Lấy lại<" not in an.get(here(waiting)).content.decode()
    assert len(names()) == 2


def test_nobody_else_takes_it_and_nothing_else_goes(
    citizen: Enter, an: Client, waiting: Dossier, files: list[Attachment], settings: Any  # noqa: F811
) -> None:  # fmt: skip
    assert citizen(BINH).post(back_of(waiting, files[0])).status_code == 404
    answer = Client().post(back_of(waiting, files[0]))
    assert answer["Location"] == here(waiting).replace("bo-sung/", "")
    assert an.get(back_of(waiting, files[0])).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = an.cookies
    assert strict.post(back_of(waiting, files[0])).status_code == 403
    other = Attachment.objects.create(
        kind="dossier", object_id=waiting.pk, name="a.pdf", content_type="application/pdf", size=1,
        sha256="a" * 64, uploaded_at=MONDAY,
    )  # fmt: skip
    an.post(back_of(waiting, other))
    assert Attachment.objects.filter(pk=other.pk).exists()
    settings.CITIZENS_MAY_UPLOAD = False
    assert an.post(back_of(waiting, files[0])).status_code == 404
    assert len(names()) == 2
    assert not SentTakenBack.objects.exists()


def test_whose_it_is_is_asked_when_it_is_taken(waiting: Dossier, files: list[Attachment]) -> None:  # noqa: F811
    with pytest.raises(Exception, match="papers_not_back"):
        acts.take_back(waiting.pk, files[0].pk, belongs=lambda one: False, at=MONDAY)
    assert len(names()) == 2


def test_sent_and_taken_back_again_and_again_is_bounded(
    an: Client, waiting: Dossier, files: list[Attachment], monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    an.post(back_of(waiting, files[0]))
    for place in (acts, forms):
        monkeypatch.setattr(place, "MOST_SENT", 3)
    assert sends(an, waiting, ("b.pdf", PDF)).status_code == 302
    assert "lấy lại quá nhiều tệp" in sends(an, waiting, ("c.pdf", PDF)).content.decode()
    monkeypatch.setattr(forms, "MOST_SENT", 9)
    assert "lấy lại quá nhiều tệp" in sends(an, waiting, ("c.pdf", PDF)).content.decode()
    assert names() == ["cccd.pdf", "b.pdf"]
