"""The initials of a name from each of its words on, so that an index of words finds them. A column of
its own: what a published version says is guarded, what is added to it is not. Filled in 0011.
"""

import procedures.models.words
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("procedures", "0009_words_index")]

    operations = [
        migrations.AddField(
            model_name="procedureversion",
            name="initial_runs",
            field=procedures.models.words.RunsField(
                blank=True, db_default="", default="", editable=False
            ),
        ),
    ]
