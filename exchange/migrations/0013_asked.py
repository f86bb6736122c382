"""When a peer was last asked what it holds of a dossier, and when it last said so."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0012_mapping_cases'),
    ]

    operations = [
        migrations.AddField(
            model_name='line',
            name='asked_at',
            field=models.DateTimeField(null=True, verbose_name='hỏi nơi nhận lúc'),
        ),
        migrations.AddField(
            model_name='line',
            name='heard_at',
            field=models.DateTimeField(null=True, verbose_name='nơi nhận trả lời lúc'),
        ),
    ]
