"""Runs the command line as ``python -m slantwise``."""

import sys

from slantwise.cli import main

if __name__ == "__main__":
    sys.exit(main())
