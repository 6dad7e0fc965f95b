"""The real program as a process of its own: what it prints, where, with which status, and what it does when things go wrong."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from letstalk_desktop import __version__
from letstalk_desktop.annotations.model import Query
from letstalk_desktop.storage.notebook import Notebook

PROGRAM = (sys.executable, "-m", "letstalk_desktop")
ROOT = Path(__file__).parents[1]
RESOURCE = "community-organizing"
QUOTE = "“power before program”"
HEAVY = ("sqlalchemy", "alembic", "PySide6", "markdown_it", "typst", "docx", "citeproc", "rapidfuzz")
NOBODY = 65534


def run(*words: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program; its output as bytes."""
    return subprocess.run(
        [*PROGRAM, *map(str, words)], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, timeout=60, check=False
    )


def test_the_version_is_one_line_and_usage_errors_are_2() -> None:
    version = run("--version")
    assert (version.returncode, version.stdout.decode()) == (0, f"Let’s Talk Desktop {__version__}\n")
    wrong = run("show", RESOURCE)
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    assert b"CHAPTER" in wrong.stderr


@pytest.mark.parametrize("words", [("list",), ("show", RESOURCE, "1"), ("--version",)])
def test_reading_needs_neither_the_database_nor_the_window(words: tuple[str, ...]) -> None:
    script = "import sys; from letstalk_desktop.cli import main; status = main(sys.argv[1:]); sys.stdout.flush(); "
    script += f"print([name for name in {HEAVY!r} if name in sys.modules], status, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "[] 0\n"
    assert done.stdout


def test_the_bundled_resource_is_listed_first_and_every_chapter_can_be_shown() -> None:
    (resource, *_others) = json.loads(run("list", "--json").stdout)["resources"]
    assert resource["id"] == RESOURCE
    assert [chapter["number"] for chapter in resource["chapters"][:3]] == [1, 2, 3]
    record = run("show", RESOURCE, "central-concepts", "--record")
    assert (record.returncode, record.stderr) == (0, b"")
    assert record.stdout == json.loads(run("show", RESOURCE, "3", "--json").stdout)["text"].encode()


def test_a_note_made_on_the_command_line_is_in_the_list_and_in_the_document(tmp_path: Path) -> None:
    made = run("annotate", RESOURCE, "3", "--quote", QUOTE, "--kind", "action", "--note", "Try it", "--json")
    assert (made.returncode, made.stderr) == (0, b"")
    listed = json.loads(run("notes", "--json", "--kind", "action").stdout)["notes"]
    assert listed == [json.loads(made.stdout)]
    file = tmp_path / "résumé.pdf"
    written = run("export", file, "--lang", "fr")
    assert (written.returncode, written.stderr) == (0, b"")
    assert "1 passage, 1 note, 0 unplaced" in written.stdout.decode()
    assert file.read_bytes().startswith(b"%PDF")


def test_french_speakers_are_spoken_to_in_french() -> None:
    wrong = run("show", RESOURCE, LC_ALL="fr_CA.UTF-8").stderr.decode()
    assert "CHAPITRE" in wrong
    assert "required" not in wrong
    missing = run("show", "rien", "1", LC_ALL="fr_CA.UTF-8").stderr.decode()
    assert "ressource" in missing
    assert "# 3 Concepts" in run("show", RESOURCE, "3", LC_ALL="fr_CA.UTF-8").stdout.decode()


def test_a_terminal_without_utf8_is_no_obstacle() -> None:
    shown = run("show", RESOURCE, "3", "--lang", "fr", PYTHONIOENCODING="ascii")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert "Concepts cl" in shown.stdout.decode("ascii")
    listed = run("list", "--lang", "fr", "--json", PYTHONIOENCODING="latin-1")
    assert json.loads(listed.stdout.decode("latin-1")) == json.loads(run("list", "--lang", "fr", "--json").stdout)


def test_a_reader_that_stops_reading_is_no_error() -> None:
    program = subprocess.Popen(
        [*PROGRAM, "show", RESOURCE, "3", "--json"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait(timeout=60) == 1


def test_where_the_answer_cannot_be_written_a_sentence_says_so() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*PROGRAM, "list"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().count("\n") == 1
    assert "could not be written out" in done.stderr.decode()


# --- the world at its worst


@pytest.fixture
def notebook(basedir: Path) -> Path:
    """The reader's notebook with one note in it."""
    assert run("annotate", RESOURCE, "3", "--quote", QUOTE).returncode == 0
    return basedir / "data" / "notebook.sqlite"


def test_the_window_and_the_command_line_may_write_at_once(notebook: Path) -> None:
    window = Notebook.open(notebook, now=datetime.now(UTC))
    before, seen = window.counter(), window.data_version()
    made = json.loads(run("annotate", RESOURCE, "3", "--quote", "a word that sounds selfish", "--json").stdout)
    assert window.data_version() != seen
    changes, _counter = window.changes_since(before, by_others=True)
    assert changes.annotations == {made["id"]}
    assert len(window.annotations(Query())) == 2
    window.close()


def test_a_locked_notebook_is_told_and_left_alone(notebook: Path) -> None:
    with closing(sqlite3.connect(notebook, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = run("annotate", RESOURCE, "3", "--quote", QUOTE)
        other.execute("ROLLBACK")
    assert done.returncode == 1
    assert "Another program is using" in done.stderr.decode()
    assert len(json.loads(run("notes", "--json").stdout)["notes"]) == 1


def test_a_newer_notebook_is_refused_untouched(notebook: Path) -> None:
    with closing(sqlite3.connect(notebook)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("PRAGMA user_version = 9999")
        connection.commit()
    before = notebook.read_bytes()
    for words in (("notes",), ("annotate", RESOURCE, "3", "--quote", QUOTE), ("backup",)):
        done = run(*words)
        assert done.returncode == 1
        assert "newer version" in done.stderr.decode()
    assert notebook.read_bytes() == before


def test_on_a_full_disk_nothing_half_written_stays(notebook: Path, tmp_path: Path) -> None:
    import resource

    def no_more_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    def run_without_room(*words: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*PROGRAM, *map(str, words)], cwd=ROOT, capture_output=True, preexec_fn=no_more_room, check=False, timeout=60
        )

    out = tmp_path / "notes.json"
    for words in (
        ("annotate", RESOURCE, "3", "--quote", QUOTE, "--note", "x" * 9000),
        ("export", out),
        ("backup", tmp_path / "b"),
    ):
        done = run_without_room(*words)
        assert done.returncode == 1, words
        assert done.stderr.decode().count("\n") == 1
        assert done.stderr.decode().startswith("letstalk: ")
    assert not out.exists()
    assert not (tmp_path / "b").exists()
    assert not list(tmp_path.glob(".*.part"))
    assert len(json.loads(run("notes", "--json").stdout)["notes"]) == 1


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that an unprivileged user can reach."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


# Permissions do not hold for root: the program gives its privileges up, once it is imported, for the interpreter itself may
# lie where only root can read.
UNPRIVILEGED = f"""
import os, sys
from pathlib import Path
from letstalk_desktop.cli import main
import letstalk_desktop.commands.marking, letstalk_desktop.commands.listing, letstalk_desktop.commands.safekeeping
import letstalk_desktop.storage.opening, letstalk_desktop.storage.notebook, letstalk_desktop.library.chapters
import letstalk_desktop.library.compiler, letstalk_desktop.storage.copying, sqlalchemy.dialects.sqlite, encodings.idna
os.chdir("/")
if os.getuid() == 0:
    os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
sys.exit(main(sys.argv[1:]))
"""


def run_unprivileged(base: Path, *words: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-B", "-c", UNPRIVILEGED, *map(str, words), "--basedir", str(base)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60)


def test_where_data_cannot_be_written_reading_goes_on_and_writing_says_why(shared: Path) -> None:
    assert run("--basedir", shared, "annotate", RESOURCE, "3", "--quote", QUOTE).returncode == 0
    data = shared / "data"
    data.chmod(0o555)
    (data / "notebook.sqlite").chmod(0o444)
    listed = run_unprivileged(shared, "notes", "--json")
    assert listed.returncode == 0, listed.stderr
    assert len(json.loads(listed.stdout)["notes"]) == 1
    assert str(data) in listed.stderr.decode()
    for words in (("annotate", RESOURCE, "3", "--quote", "Samuel, in the second building"), ("backup",)):
        done = run_unprivileged(shared, *words)
        assert (done.returncode, done.stdout) == (1, b"")
        assert str(data) in done.stderr.decode().splitlines()[-1]
        assert "Traceback" not in done.stderr.decode()
    data.chmod(0o755)


def test_a_data_folder_that_cannot_be_made_is_told(shared: Path) -> None:
    for words in (("notes",), ("annotate", RESOURCE, "3", "--quote", QUOTE)):
        done = run_unprivileged(shared / "nowhere", *words)
        assert (done.returncode, done.stdout) == (1, b"")
        assert str(shared / "nowhere") in done.stderr.decode()
        assert "Traceback" not in done.stderr.decode()
    assert run_unprivileged(shared / "nowhere", "list").returncode == 0
