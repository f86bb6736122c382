#!/usr/bin/env python
"""Django's command line for Một cửa."""

import sys

from onestop.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
