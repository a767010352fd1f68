"""Loading a model in the worker: the engine by its name, as many layers on the GPU as fit, fewer where that fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from irlens.errors import ModelUnavailable
from irlens.model.engine import Engine, EngineOptions
from irlens.model.engines.common import context_of
from irlens.model.engines.devices import devices_of
from irlens.model.gguf_header import read_header
from irlens.model.gpu import Fit, fit

_GPU_BATCH = 512
"""Of both engines, where nobody says otherwise."""


def load_engine(
    name: str, path: str, options: EngineOptions, placing: Callable[[int], None] = lambda layers: None
) -> tuple[Engine, str]:
    """Load what is at `path` with the engine of that name (`model.choice`); also says why it lies where it does.
    `placing` is told how many layers are about to be placed on a GPU, since a driver can end the process over that.
    Raises `ModelUnavailable`."""
    if name == "server":
        from irlens.model.engines.served import ServedEngine

        return ServedEngine(path, options), "where the server has it"
    load = _loader(name)
    if options.gpu_layers is not None:
        return load(path, options), f"gpuLayers is set to {options.gpu_layers}"
    placed = plan(name, path, options)
    layers, why = placed.layers, placed.why
    while True:
        placing(layers)
        try:
            return load(path, replace(options, gpu_layers=layers)), why
        except ModelUnavailable as problem:
            if layers == 0:
                raise
            # What was counted was too little, or the driver says no: less, and in the end none.
            why = f"{layers} of {placed.of} layers could not be loaded ({problem})"
            layers //= 2


def plan(name: str, path: str, options: EngineOptions) -> Fit:
    """How many layers would be placed on the GPU, and why."""
    header = read_header(path)
    devices, why = devices_of(name)
    if not devices:
        return Fit(0, 0, 0, why)
    context = context_of(header, options.context)
    batch = min(options.batch_size or _GPU_BATCH, context)
    old = name == "ctransformers"
    return fit(header, context, batch, devices, flash_attention=not old, cache_last=old)


def _loader(name: str) -> Callable[[str, EngineOptions], Engine]:
    if name == "llama-cpp-python":
        from irlens.model.engines.llama_cpp import LlamaCppEngine

        return LlamaCppEngine
    from irlens.model.engines.ctransformers import CTransformersEngine

    return CTransformersEngine
