"""Addresses of the dashboard and of the statutory reports."""

from django.urls import URLPattern, path

from reports.views import board

urlpatterns: list[URLPattern] = [
    path("dieu-hanh/", board.board, name="board"),
    path("dieu-hanh/ho-so/", board.board_list, name="board_list"),
]
