"""One page of the counter from many processes at once: a double click, a connection that repeats,
an autosave in between.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers.models import CounterVisit, Dossier, Draft, Slip
from onestop.accounts.models import Officer
from onestop.files.models import Attachment
from tests.dossiers.intake.pages import address, typed
from tests.proofs.forks import fork, wait
from tests.samples import PDF
from tests.world import make_case, make_office

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TIMES = 4


@pytest.mark.parametrize("act", ["nhan", "bo-sung"])
def test_six_posts_at_once_with_a_scan_and_autosaves_between(
    act: str, signed_in: Callable[[Officer], Client]
) -> None:
    office, case = make_office(), make_case()
    clerk = signed_in(office.clerk)
    for _ in range(TIMES):
        token = str(uuid4())
        who = {
            "owner_name": f"Người {token[:4]}",
            "identity_number": "",
            "identity_note": "Chưa có số",
        }
        data = typed(
            case,
            token=token,
            viec=act,
            no_scan_reason="",
            guide_reason="Thiếu",
            declared="Sai tên",
            **who,
        )

        def send(data: dict[str, Any] = data) -> None:
            answer = clerk.post(
                address(case), data | {"tep": SimpleUploadedFile("to-khai.pdf", PDF)}
            )
            assert answer.status_code == 302, answer.content.decode()

        def save(data: dict[str, Any] = data) -> None:
            assert clerk.post(f"/tiep-nhan/nhap/{data['token']}/", data).status_code == 204

        children = [fork(work) for work in (send, save, send, send, save, send, save, send, send)]
        assert [wait(pid) for pid in children] == [0] * len(children)
    made = Dossier.objects.count() if act == "nhan" else CounterVisit.objects.count()
    assert made == TIMES
    assert Slip.objects.count() == TIMES
    assert not Draft.objects.exists()
    assert (
        list(Attachment.objects.exclude(kind="slip").values_list("kind", flat=True))
        == (["dossier"] if act == "nhan" else ["visit"]) * TIMES
    )
