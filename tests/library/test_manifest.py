"""resource.toml and its companions are read whole, or the fault is named with file, line and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from letstalk_desktop.errors import ContentError
from letstalk_desktop.library.manifest import folded, read_resource
from letstalk_desktop.library.shelf import Shelf
from tests.library.conftest import CONCEPTS, QUESTIONS, RESOURCE

WriteResource = Callable[..., Path]


def test_everything_that_is_written_is_read(write_resource: WriteResource) -> None:
    resource, files = read_resource(write_resource())
    assert (resource.id, resource.edition, resource.languages) == ("small", "1.0", ("en", "fr"))
    assert files == {"first": "01-first", "second": "02-second"}
    base = resource.concept("base")
    assert base is not None
    assert (base.terms["fr"], base.definitions["fr"], base.sources, base.related) == (
        "base",
        "Les gens.",
        ("heller",),
        ("oeuvre",),
    )
    (question,) = resource.questions
    assert (question.minutes, question.closing, question.blocks, question.guidance["fr"]) == (
        5,
        True,
        ("opening",),
        "Attendez.",
    )
    (plan,) = resource.plans
    assert plan.steps == ((5, "q-who", {}), (25, "", {"en": "Talk.", "fr": "Parlez."}))


def test_a_person_among_the_authors_has_two_names(write_resource: WriteResource, tmp_path: Path) -> None:
    authors = 'authors = [{ family = "Roy", given = "Maria" }, "The Water Committee"]\nedition = "1.0"'
    folder = write_resource(changed={"resource.toml": RESOURCE.replace('edition = "1.0"', authors)})
    for shelf in (Shelf([], tmp_path / "compiled"), Shelf([], tmp_path / "compiled")):  # compiled, and from what was kept
        resource = shelf.add(folder)
        assert resource.authors == ("Maria Roy", "The Water Committee")
        assert resource.people == {"Maria Roy": ("Roy", "Maria")}


def test_only_resource_toml_and_chapters_are_required(write_resource: WriteResource) -> None:
    changed = dict.fromkeys(("concepts.toml", "questions.toml", "references.json"))
    resource, _ = read_resource(write_resource(changed=changed))
    assert (resource.concepts, resource.questions, resource.plans, resource.references) == ((), (), (), {})
    assert [entry.id for entry in resource.chapters] == ["first", "second"]


def test_a_text_without_languages_holds_for_all(write_resource: WriteResource) -> None:
    resource, _ = read_resource(write_resource(changed={"resource.toml": 'id="a"\ntitle="One"\n[[chapters]]\nid="first"\n'}))
    assert resource.titles == {"en": "One"}
    assert resource.chapters[0].titles == {"en": "first"}


TITLED = 'id = "a"\ntitle = "A"\n'


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("resource.toml", None, "resource.toml: the file cannot be read"),
        ("resource.toml", b"\xff", "resource.toml: the file is not UTF-8 text; save it as UTF-8"),
        ("resource.toml", "id = 3\nid = 4\n", "resource.toml:2: this is not valid TOML"),
        ("resource.toml", 'title = "A"\n', "resource.toml: “id” is missing; see docs/formats.md"),
        ("resource.toml", 'id = "no spaces"\n', "resource.toml: “no spaces” is not an id: use letters, digits and hyphens"),
        ("resource.toml", TITLED, "resource.toml: “chapters” is missing"),
        ("resource.toml", TITLED + 'chapters = ["first"]', "resource.toml: a value has the wrong type"),
        ("resource.toml", TITLED + 'chapters = "first"', "resource.toml: a value has the wrong type"),
        (
            "resource.toml",
            TITLED + 'languages = ["english"]\n[[chapters]]\nid = "x"',
            "resource.toml: “english” is not a language",
        ),
        ("resource.toml", TITLED + 'languages = "en"\n[[chapters]]\nid = "x"', "“e” is not a language code"),
        ("resource.toml", TITLED + "languages = []\n[[chapters]]\nid = 'first'\nid2 = 1\n[[chapters]]\nid = 'first'", "twice"),
        ("resource.toml", TITLED + "[[chapters]]\nid = 'glossary'", "resource.toml: the chapter id “glossary” is used twice"),
        ("resource.toml", TITLED + "[[chapters]]\nid = 'x'\nfile = '../../etc/passwd'", "is not an id"),
        ("resource.toml", RESOURCE.replace('title = { en = "Small", fr = "Petit" }', "title = 3"), "“title” is missing"),
        (
            "resource.toml",
            RESOURCE.replace('edition = "1.0"', 'authors = 3\nedition = "1.0"'),
            "resource.toml: a value has the wrong type",
        ),
        ("concepts.toml", CONCEPTS + CONCEPTS, "concepts.toml: the concept id “base” is used twice"),
        ("concepts.toml", '[[concepts]]\nid = "x"\n', "concepts.toml: “term” is missing"),
        ("concepts.toml", "concepts = 3\n", "concepts.toml: a value has the wrong type"),
        ("concepts.toml", '[[concepts]]\nid = "x"\nterm = "x"\nrelated = 3\n', "concepts.toml: a value has the wrong type"),
        ("questions.toml", QUESTIONS.replace('chapter = "first"', 'chapter = "ninth"'), "which resource.toml does not have"),
        (
            "questions.toml",
            QUESTIONS.replace("minutes = 5\n", 'minutes = "five"\n'),
            "questions.toml: a value has the wrong type",
        ),
        (
            "questions.toml",
            QUESTIONS.replace('question = "q-who"', 'question = "q-x"'),
            "the question “q-x”, which does not exist",
        ),
        ("references.json", "[{]", "references.json:1: this is not a CSL-JSON array of items with an id"),
        ("references.json", '{"id": 3}', "references.json:1: this is not a CSL-JSON array"),
        ("references.json", '[{"title": "x"}]', "references.json:1: this is not a CSL-JSON array"),
    ],
)
def test_a_fault_is_named_with_its_file(
    write_resource: WriteResource, file: str, content: str | bytes | None, words: str
) -> None:
    folder = write_resource(changed={file: content})
    with pytest.raises(ContentError) as caught:
        read_resource(folder)
    assert str(caught.value).startswith(file)
    assert words in str(caught.value)


def test_a_title_in_another_language_is_better_than_none(write_resource: WriteResource) -> None:
    text = TITLED.replace('"A"', '{ fr = "Titre" }') + 'languages = ["en", "fr"]\n[[chapters]]\nid = "first"\n'
    resource, _ = read_resource(write_resource(changed={"resource.toml": text}))
    assert resource.title("en") == "Titre"


ODD = """[
    {"id": "zed", "author": "Zed", "issued": {"date-parts": [[]]}, "title": ["T"]},
    {"id": "heller", "author": [3, {"family": null}], "issued": 2023, "DOI": {}, "URL": 3}
]"""


def test_a_reference_with_odd_fields_is_listed_all_the_same(write_resource: WriteResource, tmp_path: Path) -> None:
    shelf = Shelf([write_resource(changed={"references.json": ODD}).parent], tmp_path / "cache")
    chapter = shelf.chapter("small", "references", "en")
    assert {block.id for block in chapter.blocks} == {"ref-zed", "ref-heller"}
    assert all(block.end > block.start for block in chapter.blocks)


def test_words_are_sorted_without_case_and_accents() -> None:
    assert sorted(["Œuvre", "offre", "Éthique", "e\u0301cole", "zone"], key=folded) == [
        "e\u0301cole",
        "Éthique",
        "Œuvre",
        "offre",
        "zone",
    ]
