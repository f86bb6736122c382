"""A procedure is found by code or by words without diacritics, while typing, in two queries."""

from datetime import date

import pytest

from onestop.folding import tokens
from procedures.domain.confirming import abolish
from procedures.models import ProcedureVersion
from procedures.models.catalogue import says
from procedures.queries import public_page, search_procedures, words_of
from tests.procedures.conftest import record, run, version_of
from tests.world import MONDAY

TODAY = date(2026, 11, 23)


def codes(text: str, limit: int = 20) -> list[str]:
    return [version.procedure.code for version in search_procedures(text, on=TODAY, limit=limit)]


class TestInTheWholeCatalogue:
    """One catalogue for all of them (`standing_catalogue`)."""

    @pytest.mark.parametrize(
        "text",
        [
            "khai sinh",
            "KHAI SINH",
            "Đăng ký khai sinh",
            "dang ky khai si",
            "1.001193",
            "1.0011",
            "1001193",
            "001193",
            "dkks",
        ],
    )
    def test_birth_registration_comes_first_however_it_is_typed(
        self, standing_catalogue, text: str
    ) -> None:
        assert codes(text)[0] == "1.001193"

    def test_words_in_any_order(self, standing_catalogue) -> None:
        assert "1.001193" in codes("sinh khai")[:3]

    def test_certified_copies(self, standing_catalogue) -> None:
        assert codes("chứng thực bản sao")[0] == "2.000815"

    @pytest.mark.parametrize(
        "text", ["", "   ", "%", "không có thủ tục này", "'; DROP TABLE", "\\"]
    )
    def test_nothing_for_nothing(self, standing_catalogue, text: str) -> None:
        assert codes(text) == []

    def test_every_word_must_begin_a_word(self, standing_catalogue) -> None:
        found = search_procedures("ket hon nuoc", on=TODAY)
        assert found
        for version in found:
            assert all(f" {word}" in version.search_text for word in ("ket", "hon", "nuoc"))

    @pytest.mark.parametrize(
        "words",
        [
            ["khai"],
            ["d", "k"],
            ["1.0011"],
            ["0011"],
            ["ket", "hon"],
            ["'"],
            ["\\"],
            ["&", ":*"],
            ["x" * 4000],
        ],
    )
    def test_the_index_of_words_leaves_nothing_out(
        self, standing_catalogue, words: list[str]
    ) -> None:
        """What is found by it is what the text itself says, whatever was typed."""
        everything = ProcedureVersion.objects.all()
        for said in ([words], [words, ["chung", "thuc"]]):
            wanted = set(everything.filter(says(said)).values_list("pk", flat=True))
            assert set(everything.saying(said).values_list("pk", flat=True)) == wanted
        assert wanted

    @pytest.mark.parametrize("typed", ["dk", "ks", "kh", "dkks", "hon", "zz"])
    def test_one_short_word_is_also_initials_wherever_they_begin(
        self, standing_catalogue, typed: str
    ) -> None:
        """By an index too, and it leaves nothing out: what the names themselves say."""
        everything = ProcedureVersion.objects.all()
        wanted = {
            version.pk
            for version in everything
            if f" {typed}" in version.search_text or typed in first_letters(version.name)
        }
        assert (
            set(everything.saying([[typed]], initials=typed).values_list("pk", flat=True)) == wanted
        )

    def test_two_queries_for_one_and_for_many(self, standing_catalogue, queries) -> None:
        for text in ("1.001193", "thu tuc"):
            with queries() as seen:
                for version in search_procedures(text, on=TODAY):
                    assert version.procedure.code
                    assert version.field.name
            assert len(seen) == 2

    def test_the_public_list_pages_by_code(self, standing_catalogue, queries) -> None:
        seen: list[str] = []
        after = ""
        while True:
            with queries() as asked:
                page = public_page(on=TODAY, after=after, size=100)
            assert len(asked) == 1
            seen += [version.procedure.code for version in page.rows]
            if not page.next:
                break
            after = page.next
        assert seen == sorted(seen)
        assert len(seen) == ProcedureVersion.objects.count() == 330


def first_letters(name: str) -> str:
    words = tokens(name)
    return "".join(word[0] for word in (words[2:] if words[:2] == ["thu", "tuc"] else words))


def test_words_keep_codes_whole() -> None:
    assert words_of("  1.001193 Khai-sinh ") == ["1.001193", "khai", "sinh"]


def test_expired_and_abolished_ones_vanish(controller) -> None:
    run(record())
    run(record(name="Thủ tục đổi tên hẳn"))
    assert codes("thử nghiệm")  # still its field
    assert [v.number for v in search_procedures("1.000001", on=TODAY)] == [2]
    abolish(
        version_of().pk, decision="1/QĐ", signed=TODAY, effective=TODAY, by=controller, at=MONDAY
    )
    assert codes("1.000001") == []
    assert public_page(on=TODAY).rows == []
