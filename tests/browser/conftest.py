from tests.browser.looks import axe_tags  # noqa: F401
from tests.browser.seats import seats  # noqa: F401
from tests.journeys.site import _django_db_helper, _first_day, site  # noqa: F401
