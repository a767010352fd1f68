"""`python -m irlens` is the command `irlens`."""

import os
import sys


def _leave_out_the_working_folder() -> None:
    """An empty or relative part of PYTHONPATH, and `python -m`, make the folder where somebody stands, which may be a
    stranger's, a place that modules come from. Nothing of irlens is there: its package is found by its own path."""
    parts = os.environ.get("PYTHONPATH", "").split(os.pathsep) if "PYTHONPATH" in os.environ else []
    try:
        named = {os.path.realpath(part or ".") for part in parts if not os.path.isabs(part)}
        if sys.path and os.path.realpath(sys.path[0] or ".") == os.path.realpath("."):
            named.add(os.path.realpath("."))
    except OSError:  # the working folder is gone
        return
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [
        path for path in sys.path if os.path.realpath(path or ".") not in named - {os.path.realpath(own)}
    ]


def main() -> int:
    """Run the command line. Ctrl-C while its modules are still being read ends it as quietly as later."""
    try:
        _leave_out_the_working_folder()
        from irlens.cli.main import main as run

        return run()
    except KeyboardInterrupt:
        print("irlens: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
