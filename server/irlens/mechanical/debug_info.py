"""C prototypes from an object's debug information (DWARF 2 to 5), read with pyelftools.

Only what is certain is told: C and C++ alone, no function that a compiler may have changed the parameters of, and no type
that it may pass otherwise than its members say. Source: the DWARF standard, version 5, sections 3.3 and 5.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

from elftools.dwarf.compileunit import CompileUnit
from elftools.dwarf.die import DIE
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from irlens.prototypes.types import (
    LARGEST,
    POINTER,
    VOID,
    CType,
    Prototype,
    Unpassable,
    array_of,
    integer,
    pointer_to,
    struct_of,
    vector_of,
)

MOST_BYTES = 8 << 20
"""Of debug information that is looked at: what is larger would take longer than its user waits."""
_COMPRESSED = 0x800
"""SHF_COMPRESSED"""
MOST_UNITS = 20_000
_MOST_FUNCTIONS = 20_000
_DEEPEST = 40
_C = frozenset((0x01, 0x02, 0x0C, 0x1D, 0x2C, 0x3E))
"""DW_LANG_C89, C, C99, C11, C17, C23."""
_CPP = frozenset((0x04, 0x1A, 0x21, 0x2B, 0x3A))
"""DW_LANG_C_plus_plus and those of 2011, 2014, 2017 and 2020."""
_NORMAL = 1
"""DW_CC_normal; DW_CC_nocall says that the compiler changed what the function takes or gives."""
_BY_REFERENCE, _BY_VALUE = 4, 5
"""DW_CC_pass_by_reference, DW_CC_pass_by_value."""
_QUALIFIERS = frozenset(
    f"DW_TAG_{name}_type" for name in ("const", "volatile", "restrict", "atomic", "immutable", "packed")
)
_POINTERS = frozenset(
    f"DW_TAG_{name}_type" for name in ("pointer", "reference", "rvalue_reference", "subroutine")
)
_BOOL, _COMPLEX, _FLOAT, _SIGNED, _SIGNED_CHAR, _UNSIGNED, _UNSIGNED_CHAR, _UTF = 2, 3, 4, 5, 6, 7, 8, 16
"""DW_ATE_... encodings of base types."""


def prototypes_of(object_file: bytes) -> list[Prototype]:
    """Of the object's symbols, as far as they were written down in its source; nothing where there is no debug information,
    where it is too large, or where it cannot be read. A name of which two different things are said is left out."""
    try:
        elf = ELFFile(io.BytesIO(object_file))
        section = elf.get_section_by_name(".debug_info")
        if section is None:
            return []
        used = [each for each in elf.iter_sections() if each.name.startswith((".debug", ".zdebug"))]
        if any(each["sh_size"] > MOST_BYTES or each["sh_flags"] & _COMPRESSED for each in used):
            return []  # compressed sections say nothing of how large they become
        info = elf.get_dwarf_info(follow_links=False)
        arm = elf.header["e_machine"] == "EM_AARCH64"
        table = elf.get_section_by_name(".symtab")
        if not isinstance(table, SymbolTableSection):
            return []
        names = {symbol.name: symbol["st_info"]["bind"] == "STB_LOCAL" for symbol in table.iter_symbols()}
        found: dict[str, Prototype | None] = {}
        for number, unit in enumerate(info.iter_CUs()):
            if number >= MOST_UNITS:
                break
            for one in _Unit(unit, arm).prototypes(names):
                if _passes(found.setdefault(one.name, one)) != _passes(one):
                    found[one.name] = None
        return [one for one in found.values() if one is not None]
    except Exception:
        pass  # it is a help, and no more: whatever pyelftools makes of damage, it must not stop a lift
    return []


def _top(unit: CompileUnit) -> Iterator[DIE]:
    yield from unit.get_top_DIE().iter_children()


def _passes(prototype: Prototype | None) -> tuple[object, ...] | None:
    """What counts of a prototype: in C++ and C a type may have other words."""
    if prototype is None:
        return None
    types = (prototype.returns, *prototype.parameters)
    return (prototype.variadic, *((one.size, one.leaves, one.aggregate) for one in types))


def _attribute(die: DIE, name: str) -> Any:
    """An attribute's value, also where another entry has it that this one completes."""
    for each in _with_what_it_completes(die):
        if name in each.attributes:
            return each.attributes[name].value
    return None


def _with_what_it_completes(die: DIE) -> Iterator[DIE]:
    """An entry, then the one that it completes or is a copy of, and so on."""
    for _ in range(4):
        yield die
        link = next(
            (each for each in ("DW_AT_abstract_origin", "DW_AT_specification") if each in die.attributes),
            None,
        )
        if link is None:
            return
        die = die.get_DIE_from_attribute(link)


def _symbol(die: DIE) -> bytes | None:
    found = _attribute(die, "DW_AT_linkage_name") or _attribute(die, "DW_AT_MIPS_linkage_name")
    found = found or _attribute(die, "DW_AT_name")
    return found if isinstance(found, bytes) else None


class _Unit:
    """One compilation unit, of which every type is made once."""

    def __init__(self, unit: CompileUnit, arm: bool) -> None:
        self._unit, self._arm = unit, arm
        top = unit.get_top_DIE()
        self._language = _attribute(top, "DW_AT_language")
        producer = _attribute(top, "DW_AT_producer") or b""
        self._is_gcc = isinstance(producer, bytes) and producer.startswith(b"GNU C")
        self._types: dict[int, CType] = {}

    def prototypes(self, wanted: Mapping[str, bool]) -> Iterator[Prototype]:
        """Of the names that are wanted, each with whether its symbol is local; one may come more than once."""
        if self._language not in _C | _CPP:
            return
        for number, die in enumerate(self._functions()):
            if number >= _MOST_FUNCTIONS:
                return
            name = _symbol(die)
            text = name.decode("utf-8", "replace") if name is not None else ""  # as pyelftools reads symbols
            if text in wanted and text:
                try:
                    yield self._prototype(die, text, is_local=wanted[text])
                except Unpassable:
                    continue

    def _functions(self) -> Iterator[DIE]:
        for die in _top(self._unit):
            if die.tag == "DW_TAG_subprogram":
                yield die
            elif die.tag == "DW_TAG_namespace":
                yield from (each for each in die.iter_children() if each.tag == "DW_TAG_subprogram")

    def _prototype(self, die: DIE, name: str, *, is_local: bool) -> Prototype:
        if _attribute(die, "DW_AT_decl_line") is None or _attribute(die, "DW_AT_artificial"):
            raise Unpassable("the compiler declared it itself, and need not say all")
        is_local = is_local or not _attribute(die, "DW_AT_external")
        if _attribute(die, "DW_AT_calling_convention") not in (None, _NORMAL) or (
            is_local and not self._is_gcc
        ):
            # gcc renames a local function whose parameters it changes; other compilers need not say it. One that was made
            # local when all was linked still says that it is external.
            raise Unpassable("what it takes may have been changed")
        if self._language in _C and not _attribute(die, "DW_AT_prototyped"):
            raise Unpassable("it has no prototype")
        parameters: list[CType] = []
        variadic = False
        for child in self._parameters(die):
            if child.tag == "DW_TAG_unspecified_parameters":
                variadic = True
            else:
                if _attribute(child, "DW_AT_artificial") and (parameters or _name(child) not in ("this", "")):
                    raise Unpassable("the compiler added a parameter")
                parameters.append(self._of(child))
        if any(not one.size and not one.aggregate for one in parameters):
            raise Unpassable("a parameter has no type")
        return Prototype(name, self._of(die), tuple(parameters), variadic)

    def _parameters(self, die: DIE) -> list[DIE]:
        """Of the entry itself, or of what it completes where it lists none."""
        found: list[DIE] = []
        for each in _with_what_it_completes(die):
            listed = [
                child
                for child in each.iter_children()
                if child.tag in ("DW_TAG_formal_parameter", "DW_TAG_unspecified_parameters")
            ]
            # A copy of a function leaves out what it does not need: the function itself has them all.
            found = listed or found
        return found

    def _of(self, die: DIE) -> CType:
        """The type that an entry has; `void` where it has none."""
        for each in _with_what_it_completes(die):
            if "DW_AT_type" in each.attributes:
                return self._type(each.get_DIE_from_attribute("DW_AT_type"), 0)
        return VOID

    def _type(self, die: DIE, depth: int) -> CType:
        known = self._types.get(die.offset)
        if known is None:
            if depth > _DEEPEST:
                raise Unpassable("its types lead to one another without end")
            known = self._types[die.offset] = self._made(die, depth + 1)
        return known

    def _inner(self, die: DIE, depth: int) -> CType:
        if "DW_AT_type" not in die.attributes:
            return VOID
        return self._type(die.get_DIE_from_attribute("DW_AT_type"), depth)

    def _made(self, die: DIE, depth: int) -> CType:
        tag, size = die.tag, _number(die, "DW_AT_byte_size")
        if tag in _QUALIFIERS:
            return self._inner(die, depth)
        if tag == "DW_TAG_typedef":
            return self._inner(die, depth)
        if tag in _POINTERS:
            return pointer_to(_pointed_to(die))
        if tag == "DW_TAG_base_type":
            return self._base(die, size)
        if tag == "DW_TAG_enumeration_type":
            return integer(f"enum {_name(die)}".rstrip(), _power_of_two(size), False)
        if tag in ("DW_TAG_structure_type", "DW_TAG_class_type", "DW_TAG_union_type"):
            return self._aggregate(die, size, depth)
        if tag == "DW_TAG_array_type":
            count = 1
            for child in die.iter_children():
                if child.tag == "DW_TAG_subrange_type":
                    upper = child.attributes.get("DW_AT_upper_bound")
                    number = (
                        upper.value + 1 if upper is not None else _number(child, "DW_AT_count", missing=-1)
                    )
                    if not isinstance(number, int) or not 0 <= number < 1 << 32:
                        raise Unpassable("an array has no plain size")
                    count *= number
            element = self._inner(die, depth)
            if "DW_AT_GNU_vector" in die.attributes:
                return vector_of(element, count)
            return array_of(element, min(count, 1 << 40))
        raise Unpassable(f"{tag} is not known to be passed in one way")

    def _base(self, die: DIE, size: int) -> CType:
        words, encoding = _name(die), _number(die, "DW_AT_encoding")
        if encoding == _BOOL and size == 1:
            return CType(words, 1, 1, ((0, "i1"),))
        if encoding in (_SIGNED, _SIGNED_CHAR, _UNSIGNED, _UNSIGNED_CHAR, _UTF):
            return integer(words, _power_of_two(size), encoding in (_SIGNED, _SIGNED_CHAR))
        half = size // 2 if encoding == _COMPLEX else size
        scalar = {4: "float", 8: "double", 16: "fp128" if self._arm else "x86_fp80"}.get(half)
        if encoding not in (_FLOAT, _COMPLEX) or scalar is None or "128" in words:
            raise Unpassable(f"{words} is not known to be passed in one way")
        if encoding == _FLOAT:
            return CType(words, size, size, ((0, scalar),))
        return CType(words, size, half, ((0, scalar), (half, scalar)), aggregate=True)

    def _aggregate(self, die: DIE, size: int, depth: int) -> CType:
        kind = {"DW_TAG_union_type": "union", "DW_TAG_class_type": "class"}.get(die.tag, "struct")
        words = f"{kind} {_name(die)}".rstrip()
        if "DW_AT_declaration" in die.attributes:
            raise Unpassable(f"the members of {words} are not there")
        if self._language in _CPP:
            passed = _number(die, "DW_AT_calling_convention")
            if passed == _BY_REFERENCE:
                return POINTER
            if passed != _BY_VALUE:
                raise Unpassable(f"{words} may be passed by reference")
        if size > LARGEST:
            return struct_of(words, [], size, self._alignment(die, depth))
        members = []
        for child in die.iter_children():
            if child.tag == "DW_TAG_inheritance" or "DW_AT_data_bit_offset" in child.attributes:
                raise Unpassable(f"{words} has bases or bit-fields")
            if child.tag != "DW_TAG_member" or "DW_AT_external" in child.attributes:
                continue
            if "DW_AT_bit_size" in child.attributes:
                raise Unpassable(f"{words} has bit-fields")
            place = _number(child, "DW_AT_data_member_location")
            members.append((place, self._inner(child, depth)))
        if any(not one.size for _, one in members):
            raise Unpassable(f"{words} has a member without a size")
        align = max((one.align for _, one in members), default=1)
        return struct_of(words, members, size, _number(die, "DW_AT_alignment") or align)

    def _alignment(self, die: DIE, depth: int) -> int:
        """Of what is passed in memory, whatever is in it; only more than eight bytes would make a difference."""
        found = _number(die, "DW_AT_alignment")
        for child in die.iter_children():
            if child.tag in ("DW_TAG_member", "DW_TAG_inheritance"):
                found = max(found, self._inner(child, depth).align)
        return found or 1


def _name(die: DIE) -> str:
    found = _attribute(die, "DW_AT_name")
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else ""


def _number(die: DIE, name: str, missing: int = 0) -> int:
    attribute = die.attributes.get(name)
    if attribute is None:
        return missing
    if not isinstance(attribute.value, int):
        raise Unpassable("a number is an expression")
    return attribute.value


def _power_of_two(size: int) -> int:
    if size not in (1, 2, 4, 8, 16):
        raise Unpassable(f"a number has {size} bytes")
    return size


def _pointed_to(die: DIE) -> str:
    """What a pointer leads to, in words as far as a few steps say it."""
    if die.tag == "DW_TAG_subroutine_type" or "DW_AT_type" not in die.attributes:
        return "void"
    words: list[str] = []
    at = die.get_DIE_from_attribute("DW_AT_type")
    stars = 0
    for _ in range(6):
        if at.tag == "DW_TAG_subroutine_type":
            words.append("void")
            break
        name = _name(at)
        if name:
            kind = {"DW_TAG_structure_type": "struct ", "DW_TAG_union_type": "union "}.get(at.tag, "")
            words.append(kind + name)
            break
        if at.tag == "DW_TAG_const_type":
            words.append("const")
        stars += at.tag == "DW_TAG_pointer_type"
        if "DW_AT_type" not in at.attributes:
            words.append("void")
            break
        at = at.get_DIE_from_attribute("DW_AT_type")
    return " ".join(words or ["void"]) + (" " + "*" * stars if stars else "")
