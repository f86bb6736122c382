"""Reading the national catalogue's records: plain functions from messy text to what can be relied
on, never a guess.

Everything here is pure; `procedures.domain.importing` writes what is read.
"""

from procedures.reading.fees import FeeReading, read_fee
from procedures.reading.records import (
    CaseRecord,
    MethodRecord,
    PaperRecord,
    ProcedureRecord,
    Rejected,
    read_record,
)
from procedures.reading.terms import Proposal, TermReading, read_term

__all__ = [
    "CaseRecord",
    "FeeReading",
    "MethodRecord",
    "PaperRecord",
    "ProcedureRecord",
    "Proposal",
    "Rejected",
    "TermReading",
    "read_fee",
    "read_record",
    "read_term",
]
