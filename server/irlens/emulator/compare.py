"""Two runs of two versions of a function on one input: the same, different, or not to be told.

Not to be told: a run that reached a limit; and an input on which the original itself reached for memory that
is not there or divided by zero, because the source has no meaning there and a compiler may do anything.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from irlens.emulator.inputs import ARENA, ARGUMENT_SPAN, STACK_ENTRY, STACK_LOW, STACKED_BYTES, Memory
from irlens.emulator.layout import PAGE, SLOT_BASE, SLOT_SPAN, Image, World
from irlens.emulator.plan import CallPlan, Plan
from irlens.emulator.trace import UNKNOWN_INSTRUCTION, Called, Results, Trace
from irlens.targets import abi
from irlens.targets.abi import Place

_FOR_VALUES = re.compile(r"rbx|rbp|r1[2-5]|[xd]\d+")
SAME, SKIP, TRAPPED, DIFFERS = "same", "skip", "trapped", "differs"


@dataclass(frozen=True)
class Comparison:
    """`kind` is one of the four words above. On a difference: what differs, and what each side did."""

    kind: str
    what: str = ""
    original: str = ""
    candidate: str = ""


_SAME = Comparison(SAME)
_MADE_NANS = {32: {0x7FC00000, 0xFFC00000}, 64: {0x7FF8 << 48, 0xFFF8 << 48}}
"""The not-a-number that an operation makes, whose sign depends on how it was compiled. In memory only these count
as the same, as nothing tells there what is a number: -1 and -2 as integers are patterns of others."""


class Comparer:
    """Compares traces of `world.images[0]` with those of another image."""

    def __init__(self, world: World, plan: Plan, memory: Memory) -> None:
        self._world, self._plan, self._memory = world, plan, memory
        self._twin: Trace | None = None
        self.unplanned = ""
        """A function that was called, and of whose arguments nothing is known."""
        self.left_over: set[str] = set()
        """Registers for values that the original does not restore and the candidate does: it takes them for no result."""
        self.unclear = ""
        """Why what is the same says less than it seems to."""
        self.unseen = range(0)
        """Addresses that no called function may look at: of a structure that is the result."""

    def compare(
        self, original: Trace, candidate: Trace, image: Image, twin: Trace | None = None
    ) -> Comparison:
        """`twin` is the original once more, with other garbage where nobody decides what is there: what differs between
        the two is not compared, and nothing is where they go different ways."""
        self._images = (self._world.images[0], image)
        self._twin = twin
        if twin is not None and (
            (twin.end, twin.trap) != (original.end, original.trap)
            or [(one.name, one.target) for one in twin.calls]
            != [(one.name, one.target) for one in original.calls]
        ):
            return Comparison(SKIP, "the original goes another way with other garbage")
        if original.end == "left":
            return Comparison(SKIP, "the original ran past its code")
        for trace in (original, candidate):
            if trace.end == "trap" and trace.trap == UNKNOWN_INSTRUCTION:
                if trace is candidate:
                    self.unclear = "the candidate reaches an instruction that the emulator does not know"
                return Comparison(SKIP, "the emulator does not know an instruction")
        if original.end == "trap":
            if candidate.end == "trap":
                return Comparison(TRAPPED)
            if original.trap == "memory" or (original.trap == "exception" and not self._world.arm):
                return Comparison(SKIP, "the original trapped")
            return Comparison(DIFFERS, "how it ends", "trapped", self.ending(candidate))
        if candidate.end in ("trap", "left", "limit"):
            return Comparison(DIFFERS, "how it ends", self.ending(original), self.ending(candidate))
        for check in (self._calls, self._results, self._left_alone, self._memory_at_end):
            found = check(original, candidate)
            if found is not None:
                return found
        return _SAME

    def ending(self, trace: Trace) -> str:
        """How a run ended, in words."""
        if trace.end == "trap":
            at = f" at address {trace.fault:#x}" if trace.fault is not None else ""
            return {
                "memory": f"reached for memory that is not there{at}",
                "exception": "trapped (a division or a trap instruction)",
                "trap instruction": "ran into a trap instruction",
            }.get(trace.trap, f"trapped ({trace.trap})")
        if trace.end == "limit":
            return "did not come to an end"
        if trace.end == "left":
            return "ran past the end of its code"
        if trace.end == "ended in a call":
            return f"did not come back from {self._callee(trace.calls[-1])}"
        if self._plan.results:
            return "returned " + ", ".join(
                self.shown(place, result_bits(trace.results, place)) for place in self._plan.results
            )
        return "returned"

    # --- calls --------------------------------------------------------------------------------------

    def _calls(self, original: Trace, candidate: Trace) -> Comparison | None:
        both = min(len(original.calls), len(candidate.calls))
        for number in range(both):
            left, right = original.calls[number], candidate.calls[number]
            if not self._same_callee(left, right):
                return Comparison(
                    DIFFERS,
                    f"call {number + 1}",
                    f"called {self._callee(left)}",
                    f"called {self._callee(right)}",
                )
            found = self._arguments(number, left, right)
            if found is not None:
                return found
            found = self._writes(
                original,
                candidate,
                left.writes,
                right.writes,
                f"memory at call {number + 1} ({self._callee(left)})",
            )
            if found is not None:
                return found
            ends = [t.end == "ended in a call" and len(t.calls) == number + 1 for t in (original, candidate)]
            if ends == [False, True] and right.name in self._plan.returning:
                return Comparison(
                    DIFFERS, "the end", self.ending(original), "ran past the end of its code after a call"
                )
            if any(ends):
                return _SAME  # nothing behind it can be reached, on one side at least
        if len(original.calls) != len(candidate.calls):
            return Comparison(
                DIFFERS,
                f"call {both + 1}",
                f"called {self._callee(original.calls[both])}"
                if both < len(original.calls)
                else "made no further call",
                f"called {self._callee(candidate.calls[both])}"
                if both < len(candidate.calls)
                else "made no further call",
            )
        return None

    def _same_callee(self, left: Called, right: Called) -> bool:
        if left.name or right.name:
            return left.name == right.name
        return self.same_word(left.target, right.target)

    def _callee(self, called: Called) -> str:
        return called.name or f"the function at {called.target:#x}"

    def _arguments(self, number: int, left: Called, right: Called) -> Comparison | None:
        plans = self._plan.calls(left.name)
        if not plans:
            self.unplanned = self._callee(left)
            return None
        first: Comparison | None = None
        for plan in self._fitting(plans, left):
            found = self._arguments_by(plan, number, left, right)
            if found is None:
                return None
            first = first or found
        return first

    def _fitting(self, plans: list[CallPlan], called: Called) -> list[CallPlan]:
        """The signatures that this call may have. Where a callee has several, the conversions in a format
        string tell how many variable arguments there are."""
        if len(plans) == 1 or not any(plan.variable for plan in plans):
            return plans
        fixed = [place for place in plans[0].arguments if place.parameter < self._fixed(plans[0])]
        for place in reversed(fixed):
            if place.scalar != "ptr":
                continue
            text = self._images[0].bytes_at(called.value(place), 4096).partition(b"\0")[0]
            if b"%" in text or not any(plan.variable == 0 for plan in plans):
                count = conversions(text)
                fitting = [plan for plan in plans if plan.variable == count]
                if fitting:
                    return fitting
        return plans

    @staticmethod
    def _fixed(plan: CallPlan) -> int:
        parameters = {place.parameter for place in plan.arguments}
        return len(parameters) - plan.variable

    def _arguments_by(self, plan: CallPlan, number: int, left: Called, right: Called) -> Comparison | None:
        for place in plan.arguments:
            if place.kind == "stack" and place.index + 8 > min(len(left.stacked), len(right.stacked)):
                continue
            a, b = left.value(place), right.value(place)
            if self._twin is not None and self._twin.calls[number].value(place) != a:
                continue
            if not self.same(place, a, b):
                return Comparison(
                    DIFFERS,
                    f"argument {place.parameter + 1} of call {number + 1}, to {self._callee(left)}",
                    f"passed {self.shown(place, a, 0)}",
                    f"passed {self.shown(place, b, 1)}",
                )
        for place in left.pointees.keys() & right.pointees.keys():
            mine, its = left.pointees[place], right.pointees[place]
            if self._twin is not None and self._twin.calls[number].pointees.get(place) != mine:
                continue
            at = self._bytes_differ(mine, its)
            if at is not None:
                return Comparison(
                    DIFFERS,
                    f"what argument {place.parameter + 1} of call {number + 1}, to {self._callee(left)}, "
                    f"points to, at byte {at}",
                    f"passed {mine[at : at + 8].hex(' ')}",
                    f"passed {its[at : at + 8].hex(' ')}",
                )
        return None

    def _bytes_differ(self, left: bytes, right: bytes) -> int | None:
        for at in range(0, len(left), 8):
            a, b = left[at : at + 8], right[at : at + 8]
            if a != b and not (len(a) == 8 and self._same_stored(a, b)):
                return at
        return None

    # --- results ------------------------------------------------------------------------------------

    def _results(self, original: Trace, candidate: Trace) -> Comparison | None:
        if original.end != "return" or candidate.end != "return":
            if original.end != candidate.end:
                return Comparison(DIFFERS, "the end", self.ending(original), self.ending(candidate))
            return None
        for place in self._plan.results:
            a, b = result_bits(original.results, place), result_bits(candidate.results, place)
            if self._twin is not None and result_bits(self._twin.results, place) != a:
                continue
            if not self.same(place, a, b):
                return Comparison(
                    DIFFERS,
                    "the result",
                    f"returned {self.shown(place, a, 0)}",
                    f"returned {self.shown(place, b, 1)}",
                )
        return None

    def _left_alone(self, original: Trace, candidate: Trace) -> Comparison | None:
        """What a caller counts on, and the candidate leaves otherwise than the original."""
        known = dict(original.results.changed)
        for name in known.keys() - dict(candidate.results.changed).keys():
            if isinstance(name, str) and _FOR_VALUES.fullmatch(name):
                self.left_over.add(name)
            elif isinstance(name, str):
                self.unclear = f"the original does not leave {name} as it was, and the candidate does"
        ends = [place.index + max(16, place.memory) for place in self._plan.places if place.kind == "stack"]
        for name, value in candidate.results.changed:
            if isinstance(name, int):
                # The stacked arguments belong to the callee, which may use their place for itself.
                if name < max(ends, default=0) or known.get(name) == value:
                    continue
                if not self._plan.known:
                    self.unclear = "the candidate writes to the stack above its return address, and nothing says what lies there"
                    continue
                what, left = f"the caller's stack at {name} bytes", "left it as it was"
            elif name in known and self.same_word(known[name], value):
                continue
            else:
                what, left = name, "kept it for the caller"
            mine = f"left {known[name]:#x}" if name in known else left
            return Comparison(DIFFERS, what, mine, f"left {value:#x}")
        return None

    # --- memory -------------------------------------------------------------------------------------

    def _memory_at_end(self, original: Trace, candidate: Trace) -> Comparison | None:
        return self._writes(original, candidate, len(original.writes), len(candidate.writes), "memory")

    def _writes(
        self, original: Trace, candidate: Trace, left: int, right: int, what: str
    ) -> Comparison | None:
        """What memory holds after the first `left` and `right` writes."""
        if left == right and original.writes[:left] == candidate.writes[:right]:
            return None
        at_end = what == "memory"
        mine, its = Written(original.writes[:left]), Written(candidate.writes[:right])
        twins = Written(self._twin.writes[:left]).bytes if self._twin is not None else mine.bytes
        for address in sorted(mine.bytes.keys() | its.bytes.keys()):
            if mine.bytes.get(address) != twins.get(address):
                continue
            if self._outside_frame(address) and (address not in self.unseen or at_end):
                a = mine.bytes.get(address)
                b = its.bytes.get(address)
                before = (
                    self._memory.page(address & -PAGE)[address & PAGE - 1] if a is None or b is None else 0
                )
                if (before if a is None else a) == (before if b is None else b):
                    continue
                if self._same_wider(mine, its, address):
                    continue
                where = self.address(address)
                return Comparison(
                    DIFFERS,
                    f"{what} at {where}",
                    mine.said(address, where),
                    its.said(address, where),
                )
        return None

    @staticmethod
    def _outside_frame(address: int) -> bool:
        # The stacked arguments belong to the callee, which may use their place for itself.
        return not STACK_LOW <= address < STACK_ENTRY + STACKED_BYTES

    def _same_wider(self, left: Written, right: Written, address: int) -> bool:
        """Whether the bytes belong to values that are the same although their bits differ."""
        a, b = left.last.get(address), right.last.get(address)
        if a is None or b is None or a[0] != b[0] or len(a[1]) != len(b[1]):
            return False
        return self._same_stored(a[1], b[1])

    def _same_stored(self, left: bytes, right: bytes) -> bool:
        if len(left) == 8 == len(right):
            a, b = int.from_bytes(left, "little"), int.from_bytes(right, "little")
            if self.same_word(a, b) or {a, b} == _MADE_NANS[64]:
                return True
            return all(
                x == y or {x, y} == _MADE_NANS[32]
                for x, y in zip(struct.unpack("<2I", left), struct.unpack("<2I", right), strict=True)
            )
        return (
            len(left) == 4 == len(right)
            and {int.from_bytes(left, "little"), int.from_bytes(right, "little")} == _MADE_NANS[32]
        )

    # --- values -------------------------------------------------------------------------------------

    def same(self, place: Place, left: int, right: int) -> bool:
        if left == right:
            return True
        count, element = abi.lanes(place.scalar)
        if abi.is_float(element):
            width = abi.bits_of(element)
            mask = (1 << width) - 1
            return all(
                (a := left >> low & mask) == (b := right >> low & mask)
                or (_is_nan(a, element) and _is_nan(b, element))
                for low in range(0, width * count, width)
            )
        return place.bits == 64 and self.same_word(left, right)

    def same_word(self, left: int, right: int, depth: int = 0) -> bool:
        """Whether two words are the same number, or pointers to the same thing."""
        if left == right:
            return True
        if STACK_LOW <= left < STACK_ENTRY and STACK_LOW <= right < STACK_ENTRY:
            return True  # both into the frame, whose layout is free
        mine, its = self._images
        name = self._code(mine, left)
        if name:
            return name == self._code(its, right)
        if mine.constant_at(left) and its.constant_at(right):
            return self._same_constants(left, right, depth)
        return False

    def _code(self, image: Image, address: int) -> str:
        if address == image.entry:
            return self._world.function
        name = image.code_names.get(address, "")
        return name or self._world.names.get(address, "")

    def _same_constants(self, left: int, right: int, depth: int) -> bool:
        a, b = self._images[0].bytes_at(left, 4096), self._images[1].bytes_at(right, 4096)
        end = a.find(0)
        mine, its = self._images
        if end > 0 or (mine.in_strings(left) and its.in_strings(right)):
            return a[: end + 1] == b[: end + 1]
        if a[:8] == b[:8]:
            return True
        return (
            depth < 3
            and len(a) >= 8
            and len(b) >= 8
            and self.same_word(int.from_bytes(a[:8], "little"), int.from_bytes(b[:8], "little"), depth + 1)
        )

    # --- in words -----------------------------------------------------------------------------------

    def shown(self, place: Place, value: int, side: int = 0) -> str:
        if place.scalar == "ptr":
            image = self._images[side] if hasattr(self, "_images") else self._world.images[0]
            if image.constant_at(value):
                text = image.bytes_at(value, 4096).partition(b"\0")[0]
                if text and all(32 <= byte < 127 or byte in b"\n\t" for byte in text):
                    return f"the string {text[:60].decode()!r}"
            return self.address(value)
        return shown_scalar(place.scalar, value)

    def address(self, value: int) -> str:
        """An address by the name of what lies there, where it has one."""
        if value == 0:
            return "null"
        name = self._world.name_of(value)
        if name:
            offset = (value - SLOT_BASE) % SLOT_SPAN
            return f"{name}+{offset}" if offset else name
        if STACK_LOW <= value < STACK_ENTRY:
            return "its own frame"
        number, offset = divmod(value - ARENA, ARGUMENT_SPAN)
        if value >= ARENA and number < 64:
            return f"argument {number + 1}'s memory +{offset}"
        return f"{value:#x}"


class Written:
    """Bytes after a list of writes, and the last write to each."""

    def __init__(self, writes: list[tuple[int, bytes]]) -> None:
        self.bytes: dict[int, int] = {}
        self.last: dict[int, tuple[int, bytes]] = {}
        for address, data in writes:
            for at, byte in enumerate(data, address):
                self.bytes[at] = byte
                self.last[at] = (address, data)

    def said(self, address: int, where: str) -> str:
        found = self.last.get(address)
        if found is None:
            return f"wrote nothing to {where}"
        at, data = found
        if len(data) > 16:
            return f"wrote {len(data)} bytes there, {self.bytes[address]:#04x} at that place"
        begun = f", begun {address - at} before" if at != address else ""
        return f"wrote {int.from_bytes(data, 'little'):#x} ({len(data)} bytes{begun})"


def result_bits(results: Results, place: Place) -> int:
    mask = (1 << place.bits) - 1
    if place.kind == "int":
        return results.general[place.index] & mask
    if place.kind == "vec":
        return results.vectors[place.index] & mask
    if results.x87 is None:
        return 0
    mantissa, exponent = results.x87
    return exponent << 64 | mantissa


def _nan(bits: int, width: int) -> bool:
    if width == 64:
        return bits & 0x7FF0000000000000 == 0x7FF0000000000000 and bits & 0xFFFFFFFFFFFFF != 0
    if width == 32:
        return bits & 0x7F800000 == 0x7F800000 and bits & 0x7FFFFF != 0
    if width == 80:
        return bits >> 64 & 0x7FFF == 0x7FFF and bits & (1 << 63) - 1 != 0
    if width == 128:
        return bits >> 112 & 0x7FFF == 0x7FFF and bits & (1 << 112) - 1 != 0
    return bits & 0x7C00 == 0x7C00 and bits & 0x3FF != 0


def _is_nan(bits: int, scalar: str) -> bool:
    if scalar == "bfloat":
        return _nan(bits << 16, 32)
    return _nan(bits, abi.bits_of(scalar))


def shown_scalar(scalar: str, value: int) -> str:
    if scalar == "double":
        return repr(struct.unpack("<d", value.to_bytes(8, "little"))[0])
    if scalar == "float":
        return f"{struct.unpack('<f', value.to_bytes(4, 'little'))[0]:.9g}"
    integer = re.fullmatch(r"i(\d+)", scalar)
    if integer:
        bits = int(integer[1])
        signed = value - (1 << bits) if bits > 1 and value >> (bits - 1) else value
        return str(signed) if abs(signed) < 1 << 20 else f"{signed} ({value:#x})"
    return f"{value:#x}"


def conversions(text: bytes) -> int:
    """Arguments that a printf format asks for."""
    count = 0
    for match in re.finditer(
        rb"%([-+ #0']*+)(?>(\*|\d++)?)(?>(?:\.(\*|\d*+))?)(?:hh|h|ll|l|q|j|z|t|L)?([a-zA-Z%])", text
    ):
        if match[4] == b"%":
            continue
        count += 1 + (match[2] == b"*") + (match[3] == b"*")
    return count
