"""Assembly whose names a demangler made readable, as Compiler Explorer and cargo asm show it, put in quotes again.

`Vec::length(int) const:` is a label that no assembler reads; `"Vec::length(int) const":` is one, and the symbol is
then called as it reads. Lines stay where they are; columns behind a name that was quoted move by the quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from irlens.asm.symbols import PLAIN_NAME, quoted

_LABEL_END = re.compile(r":[ \t]*(?:(?:#|;|//).*)?$")
_PLAIN = re.compile(rf"(?:{PLAIN_NAME}|\d+)\Z")
_READABLE = re.compile(r"::|[(<{~]|\b(?:for|to) \S|^operator\b| \[clone ")
_INSTRUCTION = re.compile(
    r"([ \t]*+(?:(?:rep\w*+|lock|notrack|bnd)[ \t]++)?)(\.?[A-Za-z][\w.]*+[ \t]++)(.*)$"
)
_BRANCH = re.compile(r"(?:call|j)[a-z]*[ \t]|bl?[ \t]|b\.?[a-z]{2}[ \t]|cbn?z[ \t]|tbn?z[ \t]", re.IGNORECASE)
_NAMING = re.compile(
    r"\.(?:globl|global|weak|hidden|type|size|set|quad|long|xword|word|8byte|4byte|int)[ \t]"
)
_COMMENT = re.compile(r"(?:^|[ \t])(?:#[ \t@]|//)")
_SPECIAL = re.compile(
    r"(?:vtable|VTT|typeinfo(?: name)?|construction vtable|guard variable|reference temporary #\d+"
    r"|(?:non-virtual|virtual|covariant return) thunk|TLS (?:init|wrapper) function) (?:for|to) "
)
_WORD = re.compile(r"[^\x00-#%-@\[-^`{-}\x7f][\w$.]*|\d[\w$.]*")  # for the set see `PLAIN_NAME`
_OPERATOR = re.compile(
    r"operator(?:\(\)|\[\]|->\*?|<=>|(?:<<|>>)=?|[-+*/%^&|=!<>]=?|&&|\|\||\+\+|--|~|,|\"\" ?\w+"
    r"| (?:new|delete)(?:\[\])?| ?co_await| [\w: ]{1,200}[*&]{0,9})"
)
_BEHIND = re.compile(
    r" (?:const|volatile)\b| ?&&?(?=$|[ ,@+])| \[clone [^\]]{0,400}\]|\.(?:cold|part\.\d+|isra\.\d+)\b"
)
_OFFSET = re.compile(
    r"(?:@[A-Za-z_0-9]{1,40})?(?:[ \t]{0,8}[-+][ \t]{0,8}(?:0x[0-9a-fA-F]{1,16}|\d{1,20})){0,4}$"
)
_CLOSING = {"(": ")", "<": ">", "{": "}", "[": "]"}
_DEEPEST = 50
_MOST_NAMES = 2000
_MOST_LETTERS = 2_000_000
"""Letters of a text that are looked through in vain for brackets that close, which those of real names do."""
_MOST_LOOKS = 500_000
"""Times that a name of the text is looked for at a place of it; behind these only what a name looks like tells one."""


def label_of(line: str) -> tuple[str, int] | None:
    """The readable name that a line defines, and where its colon is; None for any other line."""
    if not line or line[0] in " \t#;\"'/@" or (line[0] == "." and "(" not in line):
        return None
    at = -1
    while True:
        at = line.find(":", at + 1)
        if at < 0:
            return None
        if _LABEL_END.match(line, at):
            break
    name = line[:at].rstrip()
    if (
        _PLAIN.match(name)
        or not _READABLE.search(name)
        or "\t" in name
        or '"' in name
        or name.startswith("//")
    ):
        return None
    return name, at


def has_demangled(lines: tuple[str, ...]) -> bool:
    """Whether a name of the text is one that a demangler made."""
    none = _Known(())
    return any(
        label_of(line) is not None or ("::" in line and _requoted(line, none) != line) for line in lines
    )


def with_quotes(lines: tuple[str, ...]) -> list[str]:
    """The lines with every readable name in quotes."""
    known = _Known(found[0] for line in lines if (found := label_of(line)))
    out = []
    for line in lines:
        found = label_of(line)
        out.append(quoted(found[0]) + line[found[1] :] if found else _requoted(line, known))
    return out


class _Known:
    """The readable names that a text defines, the longest of them where there are very many."""

    def __init__(self, names: Iterable[str]) -> None:
        longest = sorted(set(names), key=lambda name: (-len(name), name))[:_MOST_NAMES]
        self.names = frozenset(longest)
        self._by_start: dict[str, list[str]] = {}
        for name in longest:
            self._by_start.setdefault(name[:2], []).append(name)
        firsts = "".join(sorted({name[:1] for name in longest}))
        self.no_name = re.compile(rf"[^A-Za-z_~$\x80-\U0010ffff\d({re.escape(firsts)}]++")
        """Letters that no name begins with, neither one of these nor one that looks like one."""
        self._looks = self._letters = 0

    def end(self, text: str, start: int) -> int:
        """Where the longest name that begins here ends; 0 where none does."""
        for name in self._by_start.get(text[start : start + 2], ()):
            if self._looks > _MOST_LOOKS:
                break
            self._looks += 1 + len(name) // 256
            if text.startswith(name, start):
                return start + len(name)
        return 0

    def closed(self, text: str, start: int) -> int:
        """Behind the bracket that closes the one at `start`; 0 where none does, or after very many looks in vain."""
        if self._letters > _MOST_LETTERS:
            return 0
        close, looked = _closed(text, start)
        self._letters += 0 if close else looked
        return close


def _requoted(line: str, known: _Known) -> str:
    """An instruction or directive with the names in its operands in quotes."""
    match = _INSTRUCTION.match(line)
    if match is None or '"' in line or not _READABLE.search(match[3]):
        return line
    operands = match[3]
    comment = _COMMENT.search(operands)
    rest = operands[comment.start() :] if comment else ""
    operands = operands[: comment.start()] if comment else operands
    word = match[2]
    if _BRANCH.match(word) or _NAMING.match(word):
        return match[1] + word + _whole(operands, known) + rest
    return match[1] + word + _inside(operands, known) + rest


def _whole(operands: str, known: _Known) -> str:
    """Operands of which each is a name or none."""
    made = []
    for part in _at_commas(operands):
        bare = part.strip()
        body = bare[: _OFFSET.search(bare).start()]  # type: ignore[union-attr]  # it matches the empty end
        is_name = body in known.names or (
            bool(_READABLE.search(body))
            and not re.match(r"[*\[%$\d(]|(?:\w+ )?(?:ptr|PTR)\b", body.replace("(anon", "A"))
        )
        if is_name and not re.search(
            r"\(%|\[", body.replace("[abi:", "").replace("[clone ", "").replace("[]", "")
        ):
            made.append(part.replace(bare, quoted(body) + bare[len(body) :], 1))
        else:
            made.append(_inside(part, known))
    return ",".join(made)


def _inside(operands: str, known: _Known) -> str:
    """Operands such as `OFFSET FLAT:vtable for Foo+16`, `QWORD PTR [rip + std::cout]`, `std::cout(%rip)`."""
    out, at = [], 0
    while at < len(operands):
        if between := known.no_name.match(operands, at):
            out.append(between[0])
            at = between.end()
            continue
        if at == 0 or not (operands[at - 1].isalnum() or operands[at - 1] in "_%"):
            end = known.end(operands, at) or _name_end(operands, at, known)
            if end:
                out.append(quoted(operands[at:end]))
                at = end
                continue
        out.append(operands[at])
        at += 1
    return "".join(out)


def _name_end(text: str, start: int, known: _Known) -> int:
    """Where a readable name that begins here ends; 0 where none does."""
    special = _SPECIAL.match(text, start)
    at = special.end() if special else start
    readable = special is not None
    if text.startswith("(anonymous namespace)::", at):
        at, readable = at + len("(anonymous namespace)::"), True
    while True:
        operator = _OPERATOR.match(text, at)
        word = operator or _WORD.match(text, at)
        if word is None:
            return at if special and at > special.end() else 0
        at = word.end()
        while at < len(text) and text[at] in "(<{[":
            if text.startswith(("(%", "(,", "[rip", "[r", "[e", "[x"), at) or (
                text[at] == "[" and not text.startswith(("[abi:", "[]"), at)
            ):
                break
            close = known.closed(text, at)
            if close == 0 or (text[at] == "<" and text[at + 1 : at + 2] == "<"):
                break
            at, readable = close, True
        if text.startswith("::", at):
            at, readable = at + 2, True
            for inner in ("(anonymous namespace)::", "{", "'"):
                if text.startswith(inner, at):
                    close = (
                        at + len(inner) if inner[0] == "(" else known.closed(text, at) if inner == "{" else 0
                    )
                    at = close or at
                    if text.startswith("::", at):
                        at += 2
            if _WORD.match(text, at):
                continue
        break
    while readable and (behind := _BEHIND.match(text, at)):
        at = behind.end()
    return at if readable else 0


def _closed(text: str, start: int) -> tuple[int, int]:
    """Behind the bracket that closes the one at `start`, 0 where none does; and how many letters were looked at."""
    open_: list[str] = []
    for at in range(start, min(len(text), start + 4096)):
        character = text[at]
        if character in _CLOSING and not (character == "<" and open_ and open_[-1] == "["):
            open_.append(_CLOSING[character])
        elif open_ and character == open_[-1] and not (character == ">" and text[at - 1] == "-"):
            open_.pop()
            if not open_:
                return at + 1, at + 1 - start
        if len(open_) > _DEEPEST:
            return 0, at + 1 - start
    return 0, min(len(text) - start, 4096)


def _at_commas(text: str) -> list[str]:
    """Parts between the commas outside of all brackets."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character in "(<[{") - (character in ")>]}" and not text.startswith("->", at - 1))
        if character == "," and depth <= 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]
