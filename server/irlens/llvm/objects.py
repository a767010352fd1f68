"""Sizes of an ELF object, as Berkeley `size` and `nm -S` count them. Bytes in, plain data out.

It knows nothing of LLVM; pyelftools reads the file.
"""

from __future__ import annotations

import io

from irlens.llvm.answers import Sizes
from irlens.objects.kinds import foreign

SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR = 1, 2, 4


class NotAnObject(ValueError):
    """The bytes are no ELF object that can be measured."""


def warm() -> None:
    """Import what reads objects now: a process that is about to be closed imports nothing later."""
    import elftools.elf.elffile
    import elftools.elf.sections  # noqa: F401


def not_elf(data: bytes) -> NotAnObject:
    """What to say of bytes that are no ELF object, with the target that helps."""
    what, instead = foreign(data) or ("no ELF object", "")
    said = f"it compiles to {what}, and sizes are measured in ELF objects only"
    return NotAnObject(f'{said}; set its `target triple` to "{instead}"' if instead else said)


def sizes(data: bytes) -> Sizes:
    """Sections in file order and function symbols of an ELF object.

    Berkeley `size`: allocated sections that are code or read-only are text, writable ones with contents
    data, the rest bss. Raises `NotAnObject`.
    """
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile
    from elftools.elf.sections import SymbolTableSection

    if not data.startswith(b"\x7fELF"):
        raise not_elf(data)
    text = dataword = bss = 0
    sections: dict[str, int] = {}
    functions: dict[str, int] = {}
    try:
        elf = ELFFile(io.BytesIO(data))
        for section in elf.iter_sections():
            header = section.header
            if header["sh_flags"] & SHF_ALLOC:
                size = header["sh_size"]
                sections[section.name] = sections.get(section.name, 0) + size
                if header["sh_flags"] & SHF_EXECINSTR or not header["sh_flags"] & SHF_WRITE:
                    text += size
                elif header["sh_type"] != "SHT_NOBITS":
                    dataword += size
                else:
                    bss += size
            if isinstance(section, SymbolTableSection) and header["sh_type"] == "SHT_SYMTAB":
                for symbol in section.iter_symbols():
                    kind = symbol["st_info"]["type"]
                    if kind in ("STT_FUNC", "STT_LOOS") and symbol["st_shndx"] != "SHN_UNDEF":
                        functions.setdefault(symbol.name, symbol["st_size"])
    except (ELFError, ValueError, KeyError, IndexError, UnicodeDecodeError, OverflowError) as error:
        raise NotAnObject(f"this ELF object cannot be read ({error}); make it again") from error
    return Sizes(text, dataword, bss, sections, functions)
