"""Results that go by post: given as a batch, delivered, tried in vain, brought back (R-120)."""

from collections.abc import Callable
from typing import Any

import pytest

from dossiers.acts import post_out, post_ready, taking_back
from dossiers.acts.many import Seen
from dossiers.acts.post_out import Postman, Trying
from dossiers.desk import post as desk_lists
from dossiers.ledger import writer
from dossiers.models import Dossier, DossierPaper, Return, SlipCounter
from dossiers.models.post import PostalItem, PostalNote, PostalTry
from dossiers.states import State
from onestop.accounts.models import AccessEvent, Officer, Role
from onestop.errors import Conflict, DomainError
from onestop.outbox.models import Message
from tests.dossiers.post.office import Counter, fresh, make_counter
from tests.dossiers.returning.test_return_desk import finished
from tests.world import make_office, make_officer, vn

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]
FAILED, INVITED = PostalTry.Kind


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def test_a_batch_is_returned_under_one_minutes(counter: Counter) -> None:
    """R-120: number, papers and hand-over time of each; state 10 as the post takes it over (R-70)."""
    one, two = counter.ready("Nguyễn Văn Ân"), counter.ready("Lò Thị Bình")
    note, done = counter.give(one, two)
    assert note is not None
    assert [each.error for each in done] == [None, None]
    assert (note.serial, note.way, note.signed_by) == (
        "1/2026",
        PostalNote.Way.OUT,
        counter.office.clerk,
    )
    rows = list(PostalItem.objects.order_by("position"))
    assert [row.dossier_id for row in rows] == [one.pk, two.pk]
    assert rows[0].papers.startswith("Giấy xác nhận số 12/GXN-UBND")
    assert {fresh(row.dossier).state for row in rows} == {State.RETURNED}
    given = Return.objects.get(dossier=one)
    assert (given.way, given.post_number) == (Return.Way.POST, rows[0].number)
    third = counter.ready("Mã Thị Thương")
    assert counter.give(third)[0].serial == "2/2026"  # type: ignore[union-attr]
    assert SlipCounter.objects.get(slug="bb-buu-chinh").last == 2


def test_what_is_refused_stays_and_the_others_go(counter: Counter) -> None:
    good, stale = counter.ready("Nguyễn Văn Ân"), counter.ready("Lò Thị Bình")
    elsewhere = counter.ready("Mã Thị Thương")
    note, done = counter.give(good, elsewhere, numbers=["EB1", "EB1"])
    assert note is not None
    assert [getattr(one.error, "code", None) for one in done] == [None, "post_number_twice"]
    note, done = counter.give(stale, version=1)
    assert note is None
    assert isinstance(done[0].error, Conflict)
    assert PostalNote.objects.count() == 1  # nothing went: no number is lost
    assert fresh(stale).state == State.FINISHED


@pytest.mark.parametrize(
    ("to", "code"),
    [(Postman("", "Thư"), "post_office"), (Postman("Bưu điện", " "), "post_postman")],
)
def test_who_takes_over_is_said(counter: Counter, to: Postman, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        counter.give(counter.ready(), to=to)
    assert refused.value.code == code


def test_the_postman_does_not_give_to_himself(counter: Counter) -> None:
    with pytest.raises(DomainError, match="not_your_counter"):
        counter.give(counter.ready(), by=counter.postman)


def test_delivery_is_confirmed_once(counter: Counter) -> None:
    item = counter.sent()
    at = vn("25/11/2026 10:00")
    desk = counter.office.desk(counter.postman, at)
    shown = Seen(item.dossier_id, fresh(item.dossier).row_version)
    post_out.deliver(shown, "Lò Thị Bình (vợ)", by=desk, at=at)
    item.refresh_from_db()
    assert (item.delivered_at, item.delivered_to) == (at, "Lò Thị Bình (vợ)")
    with pytest.raises(Conflict):  # two at once: the second page is old
        post_out.deliver(shown, "Khác", by=counter.office.desk(counter.office.clerk, at), at=at)
    with pytest.raises(DomainError, match="post_gone"):
        post_out.deliver(Seen(item.dossier_id), "Khác", by=desk, at=at)
    post_out.take_back_own(Seen(item.dossier_id), by=desk, at=at)
    item.refresh_from_db()
    assert item.is_on_the_way
    assert item.delivered_to == ""


def test_after_two_invitations_it_comes_back(counter: Counter) -> None:
    """TT 17/2017 Đ5.2.h: at least two, two working days apart; then it waits at the counter again."""
    item = counter.sent()
    seen = Seen(item.dossier_id)

    def at_post(day: str) -> dict[str, Any]:
        at = vn(f"{day}/2026 16:00")
        return {"by": counter.office.desk(counter.postman, at), "at": at}

    def attempt(kind: int, day: str) -> None:
        now = at_post(day)
        post_out.try_again(seen, Trying(kind, now["at"].date(), "Vắng nhà"), **now)

    with pytest.raises(DomainError, match="post_not_failed"):
        attempt(INVITED, "25/11")
    attempt(FAILED, "25/11")
    with pytest.raises(DomainError, match="post_not_failed"):  # one before it was tried
        invited = Trying(INVITED, vn("24/11/2026 09:00").date(), "Vắng nhà")
        post_out.try_again(seen, invited, **at_post("25/11"))
    attempt(INVITED, "25/11")
    with pytest.raises(DomainError, match="post_invited_soon"):
        attempt(INVITED, "26/11")
    with pytest.raises(DomainError, match="post_invited_twice"):
        post_out.bring_back(seen, **at_post("27/11"))
    attempt(INVITED, "27/11")
    with pytest.raises(DomainError, match="post_invited_wait"):
        post_out.bring_back(seen, **at_post("30/11"))
    post_out.bring_back(seen, **at_post("01/12"))
    item.refresh_from_db()
    dossier = fresh(item.dossier)
    assert item.back_at is not None
    assert not item.is_on_the_way
    assert (dossier.state, dossier.returned_at) == (State.FINISHED, None)
    assert not Return.objects.standing().exists()
    assert not DossierPaper.objects.filter(dossier=dossier, originals_returned=True).exists()
    # It may go out again, under another number.
    note, done = counter.give(dossier, numbers=["EB9"], at=vn("02/12/2026 09:00"))
    assert note is not None, done


def test_giving_is_taken_back_by_the_counter(counter: Counter) -> None:
    item = counter.sent()
    at = vn("23/11/2026 14:05")
    desk = counter.office.desk(counter.office.clerk, at)
    taking_back.take_back(Seen(item.dossier_id), by=desk, at=at)
    item.refresh_from_db()
    assert not item.is_standing
    assert fresh(item.dossier).state == State.FINISHED


def test_pages_are_those_of_the_own_agency(counter: Counter, signed_in: SignIn) -> None:
    """A stranger's post office gets 404 whatever number it forges."""
    item = counter.sent()
    other = make_office("Ủy ban nhân dân xã Khác")
    stranger = signed_in(make_officer("Bế Văn Lạ", other.agency, (Role.POSTAL, None)))
    own = signed_in(counter.postman)
    for where in (
        f"/buu-chinh/{item.pk}/", f"/buu-chinh/{item.pk}/phieu-gui.pdf", f"/buu-chinh/bien-ban/{item.note_id}/",
        f"/buu-chinh/bien-ban/{item.note_id}.pdf",
    ):  # fmt: skip
        assert own.get(where).status_code == 200, where
        assert stranger.get(where).status_code == 404, where
    seen = fresh(item.dossier).row_version
    sent = {"viec": "phat", "to": "Tôi", "seen": seen}
    assert stranger.post(f"/buu-chinh/{item.pk}/", sent).status_code == 404
    stranger.post("/buu-chinh/da-phat/", {"chon": f"{item.dossier_id}.{seen}"})
    item.refresh_from_db()
    assert item.delivered_at is None
    # Each reading of a letter is a line of its dossier's log.
    assert AccessEvent.objects.filter(
        object_kind="dossier", object_id=item.dossier_id, officer=counter.postman
    ).exists()


def test_what_waits_for_the_post_goes_on_to_its_end_and_is_given_from_each_page(
    counter: Counter, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = counter.ready("Nguyễn Văn Ân"), counter.ready("Lò Thị Bình")
    monkeypatch.setattr("dossiers.desk.post.MOST_GIVEN", 1)
    clerk = signed_in(counter.office.clerk)
    first = clerk.get("/buu-chinh/giao/")
    further = f"/buu-chinh/giao/{first.context['next']}"
    second = clerk.get(further)
    shown = [page.context["rows"][0][0].dossier for page in (first, second)]
    assert (shown, second.context["next"]) == ([one, two], "")
    sent = {
        f"so-{two.pk}": "EB222", f"v-{two.pk}": two.row_version, "office": "Bưu điện Bình Minh",
        "postman": "Vũ Văn Thư", "payer": "1", "notice": "2",
    }  # fmt: skip
    assert clerk.post(further, sent).status_code == 302
    assert PostalItem.objects.get().dossier == two


def test_the_way_by_the_pages(counter: Counter, signed_in: SignIn) -> None:
    one, two = counter.ready("Nguyễn Văn Ân"), counter.ready("Lò Thị Bình")
    clerk, postman = signed_in(counter.office.clerk), signed_in(counter.postman)
    html = clerk.get("/buu-chinh/giao/").content.decode()
    assert one.code in html
    assert two.code in html
    sent = {
        f"so-{one.pk}": "eb 111", f"cuoc-{one.pk}": "25.000", f"v-{one.pk}": one.row_version, f"so-{two.pk}": "EB222",
        f"v-{two.pk}": two.row_version, "office": "Bưu điện Bình Minh", "postman": "Vũ Văn Thư", "payer": "1",
    }  # fmt: skip
    refused = clerk.post("/buu-chinh/giao/", sent)  # earlier than promised: nobody was told
    assert refused.status_code == 422
    assert 'value="eb 111"' in refused.content.decode()
    html = clerk.post("/buu-chinh/giao/", sent | {"notice": "2"}, follow=True).content.decode()
    assert "Biên bản số 1/2026: đã giao bưu chính kết quả của 2 hồ sơ." in html
    item = PostalItem.objects.get(dossier=one)
    assert (item.number, item.fare) == ("EB111", 25_000)
    assert one.code in postman.get("/buu-chinh/").content.decode()
    for text in ("eb111", "EB 111", one.code.lower()):
        assert postman.get("/buu-chinh/", {"q": text}).url == f"/buu-chinh/{item.pk}/"
    chosen = [f"{d.pk}.{fresh(d).row_version}" for d in (one, two)]
    html = postman.post("/buu-chinh/da-phat/", {"chon": chosen}, follow=True).content.decode()
    assert "Đã ghi phát kết quả của 2 hồ sơ." in html
    assert "Không có bưu gửi nào" in html
    assert "Lò Thị Bình" in postman.get("/buu-chinh/?loc=da-phat").content.decode()


def test_lists_ask_the_same_for_any_number(
    counter: Counter, signed_in: SignIn, queries: Any
) -> None:
    owners = ["Nguyễn Văn Ân", "Lò Thị Bình", "Mã Thị Thương", "Chu Văn Lập"]
    first = counter.sent(owners[0])
    waits = counter.ready(owners[0])
    postman, clerk = signed_in(counter.postman), signed_in(counter.office.clerk)
    pages = [
        (postman, "/buu-chinh/"), (postman, "/buu-chinh/bien-ban/"), (postman, f"/buu-chinh/bien-ban/{first.note_id}/"),
        (clerk, "/buu-chinh/giao/"),
    ]  # fmt: skip

    def asked() -> list[int]:
        found = []
        for client, where in pages:
            client.get(where)
            with queries() as seen:
                assert client.get(where).status_code == 200
            found.append(len(seen))
        return found

    before = asked()
    for owner in owners[1:]:
        counter.sent(owner)
        counter.ready(owner)
    counter.give(waits, *[counter.ready(owner) for owner in owners[1:]])
    PostalItem.objects.exclude(pk=first.pk).update(note=first.note_id)
    assert asked() == before


def test_postman_and_applicant_are_told_of_a_result(counter: Counter) -> None:
    """R-121: as it is finished; taken back with the act. Nobody is told of what is fetched."""
    finished(counter.office)
    assert not Message.objects.filter(kind__startswith="post_").exists()
    dossier = counter.ready()
    assert [row.to_officer for row in Message.objects.filter(kind="post_ready")] == [
        counter.postman
    ]
    assert not Message.objects.filter(kind="post_coming").exists()  # no address
    Dossier.objects.filter(pk=dossier.pk).update(email="an@example.vn")
    at = vn("23/11/2026 11:30")
    clerk = counter.office.desk(counter.office.clerk, at)
    with writer.change(dossier.pk, by=clerk, at=at) as life:
        life.record("notify_result")
        post_ready.tell(life)
    letter = Message.objects.get(kind="post_coming")
    assert letter.to_email == "an@example.vn"
    assert (letter.object_kind, letter.object_id) == ("dossier", dossier.pk)
    assert "bưu chính công ích" in letter.body
    assert f"{dossier.received_by_agency} gửi kết quả" in letter.body  # which agency


def test_forged_rows_tell_nothing(counter: Counter, signed_in: SignIn) -> None:
    """R-144: strangers' dossiers and numbers of none are no rows of the page."""
    other = make_office("Ủy ban nhân dân xã Khác")
    strange = finished(other, return_by_post=True)
    clerk = signed_in(counter.office.clerk)
    said = {"office": "Bưu điện", "postman": "Thư", "payer": "1", "notice": "2"}
    for rows in ({f"so-{strange.pk}": "EB1", "so-2000000000": "EB2"}, {"so-2000000000": "EB2"}):
        answer = clerk.post("/buu-chinh/giao/", said | rows)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert strange.code not in html
    assert fresh(strange).row_version == strange.row_version


def test_a_fare_is_an_amount_or_refused(counter: Counter, signed_in: SignIn) -> None:
    """As people write it; what cannot be read never becomes nothing."""
    dossier, clerk = counter.ready(), signed_in(counter.office.clerk)
    said = {"office": "Bưu điện", "postman": "Thư", "payer": "1", "notice": "2"} | {
        f"v-{dossier.pk}": dossier.row_version
    }

    def give(number: str, fare: str) -> str:
        typed = {f"so-{dossier.pk}": number, f"cuoc-{dossier.pk}": fare}
        return str(clerk.post("/buu-chinh/giao/", said | typed).content.decode())

    html = give("EB1", "hai mươi")
    assert "cước phải là số đồng" in html
    assert 'value="hai mươi"' in html
    assert "Có cước mà chưa có số phiếu gửi" in give(" ", "25.000")
    assert not PostalItem.objects.exists()
    give("EB1", "25 000 đ")
    assert PostalItem.objects.get().fare == 25_000


def test_one_number_is_one_persons(counter: Counter) -> None:
    """Of two who bear one name without an identity number the telephone tells."""
    one, two, same = counter.ready(), counter.ready(), counter.ready()
    Dossier.objects.filter(pk__in=[one.pk, two.pk, same.pk]).update(identity_number="")
    Dossier.objects.filter(pk=two.pk).update(phone="0912000000")
    _, done = counter.give(one, two, same, numbers=["EB1", "EB1", "EB1"])
    assert [getattr(each.error, "code", None) for each in done] == [None, "post_number_twice", None]
    assert list(desk_lists.waiting(counter.office.agency.pk)) == [fresh(two)]
    assert desk_lists.counts(counter.office.agency.pk)["waiting"] == 1
