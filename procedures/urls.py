"""Addresses of the catalogue: public pages, the clerk's search, the controller's desk."""

from django.urls import URLPattern, URLResolver, path, re_path

from procedures.views import control, public, search

app_name = "procedures"

urlpatterns: list[URLPattern | URLResolver] = [
    path("thu-tuc/", public.catalogue, name="catalogue"),
    path("thu-tuc/tim/", search.find, name="find"),
    path("thu-tuc/quan-ly/", control.queue, name="control"),
    path("thu-tuc/quan-ly/nhieu/", control.bulk, name="bulk"),
    path("thu-tuc/quan-ly/ngay-hieu-luc/", control.dates, name="dates"),
    path("thu-tuc/quan-ly/lan-nhap/", control.runs, name="runs"),
    path("thu-tuc/quan-ly/<int:version_id>/", control.confirm, name="confirm"),
    path("thu-tuc/quan-ly/<int:version_id>/bai-bo/", control.abolition, name="abolish"),
    re_path(
        r"^thu-tuc/quan-ly/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/$", control.history, name="history"
    ),
    re_path(
        r"^thu-tuc/quan-ly/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/bo-sung/$", control.mode, name="mode"
    ),
    re_path(r"^thu-tuc/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/$", public.procedure, name="procedure"),
]
