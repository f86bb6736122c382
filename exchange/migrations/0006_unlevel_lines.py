"""What waits or was refused is found without the archive of what is level. Only lines that are not level
stand in it: few, whatever the size of the table. What was sent long ago is found by when it was settled.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0005_pay_requests'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='line',
            index=models.Index(condition=models.Q(('state', 1), _negated=True), fields=['peer', '-id'], name='line_unlevel'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('settled_at__isnull', False)), fields=['settled_at'], name='delivery_settled'),
        ),
    ]
