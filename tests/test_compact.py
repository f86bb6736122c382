"""Columns stored in fewer bytes: what was written is read, by any vocabulary that was ever used."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.models.packed import EventText, SlipSnapshot
from onestop.compact import HashField, Packing, Vocabulary

PACKINGS = [EventText.packing, SlipSnapshot.packing]


@pytest.mark.parametrize("packing", PACKINGS)
@given(text=st.text())
def test_any_text_is_read_back(packing: Packing, text: str) -> None:
    assert packing.unpacked(packing.packed(text)) == text
    assert packing.unpacked(memoryview(packing.packed(text))) == text


@pytest.mark.parametrize("packing", PACKINGS)
def test_texts_of_the_usual_kind_take_a_third(packing: Packing) -> None:
    for line in _words_of(packing).splitlines():
        if len(line) > 300:
            assert len(packing.packed(line)) * 3 < len(line.encode())


def _words_of(packing: Packing) -> str:
    return packing._known[-1].words.decode()


@given(text=st.text(min_size=1))
def test_a_text_that_packs_badly_is_stored_as_it_is(text: str) -> None:
    assert len(EventText.packing.packed(text)) <= len(text.encode()) + 1


def test_bytes_that_were_never_packed_are_told_from_others() -> None:
    stored = EventText.packing.packed('{"kind":"receive"}' * 9)
    for wrong in (b"", stored[1:], stored[:-1], stored + b"x", b"\2" + stored[1:], b"\0\xff"):
        with pytest.raises(ValueError):
            EventText.packing.unpacked(wrong)
        assert EventText().from_db_value(wrong) == ""
        assert SlipSnapshot().from_db_value(wrong) is None


def test_what_older_words_packed_is_read_with_newer_ones(tmp_path: Path) -> None:
    old, new = (_vocabulary(tmp_path, words) for words in ("cán bộ tiếp nhận", "người nhận"))
    text = "cán bộ tiếp nhận người nhận"
    stored = Packing(old).packed(text)
    assert (stored[0], Packing(old, new).packed(text)[0]) == (1, 2)
    assert Packing(old, new).unpacked(stored) == text


def _vocabulary(folder: Path, words: str) -> Vocabulary:
    path = folder / f"{len(words)}.txt"
    path.write_text(words)
    return Vocabulary(path, sha256(words.encode()).hexdigest())


def test_a_vocabulary_that_was_changed_reads_nothing(tmp_path: Path) -> None:
    """Another word in it would make other texts of all that was packed."""
    vocabulary = _vocabulary(tmp_path, "tiếp nhận")
    vocabulary.path.write_text("tiếp nhậm")
    with pytest.raises(RuntimeError, match="not the vocabulary"):
        Packing(vocabulary).packed("tiếp nhận")


def test_what_sqlite_kept_from_before_is_read() -> None:
    """An upgrade leaves the texts of old rows as they are."""
    assert EventText().from_db_value('{"seq":1}') == '{"seq":1}'
    assert SlipSnapshot().from_db_value('{"number":1}') == {"number": 1}
    assert SlipSnapshot().from_db_value("không đọc được") is None
    assert EventText().from_db_value(None) is None


def test_a_hash_is_half_as_long() -> None:
    text = "0a" * 32
    assert HashField().get_prep_value(text) == bytes([10]) * 32
    assert HashField().from_db_value(bytes([10]) * 32) == text
    assert HashField().from_db_value(text) == text
