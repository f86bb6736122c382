"""A source's word for a case → the case of our catalogue."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0011_file_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='mapping',
            name='cases',
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name='mã trường hợp'),
        ),
    ]
