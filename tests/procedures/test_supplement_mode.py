"""What completion does to the term: chosen by the controller when a version is confirmed, changed
later by an act with its basis.
"""

from datetime import timedelta

import pytest

from dossiers.acts import supplements
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from onestop.errors import DomainError
from procedures.domain.confirming import Readings, confirm_terms, set_supplement_mode
from procedures.models import ActKind, CatalogueAct, Method, ProcedureVersion, SupplementMode
from tests.procedures.conftest import method, record, run, version_of
from tests.world import MONDAY, Office, make_case, make_office, receive, vn


def waiting() -> tuple[ProcedureVersion, dict[int, str]]:
    run(record(methods=[method("direct", "1")]))
    version = version_of()
    return version, dict.fromkeys(
        Method.objects.filter(case__version=version).values_list("id", flat=True), "5 ngày làm việc"
    )


def test_the_controller_chooses_when_confirming_and_a_pause_wants_its_basis(controller) -> None:
    version, terms = waiting()
    pause = Readings(terms, mode=SupplementMode.PAUSE)
    with pytest.raises(DomainError, match="mode_basis"):
        confirm_terms(version.pk, readings=pause, by=controller, at=MONDAY)
    confirm_terms(version.pk, readings=pause, by=controller, at=MONDAY, note="Điều 9 Luật Đất đai")
    assert version_of().supplement_mode == SupplementMode.PAUSE
    act = CatalogueAct.objects.get()
    assert (act.kind, act.content["mode"], act.note) == (ActKind.TERMS, 2, "Điều 9 Luật Đất đai")


def test_left_alone_it_restarts(controller) -> None:
    version, terms = waiting()
    confirm_terms(version.pk, readings=Readings(terms), by=controller, at=MONDAY)
    assert version_of().supplement_mode == SupplementMode.RESTART


def test_a_published_version_changes_by_an_act_with_its_basis(controller) -> None:
    version = make_case().version
    with pytest.raises(DomainError, match="mode_basis"):
        set_supplement_mode(
            version.pk, mode=SupplementMode.PAUSE, basis=" ", by=controller, at=MONDAY
        )
    with pytest.raises(DomainError, match="same_mode"):
        set_supplement_mode(
            version.pk, mode=SupplementMode.RESTART, basis="Điều 1", by=controller, at=MONDAY
        )
    set_supplement_mode(
        version.pk, mode=SupplementMode.PAUSE, basis="Điều 9 Luật Đất đai", by=controller, at=MONDAY
    )
    assert ProcedureVersion.objects.get(pk=version.pk).supplement_mode == SupplementMode.PAUSE
    act = CatalogueAct.objects.get()
    assert (act.kind, act.by, act.content, act.note) == (
        ActKind.SUPPLEMENT,
        controller,
        {"before": 1, "after": 2},
        "Điều 9 Luật Đất đai",
    )


def test_what_waits_for_its_term_is_not_changed_that_way(controller) -> None:
    version, _ = waiting()
    with pytest.raises(DomainError, match="not_ready"):
        set_supplement_mode(
            version.pk, mode=SupplementMode.PAUSE, basis="Điều 9", by=controller, at=MONDAY
        )


def test_the_next_version_of_a_procedure_keeps_what_was_set(controller) -> None:
    run(record())
    set_supplement_mode(
        version_of().pk, mode=SupplementMode.PAUSE, basis="Điều 9", by=controller, at=MONDAY
    )
    run(record(name="Tên mới"), at=MONDAY + timedelta(days=2))
    assert version_of(number=2).supplement_mode == SupplementMode.PAUSE


def test_the_mode_is_read_when_the_request_is_issued_and_kept_with_it(controller) -> None:
    office: Office = make_office()
    first, second = (receive(office, make_case("7 ngày làm việc")) for _ in range(2))
    clerk, asked, back = office.desk(office.clerk), vn("25/11/2026 09:00"), vn("27/11/2026 09:00")
    proposal = supplements.propose(
        Seen(second.pk), items=declared("A"), reason="Thiếu", by=clerk, at=asked
    )
    out = supplements.ask(Seen(first.pk), items=declared("A"), reason="Thiếu", by=clerk, at=asked)
    for dossier in (first, second):
        set_supplement_mode(
            dossier.version_id, mode=SupplementMode.PAUSE, basis="Điều 9", by=controller, at=asked
        )
    later = supplements.ask(
        Seen(second.pk), items=declared("A"), reason="Thiếu", by=clerk, at=asked, proposal=proposal
    )
    assert (out.mode, later.mode) == ("restart", "pause")
    dates = [
        supplements.complete(Seen(dossier.pk), by=clerk, at=back).due_at
        for dossier in (first, second)
    ]
    assert dates == [
        vn("08/12/2026 17:00"),
        vn("07/12/2026 17:00"),
    ]  # seven working days anew; two days further on


def test_the_pages_of_the_controller(controller, signed_in) -> None:
    client, (version, _) = signed_in(controller), waiting()
    address = f"/thu-tuc/quan-ly/{version.pk}/"
    page = client.get(address).content.decode()
    assert "tính lại từ đầu khi nhận đủ" in page
    assert "tạm dừng trong lúc chờ" in page
    key = next(
        name.removeprefix("term_")
        for name in client.get(address).context["form"].fields
        if name.startswith("term_")
    )
    data = {f"term_{key}": "khac", f"other_{key}": "5 ngày làm việc", "mode": "2"}
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["note"]
    assert client.post(address, data | {"note": "Điều 9"}).status_code == 302
    history = f"/thu-tuc/quan-ly/{version.code}/"
    assert "Tạm dừng trong thời gian chờ bổ sung" in client.get(history).content.decode()
    for data, field in (
        ({"mode": "1"}, "basis"),
        ({"basis": "Điều 1"}, "mode"),
        ({"mode": "2", "basis": "Điều 1"}, "mode"),
    ):
        refused = client.post(f"{history}bo-sung/", {"version": str(version.pk)} | data)
        assert (refused.status_code, list(refused.context["mode_form"].errors)) == (422, [field])
    strange = client.post(
        f"{history}bo-sung/",
        {"version": str(make_case().version.pk), "mode": "1", "basis": "Điều 1"},
    )
    assert list(strange.context["mode_form"].errors) == ["version"]
    client.post(
        f"{history}bo-sung/",
        {"version": str(version.pk), "mode": "1", "basis": "Nghị định 118/2025/NĐ-CP"},
    )
    assert version_of().supplement_mode == SupplementMode.RESTART
    page = client.get(history).content.decode()
    assert "Đổi cách tính thời hạn khi bổ sung (phiên bản 1) – Nghị định 118/2025/NĐ-CP" in page
