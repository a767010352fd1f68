"""The way to the emulator for everybody else: `class Emulator`, synchronous and thread-safe.

Like `llvm.client`: warm worker processes, a time limit and a memory limit, and a worker's death is one error.
It must not import unicorn: that is the workers' alone.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from irlens.cancel import CancelToken
from irlens.emulator.agreement import Agreement, agreement_from_json
from irlens.errors import EmulatorStopped, UnusableInput
from irlens.llvm.signatures import Signatures
from irlens.prototypes.declared import Known, known_as_json
from irlens.workers.client import WorkerClient
from irlens.workers.pool import WorkerDied, WorkerTimedOut

_GRACE_S = 5.0
"""What a worker is given beyond its own time limit before it is killed."""


class Emulator(WorkerClient):
    """Unicorn behind `workers` warm processes. A job may take `time_limit_s` seconds (see `compare`)."""

    def __init__(self, workers: int = 1, time_limit_s: float = 3.0, memory_limit_mb: int = 2048) -> None:
        super().__init__("irlens.emulator.worker", workers, memory_limit_mb)
        self.time_limit_s = time_limit_s

    def compare(
        self,
        original: bytes,
        candidate: bytes,
        *,
        function: str,
        signatures: Signatures | None,
        builds: Sequence[bytes] = (),
        references: Sequence[bytes] = (),
        renamed: Mapping[str, str] | None = None,
        inputs: int = 64,
        seed: int = 0,
        hints: Sequence[int] = (),
        trust_locals: bool = True,
        inner: bool = False,
        packed: bool = False,
        guessed: bool = False,
        aliases: bool = False,
        said_not_to_return: Sequence[str] | None = None,
        declared: Known | None = None,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Agreement:
        """Run `function` of both objects (ELF, relocatable, x86-64 or AArch64) on the same inputs.

        `signatures` are the candidate's (None: unknown), `builds` further objects of the same candidate (see
        `search.Search`), `references` further objects of the same original (at most four objects in all),
        `renamed` the original's names for what the candidate calls otherwise (`function` is the original's name;
        `signatures` have the original's names too), `inputs` how many inputs at least, `hints` numbers worth trying,
        `trust_locals` whether a local variable of the candidate that it passes by address is an object of that
        size in the original too (then what it holds is compared, and calls may change it), `inner` whether calls to
        functions that an object defines really run (else they are stubs, as calls out of it are), `guessed` whether the
        candidate's signature is a lifter's or a model's guess (then a result narrower than the original's is not told to
        agree), `packed` whether both are AArch64 code with Apple's calling convention, `aliases` whether pointers
        that it is given may lead to the same memory, `said_not_to_return` the callees that the original itself says
        do not return where it is IR, and None where it is assembly, `declared` prototypes by the original's names,
        which are believed more than `signatures`, `timeout_s` the seconds after which no further
        input is tried. The same arguments give the same answer, as long as the time limit is not reached.

        Raises `UnusableInput` where an object or a type cannot be emulated, `EmulatorStopped` when the worker
        died or hung, `Cancelled`.
        """
        limit = self.time_limit_s if timeout_s is None else timeout_s
        objects = (original, candidate, *builds, *references)
        arguments = {
            "sizes": [len(one) for one in objects],
            "function": function.removeprefix("\x01"),  # which is no part of the symbol
            "signatures": asdict(signatures) if signatures is not None else None,
            "inputs": inputs,
            "seed": seed,
            "hints": list(hints),
            "trust_locals": trust_locals,
            "inner": inner,
            "packed": packed,
            "limit_s": limit,
            "renamed": dict(renamed or {}),
            "references": len(references),
            "guessed": guessed,
            "aliases": aliases,
            "declared": known_as_json(declared or {}),
            "said_not_to_return": None if said_not_to_return is None else list(said_not_to_return),
        }
        began = time.monotonic()
        try:
            answer = self.run(
                {"op": "compare", "args": arguments},
                b"".join(objects),
                limit_s=limit + _GRACE_S,
                cancel=cancel,
            )
        except WorkerTimedOut as late:
            raise EmulatorStopped(
                f"The emulator stopped on this function: no answer within {late.seconds:g} s. "
                "Try another function; irlens goes on with a fresh worker."
            ) from late
        except WorkerDied as death:
            if not death.started:
                raise EmulatorStopped(
                    "The emulator's worker does not start. Check that unicorn is installed with irlens "
                    "(`irlens doctor`)."
                ) from death
            raise EmulatorStopped(
                f"The emulator stopped on this function (exit code {death.returncode}). "
                "Try another function; irlens goes on with a fresh worker."
            ) from death
        if "stopped" in answer.header:
            raise EmulatorStopped(
                f"The emulator stopped on this function: {answer.header['stopped']}. "
                "Try another function; irlens goes on with a fresh worker."
            )
        if "refused" in answer.header:
            raise UnusableInput(answer.header["refused"])
        return agreement_from_json(answer.header, time.monotonic() - began)
