from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_inbox")]

    operations = [
        migrations.AlterField(
            model_name="incomingfile",
            name="state",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "Chờ tải"), (2, "Đã tải"), (3, "Thiếu tệp"), (4, "Cổng gửi lại")],
                default=1,
            ),
        ),
    ]
