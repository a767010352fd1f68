"""The command line: parse arguments, call one command, turn its outcome into an exit code.

Exit codes: 0 done, 1 some part not, 2 unusable input, 130 interrupted. An error is one line on stderr that
ends in what to do next; with `--json` stdout carries one object in every case.
Nothing heavy is imported before the command is known: `irlens serve` must answer within 0.4 s.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from irlens import __version__
from irlens.cli import at_ends, console, engine_arguments, eval_arguments, model_arguments, tune_arguments
from irlens.errors import IrlensError, UnusableInput

EXIT_DONE, EXIT_PARTLY, EXIT_UNUSABLE, EXIT_INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Raises `SystemExit` after `--help` and `--version`."""
    words = sys.argv[1:] if argv is None else argv
    as_json = "--json" in words
    at_ends.open_what_is_closed()
    if argv is None:
        sys.excepthook = console.excepthook
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may not know every letter of a name
    try:
        arguments = _parser().parse_args(words)
        arguments.words = list(words)
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
    except BrokenPipeError:
        # The reader (`| head`) has gone; there is nobody left to tell.
        sys.stderr.close()
        return EXIT_PARTLY
    except IrlensError as error:
        return fail(str(error), as_json=as_json)
    except OSError as error:  # each command says more of those that it expects
        where = f"{error.filename}: " if error.filename else ""
        return fail(
            f"{where}the system refuses ({error.strerror or error}). Check the names that you gave, their permissions "
            "and the room on the disk.",
            as_json=as_json,
        )


def fail(message: str, *, as_json: bool) -> int:
    """Say in one line that the input is unusable; returns `EXIT_UNUSABLE`."""
    line = " ".join(message.split())
    if as_json:
        console.exact_json({"error": line})
    console.overwrite("")  # what is there of a line of progress goes
    console.say(f"irlens: {line}", file=sys.stderr)
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


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    is_bracketed = host.startswith("[") and host.endswith("]")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT; give for example 127.0.0.1:9257")
    if ":" in host and not is_bracketed:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT; give for example [::1]:9257")
    return (host[1:-1] if is_bracketed else host) or "127.0.0.1", int(port)


def _program(text: str) -> str:
    """A program's name stays what it is, to be found on PATH; a path counts from where the user stands."""
    return os.path.abspath(text) if os.path.dirname(text) else text


class _Parser(argparse.ArgumentParser):
    """Wrong usage is an error like any other: one line, and an object on stdout for who asked for one."""

    def error(self, message: str) -> NoReturn:
        raise UnusableInput(f"{message}. See `{self.prog} --help`.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="irlens",
        description="Lift, tune and predict LLVM IR and assembly: a local model answers, LLVM checks.",
    )
    parser.add_argument("--version", action="version", version=f"irlens {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    programs = _Parser(add_help=False)
    programs.add_argument(
        "--opt", type=_program, metavar="PATH", help="opt to run what llvmlite cannot (default: from PATH)"
    )
    programs.add_argument(
        "--assembler",
        type=_program,
        metavar="PATH",
        help="llvm-mc, clang or GNU as to assemble with (default: llvmlite, else from PATH)",
    )
    common = _Parser(add_help=False, parents=[programs])
    engine_arguments.add(common)
    assembly = _Parser(add_help=False)
    assembly.add_argument(
        "--include-files",
        action="store_true",
        help="let .include and .incbin read files below the folder of the file that is named",
    )
    as_json = _Parser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    lift = commands.add_parser(
        "lift", parents=[common, assembly, as_json], help="assembly to LLVM IR, with evidence"
    )
    lift.add_argument("file", metavar="FILE.s")
    lift.add_argument("--function", metavar="F", help="lift this function only")
    lift.add_argument("--target", metavar="TRIPLE", help="for example aarch64-unknown-linux-gnu")
    lift.add_argument("--candidates", type=int, default=4, metavar="N", help="answers to ask for (default 4)")
    lift.add_argument(
        "--origin",
        choices=("best", "model", "mechanical"),
        default="best",
        help="who lifts: the model, the mechanical lifter, or the better of both (default best)",
    )

    predict = commands.add_parser(
        "predict", parents=[common, as_json], help="what a pass does: predicted and measured"
    )
    predict.add_argument("file", metavar="FILE.ll")
    predict.add_argument("--passes", required=True, metavar="P", help="a pass pipeline as opt takes it")
    predict.add_argument("--function", metavar="F", help="this function only")
    predict.add_argument("--no-model", action="store_true", help="measure only")

    tune_arguments.add(commands, [common, as_json])

    compare = commands.add_parser(
        "compare", parents=[programs, assembly, as_json], help="do two versions of a function do the same?"
    )
    compare.add_argument("a", metavar="A", help="a .s or .ll: the original")
    compare.add_argument("b", metavar="B", help="a .s or .ll: the candidate")
    compare.add_argument("--function", metavar="F", help="this function only (default: all that both define)")
    compare.add_argument("--target", metavar="TRIPLE", help="for example aarch64-unknown-linux-gnu")
    compare.add_argument(
        "--inputs", type=int, default=1000, metavar="N", help="inputs a function at least (default 1000)"
    )
    compare.add_argument("--seed", type=int, default=0, help="of the inputs (default 0)")

    check = commands.add_parser(
        "check", parents=[programs, assembly, as_json], help="errors of .ll and .s files"
    )
    check.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders to look through")
    check.add_argument("--target", metavar="TRIPLE", help="target of assembly that does not say")

    commands.add_parser(
        "doctor", parents=[common, as_json], help="what is there, what is missing, what to do"
    )

    evaluate = commands.add_parser("eval", help="measure models on many functions")
    kinds = evaluate.add_subparsers(dest="what", required=True, metavar="lift|predict|lists|tune|flags")
    of_kind = {"lift": ".s files with their .ll", "predict": ".raw.ll files", "lists": ".raw.ll files"}
    for what, files in of_kind.items():
        good_at = "naming pass lists" if what == "lists" else f"`irlens {what}`"
        kind = kinds.add_parser(what, parents=[as_json], help=f"how good models are at {good_at}")
        kind.add_argument(
            "cases",
            metavar="CASES",
            help=f"a folder of {files}, or the .jsonl that `python -m irlens.training.heldout` writes",
        )
        kind.add_argument(
            "--model",
            dest="models",
            action="append",
            metavar="MODEL",
            help=f"model to measure: {engine_arguments.MODEL_HELP}; several are measured side by side (default: "
            "the embedded one)",
        )
        engine_arguments.add(kind, one_model=False)
        kind.add_argument("-n", type=int, default=1000, help="functions, a seeded sample (default 1000)")
        kind.add_argument("--seed", type=int, default=1, help="of the sample (default 1)")
        kind.add_argument("--longest", type=int, default=64, help="IR instructions (default 64)")
        kind.add_argument("--candidates", type=int, default=16, metavar="N", help="for lift (default 16)")
        kind.add_argument("--no-emulator", action="store_true", help="for lift: leave out the rung `agrees`")
        kind.add_argument("--no-mending", action="store_true", help="for lift: mend no answer (quicker)")
        kind.add_argument(
            "--output", metavar="DIR", help="write a JSON and a CSV there; a run that was stopped goes on"
        )
        if what == "predict":
            eval_arguments.add_passes(kind)
        kind.set_defaults(opt=None, assembler=None)
    _evaluate_tune(kinds, programs, as_json)
    eval_arguments.add_flags(kinds, programs, as_json)

    model_arguments.add(commands, as_json)

    serve = commands.add_parser("serve", parents=[programs], help="the language server, on stdio or TCP")
    serve.add_argument(
        "--model",
        metavar="MODEL",
        help=f"model to ask: {engine_arguments.MODEL_HELP}; settings cannot change it",
    )
    serve.add_argument("--stdio", action="store_true", help="speak on stdin and stdout (the default)")
    serve.add_argument(
        "--tcp",
        type=_address,
        metavar="HOST:PORT",
        help="listen for one client at a time, which sends a token that is shown at the start",
    )
    serve.add_argument(
        "--allow-remote", action="store_true", help="with --tcp: also where other machines reach it"
    )
    serve.add_argument(
        "--token-file",
        metavar="FILE",
        help="with --tcp: the token is its first line (default: IRLENS_SERVE_TOKEN, else a new one)",
    )
    serve.add_argument(
        "--trust-client",
        action="store_true",
        help="with --tcp: let the client's settings choose programs, models and limits",
    )
    return parser


def _evaluate_tune(kinds: Any, *parents: argparse.ArgumentParser) -> None:
    searches = kinds.add_parser("tune", parents=parents, help="our search beside others, at equal budgets")
    searches.add_argument(
        "cases", metavar="DIR", help="a folder of modules (.ll), as clang gives them to its passes"
    )
    engine_arguments.add(searches)
    searches.add_argument("--no-model", action="store_true", help="search without one")
    searches.add_argument("--codegen", choices=("paper", "build"), default="paper", help="(default paper)")
    searches.add_argument(
        "--budgets", default="24,200,1000", metavar="N,N", help="compilations a module (default 24,200,1000)"
    )
    searches.add_argument(
        "--random-to", type=int, default=0, metavar="N", help="random search with this budget too"
    )
    searches.add_argument("-n", type=int, default=0, help="modules, a seeded sample (default all)")
    searches.add_argument("--seed", type=int, default=1, help="of sample and searches (default 1)")
    searches.add_argument("--jobs", type=int, default=0, help="modules at a time (default one a core)")
    searches.add_argument(
        "--output", metavar="DIR", help="write a JSON and a CSV there; a run that was stopped goes on"
    )
