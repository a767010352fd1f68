"""Settings of a session: what the command line fixed, what the client sent, in what order they count.

From weak to strong: defaults, `initializationOptions`, `workspace/configuration` or
`workspace/didChangeConfiguration`, the command line. `workspaceTrusted: false` in `initializationOptions`
(or `irlens/trust` later) keeps all that a client sends from choosing a model or an executable: editors mix
what the workspace wrote with what the user wrote, and the server cannot tell them apart.
Trust is never read from settings: a workspace could write it there. A client that says nothing of trust knows
none, and is the user's own; whatever it says that is not `true` is no trust. Over TCP, anybody might be the
client, so there no message raises trust unless the command line lets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from irlens.errors import UnusableInput
from irlens.settings import DISTRUST, SECTION, Settings, merge

_TRUST_KEY = "workspaceTrusted"
_TCP_DISTRUST = (
    "a client over TCP chooses no model, no program and no limit. Give it on the command line of `irlens serve`, or "
    "start that with --trust-client."
)


@dataclass(frozen=True)
class CommandLine:
    """What `irlens serve` was told; stronger than any client."""

    model: str | None = None
    opt: str | None = None
    assembler: str | None = None
    trusts_client: bool = True
    """Whether a client's word on trust counts, and its silence stands for trust."""


class Configuration:
    """The layers. `now` is what counts; each reader returns the sentences to show, each once a session."""

    def __init__(self, command_line: CommandLine) -> None:
        self._command_line = command_line
        self._options: object = None
        self._sent: object = None
        self._said: set[str] = set()
        self._claimed = True
        self.now = self._fixed(Settings())

    @property
    def is_model_fixed(self) -> bool:
        """Whether the command line names the model, whatever a client or the user's choice says."""
        return self._command_line.model is not None

    @property
    def trusted(self) -> bool:
        """Whether what the client sends may choose programs, models and limits."""
        return self._claimed and self._command_line.trusts_client

    @property
    def may_be_trusted(self) -> bool:
        """Whether the client's word on trust counts at all."""
        return self._command_line.trusts_client

    @property
    def distrust(self) -> str:
        """Why something was not done for an untrusted client, and what to do."""
        return DISTRUST if self.may_be_trusted else _TCP_DISTRUST

    def require_trust(self, consequence: str, otherwise: str) -> None:
        """Raises `UnusableInput` where the client is not trusted: what follows from it, and what can be done besides."""
        if self.trusted:
            return
        who, remedy = (
            ("The workspace is not trusted", "Trust the workspace")
            if self.may_be_trusted
            else ("A client over TCP is not trusted", "Start `irlens serve` with --trust-client")
        )
        raise UnusableInput(f"{who}, {consequence}. {remedy}, or {otherwise}.")

    def initialize(self, options: object) -> tuple[str, ...]:
        """Read `initializationOptions`: the settings themselves, or under the key `settings` or `irlens`."""
        if isinstance(options, Mapping):
            self._claimed = options.get(_TRUST_KEY, True) is True
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

    def trust(self, trusted: object) -> tuple[str, ...]:
        """Take the client's word on trust; anything but `True` withdraws it."""
        self._claimed = trusted is True
        return self._read()

    def _read(self) -> tuple[str, ...]:
        initial, problems = merge(Settings(), self._options, trusted=self.trusted, distrust=self.distrust)
        merged, more = merge(initial, self._sent, trusted=self.trusted, distrust=self.distrust)
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
