"""Procedures are found by initials wherever they begin. Built after the runs are filled; the catalogue does
not grow with the archive.
"""

import procedures.models.words
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("procedures", "0011_fill_runs")]

    operations = [
        migrations.AddIndex(
            model_name="procedureversion",
            index=procedures.models.words.WordsIndex(
                fields=["initial_runs"], name="procedureversion_initials"
            ),
        ),
    ]
