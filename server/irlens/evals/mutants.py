"""One change of meaning to one function of a module. Text in, text out; LLVM says afterwards whether it is IR.

For checking checks (see `evidence`): whoever compares the changed function with the original should see it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

_VALUE = r'(?:%[-\w$.]+|%"[^"]*"|-?\d+|true|false|null)'
_OPERATIONS = {
    "add": ("sub", "or", "xor"),
    "sub": ("add", "xor"),
    "mul": ("add", "sub"),
    "and": ("or", "xor"),
    "or": ("and",),
    "xor": ("and", "or", "add"),
    "shl": ("lshr", "ashr"),
    "lshr": ("shl", "ashr"),
    "ashr": ("lshr", "shl"),
    "udiv": ("sdiv", "urem"),
    "sdiv": ("udiv", "srem"),
    "urem": ("srem", "udiv"),
    "srem": ("urem", "sdiv"),
    "fadd": ("fsub", "fmul"),
    "fsub": ("fadd", "fdiv"),
    "fmul": ("fadd", "fdiv"),
    "fdiv": ("fmul", "fsub"),
}
_INTEGER_PREDICATES = ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge")
_FLOAT_PREDICATES = ("oeq", "une", "olt", "ole", "ogt", "oge", "ult", "ule", "ugt", "uge", "ord", "uno")
_FLAGS = re.compile(r" (?:nuw|nsw|exact|disjoint|nneg|samesign|inbounds|nusw|fast|contract|reassoc)\b")


@dataclass(frozen=True)
class Mutant:
    """`line` is the changed line's number in `ir`, from 0; `before` and `after` the lines."""

    kind: str
    ir: str
    line: int
    before: str
    after: str


def mutate(rng: random.Random, ir: str, function: str, kind: str | None = None) -> Mutant | None:
    """`ir` with one change in the body of `function`; None where the drawn kind of change has no place in it."""
    lines = ir.split("\n")
    start = next(
        (
            number
            for number, line in enumerate(lines)
            if line.startswith("define") and (f"@{function}(" in line or f'@"{function}"(' in line)
        ),
        None,
    )
    if start is None:
        return None
    end = next(number for number in range(start, len(lines)) if lines[number] == "}")
    chosen = kind or rng.choice(tuple(KINDS))
    places = list(range(start + 1, end))
    rng.shuffle(places)
    for number in places:
        line = lines[number]
        code, mark, comment = line.partition(", !")
        changed = KINDS[chosen](rng, code)
        if changed is not None and changed != code:
            rest = mark + comment if changed and "!range" not in comment else ""
            after = changed + rest if changed else ""
            return Mutant(
                chosen, "\n".join([*lines[:number], after, *lines[number + 1 :]]), number, line, after
            )
    return None


def _predicate(rng: random.Random, line: str) -> str | None:
    found = re.search(r"\b([if])cmp ((?:\w+ )*?)(\w+) (?=[\w<%{\[])", line)
    if not found:
        return None
    words = line[found.start() :].split(" ")
    at = next((n for n, word in enumerate(words) if word in _INTEGER_PREDICATES + _FLOAT_PREDICATES), None)
    if at is None:
        return None
    old = words[at]
    pointers = words[at + 1] == "ptr"
    near = {
        "slt": ("sle", "ult", "sgt", "sge"), "sle": ("slt", "ule", "sgt"), "sgt": ("sge", "ugt", "slt", "sle"),
        "sge": ("sgt", "uge", "slt"), "ult": ("ule", "slt", "ugt", "uge"), "ule": ("ult", "sle", "ugt"),
        "ugt": ("uge", "sgt", "ult", "ule"), "uge": ("ugt", "sge", "ult"), "eq": ("ne", "ult", "sle"),
        "ne": ("eq", "ugt", "slt"),
    }  # fmt: skip
    if found[1] == "i":
        choices = ("ne",) if pointers and old == "eq" else ("eq",) if pointers and old == "ne" else near[old]
        words = [word for word in words if word != "samesign"]
        at = words.index(old)
    else:
        choices = tuple(word for word in ("oeq", "une", "olt", "ole", "ogt", "oge") if word != old)
    words[at] = rng.choice(choices)
    return line[: found.start()] + " ".join(words)


def _operator(rng: random.Random, line: str) -> str | None:
    found = re.search(r"= (\w+)(?= )", line)
    if not found or found[1] not in _OPERATIONS:
        return None
    new = rng.choice(_OPERATIONS[found[1]])
    if " disjoint" in line and new in ("add", "xor"):
        return None
    if new == "or" and found[1] == "add" and re.search(r", 0$", line):
        return None
    return _FLAGS.sub("", line[: found.start(1)] + new + line[found.end(1) :])


def _constant(rng: random.Random, line: str) -> str | None:
    if re.match(r"\s*(?:%\S+ = (?:alloca|phi)|br|unreachable|\]|#|;)|\S+:", line) or "@llvm.lifetime" in line:
        return None
    body = line
    limit = body.find(", align ")
    body = body[:limit] if limit >= 0 else body
    found = [
        match
        for match in re.finditer(r"(?<= )(-?\d+)(?=[,)\s]|$)", body)
        if re.search(
            r"\bi(?:8|16|32|64)(?: \w+)* $|\bi(?:8|16|32|64) %[-\w$.]+, $|, $", body[: match.start()]
        )
        and not re.search(
            r"(?:align|range\([^)]*|dereferenceable\(|x|captures\([^)]*) $", body[: match.start()]
        )
    ]
    if not found:
        return None
    chosen = rng.choice(found)
    old = int(chosen[1])
    if "getelementptr" in line:
        new = old + rng.choice((1, -1, 2)) if abs(old) < 4 else old + rng.choice((4, -4, 8, 1))
    else:
        new = rng.choice((old + 1, old - 1, old + 1, old - 1, -old if old else 2, old ^ 1, old + 16))
    return line[: chosen.start()] + str(new) + line[chosen.end() :]


def _width(rng: random.Random, line: str) -> str | None:
    """The result of an instruction is cut to a narrower width and extended back."""
    found = re.match(r"(\s*)(%\S+) = (add|sub|mul|and|or|xor|shl|lshr|ashr|load|zext|sext)\b(.*)", line)
    if not found or "volatile" in line or "atomic" in line:
        return None
    if found[3] in ("zext", "sext"):
        kind = re.search(r" to (i\d+)$", line)
    else:
        kind = re.search(r"^(?: nuw| nsw| exact| disjoint)* (i\d+)\b", found[4])
    if not kind or kind[1] not in ("i16", "i32", "i64"):
        return None
    bits = int(kind[1][1:])
    source = re.search(r"zext (?:nneg )?i(\d+) ", line)
    narrower = [width for width in (8, 16, 32) if width < bits and (not source or width < int(source[1]))]
    if not narrower:
        return None
    small = rng.choice(narrower)
    back = rng.choice(("zext", "sext"))
    pad, name = found[1], found[2]
    whole, cut = "%mutant.whole", "%mutant.cut"
    return (
        f"{pad}{whole} = {found[3]}{found[4]}\n"
        f"{pad}{cut} = trunc {kind[1]} {whole} to i{small}\n"
        f"{pad}{name} = {back} i{small} {cut} to {kind[1]}"
    )


def _swap(rng: random.Random, line: str) -> str | None:
    """Two arguments of a call, or the operands of an operation that is not commutative, change places."""
    call = re.search(r"\bcall\b.*?[@%][-\w$.]+\((.*)\)", line)
    if call and "@llvm." not in line:
        parts = _split(call[1])
        bare = [re.sub(r"^(\S+) (?:.* )?(\S+)$", r"\1 \2", part.strip()) for part in parts]
        pairs = [
            (a, b)
            for a in range(len(parts))
            for b in range(a + 1, len(parts))
            if bare[a].split(" ")[0] == bare[b].split(" ")[0] and bare[a] != bare[b]
        ]
        if not pairs:
            return None
        a, b = rng.choice(pairs)
        parts[a], parts[b] = parts[b], parts[a]
        return line[: call.start(1)] + ",".join(parts) + line[call.end(1) :]
    found = re.search(
        rf"= (sub|udiv|sdiv|urem|srem|fsub|fdiv)((?: \w+)*?) (\w+) ({_VALUE}), ({_VALUE})$",
        line,
    )
    if found and found[4] != found[5]:
        return f"{line[: found.start()]}= {found[1]} {found[3]} {found[5]}, {found[4]}"
    select = re.search(rf"(= select i1 {_VALUE}), (\w+) ({_VALUE}), (\w+) ({_VALUE})$", line)
    if select and select[3] != select[5]:
        return f"{line[: select.start()]}{select[1]}, {select[2]} {select[5]}, {select[4]} {select[3]}"
    return None


def _dropped(rng: random.Random, line: str) -> str | None:
    """A store, or a call for its effect, is left out."""
    if re.match(r"\s*store ", line) or re.match(
        r"\s*(?:tail |musttail |notail )?call void @(?!llvm\.)", line
    ):
        return ""
    return None


def _extension(rng: random.Random, line: str) -> str | None:
    found = re.search(r"= (zext|sext) ", line)
    if not found or "nneg" in line or " i1 " in line:
        return None
    return line.replace(f"= {found[1]} ", f"= {'sext' if found[1] == 'zext' else 'zext'} ", 1)


def _branch(rng: random.Random, line: str) -> str | None:
    found = re.search(r"br i1 (\S+), (label \S+), (label \S+)$", line)
    if not found or found[2] == found[3]:
        return None
    return f"{line[: found.start()]}br i1 {found[1]}, {found[3]}, {found[2]}"


KINDS: dict[str, Callable[[random.Random, str], str | None]] = {
    "predicate": _predicate,
    "operator": _operator,
    "constant": _constant,
    "width": _width,
    "swapped argument": _swap,
    "dropped store": _dropped,
    "wrong extension": _extension,
    "swapped branch": _branch,
}


def _split(text: str) -> list[str]:
    parts, depth, start, quoted = [], 0, 0, False
    for place, char in enumerate(text):
        quoted ^= char == '"'
        if not quoted:
            depth += (char in "([{<") - (char in ")]}>")
            if char == "," and depth == 0:
                parts.append(text[start:place])
                start = place + 1
    return [*parts, text[start:]] if text.strip() else []
