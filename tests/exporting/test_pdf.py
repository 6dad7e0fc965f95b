"""The PDF is finished work: every word in it, tagged, in its language, and no note can make it fail."""

from __future__ import annotations

import io
import json
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from letstalk_desktop.annotations.model import Annotation, Kind
from letstalk_desktop.errors import ExportError
from letstalk_desktop.exporting.coverage import read_coverage
from letstalk_desktop.exporting.model import Choices, Include, Order, Paper, Summary
from letstalk_desktop.exporting.pdf import Typesetter, write_pdf
from letstalk_desktop.exporting.printable import UNUSUAL, USUAL, printable, strict
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.exporting.summary_json import to_json
from tests.exporting import sample
from tests.exporting.golden import check_golden

COVERAGE = read_coverage(sample.FONTS)
TYPESETTER = Typesetter(sample.FONTS, sample.TEMPLATES)


def make(choices: Choices | None = None, marks: list[Annotation] | None = None) -> Summary:
    choices = choices or Choices("community-organizing", reader=sample.READER)
    return summarize(
        sample.resource(),
        sample.chapter,
        sample.marks() if marks is None else marks,
        sample.own_concepts(),
        {},
        choices,
        sample.translator_for(choices.language),
        sample.NOW,
    )


def read(summary: Summary, attachment: bytes | None = None) -> PdfReader:
    made = write_pdf(summary, sample.FONTS, sample.TEMPLATES, attachment=attachment)
    return PdfReader(io.BytesIO(made.document))


def words(reader: PdfReader) -> str:
    """The text of all pages with white space made even, as line ends of a PDF are not those of the text."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def even(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def noted(note: str, quote: str = "Others wait.") -> Summary:
    return make(marks=[sample.highlight(1, "power", quote, Kind.ACTION, note)])


def set_note(note: str) -> tuple[str, dict[str, int]]:
    made = TYPESETTER.typeset(json.dumps(to_json(noted(note)), ensure_ascii=False), "summary")
    return words(PdfReader(io.BytesIO(made.document))), dict(made.replaced)


def structure(reader: PdfReader) -> list[str]:
    """The types of all tags, depth first."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_of_the_summary_is_missing(language: str) -> None:
    summary = make(Choices("community-organizing", language=language, reader=sample.READER))
    text = even(words(read(summary)))
    for group in summary.groups:
        assert even(f"{group.label} {group.title}") in text
        assert all(even(point) in text for point in group.in_short)
        for passage in group.passages:
            assert even(passage.quote.replace("\U0001f9e9", "")) in text
            assert f"¶ {passage.locator}" in text
            assert f"{passage.kind.letter} · {passage.kind.name}" in text
        for answer in group.answers:
            assert even(answer.question_text) in text
            assert even(f"({answer.when})") in text
    for phrase in (
        "Ask the tenants’ association <b>first</b>.",
        '#import "x" a_b$ #let',
        "Use this to open the session:",
        "A chapter to reread.",
        "The whole resource in one hour.",
        "Ours. The health unit needed a plan by March.",
        "words that were revised away",
        "Old words.",
        "what wakes us",
        "https://roy.ca/plan_a",
        "A $1 plan",
        summary.footer,
        summary.counts_text,
        summary.labels["todo_origin"],
        summary.labels["unplaced"],
    ):
        assert even(phrase) in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_document_is_stable(language: str) -> None:
    """Its words page by page, its outline and its tags; how Typst writes these into bytes is Typst's affair."""
    reader = read(make(Choices("community-organizing", language=language, reader=sample.READER, include=Include(context=True))))
    pages = [f"== page {number}\n{page.extract_text()}" for number, page in enumerate(reader.pages, 1)]
    outline = [str(entry["/Title"]) for entry in reader.outline if not isinstance(entry, list)]
    tags = [f"{count} {tag}" for tag, count in sorted(Counter(structure(reader)).items())]
    check_golden(
        f"summary.{language}.pdf.txt", "\n\n".join([*pages, "\n".join(["== outline", *outline, "== tags", *tags])]) + "\n"
    )


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Let’s Talk: Community organizing"), ("fr", "Parlons-en\u00a0: Organisation communautaire")]
)
def test_a_screen_reader_finds_title_language_headings_and_lists(language: str, title: str) -> None:
    reader = read(make(Choices("community-organizing", language=language, reader=sample.READER)))
    root = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (title, sample.READER)
    assert str(root["/Lang"]).lower() == f"{language}-ca"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = structure(reader)
    assert tags.count("/H1") >= 4
    assert {"/L", "/LI", "/P", "/Link", "/H2"} <= set(tags)
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata


def test_the_outline_is_the_table_of_contents() -> None:
    outline = read(make()).outline
    titles = [[inner["/Title"] for inner in entry] if isinstance(entry, list) else entry["/Title"] for entry in outline]
    assert titles == [
        "Notes on the whole resource",
        "2 Power and health equity",
        "3 Central concepts",
        ["Discussion"],
        "Passages waiting for a place",
        "Concepts in these notes",
        "Sources cited in these passages",
    ]


def test_a_long_document_begins_with_links_to_its_parts() -> None:
    kinds = list(Kind)
    marks = [sample.highlight(1, "power", "Others wait.", kinds[number % 6]).changed(id=str(number)) for number in range(60)]
    reader = read(make(Choices("community-organizing", order=Order.KIND), marks))
    first = " ".join(reader.pages[0].extract_text().split())
    assert "Contents Key idea" in first
    links = [item.get_object() for item in reader.pages[0]["/Annots"]]
    assert len(links) >= 6
    assert "Contents Key idea" not in words(read(make(Choices("community-organizing", order=Order.KIND))))


def test_locators_lead_to_their_passages() -> None:
    page = read(make()).pages[0]
    links = [item.get_object() for item in page["/Annots"]]
    assert sum(1 for link in links if "/Dest" in link or "/D" in link.get("/A", {})) >= 2


def test_the_readers_notes_travel_in_the_document() -> None:
    notes = json.dumps({"note": "é \U0001f9e9 \u0000"}, ensure_ascii=False).encode()
    reader = read(make(), attachment=notes)
    assert reader.attachments["letstalk-notes.json"] == [notes]
    assert "<pdfaid:part>3</pdfaid:part>" in reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()


@pytest.mark.parametrize(("paper", "size"), [(Paper.LETTER, (612, 792)), (Paper.A4, (595, 842))])
def test_paper_and_text_size_are_those_chosen(paper: Paper, size: tuple[int, int]) -> None:
    box = read(make(Choices("community-organizing", paper=paper))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size
    small, large = (len(read(make(Choices("community-organizing", text_size=points))).pages) for points in (8, 18))
    assert small < large


def test_only_our_fonts_are_in_it() -> None:
    names = set()
    for page in read(make()).pages:
        for font in page["/Resources"]["/Font"].values():
            names.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    assert all(name.startswith(("SourceSerif4", "SourceSans3", "SourceCodePro", "Noto")) for name in names)
    assert any(name.startswith("NotoEmoji") for name in names)


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("include", [Include(), Include(False, True, False, False, False, False, False)])
def test_every_order_and_choice_makes_a_document(order: Order, include: Include) -> None:
    text = even(words(read(make(Choices("community-organizing", order=order, include=include)))))
    assert "Who is missing from the room" in text


def test_an_empty_summary_is_a_document_that_says_so() -> None:
    assert "There are no passages or notes here yet." in words(read(make(marks=[])))


@pytest.mark.parametrize(
    "note",
    [
        '#import "@preview/x:1.0.0"',
        "a_b$ #let x = 1; #panic()",
        "\\ ] } ) <label> @ref = not a heading",
        "$ x^2 $ // comment /* no */",
        "“Quotes” 'straight' \"too\" -- --- ...",
    ],
)
def test_typst_source_in_a_note_prints_as_typed(note: str) -> None:
    assert even(note.replace("\\ ", "\\ ")) in even(set_note("x " + note)[0])


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("中文", "[U+4E2D][U+6587]"),
        ("a\0b", "a[U+0000]b"),
        ("\x0b\x85\x7f.", "[U+000B][U+0085][U+007F]."),
        ("\ud800.", "[U+D800]."),
        ("\ufdd0\uffff\ue000\U0010ffff", "[U+FDD0][U+FFFF][U+E000][U+10FFFF]"),
        ("\ufeffBOM", "[U+FEFF]BOM"),
        ("x\u0338", "x[U+0338]"),
        ("\u0915\u093e", "[U+0915][U+093E]"),
    ],
)
def test_what_no_font_shows_is_shown_by_its_code_and_counted(note: str, shown: str) -> None:
    text, replaced = set_note("x " + note)
    assert shown in text
    assert all(visible in replaced for visible in note if f"[U+{ord(visible):04X}]" in shown)


@pytest.mark.parametrize(
    "note",
    [
        "ᐃᓄᒃᑎᑐᑦ ᖃᓂᐅᔮᖅᐸᐃᑦ",
        "مرحبا بالعالم **قوي** abc",
        "שלום עולם",
        "Ελληνικά кириллица ẹ e\u0301 œ Œ « » \u202f",
        "→ ✓ ¶ ⌕ ☐ ☑ ∮ ½ ≤",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 1\ufe0f\u20e3 \U0001f1e8\U0001f1e6",
        "\U0001f44d\U0001f3fd \U0001f3f3\ufe0f\u200d\U0001f308",
        "\u202e override \u202c \u200f \u2066",
    ],
)
def test_scripts_of_our_readers_need_no_replacement(note: str) -> None:
    assert set_note(note)[1] == {}


@pytest.mark.parametrize(
    "note",
    [
        "a" * 100_000,
        "word " * 20_000,
        "a," * 3_000,
        "`" + "c" * 300 + "`",
        "```\n" + "d" * 300 + "\n\tx\n```",
        "https://x.ca/" + "b" * 500,
        "> " * 25 + "deep",
        "*" * 60 + "a" + "*" * 60,
        "\U0001f9e9" * 300,
        "e\u0301" * 300,
        "# h\n###### h6\n\n---\n\n3. a\n   - b\n     > c",
        "\u0301 alone",
        "\u200d" * 60,
    ],
)
def test_extreme_notes_stay_on_the_page(note: str) -> None:
    made = TYPESETTER.typeset(json.dumps(to_json(noted(note)), ensure_ascii=False), "summary")
    reader = PdfReader(io.BytesIO(made.document))
    width = float(reader.pages[0].mediabox.width)
    places: list[float] = []
    for page in reader.pages[:2]:
        page.extract_text(visitor_text=lambda text, cm, tm, *_: places.append(tm[4] * cm[0] + cm[4]) if text.strip() else None)
    assert all(0 < place < width for place in places)
    if note[0] == "a":
        assert "".join(words(reader).split()).count("a") >= note.count("a")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    note=st.text(st.characters(exclude_categories=()), max_size=40),
    quote=st.text(st.characters(exclude_categories=()), max_size=20),
)
def test_no_text_makes_it_fail(note: str, quote: str) -> None:
    mark = sample.highlight(1, "power", "Others wait.", Kind.ACTION, note)
    mark = mark.changed(anchor=mark.anchor._replace(exact=quote))
    summary = replace(make(Choices("community-organizing", reader=note), [mark]), title=quote or "x")
    made = TYPESETTER.typeset(json.dumps(to_json(summary), ensure_ascii=False), "summary")
    assert made.document.startswith(b"%PDF")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_a_printable_document_is_still_the_same_json(text: str) -> None:
    for change in (printable, strict):
        made, replaced = change(json.dumps({"text": text}, ensure_ascii=False), COVERAGE)
        shown = json.loads(made)["text"].replace("\u200b", "")
        codes = sum(shown.count(f"[U+{ord(character):04X}]") for character in replaced)
        assert codes >= sum(replaced.values())
        if not replaced and change is printable:
            assert shown == text.replace("\u200b", "")


def test_coverage_is_that_of_the_fonts_own_tables() -> None:
    paths = [path for path in sorted(sample.FONTS.iterdir()) if path.suffix in (".ttf", ".otf")]
    paths = [path for path in paths if not path.name.startswith(("Atkinson", "OpenDyslexic"))]
    for path, found in zip(paths, COVERAGE.fonts, strict=True):
        mapped = {chr(code) for code in TTFont(path).getBestCmap()}
        assert found == {character for character in mapped if not unicodedata.category(character).startswith("C")}


def test_the_usual_letters_need_no_look_at_the_fonts() -> None:
    assert COVERAGE.all >= USUAL
    assert {chr(code) for code in range(0x11_0000)} - set(UNUSUAL.findall("".join(map(chr, range(0x11_0000))))) == USUAL


def test_missing_fonts_and_templates_are_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="fonts are missing"):
        Typesetter(tmp_path, sample.TEMPLATES)
    with pytest.raises(ExportError, match="fonts are missing"):
        Typesetter(tmp_path / "none", sample.TEMPLATES)
    with pytest.raises(ExportError, match=r"summary\.typ is missing"):
        Typesetter(sample.FONTS, tmp_path).typeset("{}", "summary")


def test_a_template_that_asks_for_a_package_or_a_foreign_file_is_refused(tmp_path: Path) -> None:
    for source, reason in (
        ('#import "@preview/cetz:0.3.0": *', "asks for the package @preview/cetz"),
        ('#read("/etc/hostname")', "could not be set"),
        ('#read("../x")', "could not be set"),
    ):
        (tmp_path / "summary.typ").write_text('#set document(title: "x")\n' + source, encoding="utf-8")
        with pytest.raises(ExportError, match=reason):
            Typesetter(sample.FONTS, tmp_path).typeset("{}", "summary")


def test_pages_can_be_had_as_pictures() -> None:
    made = TYPESETTER.typeset(json.dumps(to_json(make()), ensure_ascii=False), "summary", image_ppi=40)
    assert len(made.content) >= 2
    assert all(page.startswith(b"\x89PNG") for page in made.content)
