"""A criticism: drafted from urgings, signed with the next number, seen by those concerned only."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest

from dossiers.acts import handovers, urging
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from onestop.accounts.models import AccessEvent, AccessKind, Officer
from onestop.errors import DomainError
from onestop.outbox.models import Message
from reports import criticising
from reports.criticism_paper import html_of
from reports.models import Criticism
from tests.clock import Clock
from tests.reports.conftest import NOW as MORNING
from tests.reports.conftest import Worked
from tests.world import Office, vn

NOW = vn(MORNING)
SAID = {"subject": "Về việc chậm giải quyết", "content": "Không trả lời.", "demand": "Báo cáo"}


def draft(office: Office, by: Officer) -> Criticism:
    about = criticising.About(office.room, office.specialist, [])
    return criticising.draft(about, **SAID, by=office.desk(by), at=NOW)


def refused(verb: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as error:
        verb()
    return str(error.value.code)


def test_numbers_run_on_and_a_withdrawn_one_keeps_its_own(worked: Worked, now: Clock) -> None:
    office = worked[0].first
    leader, controller = office.desk(office.leader), office.desk(office.controller)
    first, second, third = (draft(office, office.controller) for _ in range(3))
    assert refused(lambda: draft(office, office.specialist)) == "not_allowed"
    assert refused(lambda: criticising.sign(first.pk, by=controller, at=NOW)) == "criticism_leader"
    criticising.close(first.pk, reason="Nhầm người", by=controller, at=NOW)
    assert refused(lambda: criticising.sign(first.pk, by=leader, at=NOW)) == "criticism_over"
    second = criticising.sign(second.pk, by=leader, at=NOW)
    assert (second.symbol, second.number) == ("01/PB-UBND", 1)
    assert refused(lambda: criticising.sign(second.pk, by=leader, at=NOW)) == "criticism_over"
    assert (
        refused(lambda: criticising.close(second.pk, reason="Sai", by=controller, at=NOW))
        == "criticism_leader"
    )
    criticising.close(second.pk, reason="Sai người", by=leader, at=NOW)
    assert criticising.sign(third.pk, by=leader, at=NOW).number == 2
    told = Message.objects.filter(kind="criticism", to_officer=office.specialist)
    assert told.count() == 3
    # A year of its own.
    later = NOW + timedelta(days=60)
    assert criticising.sign(draft(office, office.leader).pk, by=leader, at=later).number == 1


def test_from_urgings_to_the_document_and_its_figure(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    place, made = worked
    office = place.first
    dossier = Dossier.objects.get(pk=made["late"].pk)
    urging.urge(
        Seen(dossier.pk), asked="Trình kết quả", answer_by=NOW + timedelta(minutes=5), by=office.desk(office.leader), at=NOW,
    )  # fmt: skip
    now.now = NOW + timedelta(hours=1)
    leader, controller = signed_in(office.leader), signed_in(office.controller)
    room = dossier.holder_department_id
    narrowed = f"muc=qua-han&phong={room}&canbo={dossier.holder_id}"
    listed = controller.get(f"/dieu-hanh/don-doc/danh-sach/?{narrowed}")
    assert "Lập văn bản phê bình" in listed.content.decode()
    where = f"/dieu-hanh/phe-binh/lap/?{narrowed}"
    page = controller.get(where)
    assert dossier.code in page.content.decode()
    assert controller.get(page.context["back"]).context["number"] == 1
    assert controller.post(where, {}).status_code == 422
    assert controller.post(where, SAID).status_code == 302
    row = Criticism.objects.get()
    assert (row.officer, row.lines[0]["code"]) == (dossier.holder, dossier.code)
    page = row.get_absolute_url()
    specialist, head = signed_in(office.specialist), signed_in(office.head)
    stranger = signed_in(office.second_specialist)
    elsewhere = signed_in(place.second.leader)
    assert [one.get(page).status_code for one in (leader, controller)] == [200, 200]
    for one in (specialist, head, stranger, elsewhere):
        assert one.get(page).status_code == 404
        assert one.get(f"{page}pdf/").status_code == 404
    assert leader.post(f"{page}ky/").status_code == 302
    for one in (specialist, head):
        assert one.get(page).status_code == 200
    for one in (stranger, elsewhere):
        assert one.get(page).status_code == 404
        assert row.subject not in one.get("/dieu-hanh/phe-binh/").content.decode()
    answer = specialist.get(f"{page}pdf/")
    assert answer.content.startswith(b"%PDF")
    cells = leader.get("/dieu-hanh/don-doc/").context["whole"].cells
    assert cells[-1].number == 1
    opened = leader.get(cells[-1].url)
    assert list(opened.context["rows"]) == [row]
    assert leader.post(f"{page}bo/", {"reason": ""}).status_code == 422
    assert leader.post(f"{page}bo/", {"reason": "Sai người"}).status_code == 302
    assert leader.get("/dieu-hanh/don-doc/").context["whole"].cells[-1].number == 0


def test_whom_it_is_about_neither_reads_nor_drops_the_draft(worked: Worked, now: Clock) -> None:
    office = worked[0].first
    leader, controller = office.desk(office.leader), office.desk(office.controller)
    about = criticising.About(office.room, office.leader, [])
    assert refused(lambda: criticising.draft(about, **SAID, by=leader, at=NOW)) == "criticism_own"
    row = criticising.draft(about, **SAID, by=controller, at=NOW)
    seen = Criticism.objects.visible_to
    upper, own = office.desk(worked[0].leader), office.desk(office.leader)
    assert list(seen(controller)) == [row]
    assert not seen(own).exists()
    assert not seen(upper).exists()
    for reason in ("Bỏ", "Bỏ nữa"):
        drop = partial(criticising.close, row.pk, reason=reason, by=leader, at=NOW)
        assert refused(drop) == "criticism_own"
    second = draft(office, office.controller)
    assert set(seen(controller)) == {row, second}
    assert not seen(upper).exists()
    criticising.sign(second.pk, by=leader, at=NOW)
    criticising.close(second.pk, reason="Sai", by=leader, at=NOW)
    assert list(seen(upper)) == [second]
    traces = AccessEvent.objects.filter(kind=AccessKind.REPORT_ACT, object_id=second.pk)
    assert sorted(traces.values_list("detail", flat=True)) == [
        "ký văn bản phê bình, 01/PB-UBND",
        "soạn văn bản phê bình, dự thảo",
        "thu hồi văn bản phê bình, 01/PB-UBND",
    ]


def test_a_draft_needs_urgings_of_whom_it_names(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    place, made = worked
    office = place.first
    dossier = Dossier.objects.get(pk=made["late"].pk)
    room = dossier.holder_department_id
    where = f"/dieu-hanh/phe-binh/lap/?muc=tat-ca&phong={room}"
    leader = signed_in(office.leader)
    assert leader.get(where).status_code == 200
    assert leader.post(where, SAID).status_code == 404
    urging.urge(
        Seen(dossier.pk), asked="Trình", answer_by=NOW + timedelta(hours=1), by=office.desk(office.leader), at=NOW,
    )  # fmt: skip
    for officer in (place.second.specialist.pk, office.head.pk, office.leader.pk, 10**9):
        assert leader.get(f"{where}&canbo={officer}").status_code == 404
        assert leader.post(f"{where}&canbo={officer}", SAID).status_code == 404
    assert not Criticism.objects.exists()
    assert leader.post(f"{where}&canbo={dossier.holder_id}", SAID).status_code == 302
    listed = "/dieu-hanh/don-doc/danh-sach/"
    for figure, offered in (("tat-ca", True), ("da-giai-quyet", False)):
        now.now = NOW + timedelta(minutes=20)
        if not offered:
            assert dossier.holder is not None
            holder = office.desk(dossier.holder, now.now)
            handovers.hand_over(
                Dossier.objects.get(pk=dossier.pk), to=office.second_room, by=holder, at=now.now, note="Chuyển"
            )  # fmt: skip
        leader, narrowed = signed_in(office.leader), f"muc={figure}&phong={room}"
        page = leader.get(f"{listed}?{narrowed}")
        assert page.context["number"] == 1
        assert bool(page.context["draft"]) is offered
        drafting = leader.get(f"/dieu-hanh/phe-binh/lap/?{narrowed}")
        assert drafting.status_code == (200 if offered else 404)


def test_a_signed_one_keeps_its_names_and_a_draft_says_what_it_is(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    office = worked[0].first
    line = {"code": "H37", "round": 1, "made_at": "09:00", "answer_by": "10:00", "state": "Quá hạn"}
    about = criticising.About(office.room, office.specialist, [line] * 52)
    row = criticising.draft(about, **SAID, by=office.desk(office.controller), at=NOW)
    assert (len(row.lines), row.lines[-1]) == (51, {"more": 2})
    text = html_of(row)
    assert "DỰ THẢO" in text
    assert "tình trạng đến 27/11/2026" in text
    assert "Và 2 lần đôn đốc khác" in text
    leader, where = signed_in(office.leader), "/dieu-hanh/phe-binh/"
    # Of drafts alone there is no year to ask for.
    assert "?nam=" not in leader.get(where).content.decode()
    criticising.sign(row.pk, by=office.desk(office.leader), at=NOW)
    before = html_of(Criticism.objects.get(pk=row.pk))
    assert "DỰ THẢO" not in before
    assert office.leader.full_name in before
    for one, name in ((office.leader, "full_name"), (office.room, "name"), (office.agency, "name")):
        setattr(one, name, "Tên đã đổi")
        one.save()
    assert html_of(Criticism.objects.get(pk=row.pk)) == before
    # The register by years, and by pages to its end.
    again = criticising.About(office.room, office.specialist, [])
    old = criticising.draft(again, **SAID, by=office.desk(office.controller), at=NOW)
    criticising.sign(old.pk, by=office.desk(office.leader), at=NOW - timedelta(days=365))
    page = leader.get(where)
    assert (page.context["years"], page.context["next"]) == ([2026, 2025], "")
    assert list(leader.get(f"{where}?nam=2025").context["rows"]) == [old]
    with patch("reports.views.criticisms.SIZE", 1):
        first = leader.get(f"{where}?phong={office.room.pk}")
        rest = leader.get(f"{where}{first.context['next']}")
    assert [*first.context["rows"], *rest.context["rows"]] == [old, row]
    assert (rest.context["narrowed"], rest.context["next"]) == (True, "")
    # The days of the page of urgings are bounded.
    for days in ("tu=01/01/2020&den=27/11/2026", "tu=27/11/2026&den=01/11/2026"):
        asked = leader.get(f"/dieu-hanh/don-doc/?{days}")
        assert asked.status_code == 422
        assert asked.context["last"] - asked.context["first"] == timedelta(days=30)
