"""Whose papers a published list names: many lists put the papers of several situations under each
other ("Trường hợp …", "Đối với … bao gồm:", "Nếu …"). Pure; in: the lines as published, out: which
lines are only headings, the questions whose answers decide, and which answer each paper hangs on.

What the words do not say plainly is left as it was: such a line is asked of everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from procedures.reading import condition_words as words


class Way(StrEnum):
    """Of whom a paper is asked by the way a dossier is handed in."""

    ANY = ""
    ONLINE = "online"
    ON_PAPER = "paper"


class Asks(StrEnum):
    """What a question is about; the page words it."""

    WHICH = "which"
    WHETHER = "whether"
    AUTHORISED = "authorised"


@dataclass(frozen=True, slots=True)
class Published:
    """A line of the list as published. `said`, `situation`: what a controller says of it (said.py)."""

    name: str
    group: str = ""
    counted: bool = True
    is_note: bool = False
    said: str = ""
    situation: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the applicant. `when`: the answer of another question that it follows from."""

    asks: Asks
    answers: tuple[str, ...]
    is_exclusive: bool = False
    when: tuple[int, int] | None = None

    @property
    def is_needed(self) -> bool:
        """Whether nothing can be checked before it is answered."""
        return self.asks == Asks.WHICH and self.when is None


@dataclass(frozen=True, slots=True)
class Line:
    """A line as read. `when`: pairs of question and answer (both from 0), all of which must hold."""

    is_heading: bool = False
    when: tuple[tuple[int, int], ...] = ()
    way: Way = Way.ANY
    is_optional: bool = False
    is_alternative: bool = False

    @property
    def is_conditional(self) -> bool:
        """Whether not everybody brings it: it starts uncounted and is not missed."""
        return self.is_optional or self.is_alternative or self.way != Way.ANY


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole list. `unread`: titles of groups that may be situations, but do not say so plainly."""

    lines: tuple[Line, ...]
    questions: tuple[Question, ...] = ()
    unread: tuple[str, ...] = ()


def read_conditions(published: Sequence[Published]) -> Reading:
    """In: the lines of one list in its order. Out: one Line for each, with the questions."""
    lines = [_by_itself(one) for one in published]
    titles = _titles(published, lines)
    kinds = {title: words.kind_of(title) for title in dict.fromkeys(titles)}
    groups = [
        title
        for title in kinds
        if any(
            t == title and not one.is_note and not line.is_heading
            for t, one, line in zip(titles, published, lines, strict=True)
        )
    ]
    found = list(_of_groups(groups, kinds))
    lines = [
        _in_group(line, title, kinds[title], found)
        for line, title in zip(lines, titles, strict=True)
    ]
    questions = [question for question, _ in found]
    lines = _inside_groups(published, titles, lines, questions)
    asked = {title for _, of in found for title in of}
    unread = tuple(t for t in groups if kinds[t] in _MAYBE and t not in asked)
    return Reading(tuple(lines), tuple(questions), unread)


_MAYBE = frozenset({words.Kind.CONDITION, words.Kind.TITLED})
Found = tuple[Question, tuple[str, ...]]


def _by_itself(one: Published) -> Line:
    """What a line says of itself, wherever it stands."""
    if one.is_note:
        return Line()
    way = Way(words.way_of_paper(one.name))
    return Line(
        is_heading=words.is_heading(one.name, counted=one.counted),
        way=way,
        is_optional=words.is_optional(one.name),
    )


def _titles(published: Sequence[Published], lines: Sequence[Line]) -> list[str]:
    """The title each line stands under: its group, or the numbered heading inside the group that
    begins a situation.
    """
    titles = [one.group for one in published]
    for group in dict.fromkeys(titles):
        at = [i for i, one in enumerate(published) if one.group == group and not one.is_note]
        for first, last, title in _sections(published, lines, at):
            for i in at[first:last]:
                titles[i] = title
    return titles


def _sections(
    published: Sequence[Published], lines: Sequence[Line], at: Sequence[int]
) -> Iterator[tuple[int, int, str]]:
    """Begin, end and title of the situations inside a group. The order of a published list is not
    kept by itself: numbers 1, 2, 3 … or an addition at the end show that it was.
    """
    numbered = [(n, words.situation_number(published[i].name)) for n, i in enumerate(at)]
    starts = [n for n, number in numbered if number]
    counted = [number for _, number in numbered if number]
    is_series = len(starts) > 1 and counted == list(range(1, len(counted) + 1))
    if is_series and any(lines[at[n]].is_heading for n in starts):
        for first, last in zip(starts, [*starts[1:], len(at)], strict=True):
            yield first, last, published[at[first]].name
        return
    headings = [n for n, i in enumerate(at) if lines[i].is_heading]
    for n in headings[-1:]:
        after = [published[i].name for i in at[n + 1 :]]
        if after and words.adds(published[at[n]].name) and not any(map(words.is_request, after)):
            yield n, len(at), published[at[n]].name


def _of_groups(groups: Sequence[str], kinds: dict[str, words.Kind]) -> Iterator[Found]:
    """The questions that the groups ask, with their titles; authorisation last, as one talks."""
    cases = [t for t in groups if kinds[t] == words.Kind.CONDITION]
    titled = [t for t in groups if kinds[t] == words.Kind.TITLED]
    everybodys = any(kinds[t] == words.Kind.EVERYBODY for t in groups)
    if titled and len(cases) + len(titled) > 1 and (not everybodys or words.are_alike(titled)):
        cases = [t for t in groups if kinds[t] in _MAYBE]
    if len(cases) > 1:
        exclusive = words.are_exclusive(cases)
        yield Question(Asks.WHICH, words.labels(cases), exclusive), tuple(cases)
    elif cases and len(groups) > 1:
        yield Question(Asks.WHETHER, (words.label(cases[0]),)), (cases[0],)
    authorised = [t for t in groups if kinds[t] == words.Kind.AUTHORISED]
    if authorised and len(groups) > len(authorised):
        yield Question(Asks.AUTHORISED, (words.label(authorised[0]),)), tuple(authorised)


def _in_group(line: Line, title: str, kind: words.Kind, found: Sequence[Found]) -> Line:
    """What follows for a line from the group it stands in."""
    way = {words.Kind.ONLINE: Way.ONLINE, words.Kind.ON_PAPER: Way.ON_PAPER}.get(kind, line.way)
    # Two groups about authorisation are one question with one answer.
    when = tuple(
        (number, of.index(title) if len(question.answers) > 1 else 0)
        for number, (question, of) in enumerate(found)
        if title in of
    )
    return replace(
        line,
        way=way,
        when=when,
        is_optional=line.is_optional or kind == words.Kind.OPTIONAL,
        is_alternative=words.is_one_of(title),
    )


def _inside_groups(
    published: Sequence[Published],
    titles: Sequence[str],
    lines: Sequence[Line],
    questions: list[Question],
) -> list[Line]:
    """Papers of one group that each begin with a situation of their own ("Đối với …: …") ask one
    more question, when there are two situations or more.
    """
    done = list(lines)
    for title in dict.fromkeys(titles):
        own = {
            i: condition
            for i, one in enumerate(published)
            if titles[i] == title
            and not one.is_note
            and not lines[i].is_heading
            and (condition := words.own_condition(one.name))
        }
        conditions = list(dict.fromkeys(own.values()))
        if len(conditions) < 2:
            continue
        above = next((lines[i].when for i in own), ())
        number = len(questions)
        labels = words.labels(conditions)
        exclusive = words.are_exclusive(conditions)
        questions.append(Question(Asks.WHICH, labels, exclusive, above[0] if above else None))
        for i, condition in own.items():
            when = (*done[i].when, (number, conditions.index(condition)))
            done[i] = replace(done[i], when=when, is_optional=False)
    return done
