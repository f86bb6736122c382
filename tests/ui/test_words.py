"""No form speaks English: Django's own sentences, a NUL in any field, and the compiled words being
those of the source.
"""

import ast
import gettext as compiled
import re
from pathlib import Path

import django
import pytest
from django import forms
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, ngettext

WORDS = Path(settings.LOCALE_PATHS[0]) / "vi" / "LC_MESSAGES"
SPEAKING = ("forms/fields.py", "forms/models.py", "forms/formsets.py", "forms/utils.py", "core/validators.py", "db/models/base.py",
            "db/models/constraints.py", "db/models/fields/__init__.py", "db/models/fields/json.py", "db/models/fields/related.py",
            "contrib/auth/password_validation.py")  # fmt: skip
# What is the same in both languages, or never shown: names of column types, and the joints of
# lists.
SAME = re.compile(
    r"Email|URL|IPv[46]|[^\w]*|%\(from\)s.*|(Big|Positive|Small|Universally|String|Duration|A JSON|Object).*"
)


def sentences() -> list[tuple[str, str]]:
    """Every sentence of Django that a form or a model can refuse with, and its plural."""
    found = []
    for name in SPEAKING:
        for node in ast.walk(
            ast.parse((Path(django.__file__).parent / name).read_text(encoding="utf-8"))
        ):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = [
                    a.value
                    for a in node.args[:2]
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
                if node.func.id in ("_", "gettext", "gettext_lazy") and texts:
                    found.append((texts[0], ""))
                elif node.func.id in ("ngettext", "ngettext_lazy") and len(texts) == 2:
                    found.append((texts[0], texts[1]))
    return found


def test_every_sentence_of_a_form_is_vietnamese() -> None:
    told = sentences()
    assert len(told) > 90
    english = [
        one
        for one, many in told
        if (ngettext(one, many, 2) if many else gettext(one)) in (one, many)
        and not SAME.fullmatch(one)
    ]
    assert english == []


def test_the_compiled_words_are_those_of_the_source() -> None:
    source = (WORDS / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(
        r'^msgid "(.+)"\n(?:msgid_plural ".+"\n)?msgstr(?:\[0\])? "(.+)"$', source, re.MULTILINE
    )
    with (WORDS / "django.mo").open("rb") as file:
        words = compiled.GNUTranslations(file)
    assert len(pairs) > 30
    for english, vietnamese in pairs:
        assert vietnamese in (words.gettext(english), words.ngettext(english, english, 1)), english
        assert set(re.findall(r"%\(\w+\)\w|\{\w+\}|%d", vietnamese)) <= set(
            re.findall(r"%\(\w+\)\w|\{\w+\}|%d", english)
        ), english


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/ho-so/%00/", "/tra-cuu/H99%00/", "/thu-tuc/?q=%00a", "/tiep-nhan/?thu-tuc=1.0%00"]
)
def test_an_address_with_a_nul_is_answered_in_our_words(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "Yêu cầu không đọc được" in answer.content.decode()


@pytest.mark.parametrize(
    "kind", [forms.CharField, forms.EmailField, forms.RegexField, forms.SlugField]
)
def test_a_nul_is_refused_in_our_words(kind: type[forms.Field]) -> None:
    field = kind(regex=".*") if kind is forms.RegexField else kind()
    with pytest.raises(forms.ValidationError) as refused:
        field.clean("Nguyễn\x00Văn")
    assert (
        "Có ký tự không hiển thị được (ký tự rỗng). Hãy xóa rồi gõ lại." in refused.value.messages
    )
    assert all(
        not re.search(r"\b(Enter|Ensure|allowed|valid)\b", message)
        for message in refused.value.messages
    )
