"""The counter of a province's service centre: it receives for the departments, and never keeps a
dossier by silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.models import Dossier
from onestop.accounts.models import Agency, AgencyKind, Department, DepartmentKind, Level, Role
from procedures.models import Case
from tests.dossiers.intake.pages import address, errors, typed
from tests.world import MONDAY, make_agency, make_case, make_office, make_officer

pytestmark = pytest.mark.django_db


@dataclass
class Centre:
    centre: Agency
    justice: Agency
    land: Agency
    client: Client


@pytest.fixture
def at_centre(signed_in: Callable[[Any], Client]) -> Iterator[Centre]:
    make_office()
    province = make_agency("Ủy ban nhân dân tỉnh", code="H99")
    centre = _agency(
        "Trung tâm Phục vụ hành chính công tỉnh", "H99.90", province, AgencyKind.SERVICE_CENTRE
    )
    justice = _agency("Sở Tư pháp tỉnh Hòa An", "H99.91", province, AgencyKind.DEPARTMENT)
    land = _agency(
        "Sở Nông nghiệp và Môi trường tỉnh Hòa An", "H99.92", province, AgencyKind.DEPARTMENT
    )
    counter = Department.objects.create(
        agency=centre, name="Bộ phận Một cửa", kind=DepartmentKind.ONE_STOP
    )
    with time_machine.travel(MONDAY, tick=False):
        yield Centre(
            centre,
            justice,
            land,
            signed_in(make_officer("Nguyễn Thị Dung", centre, (Role.CLERK, counter))),
        )


def _agency(name: str, code: str, parent: Agency, kind: AgencyKind) -> Agency:
    made = make_agency(name, parent=parent, code=code)
    made.kind, made.level = kind, Level.PROVINCE
    made.save()
    return made


def case_of(executing: str = "", authority: str = "") -> Case:
    return make_case(executing=executing, authority=authority)


def offered(page: Any) -> tuple[list[str], str]:
    """The agencies offered, and the one that is chosen ("" for none)."""
    box = re.search(r'<select[^>]*id="o-giai-quyet".*?</select>', page.content.decode(), re.S)
    assert box is not None
    options = re.findall(r'<option value="(\d*)"\s*(selected)?\s*>(.*?)</option>', box[0], re.S)
    return [words for _, _, words in options], next(value for value, chosen, _ in options if chosen)


@pytest.mark.parametrize(
    ("executing", "authority"),
    [
        ("Sở Tư pháp", ""),
        ("Bộ Công an, Bộ Quốc phòng, Sở Tư pháp", ""),
        ("Phòng Tư pháp; Sở tư pháp tỉnh Hòa An", ""),
        ("", "Sở Tư pháp"),
        ("Chi cục Hải quan khu vực", "Sở Tư Pháp."),
    ],
)
def test_the_department_that_the_catalogue_names_is_chosen_already(
    at_centre: Centre, executing: str, authority: str
) -> None:
    case = case_of(executing, authority)
    words, chosen = offered(at_centre.client.get(address(case)))
    assert chosen == str(at_centre.justice.pk)
    assert words == [
        "Chọn cơ quan giải quyết",
        "Sở Nông nghiệp và Môi trường tỉnh Hòa An",
        "Sở Tư pháp tỉnh Hòa An",
        "Trung tâm Phục vụ hành chính công tỉnh tự giải quyết",
    ]


@pytest.mark.parametrize(
    "executing",
    [
        "",
        "Công an cấp Xã",
        "Sở Tư",
        "Sở Tư pháp, Sở Nông nghiệp và Môi trường",
        "Trung tâm Phục vụ hành chính công tỉnh",
    ],
)
def test_where_it_names_none_of_them_or_several_nothing_is_chosen_and_one_must_be(
    at_centre: Centre, executing: str
) -> None:
    case = case_of(executing)
    page = at_centre.client.get(address(case))
    assert offered(page)[1] == ""
    assert "data-focus" in page.content.decode().split('id="o-giai-quyet"')[1].split(">")[0], (
        "the first question of the page"
    )
    refused = at_centre.client.post(address(case), typed(case, handled_by=""))
    assert "Cơ quan giải quyết: Hãy chọn trong danh sách" in errors(refused)
    assert 'id="o-giai-quyet-error"' in refused.content.decode(), "beside the field too"
    assert not Dossier.objects.exists()
    at_centre.client.post(address(case), typed(case, handled_by=str(at_centre.land.pk)))
    dossier = Dossier.objects.get()
    assert (dossier.agency, dossier.received_by_agency) == (at_centre.land, at_centre.centre)


def test_the_centre_itself_handles_only_when_told_so(at_centre: Centre) -> None:
    case = case_of()
    at_centre.client.post(address(case), typed(case, handled_by=str(at_centre.centre.pk)))
    assert Dossier.objects.get().agency == at_centre.centre


def test_a_stranger_cannot_be_named(at_centre: Centre) -> None:
    case, province = case_of(), Agency.objects.get(code="H99")
    refused = at_centre.client.post(address(case), typed(case, handled_by=str(province.pk)))
    assert "Hãy chọn cơ quan giải quyết trong danh sách" in errors(refused)


def test_the_next_of_the_same_procedure_begins_with_the_same_department(at_centre: Centre) -> None:
    case = case_of()
    done = at_centre.client.post(
        address(case), typed(case, handled_by=str(at_centre.land.pk)), follow=True
    ).content.decode()
    link = re.search(r'data-enter[^>]*href="([^"]+)"', done)
    assert link is not None
    assert link[1] == f"{address(case)}?giai-quyet={at_centre.land.pk}"
    assert offered(at_centre.client.get(link[1]))[1] == str(at_centre.land.pk)


def test_a_draft_keeps_the_choice(at_centre: Centre) -> None:
    case = case_of("Sở Tư pháp")
    data = typed(case, handled_by=str(at_centre.centre.pk), viec="luu")
    at_centre.client.post(address(case), data)
    assert offered(at_centre.client.get(address(case), {"nhap": data["token"]}))[1] == str(
        at_centre.centre.pk
    )
