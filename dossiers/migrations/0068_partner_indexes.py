"""What a partner office handed in, newest first, and each page of it once. Both are over rows that there are
none of yet: a filing is looked at once.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0067_partners'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='onlinefiling',
            index=models.Index(condition=models.Q(('channel__in', (1, 3))), fields=['source', '-filed_at', '-id'], name='filing_of_partner'),
        ),
        migrations.AddConstraint(
            model_name='onlinefiling',
            constraint=models.UniqueConstraint(condition=models.Q(('token__isnull', False)), fields=('token',), name='filing_token_once'),
        ),
    ]
