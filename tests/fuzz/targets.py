"""The targets by name, with the share of the time that each gets when all are under fire."""

from __future__ import annotations

from typing import NamedTuple

from fuzz import code
from fuzz.caches import Caches
from fuzz.engine import Factory
from fuzz.framing import Framing
from fuzz.gguf import Gguf
from fuzz.protocol import Protocol
from fuzz.settings_target import SettingsTarget


class Entry(NamedTuple):
    factory: Factory
    weight: float


TARGETS: dict[str, Entry] = {
    "protocol": Entry(Protocol, 4),
    "framing": Entry(Framing, 1),
    "ll": Entry(code.ir, 3),
    "s": Entry(code.asm, 3),
    "gguf": Entry(Gguf, 1.5),
    "caches": Entry(Caches, 1),
    "settings": Entry(SettingsTarget, 0.5),
}
