"""Agencies know whether somebody here or below took over from somebody (accounts.succession)."""

from django.db import migrations, models


def mark(apps, schema_editor):
    agencies = apps.get_model("accounts", "Agency").objects
    concerned = set()
    for path, heir in agencies.filter(successor__isnull=False).values_list("path", "successor__path"):
        concerned |= {int(part) for part in f"{path}{heir}".split("/") if part}
    agencies.filter(pk__in=concerned).update(has_succession=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_signing")]
    operations = [
        migrations.AddField(
            model_name="agency",
            name="has_succession",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
