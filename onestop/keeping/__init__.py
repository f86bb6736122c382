"""Backup and restore: the database and the files together, in one archive that either engine gives
and either takes. No Django app: it has no tables.

The storeys: `messages`, `offered`, `manifest` (what an archive says of itself), `sealed` (age),
`tables` (columns and their neutral values), `archive` (the container), `snapshot` and `loading` (the
two engines), `kept` (the file store), `target` and `checking`, and `writing` and `reading`, which is
what others call.
"""
