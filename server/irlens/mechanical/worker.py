"""The child process that owns pypcode: `python -P -m irlens.mechanical.worker MEMORY_LIMIT_BYTES`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from irlens.confinement import policy
from irlens.workers.serve import Answer, Operations, Refused, serve

_KEPT_IMAGES = 4
RECURSION = 20_000
"""Nested calls of Python that a long expression may take."""


def load() -> Operations:
    from irlens.mechanical import pcode, simplify  # noqa: F401 - imported late elsewhere, and nothing is read later
    from irlens.mechanical.answers import Uncovered
    from irlens.mechanical.core import lift_function
    from irlens.mechanical.data import Globals
    from irlens.mechanical.debug_info import prototypes_of
    from irlens.mechanical.image import Image
    from irlens.objects.assembly import Lengths, assembly_of, function_names
    from irlens.objects.elf import BadObject
    from irlens.objects.listing import listing_of
    from irlens.prototypes.declared import BY_DEBUG_INFORMATION, known_as_json, known_from_json
    from irlens.prototypes.declared import declared as declared_for
    from irlens.source.positions import to_utf8

    sys.setrecursionlimit(RECURSION)
    pcode.warm()
    images: dict[bytes, Image] = {}

    def read(block: bytes) -> Image:
        image = images.get(block)
        if image is None:
            image = Image(block)
            while len(images) >= _KEPT_IMAGES:
                del images[next(iter(images))]
            images[block] = image
        return image

    def lift(
        block: bytes,
        function: str,
        triple: str,
        keep_frame: bool = False,
        declared: Sequence[dict[str, Any]] = (),
    ) -> Answer:
        signatures = {name: one.signature for name, one in known_from_json(declared).items()}
        try:
            lifted = lift_function(read(block), function, triple, pcode.decode, keep_frame, signatures)
        except Uncovered as uncovered:
            raise Refused(str(uncovered), what=uncovered.what, offset=uncovered.offset) from uncovered
        return {"notes": list(lifted.notes), "sizes": dict(lifted.sizes)}, lifted.ir.encode()

    def lengths(architecture: str) -> Lengths:
        def find(code: bytes, address: int) -> list[int]:
            found, at = [], 0
            while at < len(code) and (length := pcode.length(architecture, code[at : at + 16], address + at)):
                found.append(length)
                at += length
            return found

        return find

    def functions(block: bytes) -> Answer:
        try:
            return {"names": function_names(block)}, b""
        except BadObject as bad:
            raise Refused(str(bad), what="object") from bad

    def assembly(block: bytes, function: str | None) -> Answer:
        try:
            text, name = assembly_of(block, function, lengths("x86_64"))
        except BadObject as bad:
            raise Refused(str(bad), what="object") from bad
        return {"name": name}, to_utf8(text)

    def listing(block: bytes, first: str | None) -> Answer:
        machine = "aarch64" if block[18:19] == b"\xb7" else "x86_64"

        def words(code: bytes, address: int) -> str:
            return pcode.disassembly(machine, code, address).lower()

        try:
            made = listing_of(block, lengths("x86_64"), words, first)
        except BadObject as bad:
            raise Refused(str(bad), what="object") from bad
        head = {"functions": list(made.functions), "following": made.following, "notes": list(made.notes)}
        return head, to_utf8(made.text)

    def prototypes(block: bytes, triple: str) -> Answer:
        found = declared_for(prototypes_of(block), triple, BY_DEBUG_INFORMATION)
        return {"declared": known_as_json(found)}, b""

    def places(block: bytes, function: str, prefix: str) -> Answer:
        """How far symbols that begin so are behind the function's beginning, by name."""
        try:
            image = read(block)
            start = image.function(function).address
        except Uncovered as uncovered:
            raise Refused(str(uncovered), what=uncovered.what) from uncovered
        found = {
            name: symbol.address - start for name, symbol in image.symbols.items() if name.startswith(prefix)
        }
        return {"places": found}, b""

    def data(block: bytes, names: list[str]) -> Answer:
        found = Globals(read(block), "")
        notes = []
        for name in names:
            try:
                found.define(name)
            except Uncovered as uncovered:
                notes.append(f"{name}: {uncovered}")
        return {"notes": notes}, found.text().encode()

    return {
        "lift": lift,
        "functions": functions,
        "assembly": assembly,
        "listing": listing,
        "places": places,
        "prototypes": prototypes,
        "data": data,
    }


def main() -> None:
    serve(load, int(sys.argv[1]) if len(sys.argv) > 1 else 0, policy.closed())


if __name__ == "__main__":
    main()
