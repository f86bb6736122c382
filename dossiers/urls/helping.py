"""Addresses of the help to file on line, and of the accounts of officers and offices."""

from django.urls import URLPattern, path

from dossiers.views import helping, own_accounts

urlpatterns: list[URLPattern] = [
    path("tiep-nhan/ho-tro-nop/", helping.help_page, name="filing_help"),
    path("tiep-nhan/ho-tro-nop/<int:pk>/hoan-tac/", helping.undo_help, name="filing_help_undo"),
    path("quan-tri/nguon-truc-tuyen/tai-khoan/", own_accounts.accounts, name="own_accounts"),
    path(
        "quan-tri/nguon-truc-tuyen/tai-khoan/<int:pk>/thoi-dung/",
        own_accounts.end,
        name="own_account_end",
    ),
]
