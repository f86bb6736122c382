"""Why the recorded peer does not take something in."""


class Refusal(Exception):
    """The words stand in the answer."""
