"""What is held is not only what nobody could read. Changes no table."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0018_list_asked_and_national'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Mới đến'), (2, 'Đã vào danh sách chờ'), (3, 'Giữ lại, cần xử lý'), (4, 'Đã xong'), (5, 'Không nhận')], default=1),
        ),
    ]
