"""What stands inside an instruction, into words of the normal form: types, values, constants, attributes.

`OperandReader` reads from a row of tokens and keeps what names stand for; `normal_read` builds on it.
"""

from __future__ import annotations

import re

from irlens.ir.normal_tokens import tokens_of, unquoted
from irlens.ir.normal_words import EXTENSIONS, FLAGS, NotNormal, Symbol, float_word

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
_OPERAND_WORDS = frozenset(
    [
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
    ]
)
"""Words that begin an operand: the attributes before it have ended."""
_DEEPEST = 50
"""Types and constants inside each other."""
_MOST_PARTS = 10_000
"""Of the types and constants of one statement: a named type that has another one twice doubles with each that does so."""


class OperandReader:
    """A position in the tokens of one statement; `symbols` are the globals met so far, by first use."""

    def __init__(self, types: dict[str, str], local: frozenset[str], definitions: dict[str, str]) -> None:
        self._types = types
        self._local = local
        self._definitions = definitions
        self._values: dict[str, str] = {}
        self._tokens: list[str] = []
        self._at = 0
        self._depth = self._parts = 0
        self.symbols: list[Symbol] = []
        self._symbol_at: dict[str, int] = {}

    def _begin(self, text: str) -> None:
        """Go to the first token of `text`."""
        self._tokens, self._at = tokens_of(text), 0
        self._depth = self._parts = 0

    def _one_more(self) -> None:
        """One type or constant more, inside those that have begun. Raises `NotNormal` where it is one too many."""
        self._depth += 1
        self._parts += 1
        if self._depth > _DEEPEST or self._parts > _MOST_PARTS:
            raise NotNormal("A type or constant here has too many parts for the normal form.")

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
        self._one_more()
        word = self._type_word()
        self._depth -= 1
        return word

    def _type_word(self) -> str:
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
                and token not in _OPERAND_WORDS
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
        name = unquoted(token[1:])
        if name.startswith("llvm.") and name not in self._definitions:
            if not re.fullmatch(r"llvm\.[\w.]+", name):
                raise NotNormal(f"The intrinsic @{name} has no normal form.")
            return f"@{name}"
        if name not in self._symbol_at:
            self._symbol_at[name] = len(self.symbols)
            self.symbols.append(Symbol(name, name in self._local, self._definitions.get(name, "")))
        return f"@{self._symbol_at[name] + 1}"

    def value(self, type_word: str) -> str:
        self._one_more()
        word = self._value(type_word)
        self._depth -= 1
        return word

    def _value(self, type_word: str) -> str:
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
