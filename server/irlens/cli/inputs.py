"""Read the files a user names, refuse what cannot be worked on, say what to do instead.

Every refusal is an `UnusableInput` that begins with the path and ends in the next step.
"""

from __future__ import annotations

from pathlib import Path

from irlens.asm.dialect import detect
from irlens.errors import UnusableInput
from irlens.files import NotRegular, TooLarge, read_regular

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


def triple_of(text: str, path: str, target: str | None) -> str:
    """The target triple of an AT&T or AArch64 assembly text: the user's, else what the text shows beyond
    doubt. Raises `UnusableInput` with the question where it shows nothing."""
    found = detect(text, target)
    if found.triple is None or found.target is None:
        raise UnusableInput(
            f"{path}: the target is not known ({found.why}). "
            "Name it with --target x86_64-unknown-linux-gnu or --target aarch64-unknown-linux-gnu."
        )
    return found.triple


def _read(path: str, suffixes: tuple[str, ...], wanted: str, otherwise: str) -> str:
    file = Path(path)
    if file.suffix not in suffixes:
        raise UnusableInput(f"{path}: not a file of the kind wanted, {wanted}. {otherwise}")
    try:
        raw = read_regular(file, MAX_BYTES)
    except NotRegular as error:
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
    return _text(path, raw)


def _text(path: str, raw: bytes) -> str:
    for magic, what in _MAGIC.items():
        if raw.startswith(magic):
            raise UnusableInput(f"{path}: {what}.")
    if not raw.strip():
        raise UnusableInput(f"{path}: the file is empty. Give one with at least one function.")
    if (nul := raw.find(b"\0")) >= 0:
        line = raw.count(b"\n", 0, nul) + 1
        raise UnusableInput(
            f"{path}:{line}: a NUL byte; LLVM would silently ignore all that follows. "
            "Remove it, or give a text file."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnusableInput(
            f"{path}:{line}: not UTF-8 text (byte 0x{raw[error.start]:02x}). Give a text file in UTF-8."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
