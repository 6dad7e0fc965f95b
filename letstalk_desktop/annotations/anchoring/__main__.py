"""The engine for measuring: JSON lines on standard input, one answer a line on standard output.

``{"doc": "d1", "text": "…"}`` (and ``"old_text"`` where it is at hand) announces a text; the lines that follow are anchors in
it: ``{"id": "v1", "doc": "d1", "exact": "…", "prefix": "…", "suffix": "…", "start": 120, "end": 160}``. Answers:
``{"id": "v1", "start": 130, "end": 171, …}``, or ``"start": null`` for what is doubtful or gone. Offsets are code points.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from typing import Any, TextIO

from letstalk_desktop.annotations.anchoring.relocator import Relocator
from letstalk_desktop.annotations.anchoring.results import Found, Result
from letstalk_desktop.annotations.model import Anchor

_IDLE = 1.0  # seconds without a line after which the anchors at hand are answered


class Session:
    """The texts announced so far and the anchors that wait for their answers."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._texts: dict[str, tuple[str, str | None]] = {}
        self._relocators: dict[str, Relocator] = {}
        self._waiting: dict[str, list[tuple[object, Anchor]]] = {}

    def read(self, line: str) -> None:
        """Take one line; a line that is no anchor and no text is reported on standard error and skipped."""
        if not line.strip():
            return
        try:
            message = json.loads(line)
            if not isinstance(message, dict):
                raise ValueError("not a JSON object")
        except ValueError as error:
            print(f"skipped: {error}", file=sys.stderr)
            return
        if "id" in message:
            self._waiting.setdefault(str(message.get("doc") or self._last()), []).append((message["id"], _anchor(message)))
        elif "text" in message or "new_text" in message:
            self.answer()
            doc = str(message.get("doc") or "")
            old = message.get("old_text")
            self._relocators.pop(doc, None)
            self._texts[doc] = (_text(message.get("text", message.get("new_text"))), None if old is None else _text(old))

    def answer(self) -> None:
        """Answer every anchor that waits."""
        for doc, waiting in self._waiting.items():
            new, old = self._texts.get(doc, ("", None))
            relocator = self._relocators.get(doc)
            if relocator is None:
                self._relocators.clear()  # what is prepared for one text is large
                relocator = self._relocators[doc] = Relocator(new, old)
            relocator.prepare()
            clock = _Clock()
            results = relocator.locate_all([anchor for _, anchor in waiting], clock)
            clock(len(waiting), len(waiting))
            for (name, _), result, spent in zip(waiting, results, clock.spent(len(waiting)), strict=True):
                self._output.write(json.dumps({"id": name, **_answer(result), "ms": round(spent, 4)}) + "\n")
        self._waiting.clear()
        self._output.flush()

    def _last(self) -> str:
        return next(reversed(self._texts), "")


class _Clock:
    """Counts the milliseconds spent on each anchor, over both passes."""

    def __init__(self) -> None:
        self._marks: list[tuple[int, float]] = []

    def __call__(self, done: int, total: int) -> bool:
        self._marks.append((done, time.perf_counter()))
        return True

    def spent(self, total: int) -> list[float]:
        """Milliseconds by anchor."""
        spent = [0.0] * total
        for (done, began), (_, ended) in zip(self._marks, self._marks[1:], strict=False):
            if done < total:
                spent[done] += (ended - began) * 1000
        return spent


def _answer(result: Result) -> dict[str, object]:
    if isinstance(result, Found):
        return {"start": result.start, "end": result.end, "confidence": round(result.confidence, 4), "how": result.how.value}
    return {"start": None, "confidence": round(result.confidence, 4), "how": type(result).__name__.lower()}


def _anchor(message: dict[str, Any]) -> Anchor:
    start, end = _number(message.get("start")), _number(message.get("end"))
    exact = _text(message.get("exact"))
    fields = {name: _text(message.get(name)) for name in ("prefix", "suffix", "block", "chapter")}
    return Anchor("", "", "", start=start, end=end or start + len(exact), exact=exact, **fields)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15 else 0


def main() -> None:
    """Answer until standard input ends."""
    lines: queue.Queue[str | None] = queue.Queue(maxsize=10_000)

    def feed() -> None:
        with open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False) as source:
            for line in source:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=feed, daemon=True).start()
    with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as output:
        session = Session(output)
        while True:
            try:
                line = lines.get(timeout=_IDLE)
            except queue.Empty:
                session.answer()
                line = lines.get()
            if line is None:
                break
            session.read(line)
        session.answer()


if __name__ == "__main__":
    main()
