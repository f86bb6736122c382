"""The addresses of signed-in citizens for the matrix of tests/matrix.py: without a provider they are
not there, for strangers as for officers. With one: test_mine.py, test_apart.py.
"""

from tests.matrix import Address

AWAY = frozenset({404})
CODE = {"code": "H99.1-261123-0001"}

ADDRESSES = [
    *(
        Address(f"citizens:{name}", public=True, answered=AWAY)
        for name in ("mine", "sign_in", "back", "signed_out")
    ),
    *(
        Address(f"citizens:{name}", own=lambda world: CODE, public=True, answered=AWAY)
        for name in ("one", "why")
    ),
    Address("citizens:file", own=lambda world: {**CODE, "pk": 1}, public=True, answered=AWAY),
    Address("citizens:rate", own=lambda world: CODE, public=True, answered=AWAY),
    Address("citizens:rate", own=lambda world: CODE, method="post", public=True, answered=AWAY),
    Address("citizens:papers", own=lambda world: CODE, public=True, answered=AWAY),
    Address("citizens:papers", own=lambda world: CODE, method="post", public=True, answered=AWAY),
    Address(
        "citizens:take_back",
        own=lambda world: {**CODE, "pk": 1},
        method="post",
        public=True,
        answered=AWAY,
    ),
    Address("citizens:pay", own=lambda world: CODE, method="post", public=True, answered=AWAY),
    Address("citizens:sign_out", method="post", public=True, answered=AWAY),
]
