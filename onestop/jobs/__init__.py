"""The scheduler's pulse, the record of scheduled runs, nudges to workers, and the two health
addresses.
"""
