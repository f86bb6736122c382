"""Originals that are held are told and given back wherever a dossier ends (R-80)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import endings, originals
from dossiers.acts.endings import EndingIn, ResultIn
from dossiers.acts.many import Seen
from dossiers.acts.originals import Back
from dossiers.acts.taking_back import take_back
from dossiers.desk import originals as queries
from dossiers.intake.secrets import lookup_url
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, DossierPaper
from dossiers.models.originals import PapersReturn
from onestop.errors import DomainError, sentence
from procedures.models import ProcedureVersion, Status
from tests.dossiers.pictures import picture
from tests.dossiers.returning.test_collecting import text
from tests.world import IN_PERSON, MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
HELD = ("Tờ khai đăng ký", "Giấy chứng sinh", "Hộ chiếu")


@pytest.fixture
def office() -> Office:
    return make_office()


def with_papers(office: Office) -> Dossier:
    """A declaration and two originals that were shown."""
    case = make_case(papers=0, status=Status.NEEDS_TERM)
    for order, name in enumerate(HELD, start=1):
        case.papers.create(order=order, name=name, originals=1)
    ProcedureVersion.objects.filter(pk=case.version_id).update(status=Status.READY)
    return receive(office, case)


def withdrawn(office: Office) -> Dossier:
    dossier, by = with_papers(office), office.desk(office.clerk)
    what = EndingIn("Nguyễn Văn Ân", "Đổi ý")
    endings.withdraw(Seen(dossier.pk), what, by=by, at=MONDAY)
    dossier.refresh_from_db()
    return dossier


def give(office: Office, dossier: Dossier, *papers: DossierPaper, **more: Any) -> PapersReturn:
    back = Back(
        tuple(one.pk for one in papers), more.get("name", "Nguyễn Văn Ân"), "", more.get("note", "")
    )
    at = more.get("at", MONDAY)
    return originals.return_papers(Seen(dossier.pk), back, by=office.desk(office.clerk), at=at)


def refused(run: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as error:
        run()
    assert sentence(error.value)
    return error.value.code


def test_what_was_handed_in_goes_home_after_a_withdrawal(office: Office) -> None:
    dossier = withdrawn(office)
    held = originals.held_of(dossier)
    assert [one.name for one in held] == list(HELD)
    # The request itself stays.
    proposed = originals.to_give(dossier, held)
    assert [one.name for one in proposed] == list(HELD[1:])
    assert refused(lambda: give(office, dossier, *proposed, name=" ")) == "taker_missing"
    assert refused(lambda: give(office, dossier)) == "originals_why"
    stranger = originals.held_of(withdrawn(office))[0]
    assert refused(lambda: give(office, dossier, stranger)) == "originals_none"
    stood = picture(dossier)
    row = give(office, dossier, *proposed)
    assert row.papers_back == "Giấy chứng sinh; Hộ chiếu"
    assert [one.name for one in originals.held_of(dossier)] == [HELD[0]]
    take_back(Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY)
    assert picture(dossier) == stood
    give(office, dossier, held[1], note="Hộ chiếu giữ theo quyết định 5")
    # The versions got their papers by hand above.
    assert {one.what for one in verify(now=MONDAY).misfits if one.dossier} == set()
    other = make_office("Ủy ban nhân dân xã Khác")
    seen, by = Seen(dossier.pk), other.desk(other.clerk)
    back = Back((held[2].pk,), "Ân")
    run = lambda: originals.return_papers(seen, back, by=by, at=MONDAY)  # noqa: E731
    assert refused(run) == "not_your_counter"


def test_giving_back_is_the_next_thing_until_it_is_said(
    office: Office, signed_in: Callable[..., Client], django_assert_num_queries: Any
) -> None:
    """The page of the dossier leads there, one press gives all; list and look-up tell the rest."""
    dossier, client = withdrawn(office), signed_in(office.clerk)
    page = client.get(dossier.get_absolute_url())
    assert page.context["main"].name == "return_papers"
    assert "còn giữ bản chính" in text(page)
    public = text(Client().get(lookup_url(dossier)))
    assert "còn giữ bản chính của Ông/Bà: Giấy chứng sinh; Hộ chiếu." in public
    desk = office.desk(office.clerk)
    rows = queries.holding(desk, office.agency.pk, "")
    with django_assert_num_queries(2):
        found = queries.page(rows, "")
    assert [(one.dossier, [p.name for p in one.papers]) for one in found.rows] == [
        (dossier, list(HELD[1:]))
    ]
    assert dossier.code in text(client.get("/tra-ket-qua/ban-chinh/"))
    address = f"{dossier.get_absolute_url()}ban-chinh/"
    form = client.get(address).context["form"]
    sent = {"seen": dossier.row_version, "name": form["name"].value()}
    assert client.post(address, sent).status_code == 422
    done = client.post(address, sent | {"papers_back": form["papers_back"].value()}, follow=True)
    assert "Đã trả bản chính cho Nguyễn Văn Ân." in text(done)
    assert done.context["main"] is None
    assert dossier.code not in text(client.get("/tra-ket-qua/ban-chinh/"))
    assert "(đã trả lại)" in text(Client().get(lookup_url(dossier)))
    # What stays by decision is no longer asked for either.
    kept = withdrawn(office)
    give(office, kept, note="Chuyển cơ quan công an")
    assert dossier.code not in text(client.get("/tra-ket-qua/ban-chinh/"))


def test_pages_of_acts_say_what_is_held(office: Office, signed_in: Callable[..., Client]) -> None:
    dossier, client = with_papers(office), signed_in(office.clerk)
    for path in ("rut", "yeu-cau-bo-sung", "ket-qua"):
        shown = text(client.get(f"{dossier.get_absolute_url()}{path}/"))
        assert "Đang giữ bản chính" in shown, path
        assert "Giấy chứng sinh: 1 bản" in shown, path
    # While it is worked on nothing is ticked; with nothing held nothing is offered.
    form = client.get(f"{dossier.get_absolute_url()}ban-chinh/").context["form"]
    assert form["papers_back"].value() == []
    give(office, dossier, *originals.held_of(dossier))
    assert client.get(f"{dossier.get_absolute_url()}ban-chinh/").status_code == 403
    assert "Đang giữ bản chính" not in text(client.get(f"{dossier.get_absolute_url()}rut/"))


def test_one_given_back_does_not_settle_the_others(
    office: Office, signed_in: Callable[..., Client]
) -> None:
    """One swapped while it was worked on, one given after the end: asked for until it is said why the rest
    stays. Another than the owner takes them by authority only.
    """
    dossier, client = with_papers(office), signed_in(office.clerk)
    held = originals.held_of(dossier)
    assert refused(lambda: give(office, dossier, held[0], name="Trần Thị Lan")) == (
        "taker_authorisation"
    )
    give(office, dossier, held[0], name="Trần Thị Lan", note="Giấy ủy quyền 12")
    what, by = EndingIn("Nguyễn Văn Ân", "Đổi ý"), office.desk(office.clerk)
    endings.withdraw(Seen(dossier.pk), what, by=by, at=vn("23/11/2026 10:00"))
    for paper in ((), (held[1],)):
        if paper:
            give(office, dossier, *paper, at=vn("23/11/2026 10:05"))
        assert dossier.code in text(client.get("/tra-ket-qua/ban-chinh/"))
        assert client.get(dossier.get_absolute_url()).context["main"].name == "return_papers"
    give(office, dossier, note="Giữ theo quyết định 5", at=vn("23/11/2026 10:10"))
    assert dossier.code not in text(client.get("/tra-ket-qua/ban-chinh/"))
    assert client.get(dossier.get_absolute_url()).context["main"] is None


def test_what_stays_with_a_result_hides_nothing_older(
    office: Office, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a result that was given back the passport is due, the birth paper stays by the rule."""
    monkeypatch.setattr(queries, "SIZE", 1)
    found, desk = [], office.desk(office.clerk)
    for minute in (10, 20):
        dossier, at = with_papers(office), vn(f"23/11/2026 09:{minute}")
        result = ResultIn(number="5", issued_on=MONDAY.date(), signer="Phan Văn Lộc")
        endings.record_result(Seen(dossier.pk), result, by=desk, at=at)
        endings.finish(Seen(dossier.pk), by=desk, at=at, note="Ký trên giấy")
        taken = endings.Taking("Nguyễn Văn Ân", told=IN_PERSON)
        endings.give_back(Seen(dossier.pk), taken, by=desk, at=at)
        found.append(dossier)
    old, new = found
    passport = next(one for one in originals.held_of(new) if one.name == HELD[2])
    give(office, new, passport, at=vn("23/11/2026 09:30"))
    page = queries.page(queries.holding(desk, office.agency.pk, "da-tra"), "")
    assert [(one.dossier, [p.name for p in one.papers]) for one in page.rows] == [(old, [HELD[2]])]
    monkeypatch.setattr(queries, "MOST_READ", 1)
    shown = text(signed_in(office.clerk).get("/tra-ket-qua/ban-chinh/?loai=da-tra"))
    assert "Còn hồ sơ cũ hơn" in shown
    assert "Không còn giữ bản chính nào" not in shown
