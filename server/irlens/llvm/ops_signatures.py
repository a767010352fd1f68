"""How a function and what it calls pass their values: read off a parsed module, in a worker.

llvmlite gives the types; whether a narrow value is extended, and what `byval` and `sret` point to, stands only
in the text that LLVM prints. Sizes of types come from the target's data layout.
"""

from __future__ import annotations

import json
import re
from typing import Any

import llvmlite.binding as llvm

from irlens.ir.outline import written_names

_WORDS = ("zeroext", "signext", "inreg", "nest", "swiftself", "readonly", "readnone")
_OTHERWISE = re.compile(
    r"(?<![\w.%@\"-])(?:(?:cc ?\d+|anyregcc|arm_\w+cc|avr_\w+|cfguard_checkcc|ghccc|graalcc|hhvm\w*cc|intel_ocl_bicc|"
    r"m68k_\w+cc|msp430_intrcc|preserve_nonecc|swifttailcc|webkit_jscc|win64cc|x86_(?!64_sysvcc)\w+cc|"
    r"aarch64_\w+(?:pcs|from_x\d)|amdgpu_\w+|spir_\w+|ptx_\w+)(?![\w.])|(?:nest|swiftself|swiftasync|swifterror)\b|"
    r"(?:inalloca|preallocated)\()"
)
"""Conventions (LangRef, "Calling Conventions"), and attributes of parameters, by which values do not go where C's go."""
_NO_EVENT = ("memory(none)", "memory(read)")
_MEMORY = re.compile(r"\b(byval|sret)\(")
_HEADER = re.compile(r"^(?:define|declare)\b.*$", re.MULTILINE)
_DATA_TYPE = re.compile(r"^\s*%(?:[-\w$.]+|\"[^\"]*\") = alloca (?:inalloca )?(.+)$")
_STRUCTURE = re.compile(r"^%(?:[-\w$.]+|\"[^\"]*\") = type .*$", re.MULTILINE)


def signatures(module: llvm.ModuleRef, function: llvm.ValueRef, data: llvm.TargetData) -> dict[str, Any]:
    """JSON-ready fields of `irlens.llvm.signatures.Signatures`."""
    return _read(module, function, _Sizes(module, data))


def signatures_of(
    module: llvm.ModuleRef, functions: dict[str, llvm.ValueRef | None], data: llvm.TargetData
) -> dict[str, Any]:
    """JSON-ready fields of `irlens.llvm.signatures.ModuleSignatures`. A name without a function is not defined."""
    sizes = _Sizes(module, data)
    own, unreadable = {}, {}
    calls: dict[str, Any] = {}  # many functions call one in the same way: each way goes over the wire once
    for name, function in functions.items():
        if function is None:
            unreadable[name] = not_defined(name)
            continue
        found = _read(module, function, sizes)
        own[name] = found["function"]
        for call in found["calls"]:
            calls.setdefault(json.dumps(call), call)
    return {"own": own, "calls": list(calls.values()), "unreadable": unreadable}


def not_defined(name: str) -> str:
    return f"The module does not define @{name}. Choose one that it defines."


def _read(module: llvm.ModuleRef, function: llvm.ValueRef, sizes: _Sizes) -> dict[str, Any]:
    own = sizes.declared(function)
    calls: dict[str, Any] = {}
    for block in function.blocks:
        instructions = list(block.instructions)
        for index, instruction in enumerate(instructions):
            if instruction.opcode not in ("call", "invoke"):
                continue
            after = instructions[index + 1].opcode if index + 1 < len(instructions) else ""
            ends = after == "unreachable" or _marked(instruction, "noreturn")
            call = _call(module, instruction, sizes, ends=ends)
            if call is not None:
                calls.setdefault(json.dumps(call), call)
    return {"function": own, "calls": list(calls.values())}


def _signature(name: str, kind: llvm.TypeRef, header: str, sizes: _Sizes) -> dict[str, Any]:
    before, parameters, after = _parts(header, name)
    types = list(kind.get_function_parameters())
    texts = parameters[: len(types)] + [""] * (len(types) - len(parameters))
    return {
        "name": _symbol(name),
        "returns": _value(kind.get_function_return(), before, sizes),
        "parameters": [_value(type_, text, sizes) for type_, text in zip(types, texts, strict=True)],
        "fixed": len(types),
        "varargs": kind.is_function_vararg,
        "noreturn": "noreturn" in after,
        "pure": False,
        "convention": _otherwise(before, parameters),
    }


def _symbol(name: str) -> str:
    """What an object calls it: `\\01` before a name keeps LLVM from decorating it (LangRef, "Identifiers"), and is no
    part of it. Clang writes so for `__asm__("name")` behind a declaration."""
    return name.removeprefix("\x01")


def _call(
    module: llvm.ModuleRef, instruction: llvm.ValueRef, sizes: _Sizes, *, ends: bool
) -> dict[str, Any] | None:
    """One call; None for LLVM's own intrinsics, which are no calls (those that become one have known names)."""
    operands = list(instruction.operands)
    text = str(instruction).strip()
    callee = operands[-1]
    if instruction.opcode == "invoke":
        operands = [*operands[:-3], callee]
    if " asm " in text:
        return None
    known = callee.value_kind in (llvm.ValueKind.function, llvm.ValueKind.global_alias)
    name = callee.name if known else ""
    if name.startswith("llvm."):
        return None
    arguments = operands[:-1]
    before, texts, after = _parts(text, name or None)
    texts = texts[: len(arguments)] + [""] * (len(arguments) - len(texts))
    values = [_value(one.type, said, sizes) for one, said in zip(arguments, texts, strict=True)]
    for value, argument in zip(values, arguments, strict=True):
        if argument.value_kind == llvm.ValueKind.instruction and not value["memory_bytes"]:
            value["memory_bytes"] = sizes.of_alloca(str(argument))
    fixed, varargs, gone, pure = len(arguments), False, ends, False
    if callee.value_kind == llvm.ValueKind.function:
        function = module.get_function(name)
        declared = sizes.declared(function)
        if any(_only_reads(attribute) for attribute in function.attributes):
            for value in values:
                value["attributes"].append("readonly")
        fixed, varargs = declared["fixed"], declared["varargs"]
        pure = any(_marked(function, each) for each in _NO_EVENT)
        gone = gone or declared["noreturn"] or _marked(function, "noreturn")
        for value, parameter in zip(values, declared["parameters"], strict=False):
            value["attributes"] = sorted({*value["attributes"], *parameter["attributes"]})
            value["memory_bytes"] = value["memory_bytes"] or parameter["memory_bytes"]
        before += " " + " ".join(declared["returns"]["attributes"])
    elif (dots := re.search(r"\.\.\.\)\s", text)) is not None:
        fixed, varargs = _before_dots(text[: dots.start()]), True
    return {
        "name": _symbol(name),
        "returns": _value(instruction.type, before, sizes),
        "parameters": values,
        "fixed": min(fixed, len(values)),
        "varargs": varargs,
        "noreturn": gone or "noreturn" in after,
        "convention": _otherwise(before, texts),
        "pure": pure or any(_marked(instruction, each) for each in _NO_EVENT),
    }


def _otherwise(before: str, parameters: list[str]) -> str:
    """What says that values are passed otherwise than in C; empty where nothing does."""
    found = next(filter(None, map(_OTHERWISE.search, (before, *parameters))), None)
    return found[0].rstrip("(") if found else ""


def _before_dots(text: str) -> int:
    """How many parameters a function type has before its dots; `text` ends where they stand."""
    depth = count = 0
    for letter in reversed(text):
        if letter in ")]}>":
            depth += 1
        elif letter in "([{<":
            if not depth:
                break
            depth -= 1
        elif letter == "," and not depth:
            count += 1
    return count


def _marked(value: llvm.ValueRef, attribute: str) -> bool:
    """Whether a function or a call has an attribute, mostly by way of a group. llvmlite gives those of a group as one text."""
    return any(attribute.encode() in one.split() for one in value.attributes)


def _only_reads(attributes: bytes) -> bool:
    """Whether function attributes say that no memory of the caller's is written."""
    found = re.search(rb"\bmemory\(([^()]*+)\)", attributes)
    return found is not None and b"write" not in found[1].replace(b"inaccessiblemem: readwrite", b"")


def _value(kind: llvm.TypeRef, text: str, sizes: _Sizes) -> dict[str, Any]:
    attributes = [word for word in _WORDS if re.search(rf"\b{word}\b", text)]
    memory = 0
    found = _MEMORY.search(text)
    if found:
        attributes.append(found[1])
        memory = sizes.of_text(_inside(text, found.end() - 1))
    scalars: list[str] = []
    _flatten(kind, scalars)
    return {
        "type": str(kind),
        "scalars": scalars,
        "attributes": sorted(attributes),
        "memory_bytes": memory,
    }


def _flatten(kind: llvm.TypeRef, out: list[str]) -> None:
    """The scalars and vectors of a first-class value, as `i32`, `ptr`, `double`, `<4 x i32>`."""
    text = str(kind)
    if kind.is_struct:
        for element in kind.elements:
            _flatten(element, out)
    elif kind.is_array:
        (element,) = set(kind.elements) if kind.element_count == 0 else (next(iter(kind.elements)),)
        for _ in range(min(kind.element_count, 64)):
            _flatten(element, out)
    elif text != "void":
        out.append("ptr" if kind.is_pointer else text)


def _parts(text: str, name: str | None) -> tuple[str, list[str], str]:
    """What stands before the callee's name, each argument's text, what stands behind the closing bracket."""
    at = -1
    if name is not None:
        for spelt in (f"{written}(" for written in written_names(name)):
            at = text.find(spelt)
            if at >= 0:
                opening = at + len(spelt) - 1
                break
    if at < 0:
        # An indirect call: `call i32 %f(...)`, with a type `(...)` before the callee where it has variable
        # arguments. The bracket is the last one that opens at depth 0.
        openings, depth = [], 0
        for place, char in enumerate(text):
            if char in "([{<":
                if char == "(" and depth == 0:
                    openings.append(place)
                depth += 1
            elif char in ")]}>":
                depth -= 1
        openings = [
            place for place in openings if place and (text[place - 1].isalnum() or text[place - 1] in '"._$-')
        ]
        callee = [place for place in openings if re.search(r'[%@](?:[-\w$.]+|"[^"]*")$', text[:place])]
        if not callee:
            return text, [], ""
        opening = callee[0]
        at = opening
    inner = _inside(text, opening)
    closing = opening + 1 + len(inner)
    return text[:at], _split(inner), text[closing + 1 :]


def _inside(text: str, opening: int) -> str:
    depth = 0
    quoted = False
    for place in range(opening, len(text)):
        char = text[place]
        if char == '"':
            quoted = not quoted
        if quoted:
            continue
        depth += (char in "([{<") - (char in ")]}>")
        if depth == 0:
            return text[opening + 1 : place]
    return text[opening + 1 :]


def _split(text: str) -> list[str]:
    parts, depth, start, quoted = [], 0, 0, False
    for place, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        if quoted:
            continue
        depth += (char in "([{<") - (char in ")]}>")
        if char == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]] if text.strip() else []


class _Sizes:
    """Sizes in bytes of types that are given as text, and the signatures that were read on the way, each once: LLVM prints
    a whole function for its first line."""

    def __init__(self, module: llvm.ModuleRef, data: llvm.TargetData) -> None:
        self._data = data
        self._known: dict[str, int] = {}
        self._module = module
        self._structures: str | None = None
        self._declared: dict[str, dict[str, Any]] = {}

    def declared(self, function: llvm.ValueRef) -> dict[str, Any]:
        """A function's own signature, not to be changed."""
        name = function.name
        if name not in self._declared:
            header = _HEADER.search(str(function))
            kind = function.global_value_type
            self._declared[name] = _signature(name, kind, header[0] if header else "", self)
        return self._declared[name]

    def of_text(self, kind: str) -> int:
        if kind not in self._known:
            self._known[kind] = self._measured(kind)
        return self._known[kind]

    def of_alloca(self, text: str) -> int:
        """Bytes of an `alloca` of a constant number of elements; 0 for others."""
        found = _DATA_TYPE.match(text)
        if not found:
            return 0
        kind, *rest = (part.strip() for part in _split(found[1]))
        count = 1
        for part in rest:
            number = re.fullmatch(r"i\d+ (\S+)", part)
            if number:
                if not number[1].isdigit():
                    return 0
                count = int(number[1])
        return count * self.of_text(kind)

    def _measured(self, kind: str) -> int:
        if self._structures is None:
            self._structures = "\n".join(_STRUCTURE.findall(str(self._module)))
        try:
            context = llvm.create_context()
            probe = llvm.parse_assembly(f"{self._structures}\n@x = external global {kind}\n", context)
            return int(self._data.get_abi_size(probe.get_global_variable("x").global_value_type))
        except (RuntimeError, NameError):
            return 0
