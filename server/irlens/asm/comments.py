"""Lines of GNU assembly without their comments, in time that is in proportion to the line. Pure."""

from __future__ import annotations

import re

_STRING = r'("(?>(?:[^"\\]|\\.)*)(?:"|(?P<open>\\?)))'
_BLOCK = r"/\*(?>(?:[^*\n]|\*(?!/))*)(?:\*/)?"
_A64 = re.compile(_STRING + "|" + _BLOCK + r"|//.*|^\s*+#.*")
_X86 = re.compile(_STRING + "|" + _BLOCK + r"|#.*")
_A64_BEHIND_A_MARK = re.compile(_BLOCK + r"|//.*")
_X86_BEHIND_A_MARK = re.compile(_BLOCK + r"|#.*")


def without_comment_a64(line: str) -> str:
    """A line of AArch64 without comments; strings stay."""
    return _A64.sub(lambda match: _kept(match, _A64_BEHIND_A_MARK), line)


def without_comment_x86(line: str) -> str:
    """A line of x86-64 without comments; strings stay."""
    return _X86.sub(lambda match: _kept(match, _X86_BEHIND_A_MARK), line)


def _kept(match: re.Match[str], comment: re.Pattern[str]) -> str:
    """A string. Behind a quotation mark that nothing closes no string can begin, so only comments are looked for."""
    return match[1] or "" if match["open"] is None else comment.sub("", match[1])
