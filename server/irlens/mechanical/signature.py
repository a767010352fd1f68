"""What a function takes and gives back, and what its calls give back: as far as the code shows.

Where the code leaves a choice, the wider answer is taken: a result nobody reads does no harm to what the machine
does.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.body import Body, BodyBlock, Call, effect_operands
from irlens.mechanical.convention import Convention, Variable
from irlens.mechanical.flow import Flow
from irlens.mechanical.lanes import low_float
from irlens.mechanical.prototypes import Prototype
from irlens.mechanical.values import Graph, Value, reachable


@dataclass
class Signature:
    """Of a function or of the calls to one: argument places in order (`("s", n)` for the n-th word on the
    stack) and result places. Letters as in `prototypes`, those of a prototype where there is one, else empty; `result_letter`
    is one for each register, or `v`."""

    arguments: list[Variable] = field(default_factory=list)
    results: list[Variable] = field(default_factory=list)
    letters: str = ""
    result_letter: str = ""
    variadic: bool = False
    fixed: int = 0
    """Arguments before the dots."""


def is_garbage(value: Value, convention: Convention) -> bool:
    """Whether a register holds nothing that the function or its caller put there: what a call left in it,
    or what it happened to hold at entry, on some path."""
    seen: set[Value] = set()

    def look(value: Value) -> bool:
        if value in seen:
            return False
        seen.add(value)
        if value.op == "left":
            variable, call = value.data
            if call.prototype is not None:
                return variable not in registers_of(call.prototype.results, convention)
            return variable not in (*convention.results[:1], *convention.float_results[:1])
        if value.op == "entry":
            return value.data not in (*convention.integers, *convention.floats) and value.data[0] != "s"
        if value.op == "phi":
            return any(look(arg) for arg in value.args)
        if value.op == "extract":
            return look(value.args[0])
        if value.op == "piece":
            return look(value.args[1])
        return False

    return look(value)


def registers_of(letters: str, convention: Convention) -> list[Variable]:
    """Where results of these letters are, one after the other; "v" is none."""
    integers, floats = iter(convention.results), iter(convention.float_results)
    return [next(floats if letter in "df" else integers) for letter in letters if letter != "v"]


def comes_in(value: Value) -> bool:
    """Whether a value is what a register held at entry, or its low bits."""
    return core(value).op == "entry"


def core(value: Value) -> Value:
    """What low bits are of, or what was extended with zeros."""
    while value.op in ("zext", "piece") or (value.op == "extract" and value.data == 0):
        value = value.args[-1]
    return value


def _half_of_a_vector(value: Value, convention: Convention) -> bool:
    """Whether a value is what the upper part of a vector register of arguments held at entry."""
    value = core(value)
    if value.op != "entry" or value.data[0] != "r" or value.data in convention.floats:
        return False
    return any(0 < value.data[1] - place[1] < 0x20 for place in convention.floats)


def of_a_jump(body: Body, value: Value) -> bool:
    """Whether a value is, on some way here, what is left of finding a place in a jump table."""
    seen: set[Value] = set()
    todo = [value]
    while todo:
        each = todo.pop()
        if each in body.jumps and each.op != "const":
            return True
        if each not in seen and each.op in ("phi", "zext", "extract"):
            seen.add(each)
            todo.extend(each.args)
    return False


def calls_of(body: Body) -> list[Call]:
    return [effect.call for block in body.blocks for effect in block.effects if effect.call is not None]


def without_garbage(graph: Graph, value: Value, convention: Convention) -> Value:
    """The low part of a register, where only that was put there."""
    while value.op == "piece" and is_garbage(value.args[0], convention):
        value = value.args[1]
    bits = _meant(value, convention)
    return graph.extract(value, 0, bits) if bits < value.bits else value


def keep_what_callees_keep(body: Body, convention: Convention, flow: Flow) -> None:
    """Where a register is read after a call that may change it by the convention, but the callee is in the
    object and does not: gcc relies on that (-fipa-ra). The calls must be decided, and nothing dropped since
    they were."""
    results = (*convention.results[:1], *convention.float_results[:1])
    for _ in range(8):
        replaced: dict[Value, Value] = {}
        live = body.live()
        for call in calls_of(body):
            for variable, value in call.left.items():
                if value not in live or variable in results or variable not in call.registers:
                    continue
                if call.target.op != "addr":
                    continue
                written = flow.written_by(call.target.data)
                if written is not None and variable[1] not in written:
                    replaced[value] = call.registers[variable]
        if not replaced:
            return
        body.substitute(replaced)


def results_of_calls(
    body: Body, convention: Convention, signatures: dict[str, Signature], flow: Flow
) -> None:
    """Fill in what calls give back, from what is read after them. Raises `Uncovered`."""
    live = body.live()
    number = 0
    for block in body.blocks:
        for effect in block.effects:
            call = effect.call
            if call is None:
                continue
            signature = signatures[call.name or f"({number})"]
            number += 1
            for variable, value in call.left.items():
                if value not in live:
                    continue
                if variable not in (*convention.results, *convention.float_results):
                    name = convention.names.get(variable, f"register {variable[1]:#x}")
                    raise flow.refuse(
                        call.place[0],
                        f"{name} is read after this call, which nothing says it keeps",
                        "clobbered",
                    )
                if variable not in signature.results:
                    signature.results.append(variable)
    order = [*convention.results, *convention.float_results]
    for signature in signatures.values():
        signature.results.sort(key=order.index)


def decide_results(body: Body, convention: Convention, prototype: Prototype | None = None) -> list[Variable]:
    """Choose what the function returns and forget the rest: what its prototype says, where that is there. In unoptimised
    code, where operations stay as they are, a result is made in the block that returns it, and for nothing else."""
    if prototype is not None:
        said = _results_by(body, convention, prototype)
        if said is not None:
            return said
    unoptimised = body.graph.literal
    returns = [block for block in body.blocks if block.end == "return"]
    chosen: list[Variable] = []

    def good(variable: Variable) -> bool:
        held = [block.results[variable] for block in returns]
        if unoptimised and not (_unused(body, variable) and _made_to_return(body, variable)):
            return False
        if variable == convention.results[0] and any(_half_of_a_vector(value, convention) for value in held):
            return True  # moved there from a vector register: no rest of anything, and refused where it is looked at
        return not any(is_garbage(value, convention) or of_a_jump(body, value) for value in held)

    def untouched(variable: Variable) -> bool:
        return all(
            block.results[variable].op == "entry" and block.results[variable].data == variable
            for block in returns
        )

    if returns:
        whole, real = convention.results[0], convention.float_results[0]
        is_left = good(real) and not untouched(real)
        is_float = is_left and (
            any(_floating(block.results[real], block.results[("r", real[1] + 8)]) for block in returns)
        )
        is_whole = good(whole) and not untouched(whole)
        if is_float and (
            not is_whole or (_later(returns, real, whole) if unoptimised else _unused(body, real))
        ):
            chosen = [real]
        elif (
            is_whole
            and is_left
            and not unoptimised
            and all(core(block.results[each]).op == "left" for block in returns for each in (whole, real))
            and _unused(body, whole)
            and not _unused(body, real)
        ):
            chosen = [real]  # what was called gives a floating-point number, as its use shows
        elif is_whole:
            chosen = [whole]
            second = convention.results[1]
            if (
                not unoptimised
                and good(second)
                and not untouched(second)
                and _deliberate(body, convention, second, returns)
            ):
                chosen.append(second)
            elif is_float and not unoptimised:
                chosen.append(real)  # either may be meant: one too many does no harm
        elif is_left and _unused(body, real):
            # Nothing shows that it is a result but that it is there and for nothing else. A caller that does not look is
            # not harmed.
            chosen = [real]
        if chosen == [real] and not unoptimised:
            second = convention.float_results[1]
            if good(second) and not untouched(second) and _unused(body, second):
                chosen.append(second)
    for block in returns:
        block.results = {
            variable: without_garbage(body.graph, block.results[variable], convention) for variable in chosen
        }
    if chosen == [convention.results[0]]:
        held = [block.results[chosen[0]] for block in returns]
        bits = min((min(value.bits, _meant(value, convention)) for value in held), default=64)
        for block in returns:
            value = block.results[chosen[0]]
            if bits < value.bits:
                block.results[chosen[0]] = body.graph.extract(value, 0, bits)
    return chosen


_BITS = {"c": 8, "h": 16, "i": 32, "f": 32}


def _results_by(body: Body, convention: Convention, prototype: Prototype) -> list[Variable] | None:
    """What the prototype says is returned; None where a way returns without anything in its place."""
    letters = prototype.results
    registers = registers_of(letters, convention)
    returns = [block for block in body.blocks if block.end == "return"]
    given = []
    for block in returns:
        results = {}
        for variable, letter in zip(registers, letters, strict=True):
            value = block.results[variable]
            bits = _BITS.get(letter, 64)
            if bits < value.bits:
                value = body.graph.extract(value, 0, bits)
            if is_garbage(value, convention):
                return None
            results[variable] = value
        given.append(results)
    for block, results in zip(returns, given, strict=True):
        block.results = results
    return registers


def _meant(value: Value, convention: Convention) -> int:
    """The bits of a result that were put there for it: where a path writes but the low byte or half of the
    register, the rest is what was left in it."""
    seen: set[Value] = set()

    def look(value: Value) -> int:
        if value in seen:
            return 64
        seen.add(value)
        if value.op == "phi":
            return min((look(arg) for arg in value.args), default=64)
        if value.op == "zext":
            inner = value.args[0]
            return look(inner) if inner.op in ("phi", "piece", "and", "or", "xor") else 64
        if value.op in ("and", "or", "xor"):
            bits = min(look(arg) for arg in value.args)
            masks = [arg.constant for arg in value.args if arg.constant is not None]
            return 64 if value.op == "and" and any(mask < 1 << bits for mask in masks) else bits
        if value.op == "piece":
            upper, lower = value.args
            if is_garbage(upper, convention):
                return lower.bits
            if lower.bits in (8, 16):
                while upper.op in ("piece", "zext"):
                    upper = upper.args[-1]
                if upper.op == "extract" and upper.data == lower.bits:
                    return lower.bits
        return 64

    return look(value)


def _floating(value: Value, upper: Value) -> bool:
    if low_float(value):
        return True
    if value.op == "left":
        _variable, call = value.data
        prototype = call.prototype
        return prototype is not None and prototype.result in "df"
    inner = value.args[0] if value.op == "zext" else value
    return inner.op == "load" and upper.constant == 0


def _unused(body: Body, variable: Variable) -> bool:
    """Whether what a result register holds is looked at by nothing but the return."""
    held = {block.results[variable] for block in body.blocks if block.end == "return"}
    roots = []
    for block in body.blocks:
        for effect in block.effects:
            roots += list(effect_operands(effect, guesses=False))
        if block.condition is not None:
            roots.append(block.condition)
    used = reachable(roots)
    held = {core(value) for value in held}
    return not any(value in used for value in held if value.op != "const")


def _later(returns: list[BodyBlock], one: Variable, other: Variable) -> bool:
    """Whether what the first register holds was read or computed after what the second does."""
    return all(
        max(value.number for value in reachable([block.results[one]]))
        >= max(value.number for value in reachable([block.results[other]]))
        for block in returns
    )


def _made_to_return(body: Body, variable: Variable) -> bool:
    """Whether a result is made where it is returned, by every way; what a call gives, by the last thing done."""
    for block in body.blocks:
        if block.end != "return":
            continue
        loaded = {effect.value for effect in block.effects if effect.kind == "load"}
        called = [effect.call for effect in block.effects if effect.call is not None]
        last = block.effects[-1].call if block.effects else None
        for value in reachable([core(block.results[variable])]):
            if value.op in ("phi", "entry") or (value.op == "load" and value not in loaded):
                return False
            if value.op == "left" and value.data[1] not in called:
                return False
        given = core(block.results[variable])
        if given.op == "left" and given.data[1] is not last:
            return False
    return True


def _deliberate(body: Body, convention: Convention, second: Variable, returns: list[BodyBlock]) -> bool:
    """Whether the second result register holds something made for it: not what a division or a multiplication
    leaves, and nothing that something else uses."""
    if not _unused(body, second) or any(of_a_jump(body, block.results[second]) for block in returns):
        return False
    first = [block.results[convention.results[0]] for block in returns]
    if not any(value.op not in ("zext", "const") for value in first):
        return False  # what comes in two registers fills the first
    held = reachable(block.results[second] for block in returns)
    if any(value.op in ("left", "entry") and is_garbage(value, convention) for value in held):
        return False
    for block in returns:
        value = block.results[second]
        seen = {value}
        todo = [value]
        while todo:
            each = todo.pop()
            if each.op in ("phi", "extract", "zext", "sext", "piece"):
                for arg in each.args:
                    if arg not in seen:
                        seen.add(arg)
                        todo.append(arg)
            if each.op == "mul" and each.bits > 64:
                continue  # both halves are computed where both are wanted
            if each.op in ("srem", "urem", "mul", "entry", "const", "left", "ashr"):
                return False
    return True


def _part_name(variable: Variable, convention: Convention) -> str:
    """What to call a place that is no register of its own."""
    if variable[0] == "r" and variable[1] in convention.flags:
        return "the flags that it was called with"
    for place, name in convention.names.items():
        if variable[0] == "r" and place in convention.floats and 0 < variable[1] - place[1] < 0x20:
            return f"the upper part of {name}"
    return f"the stack at {variable[1]:+}" if variable[0] == "s" else f"register {variable[1]:#x}"


def own_signature(body: Body, convention: Convention, flow: Flow) -> Signature:
    """The function's arguments, from what it reads that it did not write, and those that its prototype says where that says
    no fewer. Raises `Uncovered`."""
    live = [value for value in body.live() if value.op == "entry"]
    integers = floats = words = 0
    pointer = False
    for value in live:
        variable = value.data
        if variable in convention.integers:
            integers = max(integers, convention.integers.index(variable) + 1)
        elif variable in convention.floats:
            floats = max(floats, convention.floats.index(variable) + 1)
        elif variable == convention.result_pointer:
            pointer = True
        elif variable[0] == "s" and variable[1] >= convention.return_slot:
            words = max(words, (variable[1] - convention.return_slot) // 8 + 1)
        else:
            name = convention.names.get(variable) or _part_name(variable, convention)
            what = "variable arguments" if variable == convention.results[0] else "odd argument"
            reader = flow.first_reader(variable)
            why = f"it reads {name}, in which no convention passes anything"
            if reader is not None:
                raise flow.refuse(reader, why, what)
            raise Uncovered(f"{flow.symbol.name}: {why}.", what)
    signature = Signature()
    if pointer:
        assert convention.result_pointer is not None
        signature.arguments.append(convention.result_pointer)
    if words:
        integers = len(convention.integers)
    signature.arguments += convention.integers[:integers]
    signature.arguments += convention.floats[:floats]
    signature.arguments += [("s", convention.return_slot + 8 * word) for word in range(words)]
    return _as_declared(signature, flow.own_prototype, convention)


def _as_declared(read: Signature, prototype: Prototype | None, convention: Convention) -> Signature:
    """The function's prototype as a signature, where it takes all that the function reads."""
    if prototype is None:
        return read
    signature = by_prototype(prototype.arguments, convention)
    signature.arguments = [
        ("s", convention.return_slot + 8 * place[1]) if place[0] == "s" else place
        for place in signature.arguments
    ]
    if prototype.variadic or not set(read.arguments) <= set(signature.arguments):
        return read
    return signature


def by_prototype(letters: str, convention: Convention, fixed: int | None = None) -> Signature:
    """Where arguments of these letters are, those on the stack by word. `fixed` arguments are before the dots of a variadic
    function."""
    signature = Signature(letters=letters)
    integers, floats, words = iter(convention.integers), iter(convention.floats), 0
    for number, letter in enumerate(letters):
        place = next(floats if letter in "df" else integers, None)
        if place is None or (convention.packed and fixed is not None and number >= fixed):
            place = ("s", words)
            words += 1
        signature.arguments.append(place)
    return signature
