"""Runs a function once, in unicorn, and says what it did. With `worker` the only file that imports unicorn.

Memory appears where the code reaches. Code other than the function's own is not there: reaching for it stops
the emulator with a fetch fault, and that is a call. Stack accesses are not watched, as the frame is the
function's own; every other write is.
"""

from __future__ import annotations

import random
import struct

import unicorn as uc
from unicorn import arm64_const as a64
from unicorn import x86_const as x86

from irlens.emulator import calls
from irlens.emulator.arm import ZERO, ArmCompare, compare_of
from irlens.emulator.decode import scans
from irlens.emulator.inputs import (
    CALLERS_FRAME,
    STACK_ENTRY,
    STACK_HIGH,
    STACK_LOW,
    STACKED_BYTES,
    Memory,
    mix,
)
from irlens.emulator.layout import (
    DATA_BASE,
    NULL_END,
    PAGE,
    RESERVED_END,
    RETURN_ADDRESS,
    SLOT_BASE,
    SLOT_END,
    THREAD_POINTER,
    TLS_RESOLVER,
    Image,
    World,
)
from irlens.emulator.machine_registers import MASK, X86, Arm, Bank
from irlens.emulator.trace import UNKNOWN_INSTRUCTION, Called, Results, Start, Trace

STEPS = 20_000
"""Instructions between two calls that a run may take."""
MOST_CALLS = 200
MOST_STOPS = 600
"""Calls of any kind, those that are carried out included."""
MOST_WRITES = 4_000
MOST_PAGES = 160
MOST_COMPARES = 1_000
_MXCSR, _FPCW = 0x1F80, 0x37F
"""As a process begins with them: all exceptions masked, rounded to nearest. System V ABI, 3.4.1."""
_KEPT_PAGES = 24
_STUB_WORDS = 16
"""Words of stacked arguments that are kept of each call."""


class Machine:
    """An emulator with the objects of `world` loaded. `watching` runs also say what was compared and read,
    which is slow; such a machine is for choosing inputs."""

    def __init__(self, world: World, memory: Memory, *, watching: bool = False) -> None:
        self._world, self._memory = world, memory
        self._registers = Arm if world.arm else X86
        self._uc = uc.Uc(self._registers.arch, self._registers.mode, self._registers.cpu)
        self._uc.ctl_set_tcg_buffer_size(16 << 20)
        self._x87 = not world.arm and any(0xD8 <= byte <= 0xDF for i in world.images for byte in i.code_bytes)
        self._make_banks()
        self._pages: set[int] = set()
        self._dirty: set[int] = set()
        self._watching = watching
        self.seed = 0
        self._kept_garbage: dict[tuple[int, int, int], tuple[int, ...]] = {}
        """What `_garbage` gave for this seed: both sides of an input get the same."""
        self._other = 0
        self._patience = 1
        self._stops = 0
        self._compares: dict[int, ArmCompare] = {}
        self._scans: dict[int, int | None] = {}
        self.claimed: set[int] = set()
        """Where the original would have gone on behind calls that only the candidate says do not return."""
        self._trace = Trace()
        self._gone = False
        self._starts: set[int] = set()
        self.blocks: dict[int, set[tuple[int, int]]] = {}
        """Blocks that ran so far, by image: address and size in bytes."""
        self._image = world.images[0]
        for image in world.images:
            self._load(image)
        self._hook()

    def _make_banks(self) -> None:
        registers, engine = self._registers, self._uc
        last: tuple[int, ...]
        link: tuple[int, ...]
        # Control registers as a process begins with them; the last run may have left something else.
        if self._world.arm:
            doubles = tuple(a64.UC_ARM64_REG_D0 + number for number in range(8, 16))
            last = (
                a64.UC_ARM64_REG_X8,
                a64.UC_ARM64_REG_X30,
                a64.UC_ARM64_REG_TPIDR_EL0,
                a64.UC_ARM64_REG_FPCR,
                *doubles,
            )
            self._control = (RETURN_ADDRESS, THREAD_POINTER, 0, *range(8))
            link = (a64.UC_ARM64_REG_X8, a64.UC_ARM64_REG_X30)
        else:
            last = (
                x86.UC_X86_REG_FS_BASE,
                x86.UC_X86_REG_EFLAGS,
                x86.UC_X86_REG_MXCSR,
                x86.UC_X86_REG_FPCW,
            )
            self._control = (THREAD_POINTER, 0x2, _MXCSR, _FPCW)
            if self._x87:
                last = (*last, x86.UC_X86_REG_FPTAG, x86.UC_X86_REG_FPSW)
                self._control = (*self._control, 0xFFFF, 0)
            link = ()
        entry = (registers.sp, *registers.others, *registers.arguments, *last)
        self._entry_bank = Bank(engine, entry, registers.vectors)
        self._call_bank = Bank(engine, (registers.sp, *link, *registers.arguments), registers.vectors)
        kept = tuple(registers.kept.values())
        self._end_bank = Bank(engine, (*registers.results, *kept), registers.vectors[:4])
        self._kept_at = [entry.index(register) for register in kept]
        self._scratch_bank = Bank(engine, (registers.sp, *registers.scratch))
        self._pc_bank = Bank(engine, (registers.pc,))
        self._kept_bits = [registers.kept_bits.get(name, MASK) for name in registers.kept]
        self._link = len(link)

    def _load(self, image: Image) -> None:
        self.blocks[image.number] = set()
        for segment in image.segments:
            size = -(-len(segment.data) // PAGE) * PAGE
            if size:
                allowed = uc.UC_PROT_READ | (uc.UC_PROT_EXEC if segment.executable else 0)
                self._uc.mem_map(segment.address, size, allowed)
                self._uc.mem_write(segment.address, segment.data)

    def _hook(self) -> None:
        engine = self._uc
        engine.hook_add(uc.UC_HOOK_MEM_READ_UNMAPPED | uc.UC_HOOK_MEM_WRITE_UNMAPPED, self._on_unmapped)
        engine.hook_add(uc.UC_HOOK_MEM_WRITE, self._on_write, begin=0, end=STACK_LOW - 1)
        engine.hook_add(uc.UC_HOOK_MEM_WRITE, self._on_write, begin=CALLERS_FRAME, end=MASK)
        engine.hook_add(uc.UC_HOOK_EDGE_GENERATED, self._on_edge)
        if not self._world.arm:
            self._hook_scans()
        if self._watching:
            engine.hook_add(uc.UC_HOOK_MEM_READ, self._on_read, begin=0, end=STACK_LOW - 1)
            if self._world.arm:
                self._hook_arm_compares()
                return
            for call, flag in (
                (self._on_compare, uc.UC_TCG_OP_FLAG_CMP),
                (self._on_subtract, uc.UC_TCG_OP_FLAG_DIRECT),
            ):
                engine.hook_add(uc.UC_HOOK_TCG_OPCODE, call, aux1=uc.UC_TCG_OP_SUB, aux2=flag)

    def _hook_scans(self) -> None:
        image = self._world.images[0]
        for address, register in scans(image).items():
            number = getattr(x86, f"UC_X86_REG_{register.upper()}", None) if register else None
            self._scans[address] = number
            self._uc.hook_add(uc.UC_HOOK_CODE, self._on_scan, begin=address, end=address)

    def _on_scan(self, engine: uc.Uc, address: int, size: int, data: object) -> None:
        number = self._scans.get(address)
        if number is None or not engine.reg_read(number):
            self._trace.scanned_zero = True

    def _hook_arm_compares(self) -> None:
        for image in self._world.images[:2]:
            for start, end in image.own:
                for address in range(start, end - 3, 4):
                    found = compare_of(int.from_bytes(image.bytes_at(address, 4), "little"))
                    if found is not None:
                        self._compares[address] = found
                        self._uc.hook_add(uc.UC_HOOK_CODE, self._on_arm_compare, begin=address, end=address)

    def _arm_register(self, number: int) -> int:
        if number == ZERO:
            return 0
        first = a64.UC_ARM64_REG_X0 if number < 29 else a64.UC_ARM64_REG_X29 - 29
        return int(self._uc.reg_read(first + number))

    # --- hooks --------------------------------------------------------------------------------------

    def _on_unmapped(self, _: uc.Uc, access: int, address: int, size: int, value: int, data: object) -> bool:
        for page in {address & -PAGE, (address + size - 1) & -PAGE}:
            if page in self._pages:
                continue
            if not mappable(page):
                self._trace.fault = address
                return False
            if len(self._pages) >= MOST_PAGES * self._patience:
                self._trace.fault = address
                self._gone = True
                return False
            self._uc.mem_map(page, PAGE, uc.UC_PROT_READ | uc.UC_PROT_WRITE)
            self._uc.mem_write(page, self._memory.page(page))
            self._pages.add(page)
        return True

    def _on_write(self, _: uc.Uc, access: int, address: int, size: int, value: int, data: object) -> None:
        writes = self._trace.writes
        writes.append((address, (value & ((1 << (8 * size)) - 1)).to_bytes(size, "little")))
        self._dirty.add(address & -PAGE)
        self._dirty.add((address + size - 1) & -PAGE)
        if len(writes) > MOST_WRITES * self._patience:
            self._gone = True
            self._uc.emu_stop()

    def _on_edge(
        self,
        _: uc.Uc,
        current: uc.unicorn_py3.unicorn.uc_tb,
        previous: uc.unicorn_py3.unicorn.uc_tb,
        data: object,
    ) -> None:
        found = self.blocks[self._image.number]
        found.add((current.pc, current.size))
        found.add((previous.pc, previous.size))

    def _on_read(self, _: uc.Uc, access: int, address: int, size: int, value: int, data: object) -> None:
        if len(self._trace.reads) < 2_000:
            data_ = self._uc.mem_read(address, size)
            self._trace.reads.append((address, bytes(data_)))

    def _on_compare(self, _: uc.Uc, address: int, left: int, right: int, size: int, data: object) -> None:
        if len(self._trace.compares) < MOST_COMPARES and not STACK_LOW <= left & MASK < STACK_HIGH:
            self._trace.compares.append((address, left, right, size))

    def _on_subtract(
        self, engine: uc.Uc, address: int, left: int, right: int, size: int, data: object
    ) -> None:
        """A subtraction, which compilers also use to compare: unicorn 2.1 gives the difference in place of the
        left operand."""
        self._on_compare(engine, address, left + right, right, size, data)

    def _on_arm_compare(self, engine: uc.Uc, address: int, size: int, data: object) -> None:
        found = self._compares[address]
        right = found.immediate if found.right is None else self._arm_register(found.right)
        right = -right if found.negated else right
        self._on_compare(engine, address, self._arm_register(found.left), right, found.bits, data)

    @property
    def pages(self) -> int:
        """Pages of memory that are there now."""
        return len(self._pages)

    # --- a run --------------------------------------------------------------------------------------

    def fresh_memory(self) -> None:
        """Forget the pages of the last input. To be called when `memory` answers for another one."""
        if len(self._pages) > _KEPT_PAGES:
            for page in self._pages:
                self._uc.mem_unmap(page, PAGE)
            self._pages.clear()
        else:
            for page in self._pages:
                if not STACK_LOW <= page < STACK_HIGH:  # each run begins with a fresh one
                    self._uc.mem_write(page, self._memory.page(page))
        self._dirty.clear()

    def _clean(self) -> None:
        for page in self._pages:
            if page in self._dirty or STACK_LOW <= page < STACK_HIGH:
                self._uc.mem_write(page, self._memory.page(page))
        self._dirty.clear()

    def run(self, image: Image, start: Start, patience: int = 1, other: int = 0) -> Trace:
        """Run the image's function from its entry to its end, or to `patience` times the limits. With `other`, what no
        caller decides is another: the fresh stack, registers that carry nothing, what calls leave in theirs."""
        self._patience, self._other = patience, other
        self._memory.other = other
        self._stops = 0
        self._clean()
        self._image = image
        self._trace = trace = Trace()
        self._gone = False
        self._start = start
        if start.seed != self.seed:
            self.seed = start.seed
            self._kept_garbage.clear()
        self._enter(start)
        pc = image.entry
        while True:
            self._trace.fault = None
            error = 0
            began = pc
            try:
                self._uc.emu_start(pc, RETURN_ADDRESS, 0, STEPS * patience)
            except uc.UcError as failed:
                error = failed.errno
            if began not in self._starts:
                self._count_first_block(image, began)
            pc = self._pc_bank.read()[0][0]
            if self._gone:
                trace.end = "limit"
                break
            if pc == RETURN_ADDRESS:
                trace.end = "return"
                break
            if error == 0:
                trace.end = "limit"
                break
            if error in (uc.UC_ERR_FETCH_UNMAPPED, uc.UC_ERR_FETCH_PROT):
                next_pc = self._called(image, pc)
            elif error == uc.UC_ERR_EXCEPTION and not image.in_own(pc) and image.in_own_pages(pc):
                # The filler around the function's code: another function in the same page, or its end.
                at = pc if pc in image.code_names else pc - 1
                if at not in image.code_names:
                    trace.end = "left"
                    break
                next_pc = self._called(image, at)
            else:
                trace.end = "trap"
                trace.trap = _TRAPS.get(error, f"unicorn error {error}")
                if trace.trap == UNKNOWN_INSTRUCTION and self._means_to_trap(image, pc):
                    trace.trap = "trap instruction"
                trace.where = pc
                break
            if next_pc is None:
                break
            pc = next_pc
        trace.results = self._results()
        return trace

    def _means_to_trap(self, image: Image, address: int) -> bool:
        """Whether the instruction there is one that no machine runs: ud2 and ud1, or udf."""
        code = image.bytes_at(address, 4)
        return code[2:] == b"\0\0" if self._world.arm else code[:2] in (b"\x0f\x0b", b"\x0f\xb9")

    def _count_first_block(self, image: Image, address: int) -> None:
        """The hook is told of blocks that follow another; the first one after a start is none of those."""
        self._starts.add(address)
        try:
            block = self._uc.ctl_request_cache(address)
        except uc.UcError:
            return
        self.blocks[image.number].add((block[0], block[2]))

    def _enter(self, start: Start) -> None:
        registers, engine = self._registers, self._uc
        sp = STACK_ENTRY - (0 if self._world.arm else 8)
        stacked = start.stacked if self._world.arm else RETURN_ADDRESS.to_bytes(8, "little") + start.stacked
        base = STACK_ENTRY & -PAGE
        for page in (base,):
            if page not in self._pages:
                engine.mem_map(page, PAGE, uc.UC_PROT_READ | uc.UC_PROT_WRITE)
                engine.mem_write(page, self._memory.page(page))
                self._pages.add(page)
        engine.mem_write(sp, stacked)
        others = self._garbage(len(registers.others), 0)
        if start.varargs and not self._world.arm:
            others[0] = 8  # rax: how many vector registers hold arguments, at most
        if self._world.arm:
            written = [sp, *others, *start.general, start.hidden, *self._control]
        else:
            written = [sp, *others, *start.general, *self._control]
        self._entry_bank.write(written, start.vectors)
        self._found = [written[at] for at in self._kept_at]
        self._frame = start.stacked

    def _changed(self, kept: list[int]) -> tuple[tuple[str | int, int], ...]:
        """What a caller counts on and finds otherwise: `kept` is what now is in the registers."""
        found: list[tuple[str | int, int]] = []
        behind = 0 if self._world.arm else 8  # the return took its address from the stack
        for name, bits, before, after in zip(
            self._registers.kept, self._kept_bits, self._found, kept, strict=True
        ):
            expected = before + behind if name in ("rsp", "sp") else before
            if (expected ^ after) & bits:
                found.append((name, after & bits))
        before_ = self._frame
        now = bytes(self._uc.mem_read(STACK_ENTRY, len(before_)))
        if now != before_:
            words = range(0, len(before_), 8)
            found += [
                (at, int.from_bytes(now[at : at + 8], "little"))
                for at in words
                if now[at : at + 8] != before_[at : at + 8]
            ]
        return tuple(found)

    def _results(self) -> Results:
        general, vectors = self._end_bank.read()
        count = len(self._registers.results)
        general, kept = general[:count], general[count:]
        changed = self._changed(kept) if self._trace.end == "return" else ()
        if not self._x87:
            return Results(tuple(general), tuple(vectors), None, changed=changed)
        tags = int(self._uc.reg_read(x86.UC_X86_REG_FPTAG))
        depth = sum(tags >> 2 * place & 3 != 3 for place in range(8))
        # unicorn gives ST0 without its exponent; the register that is the top of the stack has both.
        top = int(self._uc.reg_read(x86.UC_X86_REG_FPSW)) >> 11 & 7
        return Results(
            tuple(general), tuple(vectors), self._uc.reg_read(x86.UC_X86_REG_FP0 + top), depth, changed
        )

    # --- calls --------------------------------------------------------------------------------------

    def _called(self, image: Image, target: int) -> int | None:
        """Do what is called; where the code goes on, or None at the end of the run."""
        trace = self._trace
        name = self._world.name_of(target) or image.code_names.get(target, "")
        name = self._world.aliases.get(name, name)
        if name == self._world.function and target in self._world.names:
            return image.entry
        self._stops += 1
        if self._stops > MOST_STOPS * self._patience:
            trace.end = "limit"  # steps are counted anew behind each stop
            return None
        if name in image.inner:
            return image.inner[name]
        if target < NULL_END:
            trace.end, trace.trap = "trap", "memory"
            trace.fault = target
            return None
        if name == TLS_RESOLVER:
            descriptor = self._uc.reg_read(a64.UC_ARM64_REG_X0)
            address = int.from_bytes(self.load(descriptor + 8, 8), "little")
            self._uc.reg_write(a64.UC_ARM64_REG_X0, address - THREAD_POINTER)
            return int(self._uc.reg_read(a64.UC_ARM64_REG_X30))
        here = self._snapshot(name, target)
        back = here.back
        if here.sp > STACK_ENTRY and image not in self._world.candidates:
            # A variable of so many bytes that the stack pointer came round has no meaning in the source.
            trace.wild = True
        doer = calls.doer(name) if name else None
        if name == "__tls_get_addr":
            pair = self.load(self.integer(0), 16)
            base, offset = (int.from_bytes(pair[at : at + 8], "little") for at in (0, 8))
            return self._return(back, ((offset if base == 1 else base + offset),), (), here)
        if doer is not None:
            if name in calls.COPIES and calls.overlaps(self):
                # The source has no meaning there; a candidate must not give it one of its own. Assembly may copy in place
                # what its source said to copy so.
                if image not in self._world.candidates:
                    trace.wild = True
                elif self._start.of_ir:
                    trace.calls.append(here)
            try:
                ints, vectors = doer(self)
            except calls.TooMuch:
                trace.wild = True
                trace.calls.append(here)
                trace.end = "ended in a call"
                return None
            except BadAccess:
                trace.end, trace.trap = "trap", "memory"
                return None
            if len(trace.writes) > MOST_WRITES * self._patience:
                trace.end = "limit"
                return None
            return self._return(back, ints, vectors, here)
        if (places := self._start.pure(name)) is not None:
            # A function that reads memory gives another result once something was written or called.
            now = (len(trace.writes), len(trace.calls))
            number = mix(*now, *(here.value(place) for place in places)) % (1 << 32)
            return self._return(back, *self._start.result(MOST_CALLS + number, name), here)
        trace.calls.append(here)
        if len(trace.calls) > MOST_CALLS * self._patience:
            trace.end = "limit"
            return None
        if name in calls.NEVER_RETURN or name in self._start.noreturn or not self._goes_on(image, back):
            trace.end = "ended in a call"
            known = name in calls.NEVER_RETURN or name in self._start.ends
            if not known and image.number == 0 and self._has_code(image, back):
                self.claimed.add(back)
            return None
        number = len(trace.calls) - 1
        self._set_errno(name, number)
        for place in here.pointees:
            try:
                self.store(here.value(place), self._start.scribbled(number, name, place))
            except BadAccess:
                pass
        ints, vectors = self._start.result(number, name)
        return self._return(back, ints, vectors, here)

    def _has_code(self, image: Image, back: int) -> bool:
        """Whether the function goes on there: where nothing but a trap stands, its compiler knew that nothing comes back."""
        return image.in_own(back) and not self._means_to_trap(image, back)

    def _set_errno(self, name: str, number: int) -> None:
        """A function of another file leaves an error number, where the code asks for it at all."""
        errno = calls.doer("__errno_location") if "__errno_location" in self._world.slots else None
        quiet = name in calls.PROTOTYPES and name not in calls.FAIL_WITH_ERRNO
        if errno is None or quiet or name in self._world.defined:
            return
        (address,), _ = errno(self)
        self.store(address, (mix(self.seed, 71, number) % 40).to_bytes(4, "little"))

    def _goes_on(self, image: Image, back: int) -> bool:
        return back == RETURN_ADDRESS or image.in_own(back)

    def _snapshot(self, name: str, target: int) -> Called:
        general, vectors = self._call_bank.read()
        sp = general[0]
        hidden, link = general[1:3] if self._link else (0, 0)
        self._now = general[1 + self._link :], vectors
        stacked = b""
        try:
            stacked = self.load(sp, 8 * _STUB_WORDS)
            if not self._world.arm:
                link, stacked = int.from_bytes(stacked[:8], "little"), stacked[8:]
        except BadAccess:
            pass
        called = Called(
            name,
            target,
            tuple(self._now[0]),
            tuple(vectors),
            stacked,
            hidden,
            link,
            len(self._trace.writes),
            sp,
        )
        self._keep_pointees(called)
        return called

    def _keep_pointees(self, called: Called) -> None:
        """What pointers into the frame point to, for the calls whose arguments say how much."""
        for place in self._start.pointees(called.name):
            value = called.value(place)
            if STACK_LOW <= value < STACK_ENTRY:
                try:
                    called.pointees[place] = self.load(value, min(place.memory, 512))
                except BadAccess:
                    pass

    def _garbage(self, count: int, number: int) -> list[int]:
        key = (count, number, self._other)
        found = self._kept_garbage.get(key)
        if found is None:
            rng = random.Random(self.seed * 1009 + number + 7919 * self._other)
            found = self._kept_garbage[key] = struct.unpack(f"<{count}Q", rng.randbytes(8 * count))
        return list(found)

    def _return(self, back: int, ints: tuple[int, ...], vectors: tuple[int, ...], called: Called) -> int:
        """Go back to the caller with these results and garbage in the other scratch registers."""
        registers = self._registers
        if called.name in self._world.defined:
            # gcc looks which scratch registers a function of the same file leaves alone, and relies on it.
            scratch = self._scratch_bank.read()[0][1:]
        else:
            scratch = self._garbage(len(registers.scratch), len(self._trace.calls) + 1)
        for register, value in zip(registers.results, ints, strict=False):
            scratch[registers.scratch.index(register)] = value & MASK
        self._scratch_bank.write([called.sp + (0 if self._world.arm else 8), *scratch])
        if vectors:
            self._uc.reg_write_batch(list(zip(registers.vectors, vectors, strict=False)))
        return back

    # --- what `calls.Caller` asks for -----------------------------------------------------------------

    def integer(self, number: int) -> int:
        return int(self._now[0][number])

    def vector(self, number: int) -> int:
        return int(self._now[1][number])

    def load(self, address: int, count: int) -> bytes:
        self._reach(address, count)
        try:
            return bytes(self._uc.mem_read(address, count))
        except uc.UcError as error:
            raise BadAccess from error

    def store(self, address: int, data: bytes) -> None:
        if not data:
            return
        self._reach(address, len(data))
        if address < DATA_BASE:
            raise BadAccess
        try:
            self._uc.mem_write(address, data)
        except uc.UcError as error:
            raise BadAccess from error
        if not STACK_LOW <= address < CALLERS_FRAME:
            self._trace.writes.append((address, data))
            for page in range(address & -PAGE, address + len(data), PAGE):
                self._dirty.add(page)

    def _reach(self, address: int, count: int) -> None:
        for page in range(address & -PAGE, address + max(1, count), PAGE):
            if page not in self._pages and (page >= DATA_BASE or SLOT_BASE <= page < SLOT_END):
                if not mappable(page) or len(self._pages) >= MOST_PAGES * self._patience:
                    raise BadAccess
                self._uc.mem_map(page, PAGE, uc.UC_PROT_READ | uc.UC_PROT_WRITE)
                self._uc.mem_write(page, self._memory.page(page))
                self._pages.add(page)


class BadAccess(Exception):
    """Memory that is not there, reached for by a function that is carried out here."""


def mappable(page: int) -> bool:
    """Whether memory may appear at this page: not below `NULL_END`, not where code and constants are."""
    if page < NULL_END or page >= 1 << 47:
        return False
    return page >= RESERVED_END or SLOT_BASE <= page < SLOT_END or DATA_BASE <= page < RETURN_ADDRESS - PAGE


_TRAPS = {
    uc.UC_ERR_READ_UNMAPPED: "memory",
    uc.UC_ERR_WRITE_UNMAPPED: "memory",
    uc.UC_ERR_READ_PROT: "memory",
    uc.UC_ERR_WRITE_PROT: "memory",
    uc.UC_ERR_READ_UNALIGNED: "memory",
    uc.UC_ERR_WRITE_UNALIGNED: "memory",
    uc.UC_ERR_EXCEPTION: "exception",
    uc.UC_ERR_INSN_INVALID: UNKNOWN_INSTRUCTION,
}
assert STACKED_BYTES + 8 < PAGE // 2
