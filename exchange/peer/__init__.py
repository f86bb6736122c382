"""A peer of our own that plays what real ones do: for tests, and before one's eyes in the demo."""
