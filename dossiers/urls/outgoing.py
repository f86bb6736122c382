"""Addresses of the văn thư: what waits for a number, the register of outgoing documents."""

from django.urls import path

from dossiers.views import outgoing

urlpatterns = [
    path("van-thu/", outgoing.waiting, name="outgoing"),
    path("van-thu/cap-so/", outgoing.number, name="outgoing_number"),
    path("van-thu/ket-qua/", outgoing.number_results, name="outgoing_results"),
    path("van-thu/cap-so/hoan-tac/", outgoing.undo_number, name="outgoing_undo"),
    path("van-thu/van-ban/<str:code>/<int:pk>/", outgoing.letter, name="outgoing_letter"),
    path(
        "van-thu/van-ban/<str:code>/<int:pk>.pdf", outgoing.letter_pdf, name="outgoing_letter_pdf"
    ),
    path("van-thu/giu-so/", outgoing.hold, name="outgoing_hold"),
    path("van-thu/so-van-ban-di/", outgoing.book, name="outgoing_book"),
    path(
        "van-thu/so-van-ban-di.xlsx",
        outgoing.book_file,
        {"kind": "xlsx"},
        name="outgoing_book_xlsx",
    ),
    path(
        "van-thu/so-van-ban-di.csv", outgoing.book_file, {"kind": "csv"}, name="outgoing_book_csv"
    ),
    path("ho-so/<str:code>/cap-so/", outgoing.number_result, name="act_number_result"),
]
