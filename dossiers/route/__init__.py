"""The internal process: where a dossier is in it, what comes next, what a giving would pass over,
whose approval is missing.
"""

from dossiers.route.position import Position, Processes, positions_of
from dossiers.route.way import Route, hand_overs_of, results_of, route_of

__all__ = [
    "Position",
    "Processes",
    "Route",
    "hand_overs_of",
    "positions_of",
    "results_of",
    "route_of",
]
