"""An act that nobody needs, as a stranger would add one: its model, its verb and declaration, its
page, its address, its templates. Nothing outside this folder knows of it (tests/house/test_acts.py).
"""
