from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0007_import_touched"),
    ]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="next_step_by_share",
            field=models.BooleanField(default=False, verbose_name="thời gian chia theo thời hạn"),
        ),
    ]
