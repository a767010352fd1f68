"""A function of an object as clean IR, without a model: lift, let LLVM clean up."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from irlens.cancel import CancelToken
from irlens.ir.normal import extent
from irlens.ir.outline import plain_name
from irlens.llvm.client import LLVM
from irlens.mechanical.answers import Lifted
from irlens.mechanical.client import MechanicalLifter
from irlens.mechanical.convention import LETTER_TYPE
from irlens.mechanical.prototypes import PROTOTYPES
from irlens.prototypes.declared import Known

CLEAN_UP = "function(sroa,instcombine,simplifycfg,sccp,instcombine,dse,simplifycfg,adce)"
"""LLVM passes that make the IR read well and change nothing of what it does: all of them llvmlite's own, so that
no installed `opt` is needed."""
KEEP = "verify"
"""As little as LLVM can be asked to do."""

_NAMES_NOTHING = re.compile(r"\A(?:; ModuleID = [^\n]*\n|source_filename = [^\n]*\n)+")
"""Lines of a module that was never a file."""
_NAME = r'([\w.$]+|"[^"]*")'
_FROM_ELSEWHERE = re.compile(
    rf"^(declare )((?!dso_local)[^@\n]*@{_NAME}\()|^(@{_NAME} = external )(?=global|constant)", re.MULTILINE
)
_OPAQUE = re.compile(r"^@(\w+) = external (dso_local )?global i8$", re.MULTILINE)
_APART = re.compile(r"^(declare [^\n]*\n)\n(?=declare )", re.MULTILINE)
_INTRINSIC = re.compile(r"^(declare [^\n@]*@llvm\.[^\n]*\)) #\d+$", re.MULTILINE)
_ATTRIBUTE_COMMENT = re.compile(r"^; Function Attrs: [^\n]*\n", re.MULTILINE)
_GROUP = re.compile(r"^attributes (#\d+) = \{[^\n]*\}\n?", re.MULTILINE)
_OF_NO_SIZE = re.compile(rf"^(@{_NAME} = external (?:dso_local )?(?:global|constant) )i8$", re.MULTILINE)
_ONLY_NO_BUILTINS = re.compile(r'^attributes #(\d+) = \{ "no-builtins" \}\n?', re.MULTILINE)


def lift_mechanically(
    object_file: bytes,
    function: str,
    triple: str,
    llvm: LLVM,
    lifter: MechanicalLifter,
    *,
    keep_frame: bool = False,
    local: Collection[str] = (),
    declared: Known | None = None,
    cancel: CancelToken | None = None,
) -> Lifted:
    """A whole module with the function of an ELF object under its own name. `keep_frame` is for unoptimised code
    (see `unoptimised.keeps_its_frame`): its variables stay in memory and its blocks as they are. `local` names what the
    assembly addresses without the detours for symbols of other objects, which an object does not say of functions.
    `declared` are prototypes by name.

    Raises `Uncovered` (what the lifter does not know), `LLVMStopped`, `LLVMRefused` and `Cancelled`.
    """
    lifted = lifter.lift(
        object_file, function, triple, keep_frame=keep_frame, declared=declared, cancel=cancel
    )
    cleaned = llvm.run_passes(lifted.ir, KEEP if keep_frame else CLEAN_UP, cancel=cancel)
    return Lifted(_at_hand(_readable(cleaned.ir), local), lifted.notes, lifted.sizes)


def plain_declarations(ir: str) -> str:
    """Without what LLVM knows of its intrinsics anyway: attributes, of which older releases cannot read each, and the
    comments that repeat them."""
    ir = _INTRINSIC.sub(r"\1", _ATTRIBUTE_COMMENT.sub("", ir))
    used = set(re.findall(r"#\d+", _GROUP.sub("", ir)))
    ir = _GROUP.sub(lambda group: group[0] if group[1] in used else "", ir).rstrip("\n") + "\n"
    return _APART.sub(r"\1", ir)


def functions_as_such(ir: str) -> str:
    """With a declaration of each function of the C library whose address is taken and that is called nowhere: an object
    says of it no more than of data."""

    def declared(found: re.Match[str]) -> str:
        prototype = PROTOTYPES.get(found[1])
        if prototype is None:
            return found[0]
        result = LETTER_TYPE.get(prototype.result, "void")
        parameters = [LETTER_TYPE[letter] for letter in prototype.arguments]
        parameters += ["..."] if prototype.variadic else []
        return f"declare {found[2] or ''}{result} @{found[1]}({', '.join(parameters)})"

    return _OPAQUE.sub(declared, ir)


def sized(ir: str, sizes: Mapping[str, tuple[int, int]]) -> str:
    """With the sizes and alignments in bytes of data that is declared; what is not in `sizes` has none that is known."""

    def array(found: re.Match[str]) -> str:
        return f"{found[1]}{extent(sizes.get(found[2].strip(chr(34))))}"

    return _OF_NO_SIZE.sub(array, ir)


def _at_hand(ir: str, local: Collection[str]) -> str:
    """With `dso_local` where the names are declared."""
    wanted = set(local)

    def mark(found: re.Match[str]) -> str:
        if plain_name(found[3] or found[5]) not in wanted:
            return found[0]
        return f"{found[1]}dso_local {found[2]}" if found[1] else f"{found[4]}dso_local "

    return _FROM_ELSEWHERE.sub(mark, ir) if wanted else ir


def _readable(ir: str) -> str:
    """Without what only the clean-up needed: the name of no file, and the attribute that kept LLVM from making
    other calls of those that are in the machine code."""
    ir = _NAMES_NOTHING.sub("", ir)
    only = _ONLY_NO_BUILTINS.search(ir)
    if only is None:
        return ir
    ir = ir[: only.start()] + ir[only.end() :]
    return re.sub(rf" #{only[1]}(?= |$)", "", ir, flags=re.MULTILINE).rstrip("\n") + "\n"
