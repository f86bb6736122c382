"""The owner's citizen card of what is held, by which its owner finds it; of what is held already when it is
read again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0014_closed_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='owner_card',
            field=models.CharField(blank=True, db_default='', max_length=12, verbose_name='số định danh chủ hồ sơ'),
        ),
    ]
