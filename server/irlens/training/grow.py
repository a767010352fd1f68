"""Make of a trained network a deeper one that computes the same, and train that on.

    python -m irlens.training.grow FROM/checkpoint.pt TO/checkpoint.pt --layers 10

New layers stand behind the old ones, spread evenly and the deepest first. Each begins as a copy of the layer before it
with nothing in the two matrices that write to the residual stream, so that the network answers as before; the
gradient of those two matrices is not zero, and they learn at once. Momenta of old weights are kept, new ones start at
zero. What was spent so far (tokens, time, uses of samples) goes on counting.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from irlens.errors import UnusableInput
from irlens.training.model import Network, Shape
from irlens.training.train import trained

WRITES = ("attn_output.weight", "ffn_down.weight")
"""The matrices of a layer that write to the residual stream."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Make a checkpoint of a deeper network that computes the same"
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--layers", type=int, required=True, help="layers of the new network")
    options = parser.parse_args()
    grow(options.source, options.target, options.layers)


def grow(source: Path, target: Path, layers: int) -> None:
    """Write the checkpoint of the deeper network; `target` may be `source`."""
    saved = torch.load(source, weights_only=True, map_location="cpu")
    torch.save(grown(saved, layers), target)


def layout(old: int, new: int) -> list[tuple[int, bool]]:
    """For each layer of the new network the old one it comes from, and whether it is that one itself.

    Raises `UnusableInput` where `new` is not between `old` and twice that.
    """
    if not old <= new <= 2 * old:
        raise UnusableInput(
            f"A network of {old} layers can grow to at most {2 * old} layers. Give --layers from {old} to that."
        )
    added = new - old
    doubled = {old - 1 - number * old // added for number in range(added)} if added else set()
    return [(layer, own) for layer in range(old) for own in ((True, False) if layer in doubled else (True,))]


def grown(saved: dict[str, Any], layers: int) -> dict[str, Any]:
    """The checkpoint of `train` with `layers` layers in place of its own."""
    plan = layout(Shape(**saved["shape"]).layers, layers)
    old = Network(Shape(**saved["shape"]))
    network = Network(Shape(**{**saved["shape"], "layers": layers}))
    network.load_state_dict(
        {
            name: torch.zeros_like(value) if _is_new(name, plan) and name.endswith(WRITES) else value
            for name, value in (
                (name, saved["network"][_source(name, plan)]) for name in network.state_dict()
            )
        }
    )
    return {
        "network": network.state_dict(),
        **(_optimisers(saved, old, network, plan) if "adam" in saved else {}),
        "state": saved["state"],
        "shape": asdict(network.shape),
    }


def _optimisers(
    saved: dict[str, Any], old: Network, network: Network, plan: list[tuple[int, bool]]
) -> dict[str, Any]:
    old_names, names = trained(old), trained(network)
    momenta = dict(zip(old_names[0], saved["muon"], strict=True))
    moments = saved["adam"]["state"]
    numbers = {name: number for number, name in enumerate(old_names[1])}
    [group] = saved["adam"]["param_groups"]
    return {
        "muon": [
            torch.zeros_like(momentum) if _is_new(name, plan) else momentum
            for name, momentum in ((name, momenta[_source(name, plan)]) for name in names[0])
        ],
        "adam": {
            "state": {
                number: moments[numbers[_source(name, plan)]]
                for number, name in enumerate(names[1])
                if not _is_new(name, plan)
            },
            "param_groups": [{**group, "params": list(range(len(names[1])))}],
        },
    }


def _layer(name: str) -> int | None:
    """The layer that a weight belongs to, from `blk.LAYER.REST`."""
    return int(name.split(".")[1]) if name.startswith("blk.") else None


def _source(name: str, plan: list[tuple[int, bool]]) -> str:
    """The old network's name of the weight that a new one begins as."""
    layer = _layer(name)
    return name if layer is None else f"blk.{plan[layer][0]}.{name.split('.', 2)[2]}"


def _is_new(name: str, plan: list[tuple[int, bool]]) -> bool:
    layer = _layer(name)
    return layer is not None and not plan[layer][1]


if __name__ == "__main__":
    main()
