"""An act on many dossiers by one press: each in its own transaction, one bad one stops none, who asked
sees what became of each (docs/adr/0026).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string

from dossiers import registry
from dossiers.acts import apology, pressing
from dossiers.acts.many import Seen
from dossiers.forms.pressing import ForMany, form_of
from dossiers.models import Dossier, Event, Return, Slip, Supplement
from dossiers.models.apology import Apology
from dossiers.models.pressing import PressLine, PressRun
from dossiers.states import State
from onestop.accounts.models import AccessEvent, Officer, RoleGrant
from onestop.errors import DomainError
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.dossiers.returning.test_return_desk import finished
from tests.dossiers.work.test_acts import fresh
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
Enter = Callable[[Officer], Any]
LATE = vn("30/11/2026 09:00")
PRESS = UUID(int=7)
Outcome = PressLine.State
APOLOGISE = "/viec/lam/xin-loi/"
REASON = {"reason": "Chờ xác minh nơi cư trú."}


def still() -> datetime:
    return LATE


def many(office: Office, count: int, term: str = "3 ngày làm việc") -> list[Dossier]:
    case = make_case(term)
    return [receive(office, case, at=MONDAY) for _ in range(count)]


def seen(dossiers: Sequence[Dossier]) -> list[Seen]:
    return [Seen(one.pk, one.row_version) for one in dossiers]


def begin(office: Office, dossiers: Sequence[Dossier], press: UUID = PRESS) -> PressRun:
    return pressing.begin(
        apology.APOLOGISE, seen(dossiers), REASON, by=office.desk(office.leader, LATE), at=LATE, press=press,
    )  # fmt: skip


def picked(dossiers: Sequence[Dossier], **more: str) -> dict[str, Any]:
    return {"chon": [f"{one.pk}.{one.row_version}" for one in dossiers]} | more


def states(run: PressRun) -> list[int]:
    return list(run.lines.order_by("pk").values_list("state", flat=True))


def touched(office: Office, dossier: Dossier) -> None:
    """Somebody else acts on it after the page was shown."""
    apology.apologise(
        Seen(dossier.pk), reason="Việc khác", by=office.desk(office.leader, LATE), at=LATE
    )


def test_of_200_with_one_bad_199_are_done_and_it_is_named(
    office: Office, signed_in: Enter, clock: Clock
) -> None:
    clock.now = LATE
    dossiers = many(office, 200)
    touched(office, dossiers[70])
    client = signed_in(office.leader)
    # The worker of tests is at hand at once: the nudge of the commit goes through them.
    page = client.post(APOLOGISE, picked(dossiers, lam="1", **REASON), follow=True)
    said = page.content.decode()
    run = PressRun.objects.get()
    if run.is_open:
        assert "0/200" in said
        assert pressing.work(run.pk, still)
        said = client.get(run.get_absolute_url()).content.decode()
    assert "Đã xong 199 / 200; 1 hồ sơ không làm được" in said
    assert said.count("Thử lại các hồ sơ chưa được") == 1
    bad = PressLine.objects.get(state=Outcome.REFUSED)
    assert bad.dossier_id == dossiers[70].pk
    assert f"{dossiers[70].code}</a>" in said
    assert bad.why in said
    assert Apology.objects.filter(reason=REASON["reason"]).count() == 199
    assert Event.objects.filter(press=run.press, kind="apologise").count() == 199
    # Letters and the register of outgoing documents know nothing of the press.
    assert Slip.objects.filter(slug="thu-xin-loi").values("number").distinct().count() == 200


def test_each_is_a_transaction_of_its_own_of_few_statements(office: Office) -> None:
    first, second = many(office, 12), many(office, 24)
    counts = []
    for dossiers, press in ((first, UUID(int=1)), (first, UUID(int=2)), (second, UUID(int=3))):
        run = begin(office, [fresh(one) for one in dossiers], press)
        with CaptureQueriesContext(connection) as asked:
            pressing.work(run.pk, still)
        assert set(states(run)) == {Outcome.DONE}
        counts.append(len(asked) / len(dossiers))
    assert counts[2] <= counts[1]
    assert counts[1] <= 45


def test_what_was_refused_is_tried_again_as_its_page_stands_now(
    office: Office, signed_in: Enter, clock: Clock
) -> None:
    clock.now = LATE
    dossiers = many(office, 3)
    touched(office, dossiers[0])
    client = signed_in(office.leader)
    page = client.post(APOLOGISE, picked(dossiers, lam="1", **REASON), follow=True)
    said = page.content.decode()
    run = PressRun.objects.get()
    assert "Đã xong 2 / 3; 1 hồ sơ không làm được" in said
    # An old version is refused again, and said again.
    client.post(f"{run.get_absolute_url()}lai/", picked(dossiers[:1]))
    assert states(run) == [Outcome.REFUSED, Outcome.DONE, Outcome.DONE]
    again = picked([fresh(dossiers[0])])
    assert f'value="{again["chon"][0]}"' in said
    page = client.post(f"{run.get_absolute_url()}lai/", again, follow=True)
    assert "Đã xong 3 / 3" in page.content.decode()
    # What is done is not done again, whoever sends it.
    client.post(f"{run.get_absolute_url()}lai/", picked([fresh(one) for one in dossiers]))
    assert Apology.objects.filter(reason=REASON["reason"]).count() == 3


def test_a_press_is_taken_back_as_a_whole_but_what_went_on(
    office: Office, signed_in: Enter, clock: Clock
) -> None:
    clock.now = LATE
    dossiers = many(office, 3)
    client = signed_in(office.leader)
    client.post(APOLOGISE, picked(dossiers, lam="1", **REASON))
    run = PressRun.objects.get()
    apology.apologise(
        Seen(dossiers[2].pk), reason="Việc sau", by=office.desk(office.head, LATE), at=LATE
    )
    page = client.post(f"{run.get_absolute_url()}hoan-tac/", follow=True).content.decode()
    assert "đã hoàn tác 2 hồ sơ" in page
    assert "Không hoàn tác được" in page
    assert states(run) == [Outcome.UNDONE, Outcome.UNDONE, Outcome.DONE]
    assert Apology.objects.standing().count() == 2
    again = client.post(f"{run.get_absolute_url()}hoan-tac/", follow=True)
    assert again.status_code == 200


def test_the_same_press_sent_twice_is_one(office: Office, signed_in: Enter, clock: Clock) -> None:
    clock.now = LATE
    dossiers = many(office, 2)
    client = signed_in(office.leader)
    form = client.post(APOLOGISE, picked(dossiers)).content.decode()
    press = form.partition('name="lan" value="')[2].partition('"')[0]
    for _ in range(2):
        answer = client.post(APOLOGISE, picked(dossiers, lam="1", lan=press, **REASON))
        assert answer.headers["Location"] == PressRun.objects.get().get_absolute_url()
    assert Apology.objects.count() == 2
    # Nobody takes up another's.
    other = signed_in(office.head)
    answer = other.post(APOLOGISE, picked(dossiers, lam="1", lan=press, **REASON))
    assert answer.status_code == 422
    assert "của người khác" in answer.content.decode()


def test_the_run_is_its_authors_alone(office: Office, signed_in: Enter, clock: Clock) -> None:
    clock.now = LATE
    run = begin(office, many(office, 1))
    here, other = run.get_absolute_url(), signed_in(office.head)
    assert other.get(here).status_code == 404
    for act in ("lai/", "hoan-tac/"):
        assert other.post(f"{here}{act}").status_code == 404
    assert signed_in(office.leader).get(here).status_code == 200
    assert signed_in(office.leader).get("/viec/lam/khong-co/").status_code == 404


def test_a_forged_choice_is_nobodys(office: Office, signed_in: Enter, clock: Clock) -> None:
    clock.now = LATE
    own = many(office, 2)
    elsewhere = make_office()
    [foreign] = many(elsewhere, 1)
    client = signed_in(office.leader)
    sent = {
        "chon": [
            f"{own[0].pk}.{own[0].row_version}",
            f"{foreign.pk}.0",
            "x",
            "0.-1",
            f"{own[1].pk}.99",
        ]
    }
    page = client.post(APOLOGISE, sent | {"lam": "1", **REASON}, follow=True).content.decode()
    run = PressRun.objects.get()
    assert foreign.code not in page
    # The foreign one was never of it; one of a version that is none counts as old.
    assert {line.dossier_id: line.state for line in run.lines.all()} == {
        own[0].pk: Outcome.DONE, own[1].pk: Outcome.REFUSED,
    }  # fmt: skip
    # Who may not do it is told, and nothing is begun.
    clerk = signed_in(office.clerk)
    refused = clerk.post(APOLOGISE, picked(own, lam="1", **REASON))
    assert refused.status_code == 403
    assert "Bạn chưa được giao vai trò" in refused.content.decode()
    assert PressRun.objects.count() == 1


def test_a_missing_reason_comes_back_with_what_was_chosen(
    office: Office, signed_in: Enter, clock: Clock
) -> None:
    clock.now = LATE
    dossiers = many(office, 2)
    client = signed_in(office.leader)
    answer = client.post(APOLOGISE, picked(dossiers, lam="1", reason=" "))
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Hãy ghi lý do." in said
    assert said.count("checked") == 2
    nobody = client.post(APOLOGISE, {"lam": "1", **REASON}, follow=True)
    assert "Chưa chọn hồ sơ nào" in nobody.content.decode()
    assert not PressRun.objects.exists()


def test_who_left_the_page_is_told_once_and_who_opens_it_has_read(
    office: Office, signed_in: Enter, clock: Clock
) -> None:
    clock.now = LATE
    dossiers = many(office, pressing.SMALL + 1)
    run = begin(office, dossiers)
    pressing.work(run.pk, still)
    told = Message.objects.get(object_kind="press_run")
    assert told.subject == f"Đã làm xong: lập thư xin lỗi, {len(dossiers)}/{len(dossiers)} hồ sơ"
    assert (told.to_officer, told.read_at, told.to_email) == (office.leader, None, "")
    signed_in(office.leader).get(told.link)
    told.refresh_from_db()
    assert told.read_at == LATE
    assert AccessEvent.objects.filter(object_kind="press_run", object_id=run.pk).count() == 1


# --- workers ----------------------------------------------------------------------------------------


def test_a_bug_in_one_stops_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    dossiers = many(office, 3)
    run, verb = begin(office, dossiers), apology.apologise

    def breaks(one: Seen, **more: Any) -> Any:
        if one.dossier_id == dossiers[1].pk:
            raise ValueError("nguyen van an")
        return verb(one, **more)

    monkeypatch.setattr(apology, "apologise", breaks)
    assert pressing.work(run.pk, still)
    assert states(run) == [Outcome.DONE, Outcome.REFUSED, Outcome.DONE]
    assert run.lines.get(state=Outcome.REFUSED).why == "lỗi phần mềm (ValueError)"


def test_a_database_that_is_away_is_tried_again_and_then_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers, now = many(office, 3), [LATE]
    run, verb = begin(office, dossiers), apology.apologise

    def away(one: Seen, **more: Any) -> Any:
        if one.dossier_id != dossiers[0].pk:
            raise OperationalError("away")
        return verb(one, **more)

    monkeypatch.setattr(apology, "apologise", away)
    for pause in (*pressing.PAUSES, None):
        assert not pressing.work(run.pk, lambda: now[0])
        assert not pressing.work(run.pk, lambda: now[0])  # not before its time
        run.refresh_from_db()
        if pause is not None:
            assert run.due_at is not None
            assert run.due_at - now[0] == pause
            now[0] = run.due_at
    assert states(run) == [Outcome.DONE, Outcome.REFUSED, Outcome.REFUSED]
    assert run.state == PressRun.State.DONE
    monkeypatch.setattr(apology, "apologise", verb)
    assert pressing.again(run, seen(dossiers[1:]), at=now[0]) == 2
    assert pressing.work(run.pk, lambda: now[0])
    assert set(states(run)) == {Outcome.DONE}


def test_one_on_which_every_worker_dies_is_left_out(office: Office) -> None:
    run = begin(office, many(office, 3))
    for number in range(pressing.TRIES):
        at = LATE + number * 2 * pressing.LEASE
        assert pressing._claim(run.pk, f"dead{number}", at)  # and is never heard of again
    assert pressing.sweep(lambda: LATE + timedelta(hours=1)) == (1, 0)
    assert states(run) == [Outcome.REFUSED, Outcome.DONE, Outcome.DONE]
    assert "dừng giữa chừng 3 lần" in run.lines.get(state=Outcome.REFUSED).why


def test_a_worker_that_lost_its_run_writes_nothing_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = many(office, 3)
    run, verb = begin(office, dossiers), apology.apologise
    others: list[int] = []

    def slow(one: Seen, **more: Any) -> Any:
        if not others:
            others.append(1)
            made = verb(one, **more)
            PressRun.objects.filter(pk=run.pk).update(holder="other")
            return made
        return verb(one, **more)

    monkeypatch.setattr(apology, "apologise", slow)
    assert not pressing.work(run.pk, still)
    assert states(run) == [Outcome.DONE, Outcome.WAITING, Outcome.WAITING]
    assert pressing.sweep(lambda: LATE + 2 * pressing.LEASE) == (1, 0)
    assert Apology.objects.count() == 3


def test_a_closed_account_does_nothing_more(office: Office) -> None:
    run = begin(office, many(office, 2))
    Officer.objects.filter(pk=office.leader.pk).update(is_active=False)
    assert pressing.work(run.pk, still)
    assert set(states(run)) == {Outcome.REFUSED}
    assert not Apology.objects.exists()


def test_old_runs_are_forgotten_and_what_they_did_is_not(office: Office) -> None:
    run = begin(office, many(office, 2))
    pressing.work(run.pk, still)
    assert pressing.sweep(lambda: LATE + pressing.REMEMBERED) == (0, 0)
    assert pressing.sweep(lambda: LATE + pressing.REMEMBERED + timedelta(seconds=1)) == (0, 1)
    assert not PressLine.objects.exists()
    assert Event.objects.filter(press=PRESS).count() == 2


def test_a_clock_set_back_leaves_no_run_waiting(office: Office) -> None:
    run = begin(office, many(office, 1))
    PressRun.objects.filter(pk=run.pk).update(due_at=LATE + timedelta(days=9))
    assert pressing.after_clock_set_back(LATE) == 1
    assert pressing.work(run.pk, still)


# --- the other acts ---------------------------------------------------------------------------------


def test_every_act_on_many_has_its_form_and_address() -> None:
    found = [act for act in registry.all_acts() if act.many is not None]
    names = {
        "apologise",
        "print_slip",
        "ask_supplement",
        "give_back",
        "hand_over",
        "exclude",
        "urge",
        "archive_result",
    }
    assert {act.name for act in found} == names
    for act in found:
        assert act.many is not None
        assert registry.many_at(act.many.path) is act
        assert form_of(act) is import_string(act.many.form)
        assert hasattr(form_of(act), "told") or issubclass(form_of(act), ForMany)


def test_control_sheets_of_many_are_printed_together(
    office: Office, signed_in: Enter, clock: Clock
) -> None:
    dossiers = many(office, 3)
    client = signed_in(office.clerk)
    page = client.post("/viec/lam/phieu-kiem-soat/", picked(dossiers, lam="1"), follow=True)
    run = PressRun.objects.get()
    papers = f"/viec/in/{run.press}/"
    assert papers in page.content.decode()
    assert "Hoàn tác" not in page.content.decode()  # nothing was changed
    printed = client.get(papers).content.decode()
    assert all(one.code in printed for one in dossiers)
    # Again: the same slips, no new ones.
    client.post("/viec/lam/phieu-kiem-soat/", picked(dossiers, lam="1"))
    assert Slip.objects.filter(slug="kiem-soat").count() == 3
    later = PressRun.objects.exclude(pk=run.pk).get()
    assert dossiers[2].code in client.get(f"/viec/in/{later.press}/").content.decode()


def test_completion_is_asked_of_many_in_the_same_words(
    office: Office, signed_in: Enter, clock: Clock
) -> None:
    """R-44, R-50: the first round of each; a second one needs its approver, and is named."""
    case = make_case(papers=2)
    dossiers = [receive(office, case, at=MONDAY) for _ in range(3)]
    other = receive(office, make_case(), at=MONDAY)
    client, address = signed_in(office.clerk), "/viec/lam/yeu-cau-bo-sung/"
    paper = case.papers.get(order=1)
    form = client.post(address, picked(dossiers)).content.decode()
    assert f'name="b{paper.pk}"' in form
    mixed = client.post(address, picked([*dossiers, other])).content.decode()
    assert "thuộc nhiều thủ tục" in mixed
    assert f'name="b{paper.pk}"' not in mixed
    sent = {f"b{paper.pk}": "on", "reason": "Thiếu giấy tờ", "respond_by": "27/11/2026"}
    page = client.post(address, picked(dossiers, lam="1", **sent), follow=True)
    assert "Đã xong 3 / 3" in page.content.decode()
    assert {fresh(one).state for one in dossiers} == {State.AWAITING_PAPERS}
    rows = Supplement.objects.issued()
    assert {row.items[0]["paper"] for row in rows} == {paper.pk}
    assert {row.respond_by for row in rows} == {vn("27/11/2026 17:00")}
    nothing = client.post(address, picked([other], lam="1", reason="A"))
    assert nothing.status_code == 422


def test_results_of_many_are_given_back(office: Office, signed_in: Enter, clock: Clock) -> None:
    """R-78: to each owner, or to one who was authorised for all."""
    dossiers = [finished(office) for _ in range(4)]
    client, address = signed_in(office.clerk), "/viec/lam/tra-ket-qua/"
    signed = {"signature": "1", "notice": "4"}
    owner = {"taker": "1", "way": "1"} | signed
    page = client.post(address, picked(dossiers[:2], lam="1", **owner), follow=True)
    assert "Đã xong 2 / 2" in page.content.decode()
    for row in Return.objects.select_related("dossier"):
        assert row.taker_name == row.dossier.owner_name
    missing = client.post(address, picked(dossiers[2:], lam="1", taker="2", way="1"))
    assert missing.status_code == 422
    for words in ("Hãy ghi người nhận kết quả.", "hãy ghi giấy ủy quyền", "số giấy tờ tùy thân"):
        assert words in missing.content.decode()
    one = {
        "taker": "2",
        "way": "1",
        "name": "Trần Thị Mai",
        "identity": "001090000001",
        "authorisation": "Giấy ủy quyền 12 ngày 20/11/2026",
    } | signed
    page = client.post(address, picked(dossiers[2:], lam="1", **one), follow=True)
    assert "Đã xong 2 / 2" in page.content.decode()
    assert {fresh(one).state for one in dossiers} == {State.RETURNED}
    run = PressRun.objects.latest("pk")
    client.post(f"{run.get_absolute_url()}hoan-tac/")
    assert [fresh(one).state for one in dossiers] == [State.RETURNED] * 2 + [State.FINISHED] * 2


def test_lists_offer_what_the_role_may(office: Office, signed_in: Enter, clock: Clock) -> None:
    many(office, 1)
    page = signed_in(office.clerk).get("/viec/?loai=dang-xu-ly").content.decode()
    assert 'formaction="/viec/lam/yeu-cau-bo-sung/"' in page
    assert 'formaction="/viec/lam/phieu-kiem-soat/"' in page
    assert 'formaction="/viec/lam/xin-loi/"' not in page
    page = signed_in(office.leader).get("/viec/?loai=co-quan").content.decode()
    assert 'formaction="/viec/lam/xin-loi/"' in page


def test_a_role_that_was_taken_away_meanwhile_does_nothing(office: Office) -> None:
    run = begin(office, many(office, 1))
    RoleGrant.objects.filter(officer=office.leader).update(ended_at=vn("24/11/2026 09:00"))
    assert pressing.work(run.pk, still)
    assert states(run) == [Outcome.REFUSED]


def test_nobody_begins_without_dossiers(office: Office) -> None:
    with pytest.raises(DomainError, match="none_chosen"):
        begin(office, [])
