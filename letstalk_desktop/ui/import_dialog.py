"""Asks what is to come in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from letstalk_desktop.language import Translator
from letstalk_desktop.ui.dialogs import Dialog


class ImportDialog(Dialog):
    """The folder of a resource, or a file of notes."""

    folder_wanted = Signal()
    file_wanted = Signal()

    def __init__(self, parent: QWidget, translator: Translator) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Import"))
        self.add_text(
            _(
                "A resource folder is copied into the program, or takes the place of an older edition; your notes follow "
                "their words. Notes from a file are added to yours; nothing of yours is lost."
            )
        )
        self.folder = QPushButton(_("A &resource folder…"), self)
        self.file = QPushButton(_("&Notes from a file…"), self)
        for button in (self.folder, self.file):
            button.setAutoDefault(True)
            self.rows.addWidget(button)
        self.folder.clicked.connect(self._on_folder_clicked)
        self.file.clicked.connect(self._on_file_clicked)
        self.add_buttons(translator, "", _("Cancel"))
        self.setMinimumWidth(420)
        self.folder.setFocus()

    def _on_folder_clicked(self) -> None:
        self.accept()
        self.folder_wanted.emit()

    def _on_file_clicked(self) -> None:
        self.accept()
        self.file_wanted.emit()
