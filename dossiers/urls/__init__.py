"""Addresses of the dossiers app: the counter's, the desks', the citizens'."""

from dossiers.urls import intake, public, work

urlpatterns = [*intake.urlpatterns, *work.urlpatterns, *public.urlpatterns]
