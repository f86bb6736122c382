"""The log of rows outside dossiers: grants, decisions, calendars, the catalogue, prints. Append-only,
hashed, written with every change of such a row.
"""
