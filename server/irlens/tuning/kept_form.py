"""Whether a kept report has the form that `irlens tune` gave it: a cache may come from anywhere, seals and all.

Pure. The form is written down once more here, so that what reads a report need not doubt each of its parts.
"""

from __future__ import annotations

from typing import Any

_MOST = 1 << 53
"""Numbers up to here are whole in JSON of every reader."""


def is_report(found: object) -> bool:
    """Whether it is what `assist.tune.as_json` makes, but for what nobody reads of functions that differ."""
    unit = _of(found, "objective", "unit")
    if not isinstance(found, dict) or not isinstance(unit, str):
        return False
    size = {unit: _count}
    broken = {"name": _text, "evidence": lambda each: isinstance(each, dict)}
    guard = {
        "agreed": [_text],
        "unknown": [{"name": _text, "why": _text}],
        "broken": [broken],
        "commonest": _text,
        "inputs": _count,
        "seconds": _seconds,
    }
    return _matches(
        found,
        {
            "objective": {"what": _text, "codegen": _text, "unit": _text},
            "before": size,
            "oz": size | {"without_attributes": _maybe(_count)},
            "attributes": {
                "lacking": _count,
                "functions": _count,
                "optnone": [_text],
                "optnone_words": _maybe(_text),
                "opt_options": [_text],
            },
            "best": size | {"passes": _text, "as_text": _maybe(_count)},
            "saved": _number,
            "model": _maybe(size | {"passes": _text, "note": _text}),
            "why_no_model_list": _maybe(_text),
            "tried": [size | {"passes": _text}],
            "left_out": [{"passes": _text, "how": _text, "why": _text}],
            "compilations": _count,
            "compiled": _count,
            "why_ended": _text,
            "by": _text,
            "not_searched": _maybe(_text),
            "guard": _maybe(guard),
            "seconds": _seconds,
        },
    )


def _of(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _matches(value: object, form: Any) -> bool:
    """`form` is a test, a dictionary of forms (with those keys and no other), or a list with the form of each part."""
    if isinstance(form, dict):
        return (
            isinstance(value, dict)
            and value.keys() == form.keys()
            and all(_matches(value[key], each) for key, each in form.items())
        )
    if isinstance(form, list):
        return isinstance(value, list) and all(_matches(each, form[0]) for each in value)
    return bool(form(value))


def _maybe(form: Any) -> Any:
    return lambda value: value is None or _matches(value, form)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _number(value: object) -> bool:
    """Neither infinite nor NaN, which compares with nothing."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -_MOST < value < _MOST


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST


def _seconds(value: object) -> bool:
    return _number(value) and value >= 0  # type: ignore[operator]
