"""Pass lists run by the libLLVM that an installed `opt` is linked with, through LLVM's C interface.

The whole pass registry, as with `opt`, without a process for each list: `opt` takes about ten times as long to
start as a list takes to run on a module of a hundred instructions (docs/tuning-search.md). In a worker process only, and
never in one that has llvmlite's own LLVM too.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from irlens.errors import IrlensError, LLVMRefused
from irlens.ir import pass_policy
from irlens.llvm import content
from irlens.llvm.answers import DEFAULT_TRIPLE
from irlens.llvm.objects import NotAnObject
from irlens.llvm.processor import processor_of
from irlens.llvm.totals import facts
from irlens.workers.serve import Answer, Operations, Refused

_P, _TEXT, _INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_TO_P, _TO_TEXT = ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_void_p)
_RELOC_PIC, _CODE_MODEL_SMALL, _OBJECT_FILE, _RETURN_STATUS = 2, 3, 1, 2
_ERROR = 0  # of the severities of a diagnostic
_HANDLER = ctypes.CFUNCTYPE(None, _P, _P)
_TARGETS = ("X86", "AArch64", "ARM", "RISCV", "PowerPC", "SystemZ", "Mips", "LoongArch", "WebAssembly")

_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "LLVMGetVersion": (None, (_P, _P, _P)),
    "LLVMContextCreate": (_P, ()),
    "LLVMContextDispose": (None, (_P,)),
    "LLVMContextSetDiagnosticHandler": (None, (_P, _P, _P)),
    "LLVMCreateMemoryBufferWithMemoryRangeCopy": (_P, (_TEXT, ctypes.c_size_t, _TEXT)),
    "LLVMParseIRInContext": (_INT, (_P, _P, _TO_P, _TO_TEXT)),
    "LLVMVerifyModule": (_INT, (_P, _INT, _TO_TEXT)),
    "LLVMCreatePassBuilderOptions": (_P, ()),
    "LLVMDisposePassBuilderOptions": (None, (_P,)),
    "LLVMRunPasses": (_P, (_P, _TEXT, _P, _P)),
    "LLVMGetErrorMessage": (_P, (_P,)),
    "LLVMDisposeErrorMessage": (None, (_P,)),
    "LLVMDisposeModule": (None, (_P,)),
    "LLVMDisposeMessage": (None, (_P,)),
    "LLVMDisposeMemoryBuffer": (None, (_P,)),
    "LLVMGetBufferStart": (_P, (_P,)),
    "LLVMGetBufferSize": (ctypes.c_size_t, (_P,)),
    "LLVMGetTarget": (_TEXT, (_P,)),
    "LLVMSetTarget": (None, (_P, _TEXT)),
    "LLVMGetDataLayoutStr": (_TEXT, (_P,)),
    "LLVMSetModuleDataLayout": (None, (_P, _P)),
    "LLVMCreateTargetDataLayout": (_P, (_P,)),
    "LLVMDisposeTargetData": (None, (_P,)),
    "LLVMGetTargetFromTriple": (_INT, (_TEXT, _TO_P, _TO_TEXT)),
    "LLVMCreateTargetMachine": (_P, (_P, _TEXT, _TEXT, _TEXT, _INT, _INT, _INT)),
    "LLVMTargetMachineEmitToMemoryBuffer": (_INT, (_P, _P, _INT, _TO_TEXT, _TO_P)),
    "LLVMGetDiagInfoSeverity": (_INT, (_P,)),
    "LLVMGetDiagInfoDescription": (_P, (_P,)),
    "LLVMPrintModuleToString": (_P, (_P,)),
    "LLVMGetFirstFunction": (_P, (_P,)),
    "LLVMGetNextFunction": (_P, (_P,)),
    "LLVMGetFirstBasicBlock": (_P, (_P,)),
    "LLVMGetNextBasicBlock": (_P, (_P,)),
    "LLVMGetFirstInstruction": (_P, (_P,)),
    "LLVMGetNextInstruction": (_P, (_P,)),
}


def _check(passes: str) -> None:
    """The client has looked already; what runs in this process is looked at here too."""
    try:
        pass_policy.check(passes)
    except IrlensError as error:
        raise Refused(str(error)) from error


class Library:
    """libLLVM at `path`. Raises `OSError` where it cannot be loaded or lacks a function."""

    def __init__(self, path: str) -> None:
        self._llvm = ctypes.CDLL(path)
        for name, (result, arguments) in _FUNCTIONS.items():
            try:
                function = getattr(self._llvm, name)
            except AttributeError as error:
                raise OSError(f"{path} has no {name}") from error
            function.restype, function.argtypes = result, list(arguments)
        for target in _TARGETS:
            for part in ("TargetInfo", "Target", "TargetMC", "AsmPrinter", "AsmParser"):
                initialise = getattr(self._llvm, f"LLVMInitialize{target}{part}", None)
                if initialise is not None:
                    initialise()
        self._machines: dict[tuple[bytes, int], Any] = {}

    def operations(self) -> Operations:
        pass_policy.warm()
        return {"version": self.version, "measure": self.measure, "run": self.run}

    def version(self, block: bytes) -> Answer:
        """`llvm`: its version, as text."""
        parts = [ctypes.c_uint() for _ in range(3)]
        self._llvm.LLVMGetVersion(*map(ctypes.byref, parts))
        return {"llvm": ".".join(str(part.value) for part in parts)}, b""

    def measure(
        self,
        block: bytes,
        lists: list[str],
        opt_level: int = 2,
        count: bool = False,
        functions: bool = False,
    ) -> Answer:
        """As `ops_measure.measure`, with lists as text."""
        measured = []
        for passes in lists:
            try:
                with self._after(block, passes) as (module, errors):
                    found = {"instructions": self._instructions(module)} if count else {}
                    measured.append({**found, **facts(self._object(module, errors, opt_level), functions)})
            except (Refused, NotAnObject) as refused:
                measured.append({"refused": str(refused)})
        return {"measured": measured}, b""

    def run(self, block: bytes, passes: str) -> Answer:
        """The answer's bytes are the module's new text."""
        with self._after(block, passes) as (module, _):
            text = self._llvm.LLVMPrintModuleToString(module)
            try:
                printed = ctypes.string_at(text)
            finally:
                self._llvm.LLVMDisposeMessage(text)
        if b"source_filename" not in block:
            printed = printed.replace(b'source_filename = "module"\n', b"", 1)
        return {}, printed.replace(b"; ModuleID = 'module'\n", b"", 1)

    @contextmanager
    def _after(self, block: bytes, passes: str) -> Iterator[tuple[Any, list[str]]]:
        """The module after the passes, verified, and the list that takes up what LLVM reports as an error.

        Each in a context of its own: names of types stay as they are."""
        llvm = self._llvm
        try:
            block = content.module_for_llvm(block)
        except LLVMRefused as refused:
            raise Refused(f"irlens does not compile this module: {refused}") from refused
        context = llvm.LLVMContextCreate()
        # LLVM's own handler ends the process at an error of code generation.
        errors: list[str] = []
        handler = _HANDLER(lambda diagnostic, _: self._note(diagnostic, errors))
        llvm.LLVMContextSetDiagnosticHandler(context, ctypes.cast(handler, _P), None)
        module = _P()
        try:
            buffer = llvm.LLVMCreateMemoryBufferWithMemoryRangeCopy(block, len(block), b"module")
            self._try(lambda said: llvm.LLVMParseIRInContext(context, buffer, module, said))
            if passes:
                _check(passes)
                machine = self._machine(module, 2)
                if not llvm.LLVMGetDataLayoutStr(module):
                    self._lay_out(module, machine)  # as `opt` does
                options = llvm.LLVMCreatePassBuilderOptions()
                try:
                    failed = llvm.LLVMRunPasses(module, passes.encode(), machine, options)
                finally:
                    llvm.LLVMDisposePassBuilderOptions(options)
                if failed:
                    said = llvm.LLVMGetErrorMessage(failed)
                    try:
                        raise Refused(ctypes.string_at(said).decode("utf-8", "replace"))
                    finally:
                        llvm.LLVMDisposeErrorMessage(said)
            self._try(lambda said: llvm.LLVMVerifyModule(module, _RETURN_STATUS, said))
            yield module, errors
        finally:
            if module:
                llvm.LLVMDisposeModule(module)
            llvm.LLVMContextDispose(context)

    def _object(self, module: Any, errors: list[str], opt_level: int) -> bytes:
        llvm = self._llvm
        machine = self._machine(module, opt_level)
        self._lay_out(module, machine)
        made = _P()
        self._try(
            lambda said: llvm.LLVMTargetMachineEmitToMemoryBuffer(machine, module, _OBJECT_FILE, said, made)
        )
        try:
            if errors:
                raise Refused(errors[0])
            return ctypes.string_at(llvm.LLVMGetBufferStart(made), llvm.LLVMGetBufferSize(made))
        finally:
            llvm.LLVMDisposeMemoryBuffer(made)

    def _lay_out(self, module: Any, machine: Any) -> None:
        """Give the module the data layout of the machine."""
        layout = self._llvm.LLVMCreateTargetDataLayout(machine)
        self._llvm.LLVMSetModuleDataLayout(module, layout)
        self._llvm.LLVMDisposeTargetData(layout)

    def _machine(self, module: Any, opt_level: int) -> Any:
        triple = self._llvm.LLVMGetTarget(module) or DEFAULT_TRIPLE.encode()
        if (triple, opt_level) not in self._machines:
            target = _P()
            self._try(lambda said: self._llvm.LLVMGetTargetFromTriple(triple, target, said))
            self._machines[triple, opt_level] = self._llvm.LLVMCreateTargetMachine(
                target,
                triple,
                processor_of(triple.decode()).encode(),
                b"",
                opt_level,
                _RELOC_PIC,
                _CODE_MODEL_SMALL,
            )
        self._llvm.LLVMSetTarget(module, triple)
        return self._machines[triple, opt_level]

    def _try(self, call: Callable[[Any], int]) -> None:
        """Raise `Refused` with LLVM's words where the call answers that it failed; free the words in any case."""
        said = _P()
        failed = call(ctypes.byref(said))
        words = ctypes.string_at(said).decode("utf-8", "replace") if said else ""
        if said:
            self._llvm.LLVMDisposeMessage(said)
        if failed:
            raise Refused(" ".join(words.split()) or "LLVM gave no reason")

    def _note(self, diagnostic: Any, errors: list[str]) -> None:
        if self._llvm.LLVMGetDiagInfoSeverity(diagnostic) == _ERROR:
            said = self._llvm.LLVMGetDiagInfoDescription(diagnostic)
            errors.append(ctypes.string_at(said).decode("utf-8", "replace"))
            self._llvm.LLVMDisposeMessage(said)

    def _instructions(self, module: Any) -> int:
        llvm, total = self._llvm, 0
        function = llvm.LLVMGetFirstFunction(module)
        while function:
            block = llvm.LLVMGetFirstBasicBlock(function)
            while block:
                instruction = llvm.LLVMGetFirstInstruction(block)
                while instruction:
                    total += 1
                    instruction = llvm.LLVMGetNextInstruction(instruction)
                block = llvm.LLVMGetNextBasicBlock(block)
            function = llvm.LLVMGetNextFunction(function)
        return total
