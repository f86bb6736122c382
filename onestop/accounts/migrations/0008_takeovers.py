"""Who took over from whom is worked out and kept; what was entered before this is known for ever, as
reports counted it so far.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.db import migrations, models


VN = ZoneInfo("Asia/Ho_Chi_Minh")


def begin(day):
    return datetime.combine(day, datetime.min.time(), VN)


def work_out(apps, schema_editor):
    """The rule of that day (accounts.succession): each successor of a successor is a row of its own."""
    ended = apps.get_model("accounts", "Agency").objects
    ended = ended.filter(successor__isnull=False, closed_on__isnull=False)
    rows = {pk: (last, heir) for pk, last, heir in ended.values_list("pk", "closed_on", "successor")}
    takeovers = apps.get_model("accounts", "Takeover").objects
    for pk in sorted(rows):
        since, at, seen = date.min, pk, set()
        while at in rows and at not in seen:
            seen.add(at)
            last, heir = rows[at]
            since = max(since, last + timedelta(days=1))
            until = rows[heir][0] + timedelta(days=1) if heir in rows else None
            if until is None or since < until:
                ends = begin(until) if until is not None else None
                takeovers.create(agency_id=pk, heir_id=heir, from_at=begin(since), to_at=ends)
            at = heir
    if takeovers.exists():
        note()


def note():
    """In the log of kept rows, by the newest code: its `Takeover` must have these columns only. Who
    adds one writes the lines here from the rows of this migration instead.
    """
    from onestop.accounts.models import Takeover
    from onestop.changes.domain import noted

    noted(Takeover.objects.all())


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_succession'),
        ('changes', '0001_begin'),
    ]

    operations = [
        migrations.CreateModel(
            name='Takeover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('to_at', models.DateTimeField(blank=True, null=True)),
                ('from_known', models.DateTimeField(blank=True, null=True)),
                ('gone_known', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('heir', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
        ),
        migrations.RunPython(work_out, migrations.RunPython.noop),
    ]
