"""Which GPUs an engine can use here, and how much of their memory is free. Asked in the model worker.

llama-cpp-python is asked itself: its library knows every GPU that it was built for, by CUDA, Metal or Vulkan.
ctransformers knows nothing of the kind: its CUDA library is there or not, and the driver's `nvidia-smi` tells the
memory.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from functools import lru_cache
from importlib.util import find_spec

from irlens.model.gpu import MIB, Device

_QUERY = ("--query-gpu=name,memory.free,memory.total", "--format=csv,noheader,nounits")
_ANSWER_S = 10
_GPU, _INTEGRATED_GPU = 1, 2
"""ggml_backend_dev_type: what is no CPU and no helper of it. An integrated GPU shares the machine's memory."""


@lru_cache(maxsize=4)
def devices_of(engine: str) -> tuple[list[Device], str]:
    """The GPUs, or none and why. Asked once in a process: it is confined afterwards."""
    return _of_llama_cpp() if engine == "llama-cpp-python" else _of_ctransformers()


def _of_llama_cpp() -> tuple[list[Device], str]:
    import llama_cpp

    if not llama_cpp.llama_supports_gpu_offload():
        return (
            [],
            "this llama-cpp-python was built for the CPU alone (docs/engines.md says how to get another)",
        )
    from llama_cpp import _ggml

    ggml = _ggml.libggml
    for name, kind in (
        ("ggml_backend_dev_count", ctypes.c_size_t),
        ("ggml_backend_dev_get", ctypes.c_void_p),
        ("ggml_backend_dev_type", ctypes.c_int),
        ("ggml_backend_dev_description", ctypes.c_char_p),
    ):
        getattr(ggml, name).restype = kind
    found = []
    for number in range(ggml.ggml_backend_dev_count()):
        device = ctypes.c_void_p(ggml.ggml_backend_dev_get(ctypes.c_size_t(number)))
        if ggml.ggml_backend_dev_type(device) in (_GPU, _INTEGRATED_GPU):
            free, total = ctypes.c_size_t(), ctypes.c_size_t()
            ggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
            name = ggml.ggml_backend_dev_description(device).decode("utf-8", "replace")
            found.append(Device(name, free.value, total.value))
    return found, "" if found else "llama.cpp finds no GPU"


def _of_ctransformers() -> tuple[list[Device], str]:
    try:
        installed = find_spec("nvidia.cuda_runtime") and find_spec("nvidia.cublas")
    except ModuleNotFoundError:
        installed = None
    if not installed:
        return [], "the CUDA libraries of ctransformers are not installed (pip install 'irlens[cuda]')"
    found, why = of_the_driver()
    # It places everything on the first.
    return found[:1], why


def of_the_driver() -> tuple[list[Device], str]:
    """The GPUs that `nvidia-smi` tells of."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return [], "no NVIDIA driver was found (nvidia-smi is not on PATH)"
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None and visible.strip() in ("", "-1"):
        return [], "CUDA_VISIBLE_DEVICES hides every GPU"
    chosen = ["-i", visible] if visible is not None else []
    try:
        answer = subprocess.run(
            [tool, *chosen, *_QUERY], capture_output=True, text=True, timeout=_ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return [], f"nvidia-smi does not answer: {problem}"
    found = []
    for line in answer.stdout.splitlines():
        name, free, total = (
            (part.strip() for part in line.rsplit(",", 2)) if line.count(",") >= 2 else ("", "", "")
        )
        if free.isdigit() and total.isdigit():
            found.append(Device(name, int(free) * MIB, int(total) * MIB))
    said = " ".join((answer.stderr or answer.stdout).split())[:200]
    return found, "" if found else f"nvidia-smi tells of no GPU: {said or 'it says nothing'}"
