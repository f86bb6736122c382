"""How a procedure is made findable: the text that searches run over. Pure; used by the import and
by the queries.
"""

from onestop.folding import tokens


def search_text(code: str, name: str, field: str) -> str:
    """A blank before every word, so that " khai" finds words that begin so: code, its digits, its
    last six, name, field.
    """
    digits = code.replace(".", "")
    words = [
        code.lower(),
        digits.lower(),
        code.lower().split(".")[1] if "." in code else "",
        *tokens(name),
        *tokens(field),
    ]
    return " " + " ".join(word for word in words if word) + " "


# The longest initials that anybody types; a run holds no more letters.
MOST_INITIALS = 10


def initials(name: str) -> str:
    """First letters of the words, without the empty opening "Thủ tục": "Đăng ký khai sinh" is dkks."""
    words = tokens(name)
    if words[:2] == ["thu", "tuc"]:
        words = words[2:]
    return "".join(word[0] for word in words)[:250]


def runs_of(letters: str) -> str:
    """Initials from each word on, a blank before every run: of "dkks" " dkks kks ks s ", so that an
    index of words finds them from wherever they begin.
    """
    runs = [letters[at : at + MOST_INITIALS] for at in range(len(letters))]
    return f" {' '.join(runs)} " if runs else ""
