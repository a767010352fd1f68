"""The parser of every command: help as it is written, and wrong use as an error that says what was meant."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from irlens.assist.words import choose_from, nearest
from irlens.cli import colors
from irlens.errors import UnusableInput


class Formatter(argparse.HelpFormatter):
    """Paragraphs are filled, but for those with indented lines, such as examples, which stay as they are written.
    Headings are bold on a terminal that wants color."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28)

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and _bold(heading))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n\n".join(
            paragraph if "\n  " in paragraph else super(Formatter, self)._fill_text(paragraph, width, indent)
            for paragraph in text.split("\n\n")
        )


def _bold(text: str) -> str:
    return colors.Paint(text, "bold").coded(text) if colors.wanted(sys.stdout) else text


class Parser(argparse.ArgumentParser):
    """Wrong usage is an error like any other: one line, and an object on stdout for who asked for one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": Formatter, **options})

    def error(self, message: str) -> NoReturn:
        raise UnusableInput(f"{message.rstrip('.')}. See `{self.prog} --help`.")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            command = _subparser(self, found)
            wrong = unknown[0]
            options = [option for action in command._actions for option in action.option_strings]
            options = [option for option in options if option.startswith("--")]
            name = wrong.partition("=")[0]
            if name in options:  # the command knows it: it was given to `irlens`
                raise UnusableInput(f"{name} goes behind the command, as in `{command.prog} {name}`.")
            near = nearest(name, options) if wrong.startswith("-") else []
            guess = f". Did you mean {' or '.join(near)}?" if near else "."
            what = "does not know" if wrong.startswith("-") else "does not take"
            raise UnusableInput(f"{command.prog} {what} {wrong}{guess} See `{command.prog} --help`.")
        return found

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        what = {"command": "there is no command", "what": f"{self.prog} has no"}.get(action.dest)
        advice = choose_from(str(value), [str(choice) for choice in action.choices]).rstrip(".")
        if what is None:
            raise argparse.ArgumentError(action, f"{value!r} is none of the values. {advice}")
        raise argparse.ArgumentError(None, f"{what} {value}. {advice}")


def _subparser(parser: argparse.ArgumentParser, found: argparse.Namespace) -> argparse.ArgumentParser:
    """The parser of the command (and of the kind, as in `model list`) that was named."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            chosen = action.choices.get(getattr(found, action.dest, None) or "")
            if chosen is not None:
                return _subparser(chosen, found)
    return parser
