"""Guidance of a portal's code, and what was not received by office and day, are walked to: of few of the
visits each.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0064_online_help'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='countervisit',
            index=models.Index(condition=models.Q(('source_code', ''), _negated=True), fields=['source_code', 'at'], name='visit_code'),
        ),
        migrations.AddIndex(
            model_name='countervisit',
            index=models.Index(condition=models.Q(('kind', 2)), fields=['agency', 'at'], name='visit_refused'),
        ),
    ]
