"""Lines of the normal form into a module that LLVM reads.

The lines may come from a model: every word is checked against what may stand there before it becomes IR, so
nothing but the one function and what it refers to can come out. Whether the IR is right is LLVM's to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from irlens.ir.normal_words import (
    BINARY,
    CALLS,
    CASTS,
    EXTENSIONS,
    FLAGS,
    SIZE_MARKS,
    NotNormal,
    Symbol,
    float_text,
    type_text,
)
from irlens.source.positions import to_utf8

_VALUE = re.compile(r"%\d{1,4}$")
_LABEL = re.compile(r"L\d{1,4}$")
_SYMBOL = re.compile(r"@(\d{1,4})(?:\+(-?\d{1,19}))?$")
_INTRINSIC = re.compile(r"@llvm\.[\w.]{1,100}$")
_INTEGER = re.compile(r"-?\d{1,40}$")
_INT_PREDICATES = frozenset(["eq", "ne", "ugt", "uge", "ult", "ule", "sgt", "sge", "slt", "sle"])
_FLOAT_PREDICATES = frozenset(
    [
        "false",
        "oeq",
        "ogt",
        "oge",
        "olt",
        "ole",
        "one",
        "ord",
        "ueq",
        "ugt",
        "uge",
        "ult",
        "ule",
        "une",
        "uno",
        "true",
    ]
)
_SIMPLE = {"true", "false", "null", "undef", "poison"}
_LARGE = "[1048576 x i8]"
"""The type of data defined elsewhere: its real extent is unknown, and too small a one would keep code
generation from folding offsets into addresses."""


_INVENTED = re.compile(
    r'^(@([-a-zA-Z$._0-9]+|"[^"]*") = external (?:dso_local )?(?:thread_local )?global )'
    + re.escape(f"{_LARGE}, align 16")
    + "$",
    re.MULTILINE,
)


def with_real_sizes(module_ir: str, sizes: Mapping[str, tuple[int, int]]) -> str:
    """What `FunctionWriter` wrote, with data defined elsewhere in its size and alignment in bytes; what is not in
    `sizes` without."""
    return _INVENTED.sub(lambda found: f"{found[1]}{extent(sizes.get(found[2].strip(chr(34))))}", module_ir)


def extent(known: tuple[int, int] | None) -> str:
    """The type of data defined elsewhere, from its size and alignment in bytes, where they are known."""
    if known is None:
        return "i8"
    size, align = known
    return f"[{size} x i8]{f', align {align}' if align > 1 else ''}"


class FunctionWriter:
    """Writes one function; `text` is the module."""

    def __init__(self, lines: Sequence[str], symbols: Sequence[Symbol], triple: str, function: str) -> None:
        if not re.fullmatch(r"[-\w.]+", triple):
            raise NotNormal(f"{triple!r} is no target triple. Name one such as x86_64-unknown-linux-gnu.")
        self._symbols = symbols
        self._function = function
        self._declared: dict[str, str] = {}
        self._data: dict[str, bool] = {}
        words = [line.split() for line in lines if line.strip()]
        if not words or words[0][0] != "fn":
            raise NotNormal("The normal form must begin with a line `fn RESULT PARAMETERS`.")
        head = self._head(words[0])
        body = []
        for line in words[1:]:
            if len(line) == 1 and re.fullmatch(r"L\d{1,4}:", line[0]):
                body.append(f"b{line[0][1:]}")
            else:
                body.append("  " + self._line(line))
        self.text = self._module(triple, head, body)

    def _module(self, triple: str, head: str, body: list[str]) -> str:
        parts = [f'target triple = "{triple}"', ""]
        data = []
        for name, thread_local in self._data.items():
            if name in self._declared or name == self._function:
                continue
            symbol = next(symbol for symbol in self._symbols if symbol.name == name)
            if symbol.definition:
                data.append(f"{_quoted(name)} = {symbol.definition}")
            else:
                local = "dso_local " if symbol.local else ""
                kind = "thread_local global" if thread_local else "global"
                data.append(f"{_quoted(name)} = external {local}{kind} {_LARGE}, align 16")
        if data:
            parts += [*data, ""]
        parts += [head, "b0:", *body, "}"]
        declared = [text for name, text in self._declared.items() if name != self._function]
        if declared:
            parts += ["", *declared]
        return "\n".join(parts) + "\n"

    def _head(self, words: list[str]) -> str:
        rest = words[1:]
        marks = []
        while rest and rest[0] in SIZE_MARKS:
            marks.append(rest.pop(0))
        result, rest = _extended(rest)
        parameters = []
        count = 0
        while rest:
            if rest[0] == "...":
                parameters.append("...")
                rest = rest[1:]
                continue
            word, rest = _extended(rest)
            # In the head the mark stands before the type; LLVM wants it behind.
            mark, _, type_ = word.rpartition(" ") if word.startswith(EXTENSIONS) else ("", "", word)
            parameters.append(f"{type_}{' ' + mark if mark else ''} %v{count}")
            count += 1
        tail = "".join(f" {mark}" for mark in marks)
        return f"define {result} {_quoted(self._function)}({', '.join(parameters)}){tail} {{"

    # --- operands ----------------------------------------------------------------------------------

    def _value(self, word: str, type_word: str) -> str:
        if _VALUE.match(word):
            return f"%v{word[1:]}"
        if word in _SIMPLE or (_INTEGER.match(word) and re.match(r"i\d", type_word)):
            return word
        if word == "zero":
            return "zeroinitializer"
        if word.startswith("~"):
            return float_text(word, type_word)
        symbol = _SYMBOL.match(word)
        if symbol:
            name = self._name(symbol)
            self._data.setdefault(name, False)
            if symbol[2]:
                return f"getelementptr (i8, ptr {_quoted(name)}, i64 {symbol[2]})"
            return _quoted(name)
        vector = re.match(r"v(\d++)(.+)\Z", type_word)
        if vector and word.startswith("<") and word.endswith(">"):
            element = vector[2]
            parts = [f"{type_text(element)} {self._value(part, element)}" for part in word[1:-1].split(",")]
            return "<" + ", ".join(parts) + ">"
        if vector and word.startswith("splat(") and word.endswith(")"):
            return f"splat ({type_text(vector[2])} {self._value(word[6:-1], vector[2])})"
        raise NotNormal(f"{word!r} is no value of type {type_word}.")

    def _name(self, match: re.Match[str]) -> str:
        index = int(match[1]) - 1
        if not 0 <= index < len(self._symbols):
            raise NotNormal(f"{match[0]} names no symbol: there are {len(self._symbols)}.")
        return self._symbols[index].name

    def _typed(self, type_word: str, word: str) -> str:
        return f"{type_text(type_word)} {self._value(word, type_word)}"

    # --- instructions ------------------------------------------------------------------------------

    def _line(self, words: list[str]) -> str:
        result = ""
        match = re.match(r"(%\d{1,4})=$", words[0])
        if match:
            result = f"%v{match[1][1:]} = "
            words = words[1:]
        if not words:
            raise NotNormal("A line of the normal form ends after its result.")
        op, *parts = _split_head(words[0])
        arguments = words[1:]
        try:
            return result + self._instruction(op, parts, arguments)
        except (ValueError, IndexError) as error:
            raise NotNormal(
                f"This line of the normal form has the wrong words: {' '.join(words)[:80]!r}."
            ) from error

    def _instruction(self, op: str, parts: list[str], arguments: list[str]) -> str:
        if op in CALLS:
            return self._call(op, parts, arguments)
        flags, parts = _flags(parts)
        head = " ".join([op, *flags])
        if op in BINARY:
            (type_word,), (left, right) = parts, arguments
            return f"{head} {self._typed(type_word, left)}, {self._value(right, type_word)}"
        if op in ("icmp", "fcmp"):
            (predicate, type_word), (left, right) = parts, arguments
            if predicate not in (_INT_PREDICATES if op == "icmp" else _FLOAT_PREDICATES):
                raise NotNormal(f"{op} has no predicate {predicate!r}.")
            return f"{head} {predicate} {self._typed(type_word, left)}, {self._value(right, type_word)}"
        if op in CASTS:
            (source, target), (value,) = parts, arguments
            return f"{head} {self._typed(source, value)} to {type_text(target)}"
        method = getattr(self, f"_op_{op}", None)
        if method is None:
            raise NotNormal(f"{op!r} is no instruction of the normal form.")
        return method(head, parts, arguments)

    def _op_fneg(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word,), (value,) = parts, arguments
        return f"{head} {self._typed(type_word, value)}"

    _op_freeze = _op_fneg

    def _op_select(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word,), (condition, left, right) = parts, arguments
        return f"{head} i1 {self._value(condition, 'i1')}, {self._typed(type_word, left)}, {self._typed(type_word, right)}"

    def _op_vselect(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word,), (condition, left, right) = parts, arguments
        vector = re.match(r"v(\d+)", type_word)
        if vector is None:
            raise NotNormal(f"vselect needs a vector type, not {type_word}.")
        mask = self._typed(f"v{vector[1]}i1", condition)
        return f"{head[1:]} {mask}, {self._typed(type_word, left)}, {self._typed(type_word, right)}"

    def _op_phi(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word,) = parts
        if not arguments or len(arguments) % 2:
            raise NotNormal("phi needs pairs of value and label.")
        pairs = [
            f"[ {self._value(value, type_word)}, {_label(label)} ]"
            for value, label in zip(arguments[::2], arguments[1::2], strict=True)
        ]
        return f"{head} {type_text(type_word)} {', '.join(pairs)}"

    def _op_load(self, head: str, parts: list[str], arguments: list[str]) -> str:
        volatile, type_word, align = _memory(parts)
        (pointer,) = arguments
        return f"{head}{volatile} {type_text(type_word)}, {self._typed('ptr', pointer)}{align}"

    def _op_store(self, head: str, parts: list[str], arguments: list[str]) -> str:
        volatile, type_word, align = _memory(parts)
        value, pointer = arguments
        return f"{head}{volatile} {self._typed(type_word, value)}, {self._typed('ptr', pointer)}{align}"

    def _op_alloca(self, head: str, parts: list[str], arguments: list[str]) -> str:
        _, type_word, align = _memory(parts)
        count = ""
        if arguments:
            (word,) = arguments
            count_type, _, value = word.partition(":")
            count = f", {self._typed(count_type, value)}"
        return f"{head} {type_text(type_word)}{count}{align}"

    def _op_gep(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word,) = parts
        base, *indices = arguments
        texts = []
        for place, index in enumerate(indices):
            index_type, colon, value = index.rpartition(":")
            # A struct's field is numbered in i32; below a struct that does for an array's element, too.
            field = place > 0 and "{" in type_word and re.fullmatch(r"\d{1,9}", value)
            texts.append(self._typed(index_type if colon else "i32" if field else "i64", value))
        flags = head[len("gep") :]
        listed = "".join(f", {text}" for text in texts)
        return f"getelementptr{flags} {type_text(type_word)}, {self._typed('ptr', base)}{listed}"

    def _op_extractvalue(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word,) = parts
        value, *indices = arguments
        return f"{head} {self._typed(type_word, value)}{_indices(indices)}"

    def _op_insertvalue(self, head: str, parts: list[str], arguments: list[str]) -> str:
        type_word, element_type = parts
        value, element, *indices = arguments
        listed = _indices(indices)
        return f"{head} {self._typed(type_word, value)}, {self._typed(element_type, element)}{listed}"

    def _op_extractelement(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word,), (value, index) = parts, arguments
        return f"{head} {self._typed(type_word, value)}, {self._typed('i64', index)}"

    def _op_insertelement(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word,), (value, element, index) = parts, arguments
        vector = re.match(r"v\d++(.+)\Z", type_word)
        if vector is None:
            raise NotNormal(f"insertelement needs a vector type, not {type_word}.")
        inner = self._typed(vector[1], element)
        return f"{head} {self._typed(type_word, value)}, {inner}, {self._typed('i64', index)}"

    def _op_shufflevector(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word, mask_type), (left, right, mask) = parts, arguments
        pair = f"{self._typed(type_word, left)}, {self._typed(type_word, right)}"
        return f"{head} {pair}, {self._typed(mask_type, mask)}"

    def _op_ret(self, head: str, parts: list[str], arguments: list[str]) -> str:
        if not parts and not arguments:
            return "ret void"
        (type_word,), (value,) = parts, arguments
        return f"ret {self._typed(type_word, value)}"

    def _op_br(self, head: str, parts: list[str], arguments: list[str]) -> str:
        if len(arguments) == 1:
            return f"br label {_label(arguments[0])}"
        condition, yes, no = arguments
        return f"br i1 {self._value(condition, 'i1')}, label {_label(yes)}, label {_label(no)}"

    def _op_switch(self, head: str, parts: list[str], arguments: list[str]) -> str:
        (type_word,) = parts
        value, default, *cases = arguments
        if len(cases) % 2:
            raise NotNormal("switch needs pairs of constant and label.")
        listed = " ".join(
            f"{self._typed(type_word, case)}, label {_label(label)}"
            for case, label in zip(cases[::2], cases[1::2], strict=True)
        )
        return f"switch {self._typed(type_word, value)}, label {_label(default)} [ {listed} ]"

    def _op_unreachable(self, head: str, parts: list[str], arguments: list[str]) -> str:
        if parts or arguments:
            raise NotNormal("unreachable stands alone.")
        return "unreachable"

    def _call(self, op: str, parts: list[str], arguments: list[str]) -> str:
        flags, parts = _flags(parts)
        extension = f"{parts[0]} " if parts and parts[0] in EXTENSIONS else ""
        (result_word,) = parts[1:] if extension else parts
        result = type_text(result_word)
        callee, *rest = arguments
        given, types = [], []
        variadic = False
        while rest:
            if rest[0] == "...":
                variadic, rest = True, rest[1:]
                types.append("...")
                continue
            head, value, *rest = rest
            type_word, *marks = head.split(".")
            if any(mark not in EXTENSIONS for mark in marks):
                raise NotNormal(f"{head!r} is no argument type.")
            given.append(" ".join([type_text(type_word), *marks, self._value(value, type_word)]))
            if not variadic:
                types.append(type_text(type_word))
        signature = f"{result} ({', '.join(types)})" if variadic else result
        target = self._callee(callee, extension + result, types)
        kind = " ".join([CALLS[op], *flags])
        return f"{kind} {extension}{signature} {target}({', '.join(given)})"

    def _callee(self, word: str, result: str, types: list[str]) -> str:
        listed = ", ".join(types)
        if _INTRINSIC.match(word):
            self._declared.setdefault(word[1:], f"declare {result} {word}({listed})")
            return word
        symbol = _SYMBOL.match(word)
        if symbol is None or symbol[2]:
            return self._value(word, "ptr")
        name = self._name(symbol)
        if not self._symbols[int(symbol[1]) - 1].definition:
            local = "dso_local " if self._symbols[int(symbol[1]) - 1].local else ""
            self._declared.setdefault(name, f"declare {local}{result} {_quoted(name)}({listed})")
        return _quoted(name)


def _quoted(name: str) -> str:
    if re.fullmatch(r"[-a-zA-Z$._][-a-zA-Z$._0-9]*", name):
        return f"@{name}"
    escaped = "".join(
        c if " " <= c <= "~" and c not in '"\\' else "".join(f"\\{b:02X}" for b in to_utf8(c)) for c in name
    )
    return f'@"{escaped}"'


def _label(word: str) -> str:
    if not _LABEL.match(word):
        raise NotNormal(f"{word!r} is no label.")
    return f"%b{word[1:]}"


def _extended(words: list[str]) -> tuple[str, list[str]]:
    if words and words[0] in EXTENSIONS:
        return f"{words[0]} {type_text(words[1])}", words[2:]
    if not words:
        raise NotNormal("The head of the normal form has no result type.")
    return type_text(words[0]), words[1:]


def _split_head(word: str) -> list[str]:
    if not re.fullmatch(r"[a-z]+(?:\.[^.]+)*", word):
        raise NotNormal(f"{word!r} is no instruction of the normal form.")
    return word.split(".")


def _flags(parts: list[str]) -> tuple[list[str], list[str]]:
    count = 0
    while count < len(parts) and parts[count] in FLAGS:
        count += 1
    return parts[:count], parts[count:]


def _memory(parts: list[str]) -> tuple[str, str, str]:
    """(" volatile" or "", type, ", align N" or "")."""
    volatile = ""
    if parts and parts[0] == "volatile":
        volatile, parts = " volatile", parts[1:]
    align = ""
    if len(parts) == 2 and re.fullmatch(r"a\d{1,9}", parts[1]):
        align, parts = f", align {parts[1][1:]}", parts[:1]
    (type_word,) = parts
    return volatile, type_word, align


def _indices(words: list[str]) -> str:
    if not words or not all(re.fullmatch(r"\d{1,6}", word) for word in words):
        raise NotNormal("An aggregate needs numbers as indices.")
    return "".join(f", {word}" for word in words)
