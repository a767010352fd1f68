"""Confine this process and become a program:
`python -I -S launch.py FILTER PID_MARK NETWORK LIMITS NOWHERE [RIGHTS:PATH ...] -- PROGRAM [ARGUMENT ...]`, as
`walls.launcher` writes it.
Without a PID_MARK there are no walls, only limits; with NOWHERE the program starts in an empty directory that cannot be
written to.

For programs that are not ours (`opt`, assemblers). Between `fork` and `exec` no Python of a process with threads may run,
so a small interpreter does it, which takes about 11 ms where `opt` itself takes 30. It imports nothing but `enter`.
"""

import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    code, mark, network, bounds, nowhere = sys.argv[1:6]
    end = sys.argv.index("--")
    rules = [(path, int(rights)) for rights, _, path in (each.partition(":") for each in sys.argv[6:end])]
    command = sys.argv[end + 1 :]
    for bound in bounds.split(","):
        kind, _, value = bound.partition("=")
        try:
            _, hard = resource.getrlimit(int(kind))
            limit = int(value) if hard == resource.RLIM_INFINITY else min(int(value), hard)
            resource.setrlimit(int(kind), (limit, limit))
        except (OSError, ValueError):
            continue
    _end_with_parent()
    if nowhere:
        _leave_for_nowhere()
    if mark:
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        from enter import enter  # type: ignore[import-not-found]  # by its file's name: the package would bring more

        enter(rules, bytes.fromhex(code), int(mark), network == "1")
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(
            number, signal.SIG_DFL
        )  # Python ignores them, and what is ignored stays so in the program
    try:
        os.execv(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(127)


def _end_with_parent() -> None:
    """Have the kernel end the program with the thread that waits for it, however that ends."""
    import ctypes

    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except AttributeError:
        return  # not Linux: the limit on processor time ends it


def _leave_for_nowhere() -> None:
    """As the workers do (`confinement.nowhere`, which knows it by its name): the directory is deleted already."""
    folder = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"irlens-{os.getpid()}-{os.urandom(8).hex()}")
    try:
        os.mkdir(folder, 0o700)
        os.chdir(folder)
        os.rmdir(folder)
    except OSError:
        os.chdir("/")


if __name__ == "__main__":
    main()
