"""One catalogue serves the whole province: who publishes it decides, the others read why not, and
all are told (R-133).
"""

from datetime import date

import pytest
from django.test import Client

from onestop.accounts.models import Agency, Officer, Role
from onestop.outbox.models import Message
from procedures.domain.confirming import abolish, confirm_many
from procedures.models import (
    CatalogueAct,
    Kind,
    ProcedureVersion,
    Status,
    SupplementMode,
    VersionSource,
)
from tests.world import MONDAY, make_agency, make_case, make_officer

pytestmark = pytest.mark.django_db
REASON = "đầu mối kiểm soát thủ tục hành chính cấp tỉnh"


@pytest.fixture
def province() -> Agency:
    return make_agency("Ủy ban nhân dân tỉnh")


@pytest.fixture
def above(province: Agency) -> Officer:
    return make_officer("Lê Thị Minh Nguyệt", province, (Role.CONTROLLER, None))


@pytest.fixture
def below(province: Agency) -> Officer:
    return make_officer("Đỗ Thị Hạnh", make_agency(parent=province), (Role.CONTROLLER, None))


@pytest.fixture
def elsewhere(province: Agency) -> Officer:
    return make_officer(
        "Nông Văn Thắng", make_agency("Xã khác", parent=province), (Role.CONTROLLER, None)
    )


def waiting() -> ProcedureVersion:
    return make_case(term="", status=Status.NEEDS_TERM).version


def published() -> ProcedureVersion:
    version = make_case().version
    VersionSource.objects.create(version=version, content="{}")
    return version


def attempts(client: Client, wait: ProcedureVersion, ready: ProcedureVersion) -> dict[str, int]:
    """Everything that decides about the catalogue, and what it answered."""
    day = {"decision": "9/QĐ", "signed": "2026-11-23", "effective": "2026-11-24"}
    method = wait.cases.get().methods.first()
    assert method is not None
    ProcedureVersion.objects.filter(pk=ready.pk).update(unverified=True)
    sent = {
        f"/thu-tuc/quan-ly/{wait.pk}/": {f"term_{method.pk}": "5 ngày làm việc"},
        "/thu-tuc/quan-ly/nhieu/": {"version": wait.pk, "term": "5 ngày làm việc"},
        "/thu-tuc/quan-ly/ngay-hieu-luc/": {"version": ready.pk} | day,
        f"/thu-tuc/quan-ly/{ready.pk}/bai-bo/": day,
        f"/thu-tuc/quan-ly/{ready.code}/bo-sung/": {
            "version": ready.pk,
            "mode": SupplementMode.PAUSE,
            "basis": "TT 1",
        },
    }
    return {address: client.post(address, data).status_code for address, data in sent.items()}


def test_a_communes_controller_decides_nothing(below, signed_in) -> None:
    wait, ready = waiting(), published()
    answers = attempts(signed_in(below), wait, ready)
    assert set(answers.values()) == {403}, answers
    wait.refresh_from_db()
    assert wait.status == Status.NEEDS_TERM
    assert not ProcedureVersion.objects.filter(kind=Kind.ABOLISHED).exists()
    assert not CatalogueAct.objects.exists()
    assert not Message.objects.exists()


def test_and_reads_why_not_instead_of_the_forms(below, signed_in) -> None:
    wait, ready, client = waiting(), published(), signed_in(below)
    for address in ("/thu-tuc/quan-ly/", f"/thu-tuc/quan-ly/{ready.code}/"):
        page = client.get(address)
        assert page.status_code == 200
        assert REASON in page.content.decode()
        assert 'type="submit">Bãi bỏ' not in page.content.decode()
        assert not any(
            f'name="{name}"' in page.content.decode() for name in ("term", "basis", "effective")
        )
    assert client.get(f"/thu-tuc/quan-ly/{wait.pk}/").status_code == 403
    assert "ngay-hieu-luc" not in client.get("/thu-tuc/quan-ly/").content.decode()


def test_the_controller_on_top_decides_and_the_others_are_told(
    above, below, elsewhere, signed_in
) -> None:
    ready = published()
    day = {"decision": "9/QĐ-UBND", "signed": "2026-11-23", "effective": "2026-12-01"}
    assert signed_in(above).post(f"/thu-tuc/quan-ly/{ready.pk}/bai-bo/", day).status_code == 302
    told = Message.objects.order_by("pk")
    assert {message.to_officer for message in told} == {below, elsewhere}
    assert "bãi bỏ từ 01/12/2026" in told[0].subject
    assert "Lê Thị Minh Nguyệt" in told[0].body
    assert told[0].to_email


def test_many_at_once_are_told_once(above, below) -> None:
    versions = [waiting(), waiting()]
    confirm_many([one.pk for one in versions], term="5 ngày làm việc", by=above, at=MONDAY)
    message = Message.objects.get()
    assert message.to_officer == below
    assert all(one.code in message.body for one in versions)


def test_what_was_set_up_in_nobodys_name_is_told_to_nobody(below) -> None:
    abolish(
        published().pk,
        decision="1/QĐ",
        signed=date(2026, 11, 1),
        effective=date(2026, 12, 1),
        by=None,
        at=MONDAY,
    )
    assert not Message.objects.exists()


def test_a_commune_alone_decides_for_itself(signed_in) -> None:
    alone = make_officer("Đỗ Thị Hạnh", make_agency(), (Role.CONTROLLER, None))
    answers = attempts(signed_in(alone), waiting(), published())
    assert 403 not in answers.values()
