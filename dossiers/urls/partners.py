"""Addresses of partner offices: what they hand in, and what an administrator keeps of them."""

from django.urls import URLPattern, path

from dossiers.views import partner_offices, partners

_HERE, _KEPT = "gui-ho/", "quan-tri/don-vi-gui-ho/"
urlpatterns: list[URLPattern] = [
    path(_HERE, partners.hand_ins, name="partner_filings"),
    path(f"{_HERE}moi/", partners.find, name="partner_find"),
    path(f"{_HERE}moi/<str:code>/", partners.hand_in, name="partner_hand_in"),
    path(f"{_HERE}<int:pk>/", partners.filing, name="partner_online_filing"),
    path(f"{_HERE}<int:pk>/bo-sung/", partners.complete, name="partner_online_filing_complete"),
    path(f"{_HERE}<int:pk>/rut/", partners.take_back, name="partner_online_filing_take_back"),
    path(f"{_HERE}<int:pk>/tep/<int:file>/", partners.file, name="partner_online_filing_file"),
    path(f"{_HERE}<int:pk>/bien-nhan.pdf", partners.slip, name="partner_online_filing_slip"),
    path(_KEPT, partner_offices.offices, name="partner_offices"),
    path(f"{_KEPT}<int:pk>/", partner_offices.office, name="partner_office"),
]
