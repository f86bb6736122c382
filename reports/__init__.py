"""Dashboards and statutory reports: reads everything, writes only its own frozen reports."""
