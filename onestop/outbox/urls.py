from django.urls import path

from onestop.outbox import views

urlpatterns = [
    path("thong-bao/", views.bell, name="bell"),
    path("thong-bao/da-doc/", views.read_all, name="bell_read_all"),
    path("thong-bao/<int:pk>/", views.open_notice, name="bell_open"),
]
