"""C declarations as text, read with pycparser: `double f(double)`, with what they need in front of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from irlens.errors import UnusableInput
from irlens.prototypes.types import (
    POINTER,
    VOID,
    CType,
    Prototype,
    Unpassable,
    array_of,
    integer,
    laid_out,
    pointer_to,
)

MOST_CHARACTERS = 200_000
"""Of declarations, which are read in a second. A header that is preprocessed with all that it includes has some 100,000."""
_LONGEST_WORD = 10_000
"""Characters of a name or number: the reader's time grows with their square."""
_ENDLESS_WORD = re.compile(r"\w{10001}")
_DEEPEST = 100
"""Brackets in one another."""
_LIBRARY = """
typedef signed char int8_t; typedef short int16_t; typedef int int32_t; typedef long int64_t;
typedef unsigned char uint8_t; typedef unsigned short uint16_t; typedef unsigned int uint32_t;
typedef unsigned long uint64_t; typedef long intptr_t; typedef unsigned long uintptr_t; typedef long ptrdiff_t;
typedef unsigned long size_t; typedef long ssize_t; typedef long intmax_t; typedef unsigned long uintmax_t;
typedef _Bool bool; typedef int wchar_t; typedef unsigned int wint_t; typedef long time_t; typedef long off_t;
typedef unsigned int mode_t; typedef int pid_t; typedef unsigned int uid_t; typedef unsigned int gid_t;
typedef unsigned int socklen_t; typedef unsigned char uchar; typedef unsigned int uint; typedef unsigned long ulong;
typedef struct _IO_FILE FILE; typedef struct __dirstream DIR; typedef long off64_t;
"""
"""What the standard headers call the types of both 64-bit targets."""
_TOKEN = re.compile(r"[A-Za-z0-9_]+|\S")
_DIRECTIVE = re.compile(r"^[ \t]*#[^\n]*$", re.MULTILINE)
_QUALIFIERS = frozenset(("const", "restrict", "volatile"))
_WORDS = frozenset(
    "void char short int long float double signed unsigned _Bool bool _Complex __int128 const volatile restrict struct "
    "union enum static extern inline typedef return sizeof".split()
)
_INTEGERS = {"char": 1, "short": 2, "int": 4, "long": 8, "__int128": 16}
_NOT_TOLD = "a type that C needs to know is not declared in front of it"


def prototypes_in(text: str, *, arm: bool, apple: bool = False) -> list[Prototype]:
    """Every function that is declared or defined in `text`, the last of a name alone. A type that is only pointed to
    needs no declaration. Raises `UnusableInput` that says where it cannot be read, and what to do."""
    if _ENDLESS_WORD.search(text):
        raise UnusableInput(
            f"A word or number has more than {_LONGEST_WORD:,} characters. Give C declarations."
        )
    if len(text) > MOST_CHARACTERS:
        raise UnusableInput(
            f"The declarations are over {MOST_CHARACTERS:,} characters. Give those of the functions that matter."
        )
    bare = _DIRECTIVE.sub("", _without_comments(text)).rstrip()
    if bare and not bare.endswith((";", "}")):
        bare += ";"
    _refuse_deep(bare)
    tree = _parsed(_with_opaque(bare))
    reader = _Reader(arm, apple)
    return reader.read(tree)


def _refuse_deep(text: str) -> None:
    depth = in_a_row = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        in_a_row = 0 if character in ",;(){}" else in_a_row + (character in "[*")
        if depth > _DEEPEST:
            raise UnusableInput(
                f"The declarations have over {_DEEPEST} brackets in one another. Simplify them."
            )
        if in_a_row > _DEEPEST:
            raise UnusableInput(f"A declaration has over {_DEEPEST} dimensions or asterisks. Simplify it.")


def _without_comments(text: str) -> str:
    """With a blank for each comment. What opens one inside a string or never ends is left to the parser to refuse."""
    parts, at = [], 0
    while (start := text.find("/", at)) >= 0:
        opening = text[start : start + 2]
        end = text.find("*/", start + 2) if opening == "/*" else text.find("\n", start)
        if opening not in ("/*", "//"):
            parts.append(text[at : start + 1])
            at = start + 1
            continue
        parts += [text[at:start], " "]
        if end < 0:
            return "".join(parts)
        if opening == "/*":
            parts.append("\n" * text.count("\n", start, end))  # so that lines stay what they are
        at = end + 2 if opening == "/*" else end
    return "".join(parts) + text[at:]


def _with_opaque(text: str) -> str:
    """With what is only pointed to declared as a structure of which no more is known."""
    tokens = ["", "", *_TOKEN.findall(text), ""]
    known = {*_WORDS, *_TOKEN.findall(_LIBRARY)}
    pointed_to: dict[str, None] = {}
    depth, in_typedef, name = 0, False, ""
    for at, token in enumerate(tokens[2:-1], 2):
        before, after = tokens[at - 1], tokens[at + 1]
        depth += (token == "{") - (token == "}")
        if token[0].isalpha() or token[0] == "_":
            name = name if token in _QUALIFIERS else token
            is_declared = after in ("", ";", ",", "[") or (
                before == "*" and tokens[at - 2] == "(" and after == ")"
            )
            if before in ("struct", "union", "enum") or (in_typedef and depth == 0 and is_declared):
                known.add(token)
            in_typedef = in_typedef or token == "typedef"
        elif token == "*":
            pointed_to[name] = None
        else:
            name = ""
            in_typedef = in_typedef and not (token == ";" and depth == 0)
    found = sorted(name for name in pointed_to if name and name not in known)
    return "".join(f"typedef struct {name} {name}; " for name in found) + text


def _parsed(text: str) -> Any:
    from pycparser.c_parser import CParser, ParseError

    library = _LIBRARY.replace("\n", " ")
    try:
        return CParser().parse(f"{library}\n{text}", "")
    except ParseError as error:
        raise UnusableInput(_readable(str(error), text)) from None
    except (RecursionError, AssertionError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise UnusableInput(
            f"The C declarations cannot be read ({type(error).__name__}). Give each as a plain prototype, such as "
            "double f(double)."
        ) from None


def _readable(said: str, text: str) -> str:
    """pycparser's error in words: where it is, and what may help."""
    found = re.match(r"[^:]*:(\d+):(\d+): (?:before: )?(.*)", said)
    if found is None:
        return (
            "The C declarations end in the middle of one. Give each as a prototype, such as double f(double)."
        )
    lines = text.split("\n")
    number = int(found[1]) - 2
    line = " ".join(lines[number].split()) if 0 <= number < len(lines) else ""
    if "__attribute__" in line or "__declspec" in line:
        return f"`{line[:100]}`: attributes are not read. Leave them out, if they change nothing of how values are passed."
    what = found[3][:40]
    where = f" near `{what}`" if what and what != "Invalid function definition" else ""
    return (
        f"`{line[:100]}` is no C declaration{where}, or {_NOT_TOLD}. "
        "Give a prototype such as double f(double), with the typedefs and structures that it needs in front."
    )


class _Reader:
    def __init__(self, arm: bool, apple: bool) -> None:
        self._arm, self._apple = arm, apple
        self._typedefs: dict[str, Any] = {}
        self._tags: dict[tuple[str, str], Any] = {}
        self._made: dict[str, CType] = {}
        self._aggregates: dict[int, CType] = {}
        """By node of the tree, which lives as long as this."""
        self._open: set[int] = set()
        """Structures of which a member is looked at: one in itself has no size."""

    def read(self, tree: Any) -> list[Prototype]:
        found: dict[str, Prototype] = {}
        for each in tree.ext:
            kind = type(each).__name__
            declaration = each.decl if kind == "FuncDef" else each
            if kind == "Typedef":
                self._note(each.type)
                self._typedefs[each.name] = each.type
            elif kind in ("Decl", "FuncDef"):
                self._note(declaration.type)
                function = type(declaration.type).__name__ == "FuncDecl"
                old = function and kind == "FuncDef" and each.param_decls
                if function and declaration.name and not old:
                    found[declaration.name] = self._prototype(declaration)
        return list(found.values())

    def _note(self, node: Any) -> None:
        """Remember the structures that a declaration lists the members of."""
        while node is not None:
            kind = type(node).__name__
            if kind in ("Struct", "Union", "Enum"):
                members = node.values if kind == "Enum" else node.decls
                if node.name and members is not None:
                    self._tags[kind, node.name] = node
                return
            node = getattr(node, "type", None)

    def _prototype(self, declaration: Any) -> Prototype:
        function, name = declaration.type, declaration.name
        try:
            returns = self._type(function.type)
            parameters = []
            variadic = False
            if function.args is None:
                raise Unpassable(
                    f"{name}() does not say what it takes; write {name}(void) if it takes nothing"
                )
            for one in function.args.params:
                kind = type(one).__name__
                if kind == "EllipsisParam":
                    variadic = True
                elif kind == "ID":
                    raise Unpassable(f"{one.name} is no type that is declared in front of it")
                else:
                    self._note(one.type)
                    parameters.append(self._decayed(one.type))
            if parameters == [VOID]:
                parameters = []
            if any(not one.size and not one.aggregate for one in parameters):
                raise Unpassable("a parameter is void")
            return Prototype(name, returns, tuple(parameters), variadic)
        except Unpassable as why:
            raise UnusableInput(
                f"The prototype of {name} cannot be used: {why}. Give one whose types are declared in front of it."
            ) from None
        except RecursionError:
            raise UnusableInput(
                f"The prototype of {name} cannot be read: its types lead to one another without end. Simplify it."
            ) from None

    def _decayed(self, node: Any) -> CType:
        """As a parameter: arrays and functions are pointers."""
        kind = type(node).__name__
        if kind == "ArrayDecl":
            return pointer_to(self._words(node.type))
        if kind == "FuncDecl":
            return POINTER
        at = node
        while type(at).__name__ in ("TypeDecl", "Typename"):
            at = at.type
        if type(at).__name__ == "IdentifierType" and len(at.names) == 1 and at.names[0] in self._typedefs:
            named = self._typedefs[at.names[0]]
            if type(named).__name__ in ("ArrayDecl", "FuncDecl") or named is not node:
                decayed = self._decayed(named)
                return decayed if decayed.leaves == POINTER.leaves else self._type(node)
        return self._type(node)

    def _type(self, node: Any) -> CType:
        kind = type(node).__name__
        if kind in ("TypeDecl", "Typename"):
            return self._type(node.type)
        if kind == "PtrDecl":
            return pointer_to(self._words(node.type))
        if kind == "IdentifierType":
            return self._named(node.names)
        if kind == "Enum":
            return integer(f"enum {node.name}" if node.name else "enum", 4, False)
        if kind in ("Struct", "Union"):
            return self._aggregate(node, kind)
        if kind == "ArrayDecl":
            return array_of(self._type(node.type), self._number(node.dim))
        raise Unpassable(f"{kind} is not passed by value")

    def _words(self, node: Any) -> str:
        """Of what is pointed to, which needs no size."""
        kind = type(node).__name__
        if kind in ("TypeDecl", "Typename"):
            constant = "const " if "const" in (node.quals or ()) else ""
            return constant + self._words(node.type)
        if kind == "PtrDecl":
            return f"{self._words(node.type)} *"
        if kind == "IdentifierType":
            return " ".join(node.names)
        if kind in ("Struct", "Union", "Enum"):
            return f"{kind.lower()} {node.name}" if node.name else kind.lower()
        return "void"

    def _named(self, names: list[str]) -> CType:
        if len(names) == 1 and names[0] in self._typedefs:
            name = names[0]
            if name not in self._made:
                self._made[name] = replace(self._type(self._typedefs[name]), words=name)
            return self._made[name]
        words = " ".join(names)
        rest = [name for name in names if name not in ("signed", "unsigned")]
        if names == ["void"]:
            return VOID
        if rest in (["_Bool"], ["bool"]):
            return CType("bool", 1, 1, ((0, "i1"),))
        if "float" in rest or "double" in rest:
            return self._float(words, sorted(rest))
        size = 8 if "long" in rest else next((_INTEGERS[name] for name in rest if name in _INTEGERS), 4)
        if rest and not set(rest) <= set(_INTEGERS):
            raise Unpassable(f"{words} is not declared")
        signed = "unsigned" not in names
        if rest == ["char"] and "signed" not in names:
            signed = signed and (not self._arm or self._apple)
        return integer(words, size, signed)

    def _float(self, words: str, rest: list[str]) -> CType:
        parts = [name for name in rest if name != "_Complex"]
        scalar, size = {
            ("float",): ("float", 4),
            ("double",): ("double", 8),
            ("double", "long"): self._long_double(),
        }.get(tuple(parts), ("", 0))
        if not scalar:
            raise Unpassable(f"{words} is no type of C")
        if len(parts) == len(rest):
            return CType(words, size, size, ((0, scalar),))
        return CType(words, 2 * size, size, ((0, scalar), (size, scalar)), aggregate=True)

    def _long_double(self) -> tuple[str, int]:
        if not self._arm:
            return "x86_fp80", 16
        return ("double", 8) if self._apple else ("fp128", 16)

    def _aggregate(self, node: Any, kind: str) -> CType:
        words = f"{kind.lower()} {node.name or ''}".rstrip()
        whole = node if node.decls is not None else self._tags.get((kind, node.name))
        if whole is None:
            raise Unpassable(f"the members of {words} are not declared")
        if id(whole) in self._open:
            raise Unpassable(f"{words} has itself for a member")
        if id(whole) in self._aggregates:
            return self._aggregates[id(whole)]
        self._open.add(id(whole))
        try:
            members = []
            for member in whole.decls:
                if getattr(member, "bitsize", None) is not None:
                    raise Unpassable(f"{words} has bit-fields, which are not read")
                self._note(member.type)
                members.append(self._type(member.type))
        finally:
            self._open.discard(id(whole))
        made = self._aggregates[id(whole)] = laid_out(words, members, union=kind == "Union")
        return made

    def _number(self, node: Any) -> int:
        """A constant in brackets."""
        kind = type(node).__name__
        if kind == "Constant" and node.type in ("int", "unsigned int", "long int", "unsigned long int"):
            text = node.value.rstrip("uUlL")
            octal = len(text) > 1 and text[0] == "0" and text.isdigit()
            return int(text, 8 if octal else 0) if len(text) < 20 else 1 << 62
        if kind == "BinaryOp" and node.op in _OPERATIONS:
            return _OPERATIONS[node.op](self._number(node.left), self._number(node.right))
        raise Unpassable("the size of an array is no plain number")


_OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: max(0, left - right),
    "*": lambda left, right: left * right,
}
