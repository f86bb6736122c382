"""The numbers of a day that are kept for paper."""

# No counter gives these: whoever writes one of them on paper meets nobody.
RESERVED = range(9_001, 10_000)
