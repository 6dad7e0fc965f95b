"""Where the concepts of a map stand: a force layout of the graph, then boxes pushed apart until no two of them touch.

The only module that imports networkx. Lengths are pixels; ``x`` grows to the right and ``y`` downwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from letstalk_desktop.annotations.concepts import Link

GAP = 14.0  # at least this much between two boxes
MARGIN = 16.0  # around everything
_SEED = 7  # the same map looks the same each time
_FILLED = 0.6  # of the area is boxes, before they are pushed apart
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class MapLayout:
    """The size of the picture, and the centre of each concept's box."""

    width: float
    height: float
    places: Mapping[str, tuple[float, float]]


def lay_out(sizes: Mapping[str, tuple[float, float]], links: Sequence[Link], *, aspect: float = 1.4) -> MapLayout:
    """Places for boxes of these sizes (width, height), linked ones near each other; ``aspect``: width to height wanted.

    Boxes never overlap. Concepts without any link stand in rows under the others.
    """
    linked = {end for link in links for end in (link.first, link.second)} & set(sizes)
    places = _forces(sorted(linked), [link for link in links if {link.first, link.second} <= linked])
    places = _scaled(places, sizes, aspect)
    _part(places, sizes)
    width, height = _moved_to_origin(places, sizes)
    alone = [one for one in sizes if one not in linked]
    width, height = _rows_below(places, sizes, alone, width, height, aspect)
    return MapLayout(width, height, {one: (at[0], at[1]) for one, at in places.items()})


def _forces(ids: Sequence[str], links: Sequence[Link]) -> dict[str, list[float]]:
    """Places in about a unit square; concepts that share many passages stand closer."""
    import networkx  # type: ignore[import-untyped]  # takes long to import, and so does its numpy

    graph = networkx.Graph()
    graph.add_nodes_from(ids)
    for link in links:
        graph.add_edge(link.first, link.second, weight=(1.0 if link.related else 0.5) + math.log1p(link.shared))
    if len(ids) < 2:
        return {one: [0.0, 0.0] for one in ids}
    found = networkx.spring_layout(graph, seed=_SEED, iterations=300, k=1.6 / math.sqrt(len(ids)))
    return {one: [float(found[one][0]), float(found[one][1])] for one in ids}


def _scaled(places: dict[str, list[float]], sizes: Mapping[str, tuple[float, float]], aspect: float) -> dict[str, list[float]]:
    """The places spread over an area of the wanted shape in which the boxes have room."""
    if not places:
        return {}
    area = sum((sizes[one][0] + GAP) * (sizes[one][1] + GAP) for one in places) / _FILLED
    height = math.sqrt(area / aspect)
    lengths = (height * aspect, height)
    spans = []
    for axis in (0, 1):
        values = [at[axis] for at in places.values()]
        spans.append((min(values), max(max(values) - min(values), 1e-9)))
    return {
        one: [(at[axis] - spans[axis][0]) / spans[axis][1] * lengths[axis] for axis in (0, 1)] for one, at in places.items()
    }


def _part(places: dict[str, list[float]], sizes: Mapping[str, tuple[float, float]]) -> None:
    """Push boxes apart, each pair along the way that is shortest; where that does not end, spread all and go on."""
    ids = list(places)
    for _ in range(200):
        for _round in range(_ROUNDS):
            if not _pushed(ids, places, sizes):
                return
        for number, one in enumerate(ids):
            # The little more for each keeps two boxes with one centre from staying together.
            places[one][0] = places[one][0] * 1.06 + number * 0.01
            places[one][1] = places[one][1] * 1.06 + number * 0.007


def _pushed(ids: Sequence[str], places: dict[str, list[float]], sizes: Mapping[str, tuple[float, float]]) -> bool:
    """Push every two boxes that touch half way apart; False where none did."""
    any_moved = False
    for index, first in enumerate(ids):
        here, (width, height) = places[first], sizes[first]
        for second in ids[:index]:
            there, (other_width, other_height) = places[second], sizes[second]
            across = here[0] - there[0]
            right = (width + other_width) / 2 + GAP - abs(across)
            if right <= 0.01:
                continue
            along = here[1] - there[1]
            down = (height + other_height) / 2 + GAP - abs(along)
            if down <= 0.01:
                continue
            any_moved = True
            if right < down:
                step = math.copysign(right / 2 + 0.01, across)
                here[0] += step
                there[0] -= step
            else:
                step = math.copysign(down / 2 + 0.01, along)
                here[1] += step
                there[1] -= step
    return any_moved


def _moved_to_origin(places: dict[str, list[float]], sizes: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """Move everything so that it begins at the margin; the size of the whole."""
    if not places:
        return 2 * MARGIN, MARGIN
    ends = []
    for axis in (0, 1):
        first = min(at[axis] - sizes[one][axis] / 2 for one, at in places.items()) - MARGIN
        for at in places.values():
            at[axis] -= first
        ends.append(max(at[axis] + sizes[one][axis] / 2 for one, at in places.items()) + MARGIN)
    return ends[0], ends[1]


def _rows_below(
    places: dict[str, list[float]],
    sizes: Mapping[str, tuple[float, float]],
    ids: Sequence[str],
    width: float,
    height: float,
    aspect: float,
) -> tuple[float, float]:
    """Put boxes in rows under what is there; the new size of the whole."""
    if not ids:
        return width, height
    if not places:
        area = sum((sizes[one][0] + GAP) * (sizes[one][1] + GAP) for one in ids)
        width = math.sqrt(area * aspect) + 2 * MARGIN
    x, y, tallest = MARGIN, height if not places else height - MARGIN + 2 * GAP, 0.0
    for one in ids:
        wide, high = sizes[one]
        if x > MARGIN and x + wide + MARGIN > width:
            x, y, tallest = MARGIN, y + tallest + GAP, 0.0
        places[one] = [x + wide / 2, y + high / 2]
        x, tallest = x + wide + GAP, max(tallest, high)
        width = max(width, x - GAP + MARGIN)
    return width, y + tallest + MARGIN
