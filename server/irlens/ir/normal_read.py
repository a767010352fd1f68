"""LLVM's text of one function into the lines of the normal form.

It reads what LLVM prints (any of 16 to 22), not everything that LLVM would read. What has no normal form
raises `NotNormal` with the reason; nothing is left out silently save what is listed in
`normal_operands.DROPPED`, which does not reach the assembly or is given back by `decode`.
"""

from __future__ import annotations

import re

from irlens.ir.normal_operands import OperandReader
from irlens.ir.normal_tokens import statements, without_metadata
from irlens.ir.normal_words import BINARY, CASTS, SIZE_MARKS, NotNormal, natural_alignment

_UNSUPPORTED_OPS = frozenset(
    [
        "invoke",
        "landingpad",
        "resume",
        "callbr",
        "indirectbr",
        "cmpxchg",
        "atomicrmw",
        "fence",
        "va_arg",
        "catchpad",
        "cleanuppad",
    ]
)
_CALL_WORDS = {"tail": "call", "musttail": "mcall", "notail": "notail"}
_CONVENTIONS = ("fastcc", "ccc")
_HEAD_WORDS = frozenset(
    [
        "dso_local",
        "dso_preemptable",
        "internal",
        "private",
        "linkonce_odr",
        "linkonce",
        "weak",
        "weak_odr",
        "hidden",
        "protected",
        "default",
        "available_externally",
        "external",
        "fastcc",
        "ccc",
        "unnamed_addr",
        "local_unnamed_addr",
        "extern_weak",
        "common",
    ]
)


class FunctionReader(OperandReader):
    """Reads one function; `lines` is the result."""

    def __init__(
        self,
        header: str,
        body: list[str],
        types: dict[str, str],
        local: frozenset[str],
        definitions: dict[str, str],
    ) -> None:
        super().__init__(types, local, definitions)
        self._labels: dict[str, str] = {}
        self.lines = [self._header(header)]
        blocks = statements(body)
        self._name_all(blocks)
        for label, statement in blocks:
            if label is not None:
                self.lines.append(f"{self._labels[label]}:")
            else:
                self.lines.append(self._statement(statement))

    def _header(self, header: str) -> str:
        cut = re.sub(r"^define\s+", "", header)
        match = re.search(r'@(?:[-a-zA-Z$._0-9]+|"(?:[^"\\]|\\.)*")\(', cut)
        if match is None:
            raise NotNormal("The function's head cannot be read. Check it with LLVM first.")
        self._begin(cut[: match.start()])
        while self._peek() in _HEAD_WORDS:
            self._next()
            if self._peek() == "(":
                self._skip_parentheses()
        result = [*self._attributes(), self.type_word()]
        self._begin(cut[match.end() - 1 :])
        self._expect("(")
        while not self._take(")"):
            if self._take("..."):
                result.append("...")
                continue
            word = self.type_word()
            result += [*self._attributes(), word]
            if self._peek().startswith("%"):
                self._values[self._next()] = f"%{len(self._values)}"
            else:
                self._values[f"%{len(self._values)}"] = f"%{len(self._values)}"
            self._take(",")
        tail = self._tokens[self._at :]
        if "personality" in tail or "prefix" in tail or "prologue" in tail or "gc" in tail:
            raise NotNormal("Functions with a personality, prefix or collector have no normal form.")
        return " ".join(["fn", *[mark for mark in SIZE_MARKS if mark in tail], *result])

    def _name_all(self, blocks: list[tuple[str | None, str]]) -> None:
        count = len(self._values)
        for label, statement in blocks:
            if label is not None:
                self._labels["%" + label] = self._labels[label] = f"L{len(self._labels) // 2 + 1}"
                continue
            match = re.match(r'(%(?:[-a-zA-Z$._0-9]+|"(?:[^"\\]|\\.)*"))\s*=', statement)
            if match:
                self._values[match[1]] = f"%{count}"
                count += 1

    def _statement(self, statement: str) -> str:
        self._begin(without_metadata(statement))
        result = ""
        if self._peek(1) == "=":
            result = self._values[self._next()] + "= "
            self._next()
        op = self._next()
        if op in _UNSUPPORTED_OPS:
            raise NotNormal(f"{op} has no normal form.")
        method = getattr(self, f"_op_{op}", None)
        if op in BINARY:
            words = self._binary(op)
        elif op in CASTS:
            words = self._cast(op)
        elif op in _CALL_WORDS:
            self._expect("call")
            words = self._call(_CALL_WORDS[op])
        elif method is not None:
            words = method()
        else:
            raise NotNormal(f"{op} has no normal form.")
        if self._at != len(self._tokens):
            raise NotNormal(f"{op} with {' '.join(self._tokens[self._at :])[:60]!r} has no normal form.")
        return result + " ".join(words)

    # --- instructions ------------------------------------------------------------------------------

    def _binary(self, op: str) -> list[str]:
        flags = self._flags()
        type_word = self.type_word()
        left = self.value(type_word)
        self._expect(",")
        return [".".join([op, *flags, type_word]), left, self.value(type_word)]

    def _op_fneg(self) -> list[str]:
        flags = self._flags()
        type_word = self.type_word()
        return [".".join(["fneg", *flags, type_word]), self.value(type_word)]

    def _op_freeze(self) -> list[str]:
        type_word = self.type_word()
        return [f"freeze.{type_word}", self.value(type_word)]

    def _compare(self, op: str) -> list[str]:
        flags = self._flags()
        predicate = self._next()
        type_word = self.type_word()
        left = self.value(type_word)
        self._expect(",")
        return [".".join([op, *flags, predicate, type_word]), left, self.value(type_word)]

    def _op_icmp(self) -> list[str]:
        return self._compare("icmp")

    def _op_fcmp(self) -> list[str]:
        return self._compare("fcmp")

    def _cast(self, op: str) -> list[str]:
        flags = self._flags()
        source = self.type_word()
        value = self.value(source)
        self._expect("to")
        return [".".join([op, *flags, source, self.type_word()]), value]

    def _op_select(self) -> list[str]:
        flags = self._flags()
        condition_type = self.type_word()
        condition = self.value(condition_type)
        self._expect(",")
        type_word = self.type_word()
        left = self.value(type_word)
        self._expect(",")
        self.type_word()
        head = "select" if condition_type == "i1" else "vselect"
        return [".".join([head, *flags, type_word]), condition, left, self.value(type_word)]

    def _op_phi(self) -> list[str]:
        flags = self._flags()
        type_word = self.type_word()
        words = [".".join(["phi", *flags, type_word])]
        while self._take("["):
            words.append(self.value(type_word))
            self._expect(",")
            words.append(self._label())
            self._expect("]")
            self._take(",")
        return words

    def _label(self) -> str:
        token = self._next()
        if token in self._labels:
            return self._labels[token]
        # The entry block has no label in the text when it is numbered.
        return "L0"

    def _memory(self, op: str) -> tuple[list[str], str]:
        if self._peek() == "atomic":
            raise NotNormal(f"An atomic {op} has no normal form.")
        marks = ["volatile"] if self._take("volatile") else []
        return marks, self.type_word()

    def _alignment(self, type_word: str) -> list[str]:
        while self._take(","):
            if self._take("align"):
                value = int(self._next())
                return [] if value == natural_alignment(type_word) else [f"a{value}"]
        return []

    def _op_load(self) -> list[str]:
        marks, type_word = self._memory("load")
        self._expect(",")
        self.type_word()
        pointer = self.value("ptr")
        return [".".join(["load", *marks, type_word, *self._alignment(type_word)]), pointer]

    def _op_store(self) -> list[str]:
        marks, type_word = self._memory("store")
        value = self.value(type_word)
        self._expect(",")
        self.type_word()
        pointer = self.value("ptr")
        return [".".join(["store", *marks, type_word, *self._alignment(type_word)]), value, pointer]

    def _op_alloca(self) -> list[str]:
        type_word = self.type_word()
        count = []
        if self._peek() == "," and self._peek(1) != "align":
            self._next()
            count_type = self.type_word()
            value = self.value(count_type)
            if value != "1":
                count = [f"{count_type}:{value}"]
        return [".".join(["alloca", type_word, *self._alignment(type_word)]), *count]

    def _op_getelementptr(self) -> list[str]:
        flags = self._flags()
        type_word = self.type_word()
        self._expect(",")
        if self.type_word() != "ptr":
            raise NotNormal("A getelementptr on a vector of pointers has no normal form.")
        words = [".".join(["gep", *flags, type_word]), self.value("ptr")]
        while self._take(","):
            index_type = self.type_word()
            index = self.value(index_type)
            plain = index_type == "i64" or re.fullmatch(r"-?\d+", index)
            words.append(index if plain else f"{index_type}:{index}")
        return words

    def _op_extractvalue(self) -> list[str]:
        type_word = self.type_word()
        words = [f"extractvalue.{type_word}", self.value(type_word)]
        while self._take(","):
            words.append(self._next())
        return words

    def _op_insertvalue(self) -> list[str]:
        type_word = self.type_word()
        aggregate = self.value(type_word)
        self._expect(",")
        element = self.type_word()
        words = [f"insertvalue.{type_word}.{element}", aggregate, self.value(element)]
        while self._take(","):
            words.append(self._next())
        return words

    def _op_extractelement(self) -> list[str]:
        type_word = self.type_word()
        vector = self.value(type_word)
        self._expect(",")
        return [f"extractelement.{type_word}", vector, self.value(self.type_word())]

    def _op_insertelement(self) -> list[str]:
        type_word = self.type_word()
        vector = self.value(type_word)
        self._expect(",")
        element = self.value(self.type_word())
        self._expect(",")
        return [f"insertelement.{type_word}", vector, element, self.value(self.type_word())]

    def _op_shufflevector(self) -> list[str]:
        type_word = self.type_word()
        left = self.value(type_word)
        self._expect(",")
        right = self.value(self.type_word())
        self._expect(",")
        mask_type = self.type_word()
        return [f"shufflevector.{type_word}.{mask_type}", left, right, self.value(mask_type)]

    def _op_ret(self) -> list[str]:
        type_word = self.type_word()
        return ["ret"] if type_word == "void" else [f"ret.{type_word}", self.value(type_word)]

    def _op_br(self) -> list[str]:
        if self._take("label"):
            return ["br", self._label()]
        self.type_word()
        words = ["br", self.value("i1")]
        for _ in range(2):
            self._expect(",")
            self._expect("label")
            words.append(self._label())
        return words

    def _op_switch(self) -> list[str]:
        type_word = self.type_word()
        words = [f"switch.{type_word}", self.value(type_word)]
        self._expect(",")
        self._expect("label")
        words.append(self._label())
        self._expect("[")
        while not self._take("]"):
            words.append(self.value(self.type_word()))
            self._expect(",")
            self._expect("label")
            words.append(self._label())
        return words

    def _op_unreachable(self) -> list[str]:
        return ["unreachable"]

    def _op_call(self) -> list[str]:
        return self._call("ncall")

    def _call(self, head: str) -> list[str]:
        flags = self._flags()
        if self._peek() in _CONVENTIONS:
            self._next()
        extension = self._attributes()
        result = self.type_word()
        fixed: int | None = None
        if self._take("("):
            fixed = 0
            while not self._take(")"):
                if self._take("..."):
                    continue
                self.type_word()
                self._attributes()
                fixed += 1
                self._take(",")
            if self._peek(-2) != "...":
                fixed = None
        if not self._peek().startswith(("@", "%")):
            raise NotNormal(f"A call of {self._peek()} has no normal form.")
        words = [".".join([head, *flags, *extension, result]), self.value("ptr")]
        self._expect("(")
        count = 0
        while not self._take(")"):
            if self._peek() == "metadata":
                raise NotNormal("A call with metadata has no normal form.")
            if fixed is not None and count == fixed:
                words.append("...")
            type_word = self.type_word()
            marks = self._attributes()
            words += [".".join([type_word, *marks]), self.value(type_word)]
            count += 1
            self._take(",")
        if fixed is not None and count == fixed:
            words.append("...")
        while self._at < len(self._tokens) and re.match(r'#\d+$|[a-z_]+$|"', self._peek()):
            self._next()
            if self._peek() == "(":
                self._skip_parentheses()
        return words
