"""References, marks in the text and copied passages read as a librarian would write them, whatever the item holds."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from letstalk_desktop.library import citations
from letstalk_desktop.library.citations import (
    CopyStyle,
    Run,
    Style,
    copy_with_citation,
    format_reference,
    format_references,
    in_text,
    plain,
)
from letstalk_desktop.library.csl import STYLES, style_folder
from letstalk_desktop.library.manifest import read_resource
from letstalk_desktop.library.model import Chapter, Resource

GOLDEN = Path(__file__).parent / "golden"
BUNDLED = Path(__file__).parents[2] / "content" / "community-organizing" / "references.json"
ITEMS: dict[str, dict[str, Any]] = {item["id"]: item for item in json.loads((GOLDEN / "citations.json").read_text("utf-8"))}
NBSP = "\u00a0"
ALL = [(style, language) for style in ("apa", "vancouver", "chicago") for language in ("en", "fr")]


def marked(runs: list[Run]) -> str:
    forms = {"": "{0}", "italic": "*{0}*", "link": "[{0}]({1})"}
    return "".join(forms[style].format(words, target) for words, style, target in runs)


def bundled() -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in json.loads(BUNDLED.read_text("utf-8"))}


@pytest.fixture(scope="module")
def resource() -> Resource:
    return Resource(
        id="community-organizing",
        edition="1.0",
        languages=("en", "fr"),
        titles={"en": "Let’s Talk: Community organizing", "fr": f"Parlons-en{NBSP}: Organisation communautaire"},
        subtitles={},
        authors=("Let’s Talk Desktop contributors",),
        licence="CC BY 4.0",
        published="2026",
        subjects={},
        audience={},
        chapters=(),
        concepts=(),
        questions=(),
        plans=(),
        references={},
    )


def chapter(language: str) -> Chapter:
    return Chapter(
        resource="community-organizing",
        edition="1.0",
        language=language,
        id="central-concepts",
        label="3",
        number=3,
        title="Central concepts",
        lede="",
        in_short=(),
        text="",
        blocks=(),
        containers=(),
        spans=(),
        sections=(),
        footnotes=(),
        content_hash="",
    )


@pytest.mark.parametrize(("style", "language"), ALL)
def test_every_type_and_every_awkward_item_reads_as_in_the_golden_file(style: Style, language: str) -> None:
    expected = (GOLDEN / f"citations-{style}-{language}.txt").read_text("utf-8").splitlines()
    found = format_references(ITEMS, language=language, style=style)
    assert [f"{key}: {marked(runs)}" for key, runs in found.items()] == expected


def test_the_golden_items_cover_every_type_of_the_bundled_resource() -> None:
    assert {item["type"] for item in bundled().values()} <= {item["type"] for item in ITEMS.values()}


@pytest.mark.parametrize(("style", "language"), ALL)
def test_every_bundled_reference_is_whole(style: Style, language: str) -> None:
    items = bundled()
    found = format_references(items, language=language, style=style)
    assert list(found) == list(items)
    for key, item in items.items():
        words = plain(found[key])
        for part in ("family", "literal"):
            people = (item.get("author") or item.get("editor") or [])[:3]
            assert all(name[part] in words for name in people if part in name and name[part] != item.get("container-title")), (
                key
            )
        assert item["title"].rstrip(".?!").casefold() in words.casefold(), key
        year = (
            str(item["issued"]["date-parts"][0][0]) if "issued" in item else r"n\.d\.|s\.\u00a0d\.|date unknown|date inconnue"
        )
        assert re.search(year, words), key
        links = [target for _, kind, target in found[key] if kind == "link"]
        assert links == ([f"https://doi.org/{item['DOI']}"] if "DOI" in item else [item["URL"]] if "URL" in item else []), key
        slips = re.findall(r"(?<!\.)\.\.(?!\.)|,,|  |\( | \)|\(\)|[?!]\.|\. ,|None|&amp;|[\ue000\ue001\u2011]", words)
        assert not slips, (key, words)


def test_french_references_keep_their_no_break_spaces() -> None:
    words = "\n".join(plain(runs) for runs in format_references(bundled(), language="fr", style="chicago").values())
    assert f"s.{NBSP}d." in words
    assert not re.search("« | »| :", words)


def test_one_reference_alone_reads_as_in_the_list() -> None:
    for key in ("article-journal", "book-edited-fr", "speech"):
        assert format_reference(ITEMS[key], language="en") == format_references(ITEMS, language="en")[key]


def test_keys_that_differ_only_in_case_stay_apart() -> None:
    items = {"A": {"type": "book", "title": "Upper"}, "a": {"type": "book", "title": "Lower"}}
    found = format_references(items, language="en")
    assert [plain(runs).partition(".")[0] for runs in found.values()] == ["Upper", "Lower"]


MALFORMED: list[dict[str, object]] = [
    {},
    {"title": None, "author": None, "issued": None},
    {"title": "Only a title", "issued": {"date-parts": [["x"]]}},
    {"title": "Odd names", "author": "someone", "type": 3},
    {"title": "Odd name", "author": ["someone", {"given": "Zed"}, {"family": ""}, {"literal": ["x"]}]},
    {"title": "Odd date", "issued": {"raw": "about 2010"}, "unknown": [1]},
    {"title": "Odd parts", "issued": {"date-parts": [[2010, 13, 45], "x", None]}},
    {"title": "A range", "issued": {"date-parts": [[2010, 1], [2011, 2]]}},
    {"title": "Season", "issued": {"date-parts": [[2010]], "season": 2}},
    {"title": {"x": 1}, "URL": 7, "page": ["1"], "edition": 2, "volume": 3.5},
    {"title": "A\x00B\nC\ue000", "author": [{"family": "O\ud800", "given": "\x07"}]},
    {"type": "bogus", "title": "Bogus", "language": 3},
    {"type": "legal_case", "title": "R v. X", "authority": "SCC", "issued": {"date-parts": [["2010"]]}},
]


@pytest.mark.parametrize(("style", "language"), ALL)
def test_a_malformed_item_still_gives_words(style: Style, language: str) -> None:
    found = format_references({str(place): item for place, item in enumerate(MALFORMED)}, language=language, style=style)
    for place, item in enumerate(MALFORMED):
        words, title = plain(found[str(place)]), item.get("title")
        assert words.strip(" .()"), item
        assert not re.search("[\x00-\x1f\ue000\ue001]", words), item
        assert not isinstance(title, str) or "\x00" in title or title.casefold() in words.casefold(), item


def test_without_the_styles_a_reference_is_plain_and_complete(tmp_path: Path) -> None:
    found = format_references(ITEMS, language="en", folder=tmp_path)
    assert marked(found["article-newspaper"]) == (
        "Ollove (2014). *To attack health disparities, states take a broader view*. "
        "[https://njeja.org/to-attack](https://njeja.org/to-attack)"
    )
    assert marked(found["webpage-undated-b"]).startswith("Common Place (n.d.-b). *House meetings*.")
    assert in_text(ITEMS, [("article-journal", "p. 3")], "apa", "fr", folder=tmp_path) == "(Heller et al., 2023, p. 3)"
    assert in_text(ITEMS, [("book", "")], "apa", "fr", folder=tmp_path) == "(Bobo et Kendall, 2010)"
    assert in_text(ITEMS, [("article-newspaper", "")], "vancouver", "en", folder=tmp_path) == "(3)"


def test_a_broken_style_is_as_if_it_were_missing(tmp_path: Path) -> None:
    (tmp_path / "apa.csl").write_text("<style>", encoding="utf-8")
    assert marked(format_reference(ITEMS["no-author-book"], language="en", folder=tmp_path)) == "(1999). *Alone*."


def test_without_the_processor_references_are_still_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "citeproc", None)
    assert marked(format_reference(ITEMS["no-author-book"], language="en")) == "(1999). *Alone*."


def test_the_style_files_of_every_style_are_there_with_their_licence() -> None:
    for file, _locale in STYLES.values():
        assert "creativecommons.org/licenses/by-sa/3.0" in (style_folder() / file).read_text("utf-8")
    readme = (style_folder() / "README.md").read_text("utf-8")
    assert {path.name for path in style_folder().glob("*.csl")} == set(re.findall(r"^\| `(\S+\.csl)` \|", readme, re.MULTILINE))


def test_starting_needs_no_processor() -> None:
    code = "import sys, letstalk_desktop.library.chapters; print([n for n in ('citeproc', 'lxml') if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("style", "language", "cites", "expected"),
    [
        ("apa", "en", [("book", "p. 2")], "(Bobo & Kendall, 2010, p. 2)"),
        ("apa", "en", [("chapter", ""), ("book", "pp. 3-4")], "(Bobo & Kendall, 2010, pp. 3–4; Ganz, 2011)"),
        ("apa", "en", [("article-journal", "para. 4")], "(Heller et al., 2023, para. 4)"),
        ("apa", "en", [("book", "chap. 2")], "(Bobo & Kendall, 2010, Chapter 2)"),
        ("apa", "en", [("webpage-undated-b", "")], "(Common Place, n.d.-b)"),
        ("apa", "en", [("no-author", "passim")], "(“Fresno Will Vote on Nov. 6. It’s Been Years in the Making,” 2018, passim)"),
        ("apa", "fr", [("book", "p. 2")], f"(Bobo et Kendall, 2010, p.{NBSP}2)"),
        ("apa", "fr", [("webpage-undated-a", "12")], f"(Common Place, s.{NBSP}d.-a, p.{NBSP}12)"),
        ("vancouver", "en", [("chapter", "p. 274"), ("article-journal", "")], "(1; 6, p. 274)"),
        ("vancouver", "fr", [("article-magazine", "paragr. 3")], f"(2, paragr.{NBSP}3)"),
        ("chicago", "en", [("book", "p. 2"), ("webpage-undated-a", "")], "(Bobo and Kendall 2010, 2; Common Place, n.d.-a)"),
        ("chicago", "fr", [("book", "p. 2")], "(Bobo et Kendall 2010, 2)"),
        ("apa", "en", [("nobody", "p. 2")], ""),
        ("apa", "en", [], ""),
    ],
)
def test_a_mark_in_the_text(style: Style, language: str, cites: list[tuple[str, str]], expected: str) -> None:
    assert in_text(ITEMS, cites, style, language) == expected


def test_the_list_stands_in_the_order_of_the_manual(write_resource: Callable[..., Path]) -> None:
    def item(key: str, title: str, year: int | None, *names: str) -> dict[str, Any]:
        people = [{"literal": name} if name.isupper() else {"family": name, "given": "A."} for name in names]
        return {"id": key, "title": title, "author": people, **({"issued": {"date-parts": [[year]]}} if year else {})}

    expected = [
        item("article", "An ablution", 2020),
        item("institution", "T", 2020, "THE BEE"),
        item("accent", "T", 2020, "Élan"),
        item("undated", "T", None, "Heller"),
        item("alone", "T", 2024, "Heller"),
        item("second-b", "Before", 2020, "Heller", "Fleming"),
        item("second-t", "The centre", 2020, "Heller", "Fleming"),
        item("second-l", "T", 2001, "Heller", "Little"),
        item("apostrophe", "T", 2020, "O’Mara"),
        item("plain", "T", 2020, "Oppenheimer"),
        item("space", "T", 2020, "Wood Smith"),
        item("run-on", "T", 2020, "Woodfulton"),
    ]
    head = 'id = "small"\nlanguages = ["en"]\ntitle = "Small"\n[[chapters]]\nid = "first"\nfile = "01-first"\n'
    references = json.dumps(sorted(expected, key=lambda one: str(one["id"])[::-1]))
    folder = write_resource("small", {"resource.toml": head, "references.json": references, "questions.toml": None})
    assert list(read_resource(folder)[0].references) == [one["id"] for one in expected]


def test_works_of_the_same_first_author_and_year_are_told_apart_by_names() -> None:
    def work(*families: str) -> dict[str, Any]:
        people = [{"family": family, "given": "A."} for family in families]
        return {"type": "book", "title": "T", "issued": {"date-parts": [[2023]]}, "author": people}

    items = {
        "one": work("Heller", "Fleming", "Petteway", "Givens"),
        "two": work("Heller", "Little", "Faust", "Tran"),
        "three": work("Heller", "Little", "Faust", "Zed"),
        "four": work("Alone", "Bell", "Carr"),
    }
    cites = [(key, "") for key in items]
    assert in_text(items, cites[:2], "apa", "en") == "(Heller, Fleming, et al., 2023; Heller, Little, Faust, & Tran, 2023)"
    assert in_text(items, cites[2:], "apa", "en") == "(Heller, Little, Faust, & Zed, 2023; Alone et al., 2023)"


APA_EN = "Let’s Talk Desktop contributors. (2026). Let’s Talk: Community organizing (Edition 1.0)."
APA_FR = f"Let’s Talk Desktop contributors. (2026). Parlons-en{NBSP}: Organisation communautaire (Édition 1.0)."


@pytest.mark.parametrize(
    ("style", "language", "expected"),
    [
        ("apa", "en", f"“Power with others” (Let’s Talk Desktop contributors, 2026, para. 3.12)\n\n{APA_EN}"),
        (
            "apa",
            "fr",
            f"«{NBSP}Power with others{NBSP}» (Let’s Talk Desktop contributors, 2026, paragr.{NBSP}3.12)\n\n{APA_FR}",
        ),
        (
            "vancouver",
            "en",
            "“Power with others” (1, para. 3.12)\n\n"
            "1. Let’s Talk Desktop contributors. Let’s Talk: Community organizing. Edition 1.0. 2026.",
        ),
        (
            "vancouver",
            "fr",
            f"«{NBSP}Power with others{NBSP}» (1, paragr.{NBSP}3.12)\n\n"
            f"1. Let’s Talk Desktop contributors. Parlons-en{NBSP}: Organisation communautaire. Édition 1.0. 2026.",
        ),
        (
            "chicago",
            "en",
            "“Power with others” (Let’s Talk Desktop contributors 2026, para. 3.12)\n\n"
            "Let’s Talk Desktop contributors. 2026. Let’s Talk: Community Organizing. Edition 1.0.",
        ),
        (
            "chicago",
            "fr",
            f"«{NBSP}Power with others{NBSP}» (Let’s Talk Desktop contributors 2026, paragr.{NBSP}3.12)\n\n"
            f"Let’s Talk Desktop contributors. 2026. Parlons-en{NBSP}: Organisation communautaire. Édition 1.0.",
        ),
        (
            "plain",
            "en",
            "“Power with others” — Let’s Talk Desktop contributors, Let’s Talk: Community organizing, edition 1.0, 2026, "
            f"¶{NBSP}3.12",
        ),
        (
            "plain",
            "fr",
            f"«{NBSP}Power with others{NBSP}» — Let’s Talk Desktop contributors, Parlons-en{NBSP}: Organisation communautaire, "
            f"édition 1.0, 2026, ¶{NBSP}3.12",
        ),
    ],
)
def test_a_copied_passage_carries_its_source(style: CopyStyle, language: str, expected: str, resource: Resource) -> None:
    text, markup = copy_with_citation(
        " Power with others ", resource, chapter(language), "3.12", style=style, language=language
    )
    assert text == expected
    assert words_of(markup) == expected.replace("\n\n", "\n")


def test_a_sentence_ends_after_its_citation(resource: Resource) -> None:
    def copied(quote: str) -> str:
        return copy_with_citation(quote, resource, chapter("en"), "3.12", style="apa", language="en")[0].split("\n")[0]

    cite = "(Let’s Talk Desktop contributors, 2026, para. 3.12)"
    assert copied("People act together.") == f"“People act together” {cite}."
    assert copied("“power before program.”") == f"“‘power before program’” {cite}."
    assert copied("Who decides?") == f"“Who decides?” {cite}."
    assert copied("“Who decides?”") == f"“‘Who decides?’” {cite}."
    assert copied("And so on...") == f"“And so on...” {cite}."
    assert copied("People act") == f"“People act” {cite}"


def test_quotation_marks_within_a_passage_become_inner_ones(resource: Resource) -> None:
    def copied(quote: str, language: str) -> str:
        text, _ = copy_with_citation(quote, resource, chapter("en"), "3.12", style="plain", language=language)
        return text.partition(" — ")[0]

    assert copied("It’s “power with” and “the ‘base’ of us”", "en") == "“It’s ‘power with’ and ‘the “base” of us’”"
    assert copied("It’s “power with”", "fr") == f"«{NBSP}It’s “power with”{NBSP}»"
    assert copied(f"Le «{NBSP}pouvoir avec{NBSP}» d’abord", "fr") == f"«{NBSP}Le “pouvoir avec” d’abord{NBSP}»"
    assert copied("Le «\u202fpouvoir\u202f»", "en") == "“Le ‘pouvoir’”"
    assert copied('Say "yes"', "en") == "“Say ‘yes’”"
    assert copied("A 5' pole, workers’ rights", "en") == "“A 5' pole, workers’ rights”"


def test_a_long_passage_stands_as_a_block_without_marks(resource: Resource) -> None:
    quote = "word " * 45 + "end."
    text, markup = copy_with_citation(quote, resource, chapter("en"), "3.12", style="apa", language="en")
    assert text.startswith("word word")
    assert "end. (Let’s Talk Desktop contributors, 2026, para. 3.12)\n\nLet’s" in text
    assert markup.startswith('<blockquote><p lang="en">word')
    assert copy_with_citation(quote, resource, chapter("en"), "3.12", style="chicago", language="en")[0].startswith("“word")


def test_several_paragraphs_stay_apart(resource: Resource) -> None:
    text, markup = copy_with_citation("One.\n\nTwo “x”.", resource, chapter("en"), "3.12–3.13", style="apa", language="en")
    assert text.split("\n")[:2] == ["One.", "Two “x”. (Let’s Talk Desktop contributors, 2026, paras. 3.12–3.13)"]
    assert markup.startswith('<blockquote><p lang="en">One.</p><p lang="en">Two “x”. (')


def test_a_passage_in_another_language_says_so_and_names_the_title_that_was_read(resource: Resource) -> None:
    text, markup = copy_with_citation("le pouvoir", resource, chapter("fr"), "3.12", style="apa", language="en")
    assert '<p lang="en"><span lang="fr">“le pouvoir”</span> (' in markup
    assert f"Parlons-en{NBSP}: Organisation communautaire (Edition 1.0)." in text


@pytest.mark.parametrize("style", ["apa", "vancouver", "chicago", "plain"])
def test_hostile_words_are_words_in_html_too(style: CopyStyle, resource: Resource) -> None:
    quote = "<script>alert(1)</script> & \"x\" <img src=x onerror='y'> \x00 😀 שלום"
    text, markup = copy_with_citation(quote, resource, chapter("en"), "<b>", style=style, language="en")
    assert tags_of(markup) <= {"p", "i", "a", "blockquote", "span", "br"}
    assert "<script>alert(1)</script> &" in text
    assert "<script>alert(1)</script> &" in words_of(markup)
    assert "\x00" not in text + markup


@pytest.mark.parametrize("style", ["apa", "vancouver", "chicago", "plain"])
def test_an_empty_passage_still_gives_the_source(style: CopyStyle, resource: Resource) -> None:
    text, markup = copy_with_citation(" \n", resource, chapter("en"), "", style=style, language="en")
    assert "Let’s Talk Desktop contributors" in text
    assert "“" not in text + markup


def test_copying_works_without_the_styles(tmp_path: Path, resource: Resource) -> None:
    text, _ = copy_with_citation("Words", resource, chapter("en"), "3.12", style="apa", language="en", folder=tmp_path)
    assert text == (
        "“Words” (Let’s Talk Desktop contributors, 2026, ¶ 3.12)\n\n"
        "Let’s Talk Desktop contributors (2026). Let’s Talk: Community organizing."
    )


def test_the_module_offers_what_others_use() -> None:
    assert importlib.util.find_spec("citeproc") is not None  # the dependency itself; without it everything above is plain
    assert {"format_reference", "format_references", "in_text", "copy_with_citation"} <= set(dir(citations))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(markup: str) -> _Reader:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader


def words_of(markup: str) -> str:
    return "".join(read(markup).words).strip("\n")


def tags_of(markup: str) -> set[str]:
    return read(markup).tags
