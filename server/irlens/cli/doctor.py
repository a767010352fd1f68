"""`irlens doctor`: versions, what was found, what is missing and the command that mends it."""

from __future__ import annotations

import argparse
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from irlens import __version__
from irlens.cli.console import say
from irlens.cli.doctor_model import examine, models_of
from irlens.cli.main import EXIT_DONE, EXIT_PARTLY
from irlens.cli.tools import llvm_of, open_model, print_json, tools_of
from irlens.confinement.policy import SWITCH
from irlens.errors import IrlensError
from irlens.folders import why_temporary
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compilers
from irlens.mechanical.lift import lift_mechanically
from irlens.workers.pool import WorkerDied, WorkerTimedOut

PACKAGES = (
    "pygls",
    "lsprotocol",
    "llvmlite",
    "ctransformers",
    "llama-cpp-python",
    "huggingface-hub",
    "watchdog",
    "pyelftools",
    "unicorn",
    "pypcode",
    "keystone-engine",
)
PROBE = "define i32 @probe(i32 %x) {\n  %y = add i32 %x, 1\n  ret i32 %y\n}\n"


def run(arguments: argparse.Namespace) -> int:
    """Exit 1 where something irlens needs does not work; an absent opt or GPU is only said. The self-test of a
    large model takes about ten seconds, besides loading it."""
    report: dict[str, object] = {
        "irlens": __version__,
        "python": f"{platform.python_version()} ({sys.executable})",
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in PACKAGES},
    }
    missing: list[dict[str, str]] = []
    report["llvm"] = _llvm(arguments, missing)
    report["confinement"] = _confinement(arguments, missing)
    report["evidence"] = _evidence(arguments, missing)
    report.update(_models(arguments, missing))
    why = why_temporary()
    if why is not None:
        missing.append(
            {
                "what": f"a folder to keep models, choices and caches in: {why}",
                "mend": "export HOME=FOLDER, or IRLENS_DATA_HOME and IRLENS_CACHE_HOME",
                "needed": "no",
            }
        )
    report["missing"] = missing
    if arguments.json:
        print_json(report)
    else:
        _print(report, missing)
    return EXIT_PARTLY if any(entry["needed"] == "yes" for entry in missing) else EXIT_DONE


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _llvm(arguments: argparse.Namespace, missing: list[dict[str, str]]) -> dict[str, object]:
    try:
        with llvm_of(arguments) as llvm:
            versions = llvm.versions()
            llvm.parse(PROBE)
            measures = _measures(llvm, arguments.measure_with)
    except IrlensError as error:
        missing.append(
            {"what": f"LLVM: {error}", "mend": "pip install --force-reinstall llvmlite", "needed": "yes"}
        )
        return {"error": str(error)}
    found = versions["opt"]
    if not any(entry["usable"] for entry in found):
        reasons = "; ".join(f"{entry['path']}: {entry['why_not']}" for entry in found) or "none on PATH"
        missing.append(
            {
                "what": f"an opt of LLVM 16 to 22 ({reasons}). Passes that llvmlite has not are left out.",
                "mend": "apt-get install llvm-19, or give --opt PATH",
                "needed": "no",
            }
        )
    for arch in (arch for arch, tools in versions["assemblers"].items() if not tools):
        missing.append(
            {
                "what": f"an assembler for {arch}. Assembly of that target is not checked without one.",
                "mend": _mend_assembler(arguments.assembler),
                "needed": "yes" if arguments.assembler else "no",
            }
        )
    return {**versions, "measures": measures}


def _measures(llvm: LLVM, measure_with: str) -> str:
    """The LLVM whose numbers this session would show (`irlens.llvm.measureWith`), and who chose it."""
    compilers = Compilers(llvm, 1, llvm.opt_setting, measure_with)
    try:
        name = compilers.of(PROBE).name
    finally:
        compilers.close()
    return f"{name}, by --measure-with {measure_with}"


def _confinement(arguments: argparse.Namespace, missing: list[dict[str, str]]) -> str:
    """What keeps children that read a stranger's file from the rest of the machine, as one of them says."""
    try:
        with llvm_of(arguments) as llvm:
            walls = llvm.walls()
    except (WorkerDied, WorkerTimedOut) as error:
        return f"unknown: {error}"
    standing = [
        *([f"Landlock (interface version {walls.landlock})"] if walls.landlock else []),
        *(["seccomp"] if walls.seccomp else []),
        "limits of time and memory",
    ]
    if walls.why_not:
        missing.append(
            {
                "what": f"walls around child processes: {walls.why_not}. What a hostile file could do is bounded by "
                f"{' and '.join(standing)} alone.",
                "mend": (
                    f"unset {SWITCH}"
                    if SWITCH in walls.why_not
                    else "use Linux 5.13 or later with Landlock and seccomp, or work in a container (SECURITY.md)"
                ),
                "needed": "no",
            }
        )
    return ", ".join(standing)


def _mend_assembler(named: str | None) -> str:
    if named:
        return f"give an llvm-mc, clang or GNU as in place of --assembler {named}"
    return "apt-get install llvm-19, or give --assembler PATH"


def _evidence(arguments: argparse.Namespace, missing: list[dict[str, str]]) -> dict[str, object]:
    """A function of each target goes through the mechanical lifter and the emulator."""
    found: dict[str, object] = {}
    for arch in ("x86_64", "aarch64"):
        try:
            with tools_of(arguments) as tools:
                triple = f"{arch}-unknown-linux-gnu"
                made = tools.llvm.emit_object(PROBE, triple)
                lifted = lift_mechanically(made, "probe", triple, tools.llvm, tools.lifter).ir
                signatures = tools.llvm.signatures(lifted, "probe", triple)
                again = tools.llvm.emit_object(lifted, triple)
                agreement = tools.emulator.compare(made, again, function="probe", signatures=signatures)
            found[arch] = f"lifted and {agreement.outcome}"
            problem = "" if agreement.outcome == "agrees" else agreement.reason
        except IrlensError as error:
            found[arch] = problem = str(error)
        if problem:
            missing.append(
                {
                    "what": f"evidence for {arch}: {problem}",
                    "mend": "pip install --force-reinstall unicorn pypcode",
                    "needed": "yes",
                }
            )
    return found


def _models(arguments: argparse.Namespace, missing: list[dict[str, str]]) -> dict[str, object]:
    """`model`, and where a task has another one, that too under the task's name."""
    try:
        models = models_of(arguments)
    except IrlensError as error:
        _say_no_model(str(error), missing)
        return {"model": {"error": str(error)}}
    found: dict[str, object] = {}
    for number, (place, tasks) in enumerate(models.items()):
        title = "model" if number == 0 else f"model for {' and '.join(tasks)}"
        try:
            with open_model(place.at, arguments) as model:
                found[title] = examine(model)
        except IrlensError as error:
            _say_no_model(str(error), missing)
            found[title] = {"error": str(error)}
    return found


def _say_no_model(why: str, missing: list[dict[str, str]]) -> None:
    mend = "name one that loads with --model; `irlens model list` has them"
    missing.append({"what": f"model: {why}", "mend": mend, "needed": "yes"})


def _words(value: object) -> str:
    """A value of the report as people read it."""
    if value is None:
        return "not measured"
    if isinstance(value, dict) and "usable" in value:
        why_not = "" if value["usable"] else f": {value['why_not']}"
        return f"{value['path']} ({value['version']}{why_not})"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value)) or "none"
    return str(value)


def _print(report: dict[str, object], missing: list[dict[str, str]]) -> None:
    for name, value in report.items():
        if name == "missing":
            continue
        if isinstance(value, dict):
            say(f"{name}:")
            for key, inner in value.items():
                say(f"  {key}: {_words(inner)}")
        else:
            say(f"{name}: {value}")
    for entry in missing:
        say(f"missing: {entry['what']}")
        say(f"  mend it with: {entry['mend']}")
    if not missing:
        say("nothing is missing")
