"""Addresses of what was handed in on portals: the list that waits, the portal's lists, the sources."""

from django.urls import URLPattern, path

from dossiers.views import online, online_accepting, online_lists, online_sources

_HERE = "tiep-nhan/truc-tuyen/"
urlpatterns: list[URLPattern] = [
    path(_HERE, online.waiting_list, name="online_filings"),
    path(f"{_HERE}<int:pk>/", online.filing_page, name="online_filing"),
    path(f"{_HERE}<int:pk>/tiep-nhan/", online.open_filing, name="online_filing_open"),
    path(f"{_HERE}<int:pk>/nhan-ngay/", online_accepting.accept, name="online_filing_accept"),
    path(f"{_HERE}<int:pk>/tep/<int:file>/", online_accepting.file, name="online_filing_file"),
    path(f"{_HERE}<int:pk>/da-xu-ly/", online.settle, name="online_filing_settle"),
    path(f"{_HERE}<int:pk>/hoan-tac/", online.reopen, name="online_filing_reopen"),
    path(f"{_HERE}danh-sach/", online_lists.upload, name="online_lists"),
    path(f"{_HERE}danh-sach/<int:pk>/", online_lists.list_page, name="online_list"),
    path(f"{_HERE}danh-sach/<int:pk>/cot/", online_lists.columns, name="online_list_columns"),
    path(f"{_HERE}danh-sach/<int:pk>/ghi/", online_lists.record, name="online_list_record"),
    path(f"{_HERE}danh-sach/<int:pk>/hoan-tac/", online_lists.undo, name="online_list_undo"),
    path("thu-tuc/quan-ly/tiep-nhan-cham/", online.late_list, name="online_late"),
    path("quan-tri/nguon-truc-tuyen/", online_sources.sources, name="online_sources"),
    path("quan-tri/nguon-truc-tuyen/<int:pk>/", online_sources.source, name="online_source"),
]
