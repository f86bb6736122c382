"""What a column may count, by name: a condition on the one row in which a dossier stands at the
period's end, for the cut (statement.py).

A new form names measures; a new measure is one entry here. Numbers: group 3 has ended, 2 waits;
channels 2 and 4 are online; ends 7 and 8 are withdrawn and stopped; verdicts 1 early, 2 on time,
3 late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dossiers.models import OnlineFiling
from reports.models import Column, LateCause
from reports.models.cause import COUNTED_AS_OTHER
from reports.shares import share

_NEW = "received_at >= %(start)s"
_ENDED = "grp = 3"
_CUT_SHORT = "how IN (7, 8)"
# Late at the period's last instant, and by the cut where the period still runs.
_LATE = "(late_from IS NOT NULL AND late_from < %(end)s AND late_from <= %(cut)s)"
_VERDICT_LATE = "verdict = 3"
_ANY_LATE = f"((grp < 3 AND {_LATE}) OR ({_ENDED} AND {_VERDICT_LATE}))"
# What was said of the cause by the cut.
_SAID = """EXISTS (SELECT 1 FROM reports_latecause said WHERE said.dossier_id = standing.dossier_id
    AND said.recorded_at <= %(cut)s AND (said.replaced_at IS NULL OR said.replaced_at > %(cut)s)"""

_OTHERS = ", ".join(f"'{cause.value}'" for cause in COUNTED_AS_OTHER)
# What was apologised for by the period's end, by either act, and not taken back by the cut.
_APOLOGISED = """(EXISTS (SELECT 1 FROM dossiers_apology sorry
    WHERE sorry.dossier_id = standing.dossier_id
    AND sorry.made_at < %(end)s AND sorry.made_at <= %(cut)s
    AND (sorry.undone_recorded_at IS NULL OR sorry.undone_recorded_at > %(cut)s))
    OR EXISTS (SELECT 1 FROM dossiers_clockchange moved
    WHERE moved.dossier_id = standing.dossier_id AND moved.kind = 'reappoint'
    AND moved.start < %(end)s AND moved.start <= %(cut)s
    AND (moved.undone_recorded_at IS NULL OR moved.undone_recorded_at > %(cut)s)))"""


# Received for somebody of another place (phi địa giới): said at the reception, never changed.
_OUT_OF_AREA = """EXISTS (SELECT 1 FROM dossiers_dossier told
    WHERE told.id = standing.dossier_id AND told.out_of_area)"""
# Filed with help at the counter, as far as the cut knows and not taken back by then; by an officer's or
# office's own account, or somebody else's, as it was derived when it came (S1).
_HELPED = """EXISTS (SELECT 1 FROM dossiers_dossier told
    JOIN dossiers_onlinehelp aid ON aid.source_code = told.code AND aid.source_code <> ''
    WHERE told.id = standing.dossier_id AND aid.at <= %(cut)s
    AND (aid.undone_at IS NULL OR aid.undone_at > %(cut)s))"""
_FILER = """EXISTS (SELECT 1 FROM dossiers_onlinefiling sent
    WHERE sent.dossier_id = standing.dossier_id AND sent.filer = {filer})"""
_CITIZEN, _OWN = (
    _FILER.format(filer=one.value) for one in (OnlineFiling.Filer.CITIZEN, OnlineFiling.Filer.OWN)
)
_NEW_ONLINE = f"{_NEW} AND channel IN (2, 4)"
_ENDED_LATE = f"{_ENDED} AND {_VERDICT_LATE}"
_OPEN_LATE = f"grp < 3 AND {_LATE}"


class Measure(NamedTuple):
    """The condition, and what it counts in words, for whoever reads or writes a form; whether all it
    counts is late, so that causes belong to it.
    """

    condition: str
    words: str
    is_late: bool = False


def way_of(measure: str) -> str:
    """How quarters make the figure of their year: "sum", "first", "last"; "" not by itself."""
    if measure == "carried":
        return "first"
    if measure.startswith(("received", "ended")):
        return "sum"
    return "last" if measure.startswith("open") else ""


def _of_dossiers(words: str) -> str:
    return f"Hồ sơ {words[0].lower()}{words[1:]}"


MEASURES: dict[str, Measure] = {
    "handled": Measure("1 = 1", "Tất cả hồ sơ của biểu: nhận trong kỳ và kỳ trước chuyển qua"),
    "received": Measure(_NEW, "Nhận trong kỳ"),
    "received_online": Measure(
        f"{_NEW} AND channel IN (2, 4)", "Nhận trong kỳ, trực tuyến (toàn trình và một phần)"
    ),
    "received_direct_or_post": Measure(
        f"{_NEW} AND channel IN (1, 3)", "Nhận trong kỳ, trực tiếp và bưu chính"
    ),
    "received_direct": Measure(f"{_NEW} AND channel = 1", "Nhận trong kỳ, trực tiếp"),
    "received_online_full": Measure(
        f"{_NEW} AND channel = 2", "Nhận trong kỳ, trực tuyến toàn trình"
    ),
    "received_post": Measure(f"{_NEW} AND channel = 3", "Nhận trong kỳ, bưu chính"),
    "received_online_part": Measure(
        f"{_NEW} AND channel = 4", "Nhận trong kỳ, trực tuyến một phần"
    ),
    "carried": Measure("received_at < %(start)s", "Kỳ trước chuyển qua"),
    "ended": Measure(_ENDED, "Đã giải quyết trong kỳ"),
    # Withdrawn and stopped dossiers are on time, or late; the variants below judge them as others.
    "ended_early": Measure(
        f"{_ENDED} AND verdict = 1 AND NOT {_CUT_SHORT}",
        "Đã giải quyết trước hạn, không gồm rút và dừng",
    ),
    "ended_on_time": Measure(
        f"{_ENDED} AND (verdict = 2 OR (verdict = 1 AND {_CUT_SHORT}))",
        "Đã giải quyết đúng hạn, gồm cả rút và dừng chưa quá hạn",
    ),
    "ended_late": Measure(_ENDED_LATE, "Đã giải quyết quá hạn", is_late=True),
    "ended_early_of_all": Measure(
        f"{_ENDED} AND verdict = 1", "Đã giải quyết trước hạn, gồm cả rút và dừng"
    ),
    "ended_on_time_of_all": Measure(
        f"{_ENDED} AND verdict = 2", "Đã giải quyết đúng hạn, rút và dừng tính như hồ sơ khác"
    ),
    "ended_not_late": Measure(f"{_ENDED} AND verdict < 3", "Đã giải quyết trước hạn và đúng hạn"),
    "ended_withdrawn": Measure(f"{_ENDED} AND how = 7", "Công dân rút trong kỳ"),
    "ended_stopped": Measure(f"{_ENDED} AND how = 8", "Dừng giải quyết trong kỳ"),
    "ended_refused": Measure(f"{_ENDED} AND how = 11", "Từ chối giải quyết trong kỳ"),
    "open": Measure("grp < 3", "Đang giải quyết cuối kỳ"),
    "open_in_time": Measure(f"grp < 3 AND NOT {_LATE}", "Đang giải quyết, trong hạn"),
    "open_late": Measure(_OPEN_LATE, "Đang giải quyết, quá hạn", is_late=True),
    "open_waiting": Measure("grp = 2", "Đang chờ bổ sung, chờ nghĩa vụ tài chính"),
    "late": Measure(_ANY_LATE, "Quá hạn: đã giải quyết và đang giải quyết", is_late=True),
    "late_said": Measure(f"{_ANY_LATE} AND {_SAID})", "Quá hạn, đã ghi nguyên nhân", is_late=True),
    "late_unsaid": Measure(
        f"{_ANY_LATE} AND NOT {_SAID})", "Quá hạn, chưa ghi nguyên nhân", is_late=True
    ),
    **{
        f"late_{cause.value}": Measure(
            f"{_ANY_LATE} AND {_SAID} AND said.cause = '{cause.value}')",
            f"Quá hạn, nguyên nhân: {cause.label}",
            is_late=True,
        )
        for cause in LateCause.Cause
    },
    # The table has one column for all that is neither the office nor a rule.
    "late_other": Measure(
        f"{_ANY_LATE} AND {_SAID} AND said.cause IN ({_OTHERS}))",
        "Quá hạn, nguyên nhân khác: chờ tổ chức, cá nhân, nghĩa vụ tài chính, sự cố, dữ liệu đồng bộ và nguyên nhân khác",
        is_late=True,
    ),
    "received_out_of_area": Measure(
        f"{_NEW} AND {_OUT_OF_AREA}", "Nhận trong kỳ, phi địa giới (bằng kênh nào cũng tính)"
    ),
    "received_online_helped": Measure(
        f"{_NEW_ONLINE} AND {_HELPED}", "Nhận trong kỳ, trực tuyến, có hỗ trợ nộp tại quầy"
    ),
    "received_online_citizen": Measure(
        f"{_NEW_ONLINE} AND NOT {_HELPED} AND {_CITIZEN}",
        "Nhận trong kỳ, trực tuyến, người dân, tổ chức tự nộp",
    ),
    "received_online_own": Measure(
        f"{_NEW_ONLINE} AND NOT {_HELPED} AND {_OWN}",
        "Nhận trong kỳ, trực tuyến, nộp bằng tài khoản của cán bộ, cơ quan",
    ),
    "received_online_unsaid": Measure(
        f"{_NEW_ONLINE} AND NOT {_HELPED} AND NOT {_CITIZEN} AND NOT {_OWN}",
        "Nhận trong kỳ, trực tuyến, Cổng không ghi người nộp",
    ),
    **{
        f"{side}_{name}": Measure(f"{late} AND {sorry}", f"{words}, {said} xin lỗi", is_late=True)
        for side, late, words in (
            ("ended_late", _ENDED_LATE, "Đã giải quyết quá hạn"),
            ("open_late", _OPEN_LATE, "Đang giải quyết, quá hạn"),
        )
        for name, sorry, said in (
            ("apologised", _APOLOGISED, "đã"),
            ("not_apologised", f"NOT {_APOLOGISED}", "chưa"),
        )
    },
    "late_apologised": Measure(
        f"{_ANY_LATE} AND {_APOLOGISED}", "Quá hạn, đã xin lỗi", is_late=True
    ),
    "late_not_apologised": Measure(
        f"{_ANY_LATE} AND NOT {_APOLOGISED}", "Quá hạn, chưa xin lỗi", is_late=True
    ),
}
# What no dossier was made of, by its office: counted beside the dossiers (figures/outside.py), only
# where a row is an office.
OUTSIDE: dict[str, str] = {
    "filings_in_time": "Hồ sơ nộp trực tuyến chờ tiếp nhận cuối kỳ, còn hạn tiếp nhận",
    "filings_late": "Hồ sơ nộp trực tuyến chờ tiếp nhận cuối kỳ, đã quá hạn tiếp nhận",
    "not_received": "Không được tiếp nhận trong kỳ (phiếu từ chối tiếp nhận)",
    "receipts": "Hồ sơ có biên lai thu phí, lệ phí cho trong kỳ, không kể biên lai đã hủy",
    "helps": "Lượt hỗ trợ nộp trực tuyến tại quầy trong kỳ, không kể lượt đã hoàn tác",
}
# Parts of a whole, in percent with two decimals: measures of dossiers, row by row.
SHARES: dict[str, tuple[str, str]] = {
    f"share_{name}": (f"received_online_{name}", "received_online")
    for name in ("citizen", "helped", "own", "unsaid")
}


def words_of_shares() -> dict[str, str]:
    return {name: f"Tỷ lệ phần trăm: {MEASURES[part].words}" for name, (part, _) in SHARES.items()}


def shared(
    columns: Iterable[Column], figures: Mapping[str, Any], brought: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """With the shares that these columns ask for; none of nothing, nor where what was brought from a
    file (the figures themselves, or `brought` into their sum) says the whole and not the part.
    """
    found, parts = dict(figures), [figures, *brought]
    asked = {one.measure for one in columns}
    for name, (part, whole) in SHARES.items():
        if name in asked:
            is_torn = any(one.get(whole) and part not in one for one in parts)
            of = None if is_torn else found.get(whole)
            figure = share(found[part], of) if of else None
            found[name] = None if figure is None else str(figure).replace(".", ",")
    return found


def of_dossiers(columns: Iterable[Column]) -> list[Column]:
    """Those of them that count dossiers."""
    return [one for one in columns if one.measure and one.measure not in OUTSIDE | SHARES.keys()]


# Told below every table of dossiers, outside its columns.
_BELOW = ("ended_withdrawn", "ended_stopped", "ended_refused", "open_waiting")
BESIDE: dict[str, str] = {name: _of_dossiers(MEASURES[name].words) for name in _BELOW}
# Told below a table of causes: what they must add up to, and what is missing (legal fact base 4.5).
CAUSES_ADD_UP: dict[str, str] = {
    "late": "Cột (10) + (13) của biểu II.06 cùng kỳ, cùng thời điểm chốt",
    "late_said": "Tổng các nguyên nhân đã ghi",
    "late_unsaid": "Chênh lệch: hồ sơ quá hạn chưa ghi nguyên nhân",
}


def told_below(columns: Iterable[Column]) -> dict[str, str]:
    """What stands below a table of dossiers, by measure."""
    has_causes = any(one.measure == "late_unsaid" for one in columns)
    return BESIDE | (CAUSES_ADD_UP if has_causes else {})


# The same of the report that was signed of the period; told where there is one.
LATE_SIGNED = "late_signed"
# Counted apart: what this agency received and another handles.
FOR_ANOTHER = "received_for_another"
# Counted apart: received by mistake and voided in the period, in no column; told where there is any.
VOIDED = "voided"
BESIDE_LABELS: dict[str, str] = {
    **CAUSES_ADD_UP,
    LATE_SIGNED: "Cột (10) + (13) của biểu II.06 đã ký cùng kỳ",
    **BESIDE,
    FOR_ANOTHER: "Hồ sơ tiếp nhận hộ cơ quan khác trong kỳ (tính vào biểu của cơ quan giải quyết)",
    VOIDED: "Hồ sơ tiếp nhận nhầm đã hủy trong kỳ (không tính vào biểu)",
}
