"""Addresses of the dossiers app: the counter's, the desks', the citizens', the administrator's, and
those of single acts. Every module here is found without being named.
"""

from importlib import import_module
from pkgutil import iter_modules

from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    pattern
    for found in iter_modules(__path__, f"{__name__}.")
    for pattern in import_module(found.name).urlpatterns
]
