"""How many pages a scan has, counted when it is kept (R-13)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0002_fewer_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='pages',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='số trang'),
        ),
    ]
