"""For all tests: a shell starts what runs in the background with SIGINT ignored, and children inherit that; tests send
it to commands."""

from __future__ import annotations

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
