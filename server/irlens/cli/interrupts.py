"""Ctrl-C in commands that keep what is done."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from irlens.cancel import CancelToken


@contextmanager
def stopped_by_interrupt(cancel: CancelToken) -> Iterator[None]:
    """The first Ctrl-C cancels, so that what is done is printed; the second ends the process. Elsewhere than on the main
    thread, which alone gets signals, nothing is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        if cancel.cancelled:
            raise KeyboardInterrupt
        # A thread of its own: what is called at a cancel takes locks, which this one may hold.
        threading.Thread(target=cancel.cancel, daemon=True).start()
        print("\nirlens: stopping; again Ctrl-C to stop at once", file=sys.stderr, flush=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
