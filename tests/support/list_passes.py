"""Make `server/irlens/ir/passes.json`: the names LLVM knows, as `opt --print-passes` of several releases
lists them (names and kinds are facts of those programs).

Run by hand when a release is to be added; from the repository's root:

    python tests/support/list_passes.py 16=opt-16 19=opt-19 22=opt-22

The listing's section headings are the only thing it relies on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "server" / "irlens" / "ir" / "passes.json"

SECTIONS = {
    "Module passes": ("passes", "module"),
    "Module passes with params": ("passes", "module"),
    "Module analyses": ("analyses", "module"),
    "Module alias analyses": ("analyses", "module"),
    "CGSCC passes": ("passes", "cgscc"),
    "CGSCC passes with params": ("passes", "cgscc"),
    "CGSCC analyses": ("analyses", "cgscc"),
    "Function passes": ("passes", "function"),
    "Function passes with params": ("passes", "function"),
    "Function analyses": ("analyses", "function"),
    "Function alias analyses": ("analyses", "function"),
    "LoopNest passes": ("passes", "loop"),
    "Loop passes": ("passes", "loop"),
    "Loop passes with params": ("passes", "loop"),
    "Loop analyses": ("analyses", "loop"),
    "Machine module passes (WIP)": ("passes", "machine-module"),
    "Machine function passes (WIP)": ("passes", "machine-function"),
    "Machine function analyses (WIP)": ("analyses", "machine-function"),
}

WITH_LEVEL = ("default", "thinlto", "thinlto-pre-link", "lto", "lto-pre-link")
"""Whole pipelines: every release takes them with a level (`default<O2>`), only the newest lists them."""


def read_listing(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """`{"passes": {name: {kind: params}}, "analyses": ...}` of one `--print-passes` listing.

    A name with parameters is cut at the `<` of its parameters; `print<domtree>` and `verify<loops>`
    are names of their own.
    """
    out: dict[str, dict[str, dict[str, str]]] = {"passes": {}, "analyses": {}}
    where, kind, with_params = "", "", False
    for line in text.splitlines():
        if line.startswith("  ") and where:
            name, params = line.strip(), ""
            if with_params:
                cut = name.rindex("><") + 1 if "><" in name else name.index("<")
                name, params = name[:cut], name[cut + 1 : -1]
            if name not in WITH_LEVEL:
                out[where].setdefault(name, {})[kind] = params
        elif line.endswith(":"):
            heading = line[:-1]
            if heading not in SECTIONS:
                raise SystemExit(f"Unknown section {heading!r}. Add it to SECTIONS in {__file__}.")
            where, kind = SECTIONS[heading]
            with_params = heading.endswith("with params")
    return out


def merge(listings: dict[int, dict[str, dict[str, dict[str, str]]]]) -> dict[str, object]:
    """One table over all releases: kinds, parameters of the newest release, the releases that have it."""
    merged: dict[str, dict[str, dict]] = {"passes": {}, "analyses": {}}
    for release in sorted(listings):
        for where, names in listings[release].items():
            for name, kinds in names.items():
                entry = merged[where].setdefault(name, {"kinds": [], "llvm": []})
                entry["llvm"].append(release)
                entry["kinds"] += [kind for kind in kinds if kind not in entry["kinds"]]
                params = "".join(kinds.values())
                if params:
                    entry["params"] = params
    return {
        "source": "opt --print-passes of LLVM " + ", ".join(map(str, sorted(listings))),
        "releases": sorted(listings),
        "passes": dict(sorted(merged["passes"].items())),
        "analyses": dict(sorted(merged["analyses"].items())),
    }


def dump(table: dict[str, object]) -> str:
    """JSON with one entry a line, so that a new release makes a readable diff."""
    lines = [f'"source": {json.dumps(table["source"])}', f'"releases": {json.dumps(table["releases"])}']
    for key in ("passes", "analyses"):
        entries = table[key]
        assert isinstance(entries, dict)
        body = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries.items())
        lines.append(f'"{key}": {{\n{body}\n}}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments: list[str]) -> None:
    listings = {}
    for argument in arguments:
        release, _, program = argument.partition("=")
        result = subprocess.run([program, "--print-passes"], capture_output=True, text=True, check=True)
        listings[int(release)] = read_listing(result.stdout)
    if not listings:
        raise SystemExit("Name at least one release and its opt, for example 19=opt-19.")
    TARGET.write_text(dump(merge(listings)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
