"""JSON that nobody expects, and what may be done to JSON that somebody does."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

SURROGATE = "\ud83d"
TEXTS = st.sampled_from(
    [
        "",
        "a",
        SURROGATE,
        f"x{SURROGATE}y",
        "\x00",
        "\u2028",
        "é",
        "😀",
        "%",
        "../../x",
        "file:///",
        "a" * 3000,
        "\r\n",
        "1",
    ]
) | st.text(max_size=12)
NUMBERS = st.sampled_from(
    [
        0,
        1,
        -1,
        2**31 - 1,
        2**31,
        -(2**31) - 1,
        2**53,
        2**63,
        2**64,
        10**400,
        1.5,
        -0.0,
        1e308,
        float("inf"),
        float("nan"),
    ]
)
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS | st.integers()
KEYS = st.sampled_from(
    ["jsonrpc", "id", "method", "params", "uri", "line", "textDocument", "__class__", "", "a"]
)


def _nested(depth: int, in_lists: bool) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value] if in_lists else {"a": value}
    return value


# Nested so deep that every server has to read it, or so deep that it may be refused unread: nothing in between, where
# nobody could tell a refusal from a reply that is still to come.
ANYTHING: st.SearchStrategy[Any] = (
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=6,
    )
    | st.sampled_from([{"jsonrpc": "2.0", "id": "inner", "method": "shutdown"}, {"jsonrpc": "2.0"}, [], {}])
    | st.builds(_nested, st.sampled_from([2, 9, 20, 300]), st.booleans())
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += _places(inner, (*path, key))
    return found


def _with(value: Any, path: tuple[Any, ...], change: Any) -> Any:
    """A copy in which `change` has been applied to the container of the last step of `path`."""
    if not path:
        return change(value)
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(copy[path[0]], path[1:], change)
    return copy


@st.composite
def mutated(draw: st.DrawFn, value: Any) -> Any:
    """The value with one to three places replaced, left out, wrapped or added to."""
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(_places(value)))
        how = draw(st.integers(0, 5))
        if how <= 2:
            new = draw(ANYTHING)
            value = _with(value, path, lambda old, new=new: new)
        elif how == 3 and path:
            value = _with(value, path[:-1], lambda old, key=path[-1]: _without(old, key))
        elif how == 4:
            value = _with(value, path, lambda old: [old])
        else:
            key, new = draw(KEYS), draw(LEAVES)
            value = _with(
                value, path, lambda old, key=key, new=new: {**old, key: new} if isinstance(old, dict) else old
            )
    return value


def _without(container: Any, key: Any) -> Any:
    if isinstance(container, dict):
        return {name: inner for name, inner in container.items() if name != key}
    return [inner for number, inner in enumerate(container) if number != key]
