"""The way to the mechanical lifter: `class MechanicalLifter`, synchronous and thread-safe.

It must not import pypcode: that is its workers' alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from irlens.cancel import CancelToken
from irlens.errors import UnusableInput
from irlens.mechanical.answers import Lifted, Uncovered
from irlens.objects.listing import Listing
from irlens.prototypes.declared import Known, known_as_json, known_from_json
from irlens.workers.client import WorkerClient
from irlens.workers.pool import Answer, WorkerDied, WorkerTimedOut
from irlens.workers.wire import Header


class MechanicalLifter(WorkerClient):
    """pypcode behind `workers` warm processes. A job may take `time_limit_s` seconds."""

    def __init__(self, workers: int = 1, time_limit_s: float = 5.0, memory_limit_mb: int = 1024) -> None:
        super().__init__("irlens.mechanical.worker", workers, memory_limit_mb)
        self.time_limit_s = time_limit_s

    def lift(
        self,
        object_file: bytes,
        function: str,
        triple: str,
        *,
        keep_frame: bool = False,
        declared: Known | None = None,
        cancel: CancelToken | None = None,
        timeout_s: float | None = None,
    ) -> Lifted:
        """IR of one function of an ELF object for x86-64 or AArch64, before LLVM's clean-up.

        `keep_frame` leaves the frame's variables in memory, as unoptimised code has them. `declared` are prototypes by
        name: what they say is believed, as far as the code does not show otherwise. `timeout_s` is seconds
        of the job itself (default `time_limit_s`). Raises `Uncovered` for what cannot be lifted, also when the
        lifter stops on it, and `Cancelled`.
        """
        limit = self.time_limit_s if timeout_s is None else timeout_s
        arguments = {
            "function": function,
            "triple": triple,
            "keep_frame": keep_frame,
            "declared": known_as_json(declared or {}),
        }
        header = {"op": "lift", "args": arguments}
        answer = self._answer(header, object_file, function, limit, cancel)
        sizes = {name: (size, align) for name, (size, align) in answer.header["sizes"].items()}
        return Lifted(answer.block.decode(), tuple(answer.header["notes"]), sizes)

    def prototypes(self, object_file: bytes, triple: str, *, cancel: CancelToken | None = None) -> Known:
        """What an ELF object's debug information says of its functions and of those that they call, by name; nothing where
        there is none, or it cannot be read in time. Raises `Cancelled`."""
        header = {"op": "prototypes", "args": {"triple": triple}}
        try:
            answer = self._answer(header, object_file, "the debug information", 2 * self.time_limit_s, cancel)
        except Uncovered:
            return {}
        return known_from_json(answer.header["declared"])

    def places(
        self, object_file: bytes, function: str, prefix: str, *, cancel: CancelToken | None = None
    ) -> dict[str, int]:
        """How many bytes symbols whose names begin with `prefix` are behind the beginning of `function`. Raises
        `Uncovered` for an object that cannot be read, and `Cancelled`."""
        header = {"op": "places", "args": {"function": function, "prefix": prefix}}
        answer = self._answer(header, object_file, function, self.time_limit_s, cancel)
        found: dict[str, int] = answer.header["places"]
        return found

    def data(
        self, object_file: bytes, names: Sequence[str], *, cancel: CancelToken | None = None
    ) -> tuple[str, tuple[str, ...]]:
        """Definitions of the named data of an ELF object as lines of IR, with what they refer to; and why some are not
        defined. Names that are no data of the object are left out. Raises as `lift`."""
        header = {"op": "data", "args": {"names": list(names)}}
        answer = self._answer(header, object_file, "the data", self.time_limit_s, cancel)
        return answer.block.decode(), tuple(answer.header["notes"])

    def _answer(
        self, header: Header, object_file: bytes, what: str, limit: float, cancel: CancelToken | None
    ) -> Answer:
        try:
            answer = self.run(header, object_file, limit_s=limit, cancel=cancel)
        except WorkerTimedOut as late:
            raise Uncovered(
                f"Lifting {what} took longer than {late.seconds:g} s. Raise the time limit.",
                "time limit",
            ) from late
        except WorkerDied as death:
            if not death.started:
                raise Uncovered(
                    "The mechanical lifter does not start. Check that pypcode is installed with irlens "
                    "(`irlens doctor`).",
                    "no worker",
                ) from death
            raise Uncovered(f"The mechanical lifter stopped on {what}.", "stopped") from death
        if "stopped" in answer.header:
            raise Uncovered(
                f"The mechanical lifter stopped on {what}: {answer.header['stopped']}.",
                "stopped",
            )
        if "refused" in answer.header:
            raise Uncovered(
                answer.header["refused"], answer.header.get("what", ""), answer.header.get("offset")
            )
        return answer

    def functions_of(self, object_file: bytes, cancel: CancelToken | None = None) -> list[str]:
        """The functions that an ELF object, library or program defines. Raises `UnusableInput` and `Cancelled`."""
        header, _ = self._read({"op": "functions", "args": {}}, object_file, cancel)
        return [str(name) for name in header["names"]]

    def assembly_of(
        self, object_file: bytes, function: str | None, cancel: CancelToken | None = None
    ) -> tuple[str, str]:
        """An ELF object as assembly, of a linked program the one `function` (a name, or an address such as 0x1139) with
        what it refers to; and the function's name there. Raises `UnusableInput` and `Cancelled`."""
        header, block = self._read({"op": "assembly", "args": {"function": function}}, object_file, cancel)
        return block.decode(), str(header["name"])

    def listing_of(
        self, object_file: bytes, first: str | None = None, cancel: CancelToken | None = None
    ) -> Listing:
        """An ELF object or program as a listing to read, from the function `first` on. Raises `UnusableInput` and
        `Cancelled`."""
        header, block = self._read({"op": "listing", "args": {"first": first}}, object_file, cancel)
        return Listing(
            block.decode(), tuple(header["functions"]), tuple(header["notes"]), str(header["following"])
        )

    def _read(
        self, job: dict[str, Any], object_file: bytes, cancel: CancelToken | None
    ) -> tuple[dict[str, Any], bytes]:
        try:
            answer = self.run(job, object_file, limit_s=4 * self.time_limit_s, cancel=cancel)
        except (WorkerTimedOut, WorkerDied) as stopped:
            raise UnusableInput("The object file cannot be read in time. Give a smaller one.") from stopped
        said = answer.header.get("refused") or answer.header.get("stopped")
        if said:
            raise UnusableInput(str(said))
        return answer.header, answer.block
