"""One function of an object file as LLVM IR: the passes in order."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from irlens.llvm.signatures import Signature as Passed
from irlens.mechanical.answers import Lifted, Uncovered
from irlens.mechanical.arguments import decide_calls, take
from irlens.mechanical.arity import arity_of
from irlens.mechanical.body import Body, BodyBlock
from irlens.mechanical.convention import Convention, convention_of
from irlens.mechanical.emit import Emitter
from irlens.mechanical.flow import Decode, Flow
from irlens.mechanical.frame import Frame, analyse
from irlens.mechanical.image import Image
from irlens.mechanical.narrow import narrow_phis
from irlens.mechanical.packed import refuse_hidden_arguments, refuse_packed, refuse_variable_arguments
from irlens.mechanical.prototypes import of_signatures
from irlens.mechanical.signature import (
    calls_of,
    decide_results,
    keep_what_callees_keep,
    own_signature,
    registers_of,
    results_of_calls,
)
from irlens.mechanical.ssa import Builder, Slots
from irlens.mechanical.tables import Table, read_table
from irlens.mechanical.values import Value, from_entry, reachable

ROUNDS = 12
"""Jump tables that lead to code with further jump tables, at most."""


def lift_function(
    image: Image,
    function: str,
    triple: str,
    decode: Decode,
    keep_frame: bool = False,
    signatures: Mapping[str, Passed] = MappingProxyType({}),
) -> Lifted:
    """`keep_frame` leaves the variables of unoptimised code in memory, as they are. `signatures` are of functions, by name,
    of which that is known. Raises `Uncovered`."""
    convention = convention_of(image.architecture, triple)
    arm = convention.architecture == "aarch64"
    declared = of_signatures(signatures, arm=arm, packed=convention.packed)
    flow = Flow(image, function, decode, declared=declared)
    try:
        return _lift(flow, convention, triple, memory_results=False, keep=keep_frame)
    except Uncovered as uncovered:
        if uncovered.what != "odd argument" or convention.result_pointer is None:
            raise
    # It reads part of its frame that it never wrote: a callee may have, told where by a register of its own.
    return _lift(flow, convention, triple, memory_results=True, keep=keep_frame)


def _lift(flow: Flow, convention: Convention, triple: str, *, memory_results: bool, keep: bool) -> Lifted:
    function = flow.symbol.name
    body, frame, tables = _settled(flow, convention, memory_results, keep)
    if convention.packed and frame.variadic:
        refuse_variable_arguments(flow)
    for block in body.blocks:
        if block.end == "return":
            _check_return(block, convention, flow)
        block.stack = block.link = None
    _switches(body, tables)
    _forget_garbage(body, convention, variadic=frame.variadic)
    _whole_words(body, convention)
    if frame.variadic:
        _count_all_vectors(body, convention)
    arity = arity_of(flow, convention)
    calls = decide_calls(body, convention, flow, memory_results=memory_results, arity=arity)
    results = decide_results(body, convention, flow.own_prototype)
    keep_what_callees_keep(body, convention, flow)
    body.tidy()
    while narrow_phis(body):
        pass
    results_of_calls(body, convention, calls, flow)
    own = own_signature(body, convention, flow)
    if flow.own_prototype is not None and results == registers_of(flow.own_prototype.results, convention):
        own.result_letter = flow.own_prototype.results or "v"
    if frame.variadic:
        own.arguments, own.variadic = [*convention.integers, *convention.floats], True
    for _ in range(4):  # a call of itself takes what the function takes
        if function not in calls:
            break
        for call in calls_of(body):
            if call.name == function:
                call.arguments = take(body.graph, call, own.arguments, convention)
                calls[function].arguments = own.arguments
        again = own_signature(body, convention, flow)
        again.result_letter = own.result_letter
        if again.arguments == own.arguments:
            break
        own = again
    if convention.result_pointer in own.arguments:  # then the result is in memory, and nowhere else
        results = []
        for block in body.blocks:
            block.results = {}
    body.tidy()
    if convention.packed:
        refuse_packed(body, convention, flow, own, calls)
    if keep and convention.architecture == "aarch64":
        _join_pairs_of_jumps(body)
        _stop_where_nothing_follows(body, flow)
    emitter = Emitter(body, flow, convention, frame, own, results, calls, triple)
    text = emitter.text()
    return Lifted(text, tuple(emitter.notes), emitter.globals.sizes)


def _settled(
    flow: Flow, convention: Convention, memory_results: bool, keep: bool
) -> tuple[Body, Frame, dict[int, Table]]:
    """Build until no jump table brings new code and every indirect jump is one or leaves the function."""
    for _ in range(ROUNDS):
        first = Builder(flow, convention, Slots()).build()
        calls = decide_calls(
            first,
            convention,
            flow,
            stack_known=False,
            memory_results=memory_results,
            arity=arity_of(flow, convention),
        )
        if convention.packed:
            refuse_hidden_arguments(first, convention, flow, calls)
        keep_what_callees_keep(first, convention, flow)
        first.tidy()
        frame = analyse(first, convention, flow, keep=keep)
        body = Builder(flow, convention, frame.slots, literal=keep).build()
        tables: dict[int, Table] = {}
        news = False
        for block in body.blocks:
            if block.end != "indirect":
                continue
            table = read_table(body, block, flow)
            if table is None:
                if block.stack is None or from_entry(block.stack) != 0:
                    raise flow.refuse(block.place[0], "where it jumps is not to be seen", "indirect jump")
                flow.leaving.add(block.place[0])
                news = True
            else:
                tables[block.place[0]] = table
                news |= flow.resolve(block.place[0], tuple(dict.fromkeys(table.targets)))
        if not news:
            return body, frame, tables
    raise Uncovered("The function's jump tables do not come to an end.", "tables")


def _forget_garbage(body: Body, convention: Convention, *, variadic: bool) -> None:
    """Drop stores of what a register happened to hold at entry into the function's own frame: an x86 `push` that
    only moves the stack pointer."""
    passed = (*convention.integers, *convention.floats)

    def unknown(value: Value) -> bool:
        return value.op == "entry" and value.data[0] == "r" and value.data not in passed

    for block in body.blocks:
        kept = []
        for effect in block.effects:
            value = effect.value
            inside = effect.address is not None and from_entry(effect.address) is not None
            if effect.kind == "store" and value is not None and inside:
                if unknown(value):
                    continue
                if (
                    variadic and value.op == "piece" and unknown(value.args[0])
                ):  # a vector register's low half
                    effect.value = value.args[1]
            kept.append(effect)
        block.effects = kept


def _whole_words(body: Body, convention: Convention) -> None:
    """Arguments on the stack come in words of 8 bytes, however they are read."""
    read = {
        variable: value
        for variable, value in body.entries.items()
        if variable[0] == "s" and variable[1] >= convention.return_slot and value.bits != 64
    }
    replaced = {}
    for (_, offset), value in sorted(read.items()):
        size = value.bits // 8
        first = convention.return_slot + (offset - convention.return_slot) // 8 * 8
        whole: Value | None = None
        for start in range(first, offset + size, 8):
            word = body.entries.get(("s", start))
            if word is None or word.bits != 64:
                word = body.entries[("s", start)] = body.graph.pin("entry", (), 64, ("s", start))
            whole = word if whole is None else body.graph.piece(word, whole)
        assert whole is not None
        replaced[value] = body.graph.extract(whole, (offset - first) * 8, value.bits)
    if replaced:
        body.substitute(replaced)
        body.tidy()


def _count_all_vectors(body: Body, convention: Convention) -> None:
    """In a function of variable arguments on x86-64, al says how many vector registers were used, so that the
    others need not be kept: here they all are."""
    entry = body.entries.get(convention.results[0])
    if convention.return_slot and entry is not None:
        body.substitute({entry: body.graph.const(len(convention.floats), 64)})
        body.tidy()
        body.drop_unreachable()


def _switches(body: Body, tables: dict[int, Table]) -> None:
    for block in body.blocks:
        if block.end != "indirect":
            continue
        table = tables[block.place[0]]
        by_address = {body.blocks[target].start[0]: target for target in block.targets}
        assert block.condition is not None
        body.jumps |= reachable([block.condition]) - reachable([table.index])
        block.end = "switch"
        block.condition = table.index
        block.targets = [by_address[target] for target in table.targets]
        block.cases = list(range(len(table.targets)))


def _join_pairs_of_jumps(body: Body) -> None:
    """Unoptimised AArch64 code ends a branch in two jumps: the second is no block of its own."""
    for number, block in enumerate(body.blocks):
        if block.end != "branch":
            continue
        middle = block.targets[1]
        between = body.blocks[middle]
        plain = between.end == "goto" and not between.effects and not between.phis
        if not plain or between.before != [number] or block.targets[0] in (middle, between.targets[0]):
            continue
        after = body.blocks[between.targets[0]]
        block.targets[1] = between.targets[0]
        after.before = [number if each == middle else each for each in after.before]
        between.end, between.targets, between.before = "gone", [], []


def _stop_where_nothing_follows(body: Body, flow: Flow) -> None:
    """Unoptimised AArch64 code ends every block in a jump, but after a call that does not return."""
    for number, block in enumerate(body.blocks):
        last = block.effects[-1].call if block.effects else None
        if block.end != "goto" or last is None or block.place[0] not in flow.instructions:
            continue
        if flow.instructions[block.place[0]].text.split()[0].lower() != "b":
            body.cut_edge(number, block.targets[0])
            block.end, block.targets = "stop", []


def _check_return(block: BodyBlock, convention: Convention, flow: Flow) -> None:
    """The stack pointer is back where it was, and an AArch64 function returns to its caller."""
    offset = from_entry(block.stack) if block.stack is not None else None
    if offset not in (0, convention.return_slot):
        raise flow.refuse(block.place[0], "the stack pointer is not where it was at entry", "stack pointer")
    if convention.link is not None and block.link is not None:
        link = block.link
        if not (link.op == "entry" and link.data == convention.link):
            raise flow.refuse(
                block.place[0], "it returns to somewhere other than the caller", "return address"
            )
