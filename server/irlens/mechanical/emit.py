"""The graph as LLVM IR in text: one function and what it refers to."""

from __future__ import annotations

from irlens.mechanical.body import BodyBlock, Call, Effect
from irlens.mechanical.convention import LETTER_TYPE
from irlens.mechanical.data import quoted
from irlens.mechanical.lanes import FLOAT_RESULTS
from irlens.mechanical.names import raw_label, raw_name
from irlens.mechanical.objects import Object, aligned, allocas, drop_dead
from irlens.mechanical.operands import Operands
from irlens.mechanical.passing import FLOAT_TYPE, natural_width
from irlens.mechanical.prototypes import NEVER_RETURN
from irlens.mechanical.values import Value, from_entry

ATTRIBUTES = 'attributes #0 = { "no-builtins" }'
"""The calls in machine code are what the compiler left of them: LLVM must not make other calls of them."""


class Emitter(Operands):
    """Writes one function; one use. `text` is the whole module."""

    # The module

    def text(self) -> str:
        self._choose_types()
        for number in range(len(self.body.blocks)):
            self._block(number)
        for number in range(len(self.body.blocks)):
            self._phi_arguments(number)
        if self.literal:
            drop_dead(self.lines, self.ends)
        head = f'target triple = "{self.triple}"\n'
        order = sorted(range(len(self.body.blocks)), key=lambda n: (n > 0, n and self.body.blocks[n].start))
        entry = self.body.blocks[0]
        shown = []
        for number in order:
            if self.body.blocks[number].end == "gone":
                continue
            lines = self.lines[number]
            if number == 0 and self.own.variadic:
                lines[:0] = self._arguments_on_the_stack()
            if number == 0 and self.uses_frame:
                low = self.frame.low or 0
                lines.insert(0, f"%frame = alloca [{self.frame.high - low} x i8], align 16")
            if number == 0 and self.frame.objects:
                lines[:0] = allocas(self.frame.objects, self.convention, self.frame.top)
            shown.append(
                f"{self._label(number)}:\n" + "\n".join(f"  {line}" for line in [*lines, self.ends[number]])
            )
        assert not entry.before
        parameters = ", ".join(
            f"{self._parameter_type(place)}{' %' + self._parameter_name(place)}"
            for place in self.own.arguments
        )
        if self.own.variadic:
            parameters += ", ..."
        direct = self._direct_accesses() if self.literal else {}
        define = (
            f"define {self._result_type()} {quoted(self.name)}({parameters}) #0 {{\n"
            + "\n".join(shown)
            + "\n}"
        )
        intrinsics = "\n".join(self.intrinsics)
        parts = [head, self.globals.text(direct), define, intrinsics, ATTRIBUTES]
        return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"

    def _direct_accesses(self) -> dict[str, tuple[str, int]]:
        """By global: the type that it is accessed with, and bytes."""
        found = {}
        for block in self.body.blocks:
            for effect in block.effects:
                if effect.address is not None and effect.address.op == "addr" and effect.value is not None:
                    kind = self._access_type(effect)
                    found[self.globals.pointer(effect.address.data)] = (kind, effect.value.bits // 8)
        return found

    def _arguments_on_the_stack(self) -> list[str]:
        """Where they are: with every register among the named arguments, it is where `va_start` begins."""
        self.intrinsics["declare void @llvm.va_start.p0(ptr)"] = None
        x86 = self.convention.architecture == "x86_64"
        lines = [
            f"%list = alloca [{24 if x86 else 32} x i8], align 8",
            "call void @llvm.va_start.p0(ptr %list)",
            f"%place = getelementptr i8, ptr %list, i64 {8 if x86 else 0}",
            "%incoming = load ptr, ptr %place, align 8",
        ]
        return lines

    # Blocks

    def _label(self, number: int) -> str:
        address, _ = self.body.blocks[number].start
        return raw_label(number, 0 if address < 0 else self.flow.offset(address))

    def _block(self, number: int) -> None:
        block = self.body.blocks[number]
        if block.end == "gone":
            return
        self.now = number
        for phi in block.phis:
            kind = self._phi_type(phi)
            self.names[phi] = raw_name(phi.home, phi.number)
            self.types[phi] = kind
        ended = False
        waiting = self._in_order(number) if self.literal else []
        for effect in block.effects:
            while waiting and waiting[-1].number < _place(effect):
                self._late(waiting.pop())
            self._effect(effect)
            if effect.call is not None and effect.call.outside and effect.call.name in NEVER_RETURN:
                ended = True
                break
        if ended:
            self.ends[number] = "unreachable"
        else:
            for value, home in self.where.items():
                if home == number and value in self.live:
                    self._late(value)
            self._end(number, block)

    def _in_order(self, number: int) -> list[Value]:
        """The pure values of a block, the last that the machine computes first."""
        found = [value for value, home in self.where.items() if home == number and value in self.live]
        return sorted(found, key=lambda value: -value.number)

    def _late(self, value: Value) -> None:
        """Write a value in its block though its first use is in another one."""
        if value.op in ("add", "sub") and self.shapes.is_pointer(value):
            self.pointer(value)
        elif value not in self.names:
            self._define(value)

    def _phi_type(self, phi: Value) -> str:
        if phi in self.shapes.pointers:
            return "ptr"
        if phi in self.shapes.floats:
            return FLOAT_TYPE[phi.bits]
        return f"i{phi.bits}"

    def _phi_arguments(self, number: int) -> None:
        block = self.body.blocks[number]
        lines = []
        for phi in block.phis:
            kind = self.types[phi]
            edges = []
            for before, value in zip(block.before, phi.args, strict=True):
                if self.body.blocks[before].end == "gone" or self.ends[before] == "unreachable":
                    continue
                self.now = before
                text = self.typed(value, kind)
                edges += [f"[ {text}, %{self._label(before)} ]"] * max(
                    1, self.body.blocks[before].targets.count(number)
                )
            lines.append(f"{self.names[phi]} = phi {kind} {', '.join(edges)}")
        self.lines[number][:0] = lines

    def _end(self, number: int, block: BodyBlock) -> None:
        targets = [f"label %{self._label(target)}" for target in block.targets]
        if block.end == "goto":
            text = f"br {targets[0]}"
        elif block.end == "branch":
            assert block.condition is not None
            text = self._branch(block.condition, targets)
        elif block.end == "switch":
            assert block.condition is not None
            kind = f"i{block.condition.bits}"
            index = self.integer(block.condition)
            # The guard in front of the jump leaves no other value.
            rest = "".join(
                f" {kind} {case}, {target}"
                for case, target in list(zip(block.cases, targets, strict=True))[1:]
            )
            text = f"switch {kind} {index}, {targets[0]} [{rest} ]"
        elif block.end == "return":
            text = self._return(block)
        elif block.end == "trap":
            self.intrinsics["declare void @llvm.trap()"] = None
            self._line("call void @llvm.trap()")
            text = "unreachable"
        elif block.end == "stop":
            text = "unreachable"
        else:
            raise self.flow.refuse(
                block.place[0], f"it jumps where nothing says ({block.end})", "indirect jump"
            )
        self.ends[number] = text

    def _branch(self, condition: Value, targets: list[str]) -> str:
        if self.literal and condition.op in ("eq", "ne") and condition.args[1].constant == 0:
            tested = condition.args[0]
            if tested.op == "and" and tested.args[1].constant == 1:  # a truth value
                bit = self._fresh(f"trunc i{tested.bits} {self.integer(tested.args[0])} to i1")
                return f"br i1 {bit}, {', '.join(targets if condition.op == 'ne' else targets[::-1])}"
        return f"br i1 {self.integer(condition)}, {targets[0]}, {targets[1]}"

    def _return(self, block: BodyBlock) -> str:
        if not self.results:
            return "ret void"
        kinds = [self._own_result_type(variable) for variable in self.results]
        texts = [
            self.typed(block.results[variable], kind)
            for variable, kind in zip(self.results, kinds, strict=True)
        ]
        if len(kinds) == 1:
            return f"ret {kinds[0]} {texts[0]}"
        whole = self._result_type()
        built = "poison"
        for position, (kind, text) in enumerate(zip(kinds, texts, strict=True)):
            built = self._fresh(f"insertvalue {whole} {built}, {kind} {text}, {position}")
        return f"ret {whole} {built}"

    # Effects

    def _effect(self, effect: Effect) -> None:
        if effect.kind == "load":
            value = effect.value
            assert value is not None
            assert effect.address is not None
            kind = self._access_type(effect)
            address = self.pointer(effect.address)
            name = self.names[value] = raw_name(value.home, value.number)
            self.types[value] = kind
            # LLVM must not take the machine's trap at a fixed address for something that cannot happen.
            how = "load volatile" if effect.address.op == "const" else "load"
            self._line(f"{name} = {how} {kind}, ptr {address}, align {self._alignment(effect)}")
        elif effect.kind == "store":
            assert effect.value is not None
            assert effect.address is not None
            kind = self._access_type(effect)
            text = self.typed(effect.value, kind)
            how = "store volatile" if effect.address.op == "const" else "store"
            address = self.pointer(effect.address)
            self._line(f"{how} {kind} {text}, ptr {address}, align {self._alignment(effect)}")
        elif effect.call is not None:
            self._call(effect.call)

    def _access_type(self, effect: Effect) -> str:
        value = effect.value
        assert value is not None
        moved = self._moved(effect) if self.literal else ""
        if moved and value.bits in FLOAT_TYPE:
            return FLOAT_TYPE[value.bits] if moved == "number" else self._word(value)
        if effect.kind == "store":
            if value.bits == 64 and self.shapes.is_pointer(value):
                return "ptr"
            if value in self.shapes.floats or value.op in FLOAT_RESULTS:
                return FLOAT_TYPE[value.bits]
        elif value in self.shapes.pointers:
            return "ptr"
        elif value in self.shapes.floats:
            return FLOAT_TYPE[value.bits]
        return f"i{value.bits}"

    def _word(self, value: Value) -> str:
        return "ptr" if value.bits == 64 and self.shapes.is_pointer(value) else f"i{value.bits}"

    def _moved(self, effect: Effect) -> str:
        """What an instruction that only moves says by its register: a "number" with a fraction or a "word"."""
        instruction = self.flow.instructions.get(effect.place[0])
        words = instruction.text.lower().split() if instruction is not None else []
        if len(words) < 2:
            return ""
        if words[0] in ("movss", "movsd"):
            return "number"
        if words[0] in ("ldr", "ldur", "str", "stur"):
            return "number" if words[1][0] in "sd" and words[1][1].isdigit() else "word"
        return "word" if words[0] == "mov" else ""

    def _alignment(self, effect: Effect) -> int:
        """Bytes: nothing is known but of the frame."""
        assert effect.address is not None
        assert effect.value is not None
        offset = from_entry(effect.address)
        if self.frame.objects is None or offset is None:
            return 1
        return aligned(offset + self.convention.stack_alignment[0], effect.value.bits // 8)

    def _whole_object(self, effect: Effect) -> Object | None:
        """The variable that is read or written, all of it."""
        offset = from_entry(effect.address) if effect.address is not None else None
        held = self.frame.holding(offset) if offset is not None else None
        assert effect.value is not None
        whole = held is not None and (held.start, held.size * 8) == (offset, effect.value.bits)
        return held if whole else None

    def _choose_types(self) -> None:
        """Of the frame's variables, from how they are accessed."""
        for block in self.body.blocks:
            for effect in block.effects:
                offset = from_entry(effect.address) if effect.address is not None else None
                held = self.frame.holding(offset) if offset is not None else None
                if held is None or effect.value is None:
                    continue
                if self._whole_object(effect) is not None:
                    held.kinds.append(self._access_type(effect))
                else:
                    held.mixed = True

    def _call(self, call: Call) -> None:
        key = self._key(call)
        signature = self.calls[key]
        if signature.variadic:
            kinds = []
            for position, value in enumerate(call.arguments):
                letter = call.letters[position : position + 1]
                kind = LETTER_TYPE.get(letter, "")
                if position >= signature.fixed and letter == "l":
                    kind = (
                        "ptr"
                        if self.shapes.is_pointer(value)
                        else "i32"
                        if (value.bits if self.convention.packed else natural_width(value)) <= 32
                        else "i64"
                    )
                kinds.append(kind or self._argument_type(signature, position, [call]))
        else:
            kinds = self.argument_types[key]
        texts = [
            f"{kind} {self.typed(value, kind.split()[0])}"
            for kind, value in zip(kinds, call.arguments, strict=True)
        ]
        results = self.result_types[key]
        returned = (
            "void" if not results else results[0] if len(results) == 1 else "{ " + ", ".join(results) + " }"
        )
        function_type = returned
        if signature.variadic:
            fixed = kinds[: signature.fixed]
            function_type = f"{returned} ({', '.join([*fixed, '...'])})"
            declared = f"{returned} {{name}}({', '.join([*fixed, '...'])})"
        else:
            declared = f"{returned} {{name}}({', '.join(kinds)})"
        if call.target.op == "addr" and call.name:
            target = quoted(call.name)
            if call.name != self.name:
                self.globals.functions[call.name] = "declare " + declared.replace("{name}", target)
        else:
            target = self.pointer(call.target)
        text = f"call {function_type} {target}({', '.join(texts)})"
        if call.tail:
            text = f"tail {text}"
        if not results:
            self._line(text)
            return
        whole = self._fresh(text)
        for position, variable in enumerate(signature.results):
            left = call.left.get(variable)
            name = whole if len(results) == 1 else ""
            if left is None or left not in self.live:
                continue
            if not name:
                name = self._fresh(f"extractvalue {returned} {whole}, {position}")
            self.names[left] = name
            self.types[left] = results[position]


def _place(effect: Effect) -> int:
    """Where an effect stands among the values."""
    return effect.value.number if effect.kind == "load" and effect.value is not None else effect.number
