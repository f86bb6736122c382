"""What the applicant reads of a result that goes by post (R-120, R-121): no more than what is so."""

from typing import Any

import pytest
from django.test import Client

from dossiers.acts import post_out
from dossiers.acts.many import Seen
from dossiers.acts.post_out import Trying
from dossiers.intake.secrets import lookup_url
from dossiers.models.post import PostalTry
from tests.dossiers.post.office import fresh, make_counter
from tests.world import vn

pytestmark = pytest.mark.django_db
FAILED, INVITED = PostalTry.Kind


def test_each_step_of_a_letter_is_told_as_it_is(client: Client) -> None:
    counter = make_counter()
    dossier = counter.ready()

    def said() -> str:
        return " ".join(client.get(lookup_url(fresh(dossier))).content.decode().split())

    def at(day: str) -> dict[str, Any]:
        now = vn(f"{day}/2026 16:00")
        return {"by": counter.office.desk(counter.postman, now), "at": now}

    def attempt(kind: int, day: str) -> None:
        now = at(day)
        post_out.try_again(Seen(dossier.pk), Trying(kind, now["at"].date(), "Vắng"), **now)

    assert "Kết quả sẽ được gửi qua dịch vụ bưu chính công ích" in said()
    counter.give(dossier, numbers=["EB1"])
    page = said()
    assert "đã giao bưu chính" in page
    assert "phiếu gửi EB1." in page
    attempt(FAILED, "25/11")
    assert "phát chưa thành" in said()
    attempt(INVITED, "25/11")
    attempt(INVITED, "27/11")
    post_out.bring_back(Seen(dossier.pk), **at("01/12"))
    page = said()
    assert "Bưu chính không phát được nên kết quả đã về Bộ phận Một cửa" in page
    assert "Mang theo: Giấy tiếp nhận" in page
    counter.give(dossier, numbers=["EB2"], at=vn("02/12/2026 09:00"))
    post_out.deliver(Seen(dossier.pk), "Nguyễn Văn Ân", **at("03/12"))
    page = said()
    assert "Kết quả đã được trả" in page
    assert "giao bưu chính" not in page
