from django.urls import URLPattern, path

from dossiers.views import calendar_moves, office

urlpatterns: list[URLPattern] = [
    path("quan-tri/mot-cua/", office.office_page, name="office_settings"),
    path("quan-tri/doi-hen/", calendar_moves.moves_page, name="calendar_moves"),
]
