"""The rows of accounts whose every change is noted (onestop.changes)."""

from onestop.accounts.models import (
    Agency,
    CalendarDay,
    CalendarYear,
    Department,
    Officer,
    RoleGrant,
    Substitution,
    Takeover,
    WorkingWeek,
)
from onestop.changes.domain import keep

SIGNING_IN = "changes with every signing in; the access log tells it"


def keep_all() -> None:
    keep(RoleGrant, "vai trò được giao")
    keep(Substitution, "phân công thay thế")
    keep(
        Agency,
        "cơ quan",
        open_text=(
            "code",
            "name",
            "short_name",
            "path",
            "dossier_code",
            "address",
            "province_name",
        ),
        aside={
            "has_succession": "follows from who succeeds whom",
            "has_lists": "follows from what was published",
        },
    )
    keep(Takeover, "cơ quan tiếp nối")
    keep(Department, "phòng ban", open_text=("name",))
    keep(
        Officer,
        "tài khoản",
        open_text=("username",),
        aside={
            "password": "a secret; PasswordRecord keeps every hash it had",
            "must_change_password": SIGNING_IN,
            "last_login": SIGNING_IN,
            "last_seen_at": SIGNING_IN,
            "failed_count": SIGNING_IN,
            "lock_count": SIGNING_IN,
            "locked_at": SIGNING_IN,
            "locked_until": SIGNING_IN,
            "password_changed_at": SIGNING_IN,
            "desk_token": "tells caches to read anew",
            "preferences": "how the own screen looks",
            "has_factor": "the access log tells each factor that came and went",
        },
    )
    keep(WorkingWeek, "tuần làm việc", open_text=("sessions", "reception_only", "source"))
    keep(CalendarDay, "ngày đặc biệt", open_text=("sessions", "name", "source"))
    keep(CalendarYear, "năm", open_text=("source",))
