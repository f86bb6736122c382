"""The addresses of jobs for the matrix of tests/matrix.py: whoever watches the server signs in
nowhere.
"""

from tests.matrix import Address

# No scheduler ticks in a test: the server says that it is not ready, to everybody alike.
READY_OR_NOT = frozenset({200, 503})

ADDRESSES = [
    Address("alive", public=True),
    Address("ready", public=True, answered=READY_OR_NOT),
]
