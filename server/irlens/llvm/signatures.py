"""How functions pass their values, as an LLVM worker reads it off a module. Plain frozen data.

Callers see `LLVM.signatures`; the reading is in `ops_signatures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PassedValue:
    """One value that goes into or out of a function.

    `type` is as LLVM prints it; `scalars` are its parts in order (a structure's elements; none for void).
    `attributes` are those of zeroext, signext, inreg, byval, sret and the like that it has. `memory_bytes` is
    the size of what it points to where that is known: a `byval` or `sret` pointer, or (at a call) a local
    variable that is passed by address; else 0.
    """

    type: str
    scalars: tuple[str, ...]
    attributes: tuple[str, ...] = ()
    memory_bytes: int = 0


@dataclass(frozen=True)
class Signature:
    """How a function, or one call, passes its values.

    `name` is empty for a call through a pointer. `parameters` of a call are its arguments, of which the first
    `fixed` are declared and the rest variable. `noreturn`: it is declared so, or nothing can follow the call. `pure`: what a
    call gives depends on its arguments and on memory, and it does nothing else. `convention`: a calling convention that passes
    values otherwise than C's, or an attribute of a value that does; empty for C's.
    """

    name: str
    returns: PassedValue
    parameters: tuple[PassedValue, ...]
    fixed: int
    varargs: bool = False
    noreturn: bool = False
    pure: bool = False
    convention: str = ""


@dataclass(frozen=True)
class Signatures:
    """A function's own signature and the different ones of the calls in it, in order."""

    function: Signature
    calls: tuple[Signature, ...] = ()


@dataclass(frozen=True)
class ModuleSignatures:
    """Of many functions of a module: the signature of each by its name, or why it is not known, and the different ones of
    the calls in all of them, in order."""

    own: dict[str, Signature]
    calls: tuple[Signature, ...]
    unreadable: dict[str, str]


def signatures_from_json(header: dict[str, Any]) -> Signatures:
    """The inverse of `dataclasses.asdict`, for what comes over a wire. Raises `KeyError` or `TypeError` on
    anything else."""
    return Signatures(
        signature_from_json(header["function"]), tuple(signature_from_json(call) for call in header["calls"])
    )


def signature_from_json(item: dict[str, Any]) -> Signature:
    """As `signatures_from_json`, of one."""
    return Signature(
        item["name"],
        _passed(item["returns"]),
        tuple(_passed(value) for value in item["parameters"]),
        item["fixed"],
        item["varargs"],
        item["noreturn"],
        item["pure"],
        item["convention"],
    )


def module_signatures_from_json(header: dict[str, Any]) -> ModuleSignatures:
    """As `signatures_from_json`, of many functions."""
    return ModuleSignatures(
        {name: signature_from_json(own) for name, own in header["own"].items()},
        tuple(signature_from_json(call) for call in header["calls"]),
        dict(header["unreadable"]),
    )


def _passed(item: dict[str, Any]) -> PassedValue:
    return PassedValue(item["type"], tuple(item["scalars"]), tuple(item["attributes"]), item["memory_bytes"])
