"""SARIF 2.1.0 of a run: one result for each module that can be smaller, for code scanning. Pure.

Readers make links of `[text](address)` in a message (section 3.11.6), so that none is left there.

Source: the OASIS standard, Static Analysis Results Interchange Format 2.1.0.
"""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import Any

from irlens import __version__, escape
from irlens.tuning.baseline import oz_words
from irlens.tuning.outcome import Failure, Outcome, Run

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RULE = "smaller-than-oz"


def sarif(run: Run) -> dict[str, Any]:
    """The log, ready for `json.dumps`."""
    rule = {
        "id": RULE,
        "name": "SmallerThanOz",
        "shortDescription": {"text": "A pass list makes this module smaller than -Oz does."},
        "fullDescription": {
            "text": "The module was measured with -Oz, as it is, and with the lists of a search. -Oz and the lists ran "
            "on functions with the attributes that clang -Oz gives them. The list in the message made the module "
            "smaller than both. Run the command in the message, or leave the module."
        },
        "defaultConfiguration": {"level": "note"},
    }
    driver = {
        "name": "irlens",
        "semanticVersion": __version__,
        "version": __version__,
        "rules": [rule],
        "properties": {"versions": run.versions},
    }
    invocation: dict[str, Any] = {
        "commandLine": run.command,
        "executionSuccessful": not run.failures and not run.left,
        "toolExecutionNotifications": [_notification(each) for each in run.failures],
    }
    smaller = [each for each in run.outcomes if each.is_find]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": [_result(each, run.opt) for each in smaller],
            }
        ],
    }


def _result(outcome: Outcome, opt: str) -> dict[str, Any]:
    unit = outcome.unit
    share = 1 - outcome.best / outcome.reference
    text = (
        f"{outcome.best} {unit} with this pass list; {oz_words(outcome.oz, outcome.plain_oz)}, {outcome.before} as it is "
        f"({share:.2%} smaller), measured by {outcome.by}. {outcome.opt_command(opt)}"
    )
    return {
        "ruleId": RULE,
        "ruleIndex": 0,
        "level": "note",
        "message": {"text": escape.message(text)},
        "locations": [_location(outcome.path)],
        "partialFingerprints": {"module/v1": outcome.path},
        "properties": {
            "before": outcome.before,
            "oz": outcome.oz,
            "ozWithoutAttributes": outcome.plain_oz if outcome.plain_oz is not None else outcome.oz,
            "best": outcome.best,
            "unit": unit,
            "passes": outcome.passes,
            "check": outcome.checked,
        },
    }


def _notification(failure: Failure) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": escape.message(failure.why)},
        "locations": [_location(failure.path)],
    }


def _location(path: str) -> dict[str, Any]:
    """A relative path stays one, which code scanning takes from the root of the repository."""
    # A name may have backslashes where they separate nothing.
    plain = PurePosixPath(path.replace("\\", "/") if os.name == "nt" else path)
    uri = escape.uri_path(plain.as_posix())
    if plain.is_absolute():
        uri = f"file://{uri}"
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": 1},
        }
    }
