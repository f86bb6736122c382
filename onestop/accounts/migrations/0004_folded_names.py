"""Sort and search keys of officers and agencies: marks inside a word run together, letters Unicode does not take apart."""

from django.db import migrations


def rebuild(apps, schema_editor):
    from onestop.accounts.models.officers import sort_key
    from onestop.folding import joined

    officers = apps.get_model("accounts", "Officer").objects
    for row in officers.only("pk", "full_name", "sort_name").iterator():
        key = sort_key(row.full_name)
        if key != row.sort_name:
            officers.filter(pk=row.pk).update(sort_name=key)
    agencies = apps.get_model("accounts", "Agency").objects
    for row in agencies.only("pk", "name", "short_name", "folded").iterator():
        words = " ".join(joined(f"{row.name} {row.short_name}"))
        if words != row.folded:
            agencies.filter(pk=row.pk).update(folded=words)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_usual_addresses")]
    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
