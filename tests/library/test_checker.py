"""The authors' checker: a sound resource gives nothing, and each fault is named with its file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from letstalk_desktop.language import Translator, translator
from letstalk_desktop.library.checker import Finding, Severity, check
from letstalk_desktop.library.checking.measures import grade_of, sentences, syllables

NBSP = "\u00a0"
ENGLISH = """\
## Why {#why}

Tenants say “we” [@roy, p. 2]. {#p-we}

- one [[base]] {#i-one}
- two, on
  two lines {#i-two}

!!! practice "Try it"

    Ask one [neighbour](second#p-second), then [look](#t-rents) at https://example.org. {#p-try}

| Rent | Year |
| --- | --- |
| 900 | 2020 |

{#t-rents}

![A wheel.](figures/wheel.en.svg "It turns.")

{#fig-wheel}
"""
FRENCH = f"""\
## Pourquoi {{#why}}

Les locataires disent «{NBSP}nous{NBSP}» [@roy, p. 2]. {{#p-we}}

- une [[base]] {{#i-one}}
- deux, sur
  deux lignes {{#i-two}}

!!! practice "Essayez"

    Demandez à une [voisine](second#p-second), puis [regardez](#t-rents){NBSP}: https://example.org. {{#p-try}}

| Loyer | Année |
| --- | --- |
| 900 | 2020 |

{{#t-rents}}

![Une roue.](figures/wheel.fr.svg "Elle tourne.")

{{#fig-wheel}}
"""
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 300" xml:lang="LANG">
  <title>Wheel</title>
  <desc>A wheel that turns.</desc>
  <text x="9" y="9" font-family="'Source Sans 3'" font-size="16" fill="#1f2529">Turn</text>
</svg>
"""


def chapter(name: str, number: int) -> str:
    points = '["One.", "Two.", "Three."]'
    return f"""
[[chapters]]
id = "{name}"
file = "{number:02d}-{name}"
title = {{ en = "{name}", fr = "{name}" }}
lede = {{ en = "A line.", fr = "Une ligne." }}
in_short = {{ en = {points}, fr = {points} }}
"""


def question(name: str, in_chapter: str, block: str) -> str:
    return f"""
[[questions]]
id = "{name}"
chapter = "{in_chapter}"
kind = "recall"
minutes = 5
closing = true
blocks = ["{block}"]
text = {{ en = "Who decides?", fr = "Qui décide{NBSP}?" }}
guidance = {{ en = "Wait.", fr = "Attendez." }}
"""


HEAD = """\
id = "sound"
edition = "1.0"
licence = "CC BY 4.0"
languages = ["en", "fr"]
title = { en = "Sound", fr = "Sain" }
"""
PLAN = """
[[plans]]
id = "plan-30"
minutes = 30
title = { en = "Half an hour", fr = "Une demi-heure" }
steps = [
  { minutes = 5, question = "q-1" },
  { minutes = 25, text = { en = "Talk.", fr = "Parlez." } },
]
"""
CONCEPTS = """\
[[concepts]]
id = "base"
term = { en = "base", fr = "base" }
definition = { en = "The people.", fr = "Les gens." }
sources = ["roy"]
"""
FILES = {
    "resource.toml": HEAD + chapter("first", 1) + chapter("second", 2),
    "concepts.toml": CONCEPTS,
    "questions.toml": "".join(
        question(f"q-{n}", where, block)
        for n, where, block in [(1, "first", "p-we"), (2, "first", "why"), (3, "second", "p-second"), (4, "second", "p-second")]
    )
    + PLAN,
    "references.json": json.dumps([{"id": "roy", "type": "book", "title": "Why now?"}], indent=1),
    "en/01-first.md": ENGLISH,
    "fr/01-first.md": FRENCH,
    "en/02-second.md": "More to say. {#p-second}\n",
    "fr/02-second.md": "Encore à dire. {#p-second}\n",
    "figures/wheel.en.svg": SVG.replace("LANG", "en"),
    "figures/wheel.fr.svg": SVG.replace("LANG", "fr"),
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the sound resource; ``changes`` are (file, old, new), ``files`` whole files (None takes one out)."""

    def build(*changes: tuple[str, str, str], files: dict[str, str | bytes | None] | None = None) -> Path:
        texts: dict[str, str | bytes | None] = {**FILES, **(files or {})}
        for file, old, new in changes:
            before = texts[file]
            assert isinstance(before, str)
            assert before.count(old) >= 1, f"{old!r} is not in {file}"
            texts[file] = before.replace(old, new, 1)
        for file, text in texts.items():
            if text is not None:
                path = tmp_path / "sound" / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "sound"

    return build


@pytest.fixture
def english() -> Translator:
    return translator("en", None)


def found(folder: Path) -> list[tuple[str, str, int]]:
    return [(finding.rule, finding.file, finding.line) for finding in check(folder).findings]


def line(file: str, words: str) -> int:
    return FILES[file][: FILES[file].index(words)].count("\n") + 1


def test_a_sound_resource_gives_nothing(write: Write) -> None:
    report = check(write())
    assert report.findings == []
    assert report.clean
    assert (report.resource, report.edition) == ("sound", "1.0")
    assert [(one.file, one.blocks) for one in report.measures][:2] == [("en/01-first.md", 6), ("fr/01-first.md", 6)]


EN, FR, HERE, TALK, BOOK = "en/01-first.md", "fr/01-first.md", "resource.toml", "questions.toml", "concepts.toml"
TWO_BLOCKS = [
    ("languages-part", FR, (FR, "- une [[base]] {#i-one}", "Une [[base]] {#i-one}"), 5),
    ("languages-part", FR, (FR, "| 900 | 2020 |", "| 900 | 2020 |\n| 950 | 2021 |"), 13),
    ("ids-differ", FR, (FR, "{#i-two}", "{#i-deux}"), 6),
    ("citations-differ", FR, (FR, " [@roy, p. 2]", ""), 3),
    ("box-titles-differ", FR, (FR, '"Essayez"', '""'), 11),
    ("missing-ids", EN, (EN, " {#p-we}", ""), 3),
]
MARKS = [
    ("unknown-concept", EN, (EN, "[[base]]", "[[base]] [[basis|people]]"), 5),
    ("unknown-reference", EN, (EN, "@roy, p. 2", "@roy, p. 2; @heller"), 3),
    ("link-nowhere", EN, (EN, "second#p-second", "second#p-gone"), 11),
    ("link-nowhere", EN, (EN, "second#p-second", "third"), 11),
    ("link-nowhere", EN, (EN, "](#t-rents)", "](rents.md)"), 11),
    ("link-address", EN, (EN, "](#t-rents)", "](http:/example.org)"), 11),
    ("link-address", EN, (EN, "](#t-rents)", "](file:///etc/hosts)"), 11),
    ("heading-level", EN, (EN, "## Why", "# Why"), 1),
    ("heading-level", EN, (EN, "## Why", "#### Why"), 1),
    ("raw-html", EN, (EN, "Tenants", "<b>Tenants</b>"), 3),
    ("unread-mark", EN, (EN, "Tenants say", "Tenants [[base say"), 3),
    ("unread-mark", EN, (EN, "{#i-two}", "{#i-two} here"), 7),
    ("mark-in-picture", EN, (EN, "It turns.", "It turns [@roy]."), 19),
    ("mark-in-picture", EN, (EN, "A wheel.", "A [[base]]."), 19),
    ("compile", EN, (EN, "!!! practice", "!!! advice"), 9),
    ("compile", EN, (EN, "{#i-two}", "{#i-one}"), 6),
    ("compile", EN, (EN, "figures/wheel.en.svg", "https://example.org/wheel.svg"), 19),
]
WORDS = [
    ("straight-quote", EN, (EN, "“we”", '"we"'), 3),
    ("straight-quote", HERE, (HERE, "A line.", "A man's line."), 11),
    ("unpaired-quote", EN, (EN, "“we”", "“we"), 3),
    ("three-dots", EN, (EN, "say “we”", "say... “we”"), 3),
    ("double-space", EN, (EN, "Tenants say", "Tenants  say"), 3),
    ("double-space", EN, (EN, "Tenants say", f"Tenants {NBSP}say"), 3),
    ("stray-space", EN, (EN, "two, on", "two , on"), 6),
    ("stray-space", EN, (EN, "“we” [@roy, p. 2].", "“we” ?"), 3),
    ("spelling", EN, (EN, "Tenants say", "Tenants organise and say"), 3),
    ("spelling", EN, (EN, "Tenants say", "Our neighbors say"), 3),
    ("spelling", FR, (FR, "Les locataires disent", "Le coeur du groupe dit"), 3),
    ("plain-words", EN, (EN, "Tenants say", "In order to win, tenants say"), 3),
    ("plain-words", FR, (FR, "Les locataires", "Au niveau du logement, les locataires"), 3),
    ("no-break-space", FR, (FR, f"«{NBSP}nous{NBSP}»", "« nous »"), 3),
    ("no-break-space", FR, (FR, f"[regardez](#t-rents){NBSP}:", "[regardez](#t-rents):"), 11),
    ("no-break-space", FR, (FR, "Les locataires", "Les 12 000 locataires"), 3),
    ("no-break-space", TALK, (TALK, f"Qui décide{NBSP}?", "Qui décide?"), 9),
]
TABLES = [
    ("in-short", HERE, (HERE, '"Two.", ', ""), 8),
    ("missing-words", HERE, (HERE, 'lede = { en = "A line.", fr = "Une ligne." }\n', ""), 8),
    ("missing-words", HERE, (HERE, ', fr = "Sain"', ""), 1),
    ("no-licence", HERE, (HERE, 'licence = "CC BY 4.0"\n', ""), 1),
    ("missing-words", BOOK, (BOOK, ', fr = "Les gens."', ""), 2),
    ("unknown-reference", BOOK, (BOOK, '["roy"]', '["rai"]'), 2),
    ("unknown-concept", BOOK, (BOOK, 'sources = ["roy"]', 'sources = ["roy"]\nrelated = ["top"]'), 2),
    (
        "unused-concept",
        BOOK,
        (BOOK, "[[concepts]]", "[[concepts]]\nid = 'spare'\nterm = 'x'\ndefinition = 'y'\n[[concepts]]"),
        2,
    ),
    ("unused-reference", "references.json", ("references.json", "[\n", '[\n {"id": "spare"},\n'), 2),
    ("closing-questions", TALK, (TALK, "closing = true", "closing = false"), 13),
    ("unknown-chapter", TALK, (TALK, 'chapter = "first"', 'chapter = "third"'), 3),
    ("unknown-block", TALK, (TALK, '["p-we"]', '["p-gone"]'), 3),
    ("no-blocks", TALK, (TALK, '["p-we"]', "[]"), 3),
    ("question-kind", TALK, (TALK, '"recall"', '"ponder"'), 3),
    ("minutes", TALK, (TALK, "minutes = 5\n", ""), 3),
    ("missing-words", TALK, (TALK, 'guidance = { en = "Wait.", fr = "Attendez." }', ""), 3),
    ("id-twice", EN, (TALK, 'id = "q-2"', 'id = "p-we"'), 13),
    ("plan-sum", TALK, (TALK, "minutes = 25", "minutes = 20"), line(TALK, 'id = "plan-30"')),
    ("unknown-question", TALK, (TALK, 'question = "q-1"', 'question = "q-9"'), line(TALK, 'id = "plan-30"')),
    ("missing-words", TALK, (TALK, ', fr = "Parlez."', ""), line(TALK, 'id = "plan-30"')),
]
CYCLE = "figures/wheel.en.svg"
PICTURES = [
    ("no-description", EN, (EN, "![A wheel.]", "![]"), 19),
    ("no-caption", EN, (EN, ' "It turns."', ""), 19),
    ("missing-picture", EN, (EN, "wheel.en.svg", "weel.en.svg"), 19),
    ("picture-language", EN, (EN, "wheel.en.svg", "wheel.fr.svg"), 19),
    ("svg-broken", CYCLE, (CYCLE, "</svg>", ""), 6),
    ("svg-words", CYCLE, (CYCLE, "  <desc>A wheel that turns.</desc>\n", ""), 1),
    ("svg-width", CYCLE, (CYCLE, "720 300", "400 300"), 1),
    ("svg-language", CYCLE, (CYCLE, ' xml:lang="en"', ""), 1),
    ("svg-colour", CYCLE, (CYCLE, "#1f2529", "black"), 4),
    ("svg-colour", CYCLE, (CYCLE, 'fill="#1f2529"', 'style="fill: #112233"'), 4),
    ("svg-colour", CYCLE, (CYCLE, ' fill="#1f2529"', ""), 4),
    ("svg-text-size", CYCLE, (CYCLE, 'font-size="16"', 'font-size="14"'), 4),
    ("svg-font", CYCLE, (CYCLE, "'Source Sans 3'", "Source Sans 3"), 4),
    ("svg-element", CYCLE, (CYCLE, "</svg>", "<script>alert(1)</script></svg>"), 5),
    ("svg-element", CYCLE, (CYCLE, "</svg>", '<a href="#x"/></svg>'), 5),
    ("svg-script", CYCLE, (CYCLE, "<text ", '<text onclick="x()" '), 4),
    ("svg-external", CYCLE, (CYCLE, "</svg>", '<use href="other.svg#a"/></svg>'), 5),
    ("svg-external", CYCLE, (CYCLE, "</svg>", "<style>@import 'a.css';</style></svg>"), 5),
    ("svg-doctype", CYCLE, (CYCLE, "<svg", "<!DOCTYPE svg>\n<svg"), 1),
]


@pytest.mark.parametrize(("rule", "file", "change", "where"), TWO_BLOCKS + MARKS + WORDS + TABLES + PICTURES)
def test_a_fault_is_named_with_its_file_and_line(
    write: Write, rule: str, file: str, change: tuple[str, str, str], where: int, english: Translator
) -> None:
    folder = write(change)
    named = TALK if rule == "id-twice" else file
    assert (rule, named, where) in found(folder)
    for finding in check(folder).findings:
        assert finding.text(english).startswith(f"{finding.file}:" if finding.line else finding.file)
        assert "{" not in finding.message(english).replace("{#", "")


def test_a_message_says_where_and_what_to_do(write: Write, english: Translator) -> None:
    report = check(write((FR, "| 900 | 2020 |", "| 900 | 2020 |\n| 950 | 2021 |"), (EN, "Tenants say", "Tenants  say")))
    assert report.findings[0].text(english) == (
        "en/01-first.md:3: warning: two spaces stand in “Tenants  say “we” [@roy,”; write one."
    )
    assert report.findings[-1].text(english) == (
        "fr/01-first.md:13: the languages part here: a table (“Loyer Année 900 2020 950 2021”), where en/01-first.md:13 has "
        "a table (“Rent Year 900 2020”); every language needs the same sequence of blocks."
    )
    assert not report.clean


def test_every_fault_of_a_file_is_collected_not_only_the_first(write: Write) -> None:
    changes = [(EN, "[[base]]", "[[a]] [[b]]"), (EN, "@roy", "@x; @y"), (EN, "!!! practice", "!!! advice")]
    fields = [finding.fields for finding in check(write(*changes[:2])).findings if finding.rule.startswith("unknown")]
    assert fields == [{"key": "x"}, {"key": "y"}, {"id": "a"}, {"id": "b"}]
    two = check(write(changes[2], (EN, "{#i-two}", "{#i-one}"), (EN, "figures/", "https://a.org/")))
    assert sorted(finding.line for finding in two.findings if finding.rule == "compile") == [6, 9, 19]


def test_a_missing_block_is_found_where_it_is_missing_not_where_the_numbers_part(write: Write) -> None:
    folder = write(files={"fr/01-first.md": FRENCH.replace("- une [[base]] {#i-one}\n", "")})
    assert ("languages-part", FR, 5) in found(folder)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("resource.toml", "id = "),
        ("resource.toml", None),
        ("concepts.toml", "[[concepts]\n"),
        ("questions.toml", b"\xff"),
        ("references.json", "[{]"),
        ("references.json", '{"id": 3}'),
        ("en/01-first.md", b"caf\xe9"),
        ("fr/02-second.md", None),
        ("figures/wheel.fr.svg", None),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding_of_its_own(write: Write, file: str, text: str | bytes | None) -> None:
    report = check(write(files={file: text}))
    named = FR if file == "figures/wheel.fr.svg" else file
    assert named in {finding.file for finding in report.of(Severity.ERROR)}
    assert not report.clean


def test_what_the_program_would_refuse_is_an_error(write: Write) -> None:
    report = check(write((HERE, 'id = "second"', 'id = "first"')))
    assert any(finding.file == "resource.toml" and finding.severity is Severity.ERROR for finding in report.findings)


def test_files_that_nothing_uses_are_named(write: Write) -> None:
    folder = write(files={"en/03-third.md": "Forgotten.", "figures/spare.png": b"\x89PNG"})
    assert found(folder) == [("unlisted-file", "en/03-third.md", 0), ("unused-picture", "figures/spare.png", 0)]


def test_words_of_others_keep_their_spelling_and_titles_their_spaces(write: Write) -> None:
    folder = write(
        (EN, "Tenants say", "The Fresno Neighborhood Parks, *The Color of Labor*, “my neighbor” and `color` say"),
        (FR, "Les locataires", "*Let’s Talk: Community organizing*, “Why now?” et 14:30, les locataires"),
    )
    assert found(folder) == []


def test_long_and_hard_texts_are_notes_and_warnings(write: Write) -> None:
    hard = "Institutional accountability necessitates organizational transformation, considering intersectional inequities. "
    folder = write(files={"en/02-second.md": f"## Hard {{#hard}}\n\n{(hard * 300).strip()} {{#p-second}}\n"})
    rules = {
        (finding.rule, finding.severity, finding.line)
        for finding in check(folder).findings
        if finding.file == "en/02-second.md"
    }
    assert rules == {
        ("chapter-length", Severity.NOTE, 0),
        ("section-length", Severity.NOTE, 1),
        ("reading-grade", Severity.WARNING, 0),
    } | {one for one in rules if one[0] == "languages-part"}
    long = "and ".join(["we go on "] * 20)
    assert ("long-sentence", "en/02-second.md", 1) in found(write(files={"en/02-second.md": f"{long}now. {{#p-second}}\n"}))


@pytest.mark.parametrize(
    ("word", "count"), [("rent", 1), ("wages", 2), ("community", 4), ("named", 1), ("started", 2), ("table", 2), ("a", 1)]
)
def test_syllables_are_counted_about_as_a_reader_would(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_grade_is_that_of_flesch_and_kincaid() -> None:
    plain = "The cat sat on the mat. " * 20  # six words of one syllable a sentence
    assert grade_of([plain]) == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert grade_of(["Too short."]) is None
    assert sentences("See p. 2 first. Then go! Why?") == ["See p. 2 first.", "Then go!", "Why?"]


def test_json_has_stable_keys(write: Write, english: Translator) -> None:
    document = check(write((EN, "“we”", '"we"'))).as_json(english)
    assert json.loads(json.dumps(document))["findings"] == [
        {
            "severity": "warning",
            "rule": "straight-quote",
            "file": "en/01-first.md",
            "line": 3,
            "message": 'a straight quotation mark or apostrophe stands in “Tenants say "we".”; write “ ” or « », and ’.',
        }
    ]
    assert (document["errors"], document["warnings"], document["notes"]) == (0, 1, 0)
    chapters = document["chapters"]
    assert isinstance(chapters, list)
    assert set(chapters[0]) == {
        "chapter", "file", "language", "words", "blocks", "sections", "longest_section", "words_per_sentence", "grade",
    }  # fmt: skip


def test_messages_are_translated_with_their_words(write: Write) -> None:
    finding = Finding(Severity.WARNING, "x", "en/a.md", 2, "two spaces stand in “{around}”;", "write one.", {"around": "a  b"})

    class Marked(Translator):
        def gettext(self, text: str) -> str:
            return f"<{text}>"

    marked = Marked("fr", translator("en", None).catalogue)
    assert finding.text(marked) == "en/a.md:2: <warning>: <two spaces stand in “a  b”;> <write one.>"
    part = next(one for one in check(write((FR, "- une", "Une"))).findings if one.rule == "languages-part")
    assert "<a paragraph>" in part.message(marked)
