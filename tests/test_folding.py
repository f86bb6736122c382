"""Names are found whatever keyboard, code page or mark they were written with."""

import unicodedata

import pytest

from onestop.folding import fold, joined, spellings, tokens
from onestop.typed import one_line, real_d


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Đặng Thị Đào", "dang thi dao"),
        ("\u00d0ặng Thị \u00d0ào", "dang thi dao"),  # the Icelandic letter of old conversions
        ("\u0189ặng Thị \u0189ào", "dang thi dao"),  # the African one
        ("\u00f0ặng thị \u0256ào", "dang thi dao"),
        ("D\u0335ặng", "dang"),
        ("Søren Ødegård", "soren odegard"),
        ("Łukasz Weiß", "lukasz weiss"),
        ("GROẞ", "gross"),
        ("Ægir Þórsson", "aegir thorsson"),
        ("Œuvre", "oeuvre"),
        ("İpek Işık", "ipek isik"),
        ("Ħal Ŧ", "hal t"),
        ("Жанна", "zhanna"),
        ("ＮＧＵＹＥＮ　Ａ１", "nguyen a1"),
        ("Nguyễn\u200b Văn", "nguyen van"),
        ("  Lê   Thị\tBé ", "le thi be"),
    ],
)
def test_letters_become_what_a_seeker_types(name, folded):
    assert fold(name) == folded
    assert fold(unicodedata.normalize("NFD", name)) == folded
    assert fold(name.upper()) == fold(name)


MARKS = "'’‘ʼ`´′-‐‑–·.＇"


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_inside_a_word_parts_it_and_runs_it_together(mark):
    name = f"H{mark}Hoa Niê"
    assert tokens(name) == ["h", "hoa", "nie"]
    assert joined(name) == ["hhoa", "nie"]
    assert spellings(name) == [["h", "hoa", "nie"], ["hhoa", "nie"]]


def test_a_blank_beside_the_apostrophe_is_a_slip_of_the_hand():
    assert ["hhoa", "nie"] in spellings("H' Hoa Niê")
    assert ["oneill"] in spellings("O ’Neill")
    assert spellings("Hoàng Hà") == [["hoang", "ha"]]


def test_two_marked_words_are_spelt_in_four_ways_and_more_in_two():
    assert len(spellings("H'Hoa Niê-Kđăm")) == 4
    assert ["hhoa", "nie", "kdam"] in spellings("H'Hoa Niê-Kđăm")
    assert len(spellings("a-b c-d e-f g-h")) == 2
    assert spellings("") == spellings("'-.") == [[]]


@pytest.mark.parametrize(
    "typed", ["\u00d0ặng Văn \u00f0", "\u0189ặng Văn \u0256", "D\u0335ặng Văn d\u0336"]
)
def test_what_only_looks_like_d_with_a_stroke_becomes_it(typed):
    assert one_line(typed) == "Đặng Văn đ"
    assert real_d("Guest & Đặng") == "Guest & Đặng"


def test_a_typed_line_is_composed_and_single_spaced():
    assert one_line(unicodedata.normalize("NFD", "  Nguyễn   Văn Ân ")) == "Nguyễn Văn Ân"
