"""What is received for another agency regardless of boundaries counts on the dashboard as in II.06a: from
when that agency has it; until then it stands by itself (R-37).
"""

from collections.abc import Callable
from typing import Any

import pytest

from dossiers.acts import handovers
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from onestop.accounts.models import Officer
from tests.clock import Clock
from tests.reports.walking import listed, walk
from tests.world import make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
FRIDAY, TODAY = vn("20/11/2026 09:00"), vn("23/11/2026 10:00")
DAYS = "tu=2026-11-23&den=2026-11-23"


def numbers(client: Any, address: str = "/dieu-hanh/") -> dict[str, int]:
    board = client.get(address).context["board"]
    return {cell.figure.key: cell.number for card in board.cards for cell in card.cells}


def test_it_counts_from_when_the_competent_agency_has_it(
    clock: Clock, signed_in: Callable[[Officer], Any]
) -> None:
    """Received on Friday, confirmed on Monday: received on Monday, as by the form of that day; the page
    of a moment before still says what stood then.
    """
    a, b = make_office(), make_office("Ủy ban nhân dân xã Bạch Đằng")
    case = make_case("5 ngày làm việc")
    dossier, other = (
        receive(a, case, at=FRIDAY, out_of_area=True, handled_by=b.agency) for _ in range(2)
    )
    clock.now = vn("23/11/2026 09:00")
    client = signed_in(b.leader)
    found = numbers(client)
    assert (found["cho-co-quan"], found["dang-mo"], found["tiep-nhan"]) == (2, 0, 0)
    before = client.get("/dieu-hanh/").context["board"].cards[1].cells[-1].url
    assert set(listed(client, before)) == {dossier.code, other.code}
    assert walk(client) >= 1
    step = NextStep(name="Xử lý")
    by = a.desk(a.clerk, TODAY)
    handovers.hand_over(dossier, to=b.room, receiver=b.specialist, step=step, by=by, at=TODAY)
    handovers.confirm(Seen(dossier.pk), by=b.desk(b.specialist, TODAY), at=TODAY)
    clock.now = vn("23/11/2026 11:00")
    client = signed_in(b.leader)
    found = numbers(client)
    assert (found["cho-co-quan"], found["dang-mo"], found["tiep-nhan"]) == (1, 1, 1)
    assert walk(client) >= 3
    # The same as the form of the day counts.
    in_form = listed(client, f"/dieu-hanh/ho-so/?muc=tiep-nhan-ky&{DAYS}")
    assert in_form == [dossier.code]
    assert set(listed(client, before)) == {dossier.code, other.code}
    # The counter that received it handles none of them.
    assert numbers(signed_in(a.leader))["dang-mo"] == 0
