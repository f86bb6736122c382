"""What goes wrong with a result or with papers, and how it was put right: a wrong result replaced
after its end (R-83), papers or a result lost or damaged (R-84). Neither touches state or verdict.
"""

from django.conf import settings
from django.db import models

from dossiers.models.acts import Result
from dossiers.models.undone import StandingManager, Undoable


class CorrectionManager(StandingManager["Correction"]):
    def to_deliver(self) -> models.QuerySet["Correction"]:
        """Corrected results that whoever has the wrong one has not got yet."""
        return self.standing().filter(must_deliver=True, delivered_at=None)


class Correction(Undoable):
    """A wrong result replaced after its end: both results are kept, the new one names the old one.

    `by_office`: the office erred, and apologises; `must_deliver`: the wrong one was already given
    back, so that the new one has to be brought to whoever has it.
    """

    told_as = ("corrections", "các lần đính chính kết quả")

    class OldCopy(models.IntegerChoices):
        HERE = 1, "Chưa trả, còn ở Bộ phận Một cửa"
        TAKEN = 2, "Đã thu hồi"
        OUT = 3, "Chưa thu hồi được, còn ở người nhận"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="corrections")
    old = models.ForeignKey(Result, models.PROTECT, related_name="+", db_index=False)
    new = models.ForeignKey(Result, models.PROTECT, related_name="+", db_index=False)
    requested_by = models.CharField("người đề nghị", max_length=200)
    requested_on = models.DateField("ngày đề nghị")
    wrong = models.TextField("nội dung sai sót")
    by_office = models.BooleanField("do cơ quan giải quyết", default=True)
    responsible = models.CharField("đơn vị, cá nhân chịu trách nhiệm", max_length=200, blank=True)
    old_copy = models.PositiveSmallIntegerField("bản cũ", choices=OldCopy.choices)
    # The results as the timeline names them: a corrected one stays readable when it is replaced.
    old_words = models.CharField("kết quả cũ", max_length=600)
    new_words = models.CharField("kết quả mới", max_length=600)
    must_deliver = models.BooleanField("phải trao lại", default=False)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    corrected_at = models.DateTimeField()
    delivered_to = models.CharField("người nhận bản mới", max_length=200, blank=True)
    delivery_note = models.CharField("cách trao", max_length=300, blank=True)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects = CorrectionManager()

    class Meta:
        ordering = ["dossier", "id"]


class Loss(Undoable):
    """Papers or a result lost or damaged: what, found when, by whose fault, what was done."""

    told_as = ("losses", "các lần mất, hư hỏng giấy tờ, kết quả")

    class Of(models.IntegerChoices):
        PAPERS = 1, "Giấy tờ trong hồ sơ"
        RESULT = 2, "Kết quả giải quyết"

    class How(models.IntegerChoices):
        LOST = 1, "Bị mất"
        DAMAGED = 2, "Bị hư hỏng"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="losses")
    of = models.PositiveSmallIntegerField("mất, hư hỏng gì", choices=Of.choices)
    how = models.PositiveSmallIntegerField("thế nào", choices=How.choices)
    what = models.TextField("giấy tờ, kết quả bị mất, hư hỏng")
    found_on = models.DateField("ngày phát hiện")
    circumstances = models.TextField("hoàn cảnh, nguyên nhân")
    by_office = models.BooleanField("do cơ quan nhà nước", default=True)
    responsible = models.CharField("đơn vị, cá nhân chịu trách nhiệm", max_length=200)
    done = models.TextField("biện pháp khắc phục")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
