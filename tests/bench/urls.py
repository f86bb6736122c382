"""The product's addresses and the two references. What is measured is the page, not the throttle that protects it."""

from dataclasses import replace

from django.urls import path

from dossiers.views import lookup
from onestop.urls import urlpatterns as product
from tests.bench import references

lookup.PER_ADDRESS = replace(lookup.PER_ADDRESS, times=10**9)

urlpatterns = [path("do/r/<int:pk>/", references.bare), path("do/m/<int:pk>/", references.signed_in), *product]
