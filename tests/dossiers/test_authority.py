"""Who acts for the owner is never the owner: taking a result, bringing a dossier, withdrawing
(R-19, R-72, R-78).
"""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.acts import endings
from dossiers.acts.endings import EndingIn, Taking
from dossiers.acts.many import Seen
from dossiers.intake.authority import is_owner
from dossiers.intake.brought import SubmitterIn
from dossiers.models import Dossier, Ending, Return, Submitter
from onestop.errors import DomainError
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db

OWNER, NUMBER = "Nguyễn Văn Ân", "001087000123"
OTHER = "020190777777"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(MONDAY + timedelta(hours=4), tick=False):
        yield


@pytest.fixture
def office() -> Office:
    return make_office()


def finished(office: Office) -> Dossier:
    dossier = receive(office, make_case())
    data = endings.ResultIn(
        title="Giấy xác nhận",
        number="12/GXN",
        issued_on=date(2026, 11, 23),
        signer="Hoàng Minh Tuấn",
    )
    endings.record_result(
        Seen(dossier.pk), data, by=office.desk(office.clerk), at=MONDAY + timedelta(hours=1)
    )
    return endings.finish(
        Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY + timedelta(hours=2), note="Sở ký"
    )


@pytest.mark.parametrize(
    ("name", "identity", "expected"),
    [
        (OWNER, NUMBER, True),
        ("Trần Thị Bé", NUMBER, True),  # whatever the name
        ("Trần Thị Bé", "001 087 000 123", True),
        ("nguyen van an", "", True),
        (OWNER, OTHER, False),  # a namesake
        ("Trần Thị Bé", "", False),
    ],
)
def test_the_owner_is_known_by_number_or_name(name: str, identity: str, *, expected: bool) -> None:
    assert (
        is_owner(name=name, identity=identity, owner_name=OWNER, owner_identity=NUMBER) is expected
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": OWNER, "identity": NUMBER}, "taker_is_owner"),
        ({"name": "Trần Thị Bé", "identity": NUMBER}, "taker_is_owner"),
        ({"name": OWNER, "way": Return.Way.POST, "post_number": "EB1"}, "taker_is_owner"),
        ({"name": "Trần Thị Bé"}, "taker_identity"),
        ({"name": "Trần Thị Bé", "identity": OTHER, "authorisation": ""}, "taker_authorisation"),
        ({"name": "", "identity": OTHER}, "taker_missing"),
    ],
)
def test_nobody_takes_a_result_by_authority_of_himself(
    office: Office, changes: dict[str, Any], code: str
) -> None:
    dossier = finished(office)
    taking = {"taker": Return.Taker.AUTHORISED, "authorisation": "Giấy ủy quyền số 3"} | changes
    with pytest.raises(DomainError, match=code):
        endings.give_back(
            Seen(dossier.pk),
            Taking(**taking),
            by=office.desk(office.clerk),
            at=MONDAY + timedelta(hours=3),
        )
    assert not Return.objects.exists()


def test_the_page_of_returning_empties_what_is_the_owners_and_refuses_it(
    client: Client, office: Office
) -> None:
    dossier = finished(office)
    client.force_login(office.clerk)
    address = f"/tra-ket-qua/{dossier.code}/"
    page = client.get(address).content.decode()
    assert page.count('data-owns="taker=1"') == 2
    assert f'data-own="{NUMBER}"' in page
    sent = {
        "seen": dossier.row_version,
        "taker": 2,
        "name": OWNER,
        "identity": NUMBER,
        "way": 1,
        "authorisation": "GUQ 3",
        "signature": 1,
        "notice": 4,
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Đây là chính chủ hồ sơ" in refused.content.decode()
    refused = client.post(address, sent | {"name": "Trần Thị Bé", "identity": ""})
    assert "Hãy ghi số giấy tờ tùy thân" in refused.content.decode()
    assert (
        client.post(address, sent | {"name": "Trần Thị Bé", "identity": OTHER}).status_code == 302
    )
    row = Return.objects.get()
    assert (row.taker_name, row.taker_identity, row.taker) == (
        "Trần Thị Bé",
        OTHER,
        Return.Taker.AUTHORISED,
    )


def test_nobody_brings_a_dossier_by_authority_of_himself(office: Office) -> None:
    for name, number in ((OWNER, NUMBER), (OWNER, ""), ("Trần Thị Bé", NUMBER)):
        with pytest.raises(DomainError, match="submitter_is_owner"):
            receive(
                office,
                make_case(),
                submitter=SubmitterIn(name, identity_number=number, authorisation="GUQ 3"),
            )
    receive(
        office,
        make_case(),
        submitter=SubmitterIn("Trần Thị Bé", identity_number=OTHER, authorisation="GUQ 3"),
    )
    assert Submitter.objects.get().name == "Trần Thị Bé"


def test_whoever_withdraws_for_the_owner_shows_by_what_authority(
    client: Client, office: Office
) -> None:
    dossier = receive(office, make_case())
    client.force_login(office.clerk)
    address = f"/ho-so/{dossier.code}/rut/"
    sent = {
        "seen": dossier.row_version,
        "requested_by": "Trần Thị Bé",
        "requested_on": "23/11/2026",
        "reason": "Đổi ý",
    }
    assert "không phải chủ hồ sơ" in client.post(address, sent).content.decode()
    own = client.post(address, sent | {"requested_by": OWNER, "authorisation": "GUQ 3"})
    assert "Đây là chính chủ hồ sơ" in own.content.decode()
    assert not Ending.objects.exists()
    assert client.post(address, sent | {"authorisation": "GUQ 3"}).status_code == 302
    assert Ending.objects.get().authorisation == "GUQ 3"
    assert EndingIn("", "Đổi ý").authorisation == ""
