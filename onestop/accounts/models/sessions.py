"""Sessions with an owner: what Django keeps of a session, and whose it is, since when, from where."""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from onestop.accounts.models.officers import Officer


class OfficerSession(AbstractBaseSession):
    """One row a session, instead of `django_session`. The columns repeat what stands in the session
    itself (onestop.accounts.session_store writes both in one statement), so that an officer's
    sessions are found without reading everybody's. Nobody's: a form kept for the sign-in page.
    """

    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="sessions", verbose_name="cán bộ"
    )
    began_at = models.DateTimeField("bắt đầu lúc", null=True)
    seen_at = models.DateTimeField("thao tác gần nhất lúc", null=True)
    # Without a further act it is over then, though its row still stands.
    idle_at = models.DateTimeField("hết phiên lúc", null=True)
    address = models.CharField("địa chỉ nguồn", max_length=45, blank=True)
    user_agent = models.CharField("trình duyệt", max_length=200, blank=True)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "phiên đăng nhập"
        verbose_name_plural = "phiên đăng nhập"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store
