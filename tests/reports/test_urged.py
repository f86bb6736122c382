"""`/dieu-hanh/don-doc/`: what units and officers were urged, against a naive fold; each figure opens its
urgings; a head sees the own room's.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from dossiers.acts import handovers, taking_back, urging
from dossiers.acts.many import Seen
from dossiers.models import Dossier, Event, HandOver
from dossiers.models.urging import Urging
from reports.board.urged import FIGURES
from tests.clock import Clock
from tests.reports.conftest import NOW as MORNING
from tests.reports.conftest import Worked
from tests.reports.workbooks import sheet
from tests.world import vn

NOW = vn(MORNING)
PAGE, LIST = "/dieu-hanh/don-doc/", "/dieu-hanh/don-doc/danh-sach/"


def naive(at: Any) -> Counter[tuple[int, int | None, str]]:
    """From the events and hand-overs, one urging after the other."""
    found: Counter[tuple[int, int | None, str]] = Counter()
    for row in Urging.objects.filter(undone_at=None):
        later = [
            one.given_at
            for one in HandOver.objects.filter(dossier=row.dossier_id, undone_at=None)
            if one.given_at > row.made_at
        ]
        ended = row.dossier.ended_at
        solved = min([*later, *([ended] if ended and ended > row.made_at else [])], default=None)
        if solved:
            kinds = ["da-giai-quyet"]
            kinds += ["trong-24-gio"] if solved - row.made_at <= timedelta(hours=24) else []
        elif row.answered_at:
            kinds = ["da-tra-loi"]
        else:
            kinds = ["qua-han" if row.answer_by < at else "cho"]
        kinds += ["tat-ca"] + (["nhieu-lan"] if row.round > 1 else [])
        found.update((row.department_id, row.officer_id, kind) for kind in kinds)
    return found


def test_what_was_urged_is_counted_and_every_figure_opens_its_urgings(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    place, made = worked
    office = place.first
    leader, until = office.desk(office.leader, NOW), NOW + timedelta(hours=2)

    def urge(name: str, hours: int = 2) -> Dossier:
        dossier = Dossier.objects.get(pk=made[name].pk)
        urging.urge(
            Seen(dossier.pk), asked="Trình kết quả", answer_by=NOW + timedelta(hours=hours), by=leader, at=NOW,
        )  # fmt: skip
        return dossier

    late, today, passed = urge("late"), urge("today"), urge("later")
    urge("late", hours=1)
    urge("ahead")
    taking_back.take_back(Seen(made["ahead"].pk), by=leader, at=NOW)
    later = NOW + timedelta(minutes=30)
    holder = office.desk(Dossier.objects.get(pk=today.pk).holder, later)
    urging.answer(Seen(today.pk), text="Chờ ý kiến Sở", by=holder, at=later)
    passed.refresh_from_db()
    holder = office.desk(passed.holder, later)
    handovers.hand_over(passed, to=office.second_room, by=holder, at=later, note="Chuyển phòng")
    now.now = until - timedelta(minutes=30)

    client = signed_in(office.leader)
    page = client.get(PAGE)
    expected = naive(now.now)
    assert {
        one: cell.number for one, cell in zip(FIGURES, page.context["whole"].cells, strict=False)
    } == {key: sum(n for (_, _, kind), n in expected.items() if kind == key) for key in FIGURES}
    assert sum(n for (_, _, kind), n in expected.items() if kind == "tat-ca") == 4
    assert Event.objects.filter(kind="urge").count() == 5
    whole = page.context["whole"].cells
    states = {cell.figure.key: cell.number for cell in whole}
    assert states["tat-ca"] == sum(
        states[key] for key in ("cho", "qua-han", "da-tra-loi", "da-giai-quyet")
    )
    for row in (*page.context["rows"], page.context["whole"]):
        for cell in row.cells:
            if cell.url:
                opened = client.get(cell.url)
                assert opened.context["number"] == cell.number, (row.name, cell.figure.key)
    assert late.code in client.get(f"{LIST}?muc=nhieu-lan").content.decode()
    lines = sheet(b"".join(client.get(f"{PAGE}tep.xlsx").streaming_content), 1)
    assert list(lines[-1].values())[-2] == ("n", str(states["trong-24-gio"]))
    listed = sheet(b"".join(client.get(f"{LIST}tep.xlsx?muc=tat-ca").streaming_content), 1)
    assert late.code in {value for line in listed for _, value in line.values()}
    # Of other days nothing, of another agency nothing, of no figure no page.
    assert client.get(f"{PAGE}?tu=01/01/2026&den=02/01/2026").context["rows"] == []
    assert client.get(f"{LIST}?muc=khong-co").status_code == 404
    rooms = {room for room, _, _ in expected}
    head = signed_in(office.head).get(PAGE)
    own = sum(
        n for (room, _, kind), n in expected.items() if kind == "tat-ca" and room == office.room.pk
    )
    assert rooms >= {office.room.pk}
    assert head.context["whole"].cells[0].number == own


def test_a_figure_opens_its_urgings_page_by_page(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    place, made = worked
    office = place.first
    for name in ("late", "today", "later"):
        urging.urge(
            Seen(made[name].pk), asked="Trình", answer_by=NOW + timedelta(hours=2),
            by=office.desk(office.leader, NOW), at=NOW,
        )  # fmt: skip
    client, address = (
        signed_in(office.leader),
        f"{LIST}?muc=tat-ca&phong={office.room.pk}&tu=01/11/2026",
    )
    shown: list[int] = []
    with patch("reports.board.urged.SIZE", 2):
        while address:
            page = client.get(address)
            assert page.context["number"] == 3
            assert [label for label, _, current in page.context["tabs"] if current] == ["Đôn đốc"]
            shown += [line.pk for line in page.context["lines"]]
            address = page.context["next"]
            assert not address or {f"phong={office.room.pk}", "tu=01%2F11%2F2026"} <= set(
                address.split("?")[1].split("&")
            )
    assert shown == list(Urging.objects.order_by("-made_at", "-pk").values_list("pk", flat=True))
    assert client.get(f"{LIST}?muc=tat-ca&sau=0-0").status_code == 302
