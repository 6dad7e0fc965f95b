"""The concept map of 60 concepts and 500 links: ``python -m tests.benchmarks.bench_map``.

*Bare* is networkx's force layout of the same graph without anything around it. Laying out happens in the lane, off the painting
path; a frame is what painting the picture costs. Times in milliseconds, medians; the first time is of a new process, with the
imports of networkx and numpy.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import combinations

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

CONCEPTS, LINKS, PASSAGES = 60, 500, 10_000
LIMIT = 1_000.0
TERMS = ("community power", "accountability session", "structural determinants of health", "base", "inside strategy")

FRESH = """
import time; start = time.perf_counter()
from tests.benchmarks.bench_map import graph
from letstalk_desktop.annotations.map_layout import lay_out
made = time.perf_counter()
lay_out(*graph()); print(time.perf_counter() - made)
"""


def graph() -> tuple[dict[str, tuple[float, float]], list[object]]:
    """Sizes such as terms have, and links."""
    from letstalk_desktop.annotations.concepts import Link

    chance = random.Random(1)
    ids = [f"concept-{number:02}" for number in range(CONCEPTS)]
    sizes = {one: (chance.uniform(50.0, 118.0), chance.uniform(37.0, 120.0)) for one in ids}
    pairs = chance.sample(list(combinations(ids, 2)), LINKS)
    return sizes, [Link(first, second, chance.random() < 0.4, chance.randint(0, 5)) for first, second in pairs]


def timed(run: Callable[[], object], times: int = 9) -> float:
    """Median milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def line(what: str, milliseconds: float, limit: float = 0.0) -> bool:
    """Print a row; True where the limit holds."""
    held = not limit or milliseconds <= limit
    print(f"{what:<62}{milliseconds:>9.1f}{f'{limit:>9.0f}' if limit else ' ' * 9}  {'' if held else 'MISSED'}", flush=True)
    return held


def main() -> int:
    print(f"{'':<62}{'ms':>9}{'at most':>9}")
    fresh = [
        float(subprocess.run([sys.executable, "-c", FRESH], check=True, capture_output=True, text=True).stdout) * 1000
        for _ in range(3)
    ]
    held = line("laid out, the first time in a process (with imports)", statistics.median(fresh), LIMIT)

    from letstalk_desktop.annotations.map_layout import lay_out

    sizes, links = graph()
    held &= line("laid out again", timed(lambda: lay_out(sizes, links)), LIMIT)
    line("  of that bare networkx.spring_layout", timed(_bare(sizes, links)))
    layout = lay_out(sizes, links)
    overlaps = sum(
        abs(layout.places[a][0] - layout.places[b][0]) < (sizes[a][0] + sizes[b][0]) / 2
        and abs(layout.places[a][1] - layout.places[b][1]) < (sizes[a][1] + sizes[b][1]) / 2
        for a, b in combinations(sizes, 2)
    )
    print(f"{'labels that overlap':<62}{overlaps:>9}{0:>9}")
    print(f"{'size of the picture in pixels':<62}{f'{layout.width:.0f} × {layout.height:.0f}':>18}")
    held &= _paint(links)
    held &= _index()
    return 0 if held and not overlaps else 1


def _bare(sizes: dict[str, tuple[float, float]], links: list[object]) -> Callable[[], object]:
    import networkx

    graph_ = networkx.Graph()
    graph_.add_nodes_from(sizes)
    graph_.add_edges_from((link.first, link.second) for link in links)  # type: ignore[attr-defined]
    return lambda: networkx.spring_layout(graph_, seed=7, iterations=300)


def _paint(links: list[object]) -> bool:
    from PySide6.QtWidgets import QApplication

    from letstalk_desktop.annotations.map_layout import lay_out
    from letstalk_desktop.annotations.map_picture import MapPicture
    from letstalk_desktop.ui.map_view import MapView, concept_shape
    from letstalk_desktop.ui.theme import THEMES

    application = QApplication.instance() or QApplication([])
    chance = random.Random(2)

    def shapes() -> list[object]:
        return [
            concept_shape(f"concept-{number:02}", chance.choice(TERMS), chance.randint(0, 20), number % 4 == 0)
            for number in range(CONCEPTS)
        ]

    line("shapes measured, in the window's thread", timed(shapes))
    made = shapes()
    layout = lay_out({one.id: (one.width, one.height) for one in made}, links)  # type: ignore[attr-defined]
    view = MapView(None, THEMES["light"])  # type: ignore[arg-type]
    view.show_picture(MapPicture.made(made, links, layout))  # type: ignore[arg-type]
    view.resize(view.minimumSize())
    chosen = iter(one.id for one in made)  # type: ignore[attr-defined]

    def step() -> None:
        view.make_current(next(chosen))
        view.grab()

    line("the first frame", timed(view.grab, 1))
    step()
    held = line("a frame after a step to another concept", timed(step), 50.0)
    view.deleteLater()
    application.sendPostedEvents(None, 0)
    return held


def _index() -> bool:
    from letstalk_desktop.annotations.concepts import Codebook, links, passages_by_concept
    from letstalk_desktop.annotations.model import Anchor, Annotation, AnnotationType
    from letstalk_desktop.library.model import Concept

    chance = random.Random(3)
    ids = [f"concept-{number:02}" for number in range(CONCEPTS)]
    codebook = Codebook([Concept(one, {"en": one}, {}, (), tuple(chance.sample(ids, 4))) for one in ids], ())
    anchor = Anchor("r", "1", "en", "c", "b", 0, 4, "text")
    found = [
        Annotation(str(number), AnnotationType.HIGHLIGHT, anchor, concepts=tuple(chance.sample(ids, 3)))
        for number in range(PASSAGES)
    ]
    line(f"{PASSAGES:,} passages by concept", timed(lambda: passages_by_concept(found)))
    line("links made of them, in the lane", timed(lambda: links(codebook, found)))
    return True


if __name__ == "__main__":
    sys.exit(main())
