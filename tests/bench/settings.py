"""The real settings with the two reference views and a count of SQL statements in the answer's
header.
"""

from onestop.settings import *  # noqa: F403
from onestop.settings import MIDDLEWARE

ROOT_URLCONF = "tests.bench.urls"
MIDDLEWARE = ["tests.bench.references.count_queries", *MIDDLEWARE]
IDLE_MINUTES = IDLE_MINUTES_ADMIN = 24 * 60
