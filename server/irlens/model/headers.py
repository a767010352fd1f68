"""What a model file says about itself, read in a child process: the file may be a stranger's.

The child has limits on time and memory, and a cancel ends it; it is given the beginning of the file and nothing else.
The model in the package is our own and is read here.
"""

from __future__ import annotations

from irlens.cancel import CancelToken
from irlens.errors import ModelUnavailable
from irlens.model.gguf_header import Header, Tensor, opened, prefixes, read_header
from irlens.model.named import embedded_model_path
from irlens.workers.client import WorkerClient
from irlens.workers.pool import WorkerDied, WorkerTimedOut

LIMIT_S = 10.0
"""A header of 20 MB takes about a second."""
_MEMORY_MB = 512


def header_of(path: str, cancel: CancelToken | None = None) -> Header:
    """The head of the file at `path`. Raises `ModelUnavailable` with a reason that a user can act on (see
    `gguf_header.read_header`), and `Cancelled`."""
    if path == embedded_model_path():
        return read_header(path)
    with opened(path) as (file, size), WorkerClient("irlens.model.header_worker", 1, _MEMORY_MB) as reader:
        for block in prefixes(file, size):
            job = {"op": "head", "args": {"path": path, "size": size}}
            try:
                answer = reader.run(job, block, limit_s=LIMIT_S, cancel=cancel).header
            except WorkerTimedOut as late:
                raise ModelUnavailable(
                    f"{path} has a header that cannot be read in {late.seconds:g} s. Convert the model again, or choose "
                    "another."
                ) from late
            except WorkerDied as death:
                raise ModelUnavailable(
                    f"The header of {path} was not read: the process that reads it ended. Free some memory or "
                    "processes and try again."
                ) from death
            if "refused" in answer:
                raise ModelUnavailable(answer["refused"])
            if "stopped" in answer:
                raise ModelUnavailable(
                    f"{path} has a header that cannot be read ({answer['stopped']}). Convert the model again, or choose "
                    "another."
                )
            if answer["header"] is not None:
                return _header(answer["header"])
    raise ModelUnavailable(f"{path} changed while its header was read. Try again when it is whole.")


def _header(fields: dict) -> Header:
    tensors = tuple(
        Tensor(each["name"], tuple(each["shape"]), each["kind"], each["offset"]) for each in fields["tensors"]
    )
    return Header(**{**fields, "tensors": tensors})
