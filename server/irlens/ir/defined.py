"""A module that says, as it runs, whether what it was given is defined: a check before each instruction that may make poison
or has no meaning on some operands.

A byte is stored to `UNDEFINED` at each check, 1 where it fails. That is more than LLVM's rules say, where poison that nobody
looks at does no harm: so an input on which no 1 is stored is one on which every instruction that ran had a meaning. What is
not checked (relaxed floating point, `undef` itself, conversions of vectors) makes a function incomplete, with the reason;
that a pointer stays in its object (`inbounds`) is not checked either. Rules: the LLVM language reference, each instruction's
"Semantics".

Reads what LLVM prints, one instruction a line, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from irlens.ir.outline import outline
from irlens.source.snapshot import split_lines

UNDEFINED = "irlens.undefined"
"""Where the checks store what they find, an external variable."""
_VALUE = r'%(?:[-\w$.]+|"[^"]*")|-?\d+|true|false|null'
_POINTER = r'[%@](?:[-\w$.]+|"[^"]*")'
_VALUES = rf"{_VALUE}|<[^<>]*>|splat \([^()]*\)|zeroinitializer"
"""Of a number or a vector."""
_INTEGERS = r"i\d+|<\d{1,3} x i\d+>"
_BINARY = re.compile(
    rf"(?P<r>%\S+) = (?P<op>add|sub|mul|shl|lshr|ashr|udiv|sdiv|urem|srem|or)(?P<flags>(?: nuw| nsw| exact| disjoint)*) "
    rf"(?P<t>{_INTEGERS}) (?P<a>{_VALUES}), (?P<b>{_VALUES})$"
)
_CAST = re.compile(
    rf"(?P<r>%\S+) = (?P<op>trunc|zext|uitofp|fptosi|fptoui)(?P<flags>(?: nuw| nsw| nneg)*) "
    rf"(?P<from>\w+) (?P<a>{_VALUE}) to (?P<to>\w+)$"
)
_SAME_SIGN = re.compile(rf"%\S+ = icmp samesign \w+ (?P<t>{_INTEGERS}) (?P<a>{_VALUES}), (?P<b>{_VALUES})$")
_ELEMENT = re.compile(
    rf"(?P<r>%\S+) = (?:extractelement <(?P<n>\d+) x [^<>]*> (?:{_VALUES}), |insertelement <(?P<m>\d+) x [^<>]*> .*, )"
    rf"(?P<t>i\d+) (?P<i>%(?:[-\w$.]+|\"[^\"]*\"))$"
)
"""One whose number is not known."""
_REAL = re.compile(
    rf"(?P<r>%\S+) = (?:fadd|fsub|fmul|fdiv|frem)(?P<flags>(?: \w+)*?) (?P<t>half|float|double) (?P<a>{_VALUE}|[-\w.+]+), "
    rf"(?P<b>{_VALUE}|[-\w.+]+)$"
)
_ASSUME = re.compile(rf"(?:tail )?call void @llvm\.assume\(i1(?: noundef)? (?P<a>{_VALUE})\)")
_ZERO_MATTERS = re.compile(
    rf"%\S+ = (?:tail )?call(?: range\([^)]*\))? i\d+ @llvm\.(?P<op>ctlz|cttz|abs)"
    rf"\.i(?P<n>\d+)\(i\d+(?: \w+)* (?P<a>{_VALUE}), i1(?: \w+)* true\)"
)
_RANGE = re.compile(r"\brange\(i(\d{1,4}) (-?\d{1,4000}), (-?\d{1,4000})\)")
_WIDE = re.compile(r"(?<![\w.$%@\"-])i\d{5,}\b")
"""Integers of so many bits that a number of theirs is no text for Python are not checked."""
_NOTE = re.compile(r", !(range|nonnull|align) !(\d+)")
_ONE_NOTE = re.compile(r", ![\w.]+ !\d+")
_LONGEST_NOTE = 1000
"""Characters of metadata. Each instruction that refers to them is checked by all that they say."""
_MOST_VALUES = 500_000
"""Values that checks may take in one module: some 50 MB of text."""
_METADATA = re.compile(r"^!(\d+) = !\{(.*)\}", re.MULTILINE)
_RESULT = re.compile(r"(?P<r>%\S+) = .*?\b(?P<t>i\d+|ptr)\b")
_MAY_BE_POISON = re.compile(
    r"\b(?:nuw|nsw|exact|disjoint|nneg|samesign|fast|nnan|ninf|nsz|arcp|contract|afn|reassoc|undef|poison)\b"
)
_COPY = re.compile(
    rf"(?:tail )?call void @llvm\.mem(?P<op>cpy|move)(?:\.inline)?\.p0\.p0\.i(?P<n>\d+)\(ptr(?: [^,%@]*)? (?P<a>{_POINTER}), "
    rf"ptr(?: [^,%@]*)? (?P<b>{_POINTER}), i\d+ (?P<c>{_VALUE}), i1"
)
_ROOM = re.compile(rf"%\S+ = alloca (?:inalloca )?.*, (?P<t>i\d+) (?P<n>{_VALUE})(?:, align \d+)?$")
_MOST_ROOM = 1 << 20
"""Elements on the stack. A size that is less than nothing is more than this, too."""
_MAY_HAVE_NO_MEANING = re.compile(
    r"^%\S+ = (?:shl|lshr|ashr|udiv|sdiv|urem|srem|fptosi|fptoui)\b|\bnofpclass\("
)
_POINTERS = re.compile(r"(?:= )?getelementptr\b")
_DIVISIONS = ("udiv", "sdiv", "urem", "srem")
_FILLED_LATER = re.compile(
    r'%(?:"[^"]*"|\S+) = (?:insertvalue|insertelement) (?:\{[^}]*\}|\[[^]]*\]|<[^>]*>|%\S+) (?:undef|poison),'
)


@dataclass(frozen=True)
class Checked:
    """`ir` with checks, and the functions in which something is not checked, each with the instruction, or its header."""

    ir: str
    incomplete: dict[str, str]


def checked(ir: str) -> Checked:
    """A module as LLVM prints it, with checks. Names of values and functions stay."""
    lines = split_lines(ir)
    notes = {number: text for number, text in _METADATA.findall(ir)}
    incomplete: dict[str, str] = {}
    declared = set(_DECLARED)
    made: list[str] = []
    at = count = 0
    for function in outline(ir).functions:
        if not function.is_definition:
            continue
        made += lines[at : function.start_line]
        body = lines[function.start_line : function.end_line + 1]
        at = function.end_line + 1
        writer = _Writer(notes, count)
        made += writer.function(body)
        count = writer.count
        declared |= writer.declared
        if writer.why:
            incomplete[function.name] = writer.why
    made += lines[at:]
    made += ["", f"@{UNDEFINED} = external global i8"]
    made += [
        f"declare {text}"
        for text in sorted(declared)
        if f"@{text.partition('@')[2].partition('(')[0]}(" not in ir
    ]
    return Checked("\n".join(made) + "\n", incomplete)


_WIDTHS = (8, 16, 32, 64, 128)
_DECLARED = [
    f"{kind} @llvm.fabs.{name}({kind})"
    for kind, name in (("float", "f32"), ("double", "f64"), ("half", "f16"))
]


_LONGEST_VECTOR, _WIDEST_VECTOR = 64, 8192
"""Elements, and bits, of vectors that are checked: each check writes constants of that size."""
_LONGEST_SHOWN = 80


@dataclass(frozen=True)
class _Vector:
    """A type of integers: `width` bits each, `count` of them, 0 where it is one number."""

    width: int
    count: int

    @classmethod
    def of(cls, kind: str) -> _Vector:
        count, _, number = kind.strip("<>").rpartition(" x i")
        return cls(int(number), int(count)) if count else cls(int(kind[1:]), 0)

    @property
    def bits(self) -> str:
        """The type of a comparison."""
        return f"<{self.count} x i1>" if self.count else "i1"

    @property
    def suffix(self) -> str:
        """As names of intrinsics have it."""
        return f"v{self.count}i{self.width}" if self.count else f"i{self.width}"

    def constant(self, value: int) -> str:
        return f"<{', '.join([f'i{self.width} {value}'] * self.count)}>" if self.count else str(value)


@dataclass
class _Writer:
    notes: dict[str, str]
    count: int
    """Values of checks so far, in the whole module."""
    why: str = ""
    """The first instruction that is not checked, or the header."""
    declared: set[str] = field(default_factory=set)
    _at: str = ""
    _out: list[str] = field(default_factory=list)

    def _leave(self) -> None:
        """The function is incomplete for what stands here."""
        self.why = self.why or _short(self._at)

    def function(self, body: list[str]) -> list[str]:
        """The lines of one definition, with checks."""
        head = next((at for at, line in enumerate(body) if line.rstrip().endswith("{")), None)
        if head is None:
            self._leave()
            return body
        self._out = body[: head + 1]
        header = " ".join(body[: head + 1])
        self._at = header
        rest = body[head + 1 :]
        first = next((line for line in rest if line.strip() and not line.lstrip().startswith(";")), "")
        if re.match(r'(?:"[^"]*"|[-\w$.]+):', first):
            at = rest.index(first)
            self._out += rest[: at + 1]
            rest = rest[at + 1 :]
        self._parameters(header)
        own_result = header.partition("@")[0]
        for line in rest:
            self._line(line, own_result)
        return self._out

    def _line(self, line: str, own_result: str) -> None:
        text = self._at = _without_notes(line.strip())
        if self.count > _MOST_VALUES or _WIDE.search(text):
            self._leave()
            self._out.append(line)
            return
        before = list(self._before(text, own_result))
        for bad in before:
            self._store(bad)
        self._out.append(line)
        for bad in self._after(line, text):
            self._store(bad)

    # --- what must hold before an instruction ----------------------------------------------------------

    def _before(self, text: str, own_result: str) -> Iterator[str]:
        if not _FILLED_LATER.match(text) and re.search(r"\b(?:undef|poison)\b", _bare(text)):
            self._leave()
        if text == "unreachable":
            yield "true"
        elif found := _ASSUME.match(text):
            yield self._new(f"xor i1 {found['a']}, true")
        elif found := _ZERO_MATTERS.match(text):
            worst = -(1 << int(found["n"]) - 1) if found["op"] == "abs" else 0
            yield self._new(f"icmp eq i{found['n']} {found['a']}, {worst}")
        elif found := _SAME_SIGN.match(text):
            kind = found["t"]
            both = self._new(f"xor {kind} {found['a']}, {found['b']}")
            yield self._any(_Vector.of(kind), f"icmp slt {kind} {both}, {_Vector.of(kind).constant(0)}")
        elif found := _BINARY.match(text):
            yield from self._binary(found)
        elif found := _CAST.match(text):
            yield from self._cast(found)
        elif found := _REAL.match(text):
            yield from self._real(found, (found["a"], found["b"]))
        elif found := re.match(rf"ret (i\d+|ptr) ({_VALUE})$", text):
            yield from self._of_kind(own_result, found[1], found[2])
        elif (
            not _POINTERS.search(text)
            and not _FILLED_LATER.match(text)
            and _MAY_BE_POISON.search(_bare(text))
        ):
            self._leave()
        elif found := _COPY.match(text):
            yield from self._copy(found)
        elif (found := _ROOM.match(text)) and found["n"][0] == "%" and int(found["t"][1:]) >= 32:
            yield self._new(f"icmp ugt {found['t']} {found['n']}, {_MOST_ROOM}")
        elif found := _ELEMENT.match(text):
            yield self._new(f"icmp uge {found['t']} {found['i']}, {found['n'] or found['m']}")
        elif _MAY_HAVE_NO_MEANING.search(text):
            self._leave()  # in a form that is not read

    def _binary(self, found: re.Match[str]) -> Iterator[str]:
        op, flags, kind, a, b = found["op"], found["flags"].split(), found["t"], found["a"], found["b"]
        vector = _Vector.of(kind)
        width, number = vector.width, vector.constant
        if vector.count > _LONGEST_VECTOR or vector.count * width > _WIDEST_VECTOR:
            self._leave()
            return
        if op in _DIVISIONS:
            yield self._any(vector, f"icmp eq {kind} {b}, {number(0)}")
            if op[0] == "s":
                least = self._new(f"icmp eq {kind} {a}, {number(-(1 << width - 1))}")
                less = self._new(f"icmp eq {kind} {b}, {number(-1)}")
                yield self._any(vector, f"and {vector.bits} {least}, {less}")
        if op in ("shl", "lshr", "ashr"):
            if b.isdigit() and len(b) < 6 and int(b) < width:
                pass
            else:
                yield self._any(vector, f"icmp uge {kind} {b}, {number(width)}")
            if flags:
                how = (
                    ("shl",)
                    if "exact" in flags
                    else tuple("ashr" if flag == "nsw" else "lshr" for flag in flags)
                )
                done = self._new(f"{op} {kind} {a}, {b}")
                for back_op in how:
                    back = self._new(f"{back_op} {kind} {done}, {b}")
                    yield self._any(vector, f"icmp ne {kind} {back}, {a}")
        elif op in ("add", "sub", "mul") and flags:
            if width not in _WIDTHS or (op == "mul" and width > 64):
                self._leave()
                return
            for flag in flags:
                sign = "s" if flag == "nsw" else "u"
                pair = f"{{ {kind}, {vector.bits} }}"
                name = f"@llvm.{sign}{op}.with.overflow.{vector.suffix}"
                self.declared.add(f"{pair} {name}({kind}, {kind})")
                both = self._new(f"call {pair} {name}({kind} {a}, {kind} {b})")
                yield self._any(vector, f"extractvalue {pair} {both}, 1")
        elif "disjoint" in flags:
            common = self._new(f"and {kind} {a}, {b}")
            yield self._any(vector, f"icmp ne {kind} {common}, {number(0)}")
        elif "exact" in flags:
            # The divisor is not zero where this counts: that is its own check. One keeps the machine from trapping.
            zero = self._new(f"icmp eq {kind} {b}, {number(0)}")
            safe = self._new(f"select {vector.bits} {zero}, {kind} {number(1)}, {kind} {b}")
            rest = self._new(f"{'s' if op == 'sdiv' else 'u'}rem {kind} {a}, {safe}")
            yield self._any(vector, f"icmp ne {kind} {rest}, {number(0)}")

    def _copy(self, found: re.Match[str]) -> Iterator[str]:
        """Places that overlap, where they may not; those that are the same are allowed. No places where nothing can be."""
        for which in "ab":
            if found[which][0] == "%" and found["c"] != "0":
                nowhere = self._new(f"icmp eq ptr {found[which]}, null")
                some = self._new(f"icmp ne i{found['n']} {found['c']}, 0")
                yield self._new(f"and i1 {nowhere}, {some}")
        if found["op"] == "move":
            return
        a, b = (self._new(f"ptrtoint ptr {found[which]} to i64") for which in "ab")
        size = found["c"] if found["n"] == "64" else self._new(f"zext i{found['n']} {found['c']} to i64")
        differ = self._new(f"icmp ne i64 {a}, {b}")
        for one, other in ((a, b), (b, a)):
            near = self._new(f"icmp ult i64 {self._new(f'sub i64 {one}, {other}')}, {size}")
            yield self._new(f"and i1 {near}, {differ}")

    def _any(self, vector: _Vector, bad: str) -> str:
        """Whether it is so in any element."""
        found = self._new(bad)
        if not vector.count:
            return found
        name = f"@llvm.vector.reduce.or.v{vector.count}i1"
        self.declared.add(f"i1 {name}({vector.bits})")
        return self._new(f"call i1 {name}({vector.bits} {found})")

    def _cast(self, found: re.Match[str]) -> Iterator[str]:
        op, flags, source, a, target = (
            found["op"],
            found["flags"].split(),
            found["from"],
            found["a"],
            found["to"],
        )
        if "nneg" in flags:
            yield self._new(f"icmp slt {source} {a}, 0")
        elif op == "trunc":
            for flag in flags:
                cut = self._new(f"trunc {source} {a} to {target}")
                back = self._new(f"{'sext' if flag == 'nsw' else 'zext'} {target} {cut} to {source}")
                yield self._new(f"icmp ne {source} {back}, {a}")
        elif op in ("fptosi", "fptoui"):
            width = int(target[1:]) if target[1:].isdigit() else 0
            if source not in ("half", "float", "double") or not 0 < width <= 128:
                self._leave()
                return
            value = a if source == "double" else self._new(f"fpext {source} {a} to double")
            low, high = (-(1 << width - 1), 1 << width - 1) if op == "fptosi" else (0, 1 << width)
            # The value is cut towards zero, so it may be less than one beyond the least number, where a double says so.
            below = (
                f"ogt double {value}, {_double(low - 1)}"
                if width <= 52
                else f"oge double {value}, {_double(low)}"
            )
            inside = self._new(f"fcmp {below}")
            under = self._new(f"fcmp olt double {value}, {_double(high)}")
            both = self._new(f"and i1 {inside}, {under}")
            yield self._new(f"xor i1 {both}, true")

    def _real(self, found: re.Match[str], values: tuple[str, ...]) -> Iterator[str]:
        flags = set(found["flags"].split())
        if flags - {"nnan", "ninf"}:
            self._leave()
        kind = found["t"]
        for value in values:
            if "nnan" in flags or "fast" in flags:
                yield self._new(f"fcmp uno {kind} {value}, {value}")
            if "ninf" in flags or "fast" in flags:
                name = {"half": "f16", "float": "f32", "double": "f64"}[kind]
                size = self._new(f"call {kind} @llvm.fabs.{name}({kind} {value})")
                yield self._new(
                    f"fcmp oeq {kind} {size}, 0x{'7FF0000000000000' if kind != 'half' else 'H7C00'}"
                )

    # --- what must hold of a value ----------------------------------------------------------------------

    def _after(self, line: str, text: str) -> Iterator[str]:
        real = _REAL.match(text)
        if real is not None and real["flags"].strip():
            yield from self._real(real, (real["r"],))
        found = _RESULT.match(text)
        if found is None:
            return
        for name, number in _NOTE.findall(line):
            said = self.notes.get(number, "")
            if len(said) > _LONGEST_NOTE:
                self._leave()
            elif name == "nonnull" and found["t"] == "ptr":
                yield self._new(f"icmp eq ptr {found['r']}, null")
            elif name == "range" and found["t"] != "ptr":
                bounds = [int(each) for each in re.findall(rf"{found['t']} (-?\d+)", said)]
                yield from self._outside(found["t"], found["r"], bounds)
            elif name == "align":
                alignment = re.search(r"i64 (\d{1,19})\b", said)
                yield from self._misaligned(found["r"], int(alignment[1]) if alignment else 1)
        if re.match(r"%\S+ = (?:(?:tail|musttail|notail) )?call\b", text):
            yield from self._of_kind(text.partition("@")[0], found["t"], found["r"])

    def _parameters(self, header: str) -> None:
        inside = header.partition("@")[2].partition("(")[2]
        if self.count > _MOST_VALUES or _WIDE.search(header) or "nofpclass(" in header:
            self._leave()
            return
        for part in _split(inside):
            value = re.search(r'(%(?:[-\w$.]+|"[^"]*"))$', part)
            kind = re.match(r"(ptr|i\d+)\b", part)
            if value is not None and kind is not None:
                for bad in self._of_kind(part, kind[1], value[1]):
                    self._store(bad)
            elif value is None and part.strip() not in ("", "..."):
                self._leave()

    def _of_kind(self, said: str, kind: str, value: str) -> Iterator[str]:
        """What attributes of a parameter or a result ask of it."""
        if kind == "ptr":
            if re.search(r"\bnonnull\b|\bdereferenceable\(", said):
                yield self._new(f"icmp eq ptr {value}, null")
            alignment = re.search(r"\balign (\d{1,19})\b", said)
            if alignment:
                yield from self._misaligned(value, int(alignment[1]))
        elif found := _RANGE.search(said):
            yield from self._outside(kind, value, [int(found[2]), int(found[3])])

    def _misaligned(self, value: str, alignment: int) -> Iterator[str]:
        if alignment > 1:
            number = self._new(f"ptrtoint ptr {value} to i64")
            low = self._new(f"and i64 {number}, {alignment - 1}")
            yield self._new(f"icmp ne i64 {low}, 0")

    def _outside(self, kind: str, value: str, bounds: list[int]) -> Iterator[str]:
        """Whether a number is in none of the ranges from one bound to before the next."""
        inside = "false"
        for low, high in zip(bounds[::2], bounds[1::2], strict=False):
            moved = self._new(f"sub {kind} {value}, {low}")
            one = self._new(f"icmp ult {kind} {moved}, {(high - low) % (1 << int(kind[1:]))}")
            inside = self._new(f"or i1 {inside}, {one}")
        yield self._new(f"xor i1 {inside}, true")

    # --- writing ------------------------------------------------------------------------------------------

    def _new(self, text: str) -> str:
        self.count += 1
        name = f"%irlens.{self.count}"
        self._out.append(f"  {name} = {text}")
        return name

    def _store(self, bad: str) -> None:
        self._out.append(f"  store volatile i8 {self._new(f'zext i1 {bad} to i8')}, ptr @{UNDEFINED}")


def _without_notes(text: str) -> str:
    """An instruction without the metadata behind it."""
    end = len(text)
    while (at := text.rfind(", !", 0, end)) >= 0 and _ONE_NOTE.fullmatch(text, at, end):
        end = at
    return text[:end]


def _double(value: int) -> str:
    return f"{float(value):e}" if float(value) == value and abs(value) < 1 << 62 else f"{float(value):.17e}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."


def _bare(text: str) -> str:
    """Without strings and names, in which any word may stand."""
    return re.sub(r'"[^"]*"|[%@!#][-\w$.]+', "", text)


def _split(text: str) -> list[str]:
    """Parameters, up to the bracket that closes them."""
    parts: list[str] = []
    depth = start = 0
    quoted = False
    for at, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif char in "([{<":
            depth += 1
        elif char in ")]}>":
            if depth == 0:
                return [*parts, text[start:at].strip()]
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return parts
