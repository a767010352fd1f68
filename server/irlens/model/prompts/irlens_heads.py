"""The first words of instructions in the normal form, `icmp.eq.i32`: what they say of the operands and the result."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from irlens.ir.normal_words import BINARY, CALLS, CASTS, EXTENSIONS, FLAGS
from irlens.model.prompts.irlens_slots import NUMBER, SCALARS, Slot, is_type

_FLOATS = frozenset(["half", "float", "double", "x86_fp80"])
_FLOAT_OPS = frozenset(["fadd", "fsub", "fmul", "fdiv", "frem"])
_INT_PREDICATES = ("eq", "ne", "ugt", "uge", "ult", "ule", "sgt", "sge", "slt", "sle")
_FLOAT_PREDICATES = (
    *("false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord"),
    *("ueq", "ugt", "uge", "ult", "ule", "une", "uno", "true"),
)
_OTHERS = (
    *("icmp", "fcmp", "fneg", "freeze", "select", "vselect", "phi", "load", "alloca", "gep"),
    *("extractvalue", "insertvalue", "extractelement", "insertelement", "shufflevector"),
)
_DEFINING = (*sorted(BINARY), *sorted(CASTS), *_OTHERS, *CALLS)
_ALIGNED = ("load", "store", "alloca")
_OF_TWO_TYPES = frozenset([*CASTS, "insertvalue", "shufflevector"])
_VOID = ("store", "ret", "br", "switch", "unreachable", *CALLS)
_ALIGNMENT = re.compile(r"a(?:1|2|4|8|16|32|64)$")
_WIDTHS = {"i1": 1, "i8": 8, "i16": 16, "i32": 32, "i64": 64, "i128": 128}
_FLOAT_WIDTHS = {"half": 16, "float": 32, "double": 64, "x86_fp80": 80}
_VECTOR = re.compile(r"v(\d++)(.+)\Z")
INDEX, COUNT = "index", "count"
"""Operands that say their own type where it is not i64 (`i32:%4`); a count always does."""


@dataclass(frozen=True)
class Head:
    """`places` are the operands: a slot, `INDEX`, `COUNT` or the type of a value; `more` those that may follow any number
    of times. `result` is the type of what is defined, None where it is not worked out, `void` where nothing is."""

    op: str
    types: list[str]
    result: str | None = "void"
    places: list[Slot | str] = field(default_factory=list)
    more: list[Slot | str] = field(default_factory=list)


def head_begins(letters: str, *, defines: bool) -> bool:
    """May the first word of an instruction (that defines a value or not) begin so?"""
    op, *parts = letters.split(".")
    ops = _DEFINING if defines else _VOID
    if not parts:
        return any(each.startswith(op) for each in ops)
    if op not in ops:
        return False
    types = sum(1 for part in parts[:-1] if part == "void" or is_type(part))
    most = 0 if op in ("br", "unreachable") else 2 if op in _OF_TWO_TYPES else 1
    if types >= most:
        return types == most and op in _ALIGNED and re.fullmatch(r"(?:a\d{0,2})?", parts[-1]) is not None
    return all(_part_begins(part, op) for part in parts)


def _part_begins(letters: str, op: str) -> bool:
    if letters[:1] in ("{", "[", "v") or re.fullmatch(r"i[1-9]\d{0,2}", letters):
        return True
    known = (*SCALARS, "void", "volatile", *EXTENSIONS, *FLAGS)
    predicates = _INT_PREDICATES if op == "icmp" else _FLOAT_PREDICATES if op == "fcmp" else ()
    if any(word.startswith(letters) for word in (*known, *predicates)):
        return True
    return op in _ALIGNED and re.fullmatch(r"a\d{0,2}", letters) is not None


@lru_cache(4096)
def read_head(word: str) -> Head | None:
    """None for a word that begins no instruction."""
    op, *parts = word.split(".")
    if op in CALLS:
        return _call(op, parts)
    while parts and parts[0] in FLAGS:
        parts = parts[1:]
    if op in BINARY:
        return _binary(op, parts)
    if op in ("icmp", "fcmp"):
        return _comparison(op, parts)
    if op in CASTS:
        return _cast(op, parts)
    if op in _ALIGNED:
        return _memory(op, parts)
    if op in ("br", "unreachable") or (op == "ret" and not parts):
        return Head(op, []) if not parts else None
    if not parts or not all(is_type(part) for part in parts):
        return None
    first = parts[0]
    if len(parts) == 1:
        return _of_one_type(op, first)
    if len(parts) == 2 and op == "insertvalue":
        return Head(op, parts, first, [first, parts[1], NUMBER], [NUMBER])
    if len(parts) == 2 and op == "shufflevector":
        left, mask = _VECTOR.match(first), _VECTOR.match(parts[1])
        if left and mask:
            return Head(op, parts, f"v{mask[1]}{left[2]}", [first, first, parts[1]])
    return None


def _of_one_type(op: str, type_word: str) -> Head | None:
    if op == "ret":
        return Head(op, [type_word], "void", [type_word])
    if op == "switch":
        return Head(op, [type_word]) if type_word in _WIDTHS else None
    if op == "phi":
        return Head(op, [type_word], type_word)
    if op == "freeze" or (op == "fneg" and _element(type_word) in _FLOATS):
        return Head(op, [type_word], type_word, [type_word])
    if op == "select":
        return Head(op, [type_word], type_word, ["i1", type_word, type_word])
    vector = _VECTOR.match(type_word)
    if op == "vselect" and vector:
        return Head(op, [type_word], type_word, [f"v{vector[1]}i1", type_word, type_word])
    if op == "extractelement" and vector:
        return Head(op, [type_word], vector[2], [type_word, "i64"])
    if op == "insertelement" and vector:
        return Head(op, [type_word], type_word, [type_word, vector[2], "i64"])
    if op == "extractvalue" and type_word[0] in "{[":
        return Head(op, [type_word], None, [type_word, NUMBER], [NUMBER])
    if op == "gep":
        return Head(op, [type_word], "ptr", ["ptr", INDEX], [INDEX])
    return None


def _call(op: str, parts: list[str]) -> Head | None:
    while parts and parts[0] in FLAGS:
        parts = parts[1:]
    if parts and parts[0] in EXTENSIONS:
        parts = parts[1:]
    if len(parts) != 1 or not (parts[0] == "void" or is_type(parts[0])):
        return None
    return Head(op, parts, parts[0])


def _binary(op: str, parts: list[str]) -> Head | None:
    if len(parts) != 1 or not is_type(parts[0]):
        return None
    element = _element(parts[0])
    if element in _FLOATS if op in _FLOAT_OPS else re.fullmatch(r"i\d+", element):
        return Head(op, parts, parts[0], [parts[0], parts[0]])
    return None


def _comparison(op: str, parts: list[str]) -> Head | None:
    if len(parts) != 2 or not is_type(parts[1]):
        return None
    element = _element(parts[1])
    if op == "icmp":
        known = parts[0] in _INT_PREDICATES and (element == "ptr" or re.fullmatch(r"i\d+", element))
    else:
        known = parts[0] in _FLOAT_PREDICATES and element in _FLOATS
    if not known:
        return None
    vector = _VECTOR.match(parts[1])
    return Head(op, parts[1:], f"v{vector[1]}i1" if vector else "i1", [parts[1], parts[1]])


def _cast(op: str, parts: list[str]) -> Head | None:
    if len(parts) != 2 or not all(is_type(part) for part in parts):
        return None
    source, target = _element(parts[0]), _element(parts[1])
    from_int, to_int = _WIDTHS.get(source), _WIDTHS.get(target)
    from_float, to_float = _FLOAT_WIDTHS.get(source), _FLOAT_WIDTHS.get(target)
    odd = any(re.fullmatch(r"i\d+", each) and each not in _WIDTHS for each in (source, target))
    if op in ("trunc", "zext", "sext"):
        narrower = bool(from_int and to_int and (from_int > to_int if op == "trunc" else from_int < to_int))
        known = narrower or odd
    elif op in ("fptrunc", "fpext"):
        known = bool(
            from_float and to_float and (from_float > to_float if op == "fptrunc" else from_float < to_float)
        )
    elif op in ("fptoui", "fptosi"):
        known = bool(from_float) and re.fullmatch(r"i\d+", target) is not None
    elif op in ("uitofp", "sitofp"):
        known = bool(to_float) and re.fullmatch(r"i\d+", source) is not None
    elif op == "ptrtoint":
        known = source == "ptr" and re.fullmatch(r"i\d+", target) is not None
    elif op == "inttoptr":
        known = target == "ptr" and re.fullmatch(r"i\d+", source) is not None
    else:
        known = True
    return Head(op, parts, parts[1], [parts[0]]) if known else None


def _memory(op: str, parts: list[str]) -> Head | None:
    if parts and parts[0] == "volatile" and op != "alloca":
        parts = parts[1:]
    if len(parts) == 2 and _ALIGNMENT.match(parts[1]):
        parts = parts[:1]
    if len(parts) != 1 or not is_type(parts[0]):
        return None
    type_word = parts[0]
    if op == "load":
        return Head(op, parts, type_word, ["ptr"])
    if op == "store":
        return Head(op, parts, "void", [type_word, "ptr"])
    return Head(op, parts, "ptr", [], [COUNT])


def _element(type_word: str) -> str:
    vector = _VECTOR.match(type_word)
    return vector[2] if vector else type_word
