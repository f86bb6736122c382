"""The duty to report: how a report is judged, what is owed, what is done about it, who is told."""
