"""Addresses of the days on paper."""

from django.urls import URLPattern, path

from dossiers.views import paper_days as views

urlpatterns: list[URLPattern] = [
    path("ngay-giay/", views.paper_days, name="paper_days"),
    path("ngay-giay/su-co/<int:pk>/", views.outage, name="paper_outage"),
    path("ngay-giay/goi/<int:pk>/", views.pack_page, name="paper_pack"),
    path("ngay-giay/goi/<int:pk>/goi.pdf", views.pack_pdf, name="paper_pack_pdf"),
    path("ngay-giay/goi/<int:pk>/thoi-dung/", views.pack_end, name="paper_pack_end"),
]
