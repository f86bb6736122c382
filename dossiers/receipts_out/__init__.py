"""Electronic receipts go out to their provider: what is said (port), how (over_http), and when it is
tried (sending).
"""
