"""The product's addresses and the references."""

from django.urls import path

from onestop.urls import urlpatterns as product
from tests.bench import references

urlpatterns = [
    path("do/r/<int:pk>/", references.bare),
    path("do/m/<int:pk>/", references.signed_in),
    path("do/danh-muc/<int:pk>/", references.asked_of_lists),
    *product,
]
