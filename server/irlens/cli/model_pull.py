"""`irlens model pull`: download one model, checked, after its licence was accepted."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from irlens.assist.words import duration
from irlens.cli.console import say
from irlens.cli.main import EXIT_DONE, EXIT_INTERRUPTED, fail
from irlens.cli.tools import clear_progress, print_json, progress
from irlens.errors import UnusableInput
from irlens.model import store
from irlens.model.catalogue import EMBEDDED, Licence
from irlens.model.pull import Outcome, Plan, Progress, is_offline, plan, pull, size_text

_LINES_APART = 10
"""Percent between two lines of progress where stderr is no terminal."""


def run(arguments: argparse.Namespace) -> int:
    if arguments.name.lower() == EMBEDDED:
        raise UnusableInput(
            "The embedded model comes with irlens: there is nothing to pull. See `irlens model list`."
        )
    wanted = plan(arguments.name, arguments.repository)
    there = store.find(wanted.model.name, wanted.quantisation)
    if there is not None and arguments.repository not in (None, there.repository):
        raise UnusableInput(
            f"{there.label} is here already, from {there.repository}. To have another in its place, first run: "
            f"irlens model remove {there.label}"
        )
    if there is None and not (arguments.offline or is_offline()):
        _settle_licence(wanted, arguments.accept_licence)
    shown = Shown(wanted)
    try:
        outcome = pull(wanted, offline=arguments.offline, on_progress=shown.show)
    except KeyboardInterrupt:
        clear_progress()
        fail(
            f"interrupted. What came is kept: run `{wanted.command}` again to go on.", as_json=arguments.json
        )
        return EXIT_INTERRUPTED
    finally:
        clear_progress()
    if arguments.json:
        print_json(as_json(outcome, wanted))
    else:
        _print(outcome, wanted)
    return EXIT_DONE


def as_json(outcome: Outcome, wanted: Plan) -> dict[str, object]:
    """`seconds` are of this command's download, `resumed` the bytes that it did not have to fetch."""
    licence = wanted.model.licence
    return {
        **asdict(outcome.model),
        "path": str(outcome.model.path),
        "already": outcome.already,
        "resumed": outcome.resumed,
        "seconds": round(outcome.seconds, 3),
        "licence": licence.title,
        "credit": licence.credit,
    }


def _print(outcome: Outcome, wanted: Plan) -> None:
    model, licence = outcome.model, wanted.model.licence
    if outcome.already:
        say(f"{model.label} is here: {model.path}")
    else:
        from_before = f", {size_text(outcome.resumed)} of it from before" if outcome.resumed else ""
        say(
            f"{model.label}: {size_text(model.bytes)}{from_before}, SHA-256 checked, in {outcome.seconds:.1f} s"
        )
        say(f"  {model.path}")
    say(f"  {licence.credit}. {licence.notice}")
    say(f"Use it with: irlens model use {model.label}")


def _settle_licence(wanted: Plan, accept: bool) -> None:
    """Have it accepted, once for all models under it. Where nobody can be asked, `pull` says what to do."""
    licence = wanted.model.licence
    if store.accepted(licence.key):
        return
    if not accept:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return
        _show(licence, wanted)
        print("Do you accept it? [y/N] ", end="", file=sys.stderr, flush=True)
        answer = _answer()
        if answer.strip().lower() not in ("y", "yes"):
            raise UnusableInput(
                f"{licence.title} was not accepted, so nothing was downloaded. The embedded model needs no licence of "
                "others: irlens model use embedded"
            )
    store.accept(licence.key)


def _answer() -> str:
    """A line of the terminal. What is said next begins a line of its own, also after Ctrl-C or Ctrl-D."""
    answer = ""
    try:
        answer = sys.stdin.readline()
    finally:
        if not answer.endswith("\n"):
            print(file=sys.stderr)
    return answer


def _show(licence: Licence, wanted: Plan) -> None:
    lines = [
        f"{wanted.model.title} is under the {licence.title} ({licence.of}). In short:",
        *(f"  * {point}" for point in licence.points),
        f"Read it in full at {licence.where}",
    ]
    print("\n".join(lines), file=sys.stderr)


class Shown:
    """Progress: a line that is overwritten on a terminal, elsewhere a line every so many percent."""

    def __init__(self, wanted: Plan) -> None:
        self._wanted = wanted
        self._next = 0
        self._said = ""

    def show(self, now: Progress) -> None:
        message, fraction = self._words(now)
        if sys.stderr.isatty():
            progress(message, fraction)
            return
        percent = int(100 * (fraction or 0))
        if now.stage == "downloading" and percent < self._next:
            return
        if now.stage == "downloading":
            self._next = percent - percent % _LINES_APART + _LINES_APART
        elif self._said == message:
            return
        self._said = message
        say(message if fraction is None else f"{percent} % {message}", file=sys.stderr, flush=True)

    def _words(self, now: Progress) -> tuple[str, float | None]:
        label = self._wanted.label
        if now.stage == "waiting":
            return f"{label}: another pull of it is going on; waiting for that", None
        if now.stage == "checking":
            return f"{label}: checking {size_text(now.total)}", None
        speed = f", {size_text(now.bytes_per_second)}/s" if now.bytes_per_second else ""
        left = ""
        if now.bytes_per_second:
            left = f", about {duration((now.total - now.done) / now.bytes_per_second)} left"
        fraction = now.done / now.total if now.total else None
        return f"{label}: {size_text(now.done)} of {size_text(now.total)}{speed}{left}", fraction
