"""The HTML is one valid file that fetches nothing, in which no note becomes markup, and that carries its own data."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letstalk_desktop.annotations.exchange import NotebookFile, read_notebook, write_notebook
from letstalk_desktop.annotations.model import Annotation, Kind
from letstalk_desktop.exporting.html import to_html
from letstalk_desktop.exporting.html_style import STYLE
from letstalk_desktop.exporting.model import Choices, Include, Order, Summary
from letstalk_desktop.exporting.summary import summarize
from tests.exporting import sample
from tests.exporting.golden import check_golden

NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def make(choices: Choices, marks: list[Annotation] | None = None) -> Summary:
    own, translator = sample.own_concepts(), sample.translator_for(choices.language)
    given_marks = sample.marks() if marks is None else marks
    return summarize(sample.resource(), sample.chapter, given_marks, own, {}, choices, translator, sample.NOW)


def parsed(document: str) -> Any:
    """The tree, by a parser that accepts no error."""
    return html5lib.HTMLParser(strict=True).parse(document)


def texts(tree: Any) -> str:
    body = tree.find(f"{NAMESPACE}body")
    return " ".join("".join(part for element in body for part in element.itertext() if "script" not in element.tag).split())


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_document_is_valid_and_stable(language: str) -> None:
    document = to_html(
        make(Choices("community-organizing", language=language, reader=sample.READER, include=Include(context=True)))
    )
    parsed(document)
    check_golden(f"summary.{language}.html", document.replace(STYLE, ""))


@pytest.mark.parametrize("order", list(Order))
def test_every_order_is_valid_and_names_each_passage_once(order: Order) -> None:
    tree = parsed(to_html(make(Choices("community-organizing", order=order))))
    names = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(names) == len(set(names))
    targets = {element.get("href")[1:] for element in tree.iter(f"{NAMESPACE}a") if element.get("href", "").startswith("#")}
    assert targets <= set(names)
    assert "Who is missing from the room" in texts(tree)


def test_headings_go_down_one_level_at_a_time() -> None:
    note = "# My heading\n\n###### Deep"
    tree = parsed(to_html(make(Choices("community-organizing"), [sample.highlight(1, "power", "Others wait.", note=note)])))
    levels = [int(element.tag[-1]) for element in tree.iter() if re.fullmatch(rf"{NAMESPACE}h[1-6]", str(element.tag))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_passages_in_the_other_language_say_so() -> None:
    tree = parsed(to_html(make(Choices("community-organizing"))))
    assert tree.get("lang") == "en-CA"
    assert [quote.get("lang") for quote in tree.iter(f"{NAMESPACE}blockquote") if quote.get("lang")] == ["fr"]


def test_nothing_is_fetched_and_nothing_runs() -> None:
    document = to_html(make(Choices("community-organizing")), notes=b"{}")
    tree = parsed(document)
    tags = {str(element.tag).removeprefix(NAMESPACE) for element in tree.iter()}
    assert not tags & {"img", "link", "iframe", "object", "embed", "form", "audio", "video"}
    assert [element.get("type") for element in tree.iter(f"{NAMESPACE}script")] == ["application/json"]
    assert "url(" not in document
    assert "@import" not in document
    assert "default-src 'none'" in document


def test_the_readers_notes_come_back_out_of_it() -> None:
    whole = NotebookFile(annotations=(sample.highlight(1, "power", "Others wait.", note="</script><b>\u2028 <!-- "),))
    tree = parsed(to_html(make(Choices("community-organizing")), notes=write_notebook(whole)))
    (script,) = tree.iter(f"{NAMESPACE}script")
    assert script.get("id") == "letstalk-notes"
    assert read_notebook(script.text.encode()).annotations == whole.annotations
    assert json.loads(script.text)["format"] == "letstalk-notebook"


@settings(max_examples=80, deadline=None)
@given(
    st.text(st.characters(exclude_categories=()), max_size=30)
    | st.sampled_from(
        ["<script>", "</main>", '"><img src=x onerror=alert(1)>', "[a](data:text/html,x)", "<!--", "]]>", "&lt;", "&#0;"]
    )
)
def test_no_text_breaks_out_of_its_place(text: str) -> None:
    marks = [sample.highlight(1, "power", "Others wait.", Kind.ACTION, "x" + text, author=text)]
    summary = make(Choices("community-organizing", reader=text + "r"), marks)
    document = to_html(summary, notes=write_notebook(NotebookFile(annotations=tuple(marks))))
    tree = parsed(document)
    tags = [str(element.tag).removeprefix(NAMESPACE) for element in tree.iter()]
    assert (tags.count("main"), tags.count("article"), tags.count("script")) == (1, 1, 1)
    assert "img" not in tags
    assert not any(name.startswith("on") for element in tree.iter() for name in element.attrib)
    document.encode("utf-8")


@pytest.mark.parametrize("note", ["[a](tel:1)", "[a](https://x.ca)", "<mailto:a@b.ca>"])
def test_links_are_kept(note: str) -> None:
    tree = parsed(to_html(make(Choices("community-organizing"), [sample.highlight(1, "power", "Others wait.", note=note)])))
    assert [link.get("rel") for link in tree.iter(f"{NAMESPACE}a") if not link.get("href").startswith("#")] == [
        "noopener noreferrer"
    ]


def test_an_address_of_an_unusual_kind_is_shown_but_no_link() -> None:
    tree = parsed(
        to_html(make(Choices("community-organizing"), [sample.highlight(1, "power", "Others wait.", note="[a](foo:bar)")]))
    )
    assert not list(tree.iter(f"{NAMESPACE}a"))
    assert "a (foo:bar)" in texts(tree)


def test_every_colour_has_the_contrast_that_reading_needs() -> None:
    light, dark = re.findall(r":root \{ (?:color-scheme: light dark; )?(--ink.*?) \}", STYLE, re.DOTALL)
    for block in (light, dark):
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
        for name in ("ink", "muted", "accent", "key", "evidence", "question", "action", "tension", "story"):
            assert contrast(colours[name], colours["paper"]) >= 4.5, name
        for kind in ("key", "evidence", "question", "action", "tension", "story"):
            assert contrast(colours["ink"], colours[f"{kind}-band"]) >= 4.5, kind
        assert contrast(colours["muted"], colours["panel"]) >= 4.5


def test_a_long_document_begins_with_its_contents() -> None:
    document = to_html(make(Choices("community-organizing", order=Order.KIND)))
    nav = next(parsed(document).iter(f"{NAMESPACE}nav"))
    assert [link.text for link in nav.iter(f"{NAMESPACE}a")][:2] == ["Key idea", "Evidence"]
