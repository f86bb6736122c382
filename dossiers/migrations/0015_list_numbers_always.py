"""No hand-over list is without its number any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0014_number_old_lists")]
    operations = [
        migrations.AlterField(
            model_name="batch",
            name="number",
            field=models.PositiveIntegerField(),
        ),
        migrations.AlterField(
            model_name="batch",
            name="year",
            field=models.PositiveSmallIntegerField(),
        ),
    ]
