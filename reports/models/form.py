"""A statutory form as data with its days: head, columns as named measures, what a row is, notes.

A new circular is a further row here, and at most a new measure in `figures/measures.py`.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from onestop.errors import DomainError


class Source(models.TextChoices):
    """Where the figures of a form come from."""

    DOSSIERS = "dossiers", "Số hồ sơ theo kỳ"
    CATALOGUE = "catalogue", "Danh mục thủ tục"
    LIST = "list", "Danh sách hồ sơ"
    ENTERED = "entered", "Nhập tay"
    FINISHED = "finished", "Hồ sơ đã giải quyết"


class RowKind(models.TextChoices):
    """What one row counts."""

    FIELD = "field", "Lĩnh vực"
    UNIT = "unit", "Cơ quan, đơn vị"
    LEVEL_FIELD = "level_field", "Lĩnh vực theo cấp"
    LEVEL_UNIT = "level_unit", "Cơ quan, đơn vị theo cấp"
    DOSSIER = "dossier", "Hồ sơ"
    FIXED = "fixed", "Dòng cố định"
    FREE = "free", "Dòng tự ghi"
    PROCEDURE = "procedure", "Thủ tục theo lĩnh vực"


class Reach(models.TextChoices):
    OWN = "own", "Cơ quan trực tiếp giải quyết"
    WHOLE = "whole", "Cơ quan và các cơ quan trực thuộc"


@dataclass(frozen=True, slots=True)
class Column:
    """One printed column: its official number, header path from the top, and its measure; none
    where nothing is recorded that could be counted ("—").
    """

    number: str
    path: tuple[str, ...]
    measure: str = ""

    @property
    def label(self) -> str:
        return self.path[-1]


class FormQuerySet(models.QuerySet["ReportForm"]):
    def in_force(self, on: date) -> FormQuerySet:
        return self.filter(Q(effective_to=None) | Q(effective_to__gte=on), effective_from__lte=on)


class ReportForm(models.Model):
    """`code` is what people type (`II.06a`), `number` what the head prints ("Biểu số II.06a/…")."""

    code = models.CharField("mã biểu", max_length=40)
    number = models.CharField("số hiệu in trên biểu", max_length=80, blank=True)
    title = models.CharField("tên biểu", max_length=400)
    legal = models.CharField("ban hành theo", max_length=400, blank=True)
    source = models.CharField("nguồn số liệu", max_length=12, choices=Source)
    row_kind = models.CharField("mỗi dòng là", max_length=12, choices=RowKind)
    reach = models.CharField("phạm vi", max_length=6, choices=Reach, default=Reach.OWN)
    row_label = models.CharField("tên cột thứ hai", max_length=200)
    unit = models.CharField("đơn vị tính", max_length=80, default="Số hồ sơ TTHC")
    # [{"number", "path", "measure"}], and variants that an office may choose: by slug their name,
    # the label of a column by its number, or {"label", "measure"}, and other notes.
    columns = models.JSONField("các cột", default=list)
    variants = models.JSONField("nhãn cột khác", default=dict, blank=True)
    notes = models.JSONField("ghi chú cuối biểu", default=list, blank=True)
    # Sums that must hold of every row: [["3", ["4", "5", "6"]], …].
    identities = models.JSONField("các đẳng thức", default=list, blank=True)
    # Of a form entered by hand: its rows where they are fixed, and the form whose signed tables of
    # the agencies below (and of itself) it adds up instead of being entered.
    fixed_rows = models.JSONField("các dòng cố định", default=list, blank=True, db_default=[])
    fed_by = models.CharField("cộng từ biểu", max_length=40, blank=True, default="", db_default="")
    # After which periods it is owed: letters of Kind, e.g. ["Q", "Y"].
    owed = models.JSONField("nộp theo kỳ", default=list, blank=True)
    effective_from = models.DateField("có hiệu lực từ")
    effective_to = models.DateField("đến hết ngày", null=True, blank=True)

    # The variant that this very object counts and prints (`worn`).
    variant = ""

    objects = FormQuerySet.as_manager()

    class Meta:
        verbose_name = "biểu mẫu báo cáo"
        ordering: ClassVar[list[str]] = ["code", "-effective_from"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "effective_from"], name="reportform_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    @property
    def slug(self) -> str:
        """The code as an address holds it."""
        return self.code.replace("/", "-")

    def is_in_force(self, on: date) -> bool:
        """The same as FormQuerySet.in_force, of one that is read."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    @property
    def words(self) -> str:
        """The title in small letters, as a sentence begins; what is written in capitals stays so."""
        kept = (
            word if word == "TTHC" or word.startswith("II.") else word.lower()
            for word in self.title.split()
        )
        found = " ".join(kept)
        return found[:1].upper() + found[1:]

    @property
    def called(self) -> str:
        """What people call it: its code where it is printed on the form, else its title."""
        return self.printed_code or self.words

    @property
    def printed_code(self) -> str:
        """Its code where it is printed on the form; "": one that only the program knows."""
        return self.code if self.code in self.number else ""

    @property
    def order_label(self) -> str:
        """The head of the first column: rows counted through, or their own numbers in a book."""
        return "TT" if self.code == "register" else "STT"

    @property
    def is_signed_form(self) -> bool:
        """Whether somebody signs it; lists of dossiers are only printed."""
        return self.source != Source.LIST

    @property
    def is_entered(self) -> bool:
        """Whether somebody types its figures."""
        return self.source == Source.ENTERED and not self.fed_by

    @property
    def worded(self) -> dict[str, Any]:
        """What the chosen variant words or counts otherwise."""
        found: dict[str, Any] = self.variants.get(self.variant, {})
        return found

    @property
    def foot(self) -> tuple[str, ...]:
        """The notes below the table."""
        return tuple(self.worded.get("notes", self.notes))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The variants by what they are called, the printed form first; none where it has one way."""
        named = [(slug, variant.get("name", slug)) for slug, variant in self.variants.items()]
        return [("", "Như biểu mẫu"), *named] if named else []

    def worn(self, variant: str) -> ReportForm:
        """The same form in one of its variants. Errors: DomainError("variant_unknown")."""
        if variant and variant not in self.variants:
            known = ", ".join(self.variants) or "không có cách ghi nào khác"
            raise DomainError("variant_unknown", variant=variant, form=self.code, known=known)
        found = copy(self)
        found.variant = variant
        return found

    def columns_of(self) -> tuple[Column, ...]:
        """The columns as printed: a variant gives some of them another label, or another measure."""
        found = []
        for one in self.columns:
            path, measure = tuple(one["path"]), one.get("measure", "")
            told = self.worded.get(one["number"])
            if isinstance(told, dict):
                told, measure = told["label"], told["measure"]
            if told:
                path = (*path[:-1], told)
            found.append(Column(one["number"], path, measure))
        return tuple(found)
