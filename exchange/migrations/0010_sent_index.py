"""The files of an answer are found without the archive of files."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0009_sent_files'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='incomingfile',
            index=models.Index(condition=models.Q(('sent__isnull', False)), fields=['sent'], name='file_of_sent'),
        ),
    ]
