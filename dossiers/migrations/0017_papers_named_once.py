"""A paper of a dossier is called what its checklist calls it; the name is kept there only."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0016_packed_texts")]
    operations = [migrations.RemoveField("dossierpaper", "name")]
