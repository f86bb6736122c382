from django.urls import URLPattern, path

from dossiers.views import calendar_moves, office

urlpatterns: list[URLPattern] = [
    path("quan-tri/mot-cua/", office.office_page, name="office_settings"),
    path(
        "quan-tri/mot-cua/quyet-dinh/<int:pk>/xac-nhan/",
        office.confirm_decision,
        name="confirm_decision",
    ),
    path(
        "quan-tri/mot-cua/quyet-dinh/<int:pk>/ket-thuc/", office.end_decision, name="end_decision"
    ),
    path("quan-tri/doi-hen/", calendar_moves.moves_page, name="calendar_moves"),
]
