"""The short questions before the checklist: which situation of a published list is the applicant's.
The papers of the other situations are not asked for.

`h<n>` is the answer to question n (from 0): numbers of its answers from 1, or 0 for none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossiers.intake.online import CHANNELS
from procedures.channels import Channel
from procedures.conditions import conditions_of
from procedures.reading.conditions import Asks, Line, Question, Way

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from procedures.models import Case

NONE = "0"
EVERYTHING = "h-tat-ca"
KEYS = 9


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered: chosen answers by question (none chosen: "no", or none of them).
    `everything`: the clerk wants to see all lines, whosever they are.
    """

    chosen: Mapping[int, frozenset[int]]
    channel: int = Channel.DIRECT
    everything: bool = False

    def holds(self, line: Line) -> bool:
        """Whether the answers make a paper the applicant's."""
        way = Way.ONLINE if self.channel in CHANNELS else Way.ON_PAPER
        return line.way in (Way.ANY, way) and all(
            answer in self.chosen.get(question, ()) for question, answer in line.when
        )

    def is_open(self, line: Line) -> bool:
        """Whether a paper hangs on a question that nobody has answered."""
        return any(question not in self.chosen for question, _ in line.when)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on the page: its value, its words, the key that chooses it."""

    value: str
    words: str
    checked: bool

    @property
    def key(self) -> str:
        return self.value if len(self.value) == 1 else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the page."""

    number: int
    question: Question
    options: tuple[Option, ...]
    is_hidden: bool

    @property
    def name(self) -> str:
        return f"h{self.number}"

    @property
    def words(self) -> str:
        return _WORDS[self.question.asks]

    @property
    def about(self) -> str:
        """The situation that a question of yes and no is about."""
        return self.question.answers[0] if self.question.asks == Asks.WHETHER else ""

    @property
    def kind(self) -> str:
        one = self.question.is_exclusive or self.question.asks != Asks.WHICH
        return "radio" if one else "checkbox"

    @property
    def is_about_authority(self) -> bool:
        return self.question.asks == Asks.AUTHORISED

    @property
    def depends(self) -> str:
        return f"{self.question.when[0]}.{self.question.when[1] + 1}" if self.question.when else ""


_WORDS = {
    Asks.WHICH: "Hồ sơ thuộc trường hợp nào?",
    Asks.WHETHER: "Có thuộc trường hợp này không?",
    Asks.AUTHORISED: "Ủy quyền cho người khác làm thủ tục?",
}


def read_answers(case: Case, data: MultiValueDict[str, str], channel: int) -> Answers:
    """The answers as sent; what is no answer of this list counts as not given."""
    chosen: dict[int, frozenset[int]] = {}
    for number, question in enumerate(conditions_of(case).questions):
        sent = set(data.getlist(f"h{number}"))
        values = {str(n + 1): n for n in range(len(question.answers))}
        picked = frozenset(values[text] for text in sent & values.keys())
        if question.is_exclusive:
            picked = frozenset(sorted(picked)[:1])
        # Who brings it for the owner answers by being named.
        if question.asks == Asks.AUTHORISED and not sent and data.get("submitter_name"):
            picked = frozenset({0})
        if picked or NONE in sent:
            chosen[number] = picked
    return Answers(_followed(case, chosen), channel, bool(data.get(EVERYTHING)))


def _followed(case: Case, chosen: dict[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """Without answers to questions that do not arise."""
    questions = conditions_of(case).questions
    return {
        number: picked
        for number, picked in chosen.items()
        if (when := questions[number].when) is None or when[1] in chosen.get(when[0], ())
    }


def questions_of(case: Case, answers: Answers) -> list[Asked]:
    """The questions as the page draws them."""
    return [
        Asked(number, question, _options(number, question, answers), _is_hidden(question, answers))
        for number, question in enumerate(conditions_of(case).questions)
    ]


def _options(number: int, question: Question, answers: Answers) -> tuple[Option, ...]:
    picked = answers.chosen.get(number)
    none = Option(NONE, "Không", picked is not None and not picked)
    if question.asks != Asks.WHICH:
        return Option("1", "Có", bool(picked)), none
    several = (
        Option(str(n + 1), words, n in (picked or ())) for n, words in enumerate(question.answers)
    )
    return *several, Option(NONE, "Không thuộc trường hợp nào ở trên", none.checked)


def _is_hidden(question: Question, answers: Answers) -> bool:
    return question.when is not None and question.when[1] not in answers.chosen.get(
        question.when[0], ()
    )
