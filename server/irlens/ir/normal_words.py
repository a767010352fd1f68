"""Words of the normal form of IR: types, floating-point constants, symbols. Shared by its reader and its writer.

A word holds no space. Types: `i32`, `ptr`, `v4i32` for a vector, `[8xi32]` for an array, `{ptr,i64}` for a
struct. Floating-point constants are `~` and the hexadecimal digits of their bits, most significant first,
trailing zeros left out: 3.5 is `~400c` as a double and `~406` as a float. That is also how assembly shows them.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from irlens.errors import UnusableInput

FLAGS = frozenset(
    [
        "nuw",
        "nsw",
        "exact",
        "disjoint",
        "nneg",
        "samesign",
        "inbounds",
        "nusw",
        "fast",
        "nnan",
        "ninf",
        "nsz",
        "arcp",
        "contract",
        "afn",
        "reassoc",
    ]
)
BINARY = frozenset(
    [
        "add",
        "sub",
        "mul",
        "udiv",
        "sdiv",
        "urem",
        "srem",
        "shl",
        "lshr",
        "ashr",
        "and",
        "or",
        "xor",
        "fadd",
        "fsub",
        "fmul",
        "fdiv",
        "frem",
    ]
)
CASTS = frozenset(
    [
        "trunc",
        "zext",
        "sext",
        "fptoui",
        "fptosi",
        "uitofp",
        "sitofp",
        "fptrunc",
        "fpext",
        "ptrtoint",
        "inttoptr",
        "bitcast",
    ]
)
CALLS = {"call": "tail call", "ncall": "call", "mcall": "musttail call", "notail": "notail call"}
"""Words for the kinds of call. Optimised code marks nearly all calls `tail`, so that one is the short word."""
EXTENSIONS = ("zeroext", "signext")
SIZE_MARKS = ("optsize", "minsize")
STARTS = frozenset(["fn", "store", "ret", "br", "switch", "unreachable", *CALLS])
"""Heads of words that begin a line when no `%N=` stands before them."""

_FLOAT_DIGITS = {"float": 8, "double": 16}


class NotNormal(UnusableInput):
    """This IR, or this text, has no normal form. The text says what is outside it."""


@dataclass(frozen=True)
class Symbol:
    """A global of one function. `local`: its address is known to be in the same object (`dso_local`).
    `definition` is what follows `@name = ` for data that goes with the function (a string, a table);
    empty for what is defined elsewhere."""

    name: str
    local: bool = False
    definition: str = ""


_SIZES = {"i1": 1, "i8": 1, "i16": 2, "i32": 4, "i64": 8, "i128": 16, "ptr": 8, "float": 4, "double": 8}
_VECTOR = re.compile(r"v(\d+)(i\d+|ptr|float|double)$")


def natural_alignment(type_word: str) -> int | None:
    """The alignment in bytes that LLVM takes when none is written, on both targets; None where the type is
    not a plain one."""
    vector = _VECTOR.match(type_word)
    if vector and vector[2] in _SIZES:
        size = int(vector[1]) * _SIZES[vector[2]]
        return size if size & (size - 1) == 0 else None
    return _SIZES.get(type_word)


def float_word(text: str, type_word: str) -> str:
    """LLVM's text of a floating-point constant (`3.5e+00`, `0x400C...`) as a word."""
    try:
        if text.startswith("0x"):
            value_bits = int(text[2:], 16)
            packed = struct.pack(">Q", value_bits)
        else:
            packed = struct.pack(">d", float(text))
        if type_word == "float":
            packed = _double_to_float(packed)
    except (ValueError, struct.error, OverflowError) as error:
        raise NotNormal(
            f"The constant {type_word} {text} has no normal form. Use float or double."
        ) from error
    if type_word not in _FLOAT_DIGITS:
        raise NotNormal(f"Constants of type {type_word} have no normal form. Use float or double.")
    return "~" + (packed.hex().rstrip("0") or "0")


def float_text(word: str, type_word: str) -> str:
    """The constant of a `~` word as LLVM reads it."""
    digits = _FLOAT_DIGITS.get(type_word)
    if digits is None or not re.fullmatch(r"~[0-9a-f]{1,16}", word) or len(word) - 1 > digits:
        raise NotNormal(f"{word} is no constant of type {type_word}.")
    packed = bytes.fromhex(word[1:].ljust(digits, "0"))
    if type_word == "float":
        packed = _float_to_double(packed)
    return "0x" + packed.hex().upper()


def _double_to_float(packed: bytes) -> bytes:
    """Float constants are written as the double of the same value; NaN payloads are carried over by hand."""
    bits = int.from_bytes(packed, "big")
    if bits >> 52 & 0x7FF == 0x7FF:
        return (bits >> 63 << 31 | 0xFF << 23 | bits >> 29 & 0x7FFFFF).to_bytes(4, "big")
    return struct.pack(">f", struct.unpack(">d", packed)[0])


def _float_to_double(packed: bytes) -> bytes:
    bits = int.from_bytes(packed, "big")
    if bits >> 23 & 0xFF == 0xFF:
        return (bits >> 31 << 63 | 0x7FF << 52 | (bits & 0x7FFFFF) << 29).to_bytes(8, "big")
    return struct.pack(">d", struct.unpack(">f", packed)[0])


_TYPE_TOKEN = re.compile(
    r"v(\d{1,4})(?=[ipfd])|\[(\d{1,9})x|[{},\]]|i\d{1,7}|ptr|float|double|void|half|x86_fp80"
)


def type_text(word: str) -> str:
    """The LLVM type of a type word. Raises `NotNormal`."""
    tokens: list[re.Match[str]] = []
    at = 0
    while at < len(word):
        match = _TYPE_TOKEN.match(word, at)
        if match is None or len(tokens) > 64:
            raise NotNormal(f"{word!r} is no type.")
        tokens.append(match)
        at = match.end()
    text, rest = _type(tokens, word)
    if rest:
        raise NotNormal(f"{word!r} is no type.")
    return text


def _type(tokens: list[re.Match[str]], word: str) -> tuple[str, list[re.Match[str]]]:
    if not tokens:
        raise NotNormal(f"{word!r} is no type.")
    head, rest = tokens[0], tokens[1:]
    if head[1]:
        element, rest = _type(rest, word)
        return f"<{head[1]} x {element}>", rest
    if head[2]:
        element, rest = _type(rest, word)
        if not rest or rest[0][0] != "]":
            raise NotNormal(f"{word!r} is no type.")
        return f"[{head[2]} x {element}]", rest[1:]
    if head[0] == "{":
        parts = []
        while rest and rest[0][0] != "}":
            element, rest = _type(rest, word)
            parts.append(element)
            if rest and rest[0][0] == ",":
                rest = rest[1:]
        if not rest:
            raise NotNormal(f"{word!r} is no type.")
        return "{ " + ", ".join(parts) + " }", rest[1:]
    if head[0] in ("}", "]", ","):
        raise NotNormal(f"{word!r} is no type.")
    return head[0], rest
