"""Address of the minutes of a verification."""

from django.urls import URLPattern, path

from dossiers.views import inspecting

urlpatterns: list[URLPattern] = [
    path("ho-so/<str:code>/xac-minh/", inspecting.inspect, name="act_inspect"),
]
