"""What 0026 replaced is proven on the rows there are, while work goes on."""

from django.db import migrations

from onestop.fields import ConstraintsValidated


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0026_voided_state")]

    operations = [
        ConstraintsValidated(
            "dossiers_dossier", ["dossier_state_known", "dossier_ended_has_instant"]
        )
    ]
