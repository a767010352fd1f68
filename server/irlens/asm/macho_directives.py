"""The directives of macOS assembly, each as what says the same of ELF. Text in, text out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from irlens.asm.symbols import unquoted


class NotKnown(Exception):
    """Something is not known, or not read. The text names it."""


BUILD_VERSION = re.compile(
    r"^[ \t]*\.build_version[ \t]+(\w+)[ \t]*,[ \t]*(\d+)[ \t]*,[ \t]*(\d+)", re.MULTILINE
)
PLATFORMS = {"macos": "macosx", "ios": "ios", "tvos": "tvos", "watchos": "watchos", "xros": "xros"}

_STRINGS = '.section\t.rodata.str1.1,"aMS",%progbits,1'
_CONSTANT = '.section\t.rodata,"a",%progbits'
_RELOCATED = '.section\t.data.rel.ro,"aw",%progbits'
_ZEROS = '.pushsection\t.bss,"aw",%nobits'
_IGNORED = '.section\t.debug_macos,"",%progbits'
_SECTIONS = {
    "__TEXT,__text": ".text",
    "__TEXT,__cstring": _STRINGS,
    "__TEXT,__const": _CONSTANT,
    "__TEXT,__literal4": _CONSTANT,
    "__TEXT,__literal8": _CONSTANT,
    "__TEXT,__literal16": _CONSTANT,
    "__TEXT,__ustring": _CONSTANT,
    "__DATA,__data": ".data",
    "__DATA,__bss": '.section\t.bss,"aw",%nobits',
    "__DATA,__common": '.section\t.bss,"aw",%nobits',
    "__DATA,__const": _RELOCATED,
    "__DATA_CONST,__const": _RELOCATED,
    "__DATA,__mod_init_func": '.section\t.init_array,"aw",%progbits',
}
_NEVER = re.compile(
    r"__DWARF,|__LD,|__LLVM,|__TEXT,__(?:eh_frame|gcc_except_tab|unwind_info)\Z"
    r"|__DATA,__(?:thread_vars|thread_data|thread_bss|llvm_addrsig)\Z"
)
"""Debug information, unwinding and thread-local storage: no code that is lifted reads them by their sections."""
_SHORT = {
    ".text": "__TEXT,__text",
    ".data": "__DATA,__data",
    ".const": "__TEXT,__const",
    ".cstring": "__TEXT,__cstring",
    ".literal4": "__TEXT,__literal4",
    ".literal8": "__TEXT,__literal8",
    ".literal16": "__TEXT,__literal16",
    ".const_data": "__DATA,__const",
    ".static_data": "__DATA,__data",
    ".bss": "__DATA,__bss",
}
_SAYS_NOTHING = frozenset(
    ".build_version .macosx_version_min .ios_version_min .tvos_version_min .watchos_version_min .loh .ident .file .loc"
    " .subsections_via_symbols .no_dead_strip .alt_entry .linker_option .data_region .end_data_region .addrsig"
    " .addrsig_sym .extern .reference .lazy_reference .desc .tbss".split()
)
_DATA = frozenset(
    ".byte .2byte .4byte .8byte .short .hword .long .int .word .xword .quad .octa .float .single .double .space .zero"
    " .skip .fill .p2align .balign .p2alignl .p2alignw".split()
)
_TEXTS = frozenset((".ascii", ".asciz", ".string"))
_WEAK = frozenset(
    (".weak_definition", ".weak_reference", ".weak_def_can_be_hidden", ".weak_def_auto_private")
)
_GLOBAL = frozenset((".globl", ".global"))
_ASSIGNED = re.compile(
    r'(?:\.(?:set|equ|equiv)\s++)?("(?>(?:[^"\\]|\\.)*)"|[\w.$]++)\s*+(?:,|==?)\s*+(.+)\Z', re.DOTALL
)
_SIZE = re.compile(r"[0-9]{1,18}\Z")


def is_data(statement: str) -> bool:
    """Whether a statement puts down data, and no padding."""
    word = statement.split(None, 1)[0].lower()
    return word in _TEXTS or (word in _DATA and "align" not in word)


@dataclass(frozen=True)
class Declared:
    """Names that the directives of the whole text say something of."""

    outside: set[str]
    """Other files see or define them."""
    weak: set[str]


def declared(statements: Iterable[str]) -> Declared:
    found = Declared(set(), set())
    for statement in statements:
        word, rest = [*statement.split(None, 1), ""][:2]
        if word in _GLOBAL or word in _WEAK or word == ".private_extern":
            names = {unquoted(name.strip()) for name in rest.split(",")}
            found.outside.update(names)
            if word in _WEAK:
                found.weak.update(names)
    return found


@dataclass
class Layout:
    """Reads directives in their order. `expression` puts names in a number or data as ELF has them."""

    known: Declared
    expression: Callable[[str], str]
    in_code: bool = True
    open: str = ""
    """The function whose code is being read, as ELF spells it."""
    _ignored: bool = False
    _stack: list[tuple[bool, bool]] = field(default_factory=list)

    def directive(self, statement: str) -> str:
        """Raises `NotKnown`."""
        word, rest = [*statement.split(None, 1), ""][:2]
        lowered = word.lower()
        if lowered == ".section":
            return self._section(rest)
        if lowered in _SHORT and not rest:
            return self._section(_SHORT[lowered])
        if lowered.startswith(".cfi_"):
            if lowered != ".cfi_endproc" or not self.open:
                return ""
            name, self.open = self.open, ""
            return f".size\t{name}, .-{name}"
        if lowered in _SAYS_NOTHING:
            return ""
        if self._ignored and lowered in (*_DATA, *_TEXTS, ".sleb128", ".uleb128"):
            return ""
        if lowered in _TEXTS:
            return statement
        if lowered == ".align":
            return f".p2align\t{rest}"  # a power of two on macOS
        if lowered in _DATA:
            return f"{word}\t{self.expression(rest)}"
        return self._of_names(lowered, rest, statement)

    def _of_names(self, word: str, rest: str, statement: str) -> str:
        if word in _GLOBAL:
            names = [name for name in self._names(rest) if unquoted(name) not in self.known.weak]
            return "; ".join(f".globl\t{self.expression(name)}" for name in names)
        if word in _WEAK:
            return "; ".join(f".weak\t{self.expression(name)}" for name in self._names(rest))
        if word == ".private_extern":
            names = [self.expression(name) for name in self._names(rest)]
            return "; ".join(f".globl\t{name}; .hidden\t{name}" for name in names)
        if word in (".comm", ".lcomm", ".zerofill"):
            return self._reserved(word, rest)
        if not word.startswith(".") or word in (".set", ".equ", ".equiv"):
            assigned = _ASSIGNED.match(statement)
            if assigned is None:
                raise NotKnown(f"`{statement}` is not known")
            if self._ignored or assigned[1].startswith("Lset"):
                return ""
            return f".set\t{self.expression(assigned[1])}, {self.expression(assigned[2])}"
        raise NotKnown(f"the directive {word} is not known of macOS, or not read")

    def _section(self, rest: str) -> str:
        parts = [part.strip().strip('"') for part in rest.split(",")]
        name = ",".join(parts[:2])
        self.open = ""
        self.in_code, self._ignored = False, False
        if _NEVER.match(name):
            self._ignored = True
            return _IGNORED
        if name == "__TEXT,__text" or "pure_instructions" in parts[2:]:
            self.in_code = True
            return ".text"
        if name not in _SECTIONS:
            raise NotKnown(f"the section {name} is not known")
        return _SECTIONS[name]

    def _reserved(self, word: str, rest: str) -> str:
        """Zeros without a place of their own; alignments are powers of two."""
        parts = self._names(rest)
        if word == ".zerofill":
            section, parts = ",".join(parts[:2]), parts[2:]
            if section not in ("__DATA,__bss", "__DATA,__common") or len(parts) < 2:
                raise NotKnown(f".zerofill of {section} is not known")
        if len(parts) not in (2, 3) or not all(map(_SIZE.match, parts[1:])):
            raise NotKnown(f"{word} without a size in digits is not read")
        name = self.expression(parts[0])
        power = int(parts[2]) if len(parts) == 3 else 0
        if power > 15:
            raise NotKnown(f"{word} with an alignment of 2 to the {power} is not read")
        if word == ".zerofill" and unquoted(parts[0]) in self.known.outside:
            # A definition, and none that gives way to another file's as `.comm` does.
            return f"{_ZEROS}; .p2align\t{power}; {name}: .zero\t{parts[1]}; .popsection"
        local = word != ".comm"
        first = f".local\t{name}; " if local else ""
        return f"{first}.comm\t{name},{parts[1]},{1 << power}"

    @staticmethod
    def _names(rest: str) -> list[str]:
        return [part.strip() for part in rest.split(",")]
