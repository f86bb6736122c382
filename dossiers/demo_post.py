"""What the demo shows of the public post: a letter in each state, a result that waits for one, dossiers that
the post brought.
"""

from __future__ import annotations

from dossiers.acts import endings, post_in, post_out
from dossiers.acts.many import Seen
from dossiers.acts.post_in import Line
from dossiers.acts.post_out import Letter, Postman, Trying
from dossiers.demo_day import BIRTH, MARITAL, RECOGNITION, Day
from dossiers.models import Dossier
from dossiers.models.collecting import ResultNotice
from dossiers.models.post import PostalTry
from onestop.worktime import local
from procedures.domain.posted import BY_POST
from procedures.models import ProcedureVersion

OFFICE, POSTMAN = "Bưu điện Tam Thanh", "Lý Văn Thư"
FARE = 26_500
TAKING_OVER = Postman(OFFICE, POSTMAN, told=ResultNotice.Way.CALL)


def go_by_post(day: Day) -> None:
    """In the last weeks of the first commune, in the order of time: results given, delivered, tried in
    vain, brought back, on their way; one waits. What the post brought was signed, or waits to be.
    """
    delivered, failed, back, moving, _ = (_ready(day) for _ in range(5))
    _give(day, 11, delivered, failed, back)
    _try(day, back, PostalTry.Kind.FAILED, 10, "Đi làm xa, không có người nhận thay")
    at = day.ago(9, 10)
    post_out.deliver(Seen(delivered.pk), delivered.owner_name, by=day.desk("tiepnhan", at), at=at)
    _try(day, back, PostalTry.Kind.INVITED, 9, "Gửi giấy mời đến bưu cục")
    _try(day, back, PostalTry.Kind.INVITED, 6, "Gọi điện, không liên lạc được")
    _try(day, failed, PostalTry.Kind.FAILED, 4, "Vắng nhà, hẹn phát lại")
    at = day.ago(2, 9)
    post_out.bring_back(Seen(back.pk), by=day.desk("tiepnhan", at), at=at)
    _give(day, 1, moving)
    _bring(day)


def _ready(day: Day) -> Dossier:
    """Its result lies at the counter and is to go by post."""
    dossier = day.receive(MARITAL, day.ago(14, 8, 40), return_by_post=True)
    day.number += 1
    at = day.ago(12, 9)
    signed = endings.ResultIn(
        title="Giấy xác nhận tình trạng hôn nhân",
        number=f"{day.number}/UBND-XNTTHN",
        issued_on=local(at).date(),
        signer=day.officers["lanhdao"].full_name,
    )
    endings.record_result(Seen(dossier.pk), signed, by=day.desk("tiepnhan", at), at=at)
    at = day.ago(12, 14)
    note = "Văn phòng đã ký, đóng dấu"
    return endings.finish(Seen(dossier.pk), by=day.desk("tiepnhan", at), at=at, note=note)


def _give(day: Day, days: int, *dossiers: Dossier) -> None:
    at = day.ago(days, 15)
    letters = [Letter(Seen(one.pk), f"EB{one.pk:09d}VN", FARE) for one in dossiers]
    by = day.desk("tiepnhan", at)
    _, done = post_out.give(day.agency, letters, TAKING_OVER, by=by, at=at)
    if error := next((one.error for one in done if one.error), None):
        raise error


def _try(day: Day, dossier: Dossier, kind: int, days: int, note: str) -> None:
    at = day.ago(days, 16)
    said = Trying(kind, local(at).date(), note)
    post_out.try_again(Seen(dossier.pk), said, by=day.desk("tiepnhan", at), at=at)


def _bring(day: Day) -> None:
    """Yesterday's minutes are signed, one line lacks a paper; the ones after it are not signed yet."""
    at, later = day.ago(1, 9), day.ago(1, 16)
    by_post = ProcedureVersion.objects.in_force(local(at).date()).filter(BY_POST)
    wanted = by_post.filter(procedure__code__in=(MARITAL, BIRTH, RECOGNITION))
    known = sorted(wanted.values_list("procedure__code", flat=True)) or sorted(
        by_post.values_list("procedure__code", flat=True)[:1]
    )
    code, by = known[0], day.desk("tiepnhan", at)
    lines = [
        Line("EC000000117VN", "Hoàng Thị Nhung", code, "0912345601", "Tờ khai, bản sao căn cước"),
        Line("EC000000125VN", "Nông Văn Hiệu", code, "0912345602", "Tờ khai", "Thiếu bản sao căn cước"),
    ]  # fmt: skip
    note = post_in.prepare(day.agency, lines, TAKING_OVER, by=by, at=at)
    post_in.sign(note.pk, by=by, at=at)
    more = [Line("EC000000134VN", "Vi Thị Lan", code, "0912345603", "Tờ khai")]
    post_in.prepare(day.agency, more, TAKING_OVER, by=day.desk("tiepnhan", later), at=later)
