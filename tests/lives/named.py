"""What is told otherwise than when the lives were recorded, each difference with its reason.

The recorded lives stay as they were; both tellings are compared without what stands here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.lives.kept import Facts

APPROVING = ("leader", "head", "clerk, specialist and leader")
PAYMENT = ("Yêu cầu nghĩa vụ tài chính", "Đã thực hiện nghĩa vụ tài chính")


def _as_it_is(step: Facts) -> Facts:
    return step


def _never(life: list[Facts]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Difference:
    """`aside` gives a step without what differs, for the same reason, everywhere. `parts`: whether
    a life, told up to its newest step, goes its own way from there, so that it is compared up to
    the step before.
    """

    name: str
    reason: str
    aside: Callable[[Facts], Facts] = _as_it_is
    parts: Callable[[list[Facts]], bool] = _never


def _without_prints(step: Facts) -> Facts:
    ledger = [event for event in step["ledger"] if event[0] != "print_slip"]
    return step | {"ledger": ledger, "columns": step["columns"] | {"event_seq": len(ledger)}}


def _without_payment(step: Facts) -> Facts:
    offers = [
        offer
        for offer in step["page"]["offers"]
        if not offer.removeprefix("now: ").removeprefix("not: ").startswith(PAYMENT)
    ]
    return step | {"page": step["page"] | {"offers": offers}}


def _without_scans_and_reminders(step: Facts) -> Facts:
    allowed = {
        role: {act: answer for act, answer in acts.items() if act not in ("add_scans", "remind")}
        for role, acts in step["allowed"].items()
    }
    new = ("Bổ sung bản quét", "Nhắc người dân")
    offers = [one for one in step["page"]["offers"] if not any(name in one for name in new)]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


def _without_imports(step: Facts) -> Facts:
    allowed = {
        role: {act: answer for act, answer in acts.items() if not act.startswith("import_")}
        for role, acts in step["allowed"].items()
    }
    return step | {"allowed": allowed}


REPAIRS = {
    "correct_result": "Đính chính kết quả",
    "deliver_correction": "Trao kết quả đã đính chính",
    "record_loss": "Ghi nhận mất, hư hỏng",
    "number_letter": "Cấp số, đóng dấu văn bản",
    "number_result": "Cấp số, đóng dấu kết quả",
    "notify_result": "Báo, nhắc nhận kết quả",
    "archive_result": "Chuyển kết quả vào lưu trữ",
    "return_papers": "Trả lại bản chính",
    "agree_time": "Hẹn theo thỏa thuận",
    "digitise_result": "Số hóa kết quả",
    "check_digitised": "Kiểm tra bản số hóa",
}


def _without_repairs(step: Facts) -> Facts:
    allowed = {
        role: {act: answer for act, answer in acts.items() if act not in REPAIRS}
        for role, acts in step["allowed"].items()
    }
    labels = tuple(REPAIRS.values())
    offers = [
        offer
        for offer in step["page"]["offers"]
        if not offer.removeprefix("now: ").removeprefix("not: ").startswith(labels)
    ]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


def _without_noting_looks(step: Facts) -> Facts:
    said = step["statements"]
    lookup = said["lookup"]
    return step | {"statements": said | {"lookup": lookup - 1 if lookup in (5, 9) else lookup}}


def _without_why_late(step: Facts) -> Facts:
    """Three statements of the queue where a line is late; the calendar is read there first, so that the
    look-up after it has it.
    """
    said = step["statements"]
    queue, lookup = said["queue"], said["lookup"]
    queue = queue - 3 if queue in (8, 10) else queue
    lookup = 4 if lookup == 8 else lookup
    return step | {"statements": said | {"queue": queue, "lookup": lookup}}


OF_FEES = ("take_fee", "relieve_fee", "ask_receipt_change", "answer_receipt_change")


def _without_fees(step: Facts) -> Facts:
    allowed = {
        role: {act: one for act, one in acts.items() if act not in OF_FEES}
        for role, acts in step["allowed"].items()
    }
    columns = {name: value for name, value in step["columns"].items() if name != "fee_owed"}
    offers = [one for one in step["page"]["offers"] if "phí, lệ phí" not in one.lower()]
    page = step["page"] | {"offers": offers}
    return step | {"allowed": allowed, "columns": columns, "page": page}


OF_LEGS = (
    "open_legs",
    "withdraw_leg",
    "receive_leg",
    "pass_leg",
    "move_leg",
    "answer_leg",
    "fail_leg",
    "replace_lead",
)


def _without_legs(step: Facts) -> Facts:
    allowed = {
        role: {act: one for act, one in acts.items() if act not in OF_LEGS}
        for role, acts in step["allowed"].items()
    }
    columns = {name: value for name, value in step["columns"].items() if name != "open_legs"}
    offers = [one for one in step["page"]["offers"] if "phối hợp" not in one.lower()]
    page = step["page"] | {"offers": offers}
    return step | {"allowed": allowed, "columns": columns, "page": page}


OF_POST = ("post_deliver", "post_try", "post_back")


def _without_post(step: Facts) -> Facts:
    allowed = {
        role: {act: one for act, one in acts.items() if act not in OF_POST}
        for role, acts in step["allowed"].items()
    }
    offers = [one for one in step["page"]["offers"] if not one.startswith("Bưu chính")]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


def _without_urging(step: Facts) -> Facts:
    allowed = {
        role: {act: one for act, one in acts.items() if act not in ("urge", "answer_urging")}
        for role, acts in step["allowed"].items()
    }
    new = ("Đôn đốc", "Trả lời đôn đốc")
    offers = [
        one for one in step["page"]["offers"] if not one.removeprefix("not: ").startswith(new)
    ]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


OF_OPINIONS = (
    "inspect", "consult", "answer_consultation", "record_opinion", "record_silence", "withdraw_consultation",
)  # fmt: skip


def _without_opinions(step: Facts) -> Facts:
    allowed = {
        role: {act: one for act, one in acts.items() if act not in OF_OPINIONS}
        for role, acts in step["allowed"].items()
    }
    new = ("lấy ý kiến", "xác minh")
    offers = [one for one in step["page"]["offers"] if not any(w in one.lower() for w in new)]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


def _without_own_beginning(step: Facts) -> Facts:
    allowed = {
        role: {act: one for act, one in acts.items() if act != "begin_term"}
        for role, acts in step["allowed"].items()
    }
    new = ("awaits_agency", "begun_at")
    columns = {name: value for name, value in step["columns"].items() if name not in new}
    return step | {"allowed": allowed, "columns": columns}


APOLOGY = "Xin lỗi, không hẹn lại"


def _without_apology(step: Facts) -> Facts:
    allowed = {
        role: {act: answer for act, answer in acts.items() if act != "apologise"}
        for role, acts in step["allowed"].items()
    }
    offers = [
        offer
        for offer in step["page"]["offers"]
        if not offer.removeprefix("not: ").startswith(APOLOGY)
    ]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


LAWFUL = frozenset(
    {
        "extend",
        "exclude",
        "prolong_exclusion",
        "close_exclusion",
        "send_to_tax",
        "record_tax_notice",
        "record_nothing_due",
    }
)
LAWFUL_OFFERS = ("Gia hạn theo luật", "Thời gian không tính", "Chuyển cơ quan thuế")


def _without_lawful_time(step: Facts) -> Facts:
    allowed = {
        role: {act: answer for act, answer in acts.items() if act not in LAWFUL}
        for role, acts in step["allowed"].items()
    }
    offers = [
        offer
        for offer in step["page"]["offers"]
        if not offer.removeprefix("now: ").removeprefix("not: ").startswith(LAWFUL_OFFERS)
    ]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


STEP = "Hẹn bước trung gian"


def _without_steps(step: Facts) -> Facts:
    allowed = {
        role: {act: answer for act, answer in acts.items() if act != "appoint_step"}
        for role, acts in step["allowed"].items()
    }
    offers = [
        offer
        for offer in step["page"]["offers"]
        if not offer.removeprefix("now: ").removeprefix("not: ").startswith(STEP)
    ]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


_PUT_RIGHT = ("void_reception", "correct_reception")
_OFFERED = ("Hủy tiếp nhận", "Đính chính")


def _without_voiding(step: Facts) -> Facts:
    allowed = {
        role: {act: answer for act, answer in acts.items() if act not in _PUT_RIGHT}
        for role, acts in step["allowed"].items()
    }
    offers = [
        offer for offer in step["page"]["offers"] if not any(one in offer for one in _OFFERED)
    ]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


DECIDING = ("Duyệt", "Trả lại")
_SUBMITTED, _BACK = "| Trình duyệt: ", "| Chuyển lại: "
_HOURS = re.compile(r" \([^()]*làm việc(, chia theo thời hạn)?\)")
_JUDGED = re.compile(r" \| Bước “[^”]*”: (trước hạn|đúng hạn|quá hạn)")


def _without_deciding(step: Facts) -> Facts:
    """Where something was submitted or came back, another act may be the one thing to do now."""
    allowed = {
        role: {act: answer for act, answer in acts.items() if act not in ("approve", "send_back")}
        for role, acts in step["allowed"].items()
    }
    offers = step["page"]["offers"]
    if any(_SUBMITTED in line or _BACK in line for line in step["timeline"]):
        offers = sorted(offer.removeprefix("now: ") for offer in offers)
        offers = [offer for offer in offers if not offer.removeprefix("not: ").startswith(DECIDING)]
    return step | {"allowed": allowed, "page": step["page"] | {"offers": offers}}


def _without_refusals(step: Facts) -> Facts:
    return step | {"slips": [slip for slip in step["slips"] if slip[0] != "tu-choi"]}


def _without_hours(step: Facts) -> Facts:
    columns = {name: v for name, v in step["columns"].items() if name != "step_due_at"}
    timeline = [_JUDGED.sub("", _HOURS.sub("", line)) for line in step["timeline"]]
    sheet = [[*block[:6], "", _plain_note(block[7])] for block in step["sheet"]]
    slips = [[*slip[:6], _sheet_without_hours(slip[6])] for slip in step["slips"]]
    return step | {"columns": columns, "timeline": timeline, "sheet": sheet, "slips": slips}


def _sheet_without_hours(snapshot: Facts) -> Facts:
    if "blocks" not in snapshot:
        return snapshot
    blocks = [
        block | {"outcome": "", "note": _plain_note(block["note"])} for block in snapshot["blocks"]
    ]
    return snapshot | {"blocks": blocks}


def _plain_note(note: str) -> str:
    return note.removesuffix("Bộ phận Một cửa nhận kết quả: quá hạn").removesuffix(". ")


def _without_names_read_apart(step: Facts) -> Facts:
    queue = step["statements"]["queue"]
    return step | {"statements": step["statements"] | {"queue": 5 if queue == 6 else queue}}


def _without_results_in_rows(step: Facts) -> Facts:
    """Only where a leader or head looks: their first list is what was submitted to them."""
    queue = step["statements"]["queue"]
    if step["page"]["of"] in APPROVING and queue == 7:
        queue = 5
    return step | {"statements": step["statements"] | {"queue": queue}}


def _without_reading_the_bell(step: Facts) -> Facts:
    """Whether a reader had notices is not told; what the page costs is counted in
    tests/dossiers/work/test_dossier_page.py.
    """
    statements = {name: n for name, n in step["statements"].items() if name != "dossier"}
    return step | {"statements": statements}


_FILED = re.compile(r" \| Nộp trên Cổng lúc [^|;]*(; [^|;]*)*\.(?= \|)")


def _without_filing(step: Facts) -> Facts:
    timeline = [_FILED.sub("", line) for line in step["timeline"]]
    slips = [
        [*slip[:6], {name: v for name, v in slip[6].items() if name != "filed_at"}]
        for slip in step["slips"]
    ]
    return step | {"timeline": timeline, "slips": slips}


def _without_shortened(step: Facts) -> Facts:
    slips = [
        [*slip[:6], {name: v for name, v in slip[6].items() if (name, v) != ("shortened", "")}]
        for slip in step["slips"]
    ]
    return step | {"slips": slips}


_TOLD_EARLY = re.compile(r" \| Báo trước khi trả sớm hơn ngày hẹn: [^|]*?(?= \||$)")


def _without_notices(step: Facts) -> Facts:
    return step | {"timeline": [_TOLD_EARLY.sub("", line) for line in step["timeline"]]}


def _given(life: list[Facts]) -> str:
    """What the timeline says of a giving, where the newest step gave."""
    told = [line for line in life[-1]["timeline"] if "| Giao hồ sơ |" in line]
    return told[0] if life[-1]["tried"][-1:] == ["give"] and told else ""


def _is_submitted_without_result(life: list[Facts]) -> bool:
    written = [line for line in life[-1]["timeline"] if "| Nhập kết quả |" in line]
    stands = any("| undone" not in line for line in written)
    asked = _SUBMITTED in _given(life) or "| Vào sổ, đóng dấu: " in _given(life)
    return asked and not stands


def _is_sent_back_without_a_word(life: list[Facts]) -> bool:
    return _BACK in _given(life) and "Ghi chú: " not in _given(life)


def _lost_by_taking_back(life: list[Facts], column: str) -> bool:
    return (
        life[-1]["tried"][-1:] == ["take back"]
        and bool(life[-2]["columns"][column])
        and not life[-1]["columns"][column]
    )


def _lost_what_was_recalled(life: list[Facts]) -> bool:
    before_that = life[-1]["ledger"][-2:-1]
    is_after_recall = bool(before_that) and before_that[0][0] == "recall"
    return is_after_recall and _lost_by_taking_back(life, "forward_by")


def _lost_what_was_told(life: list[Facts]) -> bool:
    flags = ("soon_flagged", "late_flagged")
    return any(_lost_by_taking_back(life, flag) for flag in flags)


NAMED = (
    Difference(
        "who looks with the secret is noted",
        "The access log had no line of what was read by the code and secret of a slip; now one statement "
        "writes it, once in a quarter of an hour.",
        _without_noting_looks,
    ),
    Difference(
        "a late line says why",
        "Which steps a lateness comes from is read in three statements for the whole list, once a day "
        "and dossier, with the calendar that the pages after it need too.",
        _without_why_late,
    ),
    Difference(
        "a sheet that is made is an event",
        "Every row beside a dossier is written through the ledger since the refit, the control "
        "sheet of a first print too: its number and hash are verified as those of other slips. "
        "The timeline does not speak of it.",
        _without_prints,
    ),
    Difference(
        "the financial obligation is offered",
        "`ask_payment` and `record_payment` stood in the table before; since the refit they are "
        "acts with pages, so the page of a dossier offers them.",
        _without_payment,
    ),
    Difference(
        "papers are scanned after the reception",
        "`add_scans` came with issue 11: wherever a dossier lies, and after its end, its scans may be "
        "added; so did `remind`, while the applicant is waited for.",
        _without_scans_and_reminders,
    ),
    Difference(
        "imports are acts",
        "What an earlier system tells of its dossiers is written by acts of their own, which came "
        "after the refit; they have no button on the page.",
        _without_imports,
    ),
    Difference(
        "what goes wrong after the end is put right; documents get their number",
        "A wrong result was replaced nowhere once the dossier had ended, and what was lost or "
        "damaged was recorded nowhere (R-83, R-84); the văn thư had no act to give a number, the counter none to say whom it called.",
        _without_repairs,
    ),
    Difference(
        "an apology is an act of its own",
        "It came with re-appointment only; since issue 11 heads and leaders may apologise without a "
        "new date, as often as needed (R-54).",
        _without_apology,
    ),
    Difference(
        "fees are taken at the counter",
        "`take_fee` and what becomes of a receipt came with issue 14, and what a dossier owes still with "
        "it; an office without a book of receipts follows none.",
        _without_fees,
    ),
    Difference(
        "what the post did with a result is told",
        "`post_deliver`, `post_try` and `post_back` came with issue 14; nothing here was given to the "
        "post.",
        _without_post,
    ),
    Difference(
        "parts of the work go to other agencies",
        "`open_legs` and what becomes of a leg came with issue 14, and how many are open with it; a "
        "dossier lay with one agency.",
        _without_legs,
    ),
    Difference(
        "whoever has a dossier is urged",
        "`urge` and `answer_urging` came with issue 13: heads, leaders and controllers press whoever has "
        "a dossier, who answers.",
        _without_urging,
    ),
    Difference(
        "the term of what another agency received begins when the competent one has it",
        "`begin_term`, `awaits_agency` and `begun_at` came with issue 14 (R-37).",
        _without_own_beginning,
    ),
    Difference(
        "opinions are asked for",
        "`consult`, `answer_consultation`, `record_opinion`, `record_silence` and `withdraw_consultation` "
        "came with issue 14 (R-63): rooms, offices and bodies outside are asked with a day for the answer.",
        _without_opinions,
    ),
    Difference(
        "a term is extended by law, and time does not count",
        "`extend`, `exclude`, `prolong_exclusion` and `close_exclusion` came with issue 11, and the "
        "round trip to the tax authority: they are offered on the page of an open dossier.",
        _without_lawful_time,
    ),
    Difference(
        "an applicant is called to a step before the result",
        "Procedures of two stages had one appointment; since issue 11 whoever holds the dossier "
        "may make the first of two.",
        _without_steps,
    ),
    Difference(
        "a reception may be voided or corrected",
        "What was received by mistake could only be withdrawn or stopped, and what was mistyped stayed; "
        "both are acts of their own since issue 11, offered at the counter.",
        _without_voiding,
    ),
    Difference(
        "whoever approves says yes or sends back",
        "Approving was a hand-over like any other; since issue 8 `approve` and `send_back` are acts, "
        "offered where something is submitted, and what came back is to be written anew first.",
        _without_deciding,
    ),
    Difference(
        "a refusal is printed once it is approved",
        "Form 03 of a refusal after appraisal was made when the specialist wrote it, before anybody "
        "had approved it (R-65).",
        _without_refusals,
    ),
    Difference(
        "steps are judged",
        "The steps of the default process had no hours, so that a dossier that was late as a whole "
        "showed blanks (R-77): they share the term, whoever hands a step on unfinished is judged so "
        "far, and the holder at the promise is late where no step overran.",
        _without_hours,
    ),
    Difference(
        "a list reads the names of procedures with its lines",
        "They were read apart and remembered by the process; now the queue costs five statements "
        "with lines or without (onestop/speed.py).",
        _without_names_read_apart,
    ),
    Difference(
        "what was submitted shows its result in the row",
        "The results and their files are two statements for the whole list, not per line.",
        _without_results_in_rows,
    ),
    Difference(
        "a dossier that is opened makes its notices read",
        "They stayed new until the bell was opened; one statement more, only for who has any.",
        _without_reading_the_bell,
    ),
    Difference(
        "online dossiers say when they were filed",
        "An online dossier got a code of ours and knew nothing of the portal; now it keeps the "
        "portal's code, and slip and timeline tell when it was filed there (R-36, R-40).",
        _without_filing,
    ),
    Difference(
        "a receipt has a place for the decision that shortened its term",
        "Form 01 names the decision of the province by which a term is shorter than the law's (R-133); "
        "no list speaks in these lives, so the place is empty.",
        _without_shortened,
    ),
    Difference(
        "an early return tells its notice",
        "A result could be given back before its promise without a notice that is kept (R-79); now the "
        "return keeps one, and the timeline says it.",
        _without_notices,
    ),
    Difference(
        "without a result nothing is submitted",
        "A dossier without any result was sent for approving it, approved and brought home; now the "
        "giving is refused, and says what to do.",
        parts=_is_submitted_without_result,
    ),
    Difference(
        "sending back says why",
        "What a leader gave back came without a word; now the note is asked for.",
        parts=_is_sent_back_without_a_word,
    ),
    Difference(
        "taking back an act keeps what was recalled since",
        "Given, papers completed, the giving recalled, the completion taken back: all columns were "
        "put back as they stood before the completion, so the dossier lay at the counter again "
        "without its time for passing on (R-39). Now only what the act itself wrote is put back, "
        "and the recall's time stays.",
        parts=_lost_what_was_recalled,
    ),
    Difference(
        "taking back an act keeps what was told since",
        "Asked for papers, told as late by the scheduler, the request taken back: the flags were "
        "put back as they stood before the request, so the same lateness was told twice. Now they "
        "are the act's only where it wrote them: once a dossier, promise and level.",
        parts=_lost_what_was_told,
    ),
)


def aside(step: Facts) -> Facts:
    for difference in NAMED:
        step = difference.aside(step)
    return step


def parts(life: list[Facts]) -> bool:
    """Whether what is named makes another life of it from its newest step on."""
    return any(difference.parts(life) for difference in NAMED)
