"""Addresses of the API and of its keys."""

from django.urls import URLPattern, URLResolver, path

from api import views
from api.urls.v1 import api, document, read_only

_questions, _app, _namespace = api.urls
# Ninja's own first page answers nothing.
_questions = [one for one in _questions if getattr(one, "name", "") != "api-root"]
for _question in _questions:
    if _question.callback is not None:
        _question.callback = read_only(_question.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("quan-tri/khoa-api/", views.keys_page, name="api_keys"),
    path("quan-tri/khoa-api/<int:pk>/thu-hoi/", views.end, name="api_key_end"),
    path("api/v1/openapi.json", document, name="api_document"),
    path("api/v1/", (_questions, _app, _namespace)),
]
