"""The report of a run as one HTML file: nothing is loaded from elsewhere, and it works in the light and in the dark.

Everything that comes from a file or a command goes through `escape.html`. The style, the script and the drawing are in
`report_page.py` and `report_plots.py`.
"""

from __future__ import annotations

from irlens import __version__
from irlens.escape import html
from irlens.tuning.outcome import Outcome, Run, Totals, share
from irlens.tuning.report_page import SCRIPT, STYLE
from irlens.tuning.report_plots import OZ, gains_plot, sizes_plot

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def report(run: Run) -> str:
    """The page."""
    body = [
        "<h1>irlens tune</h1>",
        _lead(run),
        _totals(run),
        _plots(run),
        _modules(run),
        _failures(run),
        _made(run),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="generator" content="irlens {html(__version__)}">\n'
        f"<title>irlens tune</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + f"\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _lead(run: Run) -> str:
    if not run.outcomes:
        said = "No module could be tuned."
    else:
        unit = run.outcomes[0].unit
        oz, best = sum(each.reference for each in run.outcomes), sum(each.best for each in run.outcomes)
        many = len(run.outcomes)
        unchanged = " or as they are" if any(each.reference != each.oz for each in run.outcomes) else ""
        said = (
            f"{many} {'module' if many == 1 else 'modules'}: {oz:,} {unit} with {OZ}{unchanged}, {best:,} with the best lists: "
            f"<strong>{share(run.found.alone)}</strong>. A list made {run.found.improved} of {many} smaller than {OZ}."
        )
    parts = [f"<p class=lead>{said}</p>"]
    parts += [f"<p class=note>{_prose(note)}</p>" for note in run.attribute_notes]
    if run.left:
        parts.append(
            f"<p class=warn>The run was stopped: {run.left} modules are not in this report. "
            "Start it again to go on.</p>"
        )
    return "".join(parts)


def _totals(run: Run) -> str:
    if not run.outcomes:
        return ""
    rows = [("the best list of each module", run.found)]
    if run.model is not None:
        rows.insert(0, ("the model's first list alone", run.model))
    body = "".join(_totals_row(name, row, len(run.outcomes)) for name, row in rows)
    return (
        f"<h2>Against {OZ}</h2><div class=scroll><table>"
        "<thead><tr><th>pass lists<th class=n>modules made smaller<th class=n>made larger<th class=n>saved"
        f"<th class=n>saved, falling back to {OZ}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
        f"<p class=note>{OZ} is what clang makes at {OZ}: its passes, on functions with its attributes (minsize, "
        "optsize). A module that is smaller as it stands counts with that size. Saved is the share of all bytes; "
        f"falling back to {OZ} leaves out each list that makes its module larger. A module for which the model named "
        f"no list counts as {OZ}.</p>"
    )


def _totals_row(name: str, row: Totals, modules: int) -> str:
    return (
        f"<tr><td>{html(name)}<td class=n>{row.improved} of {modules}<td class=n>{row.regressed}"
        f"<td class=n>{row.alone:.2%}<td class=n>{row.with_oz:.2%}</tr>"
    )


def _plots(run: Run) -> str:
    if not run.outcomes:
        return ""
    unit = html(run.outcomes[0].unit)
    return (
        f"<div class=plots><figure><figcaption>{unit} by module, as a share of {OZ}; the tick is the original</figcaption>"
        f"{sizes_plot(run.outcomes)}</figure>"
        "<figure><figcaption>share saved against lists measured: each module, and the mean</figcaption>"
        f"{gains_plot(run.outcomes)}"
        "<p class=note>The smallest that was measured, before the check, which may turn it down.</p></figure></div>"
    )


_COLUMNS = (
    ("module", ""),
    ("original", "n"),
    (OZ, "n"),
    ("best", "n"),
    ("saved", "n"),
    ("best list, and the command", ""),
    ("compilations", "n"),
    ("check", ""),
)


def _modules(run: Run) -> str:
    if not run.outcomes:
        return ""
    head = "".join(
        f'<th class="{kind}" aria-sort=none><button type=button>{html(name)}</button>'
        for name, kind in _COLUMNS
    )
    rows = "".join(_row(each, run.opt) for each in run.outcomes)
    unit = html(run.outcomes[0].unit)
    return (
        f"<h2>Modules</h2><p class=note>Sizes in {unit}; saved is the share below {OZ}, or below the original where "
        "that is smaller. Press a heading to sort.</p>"
        f"<div class=scroll><table class=sort><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(outcome: Outcome, opt: str) -> str:
    command = outcome.opt_command(opt)
    passes = _code(outcome.passes, command) + _diff(outcome, opt) if command else "the original"
    said = (outcome.attribute_words, outcome.optnone, *outcome.notes)
    notes = "".join(f"<p class=note>{_prose(note)}</p>" for note in said if note)
    saved = f"{outcome.saved:.2%}"
    change = outcome.best - outcome.reference
    kind = "n good" if change < 0 else "n warn" if change > 0 else "n"
    cells = [
        ("path", outcome.path, html(outcome.path)),
        ("n", outcome.before, f"{outcome.before:,}"),
        ("n", outcome.oz, f"{outcome.oz:,}"),
        ("n", outcome.best, f"{outcome.best:,}"),
        (kind, outcome.saved, saved),
        ("list", outcome.passes, passes),
        ("n", outcome.compilations, f"{outcome.compilations:,}"),
        ("check", outcome.checked, html(outcome.checked) + notes),
    ]
    return (
        "<tr>"
        + "".join(
            f'<td class="{kind}" data-v="{html(str(value))}" data-l="{html(label)}">{text}'
            for (label, _), (kind, value, text) in zip(_COLUMNS, cells, strict=True)
        )
        + "</tr>"
    )


def _diff(outcome: Outcome, opt: str) -> str:
    """A button for the command that shows what the list changes."""
    command = outcome.diff_command(opt)
    return f'<button type=button class=copy data-copy="{html(command)}">copy the diff command</button>'


def _prose(text: str) -> str:
    """Words of a sentence, in which no line ends within -Oz."""
    return html(text).replace("-Oz", OZ)


def _code(shown: str, copied: str, label: str = "copy the opt command") -> str:
    return (
        f'<code title="{html(copied)}">{html(shown)}</code>'
        f'<button type=button class=copy data-copy="{html(copied)}">{html(label)}</button>'
    )


def _failures(run: Run) -> str:
    if not run.failures:
        return ""
    rows = "".join(f"<tr><td class=path>{html(each.path)}<td>{html(each.why)}</tr>" for each in run.failures)
    return (
        "<h2>Not tuned</h2><div class=scroll><table><thead><tr><th>module<th>why</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _made(run: Run) -> str:
    facts = {**run.versions, **run.settings, "wall time": f"{run.seconds:.1f} s"}
    rows = "".join(f"<dt>{html(name)}<dd>{html(value)}" for name, value in facts.items())
    return f"<h2>How this was made</h2><p>{_code(run.command, run.command, 'copy')}</p><dl>{rows}</dl>"
