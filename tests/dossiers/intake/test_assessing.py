"""What was brought is assessed without a page and without a form: problems, promise, fee, papers,
repeats.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.acts import reception
from dossiers.desk.intake import cases_of
from dossiers.intake.assessing import assess, published
from dossiers.intake.brought import Brought, PaperIn, Person, SubmitterIn
from dossiers.models.dossier import IdentityKind, OwnerKind
from onestop.errors import DomainError
from procedures.channels import Channel
from procedures.models import Case
from tests.world import MONDAY, Office, an_intake, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db

OWNER = Person(
    "Nguyễn Văn Ân", identity_number="001087000123", phone="0912345678", address="Thôn 2"
)
SUBMITTER = SubmitterIn("Lò Thị Mai", "Giấy ủy quyền số 6", identity_number="001187000125")


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def case() -> Case:
    """As the page reads it, with methods and papers."""
    return cases_of(make_case(fee=50_000, papers=2).version)[0]


@pytest.fixture
def whole(office: Office, case: Case) -> Brought:
    """Everything that an ordinary dossier needs."""
    papers = tuple(PaperIn(paper.pk, originals=1) for paper in published(case))
    return Brought(
        version=case.version,
        agency=office.agency,
        case=case,
        owner=OWNER,
        submitter=SUBMITTER,
        papers=papers,
        has_scans=True,
    )


def found(brought: Brought, **times: Any) -> list[tuple[str, str, bool]]:
    problems = assess(brought, **{"at": MONDAY} | times).problems
    assert all(problem.sentence for problem in problems)
    return [(problem.field, problem.code, problem.is_binding) for problem in problems]


def test_what_is_whole_has_no_problem(whole: Brought) -> None:
    assessment = assess(whole, at=MONDAY)
    assert assessment.problems == []
    settled = assessment.settled()
    assert (settled.case, settled.fee.amount) == (whole.case, 50_000)
    assert assessment.identity.value == "001087000123"


OWNERS: dict[str, tuple[Person, tuple[str, str, bool]]] = {
    "no name": (replace(OWNER, name=" "), ("owner_name", "owner_missing", True)),
    "no number": (
        replace(OWNER, identity_number=""),
        ("identity_number", "identity_missing", False),
    ),
    "an odd number": (
        replace(OWNER, identity_number="123"),
        ("identity_number", "identity_reason", False),
    ),
    "a sign for a figure": (
        replace(OWNER, identity_number="00108700012²"),
        ("identity_number", "number_sign", False),
    ),
    "an odd telephone": (replace(OWNER, phone="123"), ("phone", "identity_reason", False)),
    "no address of mail": (replace(OWNER, email="x@"), ("email", "email_unreadable", False)),
}


@pytest.mark.parametrize("name", OWNERS)
def test_the_owner(whole: Brought, name: str) -> None:
    owner, problem = OWNERS[name]
    assert found(replace(whole, owner=owner)) == [problem]


def test_one_written_reason_covers_every_odd_number(whole: Brought) -> None:
    odd = replace(OWNER, identity_number="123", phone="123", identity_note="Người nước ngoài")
    assert found(replace(whole, owner=odd)) == []
    body = Person("Công ty Bình Minh", kind=OwnerKind.ORGANISATION, phone=OWNER.phone)
    assert found(replace(whole, owner=body)) == []  # a body may have no number
    none = replace(OWNER, identity_number="", identity_note="Trẻ chưa có số")
    assert found(replace(whole, owner=none)) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"authorisation": " "}, ("authorisation", "submitter_authorisation", True)),
        ({"name": ""}, ("submitter_name", "submitter_name", False)),
        ({"identity_number": "12²"}, ("submitter_identity", "number_sign", False)),
        ({"phone": "123"}, ("submitter_phone", "identity_reason", False)),
        ({"name": "nguyễn văn ân", "identity_number": ""}, ("submitter_name", "submitter_is_owner", True)),
        ({"identity_number": "001 087 000 123"}, ("submitter_name", "submitter_is_owner", True)),
    ],
)  # fmt: skip
def test_who_brings_it_is_judged_like_the_owner_and_is_not_the_owner(
    whole: Brought, changes: dict[str, str], problem: tuple[str, str, bool]
) -> None:
    """R-19."""
    assert found(replace(whole, submitter=replace(SUBMITTER, **changes))) == [problem]


@pytest.mark.parametrize(
    ("price", "units", "amount", "reason", "paid", "told", "problem"),
    [
        (50_000, 1, None, "", 50_000, "", None),
        (50_000, 1, 50_000, "", 50_000, "", None),
        (50_000, 3, None, "", 150_000, "3 bản × 50.000 đồng", None),
        (50_000, 3, 50_000, "", 150_000, "3 bản × 50.000 đồng", None),  # one price entered for three
        (50_000, 3, 150_000, "", 150_000, "3 bản × 50.000 đồng", None),
        (50_000, 1, 40_000, "", 40_000, "", ("fee_reason", "fee_reason_missing")),
        (50_000, 1, 40_000, "Miễn giảm", 40_000, "Miễn giảm", None),
        (50_000, 3, 0, "Miễn", 0, "Miễn", None),
        (None, 1, None, "", None, "", ("fee_amount", "fee_missing")),
        (None, 1, None, "Nghị quyết 1", None, "Nghị quyết 1", ("fee_amount", "fee_missing")),
        (None, 2, 40_000, "", 40_000, "", ("fee_reason", "fee_missing")),
        (None, 1, 40_000, "Nghị quyết 1", 40_000, "Nghị quyết 1", None),
        (50_000, 1, 2**31, "Nhiều", 2**31, "Nhiều", ("fee_amount", "fee_unreadable")),
    ],
)  # fmt: skip
def test_the_fee(
    office: Office,
    whole: Brought,
    price: int | None,
    units: int,
    amount: int | None,
    reason: str,
    paid: int | None,
    told: str,
    problem: tuple[str, str] | None,
) -> None:
    """The published price times units; another amount only with its reason (R-125)."""
    case = make_case(fee=price)
    case.methods.update(fee_per="bản")
    brought = replace(
        whole,
        version=case.version,
        case=case,
        papers=(),
        fee_units=units,
        fee_amount=amount,
        fee_reason=reason,
    )
    assessment = assess(brought, at=MONDAY)
    fee = assessment.fee
    assert fee is not None
    assert (fee.amount, fee.reason) == (paid, told)
    of_fee = [(p.field, p.code) for p in assessment.problems if p.field.startswith("fee")]
    assert of_fee == ([problem] if problem else [])
    assert all(p.is_binding for p in assessment.problems if p.field.startswith("fee"))


def test_the_same_rule_judges_at_the_door_of_the_act(office: Office, case: Case) -> None:
    """Fee, scans, papers and who may bring it: what is binding is refused by the act, with the same
    code and field.
    """
    strange = make_case(papers=1).papers.get()
    wrong: list[dict[str, Any]] = [
        {"fee_amount": 1},
        {"no_scan_reason": ""},
        {"papers": (PaperIn(strange.pk, originals=1),)},
        {"submitter": replace(SUBMITTER, authorisation="")},
        {"owner": " "},
    ]
    for changes in wrong:
        intake = an_intake(office, case, **changes)
        binding = [p for p in assess(intake.brought(case), at=MONDAY).problems if p.is_binding]
        with pytest.raises(DomainError) as refused:
            reception.receive(intake, by=office.desk(office.clerk), at=MONDAY)
        assert (refused.value.code, refused.value.field) == (binding[0].code, binding[0].field)


def test_the_promise_is_the_one_the_dossier_gets(office: Office, case: Case) -> None:
    brought = an_intake(office, case).brought(case)
    promise = assess(brought, at=MONDAY).promise
    assert promise is not None
    assert promise.at == receive(office, case).due_at
    assert promise.lines


def test_papers_are_those_of_the_list_that_were_handed_in(whole: Brought) -> None:
    first, second = whole.papers
    given = replace(whole, papers=(first, replace(second, originals=0)))
    assert [paper.pk for paper, _ in assess(given, at=MONDAY).papers] == [first.paper_id]
    none = replace(whole, papers=(replace(first, originals=0), replace(second, originals=0)))
    assert found(none) == [("papers", "papers_none", False)]


def test_what_came_by_post_came_within_two_weeks(whole: Brought) -> None:
    """R-38."""
    post = replace(whole, channel=Channel.POST)
    post.version.post_allowed = True
    for at, code in (
        (MONDAY, None),
        (MONDAY - timedelta(days=14), None),
        (MONDAY - timedelta(days=14, minutes=1), "post_when"),
        (MONDAY + timedelta(minutes=1), "post_when"),
    ):
        codes = [c for _, c, _ in found(post, at=at, now=MONDAY) if c == "post_when"]
        assert codes == ([code] if code else [])


def test_a_result_sent_by_post_needs_an_address_and_a_telephone(whole: Brought) -> None:
    lost = replace(whole, return_by_post=True, owner=replace(OWNER, address="", phone=""))
    assert {field for field, _, _ in found(lost)} == {"address", "phone"}


def test_repeats_are_told_and_the_paper_kind_does_not_matter(
    office: Office, case: Case, whole: Brought
) -> None:
    dossier = receive(office, case)
    assert assess(whole, at=MONDAY).repeats == [dossier]
    other = replace(OWNER, identity_kind=IdentityKind.OTHER, identity_number="Thẻ 12")
    assert assess(replace(whole, owner=other), at=MONDAY).repeats == []


def test_a_case_not_chosen_is_one_problem_and_the_rest_is_told_all_the_same(
    whole: Brought,
) -> None:
    nothing = replace(whole, case=None, papers=(), owner=replace(OWNER, name=""))
    assessment = assess(nothing, at=MONDAY)
    assert (assessment.promise, assessment.fee, assessment.papers) == (None, None, [])
    assert [p.code for p in assessment.problems] == ["case_missing", "owner_missing"]


def test_nothing_is_read_before_it_is_asked_for(whole: Brought) -> None:
    assess(whole, at=MONDAY).promise  # noqa: B018 (the calendar is kept by the process)
    with CaptureQueriesContext(connection) as seen:
        assessment = assess(whole, at=vn("23/11/2026 10:00"))
        _ = (assessment.fee, assessment.identity, assessment.phone)
    assert len(seen) == 0
