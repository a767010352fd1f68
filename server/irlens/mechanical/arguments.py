"""What every call passes, as far as the code shows.

A prototype says it for the C library, a format string for `printf` and its like, the callee itself where it is in
the object; else what the argument registers hold. Where that leaves a choice the wider answer is taken: an
argument too many does no harm to what the machine does.
"""

from __future__ import annotations

from collections.abc import Callable

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.body import Body, Call, effect_operands
from irlens.mechanical.convention import Convention, Variable
from irlens.mechanical.flow import Flow
from irlens.mechanical.formats import count_arguments
from irlens.mechanical.lanes import low_float
from irlens.mechanical.prototypes import PROTOTYPES, RETURN_TWICE, Prototype
from irlens.mechanical.signature import (
    Signature,
    by_prototype,
    calls_of,
    comes_in,
    is_garbage,
    of_a_jump,
    without_garbage,
)
from irlens.mechanical.values import Graph, Value, from_entry, reachable

Arity = Callable[[int], "tuple[int, int] | None"]


def _contradicts(call: Call, prototype: Prototype, convention: Convention) -> bool:
    """Whether a register that the prototype passes holds nothing: then it is another function of that name."""
    places = by_prototype(prototype.arguments, convention).arguments
    return any(place[0] == "r" and is_garbage(call.registers[place], convention) for place in places)


def decide_calls(
    body: Body,
    convention: Convention,
    flow: Flow,
    *,
    stack_known: bool = True,
    memory_results: bool = False,
    arity: Arity | None = None,
) -> dict[str, Signature]:
    """Choose the arguments of every call; answers by callee (for calls through pointers, by a name of their
    own) what they have in common. Without `stack_known` arguments on the stack are left out; with
    `memory_results` a frame address in the register for it is where a result goes. `arity` says how many
    integer and floating-point registers the object's function at an address can take, where it can."""
    groups: dict[str, list[Call]] = {}
    for number, call in enumerate(calls_of(body)):
        key = call.name or f"({number})"
        call.name = call.name or ""
        groups.setdefault(key, []).append(call)
    elsewhere = _used_elsewhere(body, convention)
    graph = body.graph
    signatures = {}
    for key, calls in groups.items():
        if calls[0].name in RETURN_TWICE and calls[0].outside:
            raise flow.refuse(calls[0].place[0], f"{key} comes back twice", key)
        prototype = calls[0].prototype
        if prototype is not None and any(_contradicts(call, prototype, convention) for call in calls):
            prototype = None
            for call in calls:
                call.prototype = None
        if prototype is not None and prototype.variadic:
            for call in calls:
                signatures[key] = _variadic(graph, call, key, convention, flow, stack_known)
            if not calls:
                continue
            signatures[key].fixed = len(prototype.arguments)
        elif prototype is not None:
            signature = by_prototype(prototype.arguments, convention)
            signature.result_letter = prototype.results or "v"
            for call in calls:
                call.arguments = take(graph, call, signature.arguments, convention, stack_known=stack_known)
                if prototype.declared:
                    call.arguments = _as_wide(graph, call.arguments, prototype.arguments)
            signatures[key] = signature
        else:
            limits = None
            if arity is not None and calls[0].target.op == "addr":
                limits = arity(calls[0].target.data)
            signatures[key] = _observed(body, calls, convention, elsewhere, memory_results, limits)
        for call in calls:
            call.decided = True
            call.variadic = signatures[key].variadic
    return signatures


def take(
    graph: Graph, call: Call, places: list[Variable], convention: Convention, *, stack_known: bool = True
) -> list[Value]:
    """What the call has in the places. Raises `Uncovered`."""
    taken = []
    for place in places:
        if place[0] == "s":
            if place[1] >= len(call.outgoing):
                if not stack_known:
                    continue
                raise Uncovered(
                    f"The arguments on the stack of the call of {call.name or 'a pointer'} are not to be "
                    "seen.",
                    "stack arguments",
                )
            taken.append(without_garbage(graph, call.outgoing[place[1]], convention))
        else:
            taken.append(without_garbage(graph, call.registers[place], convention))
    return taken


def _as_wide(graph: Graph, arguments: list[Value], letters: str) -> list[Value]:
    """Of numbers of 32 bits no more than those, so that nothing seems to look at the rest."""
    wide = list(arguments)
    for at, (value, letter) in enumerate(zip(arguments, letters, strict=False)):
        if letter in "if" and value.bits > 32:
            wide[at] = graph.extract(value, 0, 32)
    return wide


def _variadic(
    graph: Graph, call: Call, name: str, convention: Convention, flow: Flow, stack_known: bool
) -> Signature:
    prototype = call.prototype
    assert prototype is not None
    letters = prototype.arguments
    fixed = by_prototype(letters, convention)
    text = None
    # What the numbers behind a format are follows from it where the name says that it is one.
    is_format = not prototype.declared or (call.outside and name in PROTOTYPES)
    format_at = letters.rfind("p")
    if is_format and letters and format_at == len(letters) - 1 and fixed.arguments[-1][0] == "r":
        text = _string(call.registers[fixed.arguments[-1]], flow)
    more = (
        count_arguments(text, scanning="scanf" in name) if text is not None and "exec" not in name else None
    )
    if more is None and convention.packed:
        if stack_known:
            raise flow.refuse(
                call.place[0],
                f"how many variable arguments {name} is given is not to be seen; macOS has them on the stack",
                "variable arguments",
            )
        more = ""
    elif more is None:
        more = _guess_more(call, letters, convention)
    signature = by_prototype(letters + more, convention, len(letters))
    signature.variadic, signature.result_letter = True, prototype.results or "v"
    call.arguments = take(graph, call, signature.arguments, convention, stack_known=stack_known)
    call.letters = signature.letters
    return signature


def _guess_more(call: Call, letters: str, convention: Convention) -> str:
    start = sum(letter not in "df" for letter in letters)
    more = ""
    for place in convention.integers[start:]:
        value = call.registers[place]
        if is_garbage(value, convention) or (value.op == "entry" and value.data == place):
            break
        more += "l"
    floats = 0
    count = _vector_count(call)
    if count is not None and count <= 8:
        floats = count
    elif call.count is None:
        for place in convention.floats:
            if not low_float(call.registers[place]):
                break
            floats += 1
    if start + len(more) == len(convention.integers):
        more += "l" * len(call.outgoing)
    return "d" * floats + more


def _string(value: Value, flow: Flow) -> bytes | None:
    if value.op != "addr":
        return None
    region = flow.image.region_of(value.data)
    if region is None or not region.section or region.writable:
        return None
    start = value.data - region.start
    end = region.data.find(b"\0", start)
    return bytes(region.data[start:end]) if 0 <= start < end or start == end else None


def _observed(
    body: Body,
    calls: list[Call],
    convention: Convention,
    elsewhere: set[Value],
    memory_results: bool,
    limits: tuple[int, int] | None,
) -> Signature:
    """From what the argument registers hold. A register that holds what it did at entry may be passed on or may
    just not have been touched: it counts where the function looks at it, or at one behind it, which makes it a parameter;
    where a later one was made for a call and for nothing else; and where another call of the same function passes as many."""
    known = {value.data for value in elsewhere if value.op == "entry"}
    parameters = max((at + 1 for at, place in enumerate(convention.integers) if place in known), default=0)
    most_integers, most_floats = limits or (len(convention.integers), len(convention.floats))

    def passing(call: Call, place: Variable) -> bool:
        value = call.registers[place]
        return value.op == "entry" and value.data == place and place not in call.written

    def meant(call: Call, place: Variable) -> bool:
        value = call.registers[place]
        if passing(call, place) or is_garbage(value, convention):
            return False
        plain = value.op in ("const", "addr") or from_entry(value) is not None
        return value not in elsewhere or (plain and place in call.written)

    possible = len(convention.integers)
    shown = 0
    floats_least = 0
    floats_most = len(convention.floats)
    variadic = 0
    for call in calls:
        available = 0
        unbroken = True
        for position, place in enumerate(convention.integers):
            value = call.registers[place]
            second = value.op == "left" and value.data[0] in convention.results and place in call.written
            if (is_garbage(value, convention) and not second) or of_a_jump(body, value):
                possible = min(possible, position)
                break
            if body.graph.literal and (comes_in(value) or _from_elsewhere(body, call, value)):
                possible = min(possible, position)
                break  # unoptimised code looks every argument up
            unbroken = unbroken and (
                not passing(call, place)
                or position < parameters
                or any(meant(call, later) for later in convention.integers[position + 1 :])
            )
            if unbroken:
                available = position + 1
        shown = max(shown, available)
        count = _vector_count(call)
        given = _given_floats(call, convention)
        fresh_count = count is not None and count <= given and limits is None
        if fresh_count:
            variadic += 1
        floats = 0
        for position, place in enumerate(convention.floats):
            value = call.registers[place]
            upper = call.registers[("r", place[1] + 8)]
            if (
                low_float(value)
                or (value.op == "load" and upper.constant == 0)
                or (value.op == "zext" and value.args[0].op == "load" and upper.constant == 0)
                or (not body.graph.literal and passing(call, place) and place in known)
            ):
                floats = position + 1
            else:
                break
        if fresh_count:
            floats = count or 0
        floats_least = max(floats_least, floats)
        floats_most = min(floats_most, floats if fresh_count else given)
    count = min(shown, possible, most_integers)
    floats_most = min(floats_most, most_floats)
    signature = Signature(list(convention.integers[:count]))
    signature.arguments += convention.floats[: min(floats_least, floats_most)]
    signature.variadic = variadic == len(calls) and variadic > 0
    if count == len(convention.integers):
        words = min(len(call.outgoing) for call in calls)
        signature.arguments += [("s", word) for word in range(words)]
    pointer = convention.result_pointer
    if (
        memory_results
        and pointer is not None
        and all(from_entry(call.registers.get(pointer, call.target)) is not None for call in calls)
    ):
        signature.arguments.insert(0, pointer)
    for call in calls:
        call.arguments = take(body.graph, call, signature.arguments, convention)
    return signature


def _from_elsewhere(body: Body, call: Call, value: Value) -> bool:
    """Whether a register has what another block left in it: unoptimised code has no use for that."""
    for block in body.blocks:
        if any(effect.call is call for effect in block.effects):
            here = {effect.value for effect in block.effects if effect.kind == "load"}
            calls = [effect.call for effect in block.effects if effect.call is not None]
            leaves = reachable([value])
            return any(
                leaf.op == "phi"
                or (leaf.op == "load" and leaf not in here)
                or (leaf.op == "left" and leaf.data[1] not in calls)
                for leaf in leaves
            )
    return False


def _vector_count(call: Call) -> int | None:
    """What al says of a variadic call, where it is a number."""
    value = call.count
    while value is not None and value.op in ("piece", "zext"):
        value = value.args[-1]
    number = value.constant if value is not None else None
    return None if number is None else number & 0xFF


def _given_floats(call: Call, convention: Convention) -> int:
    for position, place in enumerate(convention.floats):
        if is_garbage(call.registers[place], convention):
            return position
    return len(convention.floats)


def _used_elsewhere(body: Body, convention: Convention) -> set[Value]:
    """What the function itself looks at, whatever its calls pass."""
    roots: list[Value] = []
    for block in body.blocks:
        for effect in block.effects:
            roots += list(effect_operands(effect, guesses=False))
            if effect.kind == "load" and effect.address is not None:
                roots.append(effect.address)
            if effect.call is not None:
                # What an argument is made of is looked at; the argument itself may be for the call alone.
                for place, value in effect.call.registers.items():
                    passing = value.op == "entry" and value.data == place and place not in effect.call.written
                    if not passing and not is_garbage(value, convention):
                        roots += value.args
                        if value.op == "entry":
                            roots.append(value)
        if block.condition is not None:
            roots.append(block.condition)
    return reachable(roots)
