"""The dashboard: what is late, due, waiting, uncollected, and what came in and went out, as of one
instant. Every figure is a set of dossiers that can be opened (`figures`), counted set-wise
(`tally`) and listed again as of the same instant (`asof`).
"""
