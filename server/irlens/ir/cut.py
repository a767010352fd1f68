"""One function of a module with what it refers to, for passes that are to change this function and nothing else.

Unlike `extract`, nothing that passes find out here can be untrue in the whole module: variables keep their first
values only as `available_externally`, so that passes may read constants but neither change a variable, raise its
alignment nor believe that nobody else writes it; a function that other files may replace keeps that.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from irlens.errors import UnusableInput
from irlens.ir.extract import declaration, without_value
from irlens.ir.outline import IrFunction, outline
from irlens.ir.tokens import references
from irlens.source.positions import byte_to_index

LOCAL = ("internal", "private")
_LINKAGE = re.compile(
    r"(?P<before>define\s+)(?P<linkage>private|internal|available_externally|linkonce_odr|linkonce|weak_odr|weak"
    r"|external)\s+"
)
_GLOBAL = re.compile(r'\s*(?P<name>@(?:"[^"]*"|[-\w$.]+))\s*=\s*(?P<rest>.*)')
_VARIABLE = re.compile(
    r"(?P<linkage>(?:private|internal|available_externally|linkonce_odr|linkonce|weak_odr|weak|common|appending"
    r"|extern_weak|external)\s+)?(?P<words>(?:(?!global\b|constant\b)\w+(?:\(\w+\))?\s+)*)(?P<what>(?:global|constant)\b.*)"
)
_COMDAT_OF = re.compile(r',\s*comdat(?:\(\$(?:"[^"]*"|[-\w$.]+)\))?')
_COMDAT_OF_FUNCTION = re.compile(r'(?<=\s)comdat(?:\(\$(?:"[^"]*"|[-\w$.]+)\))?\s')
_NODE = re.compile(r"\s*(!\d+)\s*=\s*(.*)")
_KEPT = re.compile(
    r"\s*(?:%\S.*=\s*type\b|\$\S.*=\s*comdat\b|target\b|source_filename\b|attributes\s+#\d+\s*=|![-\w.]+\s*=)"
)
_DROPPED = re.compile(r"\s*(?:;.*)?$|\s*(?:uselistorder\b|uselistorder_bb\b|\^\d+\s*=|module\s+asm\b)")
_UNITS = "!llvm.dbg.cu"
_UNIT_LISTS = re.compile(r", (?:enums|retainedTypes|globals|imports|macros): !\d+")
_UNNAMED = re.compile(r"@\d+$")
_NUMBERED_TYPE = re.compile(r"\s*%\d+\s*=\s*type\b")


def cut(ir: str, name: str, *, slim: bool = False) -> str:
    """The module cut down to the function. `slim` leaves out what compile units list besides (types, variables), which
    passes do not look at, and which `graft` would miss. Raises `UnusableInput` where the cut would change what it says."""
    return _cut(ir, name, 0, slim=slim).text


@dataclass(frozen=True)
class CutAlong:
    """`text` is a function and the functions that it calls, `callees` how many of those; `left_out` how many others are
    only declared, since they had no room or may be another file's."""

    text: str
    callees: int
    left_out: int


def cut_with_callees(ir: str, name: str, most_chars: int) -> CutAlong:
    """As `cut`, with the functions that the function calls, and those that they call, as `available_externally`: passes
    may inline them and look into them, but not change them. The nearest first, up to `most_chars` of text."""
    return _cut(ir, name, most_chars, slim=True)


def _cut(ir: str, name: str, room: int, *, slim: bool) -> CutAlong:
    lines = ir.split("\n")
    functions = outline(ir).functions
    target = defined(functions, name)
    body = [_kept_alive(lines[target.start_line], name), *lines[target.start_line + 1 : target.end_line + 1]]
    taken = {line for f in functions for line in range(f.start_line, f.end_line + 1)}
    kept: list[str] = []
    globals_: dict[str, str] = {}
    nodes: dict[str, str] = {}
    for line in (line for number, line in enumerate(lines) if number not in taken):
        if match := _GLOBAL.match(line):
            globals_[match["name"]] = match["rest"]
        elif match := _NODE.match(line):
            nodes[match[1]] = _UNIT_LISTS.sub("", line) if slim and "!DICompileUnit(" in line else line
        elif _NUMBERED_TYPE.match(line):
            raise UnusableInput("Types without names are numbered anew when LLVM prints them. Name them.")
        elif _KEPT.match(line):
            if not line.lstrip().startswith("!llvm.ident"):
                kept.append(line)
        elif not _DROPPED.match(line):
            raise UnusableInput(f"`{line.strip()[:60]}` cannot be placed. Have LLVM print the module.")
    if "blockaddress" in ir and any("blockaddress" in line and f"@{name}" in line for line in lines):
        raise UnusableInput(f"Blocks of {name} are referred to by address. Optimise the whole module.")
    symbols = {symbol_of(lines, function): function for function in functions}
    names = _reached(body, globals_)
    along, declared, names = _callees(names, globals_, symbols, target, lines, room)
    if any(_UNNAMED.match(each) for each in names):
        raise UnusableInput("Globals without names are numbered anew when LLVM prints them. Name them.")
    variables = [f"{each} = {_not_ours(rest)}" for each, rest in globals_.items() if each in names]
    others = [_declared(lines, symbols[each]) for each in declared]
    bodies = [line for text in along.values() for line in text]
    code = [*variables, *others, *bodies, *body]
    if slim:
        used = _reached_nodes(list(code), nodes)
        kept = [_only_units(line, used) if line.startswith(_UNITS) else line for line in kept]
    found = _reached_nodes([*kept, *code], nodes)
    out = [
        *kept,
        "",
        *variables,
        "",
        *body,
        "",
        *bodies,
        *others,
        "",
        *(nodes[each] for each in nodes if each in found),
    ]
    left_out = sum(symbols[each].is_definition for each in declared)
    return CutAlong("\n".join(out) + "\n", len(along), left_out)


def _only_units(line: str, used: set[str]) -> str:
    """`!llvm.dbg.cu` without the compile units that nothing refers to; "" where none is left."""
    units = [each for each in references(line.partition("=")[2], "node") if each in used]
    return f"{_UNITS} = !{{{', '.join(units)}}}" if units else ""


def _callees(
    names: set[str],
    globals_: dict[str, str],
    symbols: dict[str, IrFunction],
    target: IrFunction,
    lines: list[str],
    room: int,
) -> tuple[dict[str, list[str]], list[str], set[str]]:
    """The texts of functions that come along, the names of those that are only declared, and every name that is reached."""
    along: dict[str, list[str]] = {}
    declared: dict[str, None] = {}
    reached = set(names)
    queue = deque(sorted(names))
    while queue:
        each = queue.popleft()
        function = symbols.get(each)
        if function is None or function is target:
            continue
        text = _lent(lines, function) if room > 0 else None
        size = sum(map(len, text or ()))
        if text is None or size > room:
            declared[each] = None
            continue
        room -= size
        along[each] = [*text, ""]
        more = _reached(text, globals_) - reached
        reached |= more
        queue.extend(sorted(more))
    in_order = sorted(declared, key=lambda each: symbols[each].start_line)
    return along, in_order, reached


def _lent(lines: list[str], function: IrFunction) -> list[str] | None:
    """A function's text for a module that only reads it; None where it may be another file's in the end."""
    header = lines[function.start_line]
    linkage = linkage_of(header)
    if not function.is_definition or linkage in ("weak", "linkonce") or "{" not in header:
        return None
    if not linkage:
        header = re.sub(r"^define\s+(?:external\s+)?", "define available_externally ", header, count=1)
    else:
        hidden = "hidden " if linkage in LOCAL else ""
        header = _LINKAGE.sub(f"define available_externally {hidden}", header, count=1)
    header = _COMDAT_OF_FUNCTION.sub("", header, count=1)
    return [header, *lines[function.start_line + 1 : function.end_line + 1]]


def _declared(lines: list[str], function: IrFunction) -> str:
    """A declaration that leaves calls and addresses as they are in the whole module."""
    text = declaration(lines, function)
    header = lines[function.start_line]
    if not function.is_definition:
        return text
    if linkage_of(header) in LOCAL:
        return text.replace("declare ", "declare hidden ", 1)
    return (
        text.replace("declare ", "declare dso_local ", 1)
        if " dso_local " in header.partition("@")[0]
        else text
    )


_LENT = re.compile(r'(?P<name>@(?:"[^"]*"|[-\w$.]+)) = available_externally (?P<rest>.*)')
_ATTACHED = re.compile(r",\s*![-\w.]+\s+!\d+\b")


def with_variables(part: str, text: str) -> str:
    """`text`, which is `part` (of `cut`) or what passes made of it, with the variables that `part` is lent by its module
    as variables of its own: to be run, not to be optimized."""
    lent = {
        match["name"]: f"{match['name']} = {_ATTACHED.sub('', match['rest'])}"
        for line in part.split("\n")
        if (match := _LENT.match(line))
    }
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.startswith("@") and (match := _GLOBAL.match(line)) and match["name"] in lent:
            lines[at] = lent[match["name"]]
    return "\n".join(lines)


def defined(functions: tuple[IrFunction, ...], name: str) -> IrFunction:
    """The definition of the name. Raises `UnusableInput`."""
    for function in functions:
        if function.is_definition and function.name == name:
            return function
    raise UnusableInput(f"The module does not define @{name}. Choose a function that it defines.")


def linkage_of(header: str) -> str:
    """The linkage that a definition is written with; "" where it is external."""
    match = _LINKAGE.match(header)
    return match["linkage"] if match and match["linkage"] != "external" else ""


def symbol_of(lines: list[str], function: IrFunction) -> str:
    """The name as it is written, with its sigil and quotes."""
    line = lines[function.name_line]
    return line[byte_to_index(line, function.name_column) : byte_to_index(line, function.name_end_column)]


def _kept_alive(header: str, name: str) -> str:
    linkage = linkage_of(header)
    if linkage == "available_externally":
        raise UnusableInput(f"@{name} is another file's. Optimise it there.")
    if not linkage:
        return header
    stronger = {"linkonce": "weak ", "linkonce_odr": "weak_odr ", "weak": "weak ", "weak_odr": "weak_odr "}
    return _LINKAGE.sub(lambda match: match["before"] + stronger.get(linkage, ""), header, count=1)


def _not_ours(rest: str) -> str:
    match = _VARIABLE.match(rest)
    if match is None:
        return rest  # an alias, or what LLVM will not read
    linkage = (match["linkage"] or "").strip()
    if linkage in ("external", "extern_weak", "available_externally"):
        return rest
    if linkage in ("weak", "linkonce", "common"):
        return without_value(f"@x = {rest}").partition(" = ")[2]  # another file may give it another value
    hidden = "hidden " if linkage in LOCAL else ""
    return f"available_externally {hidden}{match['words']}{_COMDAT_OF.sub('', match['what'])}"


def _reached(body: list[str], globals_: dict[str, str]) -> set[str]:
    found: set[str] = set()
    texts = list(body)
    while texts:
        for each in references(texts.pop(), "global"):
            if each not in found:
                found.add(each)
                if each in globals_:
                    texts.append(globals_[each])
    return found


def _reached_nodes(texts: list[str], nodes: dict[str, str]) -> set[str]:
    found: set[str] = set()
    while texts:
        for each in references(texts.pop(), "node"):
            if each not in found and each in nodes:
                found.add(each)
                texts.append(nodes[each].partition("=")[2])
    return found
