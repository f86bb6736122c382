"""The engine against the minute-by-minute oracle: random terms with their histories (20,000 in
`make test-long`), none may differ.
"""

import os
from datetime import datetime, timedelta
from random import Random

import pytest

from onestop.worktime import VN, Pause, Restart, due, fold
from tests.worktime.oracle import due_soon, paint, promised
from tests.worktime.worlds import random_moment, random_office, random_term, random_waits

TERMS = 1000 if os.environ.get("LONG") else 250


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_random_terms_of_an_office_agree_with_the_oracle(seed: int) -> None:
    random = Random(f"office {seed}")
    office = random_office(random)
    minutes = paint(office)
    for number in range(TERMS):
        term = random_term(random)
        received = random_moment(random, datetime(2018, 1, 1), 3000)  # noqa: DTZ001
        plain = due(received.replace(tzinfo=VN), term, office)
        assert plain.at is not None
        assert plain.at.replace(tzinfo=None) == promised(received, term, minutes, []), (
            seed,
            number,
            received,
            str(term),
        )
        if number % 4 == 0:
            assert plain.warn_at is not None
            assert plain.warn_at.replace(tzinfo=None) == due_soon(received, term, minutes), (
                seed,
                number,
                received,
                str(term),
            )
        waits = random_waits(random, received, plain.at.replace(tzinfo=None))
        restart = None
        if random.random() < 0.2:
            asked = random_moment(random, received, 30)
            restart = (asked, asked + timedelta(seconds=random.randrange(1_000_000)))
        if not waits and restart is None:
            continue
        clock = fold(
            received.replace(tzinfo=VN),
            term,
            office,
            [
                *[Pause(start.replace(tzinfo=VN), end.replace(tzinfo=VN)) for start, end in waits],
                *(
                    [Restart(restart[1].replace(tzinfo=VN), asked=restart[0].replace(tzinfo=VN))]
                    if restart
                    else []
                ),
            ],
        )
        assert clock.legal_promise.at is not None
        expected = promised(received, term, minutes, waits, restart)
        assert clock.legal_promise.at.replace(tzinfo=None) == expected, (
            seed,
            number,
            received,
            str(term),
            waits,
            restart,
        )
