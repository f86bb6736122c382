import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onestop.settings")
application = get_wsgi_application()

from onestop import versions  # noqa: E402  # it asks the database, which needs the apps

versions.refuse()
