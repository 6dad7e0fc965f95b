"""PDF against bare Typst: the same pages, whole processes, in one run. ``python -m tests.benchmarks.bench_pdf [COUNT…]``.

*Ours* starts Python, makes the summary from annotations and sets it in the child process. *Bare* starts Python and compiles a
Typst source that holds the same pages as literal markup. Memory is the largest process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FONTS, TEMPLATES = ROOT / "resources" / "fonts", ROOT / "resources" / "typst"
QUOTES = (
    ("power", "Power can be built, and it can be shared."),
    ("power", "It is made by hundreds of conversations,"),
    ("concepts", "They often have it together, once they know one another and decide to act."),
    ("concepts", "Who is missing from the room, and who decided that?"),
)
NOTE = "Note {number}: ask *who* would call first, and **why** they would; then bring it to the advisory table in June."
BARE = """
import sys, typst
fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[sys.argv[2]])
pdf = typst.compile(sys.argv[1], font_paths=fonts, ignore_system_fonts=True, pdf_standards=["ua-1", "a-2a"])
open(sys.argv[3], "wb").write(pdf)
"""


def make_ours(count: int, target: Path) -> None:
    """What ``letstalk export`` does, from annotations in memory."""
    from letstalk_desktop.exporting.child import Engine

    with Engine(FONTS, TEMPLATES) as engine:
        from letstalk_desktop.exporting.rendered import export_file

        export_file(target, engine.render(example(count)).document)


def example(count: int) -> Any:
    """A summary with ``count`` passages, each with a note, every third with a concept."""
    from letstalk_desktop.annotations.model import Kind
    from letstalk_desktop.exporting.model import Choices
    from letstalk_desktop.exporting.summary import summarize
    from tests.exporting import sample

    kinds = [kind for kind in Kind if kind is not Kind.ACTION]
    examples = [sample.highlight(1, *place) for place in QUOTES]
    marks = [
        examples[number * len(QUOTES) // count].changed(
            id=f"00000000-0000-4000-8000-{number:012d}",
            kind=kinds[number % 5],
            note=NOTE.format(number=number),
            concepts=("base-building",) if number % 3 == 0 else (),
        )
        for number in range(count)
    ]
    choices = Choices("community-organizing", reader=sample.READER)
    return summarize(sample.resource(), sample.chapter, marks, [], {}, choices, sample.translator_for("en"), sample.NOW)


def bare_source(count: int) -> str:
    """The same pages as literal Typst."""
    summary = example(count)
    common = (TEMPLATES / "common.typ").read_text(encoding="utf-8")
    setup = common[common.index("#let setup(body)") :]
    parts = [
        '#let size = 10pt\n#let ink = rgb("#1f2529")\n#let muted = rgb("#5c6668")\n#let accent = rgb("#0b6165")\n',
        '#let serif = ("Source Serif 4",)\n#let sans = ("Source Sans 3",)\n#let mono = ("Source Code Pro",)\n',
        "#let small = 0.85em\n#let small-sans(body, ..style) = text(font: sans, size: small, fill: muted, ..style, body)\n",
        f'#let doc = (title: "{summary.title}", reader: "S. Reader", counts_text: "", date: "{summary.date}", paper: "letter", '
        f'language: "en", footer: "{summary.footer}", concepts: ())\n#let plain(x) = x\n',
        '#let words = (shape: "Annotated summary", page_of: "{page} / {pages}")\n',
        setup,
        "#show: setup\n#title()\n",
    ]
    for group in summary.groups:
        parts.append(f"= {group.label} {group.title}\n")
        for passage in group.passages:
            note = passage.note_source.replace("**", "§").replace("*", "_").replace("§", "*")
            concepts = ", ".join(concept.term for concept in passage.concepts)
            parts.append(
                "#block(above: 1.15em, below: 1.15em, breakable: false, block(width: 100%, "
                'stroke: (left: 2.5pt + rgb("#8a5a00")), '
                "inset: (left: 10pt, y: 1pt), outset: (left: 1pt))["
                '#block(sticky: true, below: 0.6em)[#text(font: sans, size: small, weight: "semibold", '
                f'fill: rgb("#8a5a00"))[{passage.kind.letter} · {passage.kind.name}]#h(1fr)#small-sans[¶~{passage.locator}]]'
                '#block(above: 0.6em, below: 0.65em)[#highlight(fill: rgb("#fdeaa5"), extent: 1.5pt, top-edge: 0.82em, '
                f"bottom-edge: -0.24em)[“{passage.quote}”]]{note}"
                + (f"\n\n#text(font: sans, size: small, fill: accent)[{concepts}]" if concepts else "")
                + f"])<{passage.id}>\n"
            )
    parts.append("= Concepts\n*base building* #small-sans[¶ ")
    parts += [f"#link(<{identity}>)[{locator}] " for entry in summary.concepts for locator, identity in entry.places]
    parts.append("]\n= Sources\n")
    for source in summary.sources:
        parts.append("".join(run.text for run in source.runs).replace("$", "\\$").replace("_", "\\_") + "\n\n")
    return "".join(parts)


def measure(arguments: list[str], times: int = 5) -> tuple[float, float, float]:
    """Seconds on the clock, seconds of processor and MB of a whole process with its children; the best of several."""
    best, busy, memory = float("inf"), float("inf"), 0.0
    for _ in range(times):
        start = time.perf_counter()
        process = subprocess.Popen(arguments, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{arguments} failed")
        best = min(best, time.perf_counter() - start)
        busy = min(busy, usage.ru_utime + usage.ru_stime)
        memory = max(memory, usage.ru_maxrss / 1024)
    return best, busy, memory


def main(counts: tuple[int, ...] = (100, 1000)) -> None:
    from pypdf import PdfReader  # not in the process that is measured

    print("passages  | clock s: ours   bare  ratio | processor s: ours   bare  ratio | MB: ours  bare | pages")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            source, made, plain = Path(folder, "bare.typ"), Path(folder, "ours.pdf"), Path(folder, "bare.pdf")
            source.write_text(bare_source(count), encoding="utf-8")
            times = 5 if count <= 1000 else 1
            ours = measure([sys.executable, "-m", "tests.benchmarks.bench_pdf", "--ours", str(count), str(made)], times)
            bare = measure([sys.executable, "-c", BARE, str(source), str(FONTS), str(plain)], times)
            pages = [len(PdfReader(path).pages) for path in (made, plain)]
        print(
            f"{count:>9} | {ours[0]:>13.2f} {bare[0]:>6.2f} {ours[0] / bare[0]:>6.2f} | {ours[1]:>17.2f} {bare[1]:>6.2f} "
            f"{ours[1] / bare[1]:>6.2f} | {ours[2]:>8.0f} {bare[2]:>5.0f} | {pages[0]} {pages[1]}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ours"]:
        make_ours(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(tuple(int(argument) for argument in sys.argv[1:]) or (100, 1000))
