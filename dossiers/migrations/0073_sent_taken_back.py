"""Files that applicants took back before the counter took them in."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0072_filings_of_owners'),
    ]

    operations = [
        migrations.CreateModel(
            name='SentTakenBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.BigIntegerField(verbose_name='tệp')),
                ('name', models.CharField(max_length=200, verbose_name='tên tệp')),
                ('size', models.PositiveBigIntegerField(verbose_name='dung lượng (byte)')),
                ('sha256', models.CharField(max_length=64, verbose_name='mã kiểm tra')),
                ('sent_at', models.DateTimeField(verbose_name='gửi lúc')),
                ('at', models.DateTimeField(verbose_name='lấy lại lúc')),
                ('supplement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.supplement', verbose_name='yêu cầu bổ sung')),
            ],
            options={
                'verbose_name': 'tệp bổ sung người nộp lấy lại',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('file',), name='sent_taken_back_once')],
            },
        ),
    ]
