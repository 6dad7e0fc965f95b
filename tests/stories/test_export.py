"""A reader chooses, looks at the pages, and hands on what she chose."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter

from letstalk_desktop.annotations.model import SessionPlan
from letstalk_desktop.exporting import documents
from letstalk_desktop.exporting.model import Choices, Order, Shape
from letstalk_desktop.exporting.reader_templates import ReaderTemplate
from letstalk_desktop.ui import export_run
from letstalk_desktop.ui.export_dialog import FORMATS, ExportDialog
from letstalk_desktop.ui.export_run import ExportRun, default_choices
from letstalk_desktop.ui.my_templates import MyTemplates
from letstalk_desktop.ui.printing import paint_pages
from tests.stories.conftest import WORDS, Reader

Open = Callable[[], Reader]


@pytest.fixture
def reader(open_reader: Open) -> Reader:
    """A window with one passage and its note."""
    reader = open_reader().start()
    reader.select(WORDS)
    reader.press(Qt.Key.Key_4)
    reader.do("add-note")
    reader.write("Ask *Rosa* first.")
    reader.saved()
    return reader


def dialog_of(reader: Reader) -> ExportDialog:
    """The open export dialog."""
    reader.do("export")
    [dialog] = [one for one in reader.window.findChildren(ExportDialog) if one.isVisible()]
    return dialog


@pytest.mark.parametrize("many", [export_run.MANY, 0], ids=["few notes", "many notes"])
def test_the_preview_shows_the_real_pages_and_follows_the_choices(
    reader: Reader, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many notes they come from another process."""
    monkeypatch.setattr(export_run, "MANY", many)
    dialog = dialog_of(reader)
    with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000) as made:
        pass
    images, total, words = made.args
    assert total == 1
    assert "1 passage" in words
    assert isinstance(images[0], QImage)
    assert images[0].width() > 500
    with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000) as made:
        dialog.kinds.item(0).setCheckState(Qt.CheckState.Checked)
    assert "0 passages" in made.args[2]
    assert (dialog._pages._maker is None) is bool(many)
    dialog.close()


def test_choices_are_kept_as_presets(reader: Reader) -> None:
    dialog = dialog_of(reader)
    dialog.shape.setCurrentIndex(dialog.shape.findData(Shape.BRIEF.value))
    dialog.order.setCurrentIndex(dialog.order.findData(Order.KIND.value))
    dialog.reader.setText("S. Reader")
    dialog.keep("For the manager")
    dialog.close()
    again = dialog_of(reader)
    assert again.choices().shape is Shape.SUMMARY
    again._on_preset_chosen(again.preset.findData("For the manager"))
    assert (again.choices().shape, again.choices().order, again.choices().reader) == (Shape.BRIEF, Order.KIND, "S. Reader")
    again.close()


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written_and_counted(reader: Reader, tmp_path: Path, form: str) -> None:
    ending, _space, obsidian = form.partition(" ")
    target = tmp_path / f"out{ending}"
    choices = default_choices(reader.window)
    assert isinstance(choices, Choices)
    run = ExportRun(reader.window, choices, target, obsidian=bool(obsidian))
    with reader.qtbot.waitSignal(run.finished, timeout=60_000) as ended:
        run.start()
    assert ended.args == [True]
    assert "1 passage, 1 note, 0 unplaced" in reader.window.notice.words.text()
    content = target.read_bytes()
    assert len(content) > 100
    if ending == ".json":
        assert json.loads(content)["annotations"][0]["exact"] == WORDS


def test_cancel_leaves_nothing_behind(reader: Reader, tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    target.write_text("what stood here before")
    run = ExportRun(reader.window, default_choices(reader.window), target)
    run.cancel()
    with reader.qtbot.waitSignal(run.finished, timeout=60_000) as ended:
        run.start()
    assert ended.args == [False]
    assert target.read_text() == "what stood here before"
    assert [path.name for path in tmp_path.glob("out*")] == ["out.pdf"]


def test_a_folder_that_cannot_be_written_is_said(reader: Reader, tmp_path: Path) -> None:
    run = ExportRun(reader.window, default_choices(reader.window), tmp_path / "nowhere" / "out.pdf")
    with reader.qtbot.waitSignal(run.finished, timeout=60_000) as ended:
        run.start()
    assert ended.args == [False]
    assert "does not exist" in reader.window.notice.words.text()


def test_copy_with_citation_gives_words_place_and_source(reader: Reader) -> None:
    from PySide6.QtGui import QGuiApplication

    reader.select(WORDS)
    reader.do("copy-citation")
    data = QGuiApplication.clipboard().mimeData()
    assert "An organizer begins with people, one at a time" in data.text()
    assert "para. 3.2" in data.text()
    assert "2026" in data.text()
    assert "<i>" in data.html()


def test_printed_pages_fill_their_sheets(reader: Reader, tmp_path: Path, qapp: object) -> None:
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    target = tmp_path / "printed.pdf"
    printer.setOutputFileName(str(target))
    page = QImage(850, 1100, QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.yellow)
    paint_pages(printer, [page, page])
    from pypdf import PdfReader

    assert len(PdfReader(str(target)).pages) == 2


def test_a_readers_own_template_is_offered_shown_and_used(reader: Reader, tmp_path: Path) -> None:
    reader.do("my-templates")
    [mine] = [one for one in reader.window.findChildren(MyTemplates) if one.isVisible()]
    folder = reader.window.paths.templates
    assert mine.place.text() == str(folder)
    assert (folder / "README.txt").is_file()
    mine.add_example()
    assert mine.list.item(0).text() == "meeting.html  →  HTML"
    mine.close()
    dialog = dialog_of(reader)
    with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000):
        pass
    with reader.qtbot.waitSignal(dialog._pages.text_ready, timeout=30_000) as made:
        dialog.template.setCurrentIndex(dialog.template.findData("meeting.md"))
    assert "Ask *Rosa* first." in made.args[0]
    assert (dialog.format.currentData(), dialog.format.isEnabled()) == (".md", False)
    with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000) as made:
        dialog.template.setCurrentIndex(dialog.template.findData("meeting.typ"))
    assert made.args[1] == 1
    assert dialog._views.currentWidget() is dialog.preview
    with reader.qtbot.waitSignal(dialog._pages.failed, timeout=30_000):
        (folder / "meeting.typ").write_text("#let x =\n", encoding="utf-8")  # the preview follows the file
    assert "Template meeting.typ, line 1: " in dialog.state.text()
    assert dialog.preview_text.toPlainText() == dialog.state.text()
    dialog.template.setCurrentIndex(dialog.template.findData("meeting.html"))
    run = ExportRun(reader.window, dialog.choices(), tmp_path / "a.html", template=dialog.own_template())
    with reader.qtbot.waitSignal(run.finished, timeout=60_000) as ended:
        run.start()
    assert ended.args == [True]
    assert "your template meeting.html" in reader.window.notice.words.text()
    assert b"Ask <em>Rosa</em> first." in (tmp_path / "a.html").read_bytes()
    dialog.close()


def test_a_template_without_end_does_not_hold_up_the_next_choice(reader: Reader) -> None:
    folder = reader.window.paths.templates
    folder.mkdir(parents=True)
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    (folder / "endless.md").write_text(loop, encoding="utf-8")
    (folder / "short.md").write_text("short", encoding="utf-8")
    dialog = dialog_of(reader)
    dialog.template.setCurrentIndex(dialog.template.findData("endless.md"))
    reader.qtbot.waitUntil(lambda: dialog._pages._at_work is not None and dialog._pages._at_work.template is not None)
    with reader.qtbot.waitSignal(dialog._pages.text_ready, timeout=10_000) as made:
        dialog.template.setCurrentIndex(dialog.template.findData("short.md"))
    assert made.args[0] == "short"
    dialog.close()


def test_the_notes_that_a_filter_shows_can_be_exported(reader: Reader) -> None:
    panel = reader.window.show_panel(2)
    reader.do("export")
    [dialog] = [one for one in reader.window.findChildren(ExportDialog) if one.isVisible()]
    assert dialog.what.count() == 1
    dialog.close()
    reader.qtbot.waitUntil(lambda: bool(panel.model.rows))
    panel.filter.setText("Rosa")
    again = dialog_of(reader)
    again.what.setCurrentIndex(again.what.findData("filtered"))
    assert len(again.choices().ids) == 1
    again.close()


def test_another_resource_than_the_one_read_can_be_chosen(reader: Reader) -> None:
    dialog = dialog_of(reader)
    read = reader.window.reading.resource
    assert read is not None
    assert dialog.resource.currentData() == dialog.choices().resource == read.id
    assert dialog.chapters.count() == len(read.chapters)
    others = [row for row in range(dialog.resource.count()) if dialog.resource.itemData(row) != read.id]
    for row in others:
        dialog.resource.setCurrentIndex(row)
        chosen = dialog.chosen_resource()
        assert chosen is not None
        assert dialog.choices().resource == chosen.id != read.id
        assert dialog.chapters.count() == len(chosen.chapters)
    assert others
    dialog.close()


def test_no_document_is_made_without_the_notes_that_are_about_to_be_read(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(reader.window.desk, "is_open", lambda: False)
        dialog = dialog_of(reader)
        with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000) as made:
            pass
        assert "0 passages" in made.args[2]
        run = ExportRun(reader.window, dialog.choices(), tmp_path / "out.md")
        with reader.qtbot.waitSignal(run.finished, timeout=30_000) as ended:
            run.start()
        assert ended.args == [False]
        assert "not open yet" in reader.window.notice.words.text()
        assert not (tmp_path / "out.md").exists()
    with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000) as made:
        reader.window.desk.notebook_opened.emit()
    assert "1 passage" in made.args[2]
    dialog.close()


def test_the_dialog_prints_what_is_chosen_in_it(reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtPrintSupport import QPrintDialog

    from letstalk_desktop.ui import printing

    printed: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(printing, "paint_pages", lambda _printer, images: printed.append(len(list(images))))
        dialog = dialog_of(reader)
        dialog.shape.setCurrentIndex(dialog.shape.findData(Shape.CARDS.value))
        dialog._print.click()
        [asked] = dialog.findChildren(QPrintDialog)
        asked.accept()
        reader.qtbot.waitUntil(lambda: printed == [1], timeout=30_000)
    assert "Sent to the printer: 1 passage" in reader.window.notice.words.text()
    dialog.close()


def test_the_session_plan_is_chosen_where_the_document_shows_one(reader: Reader) -> None:
    own = SessionPlan("own", "community-organizing", "Our evening", ((20, "", "We meet"),))
    reader.window.desk.do("Add session plan", None, plans=[own])
    reader.saved()
    dialog = dialog_of(reader)
    reader.qtbot.waitUntil(lambda: dialog.plan.count() > 1, timeout=20_000)
    assert not dialog.plan.isVisible()
    dialog.shape.setCurrentIndex(dialog.shape.findData(Shape.FACILITATOR.value))
    assert dialog.plan.isVisible()
    reader.qtbot.waitUntil(lambda: dialog.plan.itemText(0) == "Our evening (mine)", timeout=20_000)
    assert dialog.choices().plan == "own"
    dialog.plan.setCurrentIndex(dialog.plan.findData("plan-60"))
    dialog.plan.activated.emit(dialog.plan.currentIndex())
    dialog.language.setCurrentIndex(dialog.language.findData("fr"))
    assert dialog.choices().plan == "plan-60"
    assert dialog.plan.currentText().startswith("60 minutes\u00a0: où")
    dialog.keep("Sixty")
    dialog.plan.want("own")
    dialog._on_preset_chosen(dialog.preset.findData("Sixty"))
    assert dialog.choices().plan == "plan-60"
    dialog.close()


def test_what_does_not_apply_to_a_format_is_not_offered(reader: Reader) -> None:
    dialog = dialog_of(reader)
    paged, shaped = (dialog.paper, dialog.text_size), (dialog.shape, dialog.plan, dialog.order)
    applies = {".pdf": (True, True), ".docx": (True, True), ".html": (False, True), ".csv": (False, False)}
    for ending, (pages, shape) in applies.items():
        dialog.format.setCurrentIndex(dialog.format.findData(ending))
        assert [field.isEnabled() for field in paged] == [pages] * 2
        assert [field.isEnabled() for field in shaped] == [shape] * 3
        assert dialog.include["todo"].isEnabled() == shape
        assert dialog.include["notes"].isEnabled()
    with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000):
        pass
    assert "this format holds the passages and notes as data" in dialog.state.text()
    dialog.shape.setCurrentIndex(dialog.shape.findData(Shape.DISCUSSION.value))
    assert dialog.choices().shape is Shape.SUMMARY
    dialog.shape.setCurrentIndex(0)
    dialog.format.setCurrentIndex(0)
    for shape in Shape:
        dialog.shape.setCurrentIndex(dialog.shape.findData(shape.value))
        assert dialog.order.isEnabled() == (shape in (Shape.SUMMARY, Shape.CARDS))
    dialog.shape.setCurrentIndex(0)
    dialog.format.setCurrentIndex(dialog.format.findData(".pdf"))
    with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000):
        pass
    assert dialog.state.text() == "1 passage, 1 note, 0 unplaced · 1 page."
    dialog.close()


def test_the_message_says_what_was_found_in_the_file(reader: Reader, tmp_path: Path) -> None:
    folder = reader.window.paths.templates
    folder.mkdir(parents=True)
    shown = "{% for group in doc.groups %}{% for one in group.passages %}{{ one.quote }}{% endfor %}{% endfor %}"
    (folder / "quotes.md").write_text(shown, encoding="utf-8")
    run = ExportRun(
        reader.window, default_choices(reader.window), tmp_path / "a.md", template=ReaderTemplate(folder, "quotes.md")
    )
    with reader.qtbot.waitSignal(run.finished, timeout=60_000):
        run.start()
    said = reader.window.notice.words.text()
    assert said.startswith("Written: 1 passage, 0 notes, 0 unplaced. ")
    assert "which shows that much of 1 passage, 1 note, 0 unplaced." in said


def test_a_document_that_was_asked_for_is_written_also_when_the_window_is_closed(reader: Reader, tmp_path: Path) -> None:
    """The program ends when the file is there; the preview, which nobody sees any more, ends at once."""
    dialog = dialog_of(reader)
    target = tmp_path / "out.pdf"
    ExportRun(reader.window, default_choices(reader.window), target).start()
    reader.saved()
    reader.qtbot.wait(50)
    reader.close()
    assert dialog._pages._closed
    reader.qtbot.waitUntil(target.exists, timeout=30_000)
    assert target.read_bytes().rstrip().endswith(b"%%EOF")


def test_of_a_long_document_the_first_pages_come_at_once_and_their_number_later(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here every document is long."""
    monkeypatch.setattr(documents, "opening", lambda summary, pages: summary)
    dialog = dialog_of(reader)
    with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000) as made:
        pass
    assert made.args[1] == 0
    assert "counted" in dialog.state.text()
    assert dialog._sheets.itemAt(0).widget().accessibleName() == "Page 1"
    with reader.qtbot.waitSignal(dialog._pages.ready, timeout=30_000) as made:
        pass
    assert made.args[1] == 1
    assert "1 page." in dialog.state.text()
    assert dialog._sheets.itemAt(0).widget().accessibleName() == "Page 1 of 1"
    dialog.close()
