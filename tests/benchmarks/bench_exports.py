"""The other formats at 1,000 annotations: making them and reading them back, in this process. ``dev.py bench exports``.

A budget of 1 s each for Word, HTML, Markdown and JSON. Processor seconds stand beside those on the clock, for busy machines.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from letstalk_desktop.annotations.exchange import NotebookFile, write_notebook
from letstalk_desktop.exporting import reading_back
from letstalk_desktop.exporting.csv_table import to_csv
from letstalk_desktop.exporting.html import to_html
from letstalk_desktop.exporting.markdown import to_markdown
from letstalk_desktop.exporting.model import Summary
from letstalk_desktop.exporting.retracing import Found
from letstalk_desktop.exporting.word import to_word

COUNT = 1000


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of processor."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    from tests.benchmarks.bench_pdf import example
    from tests.exporting import sample

    with TemporaryDirectory() as compiled:
        summary = example(COUNT, Path(compiled))
    mark = sample.highlight(1, "power", "Others wait.")
    marks = [mark.changed(id=f"00000000-0000-4000-8000-{number:012d}", note=f"Note {number}") for number in range(COUNT)]
    notes = NotebookFile(annotations=tuple(marks))
    writers: dict[str, tuple[Callable[[], bytes], Callable[[bytes, Summary], Found]]] = {
        "Word": (lambda: to_word(summary), reading_back.in_word),
        "HTML": (lambda: to_html(summary, notes=write_notebook(notes)).encode(), reading_back.in_html),
        "Markdown": (lambda: to_markdown(summary).encode(), reading_back.in_markdown),
        "JSON": (lambda: write_notebook(notes), reading_back.in_notebook),
        "CSV": (lambda: to_csv(summary), reading_back.in_table),
    }
    print(f"{COUNT} annotations | written: clock s  processor s | read back: clock s  passages")
    for name, (write, count) in writers.items():
        made: list[bytes] = []
        clock, busy = timed(lambda write=write, made=made: made.append(write()))  # type: ignore[misc]
        found: list[Found] = []
        back, _ = timed(lambda count=count, made=made, found=found: found.append(count(made[0], summary)))  # type: ignore[misc]
        print(f"{name:>16} | {clock:>16.2f} {busy:>12.2f} | {back:>18.2f} {found[0].passages:>9}")


if __name__ == "__main__":
    main()
