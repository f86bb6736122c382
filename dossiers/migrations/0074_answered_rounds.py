"""What counters answered before it was filed anew: a new table, empty."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_partner_role'),
        ('dossiers', '0073_sent_taken_back'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnsweredRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accept_by', models.DateTimeField(blank=True, null=True, verbose_name='trả lời trước')),
                ('answered_at', models.DateTimeField(verbose_name='trả lời lúc')),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('filing', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.onlinefiling')),
            ],
            options={
                'verbose_name': 'lượt trả lời đã qua của hồ sơ nộp trực tuyến',
                'indexes': [models.Index(fields=['agency', '-answered_at'], name='round_answered')],
            },
        ),
    ]
