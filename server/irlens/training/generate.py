"""Random small functions in normal form, biased to what compiled C has: fields, flags, calls, early returns.

What comes out is well-formed IR but not yet what an optimiser would leave; `pairs` cleans it.
"""

from __future__ import annotations

import random

from irlens.ir.normal import Symbol

_INTS = ("i32", "i64", "i8", "i16")
_OFFSETS = (0, 4, 8, 8, 12, 16, 16, 20, 24, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 80, 88, 96, 104, 112, 120,
            128, 136, 144, 152, 160, 168, 176, 184, 192, 200, 208, 216, 224, 240, 248, 256, 264, 272, 288, 304, 320, 1, 2,
            3, 5, 6, 7, 10, 14, 18, 22, -8, -16, -4, -1, 328, 344, 400, 512, 1024, 2048, 4096)  # fmt: skip
_PREDICATES = ("eq", "ne", "slt", "sgt", "sle", "sge", "ult", "ugt", "ule", "uge")
_COMMON = (0, 1, 1, 2, 3, 4, 5, 7, 8, 10, 12, 15, 16, 24, 31, 32, 48, 63, 64, 100, 127, 128, 255, 256, 1000, 1024, 4095,
           4096, 65535, -1, -1, -2, -3, -4, -8, -16, -32, -64, -128, -256)  # fmt: skip


def constant(rng: random.Random, type_word: str) -> str:
    """An integer constant of the type, mostly a usual one."""
    width = int(type_word[1:])
    roll = rng.random()
    if roll < 0.6:
        value = rng.choice(_COMMON)
    elif roll < 0.8:
        value = rng.randint(-64, 320)
    elif roll < 0.9:
        value = (1 << rng.randrange(width)) + rng.choice((0, 0, -1))
    else:
        value = rng.getrandbits(rng.choice((12, 16, 24, min(width, 32), width)))
    value &= (1 << width) - 1
    return str(value - (1 << width) if value >> (width - 1) else value)


class _Builder:
    """One function in the making."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.values: dict[str, list[str]] = {}
        self.unused: list[tuple[str, str]] = []
        self.count = 0
        self.labels = 0
        self.symbols: list[Symbol] = []

    def new(self, type_word: str) -> str:
        name = f"%{self.count}"
        self.count += 1
        self.values.setdefault(type_word, []).append(name)
        self.unused.append((name, type_word))
        return name

    def emit(self, type_word: str, text: str) -> str:
        """A line with a result of the type."""
        name = self.new(type_word)
        self.lines.append(f"{name}= {text}")
        return name

    def use(self, type_word: str, *, constants: float = 0.0) -> str:
        """A value of the type: an unused one if there is one, else any, else made."""
        rng = self.rng
        if constants and type_word.startswith("i") and type_word != "i1" and rng.random() < constants:
            return constant(rng, type_word)
        fresh = [name for name, its in self.unused if its == type_word]
        known = self.values.get(type_word, [])
        if fresh and (not known or rng.random() < 0.8):
            name = rng.choice(fresh)
        elif known and rng.random() < 0.8:
            name = rng.choice(known)
        else:
            name = self.make(type_word)
        self.unused = [entry for entry in self.unused if entry[0] != name]
        return name

    def make(self, type_word: str) -> str:
        """A value of the type from something else."""
        rng = self.rng
        if type_word == "i1":
            return self.compare()
        if type_word.startswith("i"):
            others = [its for its in _INTS if its != type_word and self.values.get(its)]
            if others and rng.random() < 0.6:
                return self.convert(rng.choice(others), type_word)
            if self.values.get("ptr"):
                return self.load(type_word)
            return constant(rng, type_word)
        if type_word == "ptr":
            if self.values.get("ptr") and rng.random() < 0.6:
                return self.load("ptr")
            return self.symbol(data=True)
        if self.values.get("ptr"):
            return self.load(type_word)
        return (
            rng.choice(("~3ff", "~4", "~3fe", "~bff", "~4024"))
            if type_word == "double"
            else rng.choice(("~3f8", "~4", "~3f", "~bf8"))
        )

    def symbol(self, *, data: bool) -> str:
        rng = self.rng
        wanted = "g" if data else "f"
        known = [i for i, symbol in enumerate(self.symbols, 1) if symbol.name.startswith(wanted)]
        if known and rng.random() < 0.3:
            return f"@{rng.choice(known)}"
        self.symbols.append(
            Symbol(f"{wanted}{len(self.symbols)}", (data and rng.random() < 0.65) or rng.random() < 0.25)
        )
        return f"@{len(self.symbols)}"

    def pointer(self) -> str:
        """An address: a parameter, a field, an element, a global."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.18 or not self.values.get("ptr"):
            word = self.symbol(data=True)
            return f"{word}+{rng.choice((4, 8, 16, 24, 32))}" if rng.random() < 0.15 else word
        base = self.use("ptr")
        if roll < 0.35:
            return base
        if roll < 0.85:
            return self.emit("ptr", f"gep.i8 {base} {rng.choice(_OFFSETS)}")
        element = rng.choice(("i8", "i32", "i64", "ptr", "i16", "double"))
        index = self.use("i64")
        return self.emit("ptr", f"gep.{element} {base} {index}")

    def load(self, type_word: str) -> str:
        pointer = self.pointer()
        self.unused = [entry for entry in self.unused if entry[0] != pointer]
        return self.emit(type_word, f"load.{type_word} {pointer}")

    def compare(self) -> str:
        rng = self.rng
        if self.values.get("double") and rng.random() < 0.3:
            return self.emit("i1", f"fcmp.{rng.choice(('olt', 'ogt', 'oeq', 'une', 'ole', 'oge', 'ult'))}.double "
                                   f"{self.use('double')} {self.use('double')}")  # fmt: skip
        if self.values.get("ptr") and rng.random() < 0.35:
            other = "null" if rng.random() < 0.8 else self.use("ptr")
            return self.emit("i1", f"icmp.{rng.choice(('eq', 'ne'))}.ptr {self.use('ptr')} {other}")
        type_word = self.some_int()
        left = self.use(type_word)
        if rng.random() < 0.2:
            left = self.emit(type_word, f"and.{type_word} {left} {constant(rng, type_word)}")
            return self.emit("i1", f"icmp.{rng.choice(('eq', 'ne'))}.{type_word} {left} 0")
        return self.emit(
            "i1", f"icmp.{rng.choice(_PREDICATES)}.{type_word} {left} {self.use(type_word, constants=0.65)}"
        )

    def some_int(self) -> str:
        known = [its for its in _INTS if self.values.get(its)]
        return (
            self.rng.choice(known)
            if known and self.rng.random() < 0.9
            else self.rng.choice(("i32", "i32", "i64", "i8"))
        )

    def convert(self, source: str, target: str) -> str:
        narrow = int(source[1:]) > int(target[1:])
        op = "trunc" if narrow else self.rng.choice(("zext", "sext"))
        return self.emit(target, f"{op}.{source}.{target} {self.use(source)}")

    def operate(self) -> None:
        """One random operation."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.34:
            type_word = self.some_int()
            op = rng.choice(("add", "add", "add", "sub", "sub", "mul", "and", "and", "or", "xor", "shl", "lshr", "ashr",
                             "udiv", "sdiv", "urem", "srem"))  # fmt: skip
            left = self.use(type_word)
            if op in ("shl", "lshr", "ashr"):
                right = (
                    str(rng.randrange(1, int(type_word[1:]))) if rng.random() < 0.85 else self.use(type_word)
                )
            elif op.endswith(("div", "rem")):
                right = (
                    str(rng.choice((2, 3, 4, 5, 7, 8, 10, 12, 16, 32, 60, 64, 100, 1000)))
                    if rng.random() < 0.6
                    else self.use(type_word)
                )
            else:
                right = self.use(type_word, constants=0.5)
            if op == "sub" and rng.random() < 0.2:
                left, right = "0", left
            self.emit(type_word, f"{op}.{type_word} {left} {right}")
        elif roll < 0.50:
            self.load(rng.choice(("i32", "i32", "i32", "ptr", "ptr", "i64", "i8", "i16", "double")))
        elif roll < 0.60:
            type_word = rng.choice(("i32", "i32", "ptr", "i64", "i8", "i16", "double"))
            value = self.use(type_word, constants=0.5)
            if type_word == "ptr" and rng.random() < 0.3:
                value = "null"
            self.lines.append(f"store.{type_word} {value} {self.pointer()}")
        elif roll < 0.68:
            source = self.some_int()
            self.convert(source, rng.choice([its for its in _INTS if its != source]))
        elif roll < 0.77:
            condition = self.compare()
            self.unused = [entry for entry in self.unused if entry[0] != condition]
            type_word = rng.choice((self.some_int(), self.some_int(), "ptr"))
            left = self.use(type_word, constants=0.4)
            right = self.use(type_word, constants=0.4)
            self.emit(type_word, f"select.{type_word} {condition} {left} {right}")
        elif roll < 0.90:
            self.call(rng.choice(("void", "i32", "i32", "ptr", "i64", "i8", "double", "zeroext.i1")))
        elif roll < 0.94:
            name, arity = rng.choice((("umax", 2), ("umin", 2), ("smax", 2), ("smin", 2), ("abs", 1), ("bswap", 1),
                                      ("ctpop", 1), ("ctlz", 1), ("cttz", 1), ("fshl", 3), ("usub.sat", 2)))  # fmt: skip
            type_word = rng.choice(("i32", "i64"))
            words = [f"{type_word} {self.use(type_word, constants=0.2)}" for _ in range(arity)]
            if name == "fshl":
                words[1], words[2] = words[0], f"{type_word} {rng.randrange(1, int(type_word[1:]))}"
            if name in ("abs", "ctlz", "cttz"):
                words.append("i1 true" if name == "abs" else rng.choice(("i1 true", "i1 false")))
            self.emit(type_word, f"call.{type_word} @llvm.{name}.{type_word} {' '.join(words)}")
        else:
            type_word = rng.choice(("double", "double", "float"))
            if self.values.get(type_word):
                op = rng.choice(("fadd", "fsub", "fmul", "fmul", "fdiv"))
                self.emit(type_word, f"{op}.{type_word} {self.use(type_word)} {self.use(type_word)}")
            elif self.values.get("i32"):
                self.emit(type_word, f"sitofp.i32.{type_word} {self.use('i32')}")

    def call(self, result: str, callee: str = "") -> str:
        rng = self.rng
        words = []
        for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4))):
            type_word = rng.choice(("ptr", "ptr", "i32", "i32", "i64", "i8", "double"))
            value = self.use(type_word, constants=0.45)
            if type_word == "ptr" and rng.random() < 0.12:
                value = "null"
            if type_word == "i8" and value.startswith("%") and rng.random() < 0.9:
                type_word = rng.choice(("i8.zeroext", "i8.signext"))
            words += [type_word, value]
        if not callee:
            callee = self.symbol(data=False)
            if rng.random() < 0.1 and self.values.get("ptr"):
                callee = self.load("ptr")
        if rng.random() < 0.06:
            words.insert(rng.randrange(0, len(words) // 2 + 1) * 2, "...")
        text = " ".join([f"call.{result}", callee, *words])
        if result == "void":
            self.lines.append(text)
            return ""
        return self.emit(result.rpartition(".")[2], text)

    def leave(self, result: str, *, constants: float) -> None:
        if result == "void":
            self.lines.append("ret")
            return
        type_word = result.rpartition(" ")[2]
        if type_word == "ptr" and self.rng.random() < constants:
            self.lines.append("ret.ptr null")
            return
        value = self.use(type_word, constants=constants)
        if type_word == "i1" and self.rng.random() < constants:
            value = self.rng.choice(("true", "false"))
        self.lines.append(f"ret.{type_word} {value}")


_RESULTS = ("i32", "i32", "i32", "void", "void", "ptr", "i64", "zeroext i1", "zeroext i8", "signext i16", "double", "signext i8",
            "zeroext i16", "float")  # fmt: skip
_PARAMETERS = ("ptr", "ptr", "ptr", "i32", "i32", "i32", "i64", "i64", "zeroext i8", "signext i8", "zeroext i1", "signext i16",
               "zeroext i16", "double", "float")  # fmt: skip


def function(rng: random.Random) -> tuple[str, list[Symbol]]:
    """A random function: text in normal form, and its symbols."""
    build = _Builder(rng)
    result = rng.choice(_RESULTS)
    parameters = [rng.choice(_PARAMETERS) for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 2, 3, 3, 4)))]
    for parameter in parameters:
        build.new(parameter.rpartition(" ")[2])
    head = " ".join(["fn", *(["optsize"] if rng.random() < 0.12 else []), result, *parameters])
    shape = rng.random()
    size = rng.choice((1, 1, 2, 2, 3, 3, 4, 5))
    if shape < 0.68:
        for _ in range(size):
            build.operate()
        _end(build, result)
    elif shape < 0.9:
        _guarded(build, result, size)
    else:
        _diamond(build, result, size)
    return "\n".join([head, *build.lines]), build.symbols


def _end(build: _Builder, result: str) -> None:
    if result == "void" and build.rng.random() < 0.45:
        if build.rng.random() < 0.4:
            build.call("void")
        else:
            type_word = build.rng.choice(("i32", "ptr", "i64", "i8"))
            build.lines.append(f"store.{type_word} {build.use(type_word, constants=0.3)} {build.pointer()}")
    build.leave(result, constants=0.05)


def _guarded(build: _Builder, result: str, size: int) -> None:
    """if (...) return; ..."""
    condition = build.compare()
    first, second = build.rng.sample(("L1", "L2"), 2)
    build.lines.append(f"br {condition} {first} {second}")
    kept = {key: list(values) for key, values in build.values.items()}
    build.lines.append("L1:")
    for _ in range(build.rng.choice((0, 0, 1))):
        build.operate()
    build.leave(result, constants=0.7)
    build.values, build.unused = kept, [entry for entry in build.unused if entry[0] in sum(kept.values(), [])]
    build.lines.append("L2:")
    for _ in range(size):
        build.operate()
    _end(build, result)


def _diamond(build: _Builder, result: str, size: int) -> None:
    """if (...) something; ..."""
    condition = build.compare()
    build.lines.append(f"br {condition} " + build.rng.choice(("L1 L2", "L2 L1")))
    kept = {key: list(values) for key, values in build.values.items()}
    build.lines.append("L1:")
    type_word = build.rng.choice(("i32", "ptr", "i64"))
    for _ in range(max(1, size - 2)):
        build.operate()
    value = build.use(type_word, constants=0.2)
    build.lines.append("br L2")
    build.values = kept
    build.unused = [entry for entry in build.unused if entry[0] in sum(kept.values(), [])]
    build.lines.append("L2:")
    other = "null" if type_word == "ptr" else constant(build.rng, type_word)
    build.emit(type_word, f"phi.{type_word} {value} L1 {other} L0")
    if build.rng.random() < 0.4:
        build.operate()
    build.leave(result, constants=0.05)


def unoptimised(rng: random.Random, text: str) -> str:
    """The same function with its parameters in memory, as compilers hand it to the optimiser."""
    head, *lines = text.splitlines()
    words = [word for word in head.split()[1:] if word not in ("optsize", "minsize")]
    types = [word for word in words if word not in ("zeroext", "signext", "...")][1:]
    count = len(types)
    if not count or any(line.startswith("%") and "phi" in line for line in lines):
        return text
    first: list[str] = [f"%{count + i}= alloca.{type_word}" for i, type_word in enumerate(types)]
    first += [f"store.{type_word} %{i} %{count + i}" for i, type_word in enumerate(types)]
    shift = 2 * count
    first += [f"%{2 * count + i}= load.{type_word} %{count + i}" for i, type_word in enumerate(types)]

    def moved(word: str) -> str:
        if word.startswith("%"):
            return f"%{int(word[1:].rstrip('=')) + shift}{'=' if word.endswith('=') else ''}"
        return word

    return "\n".join([head, *first, *(" ".join(moved(word) for word in line.split()) for line in lines)])
