"""One function of a module with only what it refers to, as `llvm-extract` would cut it. Text in, text out.

The function becomes external (a pass that drops unused internals must not drop it), other functions become
declarations, and what nothing left refers to goes: variables, types, comdats, attributes and metadata. A module of
one function that refers to all it has stays as it is, byte for byte: models were trained on what LLVM prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from irlens.errors import UnusableInput
from irlens.ir.outline import IrFunction, outline
from irlens.ir.tokens import references, replaced
from irlens.source.memo import of_text

_LOCAL_LINKAGE = re.compile(
    r"^define\s+((?:(?:private|internal|available_externally|linkonce|weak|common|appending|extern_weak|"
    r"linkonce_odr|weak_odr|external)\s+))"
)
_DROPPED_IN_DECLARE = re.compile(
    r"^(?:private|internal|available_externally|linkonce|weak|common|appending|linkonce_odr|weak_odr|external|"
    r"dso_local|dso_preemptable|default|hidden|protected|dllexport|dllimport)\s+"
)
_NAME = r'(?:[-a-zA-Z$._0-9]+|"(?:[^"\\]|\\.)*")'
_NAMED = re.compile(rf"^(?:attributes )?([@$]{_NAME}|[!#]\d+|%(?!\d+\b){_NAME}(?= = type\b))\s*=")
"""What a line of its own names: a variable, a comdat, a metadata node, attributes, a type that is not numbered."""
_GLOBAL = re.compile(rf"^@{_NAME}\s*=")
_IS_LOCAL = re.compile(r"^define\s+(?:internal|private)\s")
_ROOT = re.compile(r"^![-a-zA-Z$._]")
_REFERENCE = re.compile(rf"[@$%]{_NAME}|[!#]\d+\b")
_NODE = re.compile(r"^(!\d+) =", re.MULTILINE)
_GROUP = re.compile(r"^attributes (#\d+) =", re.MULTILINE)
_OF_FUNCTION = re.compile(r"^; Function Attrs:")
_VARIABLE = re.compile(
    rf"^(?P<name>@{_NAME}) = (?P<linkage>(?:private|internal|available_externally|linkonce_odr|linkonce|weak_odr|weak"
    r"|common|appending|extern_weak|external) )?(?P<words>(?:(?!global\b|constant\b)[\w()]+ )*)"
    r"(?P<what>(?:global|constant) )"
)
_TAIL = re.compile(r", align \d+$")
_STRING = re.compile(r'c"(?:[^"\\]|\\.)*"')
_ATTRIBUTE_GROUPS = re.compile(r"#\d+")
_PARAMETER_NAME = re.compile(r'(?<!\s)\s*+%(?:[-a-zA-Z$._0-9]++|"(?>(?:[^"\\]|\\.)*)")$')


def extract(ir: str, function: str) -> str:
    """`ir` cut down to `function`, its parts in the order in which LLVM prints them. Raises `UnusableInput` where it is
    not defined."""
    return _extract(ir, function, as_llvm=False)


def llvm_extract(ir: str, function: str) -> str:
    """The same as `llvm-extract --func` has it: variables have no first value, so that their bytes count in the object
    of no function, and what was local is hidden."""
    return _extract(ir, function, as_llvm=True)


@dataclass(frozen=True)
class _Module:
    """A module as it is read once for all of its functions. `order` has an entry for each function, and for each line
    outside of functions: the line, and what it names. `symbols` are the functions' as their lines have them."""

    lines: tuple[str, ...]
    functions: tuple[IrFunction, ...]
    symbols: tuple[str, ...]
    order: tuple[IrFunction | tuple[str, str | None], ...]
    named: dict[str, str]
    roots: tuple[str, ...]


@of_text  # of a module many functions are cut out, one after the other
def _read(ir: str) -> _Module:
    lines = tuple(ir.split("\n"))
    functions = outline(ir).functions
    order: list[IrFunction | tuple[str, str | None]] = []
    at = 0
    for function in functions:
        order += ((line, _name_of(line)) for line in lines[at : function.start_line])
        order.append(function)
        at = function.end_line + 1
    order += ((line, _name_of(line)) for line in lines[at:])
    rest = [each for each in order if isinstance(each, tuple)]
    return _Module(
        lines,
        functions,
        tuple(_symbol(function.name, lines[function.start_line]) for function in functions),
        tuple(order),
        {name: line for line, name in rest if name is not None},
        tuple(line for line, _ in rest if _ROOT.match(line)),
    )


def _name_of(line: str) -> str | None:
    match = _NAMED.match(line)
    return match[1] if match is not None else None


def _extract(ir: str, function: str, *, as_llvm: bool) -> str:
    module = _read(ir)
    lines = module.lines
    target = next((f for f in module.functions if f.is_definition and f.name == function), None)
    if target is None:
        raise UnusableInput(f"The module does not define @{function}. Choose one that it defines.")
    body = _made_external(list(lines[target.start_line : target.end_line + 1]))
    line_of = without_value if as_llvm else str
    if as_llvm and _IS_LOCAL.match(lines[target.start_line]):
        body[0] = body[0].replace("define ", "define hidden ", 1)
    shown = {target.start_line: "\n".join(body)}
    kept = _reachable(body, module, line_of)
    for other, symbol in zip(module.functions, module.symbols, strict=True):
        if symbol in kept and other is not target:
            text = declaration(lines, other)
            if as_llvm and other.is_definition:
                text = text.replace("declare ", f"declare {_words_of(lines[other.start_line])}", 1)
            shown[other.start_line] = text
    kept |= _reachable(list(shown.values()), module, line_of)  # the declarations have attributes of their own
    out: list[str] = []
    for each in module.order:
        if isinstance(each, IrFunction):
            if each.start_line in shown:
                out += shown[each.start_line].split("\n")
                continue
            while out and _OF_FUNCTION.match(out[-1]):
                out.pop()
        else:
            line, name = each
            if (name is None or name in kept) and (line.strip() or (out and out[-1].strip())):
                out.append(line_of(line))  # no more than one empty line at a time
    return _numbered_anew("\n".join(out).strip("\n") + "\n")


def _made_external(body: list[str]) -> list[str]:
    return [_LOCAL_LINKAGE.sub("define ", body[0]), *body[1:]]


def _symbol(name: str, line: str) -> str:
    return f'@"{name}"' if f'@"{name}"' in line else f"@{name}"


def _words_of(header: str) -> str:
    """What LLVM keeps of a definition's words where it is only declared."""
    if _IS_LOCAL.match(header):
        return "hidden "
    return "dso_local " if header.partition("@")[0].find(" dso_local ") > 0 else ""


def without_value(line: str) -> str:
    """A variable as another module declares it; anything else as it is."""
    match = _VARIABLE.match(line)
    if match is None or match["linkage"] in ("external ", "extern_weak "):
        return line
    type_end = _end_of_type(line, match.end())
    tail = _TAIL.search(line, type_end)
    hidden = "hidden " if match["linkage"] in ("internal ", "private ") else ""
    head = f"{match['name']} = external {hidden}{match['words']}{match['what']}{line[match.end() : type_end]}"
    return head + (tail[0] if tail else "")


def _end_of_type(line: str, at: int) -> int:
    """Where the type that begins at `at` ends: at the first space that no bracket encloses."""
    depth = 0
    for index in range(at, len(line)):
        depth += (line[index] in "([{<") - (line[index] in ")]}>")
        if depth == 0 and line[index] in " ,":
            return index
    return len(line)


def _reachable(body: list[str], module: _Module, line_of: Callable[[str], str]) -> set[str]:
    """Every name and number that the body, named metadata, or something reachable from them mentions. `line_of` gives
    a line as the cut has it."""
    texts = [*body, *module.roots]
    found: set[str] = set()
    while texts:
        names = set(_REFERENCE.findall(_STRING.sub('""', texts.pop()))) - found
        found |= names
        texts.extend(line_of(module.named[name]) for name in names if name in module.named)
    return found | {f"${name[1:]}" for name in found if name.startswith("@")}  # a comdat of its own name


def _numbered_anew(text: str) -> str:
    """Nodes and attribute groups with the numbers that LLVM would print: in the order in which it meets them, which is
    nodes of variables, of named metadata, then of functions; groups of variables, of functions, then of calls."""
    lines = text.split("\n")
    outside = [line for line in lines if _GLOBAL.match(line)]
    headers = [line for line in lines if line.startswith(("define ", "declare "))]
    inside = [line for line in lines if line.startswith((" ", "\t"))]
    in_order = [line for line in lines if line.startswith(("define ", "declare ", " ", "\t"))]
    named = [line for line in lines if _ROOT.match(line)]
    for kind, defined, texts in (
        ("node", _NODE, [*outside, *named, *in_order]),
        ("group", _GROUP, [*outside, *headers, *inside]),
    ):
        places = {match[1]: at for at, line in enumerate(lines) if (match := defined.match(line))}
        met = _met(texts, kind, {number: lines[at].partition("=")[2] for number, at in places.items()})
        numbers = {old: f"{old[0]}{new}" for new, old in enumerate(met)}
        if list(places) == list(numbers.values()) and all(old == new for old, new in numbers.items()):
            continue
        moved = [lines[places[old]] for old in met]
        for at, line in zip(sorted(places.values()), moved, strict=True):
            lines[at] = line
        lines = [replaced(line, kind, partial(_renamed, numbers)) for line in lines]
    return "\n".join(lines)


def _met(texts: list[str], kind: str, defined: dict[str, str]) -> list[str]:
    """What is defined, in the order in which the texts come upon it, and what each refers to directly behind it."""
    found: dict[str, None] = {}
    left = list(
        reversed([*texts, *defined])
    )  # what nothing refers to comes last: there is none in what LLVM printed
    while left:
        text = left.pop()
        for each in reversed(list(references(text, kind))):
            if each in defined and each not in found:
                left.append(each)
        if text in defined and text not in found:
            found[text] = None
            left += reversed([each for each in references(defined[text], kind) if each in defined])
    return list(found)


def _renamed(numbers: dict[str, str], old: str) -> str:
    return numbers.get(old, old)


def declaration(lines: Sequence[str], function: IrFunction) -> str:
    """The function as another module declares it."""
    if not function.is_definition:
        return "\n".join(lines[function.start_line : function.end_line + 1])
    header = lines[function.start_line].removeprefix("define").strip()
    while (shorter := _DROPPED_IN_DECLARE.sub("", header)) != header:
        header = shorter
    symbol = _symbol(function.name, header)
    opening = header.index("(", header.index(symbol) + len(symbol))
    closing = _matching(header, opening)
    parameters = [_PARAMETER_NAME.sub("", p.strip()) for p in split_parameters(header[opening + 1 : closing])]
    groups = " ".join(_ATTRIBUTE_GROUPS.findall(header[closing:]))
    return f"declare {header[:opening]}({', '.join(parameters)}) {groups}".rstrip()


def _matching(text: str, opening: int) -> int:
    depth = 0
    for index in range(opening, len(text)):
        depth += (text[index] == "(") - (text[index] == ")")
        if depth == 0:
            return index
    return len(text)


def split_parameters(text: str) -> list[str]:
    """Split at the commas that no bracket encloses; an empty text has no parts."""
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "([{<") - (char in ")]}>")
        if char == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]] if text.strip() else []
