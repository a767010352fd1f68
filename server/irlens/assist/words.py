"""Small words that several answers share."""

from __future__ import annotations


def counted(count: int, what: str) -> str:
    """`1 token`, `2 tokens`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
