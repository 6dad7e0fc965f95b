"""What others say of our documents: axe-core in Chromium of the pages, LibreOffice of the Word files, poppler of the PDF.

``python3 dev.py check --full`` installs these programs and runs this.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from letstalk_desktop.exporting.html import to_html
from letstalk_desktop.exporting.model import Choices, Include, Order, Shape, Summary
from letstalk_desktop.exporting.pdf import write_pdf
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.exporting.template_text import fill_in
from letstalk_desktop.exporting.word import to_word
from tests.exporting import sample
from tests.exporting.rich import annotated_chapters
from tests.exporting.test_hostile import material
from tests.exporting.test_reader_templates import EXAMPLE, document

AXE = sample.ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = """
    --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --virtual-time-budget=20000 --window-size=1000,1400 --dump-dom
"""
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_RESULT = re.compile(r'<pre id="axe-result">(.*?)</pre>', re.DOTALL)


def make(language: str, shape: Shape = Shape.SUMMARY, order: Order = Order.PLACE) -> Summary:
    choices = Choices(
        "community-organizing", shape=shape, order=order, language=language, reader=sample.READER, include=Include(context=True)
    )
    own, translator = sample.own_concepts(), sample.translator_for(language)
    return summarize(sample.resource(), sample.chapter, sample.marks(), own, {}, choices, translator, sample.NOW)


Examine = Callable[[str], list[str]]


@pytest.fixture
def examine(tmp_path: Path) -> Examine:
    """What axe-core finds wrong with a page, in a browser that has just been born."""
    script = AXE.read_text(encoding="utf-8").replace("</script", "<\\/script")

    def run(page: str) -> list[str]:
        ask = json.dumps({"runOnly": {"type": "tag", "values": TAGS}})
        tell = (
            "const out = document.createElement('pre'); out.id = 'axe-result'; document.body.append(out);"
            f"axe.run(document, {ask}).then(found => {{ out.textContent = JSON.stringify(found); }},"
            " error => { out.textContent = JSON.stringify({error: String(error)}); });"
        )
        # The page forbids every script, and rightly: only for the examination the rule is taken out.
        copy = _POLICY.sub("", page).replace("</body>", f"<script>{script}</script><script>{tell}</script></body>")
        (tmp_path / "page.html").write_text(copy, encoding="utf-8")
        command = ["chromium", *FLAGS.split(), f"--user-data-dir={tmp_path / 'profile'}", (tmp_path / "page.html").as_uri()]
        environment = {**os.environ, "HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, env=environment)
        answer = _RESULT.search(done.stdout)
        assert answer, done.stdout[-2000:] + done.stderr[-2000:]
        found: dict[str, Any] = json.loads(unescape(answer[1]))
        assert len(found.get("passes", ())) > 10, found
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    return run


@pytest.mark.full
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("shape", list(Shape))
def test_axe_finds_nothing_wrong_with_a_page(examine: Examine, shape: Shape, language: str) -> None:
    assert examine(to_html(make(language, shape), notes=b"{}")) == []


@pytest.mark.full
@pytest.mark.parametrize("which", ["chapters", "concepts"])
def test_axe_finds_nothing_wrong_in_the_dark_either(examine: Examine, which: str) -> None:
    page = to_html(annotated_chapters("fr") if which == "chapters" else make("en", order=Order.CONCEPT))
    assert "(prefers-color-scheme: dark)" in page
    assert examine(page.replace("(prefers-color-scheme: dark)", "all")) == []


@pytest.mark.full
def test_axe_finds_nothing_wrong_with_everything_a_chapter_can_hold(examine: Examine) -> None:
    assert examine(to_html(annotated_chapters(), notes=b"{}")) == []
    assert examine(to_html(material("en", Shape.CHAPTERS).summary)) == []


@pytest.mark.full
def test_axe_finds_nothing_wrong_with_hostile_notes_and_with_the_example(examine: Examine) -> None:
    assert examine(to_html(material("fr").summary)) == []
    assert examine(fill_in(EXAMPLE, "meeting.html", json.loads(document("fr")), None)) == []


@pytest.mark.full
def test_axe_would_find_what_is_wrong(examine: Examine) -> None:
    page = to_html(make("en")).replace('<html lang="en-CA">', "<html>").replace("<main>", "<main><img src='x'>")
    assert {"html-has-lang", "image-alt"} <= {one.partition(":")[0] for one in examine(page)}


def flat(text: str) -> str:
    """Words in one line, as programs break lines and number lists in their own way."""
    return "".join(unicodedata.normalize("NFC", text.replace("\ufeff", "")).split())


@pytest.mark.full
@pytest.mark.parametrize("which", ["en", "fr", "hostile", "chapters"])
def test_libreoffice_opens_the_word_file_with_every_word(tmp_path: Path, which: str) -> None:
    special = {"hostile": lambda: material().summary, "chapters": annotated_chapters}
    data = to_word(special[which]() if which in special else make(which))
    (tmp_path / "a.docx").write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"]
    command += ["txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(tmp_path / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300, env={**os.environ, "HOME": str(tmp_path)})
    shown = flat((tmp_path / "a.txt").read_text(encoding="utf-8"))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    at = 0
    for paragraph in body.iter("{*}p"):
        words = flat("".join(node.text or "" for node in paragraph.iter("{*}t")))
        found = shown.find(words, at)
        assert found >= 0, words[:200]
        at = found + len(words)


@pytest.mark.full
@pytest.mark.parametrize("language", ["en", "fr"])
def test_poppler_finds_a_tagged_document_with_every_quote(tmp_path: Path, language: str) -> None:
    summary = make(language)
    (tmp_path / "a.pdf").write_bytes(write_pdf(summary, sample.FONTS, sample.TEMPLATES, attachment=b"{}").document)

    def poppler(*words: str) -> str:
        done = subprocess.run([*words], check=True, capture_output=True, timeout=60, cwd=tmp_path)
        return done.stdout.decode("utf-8", "replace")

    told = poppler("pdfinfo", "a.pdf")
    assert re.search(r"Tagged:\s+yes", told)
    assert re.search(r"JavaScript:\s+no", told)
    tags = set(re.findall(r"^ *(\w+)", poppler("pdfinfo", "-struct", "a.pdf"), re.MULTILINE))
    assert {"Document", "H1", "H2", "P", "L", "LI", "Link"} <= tags
    assert "letstalk-notes.json" in poppler("pdfdetach", "-list", "a.pdf")
    text = flat(poppler("pdftotext", "a.pdf", "-").replace("\U0001f9e9", ""))
    for passage in (*(one for group in summary.groups for one in group.passages), *summary.unplaced):
        assert flat(passage.quote.replace("\U0001f9e9", "")) in text
