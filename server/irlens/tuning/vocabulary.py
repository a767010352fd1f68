"""The passes that a search may use, and the ones it may not, each with the reason. Pure.

What is left out changes what the code does by design, puts something in that nobody asked for, or changes no code.
The two are told apart because the first must never be offered, whoever names it: see `forbidden`.
"""

from __future__ import annotations

from irlens.ir.passes import PassInfo, lookup, registry
from irlens.ir.pipeline import parse_pipeline, walk
from irlens.tuning.genome import Gene

CHANGES_MEANING = {
    "internalize": "it removes functions that other files call",
    "lower-atomic": "it takes atomicity away, which other threads see",
    "lower-invoke": "it takes exception handling away",
    "strip-gc-relocates": "it takes away what the garbage collector needs",
    "rewrite-symbols": "it renames symbols that other files use",
    "metarenamer": "it renames symbols that other files use",
    "extract-blocks": "it takes blocks out of the module",
    "lowertypetests": "alone it takes type tests for what no other file has",
    "wholeprogramdevirt": "alone it believes that no other file has classes",
    "cross-dso-cfi": "it belongs to a build that irlens does not see",
    "cfguard": "it belongs to a build that irlens does not see",
    "kcfi": "it belongs to a build that irlens does not see",
    "forceattrs": "it sets what options say, and there are none",
    "place-safepoints": "it puts calls in for a garbage collector",
    "rewrite-statepoints-for-gc": "it puts calls in for a garbage collector",
    "gc-lowering": "it belongs to a garbage collector",
    "shadow-stack-gc-lowering": "it belongs to a garbage collector",
    "safe-stack": "it moves variables to a stack that a runtime must give",
    "stack-protector": "a build says by options whether it wants one",
    "trigger-crash": "it crashes",
    "trigger-crash-module": "it crashes",
    "trigger-crash-function": "it crashes",
    "trigger-verifier-error": "it breaks the module",
    "poison-checking": "it puts checks in",
    "bounds-checking": "it puts checks in",
    "declare-to-assign": "it changes debug information only for a pass that is not run",
    "strip": "it takes names and debug information away",
    "strip-nondebug": "it takes names away",
    "strip-nonlinetable-debuginfo": "it takes debug information away",
    "strip-debug-declare": "it takes debug information away",
    "strip-dead-debug-info": "it takes debug information away",
    "embed-bitcode": "it puts the module itself into the object",
    "sjlj-eh-prepare": "it belongs to another kind of exception handling",
    "dwarf-eh-prepare": "it belongs to code generation and is run there",
    "win-eh-prepare": "it belongs to another kind of exception handling",
    "wasm-eh-prepare": "it belongs to another target",
    "expand-variadics": "it changes how calls of other files are made",
    "indirectbr-expand": "it belongs to a build that irlens does not see",
    "lower-emutls": "it changes how thread-local variables of other files are found",
    "atomic-expand": "it belongs to code generation and is run there",
    "codegenprepare": "it belongs to code generation and is run there",
    "objc-arc": "it is for Objective-C",
    "objc-arc-contract": "it is for Objective-C",
    "objc-arc-expand": "it is for Objective-C",
    "objc-arc-apelim": "it is for Objective-C",
}
MISCOMPILES = {
    "newgvn": "LLVM 19's forgets stores of loops, after attributor or instcombine on variables in memory",
    "attributor": "LLVM 19's, before or after newgvn, takes code away that runs",
    "attributor-cgscc": "LLVM 19's, before or after newgvn, takes code away that runs",
}
"""Passes that no pipeline of LLVM's own has, and that were seen to change what code does (docs/tuning-search.md). A search
does not use them. A list of somebody else's that names one is run, and checked as every list is."""
ONLY_MARKS = {
    "hotcoldsplit": "it marks functions cold that nothing says are rarely run, hot loops among them",
}
"""Passes whose gain is a mark on functions and no better code. A search does not use them either; in a list of somebody
else's, what they mark is looked at (`tuning.marking`)."""
_PREFIXES = {
    "sanitizer": ("asan", "hwasan", "msan", "tsan", "nsan", "dfsan", "memprof", "sancov", "sanmd", "lower-allow-check"),
    "profiling": ("pgo-", "prof-", "instr", "insert-gcov", "sample-profile", "pseudo-probe", "cg-profile", "ctx-", "jmc-",
                  "ee-instrument", "count-visits", "synthetic-counts"),
    "link time": ("lto", "thinlto", "function-import", "name-anon", "canonicalize-aliases", "hipstdpar", "dxil"),
}  # fmt: skip
_OTHER_PIPELINES = ("default", "fatlto", "lto", "thinlto", "lto-pre-link", "thinlto-pre-link")
_CHANGES_NO_CODE = (
    "print", "view-", "dot-", "verify", "invalidate", "require", "no-op", "aa-eval", "pa-eval", "lint", "instcount",
    "instnamer", "debugify", "check-debugify", "helloworld", "transform-warning", "annotation", "add-discriminators",
    "redundant-dbg", "inliner-ml", "recompute-globalsaa", "assume-builder", "coro-", "inject-tli", "strip-dead-proto",
    "block-placement", "canon-freeze", "move-auto-init", "lcssa", "hardware-loops", "make-guards", "guard-widening",
    "lower-guard", "lower-widenable", "loop-predication", "infer-address", "openmp", "lower-matrix", "scalarize-masked",
    "callbr", "loop-data-prefetch", "expand-large", "annotation2metadata", "interleaved-load", "loop-extract",
    "attributor-light", "lower-global-dtors", "expand-ir-insts", "function-simplification", "free-machine-function",
    "unify-loop-exits", "fix-irreducible", "structurizecfg", "dx", "memprof-", "lower-ifunc",
)  # fmt: skip

_VARIANTS = (
    Gene("function", "simplifycfg<no-switch-range-to-icmp;no-switch-to-lookup;keep-loops;no-hoist-common-insts>"),
    Gene("function", "simplifycfg<hoist-common-insts;sink-common-insts>"),
    Gene("function", "simplifycfg<sink-common-insts>"),
    Gene("function", "simplifycfg<switch-to-lookup;no-keep-loops;hoist-common-insts;sink-common-insts>"),
    Gene("function", "simplifycfg<switch-range-to-icmp>"),
    Gene("function", "simplifycfg<bonus-inst-threshold=0>"),
    Gene("function", "simplifycfg<bonus-inst-threshold=4>"),
    Gene("function", "simplifycfg<no-speculate-blocks>"),
    Gene("function", "early-cse<memssa>"),
    Gene("function", "sroa<modify-cfg>"),
    Gene("function", "gvn<no-pre>"),
    Gene("function", "gvn<no-pre;no-load-pre>"),
    Gene("function", "loop(loop-rotate<no-header-duplication>)"),
    Gene("function", "loop(simple-loop-unswitch<nontrivial>)"),
    Gene("function", "mldst-motion<split-footer-bb>"),
    Gene("function", "separate-const-offset-from-gep<lower-gep>"),
    Gene("function", "scalarizer<load-store>"),
    Gene("module", "global-merge<group-by-use>"),
    Gene("module", "global-merge<merge-const;merge-external>"),
    Gene("module", "ipsccp<func-spec>"),
    Gene("module", "default<Oz>"),
    Gene("module", "default<Os>"),
    Gene("module", "default<O1>"),
    Gene("module", "default<O2>"),
    Gene("module", "default<O3>"),
    Gene("function", "function-simplification<Oz>"),
    Gene("function", "function-simplification<O1>"),
    Gene("function", "function-simplification<O3>"),
)  # fmt: skip
"""Passes with parameters that change what they do to the size of code, and LLVM's own pipelines."""
SPELLING = {"instcombine": "instcombine<no-verify-fixpoint>"}
"""`opt` ends its process where instcombine did not reach a fixpoint, unless it is told not to look."""
_SINCE = {
    "instcombine<no-verify-fixpoint>": 18,
    "simplifycfg<no-speculate-blocks>": 19,
    "loop-rotate<no-header-duplication>": 19,
    "separate-const-offset-from-gep<lower-gep>": 19,
    "scalarizer<load-store>": 22,
}
"""The first release known to take these parameters, where the pass itself is older."""


def forbidden(name: str) -> str:
    """Why a pass of this name must be in no list that is offered; "" where it may be."""
    plain = name.partition("<")[0]
    if plain in CHANGES_MEANING:
        return CHANGES_MEANING[plain]
    for what, prefixes in _PREFIXES.items():
        if plain.startswith(prefixes):
            return f"it is for {what}, which the build decides on"
    return ""


def alphabet(release: int) -> list[Gene]:
    """Every gene that may be used with this LLVM release, in order of name."""
    genes = [
        _gene(info, release)
        for info in registry().values()
        if _has(release, info)
        and info.kind not in ("machine-function", "machine-module")
        and not forbidden(info.name)
        and info.name not in MISCOMPILES
        and info.name not in ONLY_MARKS
        and not info.name.startswith((*_CHANGES_NO_CODE, *_OTHER_PIPELINES))
    ]
    return [*genes, *(gene for gene in _VARIANTS if _takes(release, gene))]


def _has(release: int, info: PassInfo) -> bool:
    """Releases between two checked ones that have a pass have it too."""
    return bool(info.llvm) and info.llvm[0] <= release <= info.llvm[-1]


def _takes(release: int, gene: Gene) -> bool:
    *_, element = walk(parse_pipeline(gene.text))
    info = lookup(element)
    return info is not None and _has(release, info) and release >= _SINCE.get(element.text, 0)


def _gene(info: PassInfo, release: int) -> Gene:
    text = SPELLING.get(info.name, info.name)
    if release < _SINCE.get(text, 0):
        text = info.name
    if info.kind in ("loop", "loop-mssa"):
        return Gene("function", f"{info.kind}({text})")
    return Gene(info.kind, text)
