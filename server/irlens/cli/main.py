"""The command line: parse arguments, call one command, turn its outcome into an exit code.

Exit codes: 0 done, 1 some part not, 2 unusable input, 130 interrupted. An error is one line on stderr that
ends in what to do next; with `--json` stdout carries one object in every case.
Nothing heavy is imported before the command is known: `irlens serve` must answer within 0.4 s.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
from collections.abc import Sequence

from irlens.cli import at_ends, console
from irlens.cli.arguments import parser
from irlens.cli.colors import Paint
from irlens.errors import IrlensError, UnusableInput, of_a_number

EXIT_DONE, EXIT_PARTLY, EXIT_UNUSABLE, EXIT_INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Raises `SystemExit` after `--help` and `--version`."""
    words = sys.argv[1:] if argv is None else argv
    as_json = "--json" in words or "--jsonl" in words
    at_ends.open_what_is_closed()
    if argv is None:
        sys.excepthook = console.excepthook
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may not know every letter of a name
    try:
        made = parser()
        try:
            arguments = made.parse_args(_with_passes(words))
        except SystemExit:  # after --help and --version
            sys.stdout.flush()
            raise
        arguments.words = list(words)
        if arguments.command is None:
            if as_json:
                raise UnusableInput("no command is given. See `irlens --help`.")
            made.print_help()
            sys.stdout.flush()
            return EXIT_DONE
        if arguments.command == "serve":
            with at_ends.tidy():  # it has a log of its own
                return _serve(arguments)
        with at_ends.tidy(), at_ends.told():
            code = _run(arguments)
            sys.stdout.flush()  # now, where it can still be said that the disk is full
        return code
    except KeyboardInterrupt:
        fail("interrupted", as_json=as_json)
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader (`| head`) has gone; there is nobody left to tell
        at_ends.flush_or_drop(sys.stdout)
        return EXIT_PARTLY
    except IrlensError as error:
        return fail(str(error), as_json=as_json)
    except ValueError as error:
        if (number := of_a_number(error)) is None:
            raise
        return fail(str(number), as_json=as_json)
    except OSError as error:  # each command says more of those that it expects
        where = f"{error.filename}: " if error.filename else ""
        return fail(
            f"{where}the system refuses ({error.strerror or error}). Check the names that you gave, their permissions "
            "and the room on the disk.",
            as_json=as_json,
        )


def _with_passes(words: Sequence[str]) -> list[str]:
    """The words with what follows `--passes` joined to it: argparse takes `-O2` for an option, and says nothing of use."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "--passes" and word.startswith("-"):
            joined[-1] = f"--passes={word}"
        else:
            joined.append(word)
    return joined


def fail(message: str, *, as_json: bool) -> int:
    """Say in one line that the input is unusable; returns `EXIT_UNUSABLE`."""
    line = " ".join(message.split())
    with contextlib.suppress(OSError):  # where nothing can be printed, the code says it
        if as_json:
            console.exact_json({"error": line})
        at_ends.flush_or_drop(sys.stdout)
        console.overwrite("")  # what is there of a line of progress goes
        console.say(Paint("irlens:", "red"), f" {line}", file=sys.stderr)
    at_ends.flush_or_drop(sys.stderr)
    return EXIT_UNUSABLE


def _run(arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "lift":
            from irlens.cli.lift import run
        case "predict":
            from irlens.cli.predict import run
        case "tune":
            from irlens.cli.tune import run
        case "compare":
            from irlens.cli.compare import run
        case "check":
            from irlens.cli.check import run
        case "doctor":
            from irlens.cli.doctor import run
        case "completion":
            from irlens.cli.completion import run
        case "eval":
            from irlens.cli.eval import run
        case _:
            from irlens.cli.model import run
    with console.guarded():
        return run(arguments)


def _serve(arguments: argparse.Namespace) -> int:
    from irlens.lsp.main import serve

    address = None
    if arguments.tcp is not None:
        from irlens.lsp.tcp import Address

        host, port = arguments.tcp
        address = Address(host, port, arguments.allow_remote, arguments.token_file)
    elif arguments.allow_remote or arguments.trust_client or arguments.token_file:
        raise UnusableInput(
            "--allow-remote, --token-file and --trust-client are about --tcp. Give --tcp HOST:PORT too."
        )
    code = serve(
        address,
        model=arguments.model,
        opt=arguments.opt,
        assembler=arguments.assembler,
        trusts_client=arguments.trust_client,
    )
    return code or EXIT_DONE
