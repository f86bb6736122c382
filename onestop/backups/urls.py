from django.urls import path

from onestop.backups import views

app_name = "backups"

urlpatterns = [
    path("quan-tri/sao-luu/", views.home, name="home"),
    path("quan-tri/sao-luu/lam-ngay/", views.make, name="make"),
]
