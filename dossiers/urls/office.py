from django.urls import URLPattern, path

from dossiers.views import bank_accounts, calendar_moves, importing, ledger_check, office

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
    path("quan-tri/mot-cua/tai-khoan/", bank_accounts.accounts, name="bank_accounts"),
    path(
        "quan-tri/mot-cua/tai-khoan/<int:pk>/<slug:what>/",
        bank_accounts.settle,
        name="settle_bank_account",
    ),
    path("quan-tri/nhap-ho-so/", importing.imports, name="imports"),
    path("quan-tri/nhap-ho-so/<int:pk>/", importing.import_run, name="import_run"),
    path("quan-tri/nhap-ho-so/<int:pk>/nhap/", importing.confirm_import, name="confirm_import"),
    path(
        "quan-tri/nhap-ho-so/<int:pk>/tu-choi.csv",
        importing.import_problems,
        name="import_problems",
    ),
    path("quan-tri/kiem-tra-nhat-ky/", ledger_check.ledger_check, name="ledger_check"),
    path("quan-tri/kiem-tra-nhat-ky/toan-bo/", ledger_check.check_whole, name="ledger_check_whole"),
    path("quan-tri/doi-hen/", calendar_moves.moves_page, name="calendar_moves"),
    path("quan-tri/doi-hen/<int:pk>/", calendar_moves.calls_page, name="calendar_calls"),
]
