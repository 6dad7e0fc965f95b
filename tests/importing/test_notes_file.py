"""A document that this program exported gives its notes back; anything else is refused in one sentence."""

from __future__ import annotations

import io
import json
import zlib
from pathlib import Path

import pytest
from pypdf import PdfWriter

from letstalk_desktop.annotations.exchange import ExchangeError, NotebookFile, write_notebook
from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.exporting.html import to_html
from letstalk_desktop.exporting.model import Choices, Summary
from letstalk_desktop.exporting.pdf import write_pdf
from letstalk_desktop.exporting.summary import summarize
from letstalk_desktop.importing import notes_file
from letstalk_desktop.importing.notes_file import read_notes
from tests.exporting import sample

HOSTILE = (
    'Ends early? </script><script type="application/json" id="letstalk-notes">{"format": "other"}</script> '
    "<!-- \u2028 \u2029 \"quotes\" 'and' \\ %PDF-1.7 \0 \x85 \U0001f9e9"
)
NOTES = NotebookFile(
    annotations=(*sample.marks(), sample.highlight(99, "power", "Others wait.", Kind.ACTION, HOSTILE)),
    concepts=tuple(sample.own_concepts()),
    program="0.1",
    generated="2026-11-23T19:30:00.000Z",
)


def summary() -> Summary:
    choices = Choices("community-organizing", reader=sample.READER)
    marks, own = list(NOTES.annotations), sample.own_concepts()
    return summarize(sample.resource(), sample.chapter, marks, own, {}, choices, sample.translator_for("en"), sample.NOW)


def exported(kind: str, notes: bytes | None) -> bytes:
    if kind == "html":
        return to_html(summary(), notes=notes).encode()
    return write_pdf(summary(), sample.FONTS, sample.TEMPLATES, attachment=notes).document


def pdf(attachment: bytes | None, name: str = "letstalk-notes.json", password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if attachment is not None:
        writer.add_attachment(name, attachment)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def refusal(folder: Path, data: bytes) -> str:
    file = folder / "file"
    file.write_bytes(data)
    with pytest.raises(ExchangeError) as refused:
        read_notes(file)
    said = str(refused.value)
    assert "\n" not in said
    return said


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_the_notes_in_an_exported_document_come_back_as_they_were(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "whatever its name"
    file.write_bytes(exported(kind, write_notebook(NOTES)))
    assert read_notes(file) == NOTES


def test_a_page_that_an_editor_saved_again_still_gives_its_notes(tmp_path: Path) -> None:
    page = exported("html", write_notebook(NOTES)).replace(b"\n", b"\r\n")
    page = page.replace(b'<script type="application/json" id="letstalk-notes">', b"<SCRIPT id='letstalk-notes' type=x>")
    file = tmp_path / "page.html"
    file.write_bytes(b"\xef\xbb\xbf\r\n" + page)
    assert read_notes(file) == NOTES


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_a_document_without_notes_is_said_to_have_none(tmp_path: Path, kind: str) -> None:
    assert "carries no notes" in refusal(tmp_path, exported(kind, None))


def test_documents_of_others_have_no_notes(tmp_path: Path) -> None:
    assert "carries no notes" in refusal(tmp_path, pdf(b"{}", name="invoice.json"))
    assert "carries no notes" in refusal(tmp_path, b'<html><p>id="letstalk-notes"</p></html>')
    assert "carries no notes" in refusal(tmp_path, b'<script id="letstalk-notes">{"never": "closed"}')
    assert "not a file of notes from" in refusal(tmp_path, pdf(b'{"format": "other"}'))
    assert "not a file of notes" in refusal(tmp_path, pdf(b"\xff\xfe"))


def test_a_broken_or_locked_pdf_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    whole = pdf(write_notebook(NOTES))
    for data in (b"%PDF-", b"%PDF-1.7\n%%EOF", whole[:400], whole[:40] + b"\xff" * 500):
        assert "damaged" in refusal(tmp_path, data)
    assert "locked" in refusal(tmp_path, pdf(b"{}", password="secret"))
    assert capfd.readouterr() == ("", "")


def test_damage_anywhere_in_a_pdf_is_refused_or_survived(tmp_path: Path) -> None:
    whole = pdf(write_notebook(NotebookFile(annotations=NOTES.annotations[:1])))
    file = tmp_path / "file.pdf"
    survived = refused = 0
    for place in range(8, len(whole), 23):
        file.write_bytes(whole[:place] + b"<<" + whole[place + 2 :])
        try:
            survived += len(read_notes(file).annotations)
        except ExchangeError:
            refused += 1
    assert survived
    assert refused


def test_what_unpacks_to_more_than_notes_can_be_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zlib.compress(bytes(100_000_000), 9)
    bomb = pdf(b"X" * len(packed)).replace(b"X" * len(packed), packed)
    bomb = bomb.replace(b"/Type /EmbeddedFile", b"/Filter/FlateDecode", 1)
    assert "cannot be read" in refusal(tmp_path, bomb)
    monkeypatch.setattr(notes_file, "LARGEST", 1000)
    assert "too large" in refusal(tmp_path, b"<" + bytes(1000))
    assert "not a file of notes" in refusal(tmp_path, bytes(1000))


@pytest.mark.parametrize("wrong", [{"generated": 5, "program": []}, {"annotations": 7}])
def test_odd_values_around_the_notes_do_no_harm(tmp_path: Path, wrong: dict[str, object]) -> None:
    document = json.loads(write_notebook(NotebookFile())) | wrong
    file = tmp_path / "notes.pdf"
    file.write_bytes(pdf(json.dumps(document).encode()))
    assert read_notes(file).annotations == ()


def test_a_number_that_no_notebook_can_hold_rejects_its_note_only(tmp_path: Path) -> None:
    document = json.loads(write_notebook(NotebookFile(annotations=NOTES.annotations[:2])))
    document["annotations"][0]["end"] = 10**30
    file = tmp_path / "notes.json"
    file.write_text(json.dumps(document))
    found = read_notes(file)
    assert found.annotations == NOTES.annotations[1:2]
    assert found.rejected == (("annotations[0]", "end is too large"),)
