"""Settings as a client sends them: `merge` never raises, and what comes out is in range."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from fuzz.broken import Broken, escaped
from fuzz.sandbox import Sandbox
from fuzz.values import ANYTHING, KEYS, LEAVES, NUMBERS, mutated
from irlens.lsp.configuration import CommandLine, Configuration
from irlens.settings import Scope, SettingInfo, Settings, describe, merge

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (float, int),
    "boolean": (bool,),
}
_NAMES = [row.name.removeprefix("irlens.") for row in describe()]


@st.composite
def _sent(draw: st.DrawFn) -> Any:
    """Some settings, nested or dotted, with values that fit, nearly fit or do not fit at all."""
    sent: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(_NAMES), max_size=6, unique=True)):
        value = draw(LEAVES | NUMBERS | ANYTHING | st.sampled_from(["auto", "", "best", "mechanical"]))
        style = draw(st.integers(0, 2))
        section, _, key = name.partition(".")
        if style == 0 and isinstance(sent.setdefault(section, {}), dict):
            sent[section][key] = value
        else:
            sent[f"irlens.{name}" if style == 1 else name] = value
    wrapped = draw(st.integers(0, 4))
    if wrapped == 1:
        sent = {"settings": sent, "workspaceTrusted": draw(LEAVES)}
    elif wrapped == 2:
        sent = {"irlens": sent, draw(KEYS): draw(ANYTHING)}
    return sent


class SettingsTarget:
    name = "settings"

    def __init__(self, sandbox: Sandbox) -> None:
        del sandbox

    def cases(self) -> st.SearchStrategy[bytes]:
        sent = st.one_of(_sent(), _sent().flatmap(mutated), ANYTHING)
        return sent.map(lambda value: json.dumps(value).encode())

    def pieces(self, case: bytes) -> None:
        return None

    def check(self, case: bytes) -> None:
        try:
            raw = json.loads(case)
        except (ValueError, RecursionError):
            return
        try:
            for trusted in (True, False):
                merged, problems = merge(Settings(), raw, trusted=trusted)
                _in_range(merged, trusted)
                if not all(isinstance(problem, str) and problem for problem in problems):
                    raise Broken("a problem of settings is not a sentence", repr(problems)[:500])
            configuration = Configuration(CommandLine())
            configuration.initialize(raw)
            _in_range(configuration.now, configuration.trusted)
            configuration.update(raw)
            _in_range(configuration.now, configuration.trusted)
        except Broken:
            raise
        except Exception as error:
            raise escaped(error, "settings") from error

    def finish(self) -> dict[str, str]:
        return {}


def _in_range(settings: Settings, trusted: bool) -> None:
    for row in describe():
        section, _, key = row.name.removeprefix("irlens.").partition(".")
        part = getattr(settings, section)
        value = next(v for name, v in vars(part).items() if name.replace("_", "") == key.lower())
        if not trusted and row.scope is Scope.MACHINE and value != row.default:
            raise Broken(f"an untrusted workspace sets {row.name}", repr(value)[:200])
        if not _fits(value, row):
            raise Broken(f"{row.name} is out of range", repr(value)[:200])


def _fits(value: object, row: SettingInfo) -> bool:
    if value is None:
        return row.nullable
    if type(value) not in _TYPES[row.type] or (row.choices and value not in row.choices):
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (row.minimum is None or value >= row.minimum) and (row.maximum is None or value <= row.maximum)
    return True
