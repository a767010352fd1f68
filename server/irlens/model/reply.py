"""From token bytes to reply text: UTF-8 that is split between tokens, stop strings that are.

Pure; the same for every engine that hands out bytes.
"""

from __future__ import annotations

import codecs


class ReplyText:
    """Collects a reply. `take` gives back the text that may be shown now; after `stopped` nothing more is
    taken. Bytes that never become UTF-8 turn into U+FFFD.

    Text is shown as soon as it is whole characters. A stop string is part of the text, whatever follows it in
    the same token is not: so only the text behind the stop's last character must never be shown, and nothing
    has to be held back.
    """

    def __init__(self, stop: tuple[str, ...]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = tuple(text for text in stop if text)
        self._longest = max(map(len, self._stop), default=0)
        self._tail = ""
        self.stopped = False

    def take(self, data: bytes, *, final: bool = False) -> str:
        """The new text that `data` completes, up to and with the first stop string."""
        if self.stopped:
            return ""
        new = self._decoder.decode(data, final)
        if not self._stop:
            return new
        window = self._tail + new
        ends = [found + len(text) for text in self._stop if (found := window.find(text)) >= 0]
        if ends:
            self.stopped = True
            return new[: min(ends) - len(self._tail)]
        self._tail = window[-(self._longest - 1) :] if self._longest > 1 else ""
        return new
