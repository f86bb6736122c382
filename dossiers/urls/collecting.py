"""Addresses of telling people that their result is ready, and of what nobody fetches."""

from django.urls import path

from dossiers.views import collecting, uncollected

urlpatterns = [
    path("ho-so/<str:code>/bao-ket-qua/", collecting.notify, name="act_notify_result"),
    path("ho-so/<str:code>/chuyen-luu-tru/", uncollected.archive, name="act_archive_result"),
    path("tra-ket-qua/chua-nhan/", uncollected.uncollected, name="uncollected"),
    path("tra-ket-qua/luu-tru/", uncollected.archived, name="archived_results"),
    path("tra-ket-qua/luu-tru/bien-ban.pdf", uncollected.archived_pdf, name="archived_results_pdf"),
]
