from django.urls import URLPattern, path

from dossiers.views import office

urlpatterns: list[URLPattern] = [path("quan-tri/mot-cua/", office.office_page, name="office_settings")]
