"""What was moved at once by a changed calendar is found by its instant (desk/calendar_calls.py)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0009_press_and_list_numbers'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='clockchange',
            index=models.Index(condition=models.Q(('kind', 'calendar')), fields=['start'], name='clock_moved'),
        ),
    ]
