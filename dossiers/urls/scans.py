"""Addresses of scans that come after the reception."""

from django.urls import URLPattern, path

from dossiers.views import scans

urlpatterns: list[URLPattern] = [
    path("so-hoa/", scans.missing, name="scans_missing"),
    path("so-hoa/tep.xlsx", scans.missing_file, {"kind": "xlsx"}, name="scans_missing_xlsx"),
    path("so-hoa/tep.csv", scans.missing_file, {"kind": "csv"}, name="scans_missing_csv"),
    path("ho-so/<str:code>/ban-quet/", scans.add, name="act_add_scans"),
]
