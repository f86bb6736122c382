"""A source's own codes of the kinds of owners."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0016_owner_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='mapping',
            name='owners',
            field=models.JSONField(blank=True, db_default=[], default=list, verbose_name='mã loại đối tượng'),
        ),
    ]
