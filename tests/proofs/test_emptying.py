"""Between two modules the tables are emptied, whatever a live server still does, and what stands in
every database stands again.
"""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from onestop.accounts.models import Agency
from reports.form_data import shipped
from reports.models import ReportForm
from tests.journeys.site import empty
from tests.world import make_office

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_what_every_database_has_stands_again() -> None:
    make_office()
    empty()
    assert not Agency.objects.exists()
    assert ReportForm.objects.count() == len(shipped())


@pytest.mark.postgres
@pytest.mark.usefixtures("transactional_db")
def test_a_request_that_still_writes_is_waited_for() -> None:
    office = make_office()
    begun, named = threading.Event(), "Cơ quan của yêu cầu đến muộn"

    def late() -> None:
        try:
            with transaction.atomic():
                Agency.objects.filter(pk=office.agency.pk).update(name=named)
                begun.set()
                time.sleep(0.3)
                # The tables it comes to later are not locked meanwhile either.
                ReportForm.objects.update(title="sửa muộn")
        finally:
            connections.close_all()

    thread = threading.Thread(target=late)
    thread.start()
    assert begun.wait(10)
    empty()
    thread.join(10)
    assert not thread.is_alive()
    assert not Agency.objects.exists()
    assert not ReportForm.objects.filter(title="sửa muộn").exists()
    assert connection.connection is not None
