"""A letter from the return desk: one result, given to the post there, is followed as those of a batch
(R-120).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string

from dossiers.acts import post_desk, post_out, taking_back
from dossiers.acts.many import Seen
from dossiers.acts.returning import Taking
from dossiers.desk.post import letters_of
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, DossierPaper, Return, Slip
from dossiers.models.post import PostalItem, PostalNote
from dossiers.states import State
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from tests.dossiers.own.post import POSTMAN
from tests.dossiers.post.office import AFTERNOON, READY, Counter, fresh, make_counter
from tests.dossiers.returning.test_return_desk import answers, finished
from tests.world import IN_PERSON, vn

pytestmark = pytest.mark.django_db
MINUTES = "dossiers/post/note_print.html"
SignIn = Callable[[Officer], Any]


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def asked_late(counter: Counter, **more: Any) -> Dossier:
    """Nobody said at the intake that it goes by post."""
    return finished(counter.office, at=READY, return_by_post=False, **more)


def send(counter: Counter, dossier: Dossier, **said: Any) -> PostalItem:
    usual = {"name": "Nguyễn Văn Ân", "post_number": "eb 1", "note": "Về nhà"}
    taking = Taking(told=IN_PERSON, **usual | said)
    by = counter.office.desk(counter.office.clerk, AFTERNOON)
    return post_desk.send(Seen(dossier.pk), taking, 25_000, POSTMAN, by=by, at=AFTERNOON)


def test_a_result_is_sent_from_the_desk(counter: Counter) -> None:
    """Under minutes of its own, which run on with those of batches; whoever asked for the post."""
    dossier = asked_late(counter)
    paper = DossierPaper.objects.filter(dossier=dossier).earliest("pk")
    item = send(counter, dossier, papers_back=(paper.pk,))
    assert (item.number, item.fare, item.originals) == ("EB1", 25_000, [paper.pk])
    assert item.papers.startswith("Giấy xác nhận số 12/GXN-UBND; ")
    assert (item.note.serial, item.note.way, item.note.office) == (
        "1/2026", PostalNote.Way.OUT, "Bưu điện Bình Minh",
    )  # fmt: skip
    given = Return.objects.get(dossier=dossier)
    assert (given.way, given.post_number, given.signature) == (
        Return.Way.POST, "EB1", Return.Signature.POST,
    )  # fmt: skip
    assert fresh(dossier).state == State.RETURNED
    note, _ = counter.give(counter.ready("Lò Thị Bình"))
    assert note is not None
    assert note.serial == "2/2026"
    # It goes on as the others do: delivered by the postman; or taken back, until then.
    by = counter.office.desk(counter.postman, AFTERNOON)
    post_out.deliver(Seen(dossier.pk), "Vợ", by=by, at=AFTERNOON)
    assert verify(now=AFTERNOON).misfit is None


def test_it_is_taken_back_whole(counter: Counter) -> None:
    """Its minutes say that they are of nothing."""
    dossier = asked_late(counter)
    item = send(counter, dossier)
    by, at = counter.office.desk(counter.office.clerk, AFTERNOON), vn("23/11/2026 14:05")
    taking_back.take_back(Seen(dossier.pk), by=by, at=at)
    item.refresh_from_db()
    assert not item.is_standing
    assert not Return.objects.standing().exists()
    assert fresh(dossier).state == State.FINISHED
    assert verify(now=at).misfit is None
    html = render_to_string(MINUTES, {"note": item.note, "letters": [], "lines": []})
    assert "biên bản không có giá trị" in html


def test_it_goes_to_whom_the_desk_named(counter: Counter, signed_in: SignIn) -> None:
    """The authorised one is the recipient (TT 17/2017 Đ5.2.d). What is noted of the return is no word of
    the paper that the postman signs, but the address of a dossier that has none.
    """
    who = {"taker": Return.Taker.AUTHORISED, "name": "Lò Thị Pành", "authorisation": "Giấy số 1"}
    one = send(counter, asked_late(counter), note="Căn cước hết hạn", **who)
    other = asked_late(counter)
    Dossier.objects.filter(pk=other.pk).update(address="")
    two = send(counter, other, post_number="EB2")
    assert (one.note.note, two.note.note) == ("", POSTMAN.note)
    page = signed_in(counter.office.clerk).get(f"/buu-chinh/{one.pk}/")
    assert page.context["receiver"] == page.context["deliver"].initial["to"] == "Lò Thị Pành"
    letters = letters_of(one.note)
    html = render_to_string(MINUTES, {"note": one.note, "letters": letters, "lines": []})
    assert "Lò Thị Pành. " in html
    assert "Nguyễn Văn Ân" not in html
    # Of a batch the note is nobody's address: where there is none, the desk is asked for it.
    third = counter.ready("Lò Thị Bình")
    Dossier.objects.filter(pk=third.pk).update(address=" ")
    note, done = counter.give(third, to=replace(POSTMAN, note="Giao chiều"))
    assert note is None
    assert getattr(done[0].error, "code", "") == "post_no_address"


def test_what_a_letter_needs(counter: Counter) -> None:
    """Who takes it over, a fare that is one, where it goes; and a number is one person's."""
    dossier = asked_late(counter)
    Dossier.objects.filter(pk=dossier.pk).update(address="")
    send(counter, counter.ready("Lò Thị Bình"), post_number="EB9")
    by = counter.office.desk(counter.office.clerk, AFTERNOON)
    good = Taking("Nguyễn Văn Ân", post_number="EB1", note="Về nhà", told=IN_PERSON)
    for taking, fare, to, said in (
        (good, 0, replace(POSTMAN, office=" "), ("post_office", "office")),
        (good, 0, replace(POSTMAN, name=""), ("post_postman", "postman")),
        (good, -1, POSTMAN, ("post_fare", "fare")),
        (replace(good, note=""), 0, POSTMAN, ("post_address", "note")),
        (replace(good, post_number=""), 0, POSTMAN, ("post_number_missing", "post_number")),
        (replace(good, post_number="EB9"), 0, POSTMAN, ("post_number_twice", "post_number")),
    ):  # fmt: skip
        with pytest.raises(DomainError) as error:
            post_desk.send(Seen(dossier.pk), taking, fare, to, by=by, at=AFTERNOON)
        assert (error.value.code, error.value.field) == said
    assert fresh(dossier).state == State.FINISHED
    assert PostalNote.objects.count() == 1


def test_the_page_asks_and_leads_to_the_letter(counter: Counter, signed_in: SignIn) -> None:
    dossier = asked_late(counter)
    client, address = signed_in(counter.office.clerk), f"/tra-ket-qua/{dossier.code}/"
    sent = answers(dossier, way=3, post_number="eb 77")
    refused = client.post(address, sent | {"fare": "nhiều"})
    html = refused.content.decode()
    assert refused.status_code == 422
    for said in ("Hãy ghi tên bưu cục", "nhân viên bưu chính ký nhận", "cước phải là số đồng"):
        assert said in html
    whole = sent | {"fare": "26.500", "office": "Bưu điện Tam Thanh", "postman": "Vũ Văn Thư"}
    answer = client.post(address, whole | {"payer": "2"})
    item = PostalItem.objects.get()
    assert answer.url == f"/buu-chinh/{item.pk}/"
    html = client.get(answer.url).content.decode()
    assert (item.number, item.fare, item.payer) == ("EB77", 26_500, PostalItem.Payer.SENDER)
    assert f"Đã trả kết quả hồ sơ {dossier.code}." in html
    assert f'href="/buu-chinh/{item.pk}/phieu-gui.pdf"' in html
    assert dossier.code in client.get("/buu-chinh/").content.decode()
    # At the counter nothing of it is asked, nor written.
    other = asked_late(counter, owner="Lò Thị Bình")
    typed = answers(other, name="Lò Thị Bình", way=1, post_number="EB1")
    client.post(f"/tra-ket-qua/{other.code}/", typed)
    assert Return.objects.get(dossier=other).post_number == ""
    assert Slip.objects.filter(dossier=other, slug="tra-ket-qua").exists()
    assert PostalItem.objects.count() == 1
