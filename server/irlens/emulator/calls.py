"""What a call does that leaves the function: data about well-known functions, and what they compute.

Three kinds. *Done*: what code generation may expand in place or introduce by itself (`memcpy`, `strlen`,
`floor`, 128-bit division) is carried out, and is no event, so that an expansion and a call are the same. *Known
to end*: `abort` and the like. *Recorded*: everything else, with its arguments, and a seeded result.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from typing import Protocol

from irlens.emulator.inputs import double_bits, float_bits, mix
from irlens.llvm.signatures import Signature
from irlens.source.positions import to_utf8
from irlens.targets import abi

NEVER_RETURN = frozenset(
    "abort exit _exit _Exit quick_exit __assert_fail __assert __stack_chk_fail longjmp _longjmp siglongjmp "
    "__longjmp_chk err errx verr verrx __fortify_fail __chk_fail _Unwind_Resume __cxa_throw __cxa_rethrow "
    "__cxa_bad_cast pthread_exit __ubsan_handle_builtin_unreachable".split()
)

COPIES = frozenset(("memcpy", "__memcpy_chk", "mempcpy"))
"""Functions that may do anything with two places that overlap."""

CONSTANT = frozenset(
    "__errno_location __ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc __h_errno_location".split()
)
"""Functions whose result depends on nothing: compilers merge and move their calls, so they are no events."""

PROTOTYPES: dict[str, Signature] = {
    name: abi.prototype(name, text.strip())
    for text, names in {
        "pl": "malloc valloc",
        "pppl ": "memcpy memmove mempcpy",
        "ppil ": "memset",
        "vpl": "bzero explicit_bzero",
        "vppl": "bcopy",
        "ippl ": "memcmp bcmp",
        "lp ": "strlen",
        "pll": "calloc aligned_alloc",
        "ppl": "realloc memrchr",
        "vp": "free perror rewind clearerr",
        "ppp": "strcpy stpcpy strcat strstr strpbrk fopen fdopen popen strtok strcasestr setlocale",
        "pppl": "strncpy strncat stpncpy memmem",
        "ppi": "strchr strrchr index rindex",
        "ppil": "memchr",
        "ipp": "strcmp strcoll strcasecmp fputs rename link symlink stat lstat",
        "ippl": "strncmp strncasecmp",
        "lpp": "strspn strcspn",
        "lpl": "strnlen",
        "pp": "strdup getenv opendir ctime gmtime localtime",
        "i": "getpid getppid getuid geteuid getgid getegid fork rand getchar",
        "ip": "puts fclose fflush feof ferror fileno getc fgetc atoi unlink rmdir chdir system remove",
        "iip": "fputc putc ungetc fstat",
        "ii": "close isatty putchar toupper tolower abs isalpha isdigit isspace isupper islower isalnum "
        "isprint ispunct isxdigit iscntrl isgraph sleep umask dup",
        "lipl": "read write",
        "lpllp": "fread fwrite",
        "lp": "atol ftell time",
        "lppi": "strtol strtoul strtoll strtoull",
        "dpp": "strtod",
        "ipli": "fseek",
        "ppip": "fgets",
        "dd": "sin cos tan asin acos atan sinh cosh tanh exp exp2 exp10 log log2 log10 cbrt expm1 log1p",
        "ddd": "pow atan2 hypot",
        "ff": "sinf cosf tanf asinf acosf atanf expf exp2f logf log2f log10f cbrtf",
        "fff": "powf atan2f hypotf",
        "ip.": "printf",
        "ipp.": "fprintf sprintf sscanf fscanf",
        "iplp.": "snprintf",
        "ddi": "__powidf2 ldexp",
        "ffi": "__powisf2 ldexpf",
    }.items()
    for name in names.split()
}
"""C library functions by prototype, for where nothing declares them (see `abi.prototype` for the letters)."""

WRITERS = frozenset(
    "stat lstat fstat read fread fgets sprintf snprintf sscanf fscanf strtol strtoul strtod time".split()
)
"""Those of them that write where an argument points to."""

FAIL_WITH_ERRNO = frozenset(
    "close read write stat lstat fstat unlink rename link symlink rmdir chdir dup opendir fopen fdopen fclose".split()
)
"""Those of them that set errno, and that no compiler knows to leave it."""


class Caller(Protocol):
    """The machine as a called function sees it: arguments by register number, memory."""

    seed: int

    def integer(self, number: int) -> int: ...
    def vector(self, number: int) -> int: ...
    def load(self, address: int, count: int) -> bytes: ...
    def store(self, address: int, data: bytes) -> None: ...


class TooMuch(Exception):
    """The call would move more memory than an input is worth, as a wild length does. The run ends there."""


MOST_BYTES = 1 << 16

Result = tuple[tuple[int, ...], tuple[int, ...]]
"""Integer results and vector results, by register number."""
Doer = Callable[[Caller], Result]


def _length(caller: Caller, number: int) -> int:
    count = caller.integer(number)
    if count > MOST_BYTES:
        raise TooMuch
    return count


def overlaps(caller: Caller) -> bool:
    """Whether the two places of a `memcpy` overlap without being the same."""
    apart = abs(caller.integer(0) - caller.integer(1))
    return 0 < apart < caller.integer(2)


def _memcpy(caller: Caller) -> Result:
    count = _length(caller, 2)
    if count:
        caller.store(caller.integer(0), caller.load(caller.integer(1), count))
    return (caller.integer(0),), ()


def _mempcpy(caller: Caller) -> Result:
    count = _length(caller, 2)
    _memcpy(caller)
    return (caller.integer(0) + count,), ()


def _bcopy(caller: Caller) -> Result:
    count = _length(caller, 2)
    if count:
        caller.store(caller.integer(1), caller.load(caller.integer(0), count))
    return (), ()


def _memset(caller: Caller) -> Result:
    count = _length(caller, 2)
    if count:
        caller.store(caller.integer(0), bytes([caller.integer(1) & 255]) * count)
    return (caller.integer(0),), ()


def _bzero(caller: Caller) -> Result:
    count = _length(caller, 1)
    if count:
        caller.store(caller.integer(0), bytes(count))
    return (), ()


def _memcmp(caller: Caller) -> Result:
    count = _length(caller, 2)
    if not count:
        return (0,), ()
    left, right = caller.load(caller.integer(0), count), caller.load(caller.integer(1), count)
    return ((left > right) - (left < right) & 0xFFFFFFFF,), ()


def _strlen(caller: Caller) -> Result:
    start = at = caller.integer(0)
    while at - start <= MOST_BYTES:
        piece = caller.load(at, 0x1000 - at % 0x1000)
        end = piece.find(0)
        if end >= 0:
            return (at + end - start,), ()
        at += len(piece)
    raise TooMuch


def _doubles(function: Callable[..., float], count: int) -> Doer:
    def do(caller: Caller) -> Result:
        values = [
            struct.unpack("<d", (caller.vector(n) & (1 << 64) - 1).to_bytes(8, "little"))[0]
            for n in range(count)
        ]
        return (), (double_bits(_safe(function, values)),)

    return do


def _singles(function: Callable[..., float], count: int) -> Doer:
    def do(caller: Caller) -> Result:
        values = [
            struct.unpack("<f", (caller.vector(n) & (1 << 32) - 1).to_bytes(4, "little"))[0]
            for n in range(count)
        ]
        return (), (float_bits(_safe(function, values)),)

    return do


def _safe(function: Callable[..., float], values: list[float]) -> float:
    if function not in (_fmin, _fmax, math.copysign, math.fabs) and any(math.isnan(v) for v in values):
        return math.nan
    try:
        return function(*values)
    except (ValueError, OverflowError, ZeroDivisionError):
        return math.nan


def _integral(function: Callable[[float], float]) -> Callable[[float], float]:
    def do(value: float) -> float:
        if math.isinf(value):
            return value
        return math.copysign(float(function(value)), value)

    return do


def _away(value: float) -> float:
    low = math.floor(abs(value))
    return low + (abs(value) - low >= 0.5)


def _fmin(a: float, b: float) -> float:
    return b if math.isnan(a) else a if math.isnan(b) else min(a, b)


def _fmax(a: float, b: float) -> float:
    return b if math.isnan(a) else a if math.isnan(b) else max(a, b)


_MATH: dict[str, tuple[Callable[..., float], int]] = {
    "sqrt": (lambda v: v if math.isinf(v) and v > 0 else math.sqrt(v), 1),
    "floor": (_integral(math.floor), 1),
    "ceil": (_integral(math.ceil), 1),
    "trunc": (_integral(math.trunc), 1),
    "rint": (_integral(round), 1),
    "nearbyint": (_integral(round), 1),
    "roundeven": (_integral(round), 1),
    "round": (_integral(_away), 1),
    "fabs": (math.fabs, 1),
    "fmod": (math.fmod, 2),
    "fmin": (_fmin, 2),
    "fmax": (_fmax, 2),
    "copysign": (math.copysign, 2),
    "fma": (lambda a, b, c: a * b + c, 3),
}


def _wide(operation: Callable[[int, int], int], signed: bool) -> Doer:
    def do(caller: Caller) -> Result:
        left = caller.integer(0) | caller.integer(1) << 64
        right = caller.integer(2) | caller.integer(3) << 64
        if signed:
            left, right = _signed(left, 128), _signed(right, 128)
        value = operation(left, right) if right or operation is _product else 0
        return (value & (1 << 64) - 1, value >> 64 & (1 << 64) - 1), ()

    return do


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def _product(a: int, b: int) -> int:
    return a * b


def _quotient(a: int, b: int) -> int:
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def _remainder(a: int, b: int) -> int:
    return a - b * _quotient(a, b)


def _shift(direction: str) -> Doer:
    def do(caller: Caller) -> Result:
        value, count = caller.integer(0) | caller.integer(1) << 64, caller.integer(2) & 127
        if direction == "left":
            value <<= count
        else:
            value = (_signed(value, 128) if direction == "arithmetic" else value) >> count
        return (value & (1 << 64) - 1, value >> 64 & (1 << 64) - 1), ()

    return do


def _real(caller: Caller, *, double: bool) -> float:
    bits = caller.vector(0)
    if double:
        return float(struct.unpack("<d", (bits & (1 << 64) - 1).to_bytes(8, "little"))[0])
    return float(struct.unpack("<f", (bits & (1 << 32) - 1).to_bytes(4, "little"))[0])


def _from_half(bits: int) -> float:
    return float(struct.unpack("<e", bits.to_bytes(2, "little"))[0])


def _to_half(value: float) -> int:
    try:
        return int.from_bytes(struct.pack("<e", value), "little")
    except OverflowError:
        return 0xFC00 if value < 0 else 0x7C00


def _to_bfloat(value: float) -> int:
    if math.isnan(value):
        return 0x7FC0
    bits = float_bits(value)
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16 & 0xFFFF


def _converted(function: Callable[[int], float], *, double: bool) -> Doer:
    code = double_bits if double else float_bits
    return lambda caller: ((), (code(function(caller.vector(0) & 0xFFFF)),))


def _narrowed(function: Callable[[float], int], *, double: bool) -> Doer:
    return lambda caller: ((), (function(_real(caller, double=double)),))


def _to_wide(*, double: bool, signed: bool) -> Doer:
    """To 128 bits. What does not fit comes out as libgcc has it: the nearest."""

    def do(caller: Caller) -> Result:
        value = _real(caller, double=double)
        low, high = (-(1 << 127), (1 << 127) - 1) if signed else (0, (1 << 128) - 1)
        if math.isnan(value):
            whole = 0
        else:
            whole = (low if value < 0 else high) if math.isinf(value) else min(max(int(value), low), high)
        return (whole & (1 << 64) - 1, whole >> 64 & (1 << 64) - 1), ()

    return do


def _from_wide(*, double: bool, signed: bool) -> Doer:
    def do(caller: Caller) -> Result:
        whole = caller.integer(0) | caller.integer(1) << 64
        if signed:
            whole = _signed(whole, 128)
        return (), (double_bits(float(whole)) if double else _single_of(whole),)

    return do


def _single_of(whole: int) -> int:
    """A whole number's nearest single: with one rounding, not two."""
    size = abs(whole)
    extra = max(0, size.bit_length() - 24)
    kept, rest = size >> extra, size & (1 << extra) - 1
    if extra and (rest > 1 << extra - 1 or (rest == 1 << extra - 1 and kept & 1)):
        kept += 1
    return float_bits(math.copysign(math.ldexp(kept, extra), whole))


def _population(bits: int) -> Doer:
    return lambda caller: ((bin(caller.integer(0) & ((1 << bits) - 1)).count("1"),), ())


def _first_set(bits: int) -> Doer:
    def do(caller: Caller) -> Result:
        value = caller.integer(0) & ((1 << bits) - 1)
        return ((value & -value).bit_length(),), ()

    return do


def _constant(name: str) -> Doer:
    number = sum(byte << (8 * place) for place, byte in enumerate(to_utf8(name)[-7:]))

    def do(caller: Caller) -> Result:
        return (0x300000000000 + (mix(number, caller.seed) & 0xFFFFF) * 0x10000,), ()

    return do


def _soft_float(name: str) -> Doer:
    """A long double operation of AArch64, or a conversion: any fixed function of its arguments will do, as it
    is nothing but a function of them."""
    number = sum(byte << (8 * (place % 7)) for place, byte in enumerate(to_utf8(name)))

    def do(caller: Caller) -> Result:
        vectors = 2 if re.search(r"[a-z]tf[23]$", name) and not name.endswith("tf2") else 1
        if re.match(r"__(eq|ne|lt|le|gt|ge|unord|cmp)tf2|__(add|sub|mul|div)tf3", name):
            vectors = 2
        takes_integer = re.match(r"__float", name) is not None
        parts = [number]
        if takes_integer:
            parts.append(caller.integer(0) & (0xFFFFFFFF if "si" in name else (1 << 64) - 1))
        else:
            for n in range(vectors):
                value = caller.vector(n)
                if "extendsf" in name:
                    value &= (1 << 32) - 1
                elif "extenddf" in name:
                    value &= (1 << 64) - 1
                parts += [value & (1 << 64) - 1, value >> 64]
        if name.endswith("tf2") and not name.startswith(("__extend", "__neg")):
            if caller.vector(0) == caller.vector(1):
                return (0,), ()
            return ((1 - 2 * (mix(*parts) & 1)) & (1 << 64) - 1,), ()
        made = mix(*parts)
        return (made, mix(made)), (made & 0x3FFFFFFFFFFFFFFF | (made >> 1 & 0x3FFF) << 112,)

    return do


_DONE: dict[str, Doer] = {
    **dict.fromkeys(("memcpy", "memmove", "__memcpy_chk", "__memmove_chk"), _memcpy),
    "mempcpy": _mempcpy,
    "bcopy": _bcopy,
    "memset": _memset,
    "__memset_chk": _memset,
    "bzero": _bzero,
    "explicit_bzero": _bzero,
    "memcmp": _memcmp,
    "bcmp": _memcmp,
    "strlen": _strlen,
    "__multi3": _wide(_product, signed=False),
    "__divti3": _wide(_quotient, signed=True),
    "__modti3": _wide(_remainder, signed=True),
    "__udivti3": _wide(_quotient, signed=False),
    "__umodti3": _wide(_remainder, signed=False),
    "__ashlti3": _shift("left"),
    "__lshrti3": _shift("logical"),
    "__ashrti3": _shift("arithmetic"),
    **{f"__extendhf{to}f2": _converted(_from_half, double=to == "d") for to in "sd"},
    "__gnu_h2f_ieee": lambda caller: ((), (float_bits(_from_half(caller.integer(0) & 0xFFFF)),)),
    **{f"__trunc{of}fhf2": _narrowed(_to_half, double=of == "d") for of in "sd"},
    **{f"__trunc{of}fbf2": _narrowed(_to_bfloat, double=of == "d") for of in "sd"},
    **{
        f"__fix{unsigned}{of}fti": _to_wide(double=of == "d", signed=not unsigned)
        for of in "sd"
        for unsigned in ("", "uns")
    },
    **{
        f"__float{unsigned}ti{to}f": _from_wide(double=to == "d", signed=not unsigned)
        for to in "sd"
        for unsigned in ("", "un")
    },
    "ffs": _first_set(32),
    "ffsl": _first_set(64),
    "ffsll": _first_set(64),
    "__popcountsi2": _population(32),
    "__popcountdi2": _population(64),
    **{name: _doubles(*how) for name, how in _MATH.items()},
    **{f"{name}f": _singles(*how) for name, how in _MATH.items()},
    **{name: _constant(name) for name in CONSTANT},
}
_SOFT = re.compile(
    r"__(?:(?:add|sub|mul|div)tf3|(?:eq|ne|lt|le|gt|ge|unord|cmp|neg)tf2|extend[sdh]ftf2|trunctf[sdh]f2|"
    r"fix(?:uns)?tf[sdt]i|float(?:un)?[sd]itf)$"
)
_ATOMIC = re.compile(r"__aarch64_(cas|swp|ldadd|ldclr|ldeor|ldset)(\d+)_(?:relax|acq|rel|acq_rel|sync)$")


def doer(name: str) -> Doer | None:
    """What carries out the function; None where it is an event to record."""
    found = _DONE.get(name)
    if found is None and name.startswith("__"):
        if _SOFT.match(name):
            return _soft_float(name)
        atomic = _ATOMIC.match(name)
        if atomic:
            return _atomic(atomic[1], int(atomic[2]))
    return found


def _atomic(operation: str, size: int) -> Doer:
    """The outlined atomics of gcc and clang for AArch64 (libgcc's lse.S)."""

    def do(caller: Caller) -> Result:
        mask = (1 << (8 * size)) - 1
        address = caller.integer(2 if operation == "cas" else 1)
        old = int.from_bytes(caller.load(address, size), "little")
        value = caller.integer(1 if operation == "cas" else 0) & mask
        if operation == "cas":
            new = value if old == caller.integer(0) & mask else old
        else:
            new = {
                "swp": value,
                "ldadd": old + value & mask,
                "ldclr": old & ~value,
                "ldeor": old ^ value,
                "ldset": old | value,
            }[operation]
        caller.store(address, new.to_bytes(size, "little"))
        return (old,), ()

    return do
