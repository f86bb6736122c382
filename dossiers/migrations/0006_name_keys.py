"""Search keys of names that are spelt in more ways than one, or hold letters Unicode does not take apart; of takers and requesters."""

import unicodedata

from django.db import migrations


def _touched(name):
    """Not only plain words of Vietnamese letters: those had the right keys before."""
    decomposed = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return not plain.isascii() or not plain.replace(" ", "").isalnum()


def rebuild(apps, schema_editor):
    from dossiers.domain import names

    for _ in names.rebuild(touched=_touched):
        pass


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0005_undetermined")]
    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
