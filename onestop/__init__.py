"""Một cửa: the project package and its ground floor. Importing it loads nothing."""
