"""The window asks a process of its own for documents: what it gets, and what is left when it thinks better of it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, Operation
from letstalk_desktop.annotations.places import anchor_at
from letstalk_desktop.errors import ContentError, ExportError, LetsTalkError, NotFound, UsageError
from letstalk_desktop.exporting import maker as maker_file
from letstalk_desktop.exporting.documents import Written
from letstalk_desktop.exporting.maker import Maker, Wish, wish_of
from letstalk_desktop.exporting.model import Choices, Include, Order, Paper, Shape
from letstalk_desktop.exporting.process import ExportCancelled, raise_told, told
from letstalk_desktop.exporting.template_files import TemplateFault
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths, find_paths
from letstalk_desktop.storage.notebook import Notebook
from tests.exporting import sample

RESOURCE = "community-organizing"
STAMP = "2026-01-01T00:00:00.000Z"


def mark(paths: Paths, number: int) -> Annotation:
    """A passage in the first chapter, with a note."""
    chapter = Shelf([paths.content], paths.compiled, paths.locale).chapter(RESOURCE, "1", "en")
    block = chapter.blocks[1 + number % 20]
    note = f"Note {number}: ask *who* would call first."
    anchor = anchor_at(chapter, block.start, block.start + min(60, block.end - block.start))
    identity = f"00000000-0000-4000-8000-{number:012d}"
    return Annotation(identity, AnnotationType.HIGHLIGHT, anchor, Kind.QUESTION, note, created=STAMP, modified=STAMP)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A notebook with 300 passages in the program's folders."""
    found = find_paths(str(tmp_path_factory.mktemp("reader")))
    marks = [mark(found, number) for number in range(300)]
    notebook = Notebook.open(found.notebook, now=sample.NOW)
    notebook.apply(Operation("fill", "fill", "Add highlight", "", tuple(marks)), now=sample.NOW)
    notebook.close()
    return found


@pytest.fixture
def maker(paths: Paths) -> Iterator[Maker]:
    made = Maker(paths)
    yield made
    made.close()


def wish(paths: Paths, **choices: object) -> Wish:
    return Wish(Choices(RESOURCE, **choices), paths.content / RESOURCE)  # type: ignore[arg-type]


def test_it_writes_reads_back_and_counts(maker: Maker, paths: Paths, tmp_path: Path) -> None:
    written = maker.write(wish(paths), tmp_path / "notes.pdf")
    assert (written.counts.passages, written.counts.notes, written.counts.unplaced) == (300, 300, 0)
    assert (tmp_path / "notes.pdf").read_bytes().startswith(b"%PDF-")
    chosen = wish(paths, ids=("00000000-0000-4000-8000-000000000007",))
    assert maker.write(chosen, tmp_path / "one.json").counts.passages == 1
    data = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert [one["locator"] for one in data["annotations"]] == ["1.8"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.pdf", "one.json"]


def test_it_sees_what_was_noted_since(maker: Maker, paths: Paths, tmp_path: Path) -> None:
    before = maker.write(wish(paths), tmp_path / "a.csv").counts.passages
    notebook = Notebook.open(paths.notebook, now=sample.NOW)
    notebook.apply(Operation("more", "more", "Add highlight", "", (mark(paths, 999),)), now=sample.NOW)
    assert maker.write(wish(paths), tmp_path / "a.csv").counts.passages == before + 1
    notebook.undo(now=sample.NOW)
    notebook.close()


def test_only_the_pages_that_are_shown_cross_over(maker: Maker, paths: Paths) -> None:
    made = maker.pages(wish(paths), 40, 3)
    assert made.total > 10
    assert len(made.pages) == 3
    assert all(page.startswith(b"\x89PNG") for page in made.pages)
    assert made.counts.passages == 300
    begun = maker.pages(wish(paths), 40, 12, opening=True)
    assert (len(begun.pages), begun.total, begun.counts.passages) == (4, 0, 300)


def test_errors_cross_over_as_they_are(maker: Maker, paths: Paths, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        maker.write(wish(paths), tmp_path / "nowhere" / "a.md")
    with pytest.raises(UsageError, match="does not end like a document"):
        maker.write(wish(paths), tmp_path / "a.xyz")
    with pytest.raises(ContentError, match=r"resource\.toml"):
        maker.write(Wish(Choices(RESOURCE), tmp_path), tmp_path / "a.md")
    paths.templates.mkdir(parents=True, exist_ok=True)
    (paths.templates / "broken.md").write_text("{{ doc.title", encoding="utf-8")
    with pytest.raises(TemplateFault, match=r"Template broken\.md, line 1"):
        maker.write(wish(paths)._replace(template="broken.md"), tmp_path / "a.md")
    assert maker.write(wish(paths), tmp_path / "a.md").counts.passages == 300, "the process is still there"


@pytest.mark.parametrize(
    "error",
    [
        ExportError("No room in {folder}.", folder=Path("x")),
        NotFound("There is no chapter “{chapter}”.", chapter="9"),
        ContentError("{what} is missing", what="a title", file="a.md", line=3),
        TemplateFault("a.typ", 2, "it is larger than {size} MB", size=5),
    ],
)
def test_an_error_is_told_in_the_same_words(error: LetsTalkError) -> None:
    head = json.loads(json.dumps(told(error).head))
    with pytest.raises(type(error)) as raised:
        raise_told(head)
    assert raised.value.text(sample.translator_for("fr")) == error.text(sample.translator_for("fr"))


def test_a_fault_of_ours_is_reported_and_not_swallowed(maker: Maker, paths: Paths) -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        maker._ask({"do": "file", "nothing": "else"})


def test_a_wish_crosses_over_whole() -> None:
    choices = Choices(
        RESOURCE,
        shape=Shape.BRIEF,
        chapters=("power",),
        kinds=(Kind.ACTION,),
        concepts=("base",),
        ids=("a", "b"),
        since="2026-01-01",
        order=Order.KIND,
        include=Include(context=True, todo=False),
        language="fr",
        paper=Paper.A4,
        text_size=11.5,
        reader="Zoé",
    )
    asked = Wish(choices, Path("folder"), "mine.typ", obsidian=True)
    assert wish_of(json.loads(json.dumps(maker_file._record(asked)))) == asked


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(word) for word in found.split()]


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at as Linux shows them")
@pytest.mark.parametrize("ending", [".pdf", ".docx", ".md"])
def test_a_cancel_at_any_moment_leaves_all_or_nothing(ending: str, paths: Paths, tmp_path: Path) -> None:
    """Whenever it comes: either the old file stands whole, or the new one does and is told. No process stays behind."""
    chance = random.Random(ending)
    target = tmp_path / f"out{ending}"
    outcomes = set()
    for moment in (0.0, 0.05, *(chance.uniform(0.1, 1.6) for _ in range(6))):
        target.write_bytes(b"what stood here before")
        made = Maker(paths)
        process = made._child._process
        assert process is not None
        result: list[Written | BaseException] = []

        def work(made: Maker = made, result: list[Written | BaseException] = result) -> None:
            try:
                result.append(made.write(wish(paths), target))
            except LetsTalkError as error:
                result.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(moment)
        started = children_of(process.pid)
        made.cancel()
        thread.join(15)
        assert not thread.is_alive()
        [one] = result
        outcomes.add(type(one))
        if isinstance(one, Written):
            assert one.counts.passages == 300
            assert len(target.read_bytes()) > 1000
        else:
            assert isinstance(one, ExportCancelled)
            assert target.read_bytes() == b"what stood here before"
        assert [path.name for path in tmp_path.iterdir()] == [target.name]
        wait_until(lambda pids=(process.pid, *started): not any(map(alive, pids)))  # type: ignore[misc]
    assert ExportCancelled in outcomes


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at as Linux shows them")
def test_it_ends_with_the_program_that_asked(paths: Paths, tmp_path: Path) -> None:
    """Also if that was killed."""
    reading, writing = os.pipe()
    process = subprocess.Popen([*maker_file.command(), *map(str, paths)], stdin=reading, stdout=subprocess.DEVNULL)
    os.close(reading)
    wait_until(lambda: bool(children_of(process.pid)))
    started = children_of(process.pid)
    os.close(writing)
    process.wait(15)
    wait_until(lambda: not any(map(alive, started)))
