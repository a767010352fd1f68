"""Which machine and which syntax an assembly text is written for, from unmistakable signs only.

A wrong guess shows a page of false errors. A text for another machine, or for an assembler that LLVM does not follow
(NASM, MASM, Go's), is told by its name; only one with no sign at all gets a question for the user.
Signs are looked for outside comments and strings. Reads text; knows nothing of files and of LLVM.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from irlens.asm import listing
from irlens.asm.listing import Listing
from irlens.asm.signs import Sign, machine_name, signs
from irlens.asm.symbols import DARWIN, format_of
from irlens.asm.triple import normalized
from irlens.source.snapshot import split_lines

Target = Literal["x86_64", "aarch64"]
Syntax = Literal["att", "intel"]
Kind = Literal["known", "unsure", "mixed", "other", "preprocess"]
"""`unsure`: no sign of any machine. `mixed`: signs, or a triple and signs, that contradict each other. `other`: another
machine or assembler, which irlens does not read. `preprocess`: the C preprocessor must read it first."""

LOOKED_AT = 400_000
"""Characters of a text that are looked at: signs come early, and the largest files are generated."""

HEAD_LINES = 30
"""Lines at the top in whose comments a triple is looked for."""


@dataclass(frozen=True)
class Detection:
    """`target`, `syntax` and `triple` are None where they are not known for sure. `why` says what spoke for or against
    it, `says` is a sentence for users on why the text is not read, and `question` what to ask them: only of the kind
    `unsure`, where the answer helps. AArch64 has one syntax, given as None."""

    target: Target | None
    syntax: Syntax | None
    triple: str | None
    why: str
    kind: Kind = "known"
    says: str = ""
    question: str | None = None


_INTEL_REGISTER = re.compile(r"(?<![\w%$.@])(?:r(?:[abcd]x|[sd]i|[bs]p|ip|(?:8|9|1[0-5])[dwb]?))\b")
_BARE = r"(?:[re](?:[abcd]x|[sd]i|[bs]p)|r(?:8|9|1[0-5])[dwb]?|[xyz]mm\d+|[abcd][lhx]|[sd]il?)"
_INTEL_INSTRUCTION = re.compile(
    rf"^[ \t]*(?!(?:call|jmp)\b)[a-z][a-z0-9]+[ \t]+(?:{_BARE}(?=[ \t]*(?:,|$))|(?i:[a-z]+word|byte)[ \t]+(?i:ptr)\b)",
    re.MULTILINE,
)
"""One whose first operand is a register without `%`, or memory as Intel writes it."""
_X86_REGISTER = re.compile(r"%(?:e(?:[abcd]x|[sd]i|[bs]p)|[xyz]mm\d+)\b")
_GNU_INTEL = re.compile(r"\bOFFSET FLAT:|(?i:\bptr\b)|\[[ \t]*rip\b|\[rip\]|^\.L\w+:", re.MULTILINE)
_CLANG_COMMENT = re.compile(r"#[ \t](?:@\w|-- (?:Begin|End) function|%bb\.)")
_NOT_A_BRANCH = re.compile(r"^[ \t]+(?!(?:call|j[a-z]+|loop\w*)\b)[a-z][a-z0-9]+[ \t]+([^\n]+)", re.MULTILINE)
_NAMES_SYMBOL = re.compile(rf"(?<![\w.$@])(?!(?:{_BARE}|st|rip|[cdefgs]s)\b)[A-Za-z_.$][\w.$@]*")
_INTEL_SYNTAX = re.compile(r"^[ \t]*\.(intel|att)_syntax\b", re.MULTILINE)
_X_REGISTER = re.compile(r"^[ \t]*\w+[ \t]+x(?:\d|[12]\d|30)[ \t]*,", re.MULTILINE)
_ARMV8 = re.compile(r"^[ \t]*\.arch[ \t]+armv[89]", re.MULTILINE)
_AARCH64_COMMENT = re.compile(r"//\s(?:-- (?:Begin|End) function|@\w|%bb\.)")
_PREPROCESSED = re.compile(
    r'^#(?:include[ \t]*[<"]|define[ \t]+\w|ifn?def[ \t]+\w|endif\b'
    r"|if[ \t]+(?:!|defined\b|\w+[ \t]*[(&|<>=]))",
    re.MULTILINE,
)
_STRING_OR_COMMENT = re.compile(
    r'"(?:[^"\\\n]|\\.)*"?|/\*.*?(?:\*/|\Z)|//[^\n\r]*|;[^\n\r]*'
    r"|(?:^|(?<=\s))(?:#(?=\s|#|$)|@(?=\s))[^\n\r]*",
    re.DOTALL | re.MULTILINE,
)
_TRIPLE_COMMENT = re.compile(
    r"^[ \t]*(?:[#;@*]|//|/\*).*?\b(?:target|triple)(?:[ _-]triple)?[ \t]*[:=][ \t]*[\"']?(\w+-[\w.+-]+)",
    re.IGNORECASE,
)
_RUN_TRIPLE = re.compile(r"(?<![\w-])--?(?:m?triple|target|arch)(?:=|[ \t]+)[\"']?(\w[\w.+-]*)")
_NAMES = {"x86_64": "x86-64", "aarch64": "AArch64"}
_ALIASES: dict[str, Target] = {
    "x86_64": "x86_64",
    "x86-64": "x86_64",
    "amd64": "x86_64",
    "x64": "x86_64",
    "aarch64": "aarch64",
    "arm64": "aarch64",
}
_RUN_SYNTAX = re.compile(r"(?<![\w-])--?x86-asm-syntax=(intel|att)\b")


def detect(text: str, setting: str | None = None, default: str | None = None) -> Detection:
    """What `text` is written for. Both words of the user's are a triple or the name of a machine: `setting` is said of
    this very text, and what contradicts it is told; `default` decides only where the text leaves it open. Never raises.
    """
    if (machine := machine_of_object(text)) is not None:
        return Detection(
            machine, "att" if machine == "x86_64" else None, f"{machine}-unknown-linux-gnu", "it is an object"
        )
    listed = listing.read(text)
    if listed is not None:
        return _of_listing(listed, setting, default)
    text = text[:LOOKED_AT]
    plain = _STRING_OR_COMMENT.sub(" ", text)
    found = _signs(plain)
    # With -ffat-lto-objects there is machine code beside the bytecode.
    found = [sign for sign in found if sign.means != "GCC LTO"] or found
    meant = list(dict.fromkeys(sign.means for sign in found))
    foreign = meant and not any(_machine(means) for means in meant)
    if foreign:
        return _other(meant[0], _quoted(found[0], plain))
    if match := _PREPROCESSED.search(text):
        return _unprocessed(_line_at(text, match.start()))
    if setting and setting.strip():
        return _from_setting(setting.strip(), found, plain)
    named, where = _triple_in_head(text)
    if named is not None:
        detected = _from_triple(named, where, found, plain)
        asked = _syntax_in_run_lines(text) if detected.syntax and not _INTEL_SYNTAX.search(plain) else None
        return replace(detected, syntax=asked) if asked else detected
    if len(meant) > 1:
        machine = _machine(default.strip()) if default else None
        if default and machine in meant:
            return _from_setting(default.strip(), [], plain)
        both = " and ".join(
            f"{_NAMES.get(sign.means, sign.means)} ({_quoted(sign, plain)})" for sign in _one_each(found)
        )
        return _mixed(f"it has signs of {both}", "Name its target")
    if meant:
        machine = _machine(meant[0])
        assert machine is not None
        triple = _default_triple(machine, plain)
        return Detection(machine, _syntax(plain, machine), triple, f"it has {_quoted(found[0], plain)}")
    weak = _weak_aarch64(text, plain)
    if weak is not None:
        return Detection("aarch64", None, _default_triple("aarch64", plain), weak)
    intel = bool(_INTEL_INSTRUCTION.search(plain)) and not _INTEL_SYNTAX.search(plain)
    if intel and is_gnu_intel(text, plain):
        why = "it has x86 registers in Intel syntax"
        return Detection("x86_64", "intel", _default_triple("x86_64", plain), why)
    if not intel and _X86_REGISTER.search(plain):
        # 32-bit code takes its arguments from the stack, and would show that.
        return Detection(
            "x86_64", "att", _default_triple("x86_64", plain), "it has x86 registers in AT&T syntax"
        )
    if default and default.strip():
        return _from_setting(default.strip(), found, plain)
    if intel:
        return _unsure("it is in Intel syntax, and whether it is NASM's, MASM's or GNU's cannot be seen")
    return _unsure("it shows no sign of x86-64 or of AArch64")


OBJECT_MARK = "# An object file as assembly, made by irlens for "
"""How the text that irlens makes of an object begins: its machine stands behind. Its code is bytes."""


def machine_of_object(text: str) -> Target | None:
    """The machine of an object that irlens wrote down as assembly; None for any other text."""
    if not text.startswith(OBJECT_MARK):
        return None
    return _ALIASES.get(text[len(OBJECT_MARK) : len(OBJECT_MARK) + 20].partition("\n")[0].strip())


def _of_listing(listed: Listing, setting: str | None, default: str | None) -> Detection:
    """The machine that a listing's head names, else the one that its instructions show."""
    if listed.refused:
        return Detection(None, None, None, listed.refused, "other", listed.refused.rstrip("."))
    shown = detect(listed.instructions[:LOOKED_AT], setting or listed.machine or None, default)
    if shown.target is None:
        return shown
    return replace(shown, why="it is a disassembler's listing")


def _from_setting(setting: str, found: list[Sign], plain: str) -> Detection:
    machine = _machine(setting)
    if machine is None:
        why = f"the target is set to {setting}"
        return Detection(None, None, None, why, "other", f"{why}, and irlens reads x86-64 and AArch64 only")
    if found and all(sign.means != machine for sign in found):
        sign = found[0]
        why = f"the target is set to {setting}, yet it has {_quoted(sign, plain)} ({_NAMES.get(sign.means, sign.means)})"
        return _mixed(why, "Leave the target out, or name the right one")
    is_triple = "-" in setting and setting.lower() not in _ALIASES
    triple = normalized(setting) if is_triple else _default_triple(machine, plain)
    return Detection(machine, _syntax(plain, machine), triple, f"the target is set to {setting}")


def _from_triple(named: str, where: str, found: list[Sign], plain: str) -> Detection:
    """`named` is what the text says of itself, in `where`."""
    machine = _machine(named)
    if machine is None:
        return _other(machine_name(named), f"its {where} names {named}")
    against = [sign for sign in found if sign.means != machine]
    if against and where == "comment":
        shown = f"{_quoted(against[0], plain)} ({_NAMES.get(against[0].means, against[0].means)})"
        return _mixed(f"its comment names {named}, yet it has {shown}", "Correct the comment")
    is_triple = "-" in named and named.lower() not in _ALIASES
    triple = normalized(named) if is_triple else _default_triple(machine, plain)
    return Detection(machine, _syntax(plain, machine), triple, f"its {where} names {named}")


def _signs(plain: str) -> list[Sign]:
    """The signs of the text, those of one kind once, in the order of `signs`."""
    found = [sign for sign in signs() if sign.pattern.search(plain)]
    intel = _INTEL_SYNTAX.search(plain)
    if intel and intel[1] == "intel" and _INTEL_REGISTER.search(plain):
        found.insert(0, Sign("x86_64", ".intel_syntax and 64-bit registers", _INTEL_REGISTER))
    return found


def _one_each(found: list[Sign]) -> list[Sign]:
    """The first sign of each machine."""
    return list({sign.means: sign for sign in reversed(found)}.values())[::-1]


def _quoted(sign: Sign, plain: str) -> str:
    """The line of the text that has the sign."""
    match = sign.pattern.search(plain)
    return f"`{_line_at(plain, match.end() - 1)}`" if match else sign.shown


def _line_at(text: str, at: int) -> str:
    """The line with this character, short."""
    start = text.rfind("\n", 0, at) + 1
    return " ".join(text[start : start + 200].partition("\n")[0].split())[:40].strip()


def _syntax(plain: str, machine: Target) -> Syntax | None:
    """The syntax that is in force at the end of the text: compilers switch back after inline assembly."""
    if machine != "x86_64":
        return None
    switches = _INTEL_SYNTAX.findall(plain)
    if not switches and _INTEL_INSTRUCTION.search(plain):
        return "intel"
    return "intel" if switches and switches[-1] == "intel" else "att"


def is_gnu_intel(text: str, plain: str) -> bool:
    """Whether Intel syntax without a directive can only be what gcc and clang print, or reads the same for all
    assemblers: `mov rax, x` loads from x for GNU as, and takes the address of x for NASM. `plain` is `text` without
    comments and strings."""
    if _GNU_INTEL.search(plain) or _CLANG_COMMENT.search(text):
        return True
    return not any(_NAMES_SYMBOL.search(operands) for operands in _NOT_A_BRANCH.findall(plain))


def _weak_aarch64(text: str, plain: str) -> str | None:
    """x registers are RISC-V's too; beside clang's comments for AArch64 and the like they are AArch64's."""
    if not _X_REGISTER.search(plain):
        return None
    if _ARMV8.search(plain):
        return "it has x registers and .arch armv8 or later"
    if DARWIN.search(plain):
        return "it has x registers and macOS's directives"
    if _AARCH64_COMMENT.search(text):
        return "it has x registers and comments as clang writes them for AArch64"
    return None


def _triple_in_head(text: str) -> tuple[str | None, str]:
    """A triple that the text's first lines name, and where: in a comment, or in a RUN line of LLVM's tests. Of several
    in RUN lines the first that irlens reads."""
    run: list[str] = []
    for line in split_lines(text[: 200 * HEAD_LINES])[:HEAD_LINES]:
        if "RUN:" in line:
            run += _RUN_TRIPLE.findall(line[:1000])
        elif match := _TRIPLE_COMMENT.match(line[:200]):
            return match[1], "comment"
    if not run:
        return None, ""
    return next((triple for triple in run if _machine(triple)), run[0]), "RUN line"


def _syntax_in_run_lines(text: str) -> Syntax | None:
    """What the RUN lines have llvm-mc read, where they all say the same."""
    asked = {
        _RUN_SYNTAX.findall(line[:1000])[-1:] == ["intel"]
        for line in split_lines(text[: 200 * HEAD_LINES])[:HEAD_LINES]
        if "RUN:" in line and _RUN_TRIPLE.search(line[:1000])
    }
    return "intel" if asked == {True} else None


def _machine(triple: str) -> Target | None:
    """The machine of a triple or of a name such as amd64."""
    return _ALIASES.get(triple.lower()) or _ALIASES.get(triple.partition("-")[0].lower())


def _default_triple(machine: Target, plain: str) -> str:
    """ELF unless directives that only Mach-O or COFF has say otherwise."""
    format_ = format_of(plain)
    if format_ == "macho":
        return f"{'arm64' if machine == 'aarch64' else machine}-apple-macosx"
    return f"{machine}-{'pc-windows-gnu' if format_ == 'coff' else 'unknown-linux-gnu'}"


_OTHERWISE = {
    "GCC LTO": "this has the bytecode of GCC's -flto in place of machine code ({}). Compile without -flto",
    "LLVM IR": "this is LLVM IR ({}). Give it the suffix .ll",
}


def _other(what: str, sign: str) -> Detection:
    says = f"this is {what} assembly ({sign}), and irlens reads GNU assembly of x86-64 and AArch64 only"
    if what in ("HLSL", "PTX", "NVIDIA SASS", "SPIR-V", "DirectX shader"):
        says = f"this is {what} code ({sign}), and irlens reads assembly of x86-64 and AArch64 only"
    if what in _OTHERWISE:
        says = _OTHERWISE[what].format(sign)
    return Detection(None, None, None, f"it has {sign}, a sign of {what}", "other", says)


def _unprocessed(line: str) -> Detection:
    why = f"it has lines for the C preprocessor (`{line}`)"
    return Detection(None, None, None, why, "preprocess", f"the C preprocessor has not read it (`{line}`)")


def _mixed(why: str, advice: str) -> Detection:
    return Detection(None, None, None, why, "mixed", f"{why}. {advice}")


def _unsure(why: str) -> Detection:
    return Detection(
        None,
        None,
        None,
        why,
        "unsure",
        f"its target is not known: {why}",
        f"Target unknown ({why}). Choose x86_64-unknown-linux-gnu or aarch64-unknown-linux-gnu, or write a comment "
        "`triple: ...` at the top of the file.",
    )
