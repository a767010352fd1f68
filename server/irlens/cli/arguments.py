"""The arguments of every command, and its help. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
import os
from typing import Any

from irlens import __version__
from irlens.cli import engine_arguments, eval_arguments, model_arguments, tune_arguments
from irlens.cli.parsing import Parser

GROUPS = (
    (
        "Work on files",
        (
            ("lift", "lift assembly to LLVM IR, with evidence"),
            ("compare", "check whether two versions of a function do the same"),
            ("predict", "show what a pass pipeline does, predicted and measured"),
            ("tune", "find the pass list that makes a module smallest"),
            ("check", "report errors in .ll and .s files"),
        ),
    ),
    (
        "Set up",
        (
            ("doctor", "check the installation and say how to fix it"),
            ("model", "list, download, choose and remove models"),
            ("completion", "print the completion script of bash, zsh or fish"),
        ),
    ),
    (
        "For editors and developers",
        (
            ("serve", "run the language server"),
            ("eval", "measure models on many functions"),
        ),
    ),
)
HELP = {name: words for _, commands in GROUPS for name, words in commands}

_EPILOG = """\
Examples:
  irlens lift parser.s --function parse      one function, with the IR
  irlens lift parser.s -o parser.ll          all functions, as one module
  clang -S -o - x.c | irlens lift -          from a pipe
  irlens compare before.ll after.ll          does each function do the same?
  irlens predict x.ll --passes gvn           what gvn does to each function
  irlens tune x.ll -o small.ll               the smallest module it finds

FILE may be - for standard input. Color follows NO_COLOR, FORCE_COLOR and CLICOLOR.

Exit codes: 0 done, 1 some part not, 2 unusable input or wrong use, 130 interrupted.

`irlens COMMAND --help` says more. The manual is docs/command-line.md of the irlens sources."""


def parser() -> Parser:
    """The parser of the whole command line."""
    whole = Parser(
        prog="irlens",
        usage="irlens COMMAND [OPTIONS] ...",
        description="Lift, tune and predict LLVM IR and assembly: a local model answers, LLVM checks.\n\n"
        + _listing(),
        epilog=_EPILOG,
    )
    whole.add_argument("--version", action="version", version=f"irlens {__version__}")
    commands = whole.add_subparsers(dest="command", prog="irlens", metavar="COMMAND", help=argparse.SUPPRESS)
    _lift(commands)
    _compare(commands)
    _predict(commands)
    tune_arguments.add(commands, _add, engine_arguments.add, programs)
    _check(commands)
    _doctor(commands)
    model_arguments.add(commands, _as_json(), HELP["model"])
    completion = _add(
        commands,
        "completion",
        "irlens completion bash|zsh|fish",
        "Print a script that completes commands, options and files. It is made from this version's options.",
        'Examples:\n  eval "$(irlens completion bash)"          in ~/.bashrc\n'
        '  eval "$(irlens completion zsh)"           in ~/.zshrc, after compinit\n'
        "  irlens completion fish | source           in ~/.config/fish/config.fish",
    )
    completion.add_argument(
        "shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish"
    )
    _serve(commands)
    _eval(commands)
    return whole


def _listing() -> str:
    lines = []
    for title, commands in GROUPS:
        lines += [f"{title}:", *(f"  {name:<12}{words}" for name, words in commands), ""]
    return "\n".join(lines).rstrip()


def _add(commands: Any, name: str, usage: str, description: str, epilog: str = "") -> Parser:
    made: Parser = commands.add_parser(
        name, usage=usage, description=f"{description}", help=HELP[name], epilog=epilog
    )
    return made


def programs(command: argparse.ArgumentParser, opt_for: str) -> None:
    """The options that name programs of LLVM's; `opt_for` says what this command has opt do."""
    group = command.add_argument_group("installed programs")
    group.add_argument("--opt", type=_program, metavar="PATH", help=f"opt {opt_for} (default: from PATH)")
    group.add_argument(
        "--assembler",
        type=_program,
        metavar="PATH",
        help="llvm-mc, clang or GNU as to assemble with (default: the built-in LLVM, else from PATH)",
    )
    group.add_argument(
        "--measure-with",
        choices=("installed", "llvmlite"),
        default="installed",
        help="the LLVM that measures: the installed one (the built-in one where there is none), or llvmlite, the "
        "built-in one",
    )
    group.add_argument(
        "--time-limit",
        type=_seconds,
        metavar="SECONDS",
        help="time for one job of LLVM (default: 10)",
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object on stdout")


def _as_json() -> Parser:
    parent = Parser(add_help=False)
    _json(parent)
    return parent


def _assembly(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--target",
        metavar="TRIPLE",
        help="target of assembly, such as aarch64-unknown-linux-gnu (default: detected)",
    )
    command.add_argument(
        "--include-files",
        action="store_true",
        help="let .include and .incbin read files below the folder of the file that is named",
    )


def _prototypes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--prototype",
        action="append",
        default=[],
        metavar="DECLARATION",
        help="what a function of the assembly takes and gives, in C, such as 'double f(double)'; may be repeated",
    )
    command.add_argument(
        "--prototypes", metavar="FILE.h", help="C declarations, with the types that they need (after gcc -E)"
    )


def _lift(commands: Any) -> None:
    lift = _add(
        commands,
        "lift",
        "irlens lift FILE.s [--function F] [-o OUT] [OPTIONS]",
        "Lift functions of an assembly file (x86-64 or AArch64) to LLVM IR and say how far each lift is shown to be\n"
        "right: rejected, verifies, compiles, agrees (same results in an emulator), round-trips (recompiles to the\n"
        "same assembly). Functions that are named are printed with their IR; of a whole file, a line a function.",
        "Examples:\n"
        "  irlens lift parser.s --function parse         one function, with its IR\n"
        "  irlens lift parser.s                          a line for each function, and a summary\n"
        "  irlens lift parser.s -o parser.ll             one module with all functions and their data\n"
        "  irlens lift parser.s -o lifted/               a .ll for each function\n"
        "  irlens lift f.s --prototype 'int f(void)'     what the code alone does not show\n"
        "  irlens lift parser.s --jsonl | jq .verdict    results as they come, one JSON object a line\n"
        "  gcc -O2 -S -o - x.c | irlens lift -           from a pipe\n\n"
        "Exit codes: 0 every function is shown to be right (agrees or round-trips), 1 some are not,\n"
        "2 unusable input, 130 interrupted (what was lifted is kept).",
    )
    lift.add_argument(
        "file",
        metavar="FILE.s",
        help="assembly (-S), a listing (objdump -d, gdb), an ELF object or program, or - for standard input",
    )
    lift.add_argument(
        "--function",
        action="append",
        metavar="F",
        help="lift this function: symbol, readable name or address (0x1139); may be repeated (default: all)",
    )
    lift.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        help="write the IR: into OUT.ll as one module, or into the folder OUT, a .ll for each function",
    )
    lift.add_argument("--ir", action="store_true", help="print the IR of every function of a whole file too")
    lift.add_argument(
        "--origin",
        choices=("best", "model", "mechanical"),
        default="best",
        help="lifter to use: model, mechanical, or best: the model first, then mechanical (default best)",
    )
    lift.add_argument(
        "--candidates",
        type=int,
        default=4,
        metavar="N",
        help="attempts of the model at a function (default 4)",
    )
    lift.add_argument(
        "--jobs",
        type=_jobs,
        default=0,
        metavar="N",
        help="functions at a time (default: one a core, at most 16)",
    )
    _prototypes(lift)
    _assembly(lift)
    _json(lift)
    lift.add_argument(
        "--jsonl", action="store_true", help="print a JSON object a line, each function as it is done"
    )
    engine_arguments.add(lift)
    programs(lift, "of the installed LLVM")


def _compare(commands: Any) -> None:
    compare = _add(
        commands,
        "compare",
        "irlens compare A [B] [--function F [--with G]] [OPTIONS]",
        "Run two versions of functions on the same inputs in an emulator and compare results, memory and calls.\n"
        "A is the original and B the candidate, each assembly (.s) or IR (.ll), or both folders. Without B, the\n"
        "functions src and tgt of A (src1 and tgt1, ...) are compared, as Alive2 pairs them.",
        "Examples:\n"
        "  irlens compare before.ll after.ll                    every function that both define\n"
        "  irlens compare f.s f.ll --function parse             one function; assembly against IR\n"
        "  irlens compare bug.ll                                @src against @tgt\n"
        "  irlens compare x.ll --function slow --with fast      two functions of one file\n"
        "  irlens compare old.s new.s --rename parse=parse_v2   a function that got another name\n"
        "  irlens compare build-O1/ build-O2/                   folders, file by file\n\n"
        "Exit codes: 0 every function compared agrees, 1 one disagrees or cannot be told, 2 unusable input,\n"
        "130 interrupted. Functions that only one side defines are named, and do not count.",
    )
    compare.add_argument(
        "a", metavar="A", help="the original: a .s, .ll or ELF object, - for standard input, or a folder"
    )
    compare.add_argument(
        "b", metavar="B", nargs="?", help="the candidate (default: src and tgt of A are compared)"
    )
    compare.add_argument(
        "--function", metavar="F", help="this function of A only (default: all that both define)"
    )
    compare.add_argument(
        "--with", dest="other", metavar="G", help="with --function: the function to compare it with"
    )
    compare.add_argument(
        "--rename",
        dest="renames",
        type=_rename,
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="OLD of A is NEW in B, as a function compared and in calls; may be repeated",
    )
    compare.add_argument(
        "--inputs",
        type=int,
        default=1000,
        metavar="N",
        help="inputs for each function, at least (default 1000)",
    )
    compare.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the inputs (default 0)")
    compare.add_argument(
        "--jobs",
        type=_jobs,
        default=0,
        metavar="N",
        help="functions at a time (default: one a core, at most 16)",
    )
    _prototypes(compare)
    _assembly(compare)
    _json(compare)
    programs(compare, "of the installed LLVM")


def _predict(commands: Any) -> None:
    predict = _add(
        commands,
        "predict",
        "irlens predict FILE.ll --passes P [--function F] [OPTIONS]",
        "Run a pass pipeline on a module and show, for each function, instructions and bytes before, as the model\n"
        "predicts them, and as LLVM measures them. Checks too whether the functions still do the same.",
        "Examples:\n"
        "  irlens predict x.ll --passes gvn\n"
        "  irlens predict x.ll --passes 'default<O2>' --function parse --no-model\n"
        "  clang -O1 -emit-llvm -S -o - x.c | irlens predict - --passes 'instcombine,gvn'\n\n"
        "Exit codes: 0 done, 1 a function was not measured, or the passes change what one does,\n"
        "2 unusable input, 130 interrupted.",
    )
    predict.add_argument("file", metavar="FILE.ll", help="LLVM IR, or - for standard input")
    predict.add_argument("--passes", required=True, metavar="P", help="a pass pipeline as opt takes it")
    predict.add_argument("--function", metavar="F", help="this function only (default: all)")
    predict.add_argument("--no-model", action="store_true", help="measure only")
    _json(predict)
    engine_arguments.add(predict)
    programs(predict, "for passes that the built-in LLVM cannot run")


def _check(commands: Any) -> None:
    check = _add(
        commands,
        "check",
        "irlens check PATH... [OPTIONS]",
        "Report what LLVM finds wrong in IR and assembly, one line a finding, as a compiler prints it.\n"
        "In IR, the passes of RUN lines are checked too.",
        "Examples:\n"
        "  irlens check x.ll\n"
        "  irlens check src/                        every .ll and .s file below the folder\n"
        "  clang -S -o - x.c | irlens check -\n\n"
        "Exit codes: 0 no errors, 1 a file has an error, 2 a file cannot be read.",
    )
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help="files, folders to look through, or - for standard input"
    )
    _assembly(check)
    _json(check)
    programs(check, "whose passes RUN lines may name")


def _doctor(commands: Any) -> None:
    doctor = _add(
        commands,
        "doctor",
        "irlens doctor [OPTIONS]",
        "Check the installation: LLVM, assemblers, the emulator, the model and its speed, what confines the child\n"
        "processes. Says what is missing and what to do.",
        "Exit codes: 0 all that is needed is there, 1 something is missing.",
    )
    _json(doctor)
    engine_arguments.add(doctor)
    programs(doctor, "of the installed LLVM to look at")


def _serve(commands: Any) -> None:
    serve = _add(
        commands,
        "serve",
        "irlens serve [--tcp HOST:PORT] [OPTIONS]",
        "Run the language server, on stdin and stdout or on TCP. Editors start it themselves.",
    )
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
    programs(serve, "for passes that the built-in LLVM cannot run")


def _eval(commands: Any) -> None:
    evaluate = _add(
        commands,
        "eval",
        "irlens eval lift|predict|lists|tune|flags|native CASES [OPTIONS]",
        "Measure how good models are at a task, on many functions. For developers of models; see docs/evaluation.md.",
    )
    tools = Parser(add_help=False)
    programs(tools, "of the installed LLVM")
    eval_arguments.add(evaluate, tools, _as_json())


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


def _seconds(text: str) -> float:
    """What the setting irlens.llvm.timeLimit takes too."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.1 to 3600")
    return seconds


def _rename(text: str) -> tuple[str, str]:
    old, sign, new = text.partition("=")
    if not (old and sign and new):
        raise argparse.ArgumentTypeError(f"{text!r} is not OLD=NEW; give for example parse=parse_v2")
    return old, new


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 (one a core) to 1024")
    return int(text)
