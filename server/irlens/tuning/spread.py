"""A search's compilations on a `dask.distributed` cluster, whose workers have irlens and the same LLVM.

Only lists are measured there; what is offered is made and checked here. A worker of the cluster that dies costs
nothing but time: its scheduler gives the lists to another. A list that takes LLVM down costs no worker, for LLVM runs
in a process of its own there as it does here.
"""

from __future__ import annotations

import contextlib
import threading
import zlib
from collections.abc import Sequence
from concurrent.futures import TimeoutError as NotYet
from typing import Any

import distributed

from irlens import __version__
from irlens.cancel import Cancelled, CancelToken
from irlens.errors import UnusableInput
from irlens.llvm.client import LLVM
from irlens.llvm.compilers import Compiler, Compilers, LlvmliteCompiler
from irlens.llvm.measured import Measured

CONNECT_S = 10.0
_LOOK_S = 0.2
"""Between two looks at whether the cluster is still there."""
_LOST_S = 30.0
"""How long it may have no worker before the search is given up."""


class Cluster:
    """The workers behind the scheduler at `address`, for example `tcp://host:8786`. Raises `UnusableInput` where there
    is none, or where a worker has another irlens or cannot say."""

    def __init__(self, address: str) -> None:
        self.address = address
        try:
            self._client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UnusableInput(
                f"--scheduler {address}: no scheduler answers there ({error}). Start one with `dask scheduler`."
            ) from error
        try:
            self._look()
        except BaseException:
            self.close()
            raise

    @property
    def threads(self) -> int:
        """Lists that the cluster measures at a time."""
        return max(1, sum(self._client.nthreads().values()))

    def _look(self) -> None:
        if not self._client.nthreads():
            raise UnusableInput(
                f"--scheduler {self.address}: it has no worker. Start one with `dask worker {self.address}`."
            )
        try:
            answers = self._client.run(_irlens_there, on_error="return")
        except Exception as error:  # of whatever kind a worker meets that has no irlens
            raise UnusableInput(
                f"--scheduler {self.address}: a worker cannot run irlens ({error}). Install irlens[cluster] there."
            ) from error
        for worker, found in answers.items():
            if found != __version__:
                what = f"irlens {found}" if isinstance(found, str) else f"no irlens ({found})"
                raise UnusableInput(
                    f"--scheduler {self.address}: the worker {worker} has {what}, not {__version__}. "
                    "Install the same one there."
                )

    def measure(
        self,
        name: str,
        ir: bytes,
        lists: Sequence[str],
        arguments: dict[str, Any],
        cancel: CancelToken | None,
    ) -> list[Measured]:
        """By the compiler of that name there. Raises `Cancelled`, and `UnusableInput` where the cluster is lost or a
        worker has another LLVM."""
        if cancel is not None:
            cancel.check()
        future = self._client.submit(
            measure_here, name, zlib.compress(ir, 1), list(lists), arguments, pure=False, retries=2
        )
        try:
            return self._result(future, cancel)
        finally:
            with contextlib.suppress(Exception):
                future.cancel()

    def _result(self, future: Any, cancel: CancelToken | None) -> list[Measured]:
        alone_s = 0.0
        while True:
            try:
                return future.result(timeout=_LOOK_S)
            except UnusableInput:
                raise
            except (TimeoutError, NotYet):
                if cancel is not None:
                    cancel.check()
                alone_s = alone_s + _LOOK_S if not self._workers() else 0.0
                if alone_s >= _LOST_S:
                    raise self._lost("it has had no worker for half a minute") from None
            except Cancelled:
                raise
            except Exception as error:  # a dead scheduler, a list that killed worker after worker
                raise self._lost(f"{type(error).__name__}: {error}") from error

    def _workers(self) -> int:
        try:
            return len(self._client.nthreads())
        except (OSError, TimeoutError):
            return 0

    def _lost(self, why: str) -> UnusableInput:
        return UnusableInput(
            f"The cluster at {self.address} did not measure this ({why}). What was measured is kept: mend the cluster "
            "and run the same command again, or leave --scheduler out."
        )

    def close(self) -> None:
        """Leave the cluster as it is."""
        self._client.close(timeout=5)


class SpreadCompiler:
    """`local`, measuring on the cluster. What is asked one by one (`run`, `can`) it does here."""

    def __init__(self, local: Compiler, cluster: Cluster) -> None:
        self._local, self._cluster = local, cluster
        self.name, self.release, self.whole = local.name, local.release, local.whole

    def measure(
        self,
        ir: bytes,
        lists: Sequence[str],
        *,
        opt_level: int = 2,
        count: bool = False,
        functions: bool = False,
        limit_s: float = 10.0,
        cancel: CancelToken | None = None,
    ) -> list[Measured]:
        arguments = {"opt_level": opt_level, "count": count, "functions": functions, "limit_s": limit_s}
        return self._cluster.measure(self.name, ir, lists, arguments, cancel)

    def run(self, ir: str, passes: str, *, limit_s: float = 10.0, cancel: CancelToken | None = None) -> str:
        return self._local.run(ir, passes, limit_s=limit_s, cancel=cancel)

    def can(self, passes: str) -> bool:
        return self._local.can(passes)

    def close(self) -> None:
        self._local.close()


def _irlens_there() -> str:
    from irlens import __version__ as there

    return there


# In the cluster's workers

_lock = threading.Lock()
_here: dict[str, Compiler] = {}
"""The compilers of this process by name: started once, used for every list after."""


def measure_here(name: str, packed: bytes, lists: list[str], arguments: dict[str, Any]) -> list[Measured]:
    """Measure in this process of the cluster. Raises `UnusableInput` where it has no compiler of the name."""
    return _compiler(name).measure(zlib.decompress(packed), lists, **arguments)


def _compiler(name: str) -> Compiler:
    with _lock:
        if not _here:
            threads = distributed.get_worker().state.nthreads
            llvm = LLVM(workers=threads)
            probe = Compilers(llvm, threads).of(_PROBE)
            _here.update({each.name: each for each in (LlvmliteCompiler(llvm), probe)})
        if name not in _here:
            there = " and ".join(_here)
            raise UnusableInput(
                f"A worker of the cluster ({distributed.get_worker().address}) has {there}, not {name}. Install the "
                "same LLVM there, or name the one that both have with --opt."
            )
        return _here[name]


_PROBE = "define void @f() {\n  ret void\n}\n"
