"""Every Python process that starts with this folder on PYTHONPATH and with CLOCK_SHIFT set lives so
many seconds from now.

tools/test.py --shifted uses it: a test that asks the machine's clock gets another day. The clock
goes on; waits are real.
"""

import os

if os.environ.get("CLOCK_SHIFT"):
    from datetime import timedelta

    import time_machine

    time_machine.travel(timedelta(seconds=float(os.environ["CLOCK_SHIFT"])), tick=True).start()
