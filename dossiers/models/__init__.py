"""Rows of the dossiers app. One module a subject; import from here what several acts share, and from
its own module what belongs to one act. Every module here is found without being named.
"""

from importlib import import_module
from pkgutil import iter_modules

from dossiers.models.acts import (
    ClockChange,
    ClockKind,
    CounterVisit,
    Ending,
    Result,
    Return,
    Supplement,
    is_draft,
    words_of,
)
from dossiers.models.counters import (
    CodeCounter,
    Draft,
    OfficeDecision,
    OfficeSettings,
    RegisterCounter,
    SlipCounter,
)
from dossiers.models.dossier import Dossier, DossierPaper, NameKey, Submitter
from dossiers.models.event import AgencyDigest, Event, WordsBefore
from dossiers.models.handover import Batch, HandOver
from dossiers.models.importing import DossierImport, SourceRecord
from dossiers.models.online import (
    AnsweredRound,
    OnlineFiling,
    OnlineList,
    OnlineOrigin,
    OnlineSource,
)
from dossiers.models.partners import PartnerCounter, PartnerOffice, PartnerOfficer
from dossiers.models.slip import Slip, SlipPrint
from dossiers.models.span import Span

__all__ = [
    "AgencyDigest",
    "AnsweredRound",
    "Batch",
    "ClockChange",
    "ClockKind",
    "CodeCounter",
    "CounterVisit",
    "Dossier",
    "DossierImport",
    "DossierPaper",
    "Draft",
    "Ending",
    "Event",
    "HandOver",
    "NameKey",
    "OfficeDecision",
    "OfficeSettings",
    "OnlineFiling",
    "OnlineList",
    "OnlineOrigin",
    "OnlineSource",
    "PartnerCounter",
    "PartnerOffice",
    "PartnerOfficer",
    "RegisterCounter",
    "Result",
    "Return",
    "Slip",
    "SlipCounter",
    "SlipPrint",
    "SourceRecord",
    "Span",
    "Submitter",
    "Supplement",
    "WordsBefore",
    "is_draft",
    "words_of",
]

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
