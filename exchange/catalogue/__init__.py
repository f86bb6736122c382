"""Procedures as the national database publishes them, fetched for a controller to look through."""
