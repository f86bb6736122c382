"""Bringing a table of units that do not work with this system (07a/BTP and its kin, as a city makes
it): read however it is written, looked through, recorded once, taken back when it was wrong. Nothing
is guessed: what cannot be read, and whose it is unclear, is listed and left out.
"""

# Where uploads lie until they are dropped.
FOLDER = "brought-tables"
