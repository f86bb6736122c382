"""Minutes of a verification (biên bản thẩm tra, xác minh): where and when, who took part, what was found
(R-64).
"""

from django.conf import settings
from django.db import models

from dossiers.models.undone import StandingManager, Undoable


class Inspection(Undoable):
    """One verification. `people`: who took part, each with what they are ([name, role]);
    `applicant_present`: the applicant or whoever stands for him was there. `file`: of the signed
    minutes, where they were scanned.
    """

    told_as = ("inspections", "biên bản thẩm tra, xác minh")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="inspections")
    held_at = models.DateTimeField("thời gian")
    place = models.CharField("địa điểm", max_length=200)
    people = models.JSONField("thành phần", default=list)
    applicant_present = models.BooleanField("người nộp hồ sơ có mặt", default=False)
    content = models.TextField("nội dung")
    conclusion = models.TextField("kết luận")
    file = models.PositiveBigIntegerField("tệp biên bản", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
