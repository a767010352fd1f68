"""What an x86 call does to the stack, which its callee takes back."""

from __future__ import annotations

from irlens.mechanical.convention import Convention
from irlens.mechanical.flow import Place
from irlens.mechanical.machine_code import Op, Varnode


def pushes_of_return_addresses(ops: list[tuple[Place, Op]], convention: Convention) -> set[Place]:
    """The two operations by which an x86 call puts its return address on the stack."""
    skipped: set[Place] = set()
    if convention.architecture != "x86_64":
        return skipped
    for position, (place, op) in enumerate(ops):
        if op.name not in ("CALL", "CALLIND"):
            continue
        for earlier in range(position - 1, -1, -1):
            other_place, other = ops[earlier]
            if other_place[0] != place[0]:
                break
            if other.name == "STORE" and other.ins[2].space == "const":
                skipped.add(other_place)
                stack = convention.stack[1]
                before_place, before = ops[earlier - 1]
                if before.name == "INT_SUB" and before.out == Varnode("register", stack, 8):
                    skipped.add(before_place)
                break
    return skipped
