"""What was said of a result to a peer: a line's columns that older programs need not know."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0019_message_states'),
    ]

    operations = [
        migrations.AddField(
            model_name='line',
            name='result_code',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='line',
            name='result_link',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='line',
            name='stored',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='kind',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Hồ sơ'), (2, 'Tiến độ'), (3, 'Trạng thái hồ sơ chưa tiếp nhận'), (4, 'Kết quả vào kho')]),
        ),
    ]
