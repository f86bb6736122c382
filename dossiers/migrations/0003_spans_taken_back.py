import datetime

import django.db.models.deletion
from django.db import migrations, models

_NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_grants_end"),
        ("dossiers", "0002_payment"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="span", name="span_agency_from"),
        migrations.RemoveConstraint(model_name="span", name="span_one_current"),
        migrations.AlterField(
            model_name="span",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.agency",
            ),
        ),
        migrations.AddField(
            model_name="span",
            name="from_seq",
            field=models.PositiveIntegerField(default=1, verbose_name="mở bởi sự kiện số"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="span",
            name="gone_known",
            field=models.DateTimeField(blank=True, null=True, verbose_name="coi như không có từ"),
        ),
        migrations.AddField(
            model_name="span",
            name="received_at",
            field=models.DateTimeField(default=_NEVER),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="span",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="span",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gone_known", None), ("to_at", None)),
                fields=("dossier",),
                name="span_one_current",
            ),
        ),
        migrations.AddIndex(
            model_name="span",
            index=models.Index(
                condition=models.Q(("group__lt", 3)),
                fields=["agency", "to_known"],
                include=(
                    "field",
                    "channel",
                    "group",
                    "from_at",
                    "from_known",
                    "to_at",
                    "gone_known",
                    "received_at",
                    "late_from",
                    "dossier",
                ),
                name="span_open",
            ),
        ),
        migrations.AddIndex(
            model_name="span",
            index=models.Index(
                condition=models.Q(("group", 3)),
                fields=["agency", "ended_at"],
                include=(
                    "field",
                    "channel",
                    "from_at",
                    "from_known",
                    "to_at",
                    "to_known",
                    "gone_known",
                    "received_at",
                    "how",
                    "verdict",
                    "dossier",
                ),
                name="span_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="span",
            index=models.Index(
                condition=models.Q(("received_by_agency", models.F("agency")), _negated=True),
                fields=["received_by_agency", "received_at"],
                name="span_for_another",
            ),
        ),
    ]
