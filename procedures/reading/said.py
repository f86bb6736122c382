"""What a controller said of single lines stands instead of what was read of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onestop.folding import fold
from procedures.asked_of import AskedOf
from procedures.reading import condition_words as words
from procedures.reading.conditions import Asks, Line, Published, Question, Reading, Way

_LINES = {
    AskedOf.EVERYBODY: Line(),
    AskedOf.IF_ANY: Line(is_optional=True),
    AskedOf.ONLINE: Line(way=Way.ONLINE),
    AskedOf.ON_PAPER: Line(way=Way.ON_PAPER),
    AskedOf.HEADING: Line(is_heading=True),
}
When = tuple[tuple[int, int], ...]


def as_said(reading: Reading, published: Sequence[Published]) -> Reading:
    """A situation that a question asks for already is that answer; the others are one question more.
    A question that no paper hangs on any longer is not asked.
    """
    if not any(one.said for one in published):
        return reading
    known = _answers(reading.questions)
    told = [one.situation for one in published if one.said == AskedOf.SITUATION]
    new = list({fold(text): text for text in told if fold(text) not in known}.values())
    number = len(reading.questions)
    known |= {fold(text): ((number, answer),) for answer, text in enumerate(new)}
    lines = [_line(one, line, known) for one, line in zip(published, reading.lines, strict=True)]
    return _without_idle(Reading(tuple(lines), (*reading.questions, *_asked(new)), reading.unread))


def _answers(questions: Sequence[Question]) -> dict[str, When]:
    """What must hold for each answer, by its words."""
    return {
        fold(text): (*((one.when,) if one.when else ()), (number, answer))
        for number, one in enumerate(questions)
        for answer, text in enumerate(one.answers)
    }


def _asked(new: Sequence[str]) -> list[Question]:
    if not new:
        return []
    several = len(new) > 1
    asks = Asks.WHICH if several else Asks.WHETHER
    return [Question(asks, tuple(new), several and words.are_exclusive(new))]


def _line(one: Published, read: Line, known: dict[str, When]) -> Line:
    if one.said == AskedOf.SITUATION:
        return Line(when=known[fold(one.situation)])
    return _LINES[AskedOf(one.said)] if one.said else read


def _without_idle(reading: Reading) -> Reading:
    """Questions by their new numbers."""
    used = {number for line in reading.lines for number, _ in line.when}
    used |= {when[0] for number in used if (when := reading.questions[number].when)}
    place = {number: n for n, number in enumerate(sorted(used))}
    questions = tuple(
        replace(one, when=(place[one.when[0]], one.when[1]) if one.when else None)
        for number, one in enumerate(reading.questions)
        if number in used
    )
    lines = tuple(
        replace(line, when=tuple((place[number], answer) for number, answer in line.when))
        for line in reading.lines
    )
    return Reading(lines, questions, reading.unread)
