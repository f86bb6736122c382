"""What is kept, what is refused and with which words."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from onestop.errors import DomainError, sentence
from onestop.files import domain
from onestop.files.models import Attachment
from onestop.files.responses import serve
from onestop.stores import walk
from tests.files.conftest import archive
from tests.stored import store

pytestmark = pytest.mark.django_db


def keep(content: bytes, name: str = "đơn đề nghị.pdf", object_id: int = 7) -> Attachment:
    return store(content, name=name, kind="dossier", object_id=object_id, by=None)


def put(path: str, content: bytes) -> None:
    """These bytes and no others lie there from now on."""
    default_storage.delete(path)
    assert default_storage.save(path, ContentFile(content)) == path


def bytes_of(attachment: Attachment) -> bytes:
    with domain.open_attachment(attachment) as content:
        return content.read()


def refusal(content: bytes, name: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        keep(content, name)
    assert caught.value.field == "files"
    assert sentence(caught.value)
    assert not Attachment.objects.exists()
    return caught.value


@pytest.mark.parametrize("extension", ["pdf", "jpg", "jpeg", "png", "tif", "docx", "xlsx", "odt"])
def test_each_taken_kind_is_kept_whatever_the_case_of_its_name(samples, extension):
    attachment = keep(samples[extension], f"Bản quét.{extension.upper()}")
    assert bytes_of(attachment) == samples[extension]
    assert attachment.size == len(samples[extension])


def test_an_upload_in_chunks_is_the_same_as_its_bytes(samples):
    upload = SimpleUploadedFile("a.pdf", samples["pdf"], content_type="text/html")
    attachment = store(upload, name=upload.name or "", kind="draft", object_id=1, by=None)
    assert attachment.content_type == "application/pdf"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "file_empty"),
        (b"just words", "a.txt", "file_kind"),
        (b"just words", "a", "file_kind"),
        (b"just words", "a.pdf", "file_not_what"),
        (b"<html><script>alert(1)</script>", "a.png", "file_not_what"),
        (b"MZ\x90\x00\x03", "a.docx", "file_not_what"),
        (b"\x89PNG\r\n\x1a\n only the first bytes", "a.png", "file_not_what"),
        (archive(hello="x"), "a.docx", "file_not_what"),
        (archive(word__document_xml="<w/>"), "a.pdf", "file_not_what"),
        (archive(word__document_xml="<w/>", word__vbaProject_bin="x"), "a.docx", "file_macros"),
        (archive(word__document_xml="<w/>")[:40], "a.docx", "file_not_what"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(content, name, code):
    assert refusal(content, name).code == code


def test_a_picture_under_another_pictures_name_is_refused(samples):
    assert refusal(samples["png"], "a.jpg").data["said"] == "ảnh JPEG"


def test_the_size_limit_is_told_in_megabytes(settings, samples):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    error = refusal(samples["pdf"] + b" " * 1024 * 1024, "to.pdf")
    assert "lớn hơn 1 MB" in sentence(error)


def test_identical_content_is_kept_once(samples):
    first, second = keep(samples["pdf"]), keep(samples["pdf"], "bản khác.pdf", object_id=8)
    assert first.path == second.path
    assert len(list(walk(default_storage))) == 1


def test_the_name_loses_folders_and_control_characters_and_keeps_its_extension():
    assert domain.clean_name("C:\\quét\\..\\đơn\x00.pdf") == "đơn.pdf"
    long = domain.clean_name("x" * 300 + ".pdf")
    assert len(long) == 200
    assert long.endswith(".pdf")


def test_a_changed_file_is_detected(samples):
    attachment = keep(samples["pdf"])
    put(attachment.path, samples["pdf"] + b"!")
    with pytest.raises(DomainError, match="file_changed"):
        domain.open_attachment(attachment)
    assert list(domain.damaged(Attachment.objects.all())) == [(attachment, "file_changed")]


def test_a_lost_file_is_a_sentence_not_a_crash(samples):
    attachment = keep(samples["pdf"])
    default_storage.delete(attachment.path)
    with pytest.raises(DomainError, match="file_missing"):
        domain.open_attachment(attachment)


def test_a_half_written_content_of_a_crash_is_written_anew(samples):
    path = keep(samples["pdf"]).path
    Attachment.objects.all().delete()
    put(path, b"%PDF")
    assert bytes_of(keep(samples["pdf"])) == samples["pdf"]


def test_the_sweep_takes_old_contents_without_rows_and_nothing_else(samples, monkeypatch):
    kept, dropped, young = (
        keep(samples["pdf"]),
        keep(samples["png"], "a.png"),
        keep(samples["jpg"], "a.jpg"),
    )
    Attachment.objects.exclude(pk=kept.pk).delete()
    later = timezone.now() + timedelta(hours=25)
    now = timezone.now()
    written = {kept.path: now, dropped.path: now, young.path: later}
    # Each store stamps files by a clock of its own.
    monkeypatch.setattr(
        domain, "walk", lambda _: (f._replace(modified=written[f.path]) for f in walk(_))
    )
    assert domain.sweep_orphans(later) == 1
    assert not default_storage.exists(dropped.path)
    assert default_storage.exists(kept.path)
    assert default_storage.exists(young.path)


def test_only_the_drafts_own_files_are_adopted(samples):
    mine, others = keep(samples["pdf"], object_id=1), keep(samples["png"], "a.png", object_id=2)
    assert (
        domain.adopt(
            [mine.pk, others.pk], from_kind="dossier", from_id=1, kind="dossier", object_id=99
        )
        == 1
    )
    assert [a.pk for a in Attachment.objects.of("dossier", 99)] == [mine.pk]


def test_a_file_is_handed_out_for_saving_and_runs_nothing(samples):
    response = serve(keep(samples["docx"], "đơn.docx"), inline=True)
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == samples["docx"]
    response.close()


def test_a_pdf_may_be_looked_at_in_the_browser(samples):
    response = serve(keep(samples["pdf"], "giay.pdf"), inline=True)
    assert response["Content-Disposition"] == 'inline; filename="giay.pdf"'
    response.close()
