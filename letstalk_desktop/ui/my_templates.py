"""My templates: where they are, which there are, and the worked example on request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QListWidget, QPushButton, QWidget

from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.exporting.reader_templates import add_examples, prepare_folder, templates_in
from letstalk_desktop.ui.dialogs import Dialog

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

MAKES = {".pdf": "PDF", ".html": "HTML", ".md": "Markdown"}


class MyTemplates(Dialog):
    """The folder of templates, made when it is first asked for."""

    def __init__(self, window: MainWindow, over: QWidget | None = None) -> None:
        """``over``: the dialog from which it is opened, if it is not the window."""
        self._translator = window.translator
        _ = self._translator.gettext
        super().__init__(over or window, _("My templates"))
        self._folder: Path = window.paths.templates
        self._bundled: Path = window.paths.resources / "templates"
        self.add_text(
            _(
                "Documents can look the way you want: put a Typst, HTML or Markdown file into this folder, and the export "
                "dialog offers it. The example shows how one is written."
            )
        )
        self.place = QLabel(str(self._folder), self)
        self.place.setWordWrap(True)
        flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.place.setTextInteractionFlags(flags)
        self.place.setAccessibleName(_("Folder of templates"))
        self.rows.addWidget(self.place)
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Templates"))
        self.rows.addWidget(self.list, 1)
        self.answer = self.add_text("")
        self.answer.setAccessibleName(_("Result"))
        buttons = self.add_buttons(self._translator)
        self.example = self._button(buttons, _("Add the &example"))
        self.example.clicked.connect(self.add_example)
        self.show_folder = self._button(buttons, _("Show the &folder"))
        self.show_folder.clicked.connect(self._on_show_folder_clicked)
        self.resize(520, 380)
        try:
            prepare_folder(self._folder, self._bundled, self._translator.language)
        except LetsTalkError as error:
            self.answer.setText(error.text(self._translator))
        self.refresh()

    def _button(self, box: QDialogButtonBox, words: str) -> QPushButton:
        button = box.addButton(words, QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        return button

    def refresh(self) -> None:
        """List what is in the folder now."""
        self.list.clear()
        for one in templates_in(self._folder):
            self.list.addItem(f"{one.file}  →  {MAKES[one.makes]}")
        self.list.setVisible(self.list.count() > 0)

    def add_example(self) -> None:
        """Copy the worked example into the folder; what is there stays."""
        tr = self._translator
        try:
            copied = add_examples(self._folder, self._bundled)
        except LetsTalkError as error:
            self.answer.setText(error.text(tr))
            return
        if copied:
            self.answer.setText(tr.gettext("Added: {names}.").format(names=", ".join(copied)))
        else:
            self.answer.setText(tr.gettext("The example is in the folder already."))
        self.refresh()

    def _on_show_folder_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
