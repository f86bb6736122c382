"""The sample of earlier dossiers gives its figures through the command (R-76, R-106)."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from dossiers.demo import make_demo
from dossiers.importing.reading import open_source
from dossiers.importing.run import Order, administrator, import_dossiers
from tests.clock import MONDAY
from tests.dossiers.importing import naive

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_sample_gives_its_figures() -> None:
    make_demo(now=MONDAY, organisation_only=True)
    order = Order(open_source(naive.SAMPLE), MONDAY, confirmed_by=administrator("quantri", MONDAY))
    import_dossiers(order)
    for key, wanted in naive.expected().items():
        agency, period = key.split(" ")
        out = StringIO()
        call_command("report", "II.06a", agency=agency, period=period, stdout=out)
        data = json.loads(out.getvalue())
        rows = {row.pop("label"): row for row in data["rows"]}
        assert rows == wanted["rows"], key
        assert data["total"] == wanted["total"], key
        assert data["problems"] == []
