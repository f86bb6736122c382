"""What applicants wrote before 0002 loses the names of their dossier, 2,000 at a time, as what is written
since is kept (R-105); begun again, it finds what is covered as it is.
"""

from django.db import migrations
from django.db.models import F

AT_ONCE = 2000


def cover(apps, schema_editor):
    from feedback.masking import without_names

    ratings = apps.get_model("feedback", "Rating").objects
    named = {
        "owner": F("dossier__owner_name"),
        "code": F("dossier__code"),
        "submitter": F("dossier__submitter__name"),
    }
    rows = ratings.exclude(words="").only("pk", "words").annotate(**named).order_by("pk")
    after = 0
    while found := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        after = found[-1].pk
        changed = []
        for row in found:
            words = without_names(row.words, row.owner, row.code, row.submitter or "")
            if words != row.words:
                row.words = words
                changed.append(row)
        ratings.bulk_update(changed, ["words"])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0001_begin")]

    # What was covered nobody knows any more, and nobody needs to.
    operations = [migrations.RunPython(cover, migrations.RunPython.noop)]
