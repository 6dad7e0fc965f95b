"""An export can be cancelled at any moment, and a file appears whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from letstalk_desktop.errors import ExportError
from letstalk_desktop.exporting import child
from letstalk_desktop.exporting.child import PRIVATE_ARGUMENT, Engine, command, render
from letstalk_desktop.exporting.model import Choices, Summary
from letstalk_desktop.exporting.process import ExportCancelled
from letstalk_desktop.exporting.rendered import Rendered, export_file
from letstalk_desktop.exporting.summary import summarize
from tests.exporting import sample


def summary(note: str = "A note") -> Summary:
    marks = [sample.highlight(1, "power", "Others wait.", note=note)]
    choices = Choices("community-organizing", reader=sample.READER)
    return summarize(sample.resource(), sample.chapter, marks, [], {}, choices, sample.translator_for("en"), sample.NOW)


def engine() -> Engine:
    return Engine(sample.FONTS, sample.TEMPLATES)


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put another program in the child's place."""

    def put(source: str) -> None:
        monkeypatch.setattr(child, "command", lambda: [sys.executable, "-c", source])

    return put


def test_the_child_makes_what_this_process_would_make() -> None:
    made = render(summary("中 \ud800"), sample.FONTS, sample.TEMPLATES, attachment=b'{"a": 1}')
    assert made.document.startswith(b"%PDF")
    assert made.document.rstrip().endswith(b"%%EOF")
    assert dict(made.replaced) == {"中": 1, "\ud800": 1}
    assert made.replaced_count == 2


def test_one_child_serves_many_documents_also_after_an_error() -> None:
    with engine() as at_work:
        assert at_work.render(summary()).document.startswith(b"%PDF")
        with pytest.raises(ExportError, match=r"nosuch\.typ is missing"):
            at_work.typeset("{}", "nosuch")
        pages = at_work.render(summary(), image_ppi=30).content
        assert pages[0].startswith(b"\x89PNG")


def test_an_interruption_kills_the_child_and_the_next_document_gets_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fifo = tmp_path / "at-work"
    os.mkfifo(fifo)
    outcome: list[BaseException | Rendered] = []
    with monkeypatch.context() as patch:
        patch.setattr(
            child,
            "command",
            lambda: [
                sys.executable,
                "-c",
                f"import sys; sys.stdin.buffer.readline(); open({str(fifo)!r}, 'w').close(); sys.stdin.read()",
            ],
        )
        at_work = engine()

    def work() -> None:
        try:
            outcome.append(at_work.typeset("{}", "summary"))
        except ExportError as error:
            outcome.append(error)

    with at_work:
        thread = threading.Thread(target=work)
        thread.start()
        fifo.read_bytes()  # returns when the child has its request
        at_work.interrupt()
        thread.join(10)
        assert not thread.is_alive()
        assert [type(result) for result in outcome] == [ExportCancelled]
        assert at_work.render(summary()).document.startswith(b"%PDF")


def test_an_interruption_between_documents_spoils_nothing() -> None:
    with engine() as at_work:
        at_work.interrupt()
        assert at_work.render(summary()).document.startswith(b"%PDF")
        at_work.interrupt()
        at_work.interrupt()
        assert at_work.render(summary()).document.startswith(b"%PDF")


def test_a_cancel_holds_even_before_the_document_has_begun() -> None:
    with engine() as at_work:
        at_work.cancel()
        with pytest.raises(ExportCancelled, match="Nothing was written"):
            at_work.render(summary())


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import sys; sys.stdin.buffer.readline()",
        "import sys; sys.stdin.buffer.readline(); print('no json', flush=True)",
        'import sys; sys.stdin.buffer.readline(); print(\'{"replaced": {}, "lengths": [9]}\', flush=True)',
    ],
)
def test_a_child_that_breaks_off_is_an_error_with_a_sentence(source: str, pretend: Callable[[str], None]) -> None:
    pretend(source)
    with engine() as at_work, pytest.raises(ExportError, match="part of the program that makes PDFs stopped"):
        at_work.typeset("{}" * 200_000, "summary")


def test_a_child_that_cannot_start_is_an_error_with_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(child, "command", lambda: [str(tmp_path / "nothing")])
    with pytest.raises(ExportError, match="could not be started"):
        engine()


def test_missing_fonts_are_told_by_the_child_too(tmp_path: Path) -> None:
    with Engine(tmp_path, sample.TEMPLATES) as at_work, pytest.raises(ExportError, match="fonts are missing"):
        at_work.render(summary())


def test_the_child_has_no_way_to_the_network(pretend: Callable[[str], None]) -> None:
    pretend(
        "import sys, json, os; sys.stdin.buffer.readline(); "
        "print(json.dumps({'error': os.environ['HTTPS_PROXY'] + ' ' + os.environ['all_proxy'], 'fields': {}}), flush=True)"
    )
    with engine() as at_work, pytest.raises(ExportError, match=r"http://127\.0\.0\.1:9 http://127\.0\.0\.1:9"):
        at_work.typeset("{}", "summary")


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert command() == [sys.executable, "-m", "letstalk_desktop.exporting.child"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command() == [sys.executable, PRIVATE_ARGUMENT]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "Résumé annoté.pdf"
    export_file(target, b"first")
    target.chmod(0o640)
    export_file(target, b"second, longer")
    assert target.read_bytes() == b"second, longer"
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "no room left"),
        (errno.EACCES, "cannot be written to"),
        (errno.EIO, "could not be written"),
    ],
)
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    target = tmp_path / "notes.pdf"
    target.write_bytes(b"old")

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(ExportError, match=sentence):
            export_file(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.pdf"]


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            export_file(tmp_path / "notes.pdf", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        export_file(tmp_path / "none" / "notes.pdf", b"x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        export_file(tmp_path / "folder", b"x")


def test_a_request_is_what_the_protocol_says(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """The child's side, in this process: one request in, one reply out, and the end of input ends it."""
    document = json.dumps({"a": 1}).encode()
    head = json.dumps({"shape": "nosuch", "image_ppi": None, "lengths": [len(document)]}).encode()
    reading, writing = os.pipe()
    os.write(writing, head + b"\n" + document)
    os.close(writing)
    saved = os.dup(0), os.dup(1)
    try:
        os.dup2(reading, 0)
        assert child.main([str(sample.FONTS), str(sample.TEMPLATES)]) == 0
    finally:
        os.dup2(saved[0], 0)
        os.dup2(saved[1], 1)
        for handle in (*saved, reading):
            os.close(handle)
    (line,) = capfdbinary.readouterr().out.splitlines()
    assert json.loads(line)["error"].startswith("The template {file} is missing")
