"""The initials of a name from each of its words on, so that an index of words finds them. A column of
its own: what a published version says is guarded, what is added to it is not.
"""

import procedures.models.words
from django.db import migrations


def fill(apps, schema_editor):
    from procedures.searching import runs_of

    versions = apps.get_model("procedures", "ProcedureVersion").objects
    for row in versions.exclude(initials="").only("pk", "initials").iterator():
        versions.filter(pk=row.pk).update(initial_runs=runs_of(row.initials))


class Migration(migrations.Migration):
    dependencies = [("procedures", "0009_words_index")]

    operations = [
        migrations.AddField(
            model_name="procedureversion",
            name="initial_runs",
            field=procedures.models.words.RunsField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="procedureversion",
            index=procedures.models.words.WordsIndex(
                fields=["initial_runs"], name="procedureversion_initials"
            ),
        ),
    ]
