"""Read the files a user names, refuse what cannot be worked on, say what to do instead.

Every refusal is an `UnusableInput` that begins with the path and ends in the next step.
"""

from __future__ import annotations

from pathlib import Path

from irlens.asm.dialect import Detection, detect
from irlens.asm.gnu_forms import without_nul_comments
from irlens.asm.macho import as_elf
from irlens.asm.outline import functions
from irlens.assist.words import sentence
from irlens.cli import streams
from irlens.errors import UnusableInput
from irlens.files import NotRegular, TooLarge, read_regular
from irlens.ide.diagnostics import unprocessed
from irlens.ir.outline import outline
from irlens.llvm.demangle import find_name
from irlens.mechanical.client import MechanicalLifter
from irlens.source.positions import to_utf8

IR_SUFFIXES = (".ll",)
ASM_SUFFIXES = (".s", ".S", ".asm")

MAX_BYTES = 64 * 1024 * 1024
"""Larger texts are refused. LLVM needs about 15 times a text's size in memory to parse it."""

_MAGIC = {
    b"BC\xc0\xde": "is LLVM bitcode; turn it into text with `llvm-dis` first",
    b"\xde\xc0\x17\x0b": "is wrapped LLVM bitcode; turn it into text with `llvm-dis` first",
    b"\x7fELF": "is an object or a program; compile with `-S` to get assembly, or disassemble it",
    b"!<ar": "is an archive; unpack it and give one assembly or IR file",
    b"\x1f\x8b": "is compressed; unpack it first",
    b"\xff\xfe": "is UTF-16 text; save it as UTF-8 first",
    b"\xfe\xff": "is UTF-16 text; save it as UTF-8 first",
}


def read_ir(path: str) -> str:
    """The text of an IR file, line ends as `\\n`."""
    return _read(path, IR_SUFFIXES, "LLVM IR (.ll)", "Lift assembly with `irlens lift`.")


def read_asm(path: str) -> str:
    """The text of an assembly file, line ends as `\\n`."""
    return _read(
        path, ASM_SUFFIXES, "assembly (.s, .S, .asm)", "For IR use `irlens predict` or `irlens tune`."
    )


def read_any(path: str) -> str:
    """The text of either kind."""
    return _read(path, IR_SUFFIXES + ASM_SUFFIXES, "LLVM IR or assembly", "Give a .ll or a .s file.")


def read_object(path: str) -> bytes | None:
    """The bytes of an object, library or program; None for a text."""
    try:
        raw = read_regular(Path(path), MAX_BYTES)
    except (NotRegular, TooLarge, OSError):
        return None  # whoever reads it as a text says why
    return raw if raw.startswith(_OBJECTS) else None


_OBJECTS = (
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"MZ",
    b"\x64\x86",
    b"\x64\xaa",
)


def text_of_object(
    raw: bytes, path: str, wanted: str | None, lifter: MechanicalLifter
) -> tuple[str, list[str]]:
    """An object as assembly, and the functions that are meant of it: the one that is `wanted` (by its symbol, its
    readable name, or its address in a program), else all. Raises `UnusableInput`."""
    try:
        names = lifter.functions_of(raw)
        if wanted is None:
            text, _ = lifter.assembly_of(raw, None)
            return text, names
        found = find_name(wanted, names) or wanted
        text, name = lifter.assembly_of(raw, found)
    except UnusableInput as error:
        raise UnusableInput(f"{path}: {error}") from None
    if not name or (name == found and name not in names and not name.startswith("sub_")):
        raise UnusableInput(
            f"{path}: there is no function {wanted}. Choose one of: {', '.join(names[:12]) or 'none'}."
        )
    return text, [name]


def is_asm(path: str, text: str) -> bool:
    """Whether it is assembly and not IR: a file by its name where that says so, anything else by its text."""
    if streams.is_stream(path) or Path(path).suffix not in IR_SUFFIXES + ASM_SUFFIXES:
        return not _is_ir(text)
    return Path(path).suffix in ASM_SUFFIXES


def _is_ir(text: str) -> bool:
    found = outline(text)
    return bool(found.functions or found.triple or found.datalayout or found.globals)


def triple_of(text: str, path: str, target: str | None) -> str:
    """The target triple of an AT&T or AArch64 assembly text: the user's, else what the text shows beyond
    doubt. Raises `UnusableInput` that says what the text is where irlens does not read it."""
    found = detect(text, target)
    if found.kind == "preprocess":
        raise UnusableInput(f"{path}: {unprocessed(path)}")
    if found.triple is None or found.target is None:
        raise UnusableInput(f"{path}: {why_not_read(found)}")
    return found.triple


def elf_form(text: str, triple: str, path: str) -> tuple[str, str]:
    """An assembly and its triple as irlens lifts and runs them: macOS's as ELF. Raises `UnusableInput`."""
    try:
        return as_elf(text, triple)
    except UnusableInput as error:
        raise UnusableInput(f"{path}: {error}") from None


def why_not_read(found: Detection) -> str:
    """A sentence on a text whose target is not known, with a next step where there is one."""
    if found.kind == "unsure":
        return f"{found.says}. Name it with --target x86_64-unknown-linux-gnu or --target aarch64-unknown-linux-gnu."
    if found.kind == "mixed":
        return f"{found.says}: --target x86_64-unknown-linux-gnu or aarch64-unknown-linux-gnu."
    return sentence(found.says)


def _read(path: str, suffixes: tuple[str, ...], wanted: str, otherwise: str) -> str:
    if streams.is_stream(path):
        return _stream(path, suffixes, wanted, otherwise)
    file = Path(path)
    other = UnusableInput(f"{path}: not a file of the kind wanted, {wanted}. {otherwise}")
    by_content = file.suffix not in IR_SUFFIXES + ASM_SUFFIXES
    if file.suffix not in suffixes and not by_content:
        raise other
    try:
        raw = read_regular(file, MAX_BYTES)
    except NotRegular as error:
        if by_content:
            raise other from None
        raise UnusableInput(
            f"{path}: not a file but {error.kind}. Save its text in a file and give that."
        ) from None
    except TooLarge as error:
        how = ", for example with `llvm-extract`" if file.suffix in IR_SUFFIXES else ""
        raise UnusableInput(
            f"{path}: {error.size:,} bytes is over the limit of {MAX_BYTES:,}. "
            f"Cut out the functions that matter{how}."
        ) from None
    except FileNotFoundError:
        raise UnusableInput(f"{path}: there is no such file. Check the name.") from None
    except OSError as error:
        raise UnusableInput(
            f"{path}: cannot be read ({error.strerror or error}). Check the name and its permissions."
        ) from error
    if by_content and not _holds(raw, suffixes):
        raise other
    return _text(path, raw)


def _holds(raw: bytes, suffixes: tuple[str, ...]) -> bool:
    """Whether a file under another name, such as a listing saved as .txt, is surely of one of the kinds."""
    if b"\0" in raw or raw.startswith(tuple(_MAGIC)):
        return False
    text = raw.decode("utf-8-sig", "surrogateescape")
    if _is_ir(text):
        return bool(set(IR_SUFFIXES) & set(suffixes))
    # A word about a target alone is in many a text: C files, scripts, letters.
    return (
        bool(set(ASM_SUFFIXES) & set(suffixes)) and detect(text).target is not None and bool(functions(text))
    )


def _stream(path: str, suffixes: tuple[str, ...], wanted: str, otherwise: str) -> str:
    """The text of a stream, which must hold a kind that a file with one of the suffixes does."""
    name = streams.shown(path)
    try:
        raw = streams.read(path, MAX_BYTES)
    except TooLarge:
        raise UnusableInput(
            f"{name}: more than the limit of {MAX_BYTES:,} bytes. Cut out the functions that matter."
        ) from None
    except OSError as error:
        raise UnusableInput(
            f"{name}: cannot be read ({error.strerror or error}). Give text through a pipe, or a file."
        ) from error
    text = _text(name, raw)
    kinds = ASM_SUFFIXES if is_asm(path, text) else IR_SUFFIXES
    if not set(kinds) & set(suffixes):
        held = "assembly" if kinds is ASM_SUFFIXES else "LLVM IR"
        raise UnusableInput(f"{name}: holds {held}; expected {wanted}. {otherwise}")
    return text


def _text(path: str, raw: bytes) -> str:
    for magic, what in _MAGIC.items():
        if raw.startswith(magic):
            raise UnusableInput(f"{path}: {what}.")
    if not raw.strip():
        raise UnusableInput(f"{path}: the file is empty. Give one with at least one function.")
    if path.endswith(ASM_SUFFIXES) and b"\0" in raw:
        raw = to_utf8(without_nul_comments(raw.decode("utf-8", "surrogateescape")))
    if (nul := raw.find(b"\0")) >= 0:
        line = raw.count(b"\n", 0, nul) + 1
        raise UnusableInput(
            f"{path}:{line}: a NUL byte; LLVM would silently ignore all that follows. "
            "Remove it, or give a text file."
        )
    # LLVM and GNU as take any bytes in names, strings and comments, Latin-1 too: they stay what they are.
    text = raw.decode("utf-8-sig", "surrogateescape")
    return text.replace("\r\n", "\n").replace("\r", "\n")
