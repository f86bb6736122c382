from django.urls import path

from onestop.jobs import views

urlpatterns = [
    path("song/", views.alive, name="alive"),
    path("san-sang/", views.ready, name="ready"),
]
