"""What stands on a signed criticism is kept with it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0016_finished'),
    ]

    operations = [
        migrations.AddField(
            model_name='criticism',
            name='paper',
            field=models.JSONField(blank=True, default=dict, verbose_name='tên, chức vụ trên văn bản'),
        ),
    ]
