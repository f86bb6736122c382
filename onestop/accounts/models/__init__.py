from onestop.accounts.models.access import AccessEvent, AccessKind
from onestop.accounts.models.agencies import Agency, AgencyKind, Department, DepartmentKind, Level
from onestop.accounts.models.calendar import (
    CalendarDay,
    CalendarStamp,
    CalendarYear,
    Confidence,
    DayKind,
    WorkingWeek,
)
from onestop.accounts.models.factors import Factor, FactorReset, RecoveryCode
from onestop.accounts.models.officers import (
    Officer,
    PasswordRecord,
    Role,
    RoleGrant,
    Substitution,
    UsualAddress,
)
from onestop.accounts.models.sessions import OfficerSession
from onestop.accounts.models.succession import Takeover

__all__ = [
    "AccessEvent",
    "AccessKind",
    "Agency",
    "AgencyKind",
    "CalendarDay",
    "CalendarStamp",
    "CalendarYear",
    "Confidence",
    "DayKind",
    "Department",
    "DepartmentKind",
    "Factor",
    "FactorReset",
    "Level",
    "Officer",
    "OfficerSession",
    "PasswordRecord",
    "RecoveryCode",
    "Role",
    "RoleGrant",
    "Substitution",
    "Takeover",
    "UsualAddress",
    "WorkingWeek",
]
