"""Ids that the checker writes: short, the same in every language, and nothing else in the author's files changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from letstalk_desktop.library.checker import check, write_ids
from letstalk_desktop.library.compiler import compile_markdown

Write = Callable[[dict[str, str | None]], Path]


@pytest.fixture
def write(write_resource: Callable[..., Path]) -> Write:
    """Writes the small resource with other files in it; its first chapter has all its ids."""
    first = "## Why {#why}\n\nPeople act. {#opening}\n"
    return lambda changed: write_resource(changed={"en/01-first.md": first, "fr/01-first.md": first, **changed})


def found(folder: Path) -> list[tuple[str, str, int]]:
    return [(finding.rule, finding.file, finding.line) for finding in check(folder).findings]


BARE = {
    "en": """\
## The same street

The landlord’s register
lists rents, 10% up 😀.

We know.

We know.

1. one
2. two

    more of two

> quoted, too

!!! story "Told"

    Inside a box.

    ![A wheel.](figures/wheel.en.svg "It turns.")

| a | b |
| - | - |
| 1 | 2 |

Table: Numbers.

```
code

more code
```

Term
:   Its meaning.

Last.[^n]

[^n]: A note.""",
    "fr": """\
## La même rue

Le registre du propriétaire
donne les loyers.

Nous savons.

Nous savons. {#p-known}

1. un
2. deux

    encore deux

> cité

!!! story "Raconté"

    Dans une boîte.

    ![Une roue.](figures/wheel.fr.svg "Elle tourne.")

| a | b |
| - | - |
| 1 | 2 |

Table: Chiffres.

```
code

encore
```

Terme
:   Son sens.

Fin.[^n]

[^n]: Une note.""",
}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ids_are_written_into_all_languages_and_nothing_else_changes(write: Write, ends: str, mark: str) -> None:
    sources = {language: mark + text.replace("\n", ends) for language, text in BARE.items()}
    folder = write({f"{language}/02-second.md": text for language, text in sources.items()})
    changed = write_ids(folder)
    assert {path.relative_to(folder).as_posix() for path in changed} == {"en/02-second.md", "fr/02-second.md"}
    written = {language: (folder / language / "02-second.md").read_bytes().decode() for language in sources}
    ids = [part.split("}")[0] for part in written["en"].split("{#")[1:]]
    assert ids == [part.split("}")[0] for part in written["fr"].split("{#")[1:]]
    assert ids[:5] == ["same-street", "p-landlords-register-lists", "p-know", "p-known", "i-one"]
    assert len(set(ids)) == len(ids) == 16
    for language, before in sources.items():
        kept = written[language]
        for block_id in ids:
            kept = kept.replace(f"{ends}{ends}    {{#{block_id}}}", "").replace(f"{ends}{ends}{{#{block_id}}}", "")
            kept = kept.replace(f" {{#{block_id}}}", "")
        assert kept == before.replace(" {#p-known}", "")
    assert not [one for one in check(folder).findings if one.rule in ("missing-ids", "ids-differ", "languages-part", "compile")]
    assert write_ids(folder) == []


def test_ids_that_are_there_never_change(write: Write) -> None:
    folder = write({"en/02-second.md": "One. {#keep}\n\nTwo.\n", "fr/02-second.md": "Un.\n\nDeux. {#keep-too}\n"})
    write_ids(folder)
    assert (folder / "en/02-second.md").read_text() == "One. {#keep}\n\nTwo. {#keep-too}\n"
    assert (folder / "fr/02-second.md").read_text() == "Un. {#keep}\n\nDeux. {#keep-too}\n"


def test_new_ids_avoid_those_of_closing_questions_and_small_words(write: Write) -> None:
    text = "## To talk about {#talk}\n\nThe base is in the base.\n\nBase.\n\nÀ œuvre\n\n…?\n"
    questions = '[[questions]]\nid = "p-base-base"\nchapter = "second"\nclosing = true\ntext = "Who?"\n'
    folder = write({"questions.toml": questions, "en/02-second.md": text, "fr/02-second.md": text})
    write_ids(folder)
    written = (folder / "fr/02-second.md").read_text()
    assert [part.split("}")[0] for part in written.split("{#")[1:]] == [
        "talk",
        "p-base-base-2",
        "p-base",
        "p-oeuvre",
        "p-block",
    ]


@pytest.mark.parametrize(
    "french", ["Encore.\n\nUne de plus.\n", "!!! advice\n\n    Non.\n", None], ids=["parted", "broken", "missing"]
)
def test_chapters_that_do_not_agree_are_left_alone(write: Write, french: str | None) -> None:
    folder = write({"en/02-second.md": "More.\n", "fr/02-second.md": french})
    assert write_ids(folder) == []
    assert (folder / "en/02-second.md").read_text() == "More.\n"


def test_an_id_that_has_no_safe_place_is_left_out_and_the_others_are_written(write: Write) -> None:
    text = "First words.\n\n    indented\n\n    code\n\nSecond words.\n"
    folder = write({"en/02-second.md": text, "fr/02-second.md": text})
    assert len(write_ids(folder)) == 2
    written = (folder / "en/02-second.md").read_text()
    assert written == text.replace("First words.", "First words. {#p-first-words}").replace(
        "Second words.", "Second words. {#p-second-words}"
    )
    assert ("missing-ids", "en/02-second.md", 3) in found(folder)


def test_a_heading_without_an_id_is_named_by_its_words_wherever_it_stands() -> None:
    for source in ("## The same street\n", "Above.\n\nAnd more.\n\n## The same street\n"):
        compiled = compile_markdown(source, path="en/x.md", concept_terms={}, references=set())
        assert compiled.blocks[-1].id == "the-same-street"
