"""Settings of a session: what the command line fixed, what the client sent, in what order they count.

From weak to strong: defaults, `initializationOptions`, `workspace/configuration` or
`workspace/didChangeConfiguration`, the command line. `workspaceTrusted: false` in `initializationOptions`
(or `irlens/trust` later) keeps all that a client sends from choosing a model or an executable: editors mix
what the workspace wrote with what the user wrote, and the server cannot tell them apart.
Trust is never read from settings: a workspace could write it there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from irlens.settings import SECTION, Settings, merge

_TRUST_KEY = "workspaceTrusted"


@dataclass(frozen=True)
class CommandLine:
    """What `irlens serve` was told; stronger than any client."""

    model: str | None = None
    opt: str | None = None
    assembler: str | None = None


class Configuration:
    """The layers. `now` is what counts; each reader returns the sentences to show, each once a session."""

    def __init__(self, command_line: CommandLine) -> None:
        self._command_line = command_line
        self._options: object = None
        self._sent: object = None
        self._said: set[str] = set()
        self.trusted = True
        self.now = self._fixed(Settings())

    @property
    def is_model_fixed(self) -> bool:
        """Whether the command line names the model, whatever a client or the user's choice says."""
        return self._command_line.model is not None

    def initialize(self, options: object) -> tuple[str, ...]:
        """Read `initializationOptions`: the settings themselves, or under the key `settings` or `irlens`."""
        if isinstance(options, Mapping):
            self.trusted = options.get(_TRUST_KEY) is not False
            inner = {key: value for key, value in options.items() if key != _TRUST_KEY}
            for key in ("settings", SECTION):
                if isinstance(inner.get(key), Mapping):
                    inner = dict(inner[key])
            options = inner
        self._options = options
        return self._read()

    def update(self, sent: object) -> tuple[str, ...]:
        """Read what a client sent for the section; what it leaves out is as it was at the start."""
        if isinstance(sent, Mapping) and isinstance(sent.get(SECTION), Mapping):
            sent = sent[SECTION]
        self._sent = sent
        return self._read()

    def trust(self, trusted: bool) -> tuple[str, ...]:
        self.trusted = trusted
        return self._read()

    def _read(self) -> tuple[str, ...]:
        initial, problems = merge(Settings(), self._options, trusted=self.trusted)
        merged, more = merge(initial, self._sent, trusted=self.trusted)
        self.now = self._fixed(merged)
        return self._news(problems + more)

    def _fixed(self, settings: Settings) -> Settings:
        line = self._command_line
        if line.model is not None:
            chosen = replace(settings.model, path=line.model, lift=None, tune=None, predict=None)
            settings = replace(settings, model=chosen)
        if line.opt is not None:
            settings = replace(settings, llvm=replace(settings.llvm, opt=line.opt))
        if line.assembler is not None:
            settings = replace(settings, llvm=replace(settings.llvm, assembler=line.assembler))
        return settings

    def _news(self, problems: tuple[str, ...]) -> tuple[str, ...]:
        new = tuple(problem for problem in problems if problem not in self._said)
        self._said.update(new)
        return new
