from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "procedures"
    label = "procedures"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Thủ tục hành chính"

    def ready(self) -> None:
        from onestop.accounts.hooks import KINDS
        from onestop.files.domain import spare
        from onestop.guards import protect
        from procedures import kept, messages, shell  # noqa: F401
        from procedures.domain import editions, uploading
        from procedures.models import (
            CatalogueAct,
            FocalPoint,
            ProcedureTexts,
            ProcedureVersion,
            Unpublished,
            VersionSource,
        )
        from procedures.models.catalogue import PUBLICATION_FIELDS
        from procedures.models.focal_points import END_COLUMNS
        from procedures.models.unpublished import MOVED_COLUMNS

        protect(ProcedureVersion, allow_columns=tuple(sorted(PUBLICATION_FIELDS)))
        protect(VersionSource)
        protect(CatalogueAct)
        protect(ProcedureTexts, allow_columns=("replaced_at",))
        protect(FocalPoint, allow_columns=END_COLUMNS)
        protect(Unpublished, allow_columns=MOVED_COLUMNS)
        KINDS.update(
            procedure="Thủ tục",
            catalogue="Nhập danh mục",
            list_decision="Quyết định công bố danh mục",
            internal_process="Quy trình nội bộ",
            notice_edition="Bản in niêm yết",
        )
        spare(uploading.FOLDER, uploading.needed)
        spare(editions.FOLDER, editions.needed)
        shell.connect()
        kept.keep_all()
