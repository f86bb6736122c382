"""Indexes go that repeat the first column of another one or that no query walks (docs/indexes.md)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from onestop.fields import IndexDropped


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_preferences'),
    ]

    operations = [
        IndexDropped(
            model_name='accessevent',
            name='officer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='cán bộ'),
        ),
        IndexDropped(
            model_name='calendarday',
            name='agency',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calendar_days', to='accounts.agency', verbose_name='cơ quan'),
        ),
        IndexDropped(
            model_name='calendarday',
            name='recorded_by',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        IndexDropped(
            model_name='department',
            name='agency',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='accounts.agency', verbose_name='cơ quan'),
        ),
        IndexDropped(
            model_name='rolegrant',
            name='agency',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='accounts.agency', verbose_name='cơ quan'),
        ),
        IndexDropped(
            model_name='substitution',
            name='created_by',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        IndexDropped(
            model_name='takeover',
            name='agency',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency'),
        ),
        IndexDropped(
            model_name='usualaddress',
            name='officer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='usual_addresses', to=settings.AUTH_USER_MODEL),
        ),
        IndexDropped(
            model_name='workingweek',
            name='agency',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='weeks', to='accounts.agency', verbose_name='cơ quan'),
        ),
    ]
