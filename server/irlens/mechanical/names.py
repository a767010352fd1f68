"""Names in lifted IR that a reader can follow beside the assembly: given to the text last, so that they change nothing.

The scheme, which docs/lifting.md describes:

* a block has the name of the assembly's label (`.LBB2_3` is `LBB2_3`); one without is counted behind the label before
  it (`LBB2_3.1`); the first is `entry`. Blocks stand in the order of the code.
* `%arg0` is the first argument. A value has the name of the register that the machine puts it in, in its width
  (`%eax`), the next one there is `%eax_2`. Slots of the frame are `%local_18`, by their hexadecimal distance below
  the stack pointer at entry.
* What a call gives has the callee's name. `%arg0.16` is 16 bytes behind `%arg0`, `%arg0.elem` an element of it,
  `%arg0.16.val` what is read there without a register of its own.
* Anything else is called as its instruction: `%cmp`, `%add_2`.

The emitter writes names that say the register and the address (`raw_name`, `raw_label`); LLVM keeps them, or makes its
own of them. `named` reads them again behind LLVM. It reads what LLVM prints, and changes names and the order of blocks only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from irlens.mechanical.written import DEFINITION, NAME, USE, Block, Written, written

ENTRY, RETURN = "entry", "return"

_RAW = re.compile(r"([a-z]\w*?)\.t?\d+_")
_RAW_BLOCK = re.compile(r"b\d+\.(m?)([0-9a-f]+)_")
_PARAMETER = re.compile(r"[av](\d+)$")
_OBJECT = re.compile(r"s(\d+)$")
_KEPT = frozenset({"frame", "list", "place", "incoming"})
_CALL = re.compile(rf"(?:tail |notail |musttail )?call\b[^@%]*?(?:@({NAME})|%{NAME})\(")
_ELEMENT = re.compile(
    rf"getelementptr (?:inbounds |nuw |nusw )*(\[[^\]]*\]|\w+), ptr (%{NAME}|@{NAME}), (\w+) ([^,]+)$"
)
_CAST = re.compile(
    rf"(?:trunc|zext|sext|bitcast|inttoptr|ptrtoint|freeze)\b(?: n\w+)* (?:\w+) %({NAME})(?: to \w+)?$"
)
_LOADED = re.compile(rf"load (?:volatile )?[^,]+, ptr ([%@])({NAME})")
_CASE = re.compile(rf"(?<!\w)(\w++ -?\w++), label %({NAME})")
_SHOWN = 4
"""Blocks that a comment names."""
_WIDE = 90
"""Characters of a line with cases."""
_FLAGS = frozenset(
    "nuw nsw exact disjoint samesign nneg fast nnan ninf nsz arcp contract afn reassoc inbounds nusw".split()
)
_CLANGS = {"icmp": "cmp", "fcmp": "cmp", "select": "cond", "getelementptr": "ptr"}
_CONVERTS = frozenset(
    "trunc zext sext fptrunc fpext fptoui fptosi uitofp sitofp ptrtoint inttoptr bitcast".split()
)

_X86_64 = {
    **{f"r{letter}x": (f"r{letter}x", f"e{letter}x", f"{letter}x", f"{letter}l") for letter in "abcd"},
    **{name: (name, f"e{name[1:]}", name[1:], f"{name[1:]}l") for name in ("rsi", "rdi", "rbp", "rsp")},
    **{f"r{number}": (f"r{number}", f"r{number}d", f"r{number}w", f"r{number}b") for number in range(8, 16)},
}
_WIDTHS = {"i64": 0, "ptr": 0, "i32": 1, "i16": 2, "i8": 3, "i1": 3}


def raw_name(home: str, number: int) -> str:
    """The name that the emitter gives a value. `home` is a register or slot, "" where it is in none."""
    return f"%{home}.{number}_" if home else f"%v{number}"


def raw_step(home: str, count: int) -> str:
    """As `raw_name`, for the steps to a value, which are counted by themselves."""
    return f"%{home}.t{count}_" if home else f"%t{count}"


def raw_label(number: int, place: int) -> str:
    """The name that the emitter gives a block, from how many bytes its first instruction is behind the function's."""
    return f"b{number}.{'m' if place < 0 else ''}{abs(place):x}_"


def register(home: str, kind: str) -> str:
    """The part of a register that holds a value of an IR type, as an assembler calls it. A slot stays as it is."""
    if home in _X86_64:
        return _X86_64[home][_WIDTHS.get(kind, 0)]
    if re.fullmatch(r"x\d+", home):
        return home if kind in ("i64", "ptr") or kind not in _WIDTHS else f"w{home[1:]}"
    if re.fullmatch(r"v\d+", home):
        letter = {"float": "s", "i32": "s", "double": "d", "i64": "d"}.get(kind, "v")
        return f"{letter}{home[1:]}"
    return home


def named(ir: str, function: str, labels: Mapping[int, str]) -> str:
    """`ir` with readable names in `function`. `labels` are the assembly's by their places (see `raw_label`). Text
    without such a definition comes back as it is."""
    found = written(ir, function)
    if found is None or not found.blocks:
        return ir
    found.blocks = _in_order(found.blocks)
    names = _block_names(found.blocks, labels)
    # Blocks and values share their names in LLVM; a label of the assembly goes first.
    names |= _Names("\n".join(found.header), found.blocks, set(names.values())).all()
    for block in found.blocks:
        block.head = f"{names[block.label]}:{_ways_in(_renamed(block.head.partition(':')[2], names))}"
        block.lines = [_over_lines(_renamed(line, names)) for line in block.lines]
    found.header = [_renamed(line, names) for line in found.header]
    return found.text


def named_like(ir: str, like: str, function: str) -> str | None:
    """`ir` with the names of `like`, where both have as many parameters, blocks and values: an edit of it. Else None."""
    one, other = written(ir, function), written(like, function)
    if one is None or other is None:
        return None
    its, wanted = _all_names(one), _all_names(other)
    if [len(each) for each in its] != [len(each) for each in wanted]:
        return None
    names = {
        raw: name
        for raws, found in zip(its, wanted, strict=True)
        for raw, name in zip(raws, found, strict=True)
    }
    for block in one.blocks:
        block.head = f"{names[block.label]}:{_ways_in(_renamed(block.head.partition(':')[2], names))}"
        block.lines = [_over_lines(_renamed(line, names)) for line in block.lines]
    one.header = [_renamed(line, names) for line in one.header]
    return one.text


def _all_names(function: Written) -> tuple[list[str], list[str], list[str]]:
    """Parameters, blocks and values in order."""
    values = [
        made[1] for block in function.blocks for line in block.lines if (made := DEFINITION.match(line))
    ]
    parameters = USE.findall("\n".join(function.header).partition("(")[2])
    return parameters, [block.label for block in function.blocks], values


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return USE.sub(lambda match: f"%{names.get(match[1], match[1])}", text)


def _ways_in(comment: str) -> str:
    """LLVM's comment with the blocks before one, each once; of very many the first."""
    found = list(dict.fromkeys(USE.findall(comment)))
    if not found:
        return ""
    shown = ", ".join(f"%{name}" for name in found[:_SHOWN])
    return f"  ; preds = {shown}{f' and {len(found) - _SHOWN} more' if len(found) > _SHOWN else ''}"


def _over_lines(line: str) -> str:
    """A switch with its cases in lines, those that lead to one block together."""
    if not line.lstrip().startswith("switch "):
        return line
    first, _, cases = line.partition(" [")
    leads: dict[str, list[str]] = {}
    for case, label in _CASE.findall(cases):
        leads.setdefault(label, []).append(f"{case}, label %{label}")
    lines: list[str] = []
    for group in leads.values():
        lines.append("   ")
        for case in group:
            if len(lines[-1]) + len(case) > _WIDE:
                lines.append("   ")
            lines[-1] += f" {case}"
    return "\n".join([f"{first} [", *lines, "  ]"]) if lines else line


def _place(block: Block) -> int | None:
    """Bytes from the function's beginning; None for what LLVM made."""
    found = _RAW_BLOCK.match(block.label)
    return int(found[2], 16) * (-1 if found[1] else 1) if found else None


def _in_order(blocks: list[Block]) -> list[Block]:
    """By place, the entry first; what LLVM made stays behind the block that it stood behind, and what is in another
    part of the file (a cold one) comes last."""
    keys: dict[int, tuple[bool, bool, int, int]] = {}
    at = 0
    for index, block in enumerate(blocks):
        at = at if (place := _place(block)) is None else place
        keys[index] = (index > 0, at < 0 or block.label.startswith("common.ret"), at, index)
    return [blocks[index] for index in sorted(keys, key=lambda index: keys[index])]


def _block_names(blocks: list[Block], labels: Mapping[int, str]) -> dict[str, str]:
    """By the name before."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    stem, count = ENTRY, 0
    for index, block in enumerate(blocks):
        place = _place(block)
        label = re.sub(r"[^\w$.]", "_", "" if place is None else labels.get(place, "")).lstrip(".")
        if label[:1].isdigit():
            label = f"L{label}"  # a bare number would be a number of LLVM's
        if not index:
            name = ENTRY
        elif block.label.startswith("common.ret") and RETURN not in taken:
            name = RETURN
        elif label and label not in taken:
            name = stem = label
            count = 0
        else:
            name = stem
        while name in taken:
            count += 1
            name = f"{stem}.{count}"
        taken.add(name)
        names[block.label] = name
    return names


class _Names:
    """Chooses the names of one function's values."""

    def __init__(self, header: str, blocks: list[Block], taken: set[str]) -> None:
        self._header = header
        self._definitions: dict[str, str] = {}
        for block in blocks:
            for line in block.lines:
                made = DEFINITION.match(line)
                if made:
                    self._definitions[made[1]] = made[2].partition(" ;")[0].strip()
        self._names: dict[str, str] = {}
        self._taken = set(taken)
        self._last: dict[str, int] = {}
        """The last number that was put behind a name: thousands may want the same one."""
        self._homes: dict[str, str] = {}
        """The register of a value."""
        self._waiting: set[str] = set()

    def all(self) -> dict[str, str]:
        """By the name before."""
        for index, raw in enumerate(USE.findall(self._header.partition("(")[2])):
            self._give(raw, f"arg{index}")
        for raw in self._definitions:
            self._name(raw)
        return self._names

    def _give(self, raw: str, name: str) -> str:
        wanted = name
        number = self._last.get(wanted, 1)
        while name in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        self._last[wanted] = number
        self._taken.add(name)
        self._names[raw] = name
        return name

    def _name(self, raw: str) -> str:
        """The name of a value, given now if it has none. Values that wait for themselves, or for very many, are named
        without those."""
        if raw in self._names:
            return self._names[raw]
        text = self._definitions.get(raw)
        if text is None:
            return ""
        if raw in self._waiting or len(self._waiting) > 40:
            return ""
        self._waiting.add(raw)
        name = self._wanted(raw, text)
        self._waiting.discard(raw)
        return self._give(raw, name)

    def _wanted(self, raw: str, text: str) -> str:
        opcode = _opcode(text)
        if raw in _KEPT:
            return raw
        if raw.startswith("common.ret"):
            return "result"
        if opcode == "alloca":
            place = _OBJECT.match(raw)
            if raw.startswith("gap"):
                return "gap"
            return f"local_{int(place[1]):x}" if place else "frame"
        call = _CALL.match(text)
        if call and call[1]:
            called = call[1].strip('"')
            return re.sub(r"[^\w$.]", "_", called.split(".")[1] if called.startswith("llvm.") else called)
        kind = type_of(text)
        home = _RAW.match(raw)
        if home and opcode not in ("icmp", "fcmp"):
            self._homes[raw] = home[1]
            return register(home[1], kind)
        return self._of_operands(raw, text, kind) or _CLANGS.get(opcode, opcode)

    def _of_operands(self, raw: str, text: str, kind: str) -> str:
        """From what it is made of, or ""."""
        element = _ELEMENT.match(text)
        if element:
            pointer = element[2]
            base = self._name(pointer[1:]) if pointer[0] == "%" else _global(pointer)
            number = re.fullmatch(r"-?\d+", element[4])
            if base:
                return f"{base}.{number[0]}" if number and element[1] == "i8" else f"{base}.elem"
        cast = _CAST.match(text)
        if cast:
            base = self._name(cast[1])
            home = self._homes.get(cast[1], "")
            if home:
                self._homes[raw] = home
                return register(home, kind)
            return f"{base}.{kind}" if base else ""
        loaded = _LOADED.match(text)
        if loaded:
            base = self._name(loaded[2]) if loaded[1] == "%" else _global(loaded[2])
            return f"{base}.val" if base else ""
        return ""


def _global(name: str) -> str:
    return re.sub(r"[^\w$.]", "_", name.lstrip("@").strip('"')).lstrip(".")


def _opcode(text: str) -> str:
    words = text.split(None, 2)
    return words[1] if words[0] in ("tail", "notail", "musttail") and len(words) > 1 else words[0]


def type_of(text: str) -> str:
    """The type of what an instruction gives, "" where it takes more than a glance to see."""
    opcode = _opcode(text)
    if opcode in ("icmp", "fcmp"):
        return "i1"
    if opcode in ("getelementptr", "alloca"):
        return "ptr"
    if opcode in _CONVERTS:
        return text.rpartition(" to ")[2].strip()
    if opcode == "select":
        found = re.match(r"select (?>(?:(?!i1 )\w+ )*)i1 [^,]++, (\S++) ", text)
        return found[1] if found else ""
    words = text.split()
    at = words.index(opcode) + 1
    while at < len(words) and (words[at] in _FLAGS or words[at] == "volatile"):
        at += 1
    return words[at].rstrip(",") if at < len(words) else ""
