"""The way to LLVM for everybody else: `class LLVM`, synchronous and thread-safe.

It starts warm worker processes on first use, gives each job a time limit and a memory limit, and turns a
worker's death into one `LLVMStopped`. It must not import llvmlite: that is the workers' alone.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from irlens.asm.includes import CannotInclude, Completed, complete
from irlens.cancel import CancelToken
from irlens.errors import LLVMRefused, LLVMStopped, Unrunnable, UnusableInput
from irlens.ir import pass_policy
from irlens.ir.pipeline import print_pipeline
from irlens.ir.repair import repair
from irlens.llvm import assemblers, content, opt
from irlens.llvm.answers import Assembled, Diagnostic, FunctionFacts, Outline, ParseResult, PassRun, Sizes
from irlens.llvm.assemblers import architecture
from irlens.llvm.built_in import assemble as assemble_aarch64
from irlens.llvm.include_files import reader
from irlens.llvm.plan import plan, size_repairs
from irlens.llvm.reports import (
    assembler_diagnostics,
    cause_of_death,
    codegen_diagnostics,
    nul_diagnostic,
    parser_warnings,
)
from irlens.llvm.signatures import Signatures, signatures_from_json
from irlens.source.positions import to_utf8
from irlens.workers.client import WorkerClient
from irlens.workers.pool import Answer, WorkerDied, WorkerTimedOut

LLVMLITE_RELEASE = 22
"""The LLVM of the llvmlite that pyproject asks for: pass names are repaired to its spelling."""
_CAN_FORK = hasattr(os, "fork")
_ADVICE = "Shorten or correct the input; irlens goes on with a fresh worker."


class LLVM(WorkerClient):
    """LLVM behind `workers` warm processes. Use as a context manager, or call `close`.

    Every operation takes IR as `str` (or `bytes`, passed on as they are) and, as keywords, `timeout_s`
    (seconds of the job itself, without waiting for a free worker; default `time_limit_s`) and `cancel`.
    `include_folders` are those below which assembly may include files.
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
    ) -> None:
        super().__init__("irlens.llvm.worker", workers, memory_limit_mb)
        self.time_limit_s = time_limit_s
        self.memory_limit_mb = memory_limit_mb
        self._opt_setting = opt
        self._assembler_setting = assembler
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
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Outline:
        """The module's functions with instruction counts and their sizes in its object.

        `triple` None is the module's own, or x86-64 Linux where it names none. Where the module cannot be
        lowered, or lowering kills the worker, sizes are None and `why` says so.
        """
        arguments = {"triple": triple, "opt_level": opt_level}
        why = ""
        try:
            header = self._job("outline", _bytes(ir), arguments, timeout_s, cancel).header
        except (LLVMStopped, LLVMRefused) as error:
            # Either code generation, or the text itself: counting alone tells which.
            why = str(error)
            counting = {"count_only": True}
            header = self._job("outline", _bytes(ir), counting, timeout_s, cancel).header
        sizes = Sizes(**header["sizes"]) if header["sizes"] else None
        by_symbol = sizes.functions if sizes else {}
        functions = tuple(
            FunctionFacts(
                facts["name"],
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
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Assembled:
        """Assemble a `.s` (AT&T, or what its directives choose). Errors are in the answer's diagnostics.

        The program that the setting `llvm.assembler` names does it, for every target it has. Else llvmlite
        does it for this host's architecture, and for another one an installed llvm-mc, clang or GNU as.
        Raises `Unrunnable` where there is none, or where the program that is named cannot be run.

        With `built_in`, our own assembler (see `built_in`) does it for AArch64 where nothing is installed: for
        an object to run or to lift, not to tell a user what is wrong, since it does not know everything.

        No assembler opens a file. What `.include` and `.incbin` name below `include_folders` is put in its place
        first; with no folders, and for any other file, they are errors of the answer, signed by "irlens".
        """
        try:
            whole = self._complete(text)
        except CannotInclude as cannot:
            found = Diagnostic(cannot.line, None, str(cannot), "error", "file-directive")
            return Assembled(None, (found,), "irlens")
        made = self._assemble(whole.text, triple, built_in, timeout_s, cancel)
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
        timeout_s: float | None,
        cancel: CancelToken | None,
    ) -> Assembled:
        ours = architecture(triple) == architecture(self._about()["host"])
        chosen = assemblers.named(self._assembler_setting, triple) if self._assembler_setting else None
        if chosen is not None or not ours:
            nul = nul_diagnostic(_bytes(text))
            if nul is not None:
                return Assembled(None, (nul,), "irlens")
            others = [] if ours else assemblers.find(triple)
            for tool in others if chosen is None else [chosen, *others]:
                made = assemblers.assemble(
                    tool,
                    _bytes(text),
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
        try:
            job = {"op": "assemble", "args": {"triple": triple, "fork": _CAN_FORK}}
            answer = self._ask(self._assembler(), job, _bytes(text), timeout_s, cancel)
        except LLVMRefused as refused:
            if not isinstance(refused.__cause__, WorkerDied):
                raise
            source = _bytes(text).decode("utf-8", "replace")
            first = assembler_diagnostics(refused.__cause__.stderr, source)
            return Assembled(None, tuple(first), self._by())
        found = _diagnostics(answer.header["diagnostics"])
        by = "irlens" if any(each.code in content.CODES for each in found) else self._by()
        return Assembled(answer.block if answer.header["made"] else None, found, by)

    def object_of(self, text: str, triple: str, *, cancel: CancelToken | None = None) -> bytes:
        """The object of an assembly text, by whatever assembler there is, the built-in one too: to run or to
        lift it. What LLVM refuses is given to an installed GNU as, which takes more of what gcc prints
        (`movsx rax, edi`). Raises `UnusableInput` with LLVM's first error where none takes it."""
        made = self.assemble(text, triple, built_in=True, cancel=cancel)
        if (
            made.object is None
            and made.by != "irlens"
            and (other := self._assemble_with_gnu(text, triple, cancel)) is not None
        ):
            return other
        if made.object is None:
            first = next((d for d in made.diagnostics if d.severity == "error"), None)
            where = f"line {first.line + 1}: {first.message}" if first else "no reason was given"
            raise UnusableInput(
                f"The assembly does not assemble ({where}, says {made.by}). Mend it and try again."
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

    def run_passes(
        self,
        ir: str | bytes,
        pipeline: str,
        *,
        timeout_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> PassRun:
        """Run a pass pipeline: in llvmlite where it can express it, else in an installed `opt`.

        Also raises `irlens.ir.pipeline.PipelineError` for a malformed text, and `Unrunnable` with the names
        of what no runner at hand can run (or can read this IR for).
        """
        return self._run_pipeline(_bytes(ir), pipeline, (), timeout_s, cancel)

    def dump_passes(
        self,
        ir: str | bytes,
        pipeline: str,
        function: str,
        *,
        whole_module: bool = True,
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
        return self._run_pipeline(_bytes(ir), pipeline, tuple(options), timeout_s, cancel)

    def _run_pipeline(
        self,
        block: bytes,
        pipeline: str,
        dump: tuple[str, ...],
        timeout_s: float | None,
        cancel: CancelToken | None,
    ) -> PassRun:
        """`dump` has the options of a report, where one is wanted."""
        pipe, repairs = repair(pipeline, LLVMLITE_RELEASE)
        pass_policy.check(pipe)
        chosen = plan(pipe)
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
    def opt_setting(self) -> str | None:
        """The `opt` that was asked for; None is whatever is found."""
        return self._opt_setting

    def llvmlite_name(self) -> str:
        """llvmlite and its LLVM, with their versions."""
        return self._by()

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

    def _assemble_with_gnu(self, text: str, triple: str, cancel: CancelToken | None) -> bytes | None:
        text = self._complete(text).text
        for tool in assemblers.find(triple):
            if tool.kind == "GNU as":
                made = assemblers.assemble(
                    tool,
                    _bytes(text),
                    triple,
                    limit_s=self.time_limit_s,
                    memory_bytes=self.memory_limit_mb << 20,
                    cancel=cancel,
                )
                return made.object if made is not None else None
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
            raise LLVMStopped(
                f"LLVM stopped on this input: no answer within {late.seconds:g} s. "
                "Shorten the input, or raise the time limit."
            ) from late
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
