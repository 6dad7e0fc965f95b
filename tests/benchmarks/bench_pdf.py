"""PDF against bare Typst: the same pages, whole processes, in one run. ``python -m tests.benchmarks.bench_pdf [COUNT…]``.

*Ours* starts Python, makes the summary from annotations and sets it in the child process. *Bare* starts Python and compiles a
Typst source that holds the same pages as literal markup. Memory is the largest process.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FONTS, TEMPLATES = ROOT / "resources" / "fonts", ROOT / "resources" / "typst"
RESOURCE = "community-organizing"
NOTE = "Note {number}: ask *who* would call first, and **why** they would; then bring it to the advisory table in June."
BARE = """
import sys, typst
fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[sys.argv[2]])
pdf = typst.compile(sys.argv[1], font_paths=fonts, ignore_system_fonts=True, pdf_standards=["ua-1", "a-2a"])
open(sys.argv[3], "wb").write(pdf)
"""


def make_ours(count: int, compiled: Path, target: Path) -> None:
    """What ``letstalk export`` does, from annotations in memory."""
    gc.disable()  # as cli.py does
    from letstalk_desktop.exporting.child import Engine

    with Engine(FONTS, TEMPLATES) as engine:
        from letstalk_desktop.exporting.rendered import export_file

        export_file(target, engine.render(example(count, compiled)).document)


def example(count: int, compiled: Path) -> Any:
    """A summary with ``count`` sentences of the resource, each with a note, every third with a concept.

    ``compiled``: the folder of compiled chapters, which are there after the first start.
    """
    from datetime import datetime

    from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind
    from letstalk_desktop.annotations.places import anchor_at
    from letstalk_desktop.exporting.gathering import Notes, Workshop, summary_of
    from letstalk_desktop.exporting.model import Choices
    from letstalk_desktop.library.shelf import Shelf

    locale = ROOT / "resources" / "locale"
    shelf = Shelf([ROOT / "content"], compiled, locale)
    chapters = [shelf.chapter(RESOURCE, entry.id, "en") for entry in shelf.resource(RESOURCE).chapters if entry.number]
    places = [(chapter, block) for chapter in chapters for block in chapter.blocks if block.end - block.start > 120]
    kinds = [kind for kind in Kind if kind is not Kind.ACTION]
    marks = []
    for number in range(count):
        chapter, block = places[number * len(places) // count]
        anchor = anchor_at(chapter, block.start, block.start + 90)
        marks.append(
            Annotation(
                f"00000000-0000-4000-8000-{number:012d}",
                AnnotationType.HIGHLIGHT,
                anchor,
                kinds[number % 5],
                NOTE.format(number=number),
                ("base-building",) if number % 3 == 0 else (),
            )
        )
    workshop = Workshop(shelf, locale, FONTS, TEMPLATES)
    return summary_of(Notes(marks), workshop, Choices(RESOURCE, reader="S. Reader"), datetime.now().astimezone())


def bare_source(count: int, compiled: Path) -> str:
    """The same pages as literal Typst."""
    summary = example(count, compiled)
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
    if len(summary.groups) >= 4 and summary.counts.passages >= 40:
        parts.append(
            "#show outline.entry: set text(font: sans, size: 0.95em)\n#show outline.entry: set block(spacing: 0.5em)\n"
        )
        parts.append('#outline(title: "Contents", depth: 1)\n')
    for group in summary.groups:
        parts.append(f"= {group.label} {group.title}\n")
        if group.in_short:
            points = " ".join(group.in_short)
            parts.append(f"#block(sticky: true, text(font: sans, fill: muted, size: 0.95em)[*In short* {points}])\n")
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
        parts.append("#par(hanging-indent: 1.2em, spacing: 0.7em)[")
        for run in source.runs:
            words = "".join("\\" + mark if mark in "$_#*@[]<>`" else mark for mark in run.text)
            link = f'#link("{run.url}")[{words}];'
            parts.append(link if run.url else f"#emph[{words}];" if run.italic else words)
        parts.append("]\n")
    return "".join(parts)


class Best:
    """The best of several whole processes with their children: seconds on the clock and of processor; the most MB."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self.clock, self.busy, self.memory = float("inf"), float("inf"), 0.0

    def run(self) -> None:
        """Once more."""
        start = time.perf_counter()
        process = subprocess.Popen(self._arguments, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{self._arguments} failed")
        self.clock = min(self.clock, time.perf_counter() - start)
        self.busy = min(self.busy, usage.ru_utime + usage.ru_stime)
        self.memory = max(self.memory, usage.ru_maxrss / 1024)


def main(counts: tuple[int, ...] = (100, 1000)) -> None:
    from pypdf import PdfReader  # not in the process that is measured

    print("passages  | clock s: ours   bare  ratio | processor s: ours   bare  ratio | MB: ours  bare | pages")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            source, made, plain = Path(folder, "bare.typ"), Path(folder, "ours.pdf"), Path(folder, "bare.pdf")
            compiled = Path(folder, "compiled")
            source.write_text(bare_source(count, compiled), encoding="utf-8")
            ours = Best([sys.executable, "-m", "tests.benchmarks.bench_pdf", "--ours", str(count), str(compiled), str(made)])
            bare = Best([sys.executable, "-c", BARE, str(source), str(FONTS), str(plain)])
            for _ in range(9 if count <= 1000 else 2):  # in turn, because a busy machine is busy for a while
                ours.run()
                bare.run()
            pages = [len(PdfReader(path).pages) for path in (made, plain)]
        clock, busy = ours.clock / bare.clock, ours.busy / bare.busy
        print(
            f"{count:>9} | {ours.clock:>13.2f} {bare.clock:>6.2f} {clock:>6.2f} | {ours.busy:>17.2f} {bare.busy:>6.2f} "
            f"{busy:>6.2f} | {ours.memory:>8.0f} {bare.memory:>5.0f} | {pages[0]} {pages[1]}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ours"]:
        make_ours(int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(tuple(int(argument) for argument in sys.argv[1:]) or (100, 1000))
