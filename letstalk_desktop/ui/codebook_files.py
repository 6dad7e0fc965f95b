"""Bringing codebooks in and handing the one at hand on: file dialogs, and a truthful sentence at the end."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QListWidget, QWidget

from letstalk_desktop.annotations.concepts import Codebook
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.exporting.codebook import codebook_file
from letstalk_desktop.exporting.rendered import export_file
from letstalk_desktop.importing.codebooks import CodebookFile, CodebookImport, Outcome, plan_import, read_codebook_file
from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Resource
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.dialogs import Dialog


class CodebookFiles(QObject):
    """Asks for a file, then reads or writes it in the lane."""

    told = Signal(str)
    undo_offered = Signal(str)  # a sentence; offer Undo beside it
    failed = Signal(object)  # LetsTalkError

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._resource: Resource | None = None
        self._language = ""
        self._codebook = Codebook((), ())
        self._translator = desk.translator
        self._counts: Mapping[str, int] = {}

    def use(self, resource: Resource, language: str, codebook: Codebook, translator: Translator) -> None:
        """What is at hand."""
        self._resource, self._language = resource, language
        self._codebook, self._translator = codebook, translator

    def _window(self) -> QWidget:
        parent = self.parent()
        assert isinstance(parent, QWidget)
        return parent.window()

    def choose_import(self) -> None:
        """Ask for a codebook to bring in."""
        _ = self._translator.gettext
        dialog = QFileDialog(self._window(), _("Import a codebook"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_("Codebooks (*.qdc *.qde *.csv *.tsv *.txt *.xml)"), _("All files (*)")])
        dialog.fileSelected.connect(self.import_from)
        dialog.open()

    def import_from(self, path: str) -> None:
        """Bring in the codebook of a file, as one step of undo."""
        self._desk.run(partial(read_codebook_file, Path(path)), self._on_read, self._on_failed)

    def _on_read(self, file: CodebookFile) -> None:
        resource = self._resource.id if self._resource is not None else ""
        plan = plan_import(file, self._codebook, resource=resource, who=self._desk.reader_name)
        if plan.operation is not None:
            self._desk.do(plan.operation.label, self, concepts=plan.operation.concepts)
        words = self._sentence(plan)
        if plan.operation is not None:
            self.undo_offered.emit(words)
        else:
            self.told.emit(words)
        if plan.rejected or plan.count(Outcome.CONFLICT):
            self._report(plan, words)

    def _sentence(self, plan: CodebookImport) -> str:
        _, ngettext = self._translator.gettext, self._translator.ngettext
        new, updated, same = (plan.count(one) for one in (Outcome.NEW, Outcome.UPDATED, Outcome.IDENTICAL))
        parts = [
            ngettext("{count} new concept", "{count} new concepts", new).format(count=new),
            ngettext("{count} completed", "{count} completed", updated).format(count=updated),
            ngettext("{count} already here", "{count} already here", same).format(count=same),
        ]
        if conflicts := plan.count(Outcome.CONFLICT):
            words = ngettext("{count} differs from yours, which stays", "{count} differ from yours, which stay", conflicts)
            parts.append(words.format(count=conflicts))
        if rejected := len(plan.rejected):
            words = ngettext("{count} line could not be read", "{count} lines could not be read", rejected)
            parts.append(words.format(count=rejected))
        return _("Codebook: {what}.").format(what=", ".join(parts))

    def _report(self, plan: CodebookImport, words: str) -> None:
        """Name what differs and what could not be read."""
        _ = self._translator.gettext
        dialog = Dialog(self._window(), _("Import a codebook"))
        dialog.add_text(words)
        listed = QListWidget(dialog)
        listed.setAccessibleName(_("What differs, and what could not be read"))
        listed.setWordWrap(True)
        for name, outcome in plan.outcomes:
            if outcome is Outcome.CONFLICT:
                listed.addItem(_("“{term}” has another name or definition in the file; yours stays.").format(term=name))
        for error in plan.rejected:
            listed.addItem(error.text(self._translator))
        listed.setCurrentRow(0)
        dialog.rows.addWidget(listed)
        dialog.add_buttons(self._translator)
        dialog.resize(480, 340)
        dialog.open()

    def choose_export(self, counts: Mapping[str, int]) -> None:
        """Ask where the codebook goes; ``counts``: passages by concept id."""
        _ = self._translator.gettext
        self._counts = counts
        dialog = QFileDialog(self._window(), _("Export the codebook"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_("Codebook for analysis programs, REFI-QDA (*.qdc)"), _("Table (*.csv)")])
        dialog.setDefaultSuffix("qdc")
        dialog.filterSelected.connect(self._on_filter_selected)
        dialog.selectFile(_("codebook") + ".qdc")
        dialog.fileSelected.connect(self.export_to)
        dialog.open()

    def _on_filter_selected(self, name_filter: str) -> None:
        dialog = self.sender()
        if isinstance(dialog, QFileDialog):
            dialog.setDefaultSuffix("csv" if "*.csv" in name_filter else "qdc")

    def export_to(self, path: str) -> None:
        """Write the codebook, as a table where the file's name ends in .csv, else as REFI-QDA."""
        resource, codebook, language, counts = self._resource, self._codebook, self._language, self._counts
        if resource is None:
            return

        def work() -> str:
            target = Path(path)
            export_file(target, codebook_file(target, codebook, resource, language, counts))
            return path

        self._desk.run(work, self._on_written, self._on_failed)

    def _on_written(self, path: str) -> None:
        count = len(self._codebook)
        words = self._translator.ngettext(
            "{count} concept stands in {file}.", "{count} concepts stand in {file}.", count
        ).format(count=count, file=path)
        self.told.emit(words)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, LetsTalkError):
            raise error
        self.failed.emit(error)
