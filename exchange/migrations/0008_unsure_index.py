"""What a person has to look at is found without the archive of requests."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0007_unsure_pay_requests'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='payrequest',
            index=models.Index(condition=models.Q(('ended_at', None), ('unsure_since__isnull', False)), fields=['agency', '-id'], name='pay_request_unsure'),
        ),
    ]
