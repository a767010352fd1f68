"""llvmlite for the data stages: parse, clean, lower, measure; no isolation, since the input is our own.

A call may still end the process (llvmlite asserts): stages that use it on many inputs do so in child processes
and lose at most one piece of work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from irlens.asm.normal import NormalAsm, normalise
from irlens.errors import UnusableInput
from irlens.ir.pipeline import parse_pipeline
from irlens.llvm.plan import plan
from irlens.training.llc import Llc

TRIPLES = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu")


class Bench:
    """Targets, set up once. `llc` lowers what `lift` shows, where that is not this LLVM."""

    def __init__(self, llc: Llc | None = None) -> None:
        import llvmlite.binding as llvm

        self.llc = llc
        from irlens.llvm.processor import processor_of

        llvm.initialize_all_targets()
        llvm.initialize_all_asmprinters()
        self._llvm = llvm
        self._all_machines = {
            (triple, level): llvm.Target.from_triple(triple).create_target_machine(
                cpu=processor_of(triple), opt=level, reloc="pic", codemodel="small"
            )
            for triple in TRIPLES
            for level in (0, 1, 2)
        }
        self._machines = {triple: self._all_machines[triple, 2] for triple in TRIPLES}

    def parse(self, ir: str, triple: str = TRIPLES[0]) -> Any:
        """A verified module for `triple`. Raises `RuntimeError` where LLVM says no."""
        module = self._llvm.parse_assembly(ir, context=self._llvm.create_context())
        module.triple = triple
        module.data_layout = str(self._machines[triple].target_data)
        module.verify()
        return module

    def run(self, module: Any, pipeline: str, triple: str = TRIPLES[0]) -> None:
        """Run `default<O1>`, `default<O2>`, `default<Oz>` (O2 with size attributes, as LLVM 22 has it) or one
        function pass by its name."""
        llvm = self._llvm
        speed = 1 if pipeline == "default<O1>" else 2
        tuning = llvm.create_pipeline_tuning_options(speed_level=speed)
        tuning.loop_vectorization = tuning.slp_vectorization = speed > 1
        tuning.loop_interleaving = tuning.loop_unrolling = True
        builder = llvm.create_pass_builder(self._machines[triple], tuning)
        if pipeline.startswith("default<"):
            if pipeline == "default<Oz>":
                for function in module.functions:
                    if not function.is_declaration:
                        function.add_function_attribute("optsize")
                        function.add_function_attribute("minsize")
            builder.getModulePassManager().run(module, builder)
            return
        manager = llvm.create_new_module_pass_manager()
        getattr(manager, _METHODS[pipeline])()
        manager.run(module, builder)

    def run_list(self, module: Any, passes: str, triple: str = TRIPLES[0]) -> None:
        """Run a pass list as the product runs it in llvmlite (`irlens.llvm.plan`). Raises `ValueError` where a pass
        of it is left to `opt`."""
        from irlens.llvm.ops_passes import run_steps

        chosen = plan(parse_pipeline(passes))
        if chosen.missing:
            raise ValueError(f"llvmlite has no {', '.join(chosen.missing)}; name other passes")
        run_steps(module, self._machines[triple], [asdict(step) for step in chosen.steps])

    def cleaned(self, ir: str, pipelines: Sequence[str]) -> str:
        """The module's text after the pipelines. The triple becomes x86-64's."""
        module = self.parse(ir)
        for pipeline in pipelines:
            self.run(module, pipeline)
        return str(module)

    def text(self, module: Any, triple: str, codegen: int = 2) -> str:
        """The module's assembly at a level of code generation. Raises `RuntimeError`."""
        return self._all_machines[triple, codegen].emit_assembly(module)

    def assembly(self, module: Any, triple: str, function: str, codegen: int = 2) -> NormalAsm | None:
        """The function's code in normal form; None where it cannot be lowered or normalised."""
        try:
            return normalise(self.text(module, triple, codegen), function, triple)
        except (RuntimeError, UnusableInput):
            return None

    def object(self, module: Any, triple: str, codegen: int = 2) -> bytes:
        return self._all_machines[triple, codegen].emit_object(module)


_METHODS = {
    "instcombine": "add_instruction_combine_pass",
    "simplifycfg": "add_simplify_cfg_pass",
    "sroa": "add_sroa_pass",
    "newgvn": "add_new_gvn_pass",
    "reassociate": "add_reassociate_pass",
    "sccp": "add_sccp_pass",
    "adce": "add_aggressive_dce_pass",
}
