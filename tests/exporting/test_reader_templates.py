"""A reader's own template makes her document, and nothing else: no other file, no package, no network, no end of time."""

from __future__ import annotations

import io
import json
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from letstalk_desktop.annotations.exchange import NotebookFile, write_notebook
from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.annotations.notes import parse_note, plain_text
from letstalk_desktop.errors import ExportError, NotFound, UsageError
from letstalk_desktop.exporting import own_templates, process
from letstalk_desktop.exporting.child import Engine
from letstalk_desktop.exporting.model import Choices, Summary
from letstalk_desktop.exporting.note_trees import note_tree
from letstalk_desktop.exporting.process import ExportCancelled
from letstalk_desktop.exporting.reader_templates import (
    README,
    add_examples,
    fetched,
    prepare_folder,
    template_named,
    templates_in,
)
from letstalk_desktop.exporting.rendered import Rendered
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.exporting.summary_json import note_json, to_json
from letstalk_desktop.exporting.template_files import TemplateFault
from letstalk_desktop.exporting.template_text import fill_in
from letstalk_desktop.importing.notes_file import read_notes
from tests.exporting import sample

BUNDLED = sample.ROOT / "resources" / "templates"
EXAMPLE = BUNDLED / "example"
DOCS = (sample.ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
TITLED = '#set document(title: "x")\n'

Make = Callable[..., Rendered]


def summary(language: str = "en", note: str | None = None) -> Summary:
    marks = sample.marks() if note is None else [sample.highlight(1, "power", "Others wait.", Kind.ACTION, note)]
    choices = Choices("community-organizing", language=language, reader=sample.READER)
    own, translator = sample.own_concepts(), sample.translator_for(language)
    return summarize(sample.resource(), sample.chapter, marks, own, {}, choices, translator, sample.NOW)


def document(language: str = "en", note: str | None = None) -> str:
    return json.dumps(to_json(summary(language, note)), ensure_ascii=False)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One child for all: a template may stop it, and the next gets a new one."""
    folder = tmp_path_factory.mktemp("own") / "templates"
    folder.mkdir()
    (folder.parent / "secret.txt").write_text("the secret", encoding="utf-8")
    with Engine(sample.FONTS, folder, own=True) as made:
        yield made


@pytest.fixture
def folder(engine: Engine) -> Path:
    """An empty folder of templates, with something beside it that is none of theirs."""
    found = Path(engine._child._command()[-1])
    shutil.rmtree(found)
    found.mkdir()
    return found


@pytest.fixture
def make(engine: Engine, folder: Path) -> Make:
    """Writes a template into the folder and makes a document with it, in the child process."""

    def run(file: str, source: str, **options: object) -> Rendered:
        (folder / file).write_text(source, encoding="utf-8")
        return engine.typeset(document(), file, **options)  # type: ignore[arg-type]

    return run


# --- the example --------------------------------------------------------------------------------------------------------


def test_the_example_of_the_docs_is_the_one_that_is_added(folder: Path) -> None:
    shown = dict(re.findall(r"^### (\S+)\n\n```\w+\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE))
    assert add_examples(folder, BUNDLED) == sorted(shown) == ["meeting.html", "meeting.md", "meeting.typ"]
    assert {name: (folder / name).read_text(encoding="utf-8") for name in shown} == shown
    (folder / "meeting.md").write_text("mine", encoding="utf-8")
    assert add_examples(folder, BUNDLED) == []
    assert (folder / "meeting.md").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_example_makes_all_three(language: str) -> None:
    notes = write_notebook(NotebookFile(annotations=tuple(sample.marks()[:3])))
    data, made = document(language), summary(language)
    with Engine(sample.FONTS, EXAMPLE, own=True) as engine:
        pdf, page, markdown = (engine.typeset(data, f"meeting.{ending}", attachment=notes) for ending in ("typ", "html", "md"))
        assert engine.typeset(data, "meeting.typ", image_ppi=30).document.startswith(b"\x89PNG")
    reader = PdfReader(io.BytesIO(pdf.document))
    root = reader.trailer["/Root"]
    assert pdf.plain == ""
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()
    assert str(root["/Lang"]).lower() == language
    assert reader.attachments["letstalk-notes.json"] == [notes]
    tree = html5lib.HTMLParser(strict=True).parse(page.document.decode())
    texts = (
        " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split()),
        " ".join("".join(tree.itertext()).split()),
        " ".join(plain_text(parse_note(markdown.document.decode())).split()),
    )
    for text in texts:
        assert made.title.replace("\u00a0", " ") in text.replace("\u00a0", " ")
        assert made.labels["todo"] in text
        for passage in (passage for group in made.groups for passage in group.passages):
            assert " ".join(passage.quote.split())[:20].split("\U0001f9e9")[0].rstrip() in text
        assert "ask who they would call" in text
        assert '#import "x" a_b$ #let' in text


def test_what_the_example_makes_comes_back_in(tmp_path: Path) -> None:
    notes = NotebookFile(annotations=tuple(sample.marks()[:3]))
    with Engine(sample.FONTS, EXAMPLE, own=True) as engine:
        for file, name in (("meeting.typ", "a.pdf"), ("meeting.html", "a.html")):
            made = engine.typeset(document(), file, attachment=write_notebook(notes))
            (tmp_path / name).write_bytes(made.document)
            assert read_notes(tmp_path / name).annotations == notes.annotations


# --- the folder ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("en", "Your templates"), ("fr", "Vos modèles"), ("de", "Your templates")])
def test_the_folder_is_made_with_a_text_that_tells_what_belongs_in_it(tmp_path: Path, language: str, words: str) -> None:
    folder = tmp_path / "new" / "templates"
    assert templates_in(folder) == []
    prepare_folder(folder, BUNDLED, language)
    assert (folder / README).read_text(encoding="utf-8").startswith(words)
    (folder / README).write_text("mine")
    prepare_folder(folder, BUNDLED, language)
    assert (folder / README).read_text() == "mine"
    assert templates_in(folder) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match="cannot be written to"):
        prepare_folder(tmp_path / "file" / "templates", BUNDLED, "en")
    with pytest.raises(ExportError, match="cannot be written to"):
        add_examples(tmp_path / "none", BUNDLED)


def test_templates_have_names_and_make_one_format_each(folder: Path) -> None:
    for name in ("Été.typ", "plan.html", "plan.md", "_parts.typ", ".hidden.md", "notes.txt", "README.txt"):
        (folder / name).touch()
    (folder / "dir.typ").mkdir()
    assert [(one.name, one.makes) for one in templates_in(folder)] == [("plan", ".html"), ("plan", ".md"), ("Été", ".pdf")]
    assert template_named(folder, "plan", ".MD").file == "plan.md"
    assert template_named(folder, "plan.html", ".html").file == "plan.html"
    with pytest.raises(UsageError, match=r"Été\.typ makes \.pdf files"):
        template_named(folder, "Été", ".docx")
    with pytest.raises(NotFound, match=r"no template “x”.*plan\.html, plan\.md, Été\.typ"):
        template_named(folder, "x", ".pdf")
    with pytest.raises(NotFound, match="Templates belong in the folder"):
        template_named(folder / "none", "x", ".pdf")


# --- faults, told with template and line --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "source", "sentence"),
    [
        ("a.typ", TITLED + "\n#let x = (\n", r"Template a\.typ, line 3: unclosed delimiter\."),
        ("a.typ", TITLED + "#doc.titel", r"Template a\.typ, line 2: unknown variable: doc\."),
        ("a.typ", TITLED + '#import "_part.typ": f\n#f(1)', r"Template _part\.typ, line 2: .*field.*integer\."),
        ("a.md", "a\n{% if x %}\nb", r"Template a\.md, line 3: Unexpected end of template"),
        ("a.md", "a\n\n{{ doc.titel }}", r"Template a\.md, line 3: 'dict object' has no attribute 'titel'\."),
        ("a.html", "<p>\n{{ 1 / 0 }}", r"Template a\.html, line 2: ZeroDivisionError: division by zero\."),
        ("a.html", '<p>\n\n{% include "_part.html" %}', r"Template _part\.html, line 2: 'nothing' is undefined\."),
        ("a.html", "{{ 3 | note }}", r"Template a\.html, line 1: TypeError"),
        ("a.html", "{{ [{'type': 'x'}] | note }}", r"Template a\.html, line 1: LookupError: .*no block of type 'x'"),
        ("a.md", "x\n{{ data_uri('none.png') }}", r"Template a\.md, line 2: there is no file “none\.png” in the folder"),
    ],
)
def test_a_fault_is_told_with_template_and_line(make: Make, folder: Path, file: str, source: str, sentence: str) -> None:
    (folder / "_part.typ").write_text("#let f(x) = {\n  x.nosuch\n}\n", encoding="utf-8")
    (folder / "_part.html").write_text("<b>\n{{ nothing }}\n", encoding="utf-8")
    with pytest.raises(TemplateFault, match=sentence) as told:
        make(file, source)
    assert "\n" not in str(told.value)
    assert make("good.md", "{{ doc.title }}").document.startswith(b"Let")  # the same process serves on


def test_a_fault_is_told_in_the_readers_language(make: Make) -> None:
    with pytest.raises(TemplateFault) as told:
        make("a.md", 'a\n{% include "../secret.txt" %}')
    french = told.value.text(sample.translator_for("fr"))
    assert french.startswith("Modèle a.md, ligne 2\u00a0: ")
    assert "«\u00a0../secret.txt\u00a0»" in french


def test_a_template_that_is_not_text_or_not_there_is_told(make: Make, engine: Engine, folder: Path) -> None:
    (folder / "_latin.md").write_bytes(b"caf\xe9")
    with pytest.raises(TemplateFault, match=r"Template _latin\.md: it is not text in UTF-8\."):
        make("a.md", '{% include "_latin.md" %}')
    for file in ("gone.typ", "gone.html"):
        with pytest.raises(TemplateFault, match=r"gone\.\w+.*folder"):
            engine.typeset(document(), file)


def test_a_template_that_is_not_accessible_makes_a_plain_pdf_and_says_why(make: Make) -> None:
    made = make("a.typ", "= No title of the document\n")
    assert "missing document title" in made.plain
    assert made.document.startswith(b"%PDF")
    assert make("a.typ", TITLED + "= Titled").plain == ""


def test_characters_that_no_font_has_are_shown_by_their_codes() -> None:
    with Engine(sample.FONTS, EXAMPLE, own=True) as engine:
        made = engine.typeset(document(note="中 \ud800"), "meeting.typ")
    assert dict(made.replaced) == {"中": 2, "\ud800": 2}  # in the to-do list and in the note
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.document)).pages)
    assert "[U+4E2D] [U+D800]" in " ".join(text.split())
    assert made.plain == ""


# --- hostile templates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('#read("/etc/passwd")', "asks for a file that is not in the folder"),
        ('#read("../secret.txt")', "asks for a file that is not in the folder"),
        ('#read("/../secret.txt")', "asks for a file that is not in the folder"),
        ('#include "../../templates/../secret.txt"', "asks for a file that is not in the folder"),
        ('#import "@preview/cetz:0.3.0": *', "packages are not loaded"),
        ('#let p = "@pre" + "view/cetz:0.3.0"\n#import p as q', "packages are not loaded"),
        ('#image("file:///etc/passwd")', "asks for a file that is not in the folder"),
        ("#let f(x) = f(x + 1)\n#f(1)", "maximum function call depth exceeded"),
    ],
)
def test_typst_reaches_nothing_outside_its_folder(make: Make, source: str, reason: str) -> None:
    with pytest.raises(TemplateFault, match=rf"Template a\.typ, line \d+: .*{reason}"):
        make("a.typ", TITLED + source)


@pytest.mark.parametrize(
    "source",
    [
        '{% include "../secret.txt" %}',
        '{% include "/etc/passwd" %}',
        '{% extends "..\\\\secret.txt" %}',
        '{% import "sub/../../secret.txt" as x %}',
        "{{ data_uri('../secret.txt') }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ doc.__class__ }}",
        "{{ data_uri.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ '{0.__class__}'.format(doc) }}",
        "{{ '%s' | format(doc) | attr('__class__') | string }}",
        "{{ (doc | attr('__class__')).x }}",
        "{{ doc.update({'title': 'x'}) }}",
        "{{ doc.groups.append(1) }}",
        "{{ lipsum.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id') }}",
        "{% for x in range(10000000) %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    ],
)
@pytest.mark.parametrize("file", ["a.html", "a.md"])
def test_jinja_reaches_nothing_outside_its_sandbox(make: Make, file: str, source: str) -> None:
    with pytest.raises(TemplateFault, match=rf"Template {re.escape(file)}, line 2: "):
        make(file, "x\n" + source)


@pytest.mark.parametrize("name", ["link.txt", "sub"])
def test_a_link_out_of_the_folder_is_not_followed(make: Make, folder: Path, name: str) -> None:
    (folder / name).symlink_to(folder.parent if name == "sub" else folder.parent / "secret.txt")
    for file, source in (("a.typ", TITLED + '#read("link.txt")'), ("a.md", '{% include "sub/secret.txt" %}')):
        with pytest.raises(TemplateFault, match=f"the link {name} beside it leads out of the folder"):
            make(file, source)
    (folder / name).unlink()
    (folder / "part.txt").write_text("inside")
    (folder / "link.txt").symlink_to(folder / "part.txt")
    assert make("a.md", '{% include "link.txt" %}').document == b"inside"


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("a.typ", "#let n = 1\n#while n > 0 { n += 1 }"),
        ("a.md", "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"),
    ],
)
def test_a_template_without_end_is_stopped(make: Make, file: str, source: str) -> None:
    with pytest.raises(TemplateFault, match=rf"Template {re.escape(file)}.*(not done after 1 seconds|infinite|too many)"):
        make(file, source, seconds=1.0)
    assert make("good.md", "fine").document == b"fine"  # the next document has a process of its own


def test_a_template_cannot_take_all_memory_or_make_endless_documents(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TemplateFault, match="line 2: it needs more memory than templates may have"):
        make("a.md", "x\n{{ 'x' * 9000000000 }}")
    with pytest.raises(TemplateFault, match="larger than 200 MB"):
        make("a.md", "{% for a in range(99999) %}{{ 'x' * 99999 }}{% endfor %}")


def test_the_process_of_templates_writes_no_file_and_has_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    asked: dict[int, tuple[int, int]] = {}
    with monkeypatch.context() as patch:
        patch.setattr(resource, "setrlimit", lambda what, most: asked.__setitem__(what, most))
        own_templates._limit_this_process()
    assert asked[resource.RLIMIT_FSIZE] == (0, 0)
    assert asked[resource.RLIMIT_AS][0] <= own_templates.MEMORY


def test_the_network_is_not_even_tried(make: Make, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A listener in the place of the closed door hears nothing but Typst asking for its package through the proxy."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        monkeypatch.setattr(process, "_CLOSED", f"http://127.0.0.1:{listener.getsockname()[1]}")
        with Engine(sample.FONTS, folder, own=True) as engine:
            (folder / "a.html").write_text('<img src="http://example.org/x.png">{{ doc.title }}', encoding="utf-8")
            engine.typeset(document(), "a.html")
            (folder / "a.typ").write_text(TITLED + '#link("http://example.org")[x]', encoding="utf-8")
            engine.typeset(document(), "a.typ")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_what_a_page_would_fetch_is_found() -> None:
    page = b"""<img alt=x src='https://a.ca/p.png'><link rel=stylesheet href="//b.ca/s.css"><a href="https://c.ca">link</a>
    <style>@import "http://d.ca/x.css"; p { background: url(https://e.ca/y.png) }</style><img src="data:image/png;base64,x">"""
    assert fetched(page) == ("https://a.ca/p.png", "//b.ca/s.css", "http://d.ca/x.css", "https://e.ca/y.png")


def test_a_cancel_stops_a_template_at_work(folder: Path) -> None:
    (folder / "a.md").write_text("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")
    outcome: list[BaseException] = []
    with Engine(sample.FONTS, folder, own=True) as engine:

        def work() -> None:
            try:
                engine.typeset(document(), "a.md")
            except ExportError as error:
                outcome.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        engine.cancel()
        thread.join(10)
    assert [type(error) for error in outcome] == [ExportCancelled]


# --- what the reader wrote is data --------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(
    ["<script>", "*a*", "# a", "- a\n\n1. b", "[a](b)", "`a`", "{{ doc }}", "{% x %}", "a\n---", "&lt;", "> a", "\\", "![x](y)"]
)


@settings(max_examples=80, deadline=None)
@given(TEXT)
def test_in_markdown_nothing_the_reader_wrote_is_markup(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "t.md").write_text(
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(doc.text) }}\n\n---\n\n{{ doc.text | quoted }}\n", encoding="utf-8"
    )
    made = fill_in(folder, "t.md", {"text": text, "labels": {}}, None)
    first, _, second = made.partition("\n\n---\n\n")
    shown = plain_text(parse_note(first))
    wanted = plain_text(parse_note(fill_in(folder, "t.md", {"text": "x", "labels": {}}, None).partition("\n\n---")[0]))
    assert wanted == "x"
    assert "<script" not in re.sub(r"\\.", "", made)
    assert not re.search(r"^(#{1,6}(\s|$)|- |1\. )", first, re.MULTILINE)
    assert [line[:1] for line in second.rstrip("\n").split("\n")] == [">"] * len(second.rstrip("\n").split("\n"))
    letters = [character for character in text if character.isalnum() and character.isascii()]
    assert [character for character in re.sub(r"\[U\+\w+\]", "", shown) if character in letters] == letters or "[U+" in text


@settings(max_examples=80, deadline=None)
@given(TEXT)
def test_in_html_nothing_the_reader_wrote_is_an_element(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "t.html").write_text(
        '<!doctype html><title>x</title><p title="{{ doc.text }}">{{ doc.text }}</p><script type="application/json">'
        "{{ notes }}</script>",
        encoding="utf-8",
    )
    notes = json.dumps({"note": text}, ensure_ascii=False).encode("utf-8", "replace")
    made = fill_in(folder, "t.html", {"text": text, "labels": {}}, notes)
    tree = html5lib.HTMLParser(strict=True).parse(made)
    tags = [str(element.tag).rpartition("}")[2] for element in tree.iter()]
    assert tags == ["html", "head", "title", "body", "p", "script"]


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=60)
    | st.sampled_from(["1. a\n   - b\n\n> c\n\n---\n\n# d\n\n```x\ny\n```\n\n*a **b*** `c` [d](e 'f')\\\ng"])
)
def test_a_tree_comes_back_from_its_json(text: str) -> None:
    tree = parse_note(text)
    assert note_tree(json.loads(json.dumps(note_json(tree)))) == tree
