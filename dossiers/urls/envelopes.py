"""Addresses of many dossiers from one person."""

from django.urls import URLPattern, path, re_path

from dossiers.views import envelopes as views

urlpatterns: list[URLPattern] = [
    re_path(
        r"^tiep-nhan/tap-the/lap/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/$", views.new, name="envelope_new"
    ),
    path("tiep-nhan/tap-the/<int:pk>/", views.envelope, name="envelope"),
    path("tiep-nhan/tap-the/<int:pk>/giay/", views.receipt, name="envelope_receipt"),
    path("tiep-nhan/tap-the/<int:pk>/giay/lap/", views.make_receipt, name="envelope_make"),
    path("tiep-nhan/tap-the/<int:pk>/giay.pdf", views.receipt_pdf, name="envelope_receipt_pdf"),
    path("tiep-nhan/tap-the/<int:pk>/tra/", views.give_back, name="envelope_return"),
]
