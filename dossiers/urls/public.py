"""Addresses of the citizens, of the return desk and of the search box."""

from django.urls import URLPattern, path

from dossiers.views import lookup, returning, search

urlpatterns: list[URLPattern] = [
    path("tra-cuu/", lookup.start, name="lookup"),
    path("tra-cuu/<str:code>/", lookup.show, name="lookup_show"),
    path("tra-cuu/<str:code>/vi-sao/", lookup.why, name="lookup_why"),
    path("tra-cuu/<str:code>/ket-qua/<int:pk>/", lookup.result_file, name="lookup_file"),
    path("tra-ket-qua/", returning.return_desk, name="return_desk"),
    path("tra-ket-qua/tep.xlsx", returning.return_file, {"kind": "xlsx"}, "return_desk_xlsx"),
    path("tra-ket-qua/tep.csv", returning.return_file, {"kind": "csv"}, "return_desk_csv"),
    path("tra-ket-qua/<str:code>/", returning.give_back, name="give_back"),
    path("tra-ket-qua/<str:code>/hoan-tac/", returning.undo_give_back, name="undo_give_back"),
    path("tim/", search.find, name="search"),
    path("tim/tep.xlsx", search.search_file, {"kind": "xlsx"}, "search_xlsx"),
    path("tim/tep.csv", search.search_file, {"kind": "csv"}, "search_csv"),
    path("tim/goi-y/", search.suggestions, name="suggestions"),
]
