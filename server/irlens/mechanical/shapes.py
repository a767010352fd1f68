"""Which 64-bit values are pointers, and which are floating point: from what is done with them."""

from __future__ import annotations

from irlens.mechanical.body import Body
from irlens.mechanical.lanes import FLOAT_ARGUMENTS, FLOAT_RESULTS
from irlens.mechanical.values import Value

_CAPABLE = frozenset({"entry", "load", "left", "phi"})
"""Values that can be pointers by themselves; a sum is one through its base."""


def terms(value: Value) -> tuple[list[Value], list[Value], int]:
    """A sum taken apart: what is added, what is taken away, and the number added (signed)."""
    plus: list[Value] = []
    minus: list[Value] = []
    number = 0
    todo = [(value, 1)]
    while todo:
        each, sign = todo.pop()
        if each.op == "add":
            todo += [(arg, sign) for arg in reversed(each.args)]
        elif each.op == "sub" and each.bits == 64:
            todo += [(each.args[1], -sign), (each.args[0], sign)]
        elif each.op == "const":
            number += sign * each.data
        else:
            (plus if sign > 0 else minus).append(each)
    number &= (1 << 64) - 1
    return plus, minus, number - (1 << 64) if number >> 63 else number


class Shapes:
    """`pointers` holds the values of `_CAPABLE` kinds that are pointers; `floats` those that are numbers."""

    def __init__(self, body: Body, wanted: list[Value], live: set[Value]) -> None:
        self.pointers: set[Value] = set()
        self.floats: set[Value] = set()
        self._chosen: set[Value] = set()
        """Sums for which a pointer was picked; no sum is asked twice."""
        self._find_pointers(body, wanted, live)
        self._find_floats(live)

    def base(self, value: Value) -> Value | None:
        """The term of a sum (or the value itself) that is the pointer in it, if one is."""
        if value.bits != 64:
            return None
        if value.op in ("addr", "sp") or value in self.pointers:
            return value
        if value.op not in ("add", "sub"):
            return None
        parts, minus, _ = terms(value)
        if any(part.op in ("addr", "sp") or part in self.pointers for part in minus):
            return None
        fixed = [part for part in parts if part.op in ("addr", "sp")]
        if fixed:
            return fixed[0] if len(fixed) == 1 else None
        known = [part for part in parts if part in self.pointers]
        return known[0] if len(known) == 1 and parts.count(known[0]) == 1 else None

    def is_pointer(self, value: Value) -> bool:
        return self.base(value) is not None

    def _find_pointers(self, body: Body, wanted: list[Value], live: set[Value]) -> None:
        addresses = list(wanted)
        for block in body.blocks:
            for effect in block.effects:
                if effect.address is not None:
                    addresses.append(effect.address)
                if effect.call is not None and effect.call.target.op != "addr":
                    addresses.append(effect.call.target)
        open_sums: list[Value] = []
        self._want_all(addresses, open_sums)
        phis = [phi for block in body.blocks for phi in block.phis]
        kept = _kept_at(body)
        changed = True
        while changed:
            before = len(self.pointers)
            for values in kept.values():  # one place holds one kind of thing
                if any(self.is_pointer(value) for value in values):
                    self._want_all(values, open_sums)
            for phi in phis:
                if phi.bits == 64 and phi not in self.pointers and any(self.is_pointer(a) for a in phi.args):
                    self._want_all([phi], open_sums)
                if phi in self.pointers:
                    self._want_all(list(phi.args), open_sums)
            for value in live:
                if value.op in ("eq", "ne", "ult", "ule") and value.args[0].bits == 64:
                    one, other = value.args
                    if self.is_pointer(one) != self.is_pointer(other) and one.op != "const" != other.op:
                        self._want_all([one, other], open_sums)
            again, open_sums = open_sums, []
            self._want_all(again, open_sums)
            changed = len(self.pointers) != before
            if not changed and open_sums:
                # Of several that could be the pointer, take the first that looks least like an index.
                value = open_sums.pop(0)
                self._chosen.add(value)
                if not self.is_pointer(value):
                    self._want(min(_candidates(value), key=_index_like))
                    changed = True

    def _want_all(self, values: list[Value], open_sums: list[Value]) -> None:
        for value in values:
            if value.bits != 64 or self.is_pointer(value):
                continue
            if value.op in _CAPABLE:
                self._want(value)
            elif value.op in ("add", "sub"):
                found = _candidates(value)
                if len(found) == 1:
                    self._want(found[0])
                elif found and value not in open_sums and value not in self._chosen:
                    open_sums.append(value)

    def _want(self, value: Value) -> None:
        self.pointers.add(value)

    def _find_floats(self, live: set[Value]) -> None:
        votes: dict[Value, int] = {}
        users: dict[Value, int] = {}
        for value in live:
            for arg in value.args:
                if value.op not in ("phi",):
                    users[arg] = users.get(arg, 0) + 1
                if value.op in FLOAT_ARGUMENTS:
                    votes[arg] = votes.get(arg, 0) + 1
        for value, count in votes.items():
            can_be = value.op in ("load", "phi") and value.bits in (32, 64) and value not in self.pointers
            if can_be and count * 2 >= users[value]:
                self.floats.add(value)
        changed = True
        phis = [value for value in live if value.op == "phi" and value.bits in (32, 64)]
        while changed:
            changed = False
            for phi in phis:
                if phi in self.floats or phi in self.pointers:
                    continue
                if any(arg.op in FLOAT_RESULTS or arg in self.floats for arg in phi.args):
                    self.floats.add(phi)
                    changed = True


def _kept_at(body: Body) -> dict[Value, list[Value]]:
    """By address, what is loaded from there and stored there in words of 64 bits."""
    found: dict[Value, list[Value]] = {}
    for block in body.blocks:
        for effect in block.effects:
            if effect.address is not None and effect.value is not None and effect.value.bits == 64:
                found.setdefault(effect.address, []).append(effect.value)
    return found


def _candidates(value: Value) -> list[Value]:
    parts, _, _ = terms(value)
    fixed = [part for part in parts if part.op in ("addr", "sp")]
    if fixed:
        return []
    found = [part for part in parts if part.op in _CAPABLE and parts.count(part) == 1]
    return list(dict.fromkeys(found))


def _index_like(value: Value) -> tuple[int, int]:
    order = {"entry": 0, "load": 1, "left": 1, "phi": 2}
    return order.get(value.op, 3), value.number
