"""Registers of the two machines by their role in a call, and a way to read and write many of them fast."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import ClassVar

import unicorn as uc
from unicorn import arm64_const as a64
from unicorn import x86_const as x86
from unicorn.unicorn_py3.unicorn import uclib

MASK = (1 << 64) - 1


class Bank:
    """Some registers, read or written at once. unicorn's own `reg_write_batch` looks up each register's type in
    Python, which took more time than a run of a small function; the library's function takes ids and buffers."""

    def __init__(self, engine: uc.Uc, general: Sequence[int], vectors: Sequence[int] = ()) -> None:
        self._handle = engine._uch
        self._general, self._vectors = len(general), len(vectors)
        count = self._general + self._vectors
        self._count = count
        self._ids = (ctypes.c_int * max(1, count))(*general, *vectors)
        self._words = (ctypes.c_uint64 * (2 * max(1, count)))()
        base = ctypes.addressof(self._words)
        self._places = (ctypes.c_void_p * max(1, count))(*(base + 16 * number for number in range(count)))

    def write(self, general: Sequence[int], vectors: Sequence[int] = ()) -> None:
        words = self._words
        words[0 : 2 * self._general : 2] = list(general)
        if self._vectors:
            words[2 * self._general :: 2] = [value & MASK for value in vectors]
            words[2 * self._general + 1 :: 2] = [value >> 64 for value in vectors]
        if uclib.uc_reg_write_batch(self._handle, self._ids, self._places, self._count):
            raise uc.UcError(uc.UC_ERR_ARG)

    def read(self) -> tuple[list[int], list[int]]:
        if uclib.uc_reg_read_batch(self._handle, self._ids, self._places, self._count):
            raise uc.UcError(uc.UC_ERR_ARG)
        words, split = self._words, 2 * self._general
        low, high = words[split::2], words[split + 1 :: 2]
        vectors = [a | b << 64 for a, b in zip(low, high, strict=True)] if self._vectors else []
        return words[0:split:2], vectors


class X86:
    kept: ClassVar[dict[str, int]] = {
        "rsp": x86.UC_X86_REG_RSP,
        "rbx": x86.UC_X86_REG_RBX,
        "rbp": x86.UC_X86_REG_RBP,
        "r12": x86.UC_X86_REG_R12,
        "r13": x86.UC_X86_REG_R13,
        "r14": x86.UC_X86_REG_R14,
        "r15": x86.UC_X86_REG_R15,
        "the direction flag": x86.UC_X86_REG_EFLAGS,
        "mxcsr": x86.UC_X86_REG_MXCSR,
        "the x87 control word": x86.UC_X86_REG_FPCW,
    }
    """What a function leaves as it found it. System V ABI, 3.2.1."""
    kept_bits: ClassVar[dict[str, int]] = {
        "the direction flag": 1 << 10,
        "mxcsr": 0xFFC0,
        "the x87 control word": 0xFFFF,
    }
    """The bits of those that count, where not all do."""
    arch, mode = uc.UC_ARCH_X86, uc.UC_MODE_64
    cpu = None
    pc, sp = x86.UC_X86_REG_RIP, x86.UC_X86_REG_RSP
    arguments = (
        x86.UC_X86_REG_RDI,
        x86.UC_X86_REG_RSI,
        x86.UC_X86_REG_RDX,
        x86.UC_X86_REG_RCX,
        x86.UC_X86_REG_R8,
        x86.UC_X86_REG_R9,
    )
    results = (x86.UC_X86_REG_RAX, x86.UC_X86_REG_RDX, x86.UC_X86_REG_RCX)
    vectors = tuple(x86.UC_X86_REG_XMM0 + number for number in range(8))
    scratch = (
        x86.UC_X86_REG_RAX,
        x86.UC_X86_REG_RCX,
        x86.UC_X86_REG_RDX,
        x86.UC_X86_REG_RSI,
        x86.UC_X86_REG_RDI,
        x86.UC_X86_REG_R8,
        x86.UC_X86_REG_R9,
        x86.UC_X86_REG_R10,
        x86.UC_X86_REG_R11,
    )
    others = (
        x86.UC_X86_REG_RAX,
        x86.UC_X86_REG_R10,
        x86.UC_X86_REG_R11,
        x86.UC_X86_REG_RBX,
        x86.UC_X86_REG_RBP,
        x86.UC_X86_REG_R12,
        x86.UC_X86_REG_R13,
        x86.UC_X86_REG_R14,
        x86.UC_X86_REG_R15,
    )


class Arm:
    kept: ClassVar[dict[str, int]] = {
        "sp": a64.UC_ARM64_REG_SP,
        **{f"x{number}": a64.UC_ARM64_REG_X0 + number for number in range(19, 29)},
        "x29": a64.UC_ARM64_REG_X29,
        **{f"d{number}": a64.UC_ARM64_REG_D0 + number for number in range(8, 16)},
        "fpcr": a64.UC_ARM64_REG_FPCR,
    }
    """What a function leaves as it found it. AAPCS64, 6.1."""
    kept_bits: ClassVar[dict[str, int]] = {"fpcr": 0xFFFFFFFF}
    arch, mode = uc.UC_ARCH_ARM64, uc.UC_MODE_ARM
    cpu = a64.UC_CPU_ARM64_MAX
    pc, sp = a64.UC_ARM64_REG_PC, a64.UC_ARM64_REG_SP
    arguments = tuple(a64.UC_ARM64_REG_X0 + number for number in range(8))
    results = arguments
    vectors = tuple(a64.UC_ARM64_REG_Q0 + number for number in range(8))
    scratch = tuple(a64.UC_ARM64_REG_X0 + number for number in range(19))
    others = (*(a64.UC_ARM64_REG_X0 + number for number in range(9, 29)), a64.UC_ARM64_REG_X29)
