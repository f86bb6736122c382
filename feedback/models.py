"""What applicants think of how their dossier was handled."""

from django.db import models

from dossiers.models import Dossier
from feedback.questions import MOST_WORDS
from onestop.accounts.models import Agency
from onestop.fields import BytewiseCharField


def _points(name: str) -> "models.SmallIntegerField[int | None, int | None]":
    return models.SmallIntegerField(name, null=True, blank=True)


class Rating(models.Model):
    """One a dossier. Whose it is says the dossier alone; `author` is a digest by which the same person
    is known again who wants to change it. No page of officers leads from here to a dossier (R-105).
    """

    class Door(models.IntegerChoices):
        SLIP = 1, "Mã trên giấy tiếp nhận"
        SIGNED_IN = 2, "Tài khoản định danh"

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="+", verbose_name="hồ sơ")
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="+", db_index=False, verbose_name="cơ quan giải quyết"
    )
    # The first day of the month in which it was given; a change later stays in it.
    month = models.DateField("tháng")
    given_at = models.DateTimeField("đánh giá lúc")
    door = models.SmallIntegerField("gửi bằng", choices=Door)
    author = BytewiseCharField("dấu của người gửi", max_length=64)
    overall = models.SmallIntegerField("nhìn chung")
    convenience = _points("thuận tiện")
    on_time = _points("thời gian trả kết quả")
    offices = _points("số cơ quan phải liên hệ")
    contacts = _points("số lần phải liên hệ")
    published = _points("thông tin công khai")
    manner = _points("thái độ")
    lawful = _points("đúng pháp luật, chi phí")
    explained = _points("giải trình")
    online = _points("dịch vụ công trực tuyến")
    words = models.CharField("ý kiến khác", max_length=MOST_WORDS, blank=True)

    class Meta:
        verbose_name = "đánh giá của người dân"
        indexes = [models.Index(fields=["agency", "month"], name="rating_agency_month")]

    def __str__(self) -> str:
        return f"{self.pk}"
