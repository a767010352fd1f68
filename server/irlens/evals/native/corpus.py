"""C functions with their prototypes, from a text in the plain form that `generate` writes and others may write too.

The form: one-line `typedef`s of structures and vectors, `extern` variables, prototypes of external functions; then
functions, each of whose heads stands on a line of its own and ends in `{`, and whose closing brace stands alone in the
first column. A comment of one line in front of a function names its kind. What does not fit is left out, by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SCALARS = {
    "_Bool": "bool", "char": "int", "signed char": "int", "unsigned char": "int", "short": "int",
    "unsigned short": "int", "int": "int", "unsigned": "int", "unsigned int": "int", "long": "int",
    "unsigned long": "int", "long long": "int", "unsigned long long": "int", "__int128": "int",
    "unsigned __int128": "int", "float": "float", "double": "float", "long double": "float",
    "float _Complex": "complex", "double _Complex": "complex",
}  # fmt: skip
"""C's own types and what a value of each is made of."""


@dataclass(frozen=True)
class Parameter:
    """`type` as C writes it; of a pointer to a function, `returns` and `takes` are its parts."""

    type: str
    returns: str = ""
    takes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    """`variable` are the types that a variadic function reads behind its parameters, in order. `has_result` is false
    where it says a type and returns nothing, so that nobody may look."""

    name: str
    kind: str
    returns: str
    parameters: tuple[Parameter, ...]
    variable: tuple[str, ...] = ()
    has_result: bool = True
    is_variadic: bool = False


@dataclass
class Corpus:
    """`prelude` is everything in front of the functions. `members` are those of each structure, `vectors` element type and
    number of each vector type, `variables` type and length (0: no array) of each global."""

    text: str
    prelude: str
    functions: dict[str, Function] = field(default_factory=dict)
    external: dict[str, Function] = field(default_factory=dict)
    members: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    vectors: dict[str, tuple[str, int]] = field(default_factory=dict)
    variables: dict[str, tuple[str, int]] = field(default_factory=dict)
    enums: set[str] = field(default_factory=set)
    left_out: list[str] = field(default_factory=list)


_HEAD = re.compile(r"^(?!typedef|extern|static|#|/\*|\s)([\w *]+?)\b(\w+)\((.*)\) \{$", re.M)
_PROTOTYPE = re.compile(r"^(?!typedef|#|/\*|\s)(?:extern )?([\w *]+?)\b(\w+)\(([^()]*)\);$", re.M)
_STRUCT = re.compile(r"^typedef struct \w* ?\{ ?(.*?) ?\} (\w+);$", re.M)
_VECTOR = re.compile(r"typedef ([\w ]+?) (\w+) __attribute__\(\(vector_size\((\d+)\)\)\);")
_FUNCTION_POINTER = re.compile(r"^(.+?)\(\*(\w*)\)\((.*)\)$")
_VARIABLES = re.compile(r"\bextern ([\w *]+?)[ *](\w+(?:\[\d+\])?(?:, ?\w+(?:\[\d+\])?)*);")
_SIZES = {"char": 1, "short": 2, "int": 4, "float": 4, "long": 8, "double": 8}


def read(text: str) -> Corpus:
    """The functions of a text, and the types that they use."""
    first = next((found.start() for found in _HEAD.finditer(text)), len(text))
    comment = text.rfind("\n/*", 0, first)
    if comment >= 0 and "\n" not in text[comment + 1 : first].strip():
        first = comment
    corpus = Corpus(text, text[:first])
    corpus.enums = {f"enum {name}" for name in re.findall(r"^enum (\w+) \{", corpus.prelude, re.M)}
    for found in _VECTOR.finditer(corpus.prelude):
        if found[1] in _SIZES:
            corpus.vectors[found[2]] = (found[1], int(found[3]) // _SIZES[found[1]])
    for found in _STRUCT.finditer(corpus.prelude):
        members = [one.strip().rsplit(" ", 1) for one in found[1].split(";") if one.strip()]
        corpus.members[found[2]] = [(spelled(kind), name) for kind, name in members]
    for found in _VARIABLES.finditer(corpus.prelude):
        for name in split(found[2]):
            if (array := re.fullmatch(r"(\w+)(?:\[(\d+)\])?", name)) is not None:
                corpus.variables[array[1]] = (spelled(found[1]), int(array[2] or 0))
    for found in _PROTOTYPE.finditer(corpus.prelude):
        function = _function(found[2], "", found[1], found[3], "")
        if function is not None:
            corpus.external[found[2]] = function
    for found in _HEAD.finditer(text, first):
        end = text.find("\n}", found.end())
        before = re.search(r"/\* ?([^*]*?) ?\*/\n?$", text[first : found.start()])
        body = text[found.end() : end]
        function = _function(found[2], before[1] if before else "", found[1], found[3], body)
        if function is None or not all(_known(corpus, one) for one in _types(function)):
            corpus.left_out.append(found[2])
        else:
            corpus.functions[found[2]] = function
    return corpus


def spelled(kind: str) -> str:
    """A type in one spelling: single spaces, none before a star's neighbor but one."""
    return re.sub(r"\s*\*\s*", " *", " ".join(kind.split())).strip()


def _function(name: str, kind: str, returns: str, parameters: str, body: str) -> Function | None:
    found: list[Parameter] = []
    for one in split(parameters):
        if one in ("void", "..."):
            continue
        pointer = _FUNCTION_POINTER.match(one)
        if pointer:
            takes = tuple(spelled(each) for each in split(pointer[3]))
            found.append(Parameter(f"{pointer[1].strip()} (*)({pointer[3]})", spelled(pointer[1]), takes))
            continue
        without = re.fullmatch(r"(.*?[\s*])(a\d+|[a-z]\w*_)", one)
        found.append(Parameter(spelled(without[1] if without else one)))
    is_variadic = "..." in parameters
    variable = tuple(spelled(each) for each in re.findall(r"va_arg\(\w+, ([^()]+?)\)", body))
    if re.search(r"\b(for|while|do)\b", body) and is_variadic:
        return None  # how many there are is not to be seen
    has_result = spelled(returns) != "void" and (not body or re.search(r"\breturn\b", body) is not None)
    return Function(name, kind, spelled(returns), tuple(found), variable, has_result, is_variadic)


def split(text: str) -> list[str]:
    """Between the commas that stand in no parentheses."""
    found, depth, part = [], 0, ""
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            found.append(part.strip())
            part = ""
        else:
            part += letter
    return [*found, part.strip()] if part.strip() else found


def _types(function: Function) -> list[str]:
    found = [function.returns, *function.variable]
    for one in function.parameters:
        found += [one.returns, *one.takes] if one.returns else [one.type]
    return found


def _known(corpus: Corpus, kind: str) -> bool:
    kind = kind.removeprefix("const ")
    if kind.endswith("*"):
        return _known(corpus, kind[:-1].strip())
    return (
        kind == "void"
        or kind in SCALARS
        or kind in corpus.vectors
        or kind in corpus.enums
        or (kind in corpus.members and all(_known(corpus, one) for one, _ in corpus.members[kind]))
    )
