"""Which passes can be run with what is at hand: by llvmlite, or by an installed `opt`.

Nothing is run here but `opt --version`; `client.LLVM.run_passes` chooses the runner of a whole pipeline.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from irlens.ir import pass_policy
from irlens.ir.passes import lookup
from irlens.ir.pipeline import PipelineError, parse_pipeline
from irlens.ir.repair import repair
from irlens.llvm import opt
from irlens.llvm.client import LLVMLITE_RELEASE
from irlens.llvm.plan import plan


def runnable_with(opt_setting: str | None) -> Callable[[str], bool]:
    """Whether llvmlite or the `opt` of this setting can run a pass, as a pipeline names it.

    The `opt` is looked for once, at the first pass that llvmlite cannot run, which takes a moment then.
    """
    tool = cache(lambda: opt.usable(opt_setting))

    def runnable(element: str) -> bool:
        try:
            # Nesting is mended first: a loop pass alone is no module pipeline, but it can be run.
            if pass_policy.refusals(parse_pipeline(element)):
                return False
            if not plan(repair(element, LLVMLITE_RELEASE)[0]).missing:
                return True
            info = lookup(parse_pipeline(element).passes[0])
        except PipelineError:
            return True  # what is wrong with it is said elsewhere
        found = tool()
        return found is not None and (info is None or not info.llvm or found.release in _near(info.llvm))

    return runnable


def _near(releases: tuple[int, ...]) -> range:
    """Releases between two checked ones that have a pass have it too."""
    return range(releases[0], releases[-1] + 1)
