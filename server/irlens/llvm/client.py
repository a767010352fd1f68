"""The way to LLVM for everybody else: `class LLVM`, synchronous and thread-safe.

It starts warm worker processes on first use, gives each job a time limit and a memory limit, and turns a
worker's death into one `LLVMStopped`. It must not import llvmlite: that is the workers' alone.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from typing import Any

from irlens.asm.gnu_forms import for_llvm, without_line_markers, without_nul_comments
from irlens.asm.includes import CannotInclude, Completed, complete
from irlens.asm.macos_target import assembler_target, is_in_elf
from irlens.asm.readable import readable
from irlens.asm.symbols import format_of_triple
from irlens.cancel import CancelToken
from irlens.errors import IrlensError, LLVMRefused, LLVMStopped, Unrunnable, UnusableInput
from irlens.ir import pass_policy, unnamed
from irlens.ir.pipeline import PipelineError, print_pipeline
from irlens.ir.repair import repair
from irlens.llvm import assemblers, content, opt
from irlens.llvm.answers import Assembled, Diagnostic, FunctionFacts, Outline, ParseResult, PassRun, Sizes
from irlens.llvm.built_in import assemble as assemble_aarch64
from irlens.llvm.include_files import reader
from irlens.llvm.plan import plan, size_repairs
from irlens.llvm.reports import (
    HOW_TO_GIVE_TIME,
    assembler_diagnostics,
    cause_of_death,
    codegen_diagnostics,
    nul_diagnostic,
    parser_warnings,
)
from irlens.llvm.second_opinion import settled
from irlens.llvm.signatures import (
    ModuleSignatures,
    Signature,
    Signatures,
    module_signatures_from_json,
    signatures_from_json,
)
from irlens.llvm.traps import error_inside, refuse_unread, with_traps
from irlens.objects.kinds import architecture
from irlens.source.positions import to_utf8
from irlens.workers.client import WorkerClient
from irlens.workers.pool import Answer, WorkerDied, WorkerTimedOut

LLVMLITE_RELEASE = 22
"""The LLVM of the llvmlite that pyproject asks for: pass names are repaired to its spelling."""
_CAN_FORK = hasattr(os, "fork")
_AT_ONCE = 500
"""Functions in one job that reads signatures: what a job answers has a bound (`workers.wire`)."""
_ADVICE = "Shorten or correct the input; irlens goes on with a fresh worker."


_FOR_LINUX = "Compile it for Linux, for example with clang --target=x86_64-unknown-linux-gnu -S."
_NOT_ELF = {
    "macho": f"This is macOS assembly (Mach-O) that was not rewritten for ELF. {_FOR_LINUX}",
    "coff": f"Windows assembly (COFF) is not lifted or run yet: it has another calling convention. {_FOR_LINUX}",
}


class LLVM(WorkerClient):
    """LLVM behind `workers` warm processes. Use as a context manager, or call `close`.

    Every operation takes IR as `str` (or `bytes`, passed on as they are) and, as keywords, `timeout_s`
    (seconds of the job itself, without waiting for a free worker; default `time_limit_s`) and `cancel`.
    `include_folders` are those below which assembly may include files. `measure_with` is the setting of that name, for
    whoever measures (`llvm.session`).
    Errors, for all of them: `LLVMStopped` when the worker died, hung or ran out of memory on the input;
    `LLVMRefused` when LLVM read it and said no; `Cancelled` when the token went up or `close` was called.
    """

    def __init__(
        self,
        workers: int = 2,
        time_limit_s: float = 10.0,
        memory_limit_mb: int = 2048,
        opt: str | None = None,
        assembler: str | None = None,
        include_folders: Sequence[str] = (),
        measure_with: str = "installed",
    ) -> None:
        # One stays for the next keystroke.
        super().__init__("irlens.llvm.worker", workers, memory_limit_mb, keep=1)
        self.time_limit_s = time_limit_s
        self.memory_limit_mb = memory_limit_mb
        self._opt_setting = opt
        self._assembler_setting = assembler
        self._measure_with = measure_with
        self._workers = workers
        self._assemblers: WorkerClient | None = None
        self._include_folders = tuple(include_folders)
        self._encoders: WorkerClient | None = None
        self._dumpers: WorkerClient | None = None
        self._lock = threading.Lock()
        self._version: dict[str, str] | None = None

    def parse(
        self, ir: str | bytes, *, timeout_s: float | None = None, cancel: CancelToken | None = None
    ) -> ParseResult:
        """Parse and verify. Never raises `LLVMRefused`: the diagnostics are the answer."""
        answer = self._job("parse", _bytes(ir), {}, timeout_s, cancel)
        found = (*_diagnostics(answer.header["diagnostics"]), *parser_warnings(answer.stderr))
        return ParseResult(answer.header["parsed"], answer.header["verified"], found)

    def outline(
        self,
        ir: str | bytes,
        triple: str | None = None,
        *,
        opt_level: int = 2,
        counts_only: bool = False,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Outline:
        """The module's functions with instruction counts and, unless `counts_only`, their sizes in its object.

        `triple` None is the module's own, or x86-64 Linux where it names none. Where the module cannot be
        lowered, or lowering kills the worker, sizes are None and `why` says so.
        """
        arguments = {"triple": triple, "opt_level": opt_level}
        if counts_only:
            arguments = {"count_only": True}
        why = ""
        # A function without a name has no symbol to be measured by.
        names = unnamed.named(ir if isinstance(ir, str) else ir.decode("utf-8", "surrogateescape"))
        block = _bytes(ir) if not names.prefix else _bytes(names.text)
        try:
            header = self._job("outline", block, arguments, timeout_s, cancel).header
        except (LLVMStopped, LLVMRefused) as error:
            if counts_only:
                raise
            # Either code generation, or the text itself: counting alone tells which.
            why = str(error)
            counting = {"count_only": True}
            header = self._job("outline", block, counting, timeout_s, cancel).header
        sizes = Sizes(**header["sizes"]) if header["sizes"] else None
        by_symbol = sizes.functions if sizes else {}
        functions = tuple(
            FunctionFacts(
                names.number(facts["name"]),
                facts["instructions"],
                facts["blocks"],
                by_symbol.get(facts["name"].removeprefix("\x01")),
            )
            for facts in header["functions"]
        )
        count = sum(facts.instructions for facts in functions)
        return Outline(header["triple"], functions, count, sizes, why or header["why"])

    def lower(
        self,
        ir: str | bytes,
        triple: str | None = None,
        *,
        opt_level: int = 2,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> str:
        """The module's assembly, position-independent: code generation at `opt_level` 0 to 3, no passes."""
        arguments = {"triple": triple, "opt_level": opt_level}
        return self._lowering("lower", ir, arguments, timeout_s, cancel).decode("utf-8", "replace")

    def emit_object(
        self,
        ir: str | bytes,
        triple: str | None = None,
        *,
        opt_level: int = 2,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> bytes:
        """The module's object file, as `lower`."""
        return self._lowering(
            "emit_object", ir, {"triple": triple, "opt_level": opt_level}, timeout_s, cancel
        )

    def assemble(
        self,
        text: str | bytes,
        triple: str,
        *,
        built_in: bool = False,
        types: bool = False,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Assembled:
        """Assemble a `.s` (AT&T, or what its directives choose). Errors are in the answer's diagnostics.

        The program that the setting `llvm.assembler` names does it, for every target it has. Else llvmlite
        does it for this host's architecture, and for another one an installed llvm-mc, clang or GNU as. What LLVM
        refuses, an installed GNU as is asked about (see `second_opinion`), unless the setting names a program.
        Raises `Unrunnable` where there is none, or where the program that is named cannot be run.

        With `built_in`, our own assembler (see `built_in`) does it for AArch64 where nothing is installed: for
        an object to run or to lift, not to tell a user what is wrong, since it does not know everything. With `types`, what
        gcc's debug information says of types is kept, for which LLVM's assembler is given more than it needs.

        No assembler opens a file. What `.include` and `.incbin` name below `include_folders` is put in its place
        first; with no folders, and for any other file, they are errors of the answer, signed by "irlens".
        """
        try:
            whole = self._complete(text)
        except CannotInclude as cannot:
            found = Diagnostic(cannot.line, None, str(cannot), "error", "file-directive")
            return Assembled(None, (found,), "irlens")
        given = readable(without_nul_comments(without_line_markers(whole.text)))
        made = self._assemble(given.text, triple, built_in, types, timeout_s, cancel)
        if made.by != "irlens" and not self._assembler_setting:
            made = settled(
                made, given.text, lambda again: self._assemble_with_gnu(again, triple, timeout_s, cancel)
            )
        made = content.moved_back(made, given.put_in_front)
        return made if not self._include_folders else content.placed(made, whole)

    def _complete(self, text: str | bytes) -> Completed:
        source = _bytes(text).decode("utf-8", "surrogateescape") if isinstance(text, bytes) else text
        if not self._include_folders:
            return Completed(source, ())
        return complete(source, reader(self._include_folders))

    def _assemble(
        self,
        text: str,
        triple: str,
        built_in: bool,
        types: bool,
        timeout_s: float | None,
        cancel: CancelToken | None,
    ) -> Assembled:
        ours = architecture(triple) == architecture(self._about()["host"])
        chosen = assemblers.named(self._assembler_setting, triple) if self._assembler_setting else None
        for_us = for_llvm(text, types=types)
        if chosen is not None or not ours:
            nul = nul_diagnostic(_bytes(text))
            if nul is not None:
                return Assembled(None, (nul,), "irlens")
            others = [] if ours else assemblers.find(triple)
            for tool in others if chosen is None else [chosen, *others]:
                # The program that was named gets what is there, and its word is the last.
                given = text if tool == chosen or tool.kind == "GNU as" else for_us
                made = assemblers.assemble(
                    tool,
                    _bytes(given),
                    triple,
                    limit_s=self.time_limit_s if timeout_s is None else timeout_s,
                    memory_bytes=self.memory_limit_mb << 20,
                    cancel=cancel,
                )
                if made is not None:
                    return made
            if refused := content.assembly_diagnostics(_bytes(text)):
                return Assembled(None, refused, "irlens")
            if not ours and built_in and self._has_built_in(triple):
                return self._assemble_built_in(_bytes(text), timeout_s, cancel)
            if not ours:
                raise assemblers.no_assembler(triple)
        block = _bytes(for_us)
        try:
            job = {"op": "assemble", "args": {"triple": triple, "fork": _CAN_FORK}}
            answer = self._ask(self._assembler(), job, block, timeout_s, cancel)
        except LLVMRefused as refused:
            if not isinstance(refused.__cause__, WorkerDied):
                raise
            source = block.decode("utf-8", "replace")
            first = assembler_diagnostics(refused.__cause__.stderr, source)
            return Assembled(None, tuple(first), self._by())
        found = _diagnostics(answer.header["diagnostics"])
        by = "irlens" if any(each.code in content.CODES for each in found) else self._by()
        return Assembled(answer.block if answer.header["made"] else None, found, by)

    def object_of(
        self,
        text: str,
        triple: str,
        *,
        wanted: Collection[str] = (),
        types: bool = False,
        cancel: CancelToken | None = None,
    ) -> bytes:
        """The object of an assembly text, by whatever assembler there is, the built-in one too: to run or to
        lift it, or with `types` to read its debug information. With `wanted`, errors inside other functions than those
        cost these alone: a trap stands in their place. Raises `UnusableInput` with the first error where there is no
        object."""
        if (other_format := _NOT_ELF.get(format_of_triple(triple))) is not None:
            raise UnusableInput(other_format)
        if is_in_elf(triple):
            refuse_unread(text, wanted)
            triple = assembler_target(triple)
        made = self.assemble(text, triple, built_in=True, types=types, cancel=cancel)
        errors = [each for each in made.diagnostics if each.severity == "error"]
        if made.object is None and wanted and made.by != "irlens":
            inside = (error_inside(text, function, errors) for function in wanted)
            own = next((each for each in inside if each is not None), None)
            others = None if own else with_traps(text, triple, wanted, errors)
            if own is not None:
                raise UnusableInput(
                    f"`{own.instruction}` at line {own.line + 1} is refused by {made.by}: {own.message}. "
                    "Correct this instruction."
                )
            if others is not None:
                made = self.assemble(others, triple, built_in=True, cancel=cancel)
                errors = [each for each in made.diagnostics if each.severity == "error"]
        if made.object is None:
            where = f"line {errors[0].line + 1}: {errors[0].message}" if errors else "no reason was given"
            raise UnusableInput(
                f"The assembly does not assemble ({where}, says {made.by}). Correct that line and try again."
            )
        return made.object

    def size(
        self, object_file: bytes, *, timeout_s: float | None = None, cancel: CancelToken | None = None
    ) -> Sizes:
        """Sizes of an ELF object as Berkeley `size` counts them, and of its function symbols."""
        return Sizes(**_fields(self._job("size", object_file, {}, timeout_s, cancel).header, Sizes))

    def signatures(
        self,
        ir: str | bytes,
        function: str,
        triple: str | None = None,
        *,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Signatures:
        """How `function` of the module passes its values, and every call in it. Refused where the module does
        not define it."""
        arguments = {"function": function, "triple": triple}
        return signatures_from_json(self._job("signatures", _bytes(ir), arguments, timeout_s, cancel).header)

    def signatures_of(
        self,
        ir: str | bytes,
        functions: Sequence[str],
        triple: str | None = None,
        *,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> ModuleSignatures:
        """The same of many functions, for which the module is read once. What one of them does to LLVM costs the others
        nothing. `timeout_s` is for each job of some hundred functions. Raises `Cancelled` only."""
        block = _bytes(ir)
        own: dict[str, Signature] = {}
        calls: dict[Signature, None] = {}
        unreadable: dict[str, str] = {}
        left = [functions[at : at + _AT_ONCE] for at in range(0, len(functions), _AT_ONCE)][::-1]
        while left:
            names = left.pop()
            arguments = {"functions": list(names), "triple": triple}
            try:
                answer = self._job("signatures_of", block, arguments, timeout_s, cancel)
            except LLVMStopped as stopped:
                if len(names) == 1:
                    unreadable[names[0]] = str(stopped)
                else:
                    half = len(names) // 2
                    left += [names[half:], names[:half]]
                continue
            except LLVMRefused as refused:  # the module, whatever is asked of it
                unreadable |= dict.fromkeys((*names, *(name for rest in left for name in rest)), str(refused))
                break
            found = module_signatures_from_json(answer.header)
            own |= found.own
            calls.update(dict.fromkeys(found.calls))
            unreadable |= found.unreadable
        return ModuleSignatures(own, tuple(calls), unreadable)

    def run_passes(
        self,
        ir: str | bytes,
        pipeline: str,
        *,
        opt_first: bool = False,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> PassRun:
        """Run a pass pipeline: in llvmlite where it can express it, else in an installed `opt`; with `opt_first` in
        that one, where it can read the IR and has the passes.

        Also raises `irlens.ir.pipeline.PipelineError` for a malformed text, and `Unrunnable` with the names
        of what no runner at hand can run (or can read this IR for).
        """
        return self._run_pipeline(_bytes(ir), pipeline, (), opt_first, timeout_s, cancel)

    def dump_passes(
        self,
        ir: str | bytes,
        pipeline: str,
        function: str,
        *,
        whole_module: bool = True,
        opt_first: bool = False,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> PassRun:
        """Run a pipeline as `run_passes` does, with LLVM's report of what each pass changed of `function` (see
        `irlens.ir.pass_dump`): the whole module at each change, or the function alone."""
        options = ["-print-changed"]
        if "," not in function:  # the option takes a list; such a name is reported among all the others
            options.append(f"-filter-print-funcs={function}")
        if whole_module:
            options.append("-print-module-scope")
        return self._run_pipeline(_bytes(ir), pipeline, tuple(options), opt_first, timeout_s, cancel)

    def printed(
        self,
        ir: str | bytes,
        by: str = "",
        *,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> str:
        """The module with no pass run, as `by` (of a `PassRun`; llvmlite where none is named) prints it: what its `ir`
        differs from by its passes alone. Raises as `run_passes`."""
        if not by or by == self._by():
            return self._job("run_steps", _bytes(ir), {"steps": []}, timeout_s, cancel).block.decode(
                "utf-8", "replace"
            )
        return self._run_in_opt(_bytes(ir), "verify", ("verify",), (), timeout_s, cancel).ir

    def _run_pipeline(
        self,
        block: bytes,
        pipeline: str,
        dump: tuple[str, ...],
        opt_first: bool,
        timeout_s: float | None,
        cancel: CancelToken | None,
    ) -> PassRun:
        """`dump` has the options of a report, where one is wanted."""
        pipe, repairs = repair(pipeline, LLVMLITE_RELEASE)
        pass_policy.check(pipe)
        chosen = plan(pipe)
        if opt_first and not chosen.missing and opt.usable(self._opt_setting) is not None:
            try:
                return self._run_in_opt(block, pipeline, (), dump, timeout_s, cancel)
            except (Unrunnable, PipelineError):
                pass  # a pass or IR newer than that one
        if chosen.missing:
            return self._run_in_opt(block, pipeline, chosen.missing, dump, timeout_s, cancel)
        steps: dict[str, Any] = {"steps": [asdict(step) for step in chosen.steps]}
        if dump:
            job = {"op": "dump_steps", "args": {**steps, "options": list(dump)}}
            answer = self._ask(self._dumper(), job, block, timeout_s, cancel)
        else:
            answer = self._job("run_steps", block, steps, timeout_s, cancel)
        repairs += size_repairs(pipe, answer.header["attributes"])
        at = answer.header.get("module_at", 0)
        report, text = (part.decode("utf-8", "replace") for part in (answer.block[:at], answer.block[at:]))
        return PassRun(text, self._by(), print_pipeline(pipe), repairs, report)

    def _run_in_opt(
        self,
        block: bytes,
        pipeline: str,
        missing: tuple[str, ...],
        dump: tuple[str, ...],
        timeout_s: float | None,
        cancel: CancelToken | None,
    ) -> PassRun:
        tool = opt.usable(self._opt_setting)
        if tool is None:
            raise Unrunnable(
                f"llvmlite cannot run {opt.named(missing)}. {opt.why_none(self._opt_setting)}", missing
            )
        pipe, repairs = repair(pipeline, tool.release)
        pass_policy.check(pipe)
        text = print_pipeline(pipe)
        limit = self.time_limit_s if timeout_s is None else timeout_s
        try:
            memory, report = self.memory_limit_mb << 20, ""
            if dump:
                ir, report = opt.dump(
                    tool, block, text, dump, limit_s=limit, memory_bytes=memory, cancel=cancel
                )
            else:
                ir = opt.run(tool, block, text, limit_s=limit, memory_bytes=memory, cancel=cancel)
        except opt.CannotRead as unread:
            parsed = self.parse(block, timeout_s=timeout_s, cancel=cancel)
            if not parsed.verified:
                first = parsed.diagnostics[0]
                raise LLVMRefused(
                    f"LLVM refuses this IR: line {first.line + 1}: {first.message}. Mend it and try again.",
                    parsed.diagnostics,
                ) from unread
            raise Unrunnable(
                f"llvmlite cannot run {opt.named(missing)}, and {tool.name} cannot read this IR, which is "
                f"written for a newer LLVM (line {unread.line + 1}: {unread.message}). Give an `opt` of "
                f"LLVM {self._about()['llvm'].partition('.')[0]} in the setting `llvm.opt` (`--opt` in a shell).",
                missing,
            ) from unread
        return PassRun(ir, tool.name, text, repairs, report)

    def versions(self) -> dict[str, Any]:
        """What is at hand: `llvmlite`, `llvm` and `host` as text, `opt` as a list of every one found (path,
        version, usable, why_not), `assemblers` by architecture, first choice first."""
        return {
            **self._about(),
            "opt": [
                {
                    "path": found.path,
                    "version": found.version,
                    "usable": found.usable,
                    "why_not": found.why_not,
                }
                for found in opt.find(self._opt_setting)
            ],
            "assemblers": {arch: self._assemblers_for(arch) for arch in ("x86_64", "aarch64")},
        }

    @property
    def measure_with(self) -> str:
        """Which LLVM was asked to measure: `installed` or `llvmlite`."""
        return self._measure_with

    @property
    def opt_setting(self) -> str | None:
        """The `opt` that was asked for; None is whatever is found."""
        return self._opt_setting

    def llvmlite_name(self) -> str:
        """llvmlite and its LLVM, with their versions."""
        return self._by()

    def llvm_name(self) -> str:
        """The LLVM that parses and verifies, with its version."""
        return f"LLVM {self._about()['llvm']}"

    def other_release_that_reads(self, ir: str | bytes, *, cancel: CancelToken | None = None) -> str | None:
        """The installed `opt`, with its version, where it is of another release than our LLVM and takes the module, its
        verifier too. None where it is not there, is of the same release, or takes it no more than ours. Raises
        `Cancelled`."""
        tool = opt.usable(self._opt_setting)
        if tool is None or tool.release == LLVMLITE_RELEASE:
            return None
        try:
            opt.run(
                tool,
                _bytes(ir),
                "verify",
                limit_s=self.time_limit_s,
                memory_bytes=self.memory_limit_mb << 20,
                cancel=cancel,
            )
        except (IrlensError, opt.CannotRead):
            return None
        return tool.name

    def close(self) -> None:
        """Kill the workers. Jobs under way end in `Cancelled`."""
        super().close()
        for others in (self._assemblers, self._encoders, self._dumpers):
            if others is not None:
                others.close()

    def _assemblers_for(self, arch: str) -> list[str]:
        triple = f"{arch}-unknown-linux-gnu"
        ours = [self._by()] if arch == architecture(self._about()["host"]) else []
        found = [f"{tool.name} ({tool.path})" for tool in assemblers.find(triple)]
        if not self._assembler_setting:
            return [*ours, *found]
        try:
            chosen = assemblers.named(self._assembler_setting, triple)
        except Unrunnable:
            return []  # nothing is assembled until the setting is mended
        return [*([f"{chosen.name} ({chosen.path})"] if chosen else []), *ours, *found]

    def _about(self) -> dict[str, str]:
        if self._version is None:
            header = self._job("version", b"", {}, None, None).header
            self._version = {name: header[name] for name in ("llvmlite", "llvm", "host")}
        return self._version

    def _by(self) -> str:
        about = self._about()
        return f"llvmlite {about['llvmlite']} (LLVM {about['llvm']})"

    def _assemble_with_gnu(
        self, text: str, triple: str, timeout_s: float | None, cancel: CancelToken | None
    ) -> Assembled | None:
        """GNU as's answer; None where there is none for the target."""
        for tool in assemblers.find_gnu(triple):
            return assemblers.assemble(
                tool,
                _bytes(text),
                triple,
                limit_s=self.time_limit_s if timeout_s is None else timeout_s,
                memory_bytes=self.memory_limit_mb << 20,
                cancel=cancel,
            )
        return None

    def _has_built_in(self, triple: str) -> bool:
        return architecture(triple) == "aarch64" and architecture(self._about()["host"]) == "x86_64"

    def _assemble_built_in(
        self, text: bytes, timeout_s: float | None, cancel: CancelToken | None
    ) -> Assembled:
        def encode(instructions: Sequence[str]) -> list[int | None]:
            block = to_utf8("\n".join(instructions))
            answer = self._ask(self._encoder(), {"op": "encode", "args": {}}, block, timeout_s, cancel)
            words: list[int | None] = answer.header["words"]
            return words

        def assemble_for_host(source: str) -> Assembled:
            return self.assemble(source, self._about()["host"], timeout_s=timeout_s, cancel=cancel)

        return assemble_aarch64(text.decode("utf-8", "replace"), encode, assemble_for_host)

    def _assembler(self) -> WorkerClient:
        """The workers that assemble for this host, started when they are first needed."""
        with self._lock:
            if self._assemblers is None:
                self._assemblers = WorkerClient(
                    "irlens.llvm.assembler_worker", self._workers, self.memory_limit_mb
                )
            return self._assemblers

    def _encoder(self) -> WorkerClient:
        """The one worker that owns keystone, started when it is first needed."""
        with self._lock:
            if self._encoders is None:
                self._encoders = WorkerClient("irlens.llvm.keystone_worker", 1, self.memory_limit_mb)
            return self._encoders

    def _dumper(self) -> WorkerClient:
        """The worker that runs passes under LLVM's report, started when it is first needed."""
        with self._lock:
            if self._dumpers is None:
                self._dumpers = WorkerClient("irlens.llvm.dump_worker", 1, self.memory_limit_mb)
            return self._dumpers

    def _lowering(
        self,
        operation: str,
        ir: str | bytes,
        arguments: dict[str, Any],
        timeout_s: float | None,
        cancel: CancelToken | None,
    ) -> bytes:
        return self._job(operation, _bytes(ir), arguments, timeout_s, cancel).block

    def _job(
        self,
        operation: str,
        block: bytes,
        arguments: dict[str, Any],
        timeout_s: float | None,
        cancel: CancelToken | None,
    ) -> Answer:
        return self._ask(self, {"op": operation, "args": arguments}, block, timeout_s, cancel)

    def _ask(
        self,
        of: WorkerClient,
        job: dict[str, Any],
        block: bytes,
        timeout_s: float | None,
        cancel: CancelToken | None,
    ) -> Answer:
        limit = self.time_limit_s if timeout_s is None else timeout_s
        try:
            answer = of.run(job, block, limit_s=limit, cancel=cancel)
        except WorkerTimedOut as late:
            raise LLVMStopped(f"LLVM timed out after {late.seconds:g} s. {HOW_TO_GIVE_TIME}") from late
        except WorkerDied as death:
            found = codegen_diagnostics(death.stderr, block) if death.returncode == 1 else []
            if found:
                raise LLVMRefused(
                    f"LLVM refuses this input: line {found[0].line + 1}: {found[0].message}. "
                    "Mend it and try again.",
                    tuple(found),
                ) from death
            raise _stopped(death) from death
        if "stopped" in answer.header:
            raise LLVMStopped(f"LLVM stopped on this input: {answer.header['stopped']}. {_ADVICE}")
        if "refused" in answer.header:
            raise LLVMRefused(answer.header["refused"], _diagnostics(answer.header.get("diagnostics", [])))
        return answer


def _stopped(death: WorkerDied) -> LLVMStopped:
    cause = cause_of_death(death.returncode, death.stderr)
    if not death.started:
        return LLVMStopped(
            f"The LLVM worker does not start: {cause}. Check that llvmlite is installed with irlens "
            "(`irlens doctor`)."
        )
    return LLVMStopped(f"LLVM stopped on this input: {cause}. {_ADVICE}")


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else to_utf8(text)


def _diagnostics(items: list[dict[str, Any]]) -> tuple[Diagnostic, ...]:
    return tuple(Diagnostic(**item) for item in items)


def _fields(header: dict[str, Any], of: Any) -> dict[str, Any]:
    return {field.name: header[field.name] for field in fields(of)}
