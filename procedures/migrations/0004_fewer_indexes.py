"""Indexes go that repeat the first column of another one or that no query walks (docs/indexes.md)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from onestop.fields import IndexDropped


class Migration(migrations.Migration):

    dependencies = [
        ('procedures', "0003_said_of_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        IndexDropped(
            model_name='answer',
            name='by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        IndexDropped(
            model_name='answer',
            name='undone_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        IndexDropped(
            model_name='case',
            name='version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='procedures.procedureversion'),
        ),
        IndexDropped(
            model_name='catalogueact',
            name='answer',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='procedures.answer'),
        ),
        IndexDropped(
            model_name='catalogueact',
            name='by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='field',
            name='folded',
            field=models.CharField(editable=False, max_length=250),
        ),
        IndexDropped(
            model_name='importrun',
            name='by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        IndexDropped(
            model_name='method',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='methods', to='procedures.case'),
        ),
        IndexDropped(
            model_name='paper',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='procedures.case'),
        ),
        migrations.AlterField(
            model_name='procedureversion',
            name='content_hash',
            field=models.CharField(max_length=64),
        ),
        IndexDropped(
            model_name='procedureversion',
            name='corrects',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='procedures.procedureversion'),
        ),
        IndexDropped(
            model_name='procedureversion',
            name='procedure',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='procedures.procedure'),
        ),
        IndexDropped(
            model_name='step',
            name='process',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='procedures.internalprocess'),
        ),
        IndexDropped(
            model_name='upload',
            name='by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        IndexDropped(
            model_name='upload',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
