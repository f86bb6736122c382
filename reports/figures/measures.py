"""What a column may count, by name: a condition on the one row in which a dossier stands at the
period's end, for the cut (statement.py).

A new form names measures; a new measure is one line here. Numbers: group 3 has ended, 2 waits;
channels 2 and 4 are online; ends 7 and 8 are withdrawn and stopped; verdicts 1 early, 2 on time,
3 late.
"""

from __future__ import annotations

from reports.models import LateCause

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

MEASURES: dict[str, str] = {
    "handled": "1 = 1",
    "received": _NEW,
    "received_online": f"{_NEW} AND channel IN (2, 4)",
    "received_direct_or_post": f"{_NEW} AND channel IN (1, 3)",
    "received_direct": f"{_NEW} AND channel = 1",
    "received_online_full": f"{_NEW} AND channel = 2",
    "received_post": f"{_NEW} AND channel = 3",
    "received_online_part": f"{_NEW} AND channel = 4",
    "carried": "received_at < %(start)s",
    "ended": _ENDED,
    # Withdrawn and stopped dossiers are on time, or late; the variants below judge them as others.
    "ended_early": f"{_ENDED} AND verdict = 1 AND NOT {_CUT_SHORT}",
    "ended_on_time": f"{_ENDED} AND (verdict = 2 OR (verdict = 1 AND {_CUT_SHORT}))",
    "ended_late": f"{_ENDED} AND {_VERDICT_LATE}",
    "ended_early_of_all": f"{_ENDED} AND verdict = 1",
    "ended_on_time_of_all": f"{_ENDED} AND verdict = 2",
    "ended_not_late": f"{_ENDED} AND verdict < 3",
    "ended_withdrawn": f"{_ENDED} AND how = 7",
    "ended_stopped": f"{_ENDED} AND how = 8",
    "ended_refused": f"{_ENDED} AND how = 11",
    "open": "grp < 3",
    "open_in_time": f"grp < 3 AND NOT {_LATE}",
    "open_late": f"grp < 3 AND {_LATE}",
    "open_waiting": "grp = 2",
    "late": _ANY_LATE,
    "late_unsaid": f"{_ANY_LATE} AND NOT {_SAID})",
    **{
        f"late_{cause}": f"{_ANY_LATE} AND {_SAID} AND said.cause = '{cause}')"
        for cause in LateCause.Cause.values
    },
}
# Told below every table of dossiers, outside its columns.
BESIDE: dict[str, str] = {
    "ended_withdrawn": "Hồ sơ công dân rút trong kỳ",
    "ended_stopped": "Hồ sơ dừng giải quyết trong kỳ",
    "ended_refused": "Hồ sơ từ chối giải quyết trong kỳ",
    "open_waiting": "Hồ sơ đang chờ bổ sung, chờ nghĩa vụ tài chính",
}
FOR_ANOTHER = "received_for_another"
FOR_ANOTHER_LABEL = (
    "Hồ sơ tiếp nhận hộ cơ quan khác trong kỳ (tính vào biểu của cơ quan giải quyết)"
)

# What each counts, for whoever writes a form.
MEASURE_WORDS: dict[str, str] = {
    "handled": "Tất cả hồ sơ của biểu: nhận trong kỳ và kỳ trước chuyển qua",
    "received": "Nhận trong kỳ",
    "received_online": "Nhận trong kỳ, trực tuyến (toàn trình và một phần)",
    "received_direct_or_post": "Nhận trong kỳ, trực tiếp và bưu chính",
    "received_direct": "Nhận trong kỳ, trực tiếp",
    "received_online_full": "Nhận trong kỳ, trực tuyến toàn trình",
    "received_post": "Nhận trong kỳ, bưu chính",
    "received_online_part": "Nhận trong kỳ, trực tuyến một phần",
    "carried": "Kỳ trước chuyển qua",
    "ended": "Đã giải quyết trong kỳ",
    "ended_early": "Đã giải quyết trước hạn, không gồm rút và dừng",
    "ended_on_time": "Đã giải quyết đúng hạn, gồm cả rút và dừng chưa quá hạn",
    "ended_late": "Đã giải quyết quá hạn",
    "ended_early_of_all": "Đã giải quyết trước hạn, gồm cả rút và dừng",
    "ended_on_time_of_all": "Đã giải quyết đúng hạn, rút và dừng tính như hồ sơ khác",
    "ended_not_late": "Đã giải quyết trước hạn và đúng hạn",
    "ended_withdrawn": "Công dân rút trong kỳ",
    "ended_stopped": "Dừng giải quyết trong kỳ",
    "ended_refused": "Từ chối giải quyết trong kỳ",
    "open": "Đang giải quyết cuối kỳ",
    "open_in_time": "Đang giải quyết, trong hạn",
    "open_late": "Đang giải quyết, quá hạn",
    "open_waiting": "Đang chờ bổ sung, chờ nghĩa vụ tài chính",
    "late": "Quá hạn: đã giải quyết và đang giải quyết",
    "late_unsaid": "Quá hạn, chưa ghi nguyên nhân",
    **{f"late_{one.value}": f"Quá hạn, nguyên nhân: {one.label}" for one in LateCause.Cause},
}
