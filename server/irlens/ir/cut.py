"""One function of a module with what it refers to, for passes that are to change this function and nothing else.

Unlike `extract`, nothing that passes find out here can be untrue in the whole module: variables keep their first
values only as `available_externally`, so that passes may read constants but neither change a variable, raise its
alignment nor believe that nobody else writes it; a function that other files may replace keeps that.
"""

from __future__ import annotations

import re

from irlens.errors import UnusableInput
from irlens.ir.extract import declaration
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
_NODE = re.compile(r"\s*(!\d+)\s*=\s*(.*)")
_KEPT = re.compile(
    r"\s*(?:%\S.*=\s*type\b|\$\S.*=\s*comdat\b|target\b|source_filename\b|attributes\s+#\d+\s*=|![-\w.]+\s*=)"
)
_DROPPED = re.compile(r"\s*(?:;.*)?$|\s*(?:uselistorder\b|uselistorder_bb\b|\^\d+\s*=|module\s+asm\b)")
_UNNAMED = re.compile(r"@\d+$")
_NUMBERED_TYPE = re.compile(r"\s*%\d+\s*=\s*type\b")


def cut(ir: str, name: str) -> str:
    """The module cut down to the function. Raises `UnusableInput` where that would change what it says."""
    lines = ir.split("\n")
    functions = outline(ir).functions
    target = defined(functions, name)
    body = [_kept_alive(lines[target.start_line], name), *lines[target.start_line + 1 : target.end_line + 1]]
    own = f"@{name}"
    taken = {line for f in functions for line in range(f.start_line, f.end_line + 1)}
    kept: list[str] = []
    globals_: dict[str, str] = {}
    nodes: dict[str, str] = {}
    for line in (line for number, line in enumerate(lines) if number not in taken):
        if match := _GLOBAL.match(line):
            globals_[match["name"]] = match["rest"]
        elif match := _NODE.match(line):
            nodes[match[1]] = line
        elif _NUMBERED_TYPE.match(line):
            raise UnusableInput("Types without names are numbered anew when LLVM prints them. Name them.")
        elif _KEPT.match(line):
            if not line.lstrip().startswith("!llvm.ident"):
                kept.append(line)
        elif not _DROPPED.match(line):
            raise UnusableInput(f"`{line.strip()[:60]}` cannot be placed. Have LLVM print the module.")
    if any("blockaddress" in line and own in line for line in lines):
        raise UnusableInput(f"Blocks of {name} are referred to by address. Optimise the whole module.")
    names = _reached(body, globals_)
    if any(_UNNAMED.match(each) for each in names):
        raise UnusableInput("Globals without names are numbered anew when LLVM prints them. Name them.")
    variables = [f"{each} = {_not_ours(rest)}" for each, rest in globals_.items() if each in names]
    others = [
        declaration(lines, other)
        for other in functions
        if other is not target and symbol_of(lines, other) in names
    ]
    found = _reached_nodes([*kept, *variables, *others, *body], nodes)
    out = [
        *kept,
        "",
        *variables,
        "",
        *body,
        "",
        *others,
        "",
        *(nodes[each] for each in nodes if each in found),
    ]
    return "\n".join(out) + "\n"


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
