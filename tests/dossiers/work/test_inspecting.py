"""Minutes of a verification (R-64): what they hold, who may write them, refusals, taken back like others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers.acts import inspecting, taking_back
from dossiers.acts.inspecting import Inspected
from dossiers.acts.many import Seen
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Slip, Submitter
from dossiers.models.inspecting import Inspection
from dossiers.slips import issuing
from onestop.errors import DomainError
from tests.world import MONDAY, Office

AtRoom = Callable[..., Dossier]
LATER = MONDAY + timedelta(hours=3)


def written(office: Office, dossier: Dossier, **more: Any) -> Inspection:
    said: dict[str, Any] = {
        "held_at": MONDAY + timedelta(hours=1), "place": "Thôn 2", "people": [("Lý Văn Sơn", "trưởng thôn")], "content": "Đo đất",
        "conclusion": "Đúng hiện trạng", "applicant_present": True,
    }  # fmt: skip
    by = more.pop("by", office.specialist)
    return inspecting.inspect(
        Seen(dossier.pk), Inspected(**said | more), by=office.desk(by), at=LATER
    )


def test_it_is_kept_printed_and_taken_back(
    office: Office, at_room: AtRoom, signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    due = Dossier.objects.get(pk=dossier.pk).due_at
    row = written(office, dossier)
    minutes = Slip.objects.get(dossier=dossier, slug="xac-minh")
    assert minutes.snapshot["people"] == ["Lý Văn Sơn, trưởng thôn"]
    assert Dossier.objects.get(pk=dossier.pk).due_at == due
    page = signed_in(office.specialist).get(dossier.get_absolute_url()).content.decode()
    for words in ("Người nộp hồ sơ có mặt", "Nội dung: Đo đất", "Kết luận: Đúng hiện trạng"):
        assert words in page
    taking_back.take_back(Seen(dossier.pk), by=office.desk(office.specialist), at=LATER)
    row.refresh_from_db()
    assert row.undone_at is not None
    assert list(verify(now=LATER).misfits) == []


def test_what_is_missing_or_false_is_refused(office: Office, at_room: AtRoom) -> None:
    dossier = at_room()
    wrong: dict[str, dict[str, Any]] = {
        "inspect_place": {"place": " "},
        "inspect_people": {"people": [(" ", "")]},
        "inspect_many": {"people": [("A", "")] * 13},
        "inspect_content": {"content": " "},
        "inspect_conclusion": {"conclusion": ""},
        "inspect_time": {"held_at": LATER + timedelta(minutes=1)},
        "not_holder": {"by": office.second_specialist},
        "role_missing": {"by": office.controller},
    }
    for code, more in wrong.items():
        with pytest.raises(DomainError) as error:
            written(office, dossier, **more)
        assert error.value.code == code
    with pytest.raises(DomainError) as before:
        written(office, dossier, held_at=MONDAY - timedelta(days=30))
    assert before.value.code == "inspect_time"
    assert not Inspection.objects.exists()


def test_whoever_brought_the_dossier_signs_as_the_applicant(
    office: Office, at_room: AtRoom
) -> None:
    """In the owner's place, who authorised them (R-19)."""
    own, brought = at_room(), at_room()
    Submitter(dossier=brought, name="Bùi Thị Cúc", authorisation="Giấy ủy quyền").save()
    for dossier, who in ((own, ""), (brought, "Bùi Thị Cúc")):
        written(office, dossier)
        minutes = Slip.objects.get(dossier=dossier, slug="xac-minh")
        assert minutes.snapshot["applicant"] == who
    assert "Bùi Thị Cúc, người nộp hồ sơ" in issuing.html(minutes)
