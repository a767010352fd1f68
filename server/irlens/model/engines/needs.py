"""What the model worker may do, by engine: a file of weights is a stranger's, and so is what a server answers."""

from __future__ import annotations

import glob
import os
import re
from typing import Any

from irlens.confinement import policy
from irlens.confinement.policy import Confinement
from irlens.files import open_regular
from irlens.model.engines.devices import devices_of

_OF_A_NETWORK = (
    "/etc", "/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager", "/run/nscd", "/var/lib/ca-certificates",
)  # fmt: skip
"""Names of hosts, certificates and their links, as the C library and TLS read them."""
_GPU_DEVICES = ("/dev/nvidia*", "/dev/nvidia-caps", "/dev/dri", "/dev/kfd", "/dev/dxg")
_GPU_FACTS = ("/proc", "/sys", "/etc/OpenCL", "/etc/vulkan", "/etc/nvidia")
_MOST_SHARDS = 512
_SHARD = re.compile(r"-\d{5}-of-(\d{5})\.gguf$")


def confinement_of(engine: str, path: str, options: dict[str, Any]) -> Confinement:
    """For the engine of that name (`model.choice`) with the model at `path`. Looks for GPUs first, as programs of the
    driver are run for that, which is closed afterwards."""
    if engine == "server":
        named = [
            options.get("key_file"),
            *(os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")),
        ]
        return policy.worker((*_OF_A_NETWORK, *filter(None, named)), network=True)
    found, _ = devices_of(engine)
    read = [each for each in (path, *_shards(path)) if _is_weights(each)]
    read = [*read, *map(os.path.realpath, read)]
    if not found:
        return policy.worker(read).also(memory_bytes=_memory(path))
    devices = tuple(device for pattern in _GPU_DEVICES for device in glob.glob(pattern))
    return policy.worker((*read, *_GPU_FACTS)).also(devices=devices, anything=True)


def _is_weights(path: str) -> bool:
    """What a name beside the model leads to may be anything of the user's."""
    try:
        with open_regular(path) as file:
            return file.read(4) == b"GGUF"
    except OSError:
        return False


def _memory(path: str) -> int:
    """Address space in bytes for weights on the CPU: all of the machine's memory, and the file once more, which is mapped.
    What a header asks for beyond is refused to it, instead of driving the machine out of memory. 0 where it is not known."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") + sum(
            map(os.path.getsize, _shards(path) or [path])
        )
    except (OSError, ValueError, AttributeError):
        return 0


def _shards(path: str) -> list[str]:
    """All files of a model that is split into several, in the naming of llama.cpp; none for one that is not."""
    found = _SHARD.search(path)
    if found is None:
        return []
    count = int(found[1])
    return [
        f"{path[: found.start()]}-{number:05}-of-{count:05}.gguf"
        for number in range(1, min(count, _MOST_SHARDS) + 1)
    ]
