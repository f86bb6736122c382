"""What the page behind the secret says in each of the ten states, and while waiting in each of the
two ways.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dossiers.acts import endings, supplements
from dossiers.acts.many import Seen
from dossiers.intake import secrets
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from dossiers.states import State
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

RESULT = "Khi đến nhận kết quả"


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(hours=2))
    return make_office()


def shown(client: Client, dossier: Dossier) -> str:
    return " ".join(
        client.get(f"/tra-cuu/{dossier.code}/", {"k": secrets.secret_of(dossier)})
        .content.decode()
        .split()
    )


@pytest.mark.parametrize(
    ("mode", "says", "hides"),
    [
        (
            1,
            ("(7 ngày làm việc) được tính lại từ đầu", "(tính lại từ đầu khi Ông/Bà nộp đủ)"),
            ("tạm dừng",),
        ),
        (
            2,
            ("thời hạn giải quyết tạm dừng; khi Ông/Bà nộp đủ thì tính tiếp", "(đang tạm dừng)"),
            ("tính lại từ đầu",),
        ),
    ],
)
def test_waiting_says_what_becomes_of_the_term(
    client: Client, office: Office, mode: int, says: tuple[str, ...], hides: tuple[str, ...]
) -> None:
    dossier = receive(office, make_case(supplement_mode=mode))
    supplements.ask(
        Seen(dossier.pk),
        items=declared("Năm sinh"),
        reason="Thiếu",
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    text = shown(client, dossier)
    assert not [
        words for words in (*says, "Nơi nộp bổ sung", "phiếu yêu cầu bổ sung") if words not in text
    ]
    assert not [words for words in (*hides, RESULT) if words in text]


@pytest.mark.parametrize("mode", [1, 2])
def test_asked_after_the_promise_it_stays_late_in_both_ways(
    client: Client, office: Office, mode: int
) -> None:
    dossier = receive(office, make_case("1 ngày làm việc", supplement_mode=mode))
    at = vn("30/11/2026 09:00")
    supplements.ask(
        Seen(dossier.pk), items=declared("Năm sinh"), reason="Thiếu", by=office.desk(office.clerk, at), at=at,
        approver=office.leader, legal_basis="Điều 19",
    )  # fmt: skip
    text = shown(client, dossier)
    assert "không làm thay đổi tình trạng quá hạn" in text
    assert "(đã quá hạn)" in text
    assert not [words for words in ("tạm dừng", "tính lại từ đầu") if words in text]


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.STOPPED])
def test_what_ended_without_result_invites_nobody_to_fetch_one(
    client: Client, office: Office, state: State
) -> None:
    dossier, clerk = receive(office, make_case(), return_by_post=True), office.desk(office.clerk)
    if state == State.WITHDRAWN:
        endings.withdraw(
            Seen(dossier.pk),
            endings.EndingIn("Nguyễn Văn Ân", "Thôi"),
            by=clerk,
            at=MONDAY + timedelta(hours=1),
        )
    else:
        told = endings.EndingIn(
            "Nguyễn Văn Ân",
            "Thôi",
            stage="Xử lý",
            decision_number="1/QĐ",
            signer="Hoàng Minh Tuấn",
            fee_consequence="Không thu",
        )
        endings.stop(
            Seen(dossier.pk), told, by=office.desk(office.leader), at=MONDAY + timedelta(hours=1)
        )
    text = shown(client, dossier)
    assert "Hồ sơ không có kết quả để trả" in text
    assert not [
        words
        for words in (
            RESULT,
            "Hẹn trả lúc",
            "<dt>Nhận kết quả",
            "Kết quả được gửi về",
            "Vì sao hẹn ngày này",
        )
        if words in text
    ]


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (State.REGISTERED, "Nơi tiếp nhận"),
        (State.RECEIVED, RESULT),
        (State.NOT_RECEIVED, "Nơi tiếp nhận"),
        (State.IN_PROGRESS, RESULT),
        (State.AWAITING_PAYMENT, "Nơi tiếp nhận"),
        (State.FINISHED, RESULT),
        (State.RETURNED, "Kết quả đã được trả"),
    ],
)
def test_only_what_has_or_will_have_a_result_speaks_of_fetching_it(
    client: Client, office: Office, state: State, says: str
) -> None:
    dossier = receive(office, make_case())
    ended = MONDAY if state in {State.FINISHED, State.RETURNED} else None
    waits = MONDAY if state == State.AWAITING_PAYMENT else None
    returned = MONDAY if state == State.RETURNED else None
    Dossier.objects.filter(pk=dossier.pk).update(
        state=state, ended_at=ended, waiting_since=waits, returned_at=returned
    )
    text = shown(client, dossier)
    assert says in text
    assert (RESULT in text) == (says == RESULT)
