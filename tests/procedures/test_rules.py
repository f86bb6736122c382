"""When a dossier may be received under a version (R-122, R-133)."""

from datetime import date

import pytest

from onestop.errors import say
from onestop.results import Denied
from procedures.channels import Channel
from procedures.domain.confirming import abolish
from procedures.models import Case
from procedures.rules import receivable
from tests.procedures.conftest import method, record, run, version_of
from tests.world import MONDAY

TODAY = date(2026, 11, 23)


def why_not(answer) -> str:
    assert isinstance(answer, Denied)
    assert say(answer.code, answer.data)
    return answer.code


def test_a_ready_version_in_force_is_receivable(db: None) -> None:
    run(record())
    assert receivable(version_of(), TODAY)
    for channel in (Channel.DIRECT, Channel.ONLINE_FULL, Channel.ONLINE_PART):
        assert receivable(version_of(), TODAY, channel)


def test_an_unreadable_fee_alone_does_not_stop_receiving(db: None) -> None:
    run(record(methods=[method(fee_text="10 USD")]))
    assert receivable(version_of(), TODAY, Channel.DIRECT)


@pytest.mark.parametrize(
    ("methods", "channel", "code"),
    [
        ([method(time_text="1")], Channel.DIRECT, "procedures.needs_term"),
        ([method("direct")], Channel.POST, "procedures.no_post"),
        ([method("online")], Channel.DIRECT, "procedures.no_method"),
        ([method("direct")], Channel.ONLINE_PART, "procedures.no_method"),
    ],
)
def test_denied_with_a_reason(db: None, methods, channel: Channel, code: str) -> None:
    run(record(methods=methods))
    assert why_not(receivable(version_of(), TODAY, channel)) == code


def test_a_case_is_asked_for_its_own_channels(db: None) -> None:
    run(record(methods=[method("direct", "5 Ngày")]))
    assert (
        why_not(receivable(version_of(), TODAY, Channel.ONLINE_FULL, Case.objects.get()))
        == "procedures.no_method"
    )


def test_not_before_its_day_and_not_after_its_replacement(db: None) -> None:
    run(record())
    assert why_not(receivable(version_of(), date(2026, 11, 22))) == "procedures.not_in_force"
    run(record(name="Tên mới"))
    assert why_not(receivable(version_of(number=1), TODAY)) == "procedures.not_in_force"


def test_abolished(controller) -> None:
    run(record())
    gone = abolish(
        version_of().pk, decision="5/QĐ", signed=TODAY, effective=TODAY, by=controller, at=MONDAY
    )
    assert why_not(receivable(version_of(number=1), TODAY)) == "procedures.abolished"
    assert why_not(receivable(gone, TODAY)) == "procedures.abolished"
