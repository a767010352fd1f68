"""A deeper network that computes the same as the one it grew from, and learns on from there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: make .venv/installed-training")

import torch

from irlens.errors import UnusableInput
from irlens.training import grow, pairs, tokenizer, train
from irlens.training.model import Network, Shape

SHAPE = {"width": 32, "layers": 2, "heads": 2, "feed_forward": 64}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("work")
    pairs.make(made, {"mutated": 1}, 60, 1)
    tokenizer.train(made)
    train.train(made, 0, SHAPE, tokens=20_000, threads=1)
    return made


def _network(saved: dict[str, Any]) -> Network:
    network = Network(Shape(**saved["shape"]))
    network.load_state_dict(saved["network"])
    return network


def test_a_grown_network_answers_as_before_and_learns_with_its_new_layers(work: Path, tmp_path: Path) -> None:
    old = torch.load(work / "checkpoint.pt", weights_only=True)
    new = grow.grown(old, 3)
    tokens = torch.arange(3, 103)[None]
    with torch.no_grad():
        assert torch.equal(_network(old)(tokens), _network(new)(tokens))
    assert new["shape"] == {**old["shape"], "layers": 3}
    torch.save(new, tmp_path / "checkpoint.pt")
    for name in ("pairs", "tokenizer.model"):
        (tmp_path / name).symlink_to(work / name)
    train.train(tmp_path, 0, {}, tokens=old["state"]["tokens"] + 10_000, threads=1)
    after = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert after["state"]["tokens"] > old["state"]["tokens"]
    for name in grow.WRITES:
        assert not new["network"][f"blk.2.{name}"].any()
        assert after["network"][f"blk.2.{name}"].any()


def test_momenta_stay_with_their_weights(work: Path) -> None:
    old = torch.load(work / "checkpoint.pt", weights_only=True)
    new = grow.grown(old, 4)
    before, after = (train.trained(_network(saved))[0] for saved in (old, new))
    momenta = dict(zip(after, new["muon"], strict=True))
    for name, momentum in zip(before, old["muon"], strict=True):
        layer, rest = name.split(".", 2)[1:]
        assert torch.equal(momenta[f"blk.{2 * int(layer)}.{rest}"], momentum)
        assert not momenta[f"blk.{2 * int(layer) + 1}.{rest}"].any()


def test_weights_alone_grow_too(work: Path) -> None:
    """What the stage `warm` makes has no momenta."""
    old = torch.load(work / "checkpoint.pt", weights_only=True)
    new = grow.grown({name: old[name] for name in ("network", "state", "shape")}, 4)
    assert set(new) == {"network", "state", "shape"}
    tokens = torch.arange(3, 103)[None]
    with torch.no_grad():
        assert torch.equal(_network(old)(tokens), _network(new)(tokens))


@pytest.mark.parametrize(
    ("old", "new", "from_where"),
    [
        (6, 6, [0, 1, 2, 3, 4, 5]),
        (6, 7, [0, 1, 2, 3, 4, 5, 5]),
        (6, 10, [0, 1, 1, 2, 2, 3, 4, 4, 5, 5]),
        (2, 4, [0, 0, 1, 1]),
    ],
)
def test_new_layers_are_spread(old: int, new: int, from_where: list[int]) -> None:
    plan = grow.layout(old, new)
    assert [layer for layer, _ in plan] == from_where
    assert sum(own for _, own in plan) == old


@pytest.mark.parametrize("new", [5, 13])
def test_a_network_neither_shrinks_nor_more_than_doubles(new: int) -> None:
    with pytest.raises(UnusableInput, match="at most 12 layers"):
        grow.layout(6, new)
