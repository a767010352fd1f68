"""LLVM's text of one function into the lines of the normal form.

It reads what LLVM prints (any of 16 to 22), not everything that LLVM would read. What has no normal form
raises `NotNormal` with the reason; nothing is left out silently save what is listed in `DROPPED`, which does
not reach the assembly or is given back by `decode`.
"""

from __future__ import annotations

import re

from irlens.ir.normal_words import (
    BINARY,
    CASTS,
    EXTENSIONS,
    FLAGS,
    SIZE_MARKS,
    NotNormal,
    Symbol,
    float_word,
    natural_alignment,
)

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>[%@!c]?"(?:[^"\\]|\\.)*")
  | (?P<name>[%@][-a-zA-Z$._0-9]+)
  | (?P<meta>![-a-zA-Z$._0-9]*|\#[0-9]+)
  | (?P<dots>\.\.\.)
  | (?P<number>-?\d+\.\d+(?:e[+-]?\d+)?|0x[KLMHR]?[0-9A-Fa-f]+|-?\d+(?![-a-zA-Z$._]))
  | (?P<word>[-a-zA-Z$._0-9]+)
  | (?P<mark>[(){}\[\]<>,=*:|])
  )""",
    re.VERBOSE,
)
DROPPED = frozenset(
    [
        "noundef",
        "nonnull",
        "nocapture",
        "readonly",
        "readnone",
        "writeonly",
        "noalias",
        "returned",
        "nofree",
        "immarg",
        "captures",
        "dereferenceable",
        "dereferenceable_or_null",
        "range",
        "initializes",
        "nofpclass",
        "allocptr",
        "allocalign",
        "dead_on_unwind",
        "writable",
        "dead_on_return",
        "noext",
    ]
)
"""Parameter and result attributes without a place in the normal form."""
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


def tokens_of(text: str) -> list[str]:
    """Lexical tokens of a piece of IR. Raises `NotNormal` on a character that starts none."""
    found = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotNormal(
                f"The IR has {text[at : at + 20]!r}, which is not understood. Check it with LLVM first."
            )
        found.append(match[0].strip())
        at = match.end()
    return found


class FunctionReader:
    """Reads one function; `lines` is the result, `symbols` the globals in order of first use."""

    def __init__(
        self,
        header: str,
        body: list[str],
        types: dict[str, str],
        local: frozenset[str],
        definitions: dict[str, str],
    ) -> None:
        self._types = types
        self._local = local
        self._definitions = definitions
        self._values: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._tokens: list[str] = []
        self._at = 0
        self.symbols: list[Symbol] = []
        self._symbol_at: dict[str, int] = {}
        self.lines = [self._header(header)]
        blocks = _statements(body)
        self._name_all(blocks)
        for label, statement in blocks:
            if label is not None:
                self.lines.append(f"{self._labels[label]}:")
            else:
                self.lines.append(self._statement(statement))

    # --- tokens ------------------------------------------------------------------------------------

    def _peek(self, ahead: int = 0) -> str:
        index = self._at + ahead
        return self._tokens[index] if index < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise NotNormal("The IR ends in the middle of an instruction. Check it with LLVM first.")
        self._at += 1
        return token

    def _take(self, token: str) -> bool:
        if self._peek() == token:
            self._at += 1
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise NotNormal(f"{token!r} was expected before {self._peek()!r}: {' '.join(self._tokens)[:80]}")

    def _flags(self) -> list[str]:
        found = []
        while self._peek() in FLAGS:
            found.append(self._next())
        return found

    # --- types, names, values ------------------------------------------------------------------------

    def type_word(self) -> str:
        token = self._next()
        if token == "<":
            if self._peek() == "{":
                raise NotNormal("Packed structs have no normal form.")
            count = self._next()
            self._expect("x")
            element = self.type_word()
            self._expect(">")
            return f"v{count}{element}"
        if token == "[":
            count = self._next()
            self._expect("x")
            element = self.type_word()
            self._expect("]")
            return f"[{count}x{element}]"
        if token == "{":
            parts = []
            while not self._take("}"):
                parts.append(self.type_word())
                self._take(",")
            return "{" + ",".join(parts) + "}"
        if token.startswith("%"):
            return self._named_type(token)
        if (
            not re.fullmatch(r"i\d+|ptr|float|double|void|half|x86_fp80", token)
            or self._peek() == "addrspace"
        ):
            raise NotNormal(f"The type {token} has no normal form.")
        return token

    def _named_type(self, name: str) -> str:
        body = self._types.get(name)
        if body is None:
            raise NotNormal(f"The type {name} is not defined in the module.")
        kept = self._tokens, self._at
        self._tokens, self._at = tokens_of(body), 0
        try:
            return self.type_word()
        finally:
            self._tokens, self._at = kept

    def _attributes(self) -> list[str]:
        """Skip parameter attributes; those that change the calling sequence are given back."""
        kept = []
        while True:
            token = self._peek()
            if token in EXTENSIONS:
                kept.append(self._next())
            elif token in DROPPED:
                self._next()
                if self._peek() == "(":
                    self._skip_parentheses()
            elif token == "align" and re.fullmatch(r"\d+", self._peek(1)):
                self._at += 2
            elif (
                re.fullmatch(r"[a-z][a-z_0-9]+", token)
                and token
                not in (
                    "null",
                    "undef",
                    "poison",
                    "true",
                    "false",
                    "zeroinitializer",
                    "splat",
                    "getelementptr",
                    "none",
                    "inttoptr",
                    "ptrtoint",
                    "bitcast",
                    "trunc",
                    "sub",
                    "add",
                    "xor",
                    "icmp",
                    "select",
                    "asm",
                    "ptr",
                    "float",
                    "double",
                    "void",
                    "half",
                    "dso_local_equivalent",
                    "no_cfi",
                    "metadata",
                    "addrspacecast",
                    "x86_fp80",
                    "blockaddress",
                )
                and not re.fullmatch(r"i\d+", token)
            ):
                raise NotNormal(f"The parameter attribute {token} has no normal form.")
            else:
                return kept

    def _skip_parentheses(self) -> None:
        depth = 0
        while True:
            token = self._next()
            depth += (token == "(") - (token == ")")
            if depth == 0:
                return

    def _symbol(self, token: str) -> str:
        name = _unquoted(token[1:])
        if name.startswith("llvm.") and name not in self._definitions:
            if not re.fullmatch(r"llvm\.[\w.]+", name):
                raise NotNormal(f"The intrinsic @{name} has no normal form.")
            return f"@{name}"
        if name not in self._symbol_at:
            self._symbol_at[name] = len(self.symbols)
            self.symbols.append(Symbol(name, name in self._local, self._definitions.get(name, "")))
        return f"@{self._symbol_at[name] + 1}"

    def value(self, type_word: str) -> str:
        token = self._next()
        if token.startswith("%"):
            if token not in self._values:
                raise NotNormal(f"{token} is used and never defined.")
            return self._values[token]
        if token.startswith("@"):
            return self._symbol(token)
        if token in ("null", "undef", "poison", "true", "false"):
            return token
        if token == "zeroinitializer":
            return "zero"
        if token == "getelementptr":
            return self._constant_gep()
        if token == "splat":
            self._expect("(")
            inner = self.type_word()
            word = self.value(inner)
            self._expect(")")
            return f"splat({word})"
        if token == "<":
            parts = []
            while not self._take(">"):
                parts.append(self.value(self.type_word()))
                self._take(",")
            return "<" + ",".join(parts) + ">"
        if re.fullmatch(r"-?\d+", token) and type_word.startswith("i"):
            return token
        if re.match(r"-?\d|0x", token) and type_word in ("float", "double"):
            return float_word(token, type_word)
        raise NotNormal(f"The constant {type_word} {token} has no normal form.")

    def _constant_gep(self) -> str:
        """`getelementptr (i8, ptr @g, i64 4)` as `@1+4`."""
        self._flags()
        self._expect("(")
        element = self.type_word()
        self._expect(",")
        self.type_word()
        base = self.value("ptr")
        self._expect(",")
        offset = self.value(self.type_word())
        if element != "i8" or not self._take(")") or not re.fullmatch(r"-?\d+", offset) or "+" in base:
            raise NotNormal(
                "This constant getelementptr has no normal form. Let LLVM's instcombine make it i8."
            )
        return f"{base}+{offset}"

    # --- the function -----------------------------------------------------------------------------

    def _header(self, header: str) -> str:
        cut = re.sub(r"^define\s+", "", header)
        match = re.search(r'@(?:[-a-zA-Z$._0-9]+|"(?:[^"\\]|\\.)*")\(', cut)
        if match is None:
            raise NotNormal("The function's head cannot be read. Check it with LLVM first.")
        self._tokens, self._at = tokens_of(cut[: match.start()]), 0
        while self._peek() in _HEAD_WORDS:
            self._next()
            if self._peek() == "(":
                self._skip_parentheses()
        result = [*self._attributes(), self.type_word()]
        self._tokens, self._at = tokens_of(cut[match.end() - 1 :]), 0
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
        self._tokens, self._at = tokens_of(_without_metadata(statement)), 0
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


def _unquoted(name: str) -> str:
    return name[1:-1] if name.startswith('"') else name


def _without_metadata(statement: str) -> str:
    """The statement without `, !tbaa !5` and the like at its end."""
    return re.sub(r",\s*![-a-zA-Z$._0-9]+ !.*$", "", statement)


_LABEL = re.compile(r'^(?:([-a-zA-Z$._0-9]+)|"((?:[^"\\]|\\.)*)"):\s*(?:;.*)?$')


def _statements(body: list[str]) -> list[tuple[str | None, str]]:
    """(label, "") and (None, statement) in order. An entry block's own label is left out unless it is used."""
    found: list[tuple[str | None, str]] = []
    waiting = ""
    for line in body:
        line = _cut_comment(line).strip()
        if not line or line.startswith("#dbg"):
            continue
        label = _LABEL.match(line)
        if label and not waiting:
            name = label[1] if label[1] is not None else f'"{label[2]}"'
            if found:
                found.append((name, ""))
            continue
        waiting = f"{waiting} {line}".strip()
        if (
            waiting.startswith("switch")
            and not waiting.endswith("]")
            and "]" not in waiting.split("[", 1)[-1]
        ):
            continue
        found.append((None, waiting))
        waiting = ""
    if waiting:
        raise NotNormal("The function ends in the middle of an instruction. Check it with LLVM first.")
    return found


def _cut_comment(line: str) -> str:
    if ";" not in line:
        return line
    match = re.match(r'(?:[^;"]|"(?:[^"\\]|\\.)*")*', line)
    return match[0] if match else line
