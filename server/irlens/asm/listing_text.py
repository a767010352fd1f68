"""A listing as assembly, line n for line n. Where the listing shows bytes these are what is assembled.

A reference to a place outside of the function is made symbolic again, as the linker's number leads nowhere here: to
the name that the disassembler gives, or to the 4 KiB page of the address (`page_4000`), of whose contents nothing is
known. Where a target is said by both, bytes and text have to say the same, and a relocation must not be missing: else the
function is left out with the reason. Beyond that the text beside bytes is not compared with them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from irlens.asm.code_words import PAGE, a64_page, a64_target
from irlens.asm.listing import Function, Instruction, Listing, bare_and_remark, without_comment
from irlens.asm.symbols import quoted

_BRANCH = re.compile(
    r"(?:(?:bnd|notrack|rep|repz) )?(?:call[qw]?|j[a-z]+|loop\w*|bl?|b\.[a-z]+|cbn?z[ \t]+\w+,|tbn?z[ \t]+\w+,[ \t]*#?\w+,)[ \t]+"
    r"(?:0x)?([0-9a-f]+)(?:[ \t]+<(.+)>)?$"
)
_RIP = re.compile(r"(?<![\w])(-?0x[0-9a-f]+|-?\d+)?\(%rip\)|\[rip[ \t]*([-+])[ \t]*(0x[0-9a-f]+|\d+)\]")
_REMARK = re.compile(r"(?:0x)?([0-9a-f]+)(?:[ \t]+<(.+)>)?$")
_ADRP = re.compile(r"adrp[ \t]+x\d+,[ \t]*(?:#?0x)?([0-9a-f]+)(?:[ \t]+<(.+)>)?$")
_ADR = re.compile(r"(adr[ \t]+x\d+,|ldr(?:sw)?[ \t]+\w+,)[ \t]*(?:#?0x)?([0-9a-f]+)(?:[ \t]+<(.+)>)?$")
_PLACE = re.compile(r"(.+?)(?:([-+])0x([0-9a-f]{1,16})|([-+])(\d{1,20}))?\Z", re.DOTALL)
_NOP = re.compile(r"(?:(?:data16|cs|repz|bnd|xchg[ \t]+%ax,%ax|xchg[ \t]+ax,ax)\b[ \t]*)*(?:nop|$)")
_PADDING = re.compile(r"(?:(?:data16|cs)[ \t]+)*nop|xchg[ \t]+%?ax,[ \t]*%?ax$|int3|udf[ \t]+#0")
_VERSION = re.compile(r"@@?(?:plt|PLT|GOT\w*|[A-Z][\w.]*)\Z")

NO_RELOCATIONS = (
    "The listing is of an object that is not linked, and its relocations are not shown. "
    "Give `objdump -dr` of it, or the object itself."
)


class _Unclear(Exception):
    """Why a function of a listing cannot be taken."""


@dataclass(frozen=True)
class Written:
    """The lines, and by name the functions that had to be left out, with the reason."""

    lines: list[str]
    refused: dict[str, str]


def written(listing: Listing, machine: str, syntax: str | None) -> Written:
    """The listing as assembly for a machine. `syntax` is that of instructions without bytes."""
    lines = [""] * listing.lines
    refused: dict[str, str] = {}
    names = {function.name for function in listing.functions}
    starts: dict[str, dict[int, str]] = {}
    for each in listing.functions:
        at = each.address if each.address >= 0 else each.instructions[0].address
        starts.setdefault(each.section, {})[at] = each.name
    for function in listing.functions:
        try:
            made = _Writer(listing, function, machine, names, starts[function.section]).lines()
        except _Unclear as why:
            refused[function.name] = str(why)
            continue
        for number, line in made.items():
            lines[number] = line
    if lines:
        head = ".intel_syntax noprefix; .text; " if syntax == "intel" else ".text; "
        lines[0] = head + lines[0]
    return Written(lines, refused)


class _Writer:
    """One function."""

    def __init__(
        self, listing: Listing, function: Function, machine: str, names: set[str], starts: dict[int, str]
    ) -> None:
        """`starts` are the functions of this one's section, by where they begin."""
        self._listing = listing
        self._function = function
        self._arm = machine == "aarch64"
        self._names = names
        self._starts = starts
        self._own = {each.address: each for each in function.instructions}
        self._addresses = sorted(self._own)
        self._labels: set[int] = set()
        self._relocations = 0

    def lines(self) -> dict[int, str]:
        function = self._function
        bytes_ = [bool(each.code) for each in function.instructions]
        if any(bytes_) and not all(bytes_):
            raise _Unclear(
                "Some instructions of the listing have bytes and others have none. Give the whole listing."
            )
        if any(bytes_):
            self._check_order()
        body = {
            each.line: self._coded(each) if each.code else self._spelled(each)
            for each in function.instructions
        }
        for each in function.instructions:
            if each.address in self._labels:
                body[each.line] = f".L{each.address:x}: " + body[each.line]
        name = quoted(function.name)
        head = f".globl {name}; .type {name}, {'%' if self._arm else '@'}function; {name}:"
        first = function.line
        body[first] = f"{head} {body.get(first, '')}".rstrip()
        # The padding up to the next function is not the function's.
        code = [
            each for each in function.instructions if not _PADDING.match(each.text)
        ] or function.instructions
        last = code[-1].line
        body[last] += f"; .size {name}, . - {name}"
        return body

    def _check_order(self) -> None:
        now = self._function.instructions[0].address
        start = self._function.address
        if start >= 0 and start != now:
            raise _Unclear(
                "The first instructions of the function are missing in the listing. Give the whole listing."
            )
        for each in self._function.instructions:
            if each.address != now:
                raise _Unclear(
                    f"Bytes are missing in the listing before address {each.address:#x}. Give the whole listing, with all "
                    "bytes of each instruction."
                )
            now = each.end
            if self._arm and len(each.code) != 4:
                raise _Unclear(
                    f"The instruction at {each.address:#x} has not 4 bytes. Give the whole listing."
                )

    # --- with bytes -------------------------------------------------------------------------------

    def _coded(self, each: Instruction) -> str:
        if each.relocations:
            return self._relocated(each)
        text = each.text
        bare, remarked = bare_and_remark(text)
        if self._listing.relocatable and not self._listing.relocations:
            self._refuse_open(each, bare)
        branch = _BRANCH.match(bare)
        if branch:
            return self._branch(each, bare, int(branch[1], 16), branch[2])
        if self._arm:
            return self._arm_coded(each, bare)
        rip = _RIP.search(bare)
        if rip:
            remark = _REMARK.match(remarked)
            if remark is None:
                raise _Unclear(
                    f"Where the instruction at {each.address:#x} refers to is not shown. Give `objdump -d`."
                )
            target = int(remark[1], 16)
            self._refuse_unlinked(each, target)
            return self._field(each, target, self._place(target, remark[2]))
        return _bytes(each.code)

    def _refuse_open(self, each: Instruction, bare: str) -> None:
        if self._arm:
            word = int.from_bytes(each.code, "little")
            opened = word & 0x7FFFFFFF in (0x14000000,) or word in (0x94000000,) or bare.startswith("adrp")
        else:
            opened = b"\0\0\0\0" in each.code[1:] and not _NOP.match(bare)
        if opened:
            raise _Unclear(NO_RELOCATIONS)

    def _branch(self, each: Instruction, bare: str, target: int, name: str | None) -> str:
        first, last = self._function.instructions[0].address, self._function.instructions[-1].end
        if self._arm:
            if a64_target(int.from_bytes(each.code, "little"), each.address) != target:
                raise _Unclear(f"Bytes and text differ at {each.address:#x}. Make the listing again.")
            if first <= target < last:
                return _word(each.code)
            word = bare.split()[0]
            if word not in ("b", "bl"):
                raise _Unclear(
                    f"The conditional jump at {each.address:#x} leaves the function. Lift the whole program instead."
                )
            self._refuse_unlinked(each, target)
            return f"{word} {self._callee(each, target, name)}"
        width = 1 if len(each.code) == 2 or each.code[-2:-1] in (b"\xe3",) else 4
        distance = int.from_bytes(each.code[-width:], "little", signed=True)
        if each.end + distance != target:
            raise _Unclear(f"Bytes and text differ at {each.address:#x}. Make the listing again.")
        if first <= target < last:
            if width == 4 and bare.lstrip("bnd ").startswith(("call", "jmp")):
                self._refuse_unlinked(each, target)
            return _bytes(each.code)
        if width == 1:
            raise _Unclear(
                f"The short jump at {each.address:#x} leaves the function. Lift the whole program instead."
            )
        self._refuse_unlinked(each, target)
        return self._field(each, target, self._callee(each, target, name))

    def _field(self, each: Instruction, target: int, place: str) -> str:
        """The instruction with its distance to `target` symbolic again."""
        code, distance = each.code, target - each.end
        if not -(1 << 31) <= distance < 1 << 31:
            raise _Unclear(f"Bytes and text differ at {each.address:#x}. Make the listing again.")
        wanted = distance.to_bytes(4, "little", signed=True)
        at = [index for index in range(1, len(code) - 3) if code[index : index + 4] == wanted]
        if len(at) != 1:
            why = "Bytes and text differ" if not at else "It cannot be told which bytes are the distance"
            raise _Unclear(f"{why} at {each.address:#x}. Make the listing again.")
        before, behind = code[: at[0]], code[at[0] + 4 :]
        parts = [_bytes(before), f".long {place} - . - {4 + len(behind)}"]
        return "; ".join([*parts, _bytes(behind)] if behind else parts)

    def _arm_coded(self, each: Instruction, bare: str) -> str:
        page = _ADRP.match(bare)
        if page:
            if a64_page(int.from_bytes(each.code, "little"), each.address) != int(page[1], 16):
                raise _Unclear(f"Bytes and text differ at {each.address:#x}. Make the listing again.")
            return f"{bare.partition(',')[0]}, page_{int(page[1], 16):x}"
        near = _ADR.match(bare)
        if near:
            raise _Unclear(
                f"The instruction at {each.address:#x} reads next to the code. Lift the object itself instead."
            )
        return _word(each.code)

    def _relocated(self, each: Instruction) -> str:
        parts, at = [], 0
        for address, kind, expression in sorted(each.relocations):
            offset = address - each.address
            if not at <= offset < len(each.code):
                raise _Unclear(
                    f"A relocation at {address:#x} is outside of its instruction. Make the listing again."
                )
            if offset > at:
                parts.append(_bytes(each.code[at:offset]))
                at = offset
            self._relocations += 1
            label = f".Lr{address:x}_{self._relocations}"
            parts.append(
                f"{label}: .reloc {label}, {kind}, {self._expression(each, offset, kind, expression)}"
            )
        if self._arm:
            return "; ".join([*parts, _word(each.code)])
        return "; ".join([*parts, _bytes(each.code[at:])])

    def _expression(self, each: Instruction, offset: int, kind: str, expression: str) -> str:
        match = _PLACE.match(expression)
        assert match is not None
        name, sign = match[1], match[2] or match[4] or "+"
        addend = int(match[3], 16) if match[3] else int(match[5] or 0)
        addend = addend if sign == "+" else -addend
        if name == self._function.section:
            behind = len(each.code) - offset if kind in ("R_X86_64_PC32", "R_X86_64_PLT32") else 0
            start = self._starts.get(addend + behind)
            if start is None:
                raise _Unclear(
                    f"The relocation at {each.address + offset:#x} leads into code without a name. "
                    "Lift the object itself instead."
                )
            return f"{quoted(start)}{-behind:+d}" if behind else quoted(start)
        shown = quoted(_outside(name))
        return f"{shown}{addend:+d}" if addend else shown

    def _refuse_unlinked(self, each: Instruction, target: int) -> None:
        """A distance of nothing is what a linker has yet to fill in."""
        if not self._listing.relocations and target == (each.address if self._arm else self._behind(each)):
            raise _Unclear(NO_RELOCATIONS)

    def _behind(self, each: Instruction) -> int:
        if each.code:
            return each.end
        later = bisect_right(self._addresses, each.address)
        return self._addresses[later] if later < len(self._addresses) else -1

    def _callee(self, each: Instruction, target: int, name: str | None) -> str:
        """Where a branch out of the function leads: to the beginning of another one."""
        match = _PLACE.match(name) if name else None
        inside = match is not None and (match[3] or match[5]) is not None
        if target not in self._starts and (match is None or inside):
            raise _Unclear(
                f"The jump at {each.address:#x} leads into another function. Lift the whole program instead."
            )
        return self._place(target, name)

    # --- names ------------------------------------------------------------------------------------

    def _place(self, address: int, name: str | None) -> str:
        """An address outside of the function, by name."""
        if address in self._starts:
            return quoted(self._starts[address])
        if name:
            match = _PLACE.match(name)
            assert match is not None
            sign, offset = match[2] or match[4] or "+", int(match[3], 16) if match[3] else int(match[5] or 0)
            if offset < PAGE:
                base = _outside(match[1])
                if base not in self._names or not offset:
                    return f"{quoted(base)}{sign}{offset}" if offset else quoted(base)
        page, rest = address & -PAGE, address % PAGE
        return f"page_{page:x}+{rest}" if rest else f"page_{page:x}"

    # --- without bytes ----------------------------------------------------------------------------

    def _spelled(self, each: Instruction) -> str:
        text = each.text
        bare, remarked = bare_and_remark(text)
        if self._listing.relocatable:
            raise _Unclear(NO_RELOCATIONS)
        branch = _BRANCH.match(bare)
        if branch:
            target = int(branch[1], 16)
            head = bare[: branch.start(1)].removesuffix("0x").rstrip()
            if re.match(r"(?:bnd )?call|bl", bare):
                self._refuse_unlinked(each, target)
            if target in self._own:
                self._labels.add(target)
                return f"{head} .L{target:x}"
            return f"{head} {self._callee(each, target, branch[2])}"
        if self._arm:
            if (page := _ADRP.match(bare)) is not None:
                return f"{bare.partition(',')[0]}, page_{int(page[1], 16):x}"
            if _ADR.match(bare) is not None and "[" not in bare:
                raise _Unclear(
                    f"The instruction at {each.address:#x} reads next to the code. Lift the object itself instead."
                )
            return without_comment(bare)
        rip = _RIP.search(bare)
        if rip:
            remark = _REMARK.match(remarked)
            if remark is None:
                raise _Unclear(
                    f"Where the instruction at {each.address:#x} refers to is not shown. Give `objdump -d`."
                )
            self._refuse_unlinked(each, int(remark[1], 16))
            place = self._place(int(remark[1], 16), remark[2])
            new = f"{place}(%rip)" if "(%rip)" in rip[0] else f"[rip + {place}]"
            return bare[: rip.start()] + new + bare[rip.end() :]
        if "(bad)" in bare or re.match(r"\.(?:byte|word|inst)\b", bare):
            raise _Unclear(
                f"The disassembler could not read what lies at {each.address:#x}. Lift the program itself instead."
            )
        return bare


def _outside(name: str) -> str:
    """The symbol that a disassembler's name of a place means: `malloc@plt` is malloc, `.rodata` a section of which
    nothing is known."""
    name = _VERSION.sub("", name)
    return f"data{name}" if name.startswith(".") else name


def _bytes(code: bytes) -> str:
    return ".byte " + ",".join(f"{byte:#04x}" for byte in code)


def _word(code: bytes) -> str:
    return f".long {int.from_bytes(code, 'little'):#010x}"
