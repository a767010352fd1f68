"""What a user should know although nothing failed: said once in a process, however often it is met.

It goes to the log, which a shell prints on stderr and the language server writes where its log goes.
"""

from __future__ import annotations

import logging
import threading

logger = logging.getLogger(__name__)
_said: set[str] = set()
_lock = threading.Lock()


def say_once(message: str) -> None:
    """Log the message as a warning unless this process did so already. Thread-safe."""
    with _lock:
        if message in _said:
            return
        _said.add(message)
    logger.warning("%s", message)
