"""Files that come from a portal with digital signatures are judged when they come: the clerk reads it on
the page of the filing, and nothing doubtful is received without being looked at (R-81, R-149).
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from dossiers.intake.said import FILES
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier
from exchange.inbox import files
from exchange.models import IncomingFile
from onestop.files.models import Attachment
from onestop.signatures.checking import Verdict
from procedures.models import Paper
from tests import keys
from tests.exchange.sent import a_door, body_of, came, data_of
from tests.samples import PDF
from tests.world import MONDAY, make_case, make_office

pytestmark = pytest.mark.django_db
SIGNER = f"{keys.AGENCY}, ký lúc 09:00 23/11/2026"


def item(name: str, content: bytes) -> dict[str, Any]:
    return {"TenTep": name, "Base64": base64.b64encode(content).decode()}


def test_the_clerk_reads_what_a_signature_is_worth_before_accepting(
    signed_in: Any, tmp_path: Path, settings: Any
) -> None:
    office = make_office()
    signed = keys.prepared(tmp_path, settings).sign(keys.order(PDF))
    place = signed.index(b"/Type")
    altered = signed[:place] + b"/Tipe" + signed[place + 5 :]
    case = make_case()
    contents = [("da-ky.pdf", signed), ("da-sua.pdf", altered)]
    names = [paper.name for paper in Paper.objects.filter(case=case)]
    contents += [(f"giay-{n}.pdf", PDF) for n in range(len(names) - 2)]
    sent = [item(*one) | {"TenGiayTo": name} for one, name in zip(contents, names, strict=True)]
    filing = came(a_door(), body_of(data_of(office, case, TaiLieuNop=sent)), MONDAY).filing
    assert filing is not None
    assert files.fetch_due(timezone.now) == (len(names) - 1, 1)
    clerk, page = signed_in(office.clerk), reverse("online_filing", args=[filing.pk])
    accept = reverse("online_filing_accept", args=[filing.pk])

    words = clerk.get(page).content.decode()
    assert f"Chữ ký số hợp lệ: {SIGNER}" in words
    # What was altered after it was signed is not taken: the clerk reads why, and who had signed it.
    assert "Thiếu tệp da-sua.pdf" in words
    assert "đã bị sửa sau khi ký số" in words

    IncomingFile.objects.filter(name="da-sua.pdf").delete()
    assert "Tiếp nhận ngay" in clerk.get(page).content.decode()
    arrived = Attachment.objects.filter(kind=FILES, object_id=filing.pk, name="da-ky.pdf")
    for doubtful in (Verdict.INVALID, Verdict.UNCHECKED):
        arrived.update(signature=doubtful)
        words = clerk.get(page).content.decode()
        assert "Tiếp nhận ngay" not in words
        assert "chưa kiểm tra được: da-ky.pdf. Hãy mở tệp xem" in words
        assert clerk.post(accept)["Location"] == reverse("online_filing_open", args=[filing.pk])
    assert not Dossier.objects.exists()

    # Whoever signed and is known to nobody here is no reason to stop: it is said beside the file.
    arrived.update(signature=Verdict.UNKNOWN)
    assert clerk.post(accept).status_code == 302
    taken = Attachment.objects.of("dossier", Dossier.objects.get().pk).get(name="da-ky.pdf")
    assert (taken.signature, taken.signed_by) == (Verdict.UNKNOWN, SIGNER)
    assert verify(now=MONDAY).misfit is None
    Attachment.objects.filter(pk=taken.pk).update(signature=Verdict.VALID)
    assert "chữ ký số" in str(verify(now=MONDAY).misfit)
