"""`python -m irlens` is the command `irlens`."""

import sys

from irlens.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
