"""Bounds on processor time that hold on a busy, slow or shared machine, and that a quadratic loop still breaks."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

TRIES = 3

T = TypeVar("T")
P = ParamSpec("P")


def cpu_seconds(most_s: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[float, T]:
    """The processor time in seconds that `work` takes at best, and what it gave last.

    A core that is shared with others does a piece of work in a few times the seconds of a core of one's own, in
    processor time as well; a pass of the garbage collector over all that a thousand earlier tests left is counted too.
    So the collector waits, and what took `most_s` or longer is tried again, thrice in all: what grows with the square
    of its text is ten times over its bound each time.
    """
    least = float("inf")
    for _ in range(TRIES):
        collecting = gc.isenabled()
        gc.disable()
        began = time.process_time()
        try:
            result = work(*args, **kwargs)
        finally:
            least = min(least, time.process_time() - began)
            if collecting:
                gc.enable()
        if least < most_s:
            break
    return least, result


def within(most_s: float, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` gives for its arguments; fails where it takes `most_s` seconds of processor time or more."""
    took, result = cpu_seconds(most_s, work, *args, **kwargs)
    assert took < most_s, f"{took:.2f} s of processor time, not below {most_s} s"
    return result
