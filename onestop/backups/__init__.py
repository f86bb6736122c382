"""Backups by schedule, how old the newest is, and the proof each quarter that one can be restored
(R-148). What an archive is and how it is written and read stands in onestop/keeping.
"""
