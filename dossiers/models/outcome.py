"""How a term or a step ended."""

from django.db import models


class Outcome(models.IntegerChoices):
    """Verdict on a term or a step (R-113)."""

    EARLY = 1, "Trước hạn"
    ON_TIME = 2, "Đúng hạn"
    LATE = 3, "Quá hạn"
