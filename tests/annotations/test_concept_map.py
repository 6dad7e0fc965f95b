"""The map's promises: no two labels touch, every concept can be reached by arrow keys, the same map looks the same again."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from letstalk_desktop.annotations.concepts import Link
from letstalk_desktop.annotations.map_layout import GAP, MapLayout, lay_out
from letstalk_desktop.annotations.map_picture import LABEL_WIDTH, MapPicture, Shape, shape_of

Sizes = dict[str, tuple[float, float]]


def graph(count: int, links: int, seed: int = 1) -> tuple[Sizes, list[Link]]:
    chance = random.Random(seed)
    ids = [f"n{number:02}" for number in range(count)]
    sizes = {one: (chance.uniform(30, 140), chance.uniform(34, 120)) for one in ids}
    pairs = chance.sample(list(combinations(ids, 2)), links)
    return sizes, [Link(first, second, chance.random() < 0.4, chance.randint(0, 6)) for first, second in pairs]


def assert_apart(layout: MapLayout, sizes: Sizes, gap: float = 0.0) -> None:
    assert set(layout.places) == set(sizes)
    for one, (x, y) in layout.places.items():
        width, height = sizes[one]
        assert width / 2 <= x <= layout.width - width / 2
        assert height / 2 <= y <= layout.height - height / 2
    for first, second in combinations(sizes, 2):
        (x1, y1), (x2, y2) = layout.places[first], layout.places[second]
        across = abs(x1 - x2) - (sizes[first][0] + sizes[second][0]) / 2
        along = abs(y1 - y2) - (sizes[first][1] + sizes[second][1]) / 2
        assert max(across, along) >= gap - 0.1, (first, second)


@pytest.mark.parametrize(
    ("count", "links"), [(60, 500), (60, 1770), (60, 59), (60, 20), (60, 0), (45, 96), (2, 1), (2, 0), (1, 0), (0, 0)]
)
def test_boxes_never_overlap(count: int, links: int) -> None:
    sizes, joined = graph(count, links)
    layout = lay_out(sizes, joined)
    assert_apart(layout, sizes, GAP)
    assert layout.width > 0
    assert layout.height > 0


@pytest.mark.parametrize("seed", range(4))
def test_sixty_concepts_with_five_hundred_links_stay_of_a_size_to_look_at(seed: int) -> None:
    sizes, joined = graph(60, 500, seed)
    layout = lay_out(sizes, joined, aspect=1.4)
    filled = sum(width * height for width, height in sizes.values()) / (layout.width * layout.height)
    assert filled > 0.2
    assert 0.7 < layout.width / layout.height < 2.8


def test_the_same_map_looks_the_same_again() -> None:
    sizes, joined = graph(30, 60)
    assert lay_out(sizes, joined) == lay_out(sizes, list(joined))


def test_links_to_what_is_not_shown_do_no_harm() -> None:
    sizes: Sizes = {"a": (50, 40), "b": (50, 40)}
    layout = lay_out(sizes, [Link("a", "gone", True), Link("a", "b", True)])
    assert_apart(layout, sizes)


def shape(name: str, term: str = "term", count: int = 0) -> Shape:
    return shape_of(name, term, count, False, lambda text: 7.0 * len(text), 18.0)


def test_a_long_term_is_wrapped_and_a_long_word_stands_whole() -> None:
    long = shape("x", "développement communautaire axé sur les atouts")
    assert long.lines == ("développement", "communautaire", "axé sur les", "atouts")
    assert max(long.widths) <= LABEL_WIDTH
    assert shape("x", "anticonstitutionnellement vôtre").lines == ("anticonstitutionnellement", "vôtre")
    assert shape("x", "  ").lines == ("x",)


def test_a_concept_with_more_passages_is_larger_up_to_a_limit() -> None:
    sizes = [shape("x", count=count).radius for count in (0, 1, 4, 30, 1000, 100_000)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[1] < sizes[2] < sizes[3]
    assert sizes[-1] == 40


def picture(places: dict[str, tuple[float, float]], *links: Link) -> MapPicture:
    shapes = [shape(one) for one in places]
    return MapPicture.made(shapes, links, MapLayout(500, 500, places))


def test_an_arrow_key_goes_to_the_nearest_concept_on_that_side() -> None:
    found = picture({"m": (200, 200), "right": (260, 210), "far": (400, 200), "up": (210, 120), "left": (100, 240)})
    assert found.next("m", 1, 0) == "right"
    assert found.next("right", 1, 0) == "far"
    assert found.next("m", 0, -1) == "up"
    assert found.next("m", -1, 0) == "left"
    assert found.next("far", 1, 0) == "far"
    assert found.next("up", 0, 1) == "m"


@pytest.mark.parametrize("seed", range(5))
def test_every_concept_can_be_reached_with_the_arrow_keys(seed: int) -> None:
    sizes, joined = graph(60, 200, seed)
    layout = lay_out(sizes, joined)
    found = picture(dict(layout.places))
    reached, waiting = set(), ["n00"]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += [found.next(here, right, down) for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    assert reached == set(sizes)


def test_a_point_belongs_to_the_concept_drawn_there() -> None:
    found = picture({"a": (100, 100), "b": (300, 100)}, Link("a", "b", True), Link("a", "gone", True))
    x, y = found.circles["a"]
    assert found.at(x, y) == "a"
    assert found.at(200, 300) == ""
    assert found.near("a") == {"b"}
    assert found.links == (Link("a", "b", True),)
