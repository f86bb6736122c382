"""The published catalogue: procedures and their immutable versions, with cases, methods and papers.

A version is never edited: a changed record becomes a new version and a dossier keeps the version it
was received under (R-74). The one change a version knows is the recorded confirmation of its terms
while it waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self, cast

from django.db import connection, models
from django.db.models import Q

from onestop.errors import DomainError
from onestop.folding import fold
from procedures.asked_of import AskedOf
from procedures.channels import Channel, method_channel
from procedures.models.words import RunsField, WordsIndex, begin_words

# A code of ours, which no national one can be, and what stands before the name: of a procedure that
# is received under a legal text until it is published.
UNPUBLISHED_CODE, UNPUBLISHED_MARK = "9.CCB", "Chưa công bố: "


class Kind(models.IntegerChoices):
    """What the publishing decision did to the procedure (R-133)."""

    NEW = 1, "Mới ban hành"
    AMENDED = 2, "Sửa đổi, bổ sung hoặc thay thế"
    ABOLISHED = 3, "Bãi bỏ"


class Status(models.IntegerChoices):
    NEEDS_TERM = 1, "Chờ xác nhận thời hạn"
    READY = 2, "Đã công bố"
    ABOLISHED = 3, "Đã bãi bỏ"
    # Published by a slip and taken back before anybody was received under it; never in force again.
    TAKEN_BACK = 4, "Đã rút lại"


class SupplementMode(models.IntegerChoices):
    """What a completion does to the term (R-47): counted anew by default, or moved by the waiting
    time.
    """

    RESTART = 1, "Tính lại từ đầu sau khi nhận đủ hồ sơ"
    PAUSE = 2, "Tạm dừng trong thời gian chờ bổ sung"


class Field(models.Model):
    """Lĩnh vực."""

    name = models.CharField("Lĩnh vực", max_length=250, unique=True)
    folded = models.CharField(max_length=250, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["folded"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.name)
        super().save(*args, **kwargs)


class Procedure(models.Model):
    """A national code; everything said about it stands on its versions."""

    code = models.CharField("Mã thủ tục", max_length=32, unique=True)

    def __str__(self) -> str:
        return self.code


def says(readings: Iterable[Iterable[str]], column: str = "search_text") -> Q:
    """The words of one of the readings begin words of the text, which has a blank before each."""
    match = Q()
    for words in readings:
        match |= Q(*(Q(**{f"{column}__contains": f" {word}"}) for word in words))
    return match


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


class VersionQuerySet(models.QuerySet["ProcedureVersion"]):
    """Sets of versions in the desk's words. Bulk changes of published content are refused like
    single ones.
    """

    def in_force(self, on: date) -> Self:
        """Effective on the day and neither replaced nor abolished by then (R-133)."""
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gt=on), effective_from__lte=on
        ).exclude(kind=Kind.ABOLISHED)

    def ready(self) -> Self:
        return self.filter(status=Status.READY)

    def waiting(self) -> Self:
        """Imported, but a controller has to say what the term is before dossiers can be received."""
        return self.filter(status=Status.NEEDS_TERM)

    def unverified(self) -> Self:
        """Taken as effective on the day of import, because the record carries no date."""
        return self.filter(unverified=True).exclude(
            status__in=(Status.ABOLISHED, Status.TAKEN_BACK)
        )

    def saying(self, readings: Sequence[Sequence[str]], initials: str = "") -> Self:
        """Whose words begin with all words of one of the readings, or that have these initials
        somewhere in their name.
        """
        texts: dict[str, Sequence[Sequence[str]]] = {"search_text": readings}
        if initials:
            texts["initial_runs"] = [[initials]]
        found = self.filter(_any(says(said, column) for column, said in texts.items()))
        # These texts decide, the same on both engines; PostgreSQL finds candidates by an index first.
        if connection.vendor == "postgresql":
            found = found.filter(_any(Q(begin_words(*text)) for text in texts.items()))
        return found

    def newest(self) -> Self:
        """The version of each code that nothing replaces: always exactly one."""
        return self.filter(effective_to__isnull=True)

    def update(self, **kwargs: Any) -> int:
        if not set(kwargs) <= PUBLICATION_FIELDS:
            raise DomainError("procedures.published")
        return super().update(**kwargs)


# What may still change on a stored version: its place in time, its status and what completion does
# to its term (which no record
# says); never its content.
PUBLICATION_FIELDS = frozenset(
    {
        "status",
        "effective_from",
        "effective_to",
        "unverified",
        "decision_number",
        "decision_signed",
        "supplement_mode",
    }
)


class ProcedureVersion(models.Model):
    """One published state of a procedure. In force on days d with effective_from <= d <
    effective_to.
    """

    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField("Phiên bản")
    name = models.CharField("Tên thủ tục", max_length=1500)
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, related_name="+", verbose_name="Lĩnh vực"
    )
    levels = models.CharField("Cấp thực hiện", max_length=200, blank=True)
    nature = models.CharField("Loại thủ tục", max_length=200, blank=True)
    kind = models.SmallIntegerField("Hình thức công bố", choices=Kind.choices, default=Kind.NEW)
    decision_number = models.CharField("Số quyết định", max_length=100, blank=True)
    decision_signed = models.DateField("Ngày ký", null=True, blank=True)
    effective_from = models.DateField("Có hiệu lực từ")
    effective_to = models.DateField("Hết hiệu lực từ", null=True, blank=True)
    unverified = models.BooleanField("Ngày hiệu lực chưa kiểm tra", default=False)
    status = models.SmallIntegerField(
        "Tình trạng", choices=Status.choices, default=Status.NEEDS_TERM
    )
    applicants = models.CharField("Đối tượng thực hiện", max_length=1000, blank=True)
    agency_executing = models.TextField("Cơ quan thực hiện", blank=True)
    agency_authority = models.TextField("Cơ quan có thẩm quyền", blank=True)
    agency_coordinating = models.TextField("Cơ quan phối hợp", blank=True)
    receiving_address = models.TextField("Địa chỉ tiếp nhận", blank=True)
    results = models.JSONField("Kết quả", default=list, blank=True)  # list of {"name", "code"}
    legal = models.JSONField("Căn cứ pháp lý", default=list, blank=True)  # list of document numbers
    supplement_mode = models.SmallIntegerField(
        "Khi bổ sung hồ sơ", choices=SupplementMode.choices, default=SupplementMode.RESTART
    )
    post_allowed = models.BooleanField("Nhận qua bưu chính công ích", default=True)
    # The version this one says the same record of anew: its terms were confirmed again, or their
    # confirmation was taken back.
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        db_index=False,
    )
    content_hash = models.CharField(max_length=64)
    search_text = models.TextField(
        editable=False
    )  # " code digits tail folded name", a blank before every word
    initials = models.CharField(max_length=250, blank=True, editable=False)
    # The initials from each word on, which an index of words finds (models/words.py).
    initial_runs = RunsField(blank=True, default="", db_default="", editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedureversion_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "id"], name="procedureversion_status"),
            models.Index(fields=["procedure", "effective_from"], name="procedureversion_in_force"),
            WordsIndex(fields=["search_text"], name="procedureversion_words"),
            WordsIndex(fields=["initial_runs"], name="procedureversion_initials"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}/{self.number} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = cast(Iterable[str] | None, kwargs.get("update_fields"))
        if (
            not self._state.adding
            and not kwargs.get("force_insert")
            and (fields is None or not set(fields) <= PUBLICATION_FIELDS)
        ):
            raise DomainError("procedures.published")
        super().save(*args, **kwargs)

    @property
    def code(self) -> str:
        return self.procedure.code

    @property
    def text_instead(self) -> str:
        """The legal text under which it is received before anybody published it; "" of all others."""
        if not self.name.startswith(UNPUBLISHED_MARK) or self.decision_signed is None:
            return ""
        return f"{self.decision_number} ngày {self.decision_signed:%d/%m/%Y}"

    @property
    def last_day(self) -> date | None:
        """The last day in force, as people say it ("đến hết ngày …")."""
        return self.effective_to - timedelta(days=1) if self.effective_to else None

    def is_in_force(self, on: date) -> bool:
        return (
            self.kind != Kind.ABOLISHED
            and self.effective_from <= on
            and (self.effective_to is None or on < self.effective_to)
        )

    def receivable_on(self, on: date) -> bool:
        """Whether new dossiers may be received under this version on a day; `procedures.rules` says
        why not.
        """
        return self.status == Status.READY and self.is_in_force(on)


class VersionSource(models.Model):
    """The record a version was made from, in canonical text: what its hash covers and what a change
    is compared with.
    """

    version = models.OneToOneField(
        ProcedureVersion, on_delete=models.PROTECT, related_name="source"
    )
    content = models.TextField()


class VersionPart(models.Model):
    """A row of a version: changed only while the version waits for its term, by the confirming
    verb.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and self.of_version().status != Status.NEEDS_TERM:
            raise DomainError("procedures.published")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.of_version().status != Status.NEEDS_TERM:
            raise DomainError("procedures.published")
        return super().delete(*args, **kwargs)

    def of_version(self) -> ProcedureVersion:
        raise NotImplementedError


class Case(VersionPart):
    """Trường hợp: has its own methods (term, fee) and papers. The only case of a version has an
    empty name.
    """

    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    order = models.PositiveSmallIntegerField(default=1)
    name = models.CharField("Trường hợp", max_length=500, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["version", "order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "order"], name="case_order"),
        ]

    def __str__(self) -> str:
        return self.name or "Chung"

    def of_version(self) -> ProcedureVersion:
        return self.version

    def method_for(self, channel: int) -> Method | None:
        """The row of term and fee for a dossier's channel; reads the prefetched methods when there
        are any.
        """
        wanted = method_channel(channel)
        return next((method for method in self.methods.all() if method.channel == wanted), None)


class Method(VersionPart):
    """Cách thức thực hiện of one case: channel, term and fee, with the record's own words beside
    the readings.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="methods", db_index=False)
    channel = models.SmallIntegerField("Hình thức nộp", choices=Channel.choices)
    term = models.CharField(
        "Thời hạn", max_length=60, blank=True
    )  # canonical text of worktime.Term, "" until confirmed
    term_text = models.CharField("Thời hạn theo bản ghi", max_length=300, blank=True)
    fee_amount = models.BigIntegerField(
        "Phí, lệ phí (đồng)", null=True, blank=True
    )  # None: not readable
    fee_per = models.CharField(
        "Tính theo", max_length=60, blank=True
    )  # "trang": fee_amount is the price of one
    fee_text = models.CharField("Phí theo bản ghi", max_length=300, blank=True)
    note = models.TextField("Ghi chú", blank=True)  # the record's note on term and fee

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "channel"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "channel"], name="method_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.term or self.term_text}"

    def of_version(self) -> ProcedureVersion:
        return self.case.version


class Paper(VersionPart):
    """Thành phần hồ sơ: only these can be asked for. Headings and notes (`is_note`) are shown,
    never asked for.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="papers", db_index=False)
    order = models.PositiveSmallIntegerField()
    group = models.CharField("Nhóm", max_length=1500, blank=True)
    name = models.TextField("Giấy tờ")
    originals = models.PositiveSmallIntegerField("Bản chính", default=0)
    certified = models.PositiveSmallIntegerField("Bản sao chứng thực", default=0)
    copies = models.PositiveSmallIntegerField("Bản sao", default=0)
    is_note = models.BooleanField("Ghi chú", default=False)
    count_text = models.CharField(
        "Số lượng theo bản ghi", max_length=60, blank=True
    )  # set when the record's counts were not believable
    # What a controller said of it where the published words are read wrongly (reading/said.py).
    asked_of = models.CharField(
        "Ai phải nộp", max_length=12, choices=AskedOf.choices, blank=True, default=""
    )
    situation = models.CharField("Trường hợp", max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "order"], name="paper_order"),
        ]

    def __str__(self) -> str:
        return self.name

    def of_version(self) -> ProcedureVersion:
        return self.case.version
