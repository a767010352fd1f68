"""What an LLVM worker can do: the only place, with `ops_passes`, that imports llvmlite.

Each operation takes the job's bytes and keyword arguments from the wire and answers with a JSON-ready header
and bytes. They run in a worker process only: LLVM aborts on some inputs, and that must cost nobody else.
`OPERATIONS` names them all. A text that LLVM refuses raises `Refused`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import llvmlite
import llvmlite.binding as llvm
from llvmlite.binding import ffi

from irlens.asm.expansion import MOST_OBJECT
from irlens.errors import LLVMRefused
from irlens.ir import pass_policy
from irlens.llvm import content, ops_asm, ops_passes, ops_signatures
from irlens.llvm.answers import DEFAULT_TRIPLE, Diagnostic
from irlens.llvm.objects import NotAnObject, sizes
from irlens.llvm.processor import processor_of
from irlens.llvm.reports import nul_diagnostic, parse_diagnostics, verifier_diagnostics
from irlens.workers import serve
from irlens.workers.serve import Answer


class Refused(serve.Refused):
    """LLVM read the input and said no. `diagnostics` go with it as JSON-ready dicts."""

    def __init__(self, message: str, diagnostics: list[Diagnostic] | None = None) -> None:
        super().__init__(message, diagnostics=[asdict(diagnostic) for diagnostic in diagnostics or []])


def start() -> None:
    """Make every target, the host's assembly parser and the tables of passes ready. Once per process."""
    pass_policy.warm()
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    llvm.initialize_native_asmparser()


def version(block: bytes) -> Answer:
    return {"llvmlite": llvmlite.__version__, "llvm": _llvm_version(), "host": llvm.get_default_triple()}, b""


def by() -> str:
    """The name under which this runner signs its answers."""
    return f"llvmlite {llvmlite.__version__} (LLVM {_llvm_version()})"


def _llvm_version() -> str:
    return ".".join(map(str, llvm.llvm_version_info))


def parse(block: bytes) -> Answer:
    """Parse, then verify. Answers with `ParseResult`'s fields."""
    try:
        module = read_module(block)
    except Refused as refused:
        return {"parsed": False, "verified": False, "diagnostics": refused.details["diagnostics"]}, b""
    try:
        verify(module, block)
    except Refused as refused:
        return {"parsed": True, "verified": False, "diagnostics": refused.details["diagnostics"]}, b""
    found = [asdict(diagnostic) for diagnostic in content.module_diagnostics(block)]
    return {"parsed": True, "verified": True, "diagnostics": found}, b""


def read_module(block: bytes) -> llvm.ModuleRef:
    """Parse in a context of its own: in a shared one, the types of an earlier module change the names of
    this one's. The bytes go to LLVM as they are; llvmlite's own function takes only valid UTF-8."""
    nul = nul_diagnostic(block)
    if nul is not None:
        raise Refused("The text has a NUL byte. Remove it.", [nul])
    context = llvm.create_context()
    with ffi.OutputString() as error:
        module = llvm.ModuleRef(ffi.lib.LLVMPY_ParseAssembly(context, ctypes.c_char_p(block), error), context)
        if error:
            module.close()
            report = (error.bytes or b"").decode("utf-8", "replace")
            found = parse_diagnostics(report)
            raise Refused(_first(found, "LLVM does not parse this IR"), found)
    return module


def verify(module: llvm.ModuleRef, block: bytes = b"") -> None:
    """Raise `Refused` with the verifier's messages, placed in `block`, the text of the module."""
    with ffi.OutputString() as report:
        if not ffi.lib.LLVMPY_VerifyModule(module, report):
            return
        text = (report.bytes or b"").decode("utf-8", "replace")
    found = verifier_diagnostics(text, block.decode("utf-8", "replace"))
    raise Refused(_first(found, "LLVM's verifier refuses this IR"), found)


def _first(found: list[Diagnostic], what: str) -> str:
    if not found:
        return f"{what}."
    return f"{what}: line {found[0].line + 1}: {found[0].message}. Mend it and try again."


def checked_module(block: bytes) -> llvm.ModuleRef:
    """The module, which names no file for LLVM to read or write. Raises `Refused` where it does."""
    try:
        block = content.module_for_llvm(block)
    except LLVMRefused as refused:
        raise Refused(
            f"irlens does not compile this module: {refused}", list(refused.diagnostics)
        ) from refused
    return verified_module(block)


def verified_module(block: bytes) -> llvm.ModuleRef:
    """The module as it is: to be looked at, never to be compiled."""
    module = read_module(block)
    verify(module, block)
    return module


def target_machine(triple: str, opt_level: int, features: str = "") -> llvm.TargetMachine:
    """Position-independent code, small code model: llvmlite's default is the JIT's large one, whose code is
    in `.ltext` and has other sizes than what a compiler makes."""
    try:
        target = llvm.Target.from_triple(triple)
        return target.create_target_machine(
            cpu=processor_of(triple), features=features, opt=opt_level, reloc="pic", codemodel="small"
        )
    except RuntimeError as error:
        raise Refused(
            f"LLVM has no code generator for the target {triple!r} ({str(error).strip()}). "
            "Name another target triple, such as x86_64-unknown-linux-gnu."
        ) from error


def aimed(
    module: llvm.ModuleRef, triple: str | None, opt_level: int, features: str = ""
) -> llvm.TargetMachine:
    """Set the module's triple and data layout to those of `triple`, else of its own, else of the default."""
    chosen = triple or module.triple or DEFAULT_TRIPLE
    machine = target_machine(chosen, opt_level, features)
    refuse_source_files(module, chosen)
    module.triple = chosen
    module.data_layout = str(machine.target_data)
    return machine


def refuse_source_files(module: llvm.ModuleRef, triple: str) -> None:
    """BPF's code generator puts lines of the sources into the object, from the files that debug information names."""
    if triple.startswith("bpf") and "!DIFile(" in str(module):
        raise Refused(
            "LLVM's code generator for BPF reads the source files that debug information names, so irlens does not "
            "compile this module. Take its debug information out (opt --strip-debug)."
        )


def lower(block: bytes, triple: str | None = None, opt_level: int = 2) -> Answer:
    """The module's assembly."""
    module = checked_module(block)
    return {}, _emit(aimed(module, triple, opt_level), module, use_object=False)


def emit_object(block: bytes, triple: str | None = None, opt_level: int = 2) -> Answer:
    """The module's object file."""
    module = checked_module(block)
    return {}, _emit(aimed(module, triple, opt_level), module, use_object=True)


def _emit(machine: llvm.TargetMachine, module: llvm.ModuleRef, *, use_object: bool) -> bytes:
    try:
        if use_object:
            return machine.emit_object(module)
        return machine.emit_assembly(module).encode()
    except RuntimeError as error:
        raise Refused(f"LLVM cannot lower this module: {error}. Change the module or the target.") from error


def outline(block: bytes, triple: str | None = None, opt_level: int = 2, count_only: bool = False) -> Answer:
    """Functions in order with their counts; `count_only` leaves sizes out, so that a module which kills
    code generation still has an outline."""
    module = verified_module(block) if count_only else checked_module(block)
    written = module.triple
    facts = []
    for function in module.functions:
        if not function.is_declaration:
            blocks = [sum(1 for _ in body.instructions) for body in function.blocks]
            facts.append({"name": function.name, "instructions": sum(blocks), "blocks": len(blocks)})
    measured: dict[str, Any] | None = None
    why = ""
    if not count_only:
        try:
            machine = aimed(module, triple, opt_level)
            measured = asdict(sizes(_emit(machine, module, use_object=True)))
        except (Refused, NotAnObject) as error:
            why = str(error)
    return {"triple": written, "functions": facts, "sizes": measured, "why": why}, b""


def signatures(block: bytes, function: str, triple: str | None = None) -> Answer:
    """`Signatures` of a function that the module defines, named with or without the `\\01` that keeps a name as it is."""
    module = checked_module(block)
    machine = aimed(module, triple, 2)
    for one in module.functions:
        if not one.is_declaration and one.name.removeprefix("\x01") == function.removeprefix("\x01"):
            return ops_signatures.signatures(module, one, machine.target_data), b""
    raise Refused(ops_signatures.not_defined(function))


def signatures_of(block: bytes, functions: list[str], triple: str | None = None) -> Answer:
    """`ModuleSignatures` of functions, named as for `signatures`: the module is read once for all of them."""
    module = checked_module(block)
    machine = aimed(module, triple, 2)
    defined = {one.name.removeprefix("\x01"): one for one in module.functions if not one.is_declaration}
    wanted = {name: defined.get(name.removeprefix("\x01")) for name in functions}
    return ops_signatures.signatures_of(module, wanted, machine.target_data), b""


def run_steps(block: bytes, steps: list[dict[str, Any]]) -> Answer:
    """Run passes; the answer's bytes are the module's new text."""
    module = checked_module(block)
    machine = target_machine(module.triple or DEFAULT_TRIPLE, 2)
    header = ops_passes.run_steps(module, machine, steps)
    text = str(module).encode()
    verify(module, text)
    if b"source_filename" not in block:  # the parser's own name for a text without one
        text = text.replace(b'source_filename = "<string>"\n', b"", 1)
    return header, text


def size(block: bytes) -> Answer:
    """`Sizes` of an ELF object."""
    try:
        return asdict(sizes(block)), b""
    except NotAnObject as error:
        raise Refused(f"{str(error)[0].upper()}{str(error)[1:]}.") from error


def assemble(block: bytes, triple: str, fork: bool = True) -> Answer:
    """Assemble a `.s` for the host's architecture. The answer's header holds `Assembled`'s diagnostics and
    whether there is an object. Without `fork` the first error ends this worker."""
    nul = nul_diagnostic(block)
    if nul is not None:
        return {"made": False, "diagnostics": [asdict(nul)]}, b""
    refused = content.assembly_diagnostics(block)
    if refused:
        return {"made": False, "diagnostics": [asdict(diagnostic) for diagnostic in refused]}, b""
    target_machine(triple, 2)
    text = block.replace(b"\r\n", b"\n")
    if not fork:
        return {"made": True, "diagnostics": []}, _assembled(text, triple)
    try:
        made, found = ops_asm.assemble(text, lambda rest: _assembled(rest, triple))
    except ops_asm.AssemblerDied as death:
        return {"stopped": str(death)}, b""
    return {
        "made": made is not None,
        "diagnostics": [asdict(diagnostic) for diagnostic in found],
    }, made or b""


def _assembled(text: bytes, triple: str) -> bytes:
    module = read_module(b'module asm "' + _escaped(text) + b'"\n')
    # Code for newer AArch64 processors need not say so; x86's assembler takes everything as it is.
    features = "+all" if triple.startswith(("aarch64", "arm64")) else ""
    made = _emit(aimed(module, triple, 2, features), module, use_object=True)
    if len(made) > MOST_OBJECT:
        raise Refused(f"Its object has more than {MOST_OBJECT >> 20} MiB. Fill less, or split the file.")
    return made


_ESCAPES = [
    bytes([byte]) if 32 <= byte < 127 and byte not in b'"\\' else b"\\%02X" % byte for byte in range(256)
]


def _escaped(text: bytes) -> bytes:
    return b"".join([_ESCAPES[byte] for byte in text])


OPERATIONS: dict[str, Callable[..., Answer]] = {
    "version": version,
    "parse": parse,
    "outline": outline,
    "lower": lower,
    "emit_object": emit_object,
    "run_steps": run_steps,
    "signatures": signatures,
    "signatures_of": signatures_of,
    "size": size,
}
