"""What people type and paste, made ordinary."""

from onestop.typed import is_digits, odd_figure, plain_digits, squeeze


def test_only_the_ten_figures_are_digits():
    assert [is_digits(text) for text in ("0123", "", "1²", "１", "1 2")] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert [odd_figure(text) for text in ("1²3", "12", "１", "½", "abc")] == ["²", "", "", "½", ""]


def test_full_width_signs_become_the_ordinary_ones_and_letters_stay():
    assert plain_digits("Ｃ１２３－＋ Đặng") == "C123-+ Đặng"
    assert squeeze(" (+84) 913–111.222/\u200b") == "+84913111222"
