"""Addresses of the dossiers app: the counter's, the desks', the citizens', the administrator's."""

from dossiers.urls import intake, office, public, work

urlpatterns = [*intake.urlpatterns, *work.urlpatterns, *public.urlpatterns, *office.urlpatterns]
