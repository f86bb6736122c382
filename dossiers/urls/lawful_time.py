"""Addresses of what moves a promise by the law of a sector."""

from django.urls import path

from dossiers.views import late_decisions, lawful_time

urlpatterns = [
    path("ho-so/<str:code>/gia-han/", lawful_time.extend, name="act_extend"),
    path("ho-so/<str:code>/khong-tinh/", lawful_time.exclude, name="act_exclude"),
    path(
        "ho-so/<str:code>/khong-tinh/<int:pk>/ket-thuc/",
        lawful_time.close,
        name="close_exclusion",
    ),
    path(
        "ho-so/<str:code>/khong-tinh/<int:pk>/keo-dai/",
        lawful_time.prolong,
        name="prolong_exclusion",
    ),
    path("thu-tuc/quan-ly/ghi-muon/", late_decisions.late_list, name="late_decisions"),
]
