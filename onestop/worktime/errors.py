"""What the engine refuses, each with a sentence people can read."""


class TermError(ValueError):
    """A term that cannot be read or cannot be a term; the text says what to write instead."""


class InstantError(ValueError):
    """A date and time that cannot be read, or one without a time zone."""


class ChangeError(ValueError):
    """A pause, restart or extension that contradicts itself."""


class CalendarMissing(LookupError):
    """The calendar has no row at all for a year that the computation needs (`year`)."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Chưa có lịch làm việc năm {year}, nên chưa xác định được ngày hẹn trả. "
            f"Quản trị viên cần nhập ngày nghỉ năm {year} vào lịch làm việc."
        )
        self.year = year
