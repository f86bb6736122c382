"""Parts of other agencies' dossiers on the dashboard: each unit's own, open and late, each figure opening
just these; strangers find none (R-60, R-144).
"""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest

from dossiers.acts import leg_work
from dossiers.models import Dossier
from dossiers.models.legs import Leg
from onestop.accounts.models import AccessEvent, Officer, Role
from tests.clock import Clock
from tests.dossiers.legs.office import Linked, make_linked, seen
from tests.world import MONDAY, make_agency, make_case, make_officer, receive, vn

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]


@pytest.fixture
def linked() -> Linked:
    """Two parts at the first agency, of which one lies in its room with 8 hours and one has 80; one at
    the second.
    """
    linked = make_linked(2)
    [short, _] = linked.send(0, 1)
    linked.dossier = receive(linked.lead, make_case())
    linked.send(0, hours=80)
    there = linked.others[0]
    by = there.desk(there.clerk)
    leg_work.pass_on(seen(short), there.room, there.specialist, by=by, at=MONDAY)
    linked.take(short, there.specialist)
    return linked


def figures(client: Any, address: str = "/dieu-hanh/") -> list[tuple[int, str]]:
    """(number, address) of the figures of parts."""
    return [(cell.number, cell.url) for cell in client.get(address).context["parts"]]


def test_each_figure_opens_its_parts(linked: Linked, clock: Clock, signed_in: SignIn) -> None:
    clock.now = vn("27/11/2026 10:00")
    there, second = linked.others
    leader = signed_in(there.leader)
    (number, every), (late, overdue) = figures(leader)
    assert (number, late) == (2, 1)
    assert leader.get(every).content.decode().count("<tr>") == 1 + 2
    page = leader.get(overdue).content.decode()
    assert page.count("quá hạn</span>") == 1
    assert "Việc 0" in page
    assert "000123" not in page  # nothing of whose it is
    seen_by = AccessEvent.objects.filter(officer=there.leader, object_kind="dossier")
    assert seen_by.filter(detail="điều hành, phối hợp").count() == 3
    # A head: what lies in the own room; another agency: its own; the lead has none.
    assert [one for one, _ in figures(signed_in(there.head))] == [1, 1]
    assert [one for one, _ in figures(signed_in(second.leader))] == [1, 1]
    assert figures(signed_in(linked.lead.leader)) == [(0, ""), (0, "")]
    room = f"/dieu-hanh/?phong={there.second_room.pk}"
    assert figures(leader, room) == [(0, ""), (0, "")]
    assert figures(leader, "/dieu-hanh/?buoc=X") == [(0, ""), (0, "")]
    # From above: how many and of which dossier, not what is asked, which only the agency may read.
    there.agency.parent = make_agency("Ủy ban nhân dân tỉnh")
    there.agency.save()
    above = signed_in(make_officer("Bế Văn", there.agency.parent, (Role.CONTROLLER, None)))
    assert figures(above)[0][0] == 2
    page = above.get("/dieu-hanh/phoi-hop/").content.decode()
    assert page.count("chỉ cơ quan có phần việc xem được") == 2
    assert "Việc 0" not in page


def test_the_list_costs_the_same_for_one_and_many(
    linked: Linked, signed_in: SignIn, queries: Callable[..., Any]
) -> None:
    costs = []
    for _ in range(2):
        client = signed_in(linked.others[0].leader)
        client.get("/dieu-hanh/phoi-hop/")
        with queries() as asked:
            page = client.get("/dieu-hanh/phoi-hop/")
        costs.append(len(asked))
        linked.dossier = receive(linked.lead, make_case())
        linked.send(0)
    assert len(page.context["rows"]) == 3
    assert costs[0] == costs[1]


def test_the_list_goes_on_to_its_end_with_what_has_no_time_last(
    linked: Linked, signed_in: SignIn
) -> None:
    there = linked.others[0]
    linked.dossier = receive(linked.lead, make_case())
    linked.send(0)
    here = Leg.objects.filter(agency=there.agency).order_by("pk")
    first, second, third = here
    Leg.objects.filter(pk=first.pk).update(due_at=None)
    Leg.objects.filter(pk__in=[second.pk, third.pk]).update(due_at=vn("25/11/2026 10:00"))
    client, address = signed_in(there.leader), "/dieu-hanh/phoi-hop/?muc=phoi-hop&kenh=1"
    Dossier.objects.update(channel=1)
    shown = []
    with patch("reports.board.legs.SIZE", 1):
        while address:
            page = client.get(address)
            assert page.context["number"] == 3
            shown += [row.pk for row, *_ in page.context["rows"]]
            address = page.context["next"]
            assert "kenh=1" in address or not address
            assert page.context["back"] == "/dieu-hanh/?kenh=1"
    assert shown == [second.pk, third.pk, first.pk]
    # What followed was answered meanwhile, or the place is unreadable: the beginning.
    gone = client.get(f"/dieu-hanh/phoi-hop/?sau=-{first.pk}")
    assert gone.url == "/dieu-hanh/phoi-hop/?muc=phoi-hop"
    assert len(client.get("/dieu-hanh/phoi-hop/?sau=x").context["rows"]) == 3
