"""What an applicant sent on line for a request for completion."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0068_partner_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='SentPapers',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='gửi lúc')),
                ('arrived_at', models.DateTimeField(verbose_name='đến lúc')),
                ('source', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.onlinesource')),
                ('supplement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sent', to='dossiers.supplement', verbose_name='yêu cầu bổ sung')),
            ],
            options={
                'verbose_name': 'bổ sung gửi trực tuyến',
            },
        ),
    ]
