"""What narrows, orders and groups the list of notes: a form that unfolds under its filter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QPushButton, QWidget

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import AnnotationType, Kind
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.ui.elided_box import ElidedBox
from letstalk_desktop.ui.notes_choice import (
    BY_KIND,
    BY_PLACE,
    CHAPTERS,
    CONCEPTS,
    KEPT,
    KINDS,
    NEWEST,
    NO_GROUPS,
    OLDEST,
    TRASH,
    UNPLACED,
    Choice,
)

_FIXED: dict[str, tuple[str, tuple[tuple[str, Any], ...]]] = {
    "everything": (N_("Where from"), ((N_("This resource"), False), (N_("Everything"), True))),
    "state": (N_("Which notes"), ((N_("Kept"), KEPT), (N_("Unplaced"), UNPLACED), (N_("Trash"), TRASH))),
    "with_note": (N_("With or without note"), ((N_("All"), None), (N_("With a note"), True), (N_("Without a note"), False))),
    "order": (
        N_("Order"),
        ((N_("By place"), BY_PLACE), (N_("Newest first"), NEWEST), (N_("Oldest first"), OLDEST), (N_("By kind"), BY_KIND)),
    ),
    "groups": (
        N_("Groups"),
        (
            (N_("Not grouped"), NO_GROUPS),
            (N_("Grouped by chapter"), CHAPTERS),
            (N_("Grouped by kind"), KINDS),
            (N_("Grouped by concept"), CONCEPTS),
        ),
    ),
}
_FILLED = {"kind": N_("Kind"), "concept": N_("Concept"), "chapter": N_("Chapter"), "author": N_("Author")}
_GRID = (("everything",), ("state", "kind"), ("concept", "chapter"), ("with_note", "author"), ("groups",), ("order",))


class NotesOptions(QWidget):
    """A box for each choice; ``changed`` when the reader has chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        self.boxes: dict[str, QComboBox] = {}
        for row, name in ((row, name) for row, names in enumerate(_GRID) for name in names):
            box = ElidedBox(self)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(3)
            box.setMaxVisibleItems(16)
            box.view().setMinimumWidth(210)
            box.activated.connect(self._on_activated)
            self.boxes[name] = box
            alone = len(_GRID[row]) == 1 and row < len(_GRID) - 1
            grid.addWidget(box, row, _GRID[row].index(name), 1, 2 if alone else 1)
        self.reset = QPushButton(self)
        self.reset.clicked.connect(self._on_reset_clicked)
        grid.addWidget(self.reset, len(_GRID) - 1, 1)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)

    def retranslate(self, translator: Translator, kind_names: dict[Kind, str]) -> None:
        """Set the words of all that does not depend on the notes."""
        _ = translator.gettext
        for name, (title, entries) in _FIXED.items():
            self.fill(name, [(_(words), value) for words, value in entries])
            self.boxes[name].setAccessibleName(_(title))
            self.boxes[name].setToolTip(_(title))
        for name, title in _FILLED.items():
            self.boxes[name].setAccessibleName(_(title))
            self.boxes[name].setToolTip(_(title))
        kinds = [(f"{KIND_STYLES[kind].letter}  {kind_name(kind, translator, kind_names)}", kind.value) for kind in Kind]
        kinds += [(_("Notes on chapters"), AnnotationType.NOTE.value), (_("Bookmarks"), AnnotationType.BOOKMARK.value)]
        self.fill("kind", [(_("All kinds"), ""), *kinds])
        self.reset.setText(_("Show all"))

    def fill(self, name: str, entries: list[tuple[str, Any]]) -> None:
        """The entries of a box; what was chosen stays chosen where it is still there."""
        box = self.boxes[name]
        if [(box.itemText(row), box.itemData(row)) for row in range(box.count())] == entries:
            return
        value = box.currentData()
        box.blockSignals(True)
        box.clear()
        for words, entry in entries:
            box.addItem(words, entry)
        box.setCurrentIndex(max(next((row for row, entry in enumerate(entries) if entry[1] == value), 0), 0))
        box.blockSignals(False)

    def choice(self, words: str) -> Choice:
        """What is chosen, with the words of the filter."""
        values = {name: box.currentData() for name, box in self.boxes.items() if box.count()}
        if values.get("chapter"):
            values["chapter"] = tuple(values["chapter"])
        return Choice(words=words, **values)

    def choose(self, name: str, value: Any) -> None:
        """Choose as the reader would."""
        box = self.boxes[name]
        for row in range(box.count()):
            if box.itemData(row) == value:
                box.setCurrentIndex(row)
        self.changed.emit()

    def _on_activated(self) -> None:
        self.changed.emit()

    def _on_reset_clicked(self) -> None:
        for name in ("state", "kind", "concept", "chapter", "with_note", "author"):
            self.boxes[name].setCurrentIndex(0)
        self.changed.emit()
