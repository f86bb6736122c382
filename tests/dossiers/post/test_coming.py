"""Dossiers that come by post: listed in minutes, received from when both sign (R-38, R-119)."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from dossiers.acts import post_in
from dossiers.acts.post_in import Line
from dossiers.desk.dossier import parts_of
from dossiers.models import Dossier
from dossiers.models.post import PostalLine, PostalNote
from dossiers.views.dossier_post import of_post
from onestop.accounts.models import AccessEvent, Officer, Role
from onestop.errors import DomainError
from procedures.channels import Channel
from procedures.domain.lists import LineIn
from procedures.models import Case, CounterKind, Method, Procedure, ProcedureVersion
from procedures.rules import receivable
from tests.clock import Clock
from tests.dossiers.domain.test_voiding import void
from tests.dossiers.intake.pages import address, typed
from tests.dossiers.own.post import POSTMAN
from tests.dossiers.post.office import Counter, fresh, make_counter
from tests.procedures.test_public_names import publish
from tests.world import MONDAY, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]
ONLINE = "G99.01-261120-000017"


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def prepared(counter: Counter, *lines: Line, by: Officer | None = None) -> PostalNote:
    desk = counter.office.desk(by or counter.postman)
    return post_in.prepare(counter.office.agency, lines, POSTMAN, by=desk, at=MONDAY)


def test_the_postman_lists_and_the_counter_signs(counter: Counter) -> None:
    """R-119: phiếu gửi, completeness, two signers; R-38: the hour of signing."""
    code = make_case().version.procedure.code
    lines = [Line(f"eb {n}", "Nguyễn Văn Ân", code) for n in range(1, 10)]
    note = prepared(counter, *lines, Line("EB10", "Lò Thị Bình", ONLINE, difference="Thiếu bản đồ"))
    assert (note.serial, note.is_open, note.made_by) == ("1/2026", True, counter.postman)
    rows = list(PostalLine.objects.order_by("position"))
    assert [(rows[0].number, rows[0].complete), (rows[9].code, rows[9].complete)] == [
        ("EB1", True), (ONLINE, False),
    ]  # fmt: skip
    at = vn("23/11/2026 09:05")
    with pytest.raises(DomainError, match="not_your_counter"):
        post_in.sign(note.pk, by=counter.office.desk(counter.postman), at=at)
    clerk = counter.office.desk(counter.office.clerk)
    signed = post_in.sign(note.pk, by=clerk, at=at)
    assert (signed.signed_at, signed.signed_by) == (at, counter.office.clerk)
    for verb in (post_in.sign, post_in.end):  # two at once: the second is told
        with pytest.raises(DomainError, match="post_note_gone"):
            verb(note.pk, by=clerk, at=at)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Line("", "Ân", ONLINE), "post_line_short"),
        (Line("EB1", " ", ONLINE), "post_line_short"),
        (Line("EB1", "Ân", ""), "post_line_what"),
        (Line("EB1", "Ân", "9.999999"), "post_line_procedure"),
        (Line("ß" * 40, "Ân", "9.999999"), "post_line_procedure"),
    ],
)
def test_a_line_says_what_it_is(counter: Counter, line: Line, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        prepared(counter, line)
    assert refused.value.code == code


def other_version(case: Case, *, post_allowed: bool) -> ProcedureVersion:
    """Of a procedure of its own, with no way to hand it in yet: what is published does not change."""
    version = ProcedureVersion.objects.get(pk=case.version_id)
    version.pk, version.post_allowed = None, post_allowed
    version.procedure = Procedure.objects.create(code=f"1.99900{int(post_allowed)}")
    version.save(force_insert=True)
    return version


def test_what_is_not_done_by_post_is_not_listed(counter: Counter) -> None:
    """R-122, as the intake says of it; and no number twice."""
    case = make_case()
    with pytest.raises(DomainError, match="post_line_twice"):
        prepared(counter, *[Line("EB1", "Ân", case.version.procedure.code)] * 2)
    for allowed, way in ((True, Channel.DIRECT), (False, Channel.POST)):
        version = other_version(case, post_allowed=allowed)
        Method.objects.create(case=Case.objects.create(version=version, order=1), channel=way)
        assert not receivable(version, MONDAY.date(), Channel.POST)
        with pytest.raises(DomainError, match="post_line_not_by_post"):
            prepared(counter, Line("EB1", "Ân", version.code))
    stranger = make_officer("Lạ", make_office("Xã Khác").agency, (Role.POSTAL, None))
    with pytest.raises(DomainError, match="post_role"):
        prepared(counter, Line("EB1", "Ân", ONLINE), by=stranger)


def test_what_the_lists_keep_from_the_post_is_not_listed(counter: Counter) -> None:
    """The lists in force at the counter, as the intake asks them (R-122, R-133)."""
    kept, let, elsewhere = (make_case().version.code for _ in range(3))
    publish(
        counter.office.agency,
        LineIn(kept, CounterKind.COMMUNE, by_post=False),
        LineIn(let, CounterKind.COMMUNE, at_counter=False, why_not="qua bưu chính"),
        LineIn(elsewhere, CounterKind.PROVINCE),
    )
    counter.office.agency.refresh_from_db()
    for code in (kept, elsewhere):
        with pytest.raises(DomainError, match="post_line_not_by_post"):
            prepared(counter, Line("EB1", "Ân", let), Line("EB2", "Ân", code))
    assert prepared(counter, Line("EB1", "Ân", let), Line("EB2", "Ân", ONLINE)).serial == "1/2026"


def test_intake_takes_the_hour_and_the_line_its_dossier(
    counter: Counter, signed_in: SignIn, clock: Clock
) -> None:
    """From the pages: the postman types, the clerk signs and receives; nobody else's line is found."""
    case = make_case()
    code = case.version.procedure.code
    postman, clerk = signed_in(counter.postman), signed_in(counter.office.clerk)
    sent = {
        "office": "Bưu điện", "postman": "Vũ Văn Thư", "so-0": "EB1", "nguoi-0": "Nguyễn Văn Ân", "ma-0": code,
        "khac-0": "", "so-3": "EB2", "nguoi-3": "Lò Thị Bình", "ma-3": code, "khac-3": "Thiếu 1 bản sao",
    }  # fmt: skip
    html = postman.get("/buu-chinh/nhan/").content.decode()
    assert f'value="{counter.postman.full_name}"' in html
    wrong = postman.post("/buu-chinh/nhan/", sent | {"ma-3": "9.999999"})
    assert wrong.status_code == 422
    assert "Dòng 4: không có thủ tục" in wrong.content.decode()  # as the table counts
    alone = postman.post("/buu-chinh/nhan/", sent | {"giay-4": "Đơn"})
    assert "Dòng 5: hãy ghi số phiếu gửi" in alone.content.decode()  # no row is dropped
    assert 'value="Thiếu 1 bản sao"' in wrong.content.decode()  # what was typed stays
    html = postman.post("/buu-chinh/nhan/", sent, follow=True).content.decode()
    assert "Đã lập biên bản số 1/2026: 2 hồ sơ." in html
    assert "Ký nhận" not in html
    note = PostalNote.objects.get()
    where = f"/buu-chinh/bien-ban/{note.pk}/"
    assert clerk.get(f"{where[:-1]}.pdf").status_code == 200
    clock.now = vn("23/11/2026 09:05")
    clerk.post(where, {"khac": "1"})  # no word of the page: nothing is signed
    assert PostalNote.objects.get().is_open
    html = clerk.post(where, {"ky": "1"}, follow=True).content.decode()
    line = note.lines.get(number="EB1")
    begin = f"{address(case)}?buu-chinh={line.pk}"
    assert begin.split("?")[1] in html
    clock.now = vn("23/11/2026 09:10")
    page = clerk.get(begin).content.decode()
    assert f'name="buu-chinh" value="{line.pk}"' in page
    assert 'value="23/11/2026 09:05"' in page
    said = {"buu-chinh": line.pk, "post_at": "23/11/2026 09:05"}
    more = typed(case, channel="3", owner_name="Nguyễn Văn Ân")
    other = clerk.post(address(case), more | said | {"post_at": "23/11/2026 09:04"})
    assert "lúc ký biên bản" in other.content.decode()
    assert not Dossier.objects.exists()
    assert clerk.post(address(case), more | said).status_code == 302
    dossier = Dossier.objects.get()
    line.refresh_from_db()
    assert (dossier.received_at, dossier.channel) == (vn("23/11/2026 09:05"), Channel.POST)
    assert line.dossier == dossier
    assert dossier.code in clerk.get(where).content.decode()
    assert clerk.get(begin).status_code == 404  # received once
    second = note.lines.get(number="EB2")
    stranger = signed_in(make_office("Ủy ban nhân dân xã Khác").clerk)
    assert stranger.get(f"{address(case)}?buu-chinh={second.pk}").status_code == 404
    forged = typed(case, channel="3") | said | {"buu-chinh": second.pk}
    assert stranger.post(address(case), forged).status_code == 422
    second.refresh_from_db()
    assert second.dossier is None
    # What was received by mistake may be received again from its line.
    at = clock.now = vn("23/11/2026 09:20")
    assert f"?buu-chinh={line.pk}" not in clerk.get(where).content.decode()
    void(counter.office, dossier, at)
    assert f"?buu-chinh={line.pk}" in clerk.get(where).content.decode()
    again = typed(case, channel="3", owner_name="Nguyễn Văn Ân") | said
    assert clerk.post(address(case), again).status_code == 302
    line.refresh_from_db()
    assert line.dossier not in (dossier, None)
    # A line that lacked something counts from when it was whole.
    clock.now = vn("23/11/2026 09:30")
    page = clerk.get(f"{address(case)}?buu-chinh={second.pk}").content.decode()
    assert 'value="23/11/2026 09:05"' not in page
    early = receive(counter.office, case, at=vn("23/11/2026 09:04"))
    with pytest.raises(DomainError, match="post_line_other"):
        post_in.received(second.pk, early)
    whole = receive(counter.office, case, at=vn("23/11/2026 09:30"))
    assert post_in.received(second.pk, whole).dossier == whole
    # Names of the list are read: a line in the log of each dossier.
    read = AccessEvent.objects.filter(object_kind="dossier", detail="Biên bản bưu chính 1/2026")
    assert dossier.pk in {row.object_id for row in read}


def test_minutes_may_be_given_up(counter: Counter, signed_in: SignIn) -> None:
    note = prepared(counter, Line("EB1", "Ân", ONLINE))
    postman = signed_in(counter.postman)
    html = postman.post(f"/buu-chinh/bien-ban/{note.pk}/", {"thoi": "1"}, follow=True)
    assert "Đã thôi biên bản" in html.content.decode()
    note.refresh_from_db()
    assert not note.is_open
    assert prepared(counter, Line("EB1", "Ân", ONLINE)).serial == "2/2026"


def test_the_dossier_says_by_which_minutes_it_came(counter: Counter, signed_in: SignIn) -> None:
    """R-119: its page names phiếu gửi and minutes; letters that went out lead to what became of them;
    a line with the code of an online dossier leads there.
    """
    office, item = counter.office, counter.sent()
    dossier, at = item.dossier, vn("23/11/2026 15:00")
    by = office.desk(office.clerk, at)
    came = [
        Line("EC1", "Lò Thị Bình", make_case().version.code),
        Line("EC2", "Lò Thị Bình", dossier.code.lower()),
    ]
    note = post_in.prepare(office.agency, came, POSTMAN, by=by, at=at)
    Dossier.objects.filter(pk=dossier.pk).update(channel=Channel.POST)
    note.lines.filter(number="EC1").update(dossier=dossier)
    clerk = signed_in(office.clerk)
    page = clerk.get(dossier.get_absolute_url()).content.decode()
    assert "phiếu gửi EC1" in page
    assert f'href="/buu-chinh/bien-ban/{note.pk}/"' in page
    assert f'href="/buu-chinh/{item.pk}/"' in page
    assert "đang chuyển" in page
    minutes = clerk.get(f"/buu-chinh/bien-ban/{note.pk}/").content.decode()
    assert re.search(rf'href="{dossier.get_absolute_url()}">{dossier.code.lower()}<', minutes)
    # Whoever may not see the post reads the numbers all the same.
    told = of_post(office.desk(office.specialist), fresh(dossier), parts_of(dossier))
    assert told["came_by_post"].number == "EC1"
    assert (told["may_open_note"], told["letters"][0]["may_open"]) == (False, False)
