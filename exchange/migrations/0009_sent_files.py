"""Of a file that answers a request for completion: the answer it belongs to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0069_sent_papers'),
        ('exchange', '0008_unsure_index'),
        ('files', '0004_signatures'),
    ]

    operations = [
        migrations.AddField(
            model_name='incomingfile',
            name='sent',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.sentpapers'),
        ),
    ]
