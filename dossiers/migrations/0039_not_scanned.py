"""What a clerk received and has still to scan is found by itself: its list read all that she ever
received.

Made in 0.32 seconds on 60,000 dossiers (PostgreSQL 15, a busy machine); 2.4 MB.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0038_ended_index'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='dossier',
            index=models.Index(condition=models.Q(('ended_at__isnull', False), models.Q(('no_scan_reason', ''), _negated=True)), fields=['received_by', '-ended_at', '-id'], name='dossier_not_scanned'),
        ),
    ]
