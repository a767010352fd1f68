"""Every pass of every LLVM at hand, run under a watch on the file system: what may run touches no file."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from irlens.ir import pass_policy
from irlens.ir.pass_policy import refusals, why_method_refused, why_refused
from irlens.ir.passes import registry
from irlens.ir.pipeline import Pass, parse_pipeline, print_pipeline
from irlens.ir.repair import repair
from irlens.llvm import opt
from support.list_passes import WITH_LEVEL, read_listing
from support.watch_passes import watch

HOSTILE = (Path(__file__).parents[1] / "support" / "hostile.ll").read_text()
POLICY = Path(pass_policy.__file__).with_suffix(".json")
TARGETS = {
    "amdgpu-": "amdgcn-amd-amdhsa",
    "si-": "amdgcn-amd-amdhsa",
    "bpf-": "bpfel",
    "hexagon-": "hexagon",
    "nv": "nvptx64-nvidia-cuda",
    "generic-to-nvvm": "nvptx64-nvidia-cuda",
    "spirv-": "spirv64-unknown-unknown",
    "riscv-": "riscv64-unknown-linux-gnu",
}
VALUES = {"=N": "=1", "=S": "=@PLACE@/parameter", "=GV": "=plain", "=<mode>": "=random", "[indices]": "[0|1]"}
WRITERS = ("insert-gcov-profiling", "dot-cfg", "dot-dom", "dot-callgraph", "dot-ddg")
READERS = ("sample-profile",)


def _needs_strace() -> None:
    if shutil.which("strace") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("strace is not installed: no pass can be watched. Run tests/install-opt.sh.")
        pytest.skip("strace is not installed")


def _libraries() -> list[tuple[opt.Opt, str]]:
    """Each `opt` that irlens would use, with the libLLVM that the system loads for it."""
    found = []
    for tool in opt.find():
        loaded = subprocess.run(["ldd", tool.path], capture_output=True, text=True, check=False).stdout
        path = re.search(r"libLLVM\S* => (\S+)", loaded)
        if tool.usable and path is not None:
            found.append((tool, path[1]))
    if not found and os.environ.get("CI") == "true":
        pytest.fail("No opt with a libLLVM of its own is installed. Run tests/install-opt.sh.")
    if not found:
        pytest.skip("no opt with a libLLVM of its own is installed")
    return found


def _module(folder: Path, triple: str = "") -> Path:
    """The hostile module, which names files in `folder`; there is one to read and a folder to write into."""
    place = folder / "hostile"
    place.mkdir(exist_ok=True)
    (place / "source.c").write_text("secret\n")
    text = HOSTILE.replace("@PLACE@", str(place))
    if triple:
        text = "\n".join(line for line in text.splitlines() if not line.startswith("target datalayout"))
        text = text.replace("x86_64-unknown-linux-gnu", triple)
    path = folder / f"{triple or 'x86_64'}.ll"
    path.write_text(text)
    return path


def _everything(tool: opt.Opt, place: str) -> list[str]:
    """Each pass of this LLVM alone, with each of its parameters, each analysis, and LLVM's own pipelines."""
    said = subprocess.run([tool.path, "--print-passes"], capture_output=True, text=True, check=True).stdout
    listed = read_listing(said)
    names = set(listed["passes"]) | {name for name, info in registry().items() if tool.release in info.llvm}
    for name, kinds in listed["passes"].items():
        for parameter in ";".join(kinds.values()).split(";"):
            for placeholder, value in VALUES.items():
                parameter = parameter.replace(placeholder, value.replace("@PLACE@", place))
            names |= {f"{name}<{parameter}>"} if parameter else set()
    names |= {f"{verb}<{name}>" for verb in ("require", "invalidate") for name in listed["analyses"]}
    names |= {f"{name}<{level}>" for name in WITH_LEVEL for level in ("O0", "O1", "O2", "O3", "Os", "Oz")}
    return sorted({print_pipeline(repair(name, tool.release)[0]) for name in names})


@pytest.mark.timeout(600)
def test_no_pass_that_may_run_touches_a_file(tmp_path: Path) -> None:
    _needs_strace()
    for number, (tool, path) in enumerate(_libraries()):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        module = _module(folder)
        passes = _everything(tool, str(folder / "hostile"))
        did = watch(path, passes, [module], folder)
        may = {text for text in passes if not refusals(parse_pipeline(text))}
        assert {text: calls for text, calls in did.items() if text in may} == {}, tool.name
        # The watch sees: what must be caught is caught, else the line above says nothing.
        caught = {element.name for text in did for element in parse_pipeline(text).passes}
        caught |= {
            child.name for text in did for top in parse_pipeline(text).passes for child in top.children
        }
        assert {*WRITERS, *READERS} <= caught | {"dot-ddg"}, tool.name
        assert any(".gcno" in call for calls in did.values() for call in calls)
        # Most of what is listed may run, and all of it is known by name.
        unknown = [
            text
            for text in passes
            for refusal in refusals(parse_pipeline(text))
            if "not know this pass" in refusal.why
        ]
        assert unknown == [], tool.name
        assert len(may) > 0.9 * len(passes)


@pytest.mark.timeout(600)
def test_no_pass_of_a_target_touches_a_file(tmp_path: Path) -> None:
    _needs_strace()
    allowed = json.loads(POLICY.read_text())["allowed_of_targets"]
    for number, (tool, path) in enumerate(_libraries()):
        for prefix, triple in TARGETS.items():
            folder = tmp_path / f"{number}{prefix}"
            folder.mkdir()
            module = _module(folder, triple)
            passes = [name for name in allowed if name.startswith(prefix)]
            assert watch(path, passes, [module], folder) == {}, (tool.name, triple)


def test_no_method_of_llvmlite_that_may_be_called_touches_a_file(tmp_path: Path) -> None:
    _needs_strace()
    methods = sorted({info.llvmlite_method for info in registry().values() if info.llvmlite_method})
    did = watch("llvmlite", methods, [_module(tmp_path)], tmp_path)
    may = [method for method in methods if not why_method_refused(method)]
    assert {method: calls for method, calls in did.items() if method in may} == {}
    assert "add_cfg_printer_pass" in did  # the watch sees
    assert len(may) > 40


def test_llvmlite_has_no_other_way_to_add_a_pass() -> None:
    """A method that the registry does not name is refused, so a new one has to be watched first."""
    assert why_method_refused("add_nosuch_pass")
    assert why_method_refused("add_cfg_printer_pass")
    assert not why_method_refused("add_sroa_pass")
    assert why_refused(Pass("dot-cfg"))
    assert not why_refused(Pass("sroa"))
