"""A state that is none of the national ten: a reception that was voided."""

from django.db import migrations, models
from django.db.models import Q

from onestop.fields import ConstraintsReplaced

STATES = [
    (1, "Mới đăng ký"), (2, "Được tiếp nhận"), (3, "Không được tiếp nhận"), (4, "Đang xử lý"),
    (5, "Yêu cầu bổ sung giấy tờ"), (6, "Yêu cầu thực hiện nghĩa vụ tài chính"),
    (7, "Công dân yêu cầu rút hồ sơ"), (8, "Dừng xử lý"), (9, "Đã xử lý xong"),
    (10, "Đã trả kết quả"), (11, "Đã hủy tiếp nhận"),
]  # fmt: skip


def constraints(last: int) -> list[models.CheckConstraint]:
    """As the model says them where its highest state is this one."""
    ended = list(range(7, last + 1))
    return [
        models.CheckConstraint(
            condition=Q(state__in=list(range(1, last + 1))), name="dossier_state_known"
        ),
        models.CheckConstraint(
            condition=Q(state__in=ended, ended_at__isnull=False)
            | Q(ended_at__isnull=True) & ~Q(state__in=ended),
            name="dossier_ended_has_instant",
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0025_voided")]

    operations = [
        migrations.AlterField(
            model_name="dossier",
            name="state",
            field=models.PositiveSmallIntegerField(choices=STATES, verbose_name="trạng thái"),
        ),
        ConstraintsReplaced("dossier", before=constraints(10), after=constraints(11)),
    ]
