"""A procedure as the national database tells it (LayThuTuc), for the recorded peer: ours in its fields."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from procedures.models import VersionSource
from procedures.reading.records import MethodRecord, ProcedureRecord, from_canonical


def told(code: str) -> dict[str, Any] | None:
    """What is published here under this code. One query."""
    rows = VersionSource.objects.filter(version__procedure__code=code, version__effective_to=None)
    content = rows.order_by("-version__number").values_list("content", flat=True).first()
    return of_record(from_canonical(content)) if content is not None else None


def of_record(record: ProcedureRecord) -> dict[str, Any]:
    methods = sorted(
        (method for case in record.cases for method in case.methods), key=lambda one: one.channel
    )
    papers = [(paper.group, paper.name) for paper in record.papers]
    return {
        "MATTHC": record.code,
        "TENTTHC": record.name,
        "LINHVUCTHUCHIEN": {"MALINHVUC": "", "TENLINHVUC": record.field},
        "CACHTHUCTHUCHIEN": [
            {"KENH": str(channel), "THOIGIAN": [_term(one) for one in rows]}
            for channel, rows in groupby(methods, key=lambda one: one.channel)
        ],
        "THANHPHANHOSO": [
            {
                "TRUONGHOP": group,
                "GIAYTO": [{"MAGIAYTO": "", "TENGIAYTO": name} for _, name in rows],
            }
            for group, rows in groupby(papers, key=lambda one: one[0])
        ],
        "KETQUATHUCHIEN": [{"MAKETQUA": code, "TENKETQUA": name} for name, code in record.results],
        "CANCUPHAPLY": [{"SOVANBAN": number, "TENVANBAN": ""} for number in record.legal],
        "COQUANTHUCHIEN": record.agency_executing,
        "DOITUONGTHUCHIEN": record.applicants,
    }


def _term(method: MethodRecord) -> dict[str, Any]:
    number, _, unit = method.term_text.partition(" ")
    amount, _, currency = method.fee_text.partition(" ")
    return {
        "THOIGIANGIAIQUYET": number,
        "DONVITINH": unit,
        "MOTA": method.note,
        "PHILEPHI": [{"SOTIEN": amount, "DONVI": currency}] if method.fee_text else [],
    }
