"""The versions of before 0010 get their runs of initials, 2,000 at a time; begun again, it goes on with
those that have none yet.
"""

from django.db import migrations

AT_ONCE = 2000


def fill(apps, schema_editor):
    from procedures.searching import runs_of

    versions = apps.get_model("procedures", "ProcedureVersion").objects
    left = versions.filter(initial_runs="").exclude(initials="").only("pk", "initials")
    after = 0
    while rows := list(left.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = rows[-1].pk
        for row in rows:
            row.initial_runs = runs_of(row.initials)
        versions.bulk_update(rows, ["initial_runs"])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("procedures", "0010_initial_runs")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
