"""What the counter's pages cost: the same number of statements for one paper and for fifty."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test.utils import CaptureQueriesContext

from dossiers.models import Dossier, DossierPaper
from procedures.models import Paper
from tests.dossiers.intake.pages import address, typed
from tests.dossiers.intake.test_immediate import PAGE, a_line, copies
from tests.world import Office, make_case, receive

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
Queries = Callable[[], CaptureQueriesContext]
SAVEPOINTS = ("SAVEPOINT", "RELEASE SAVEPOINT")


def statements(seen: CaptureQueriesContext) -> int:
    """Statements of a block without the test's own savepoints (BEGIN and COMMIT in real life)."""
    return sum(not query["sql"].startswith(SAVEPOINTS) for query in seen.captured_queries)


@pytest.mark.parametrize("papers", [1, 10, 50])
def test_form_and_reception_cost_the_same_for_any_number_of_papers(
    clerk: Client, queries: Queries, papers: int
) -> None:
    case = make_case(papers=papers)
    clerk.get(address(case))  # the calendar is built once a process
    with queries() as seen:
        page = clerk.get(address(case))
    assert statements(seen) <= 10
    assert len(page.content) < 103_000
    data = typed(case)
    with queries() as seen:
        clerk.post(address(case), data)
    assert DossierPaper.objects.count() == papers
    assert statements(seen) <= 25  # with session, officer, roles and the catalogue's rows


def test_the_longest_published_list_is_light_on_the_wire(clerk: Client) -> None:
    """Fifty-five papers, each a paragraph: as long as the catalogue's longest list."""
    case = make_case(papers=55)
    for paper in case.papers.all():
        Paper.objects.filter(pk=paper.pk).update(
            name=f"Giấy tờ {paper.pk} " + "theo quy định của Luật Đất đai qua các thời kỳ, " * 12
        )
    page = clerk.get(address(case), headers={"accept-encoding": "gzip, br"})
    assert (page.status_code, page.headers["Content-Encoding"]) == (200, "gzip")
    assert len(page.content) < 50_000 < len(gzip.decompress(page.content))


def test_the_short_path_costs_the_same_for_one_line_and_many(
    clerk: Client, queries: Queries
) -> None:
    case = copies()
    clerk.get(PAGE)
    counts = []
    for _ in range(3):
        with queries() as seen:
            clerk.post(PAGE, a_line(case))
        with queries() as shown:
            clerk.get(PAGE)
        counts.append((statements(seen), statements(shown)))
    assert len(set(counts)) == 1
    # The second: with who signed the last one, the numbers of the lines, what was promised on an
    # earlier day, and the counter's books of receipts.
    assert counts[0][0] <= 25
    assert counts[0][1] <= 14


def test_start_and_done_cost_the_same_for_one_dossier_and_many(
    clerk: Client, office: Office, queries: Queries
) -> None:
    counts = []
    for _ in range(3):
        receive(office, make_case())
        with queries() as seen:
            clerk.get("/tiep-nhan/")
        with queries() as found:
            clerk.get("/tiep-nhan/?q=hon nhan", headers={"HX-Request": "true"})
        with queries() as done:
            clerk.get(f"/tiep-nhan/xong/{Dossier.objects.latest('id').code}/")
        counts.append((statements(seen), statements(found), statements(done)))
    assert counts[1] == counts[2]
    assert counts[2] <= (10, 9, 9)
