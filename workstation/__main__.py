"""`workstation` and `python -m workstation`: the command line's entry, and where known errors become exit codes."""

import sys

from workstation.cli import main

if __name__ == "__main__":
    sys.exit(main())
