"""A hub with one model of the catalogue, whose first answer stops in the middle of the file and stays so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.fake_hub import Hub, serving
from support.tiny_gguf import write_tiny

NAME = "llm-compiler-7b-ftd"


@contextmanager
def stopping_hub(folder: Path) -> Iterator[tuple[Hub, dict[str, str]]]:
    """The hub, and the environment of a server that downloads from it and keeps everything under `folder`."""
    path = write_tiny(folder / "x.gguf", embedding=256, vocab=3072, family=None, context=2048)
    weights = path.read_bytes()
    hub = Hub(
        {(f"second-state/{NAME}-GGUF", f"{NAME}-Q4_K_M.gguf"): weights},
        stop_at=len(weights) // 2,
    )

    def only_once() -> None:
        hub.stopped.wait()
        hub.stop_at = None

    threading.Thread(target=only_once, daemon=True).start()
    with serving(hub):
        yield (
            hub,
            {
                "HF_ENDPOINT": hub.address,
                "HF_HOME": str(folder / "hf"),
                "IRLENS_DATA_HOME": str(folder / "data"),
            },
        )


def went_on(hub: Hub) -> bool:
    """Whether a download began in the middle of the file and came to its end."""
    (whole,) = (len(content) for content in hub.files.values())
    return any(start > 0 and end == whole for start, end in hub.sent)
