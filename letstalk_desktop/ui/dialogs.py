"""The small dialogs. Each is opened, answers by a signal or an operation, and is freed when it closes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.annotations.exchange import NotebookFile, write_notebook
from letstalk_desktop.annotations.kinds import KIND_STYLES
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Kind, OwnConcept, Query
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Chapter
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.ui.actions import ACTIONS, MENUS, Actions, keys_of
from letstalk_desktop.ui.desk import Desk, new_id
from letstalk_desktop.ui.note_card import NoteEditor

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow


class Dialog(QDialog):
    """A dialog with a text, a body and buttons; it deletes itself when it closes."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(20, 18, 20, 16)
        self.rows.setSpacing(10)
        self.buttons: QDialogButtonBox | None = None

    def add_text(self, words: str) -> QLabel:
        """A paragraph of plain text."""
        label = QLabel(words, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        self.rows.addWidget(label)
        return label

    def add_buttons(self, translator: Translator, accept: str = "", reject: str = "") -> QDialogButtonBox:
        """An accepting button (where it has words) and a closing one."""
        box = QDialogButtonBox(self)
        if accept:
            button = box.addButton(accept, QDialogButtonBox.ButtonRole.AcceptRole)
            button.setDefault(True)
        box.addButton(reject or translator.gettext("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        self.rows.addWidget(box)
        self.buttons = box
        return box


class GoToDialog(Dialog):
    """Asks for a locator."""

    accepted_text = Signal(str)

    def __init__(self, parent: QWidget, translator: Translator, label: str) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Go to paragraph"))
        words = self.add_text(_("Paragraph number, as in the margin (3.12), or a chapter (3):"))
        self.field = QLineEdit(f"{label}.", self)
        self.field.setAccessibleName(words.text())
        self.field.end(False)
        words.setBuddy(self.field)
        self.rows.addWidget(self.field)
        self.add_buttons(translator, _("Go"))
        self.accepted.connect(self._on_accepted)
        self.field.setFocus()

    def _on_accepted(self) -> None:
        self.accepted_text.emit(self.field.text())


class ConceptDialog(Dialog):
    """Links concepts to a highlight: type to find one, Enter to add, Delete to take away."""

    def __init__(self, parent: QWidget, translator: Translator, desk: Desk, one: Annotation, chapter: Chapter) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Concepts of this passage"))
        self.desk, self.chapter = desk, chapter
        self._translator = translator
        self.annotation_id = one.id
        words = self.add_text(_("Type a concept and press Enter. A new word makes a concept of your own."))
        self.field = QLineEdit(self)
        self.field.setAccessibleName(words.text())
        self.field.setPlaceholderText(_("power with, accountability…"))
        self._ids = {term: concept for concept, term in desk.all_concepts(chapter.resource, chapter.language)}
        completer = QCompleter(self)
        completer.setModel(QStringListModel(sorted(self._ids), completer))
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.field.setCompleter(completer)
        self.rows.addWidget(self.field)
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Concepts of this passage"))
        self.rows.addWidget(self.list)
        self.add_buttons(translator, "", _("Done"))
        if self.buttons is not None:
            for button in self.buttons.findChildren(QPushButton):
                button.setAutoDefault(False)
        self.field.returnPressed.connect(self._on_return_pressed)
        self.list.itemActivated.connect(self._on_item_activated)
        self.resize(420, 380)
        self._fill()
        self.field.setFocus()

    def _annotation(self) -> Annotation | None:
        return self.desk.annotation(self.annotation_id)

    def _fill(self) -> None:
        one = self._annotation()
        self.list.clear()
        for concept in one.concepts if one else ():
            item = QListWidgetItem(self.desk.concept_term(concept, self.chapter.resource, self.chapter.language))
            item.setData(Qt.ItemDataRole.UserRole, concept)
            self.list.addItem(item)

    def _on_return_pressed(self) -> None:
        words = self.field.text().strip()
        one = self._annotation()
        if not words or one is None:
            if not words:
                self.accept()
            return
        found = next((concept for term, concept in self._ids.items() if term.casefold() == words.casefold()), "")
        if not found:
            made = OwnConcept(new_id(), words, author=self.desk.reader_name)
            self.desk.do(N_("Add concept"), self, concepts=[made])
            self._ids[words] = found = made.id
        if found not in one.concepts:
            self.desk.set_concepts(one, (*one.concepts, found), self)
        self.field.clear()
        self._fill()

    def _on_item_activated(self, item: QListWidgetItem) -> None:
        self._remove(item)

    def _remove(self, item: QListWidgetItem) -> None:
        one = self._annotation()
        if one is not None:
            concept = item.data(Qt.ItemDataRole.UserRole)
            self.desk.set_concepts(one, tuple(other for other in one.concepts if other != concept), self)
            self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen concept away."""
        item = self.list.currentItem()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.list.hasFocus() and item is not None:
            self._remove(item)
        else:
            super().keyPressEvent(event)


class ResourceNoteDialog(Dialog):
    """A note on the whole resource."""

    def __init__(self, parent: QWidget, translator: Translator, desk: Desk, chapter: Chapter) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Note on the whole resource"))
        self.desk, self.chapter = desk, chapter
        self._gesture = new_id()
        self._annotation: Annotation | None = None
        self.editor = NoteEditor(self)
        self.editor.setAccessibleName(_("Note on the whole resource"))
        self.editor.finished.connect(self.accept)
        self.rows.addWidget(self.editor)
        self.add_buttons(translator, _("Keep"), _("Cancel"))
        self.accepted.connect(self._on_accepted)
        self.resize(460, 300)
        desk.ask(
            lambda notebook: notebook.annotations(Query(resource=chapter.resource, types=(AnnotationType.NOTE,))),
            self._on_loaded,
        )
        self.editor.setFocus()

    def _on_loaded(self, found: list[Annotation]) -> None:
        self._annotation = next((one for one in found if not one.anchor.chapter), None)
        if self._annotation is not None and not self.editor.words():
            self.editor.setPlainText(self._annotation.note)

    def _on_accepted(self) -> None:
        note = self.editor.words()
        chapter = self.chapter
        one = self._annotation or self.desk.new_note(chapter.resource, None, chapter.language, chapter.edition)
        if self._annotation is None and not note.strip():
            return
        self.desk.do(N_("Write note"), self, gesture=self._gesture, annotations=[one.changed(note=note)])


class KindsDialog(Dialog):
    """The reader's own names for the six kinds."""

    def __init__(self, parent: QWidget, translator: Translator, desk: Desk) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Names of the kinds"))
        self.desk = desk
        self.add_text(_("An empty field restores the program’s name."))
        form = QFormLayout()
        self.fields: dict[Kind, QLineEdit] = {}
        for kind, style in KIND_STYLES.items():
            field = QLineEdit(desk.kind_names.get(kind, ""), self)
            field.setPlaceholderText(_(style.name))
            field.setMaxLength(40)
            field.setAccessibleName(_(style.name))
            form.addRow(f"{style.letter}  {_(style.name)}", field)
            self.fields[kind] = field
        self.rows.addLayout(form)
        self.add_buttons(translator, _("Keep"), _("Cancel"))
        self.accepted.connect(self._on_accepted)

    def _on_accepted(self) -> None:
        for kind, field in self.fields.items():
            if field.text().strip() != self.desk.kind_names.get(kind, ""):
                self.desk.rename_kind(kind, field.text(), self)


class ResourcesDialog(Dialog):
    """What there is to read."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, translator: Translator, shelf: Shelf) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Resources"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Resources"))
        for resource in shelf.resources():
            words = resource.title(translator.language)
            subtitle = resource.subtitles.get(translator.language, "")
            item = QListWidgetItem(f"{words}\n{subtitle}" if subtitle else words)
            item.setData(Qt.ItemDataRole.UserRole, resource.id)
            self.list.addItem(item)
        for broken in shelf.broken:
            words = _("{name} cannot be opened: {reason}")
            item = QListWidgetItem(words.format(name=broken.folder.name, reason=broken.error.text(translator)))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        self.list.setWordWrap(True)
        self.list.setCurrentRow(0)
        self.rows.addWidget(self.list)
        self.add_buttons(translator, _("Open"), _("Cancel"))
        self.accepted.connect(self._on_accepted)
        self.list.itemActivated.connect(self.accept)
        self.resize(520, 340)

    def _on_accepted(self) -> None:
        item = self.list.currentItem()
        if item is not None and item.data(Qt.ItemDataRole.UserRole):
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


class ShortcutsDialog(Dialog):
    """Every key, by menu."""

    def __init__(self, parent: QWidget, translator: Translator, actions: Actions) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Keyboard shortcuts"))
        self.add_text(_("You can change them under Edit › Settings."))
        tree = QTreeWidget(self)
        tree.setColumnCount(2)
        tree.setHeaderLabels([_("What"), _("Key")])
        tree.setAccessibleName(_("Keyboard shortcuts"))
        tree.setRootIsDecorated(False)
        for menu_id, text in MENUS:
            group = _titled(tree, _(text).replace("&", ""))
            for spec in ACTIONS:
                keys = actions.by_id[spec.id].shortcuts()
                if spec.menu == menu_id:
                    native = QKeySequence.SequenceFormat.NativeText
                    shown = _(" or ").join(key.toString(native) for key in keys) or _("in the menu")
                    QTreeWidgetItem(group, [_(spec.text).replace("&", "").rstrip("…"), shown])
            group.setExpanded(True)
        group = _titled(tree, _("In the text"))
        for words, used in (
            (_("Move the caret"), _("Arrow keys")),
            (_("Select by character, word, line"), _("Shift, Ctrl+Shift with the arrow keys, Shift+End")),
            (_("Next or previous paragraph; with Shift select up to it"), _("Ctrl+Down, Ctrl+Up")),
            (_("Page forward, back"), _("Space, Shift+Space, PgDn, PgUp")),
            (_("Next or previous link"), _("Tab, Shift+Tab")),
            (_("Open the link, figure or highlight at the caret"), _("Enter")),
            (_("Make an opened figure larger, smaller"), _("+, −")),
            (_("Finish a note"), _("Esc, Ctrl+Enter")),
        ):
            QTreeWidgetItem(group, [words, used])
        group.setExpanded(True)
        tree.resizeColumnToContents(0)
        self.rows.addWidget(tree)
        self.add_buttons(translator)
        self.resize(740, 640)
        tree.setFocus()


def _titled(tree: QTreeWidget, title: str) -> QTreeWidgetItem:
    """A row that stands over others; its empty second cell says the same to a screen reader."""
    row = QTreeWidgetItem(tree, [title])
    row.setData(1, Qt.ItemDataRole.AccessibleTextRole, title)
    row.setFirstColumnSpanned(True)
    return row


class UnsavedDialog(Dialog):
    """Some changes are not on disk: keep the window, keep a copy elsewhere, or give them up."""

    leave = Signal()

    def __init__(self, parent: QWidget, translator: Translator, desk: Desk) -> None:
        _, ngettext = translator.gettext, translator.ngettext
        super().__init__(parent, _("Not everything is saved"))
        self.desk, self._translator = desk, translator
        count = desk.waiting
        words = ngettext("{count} change could not be saved yet.", "{count} changes could not be saved yet.", count).format(
            count=count
        )
        reason = desk.problem.text(translator) if desk.problem else ""
        self.add_text(f"{words} {reason}")
        box = QDialogButtonBox(self)
        stay = box.addButton(_("Keep the window open"), QDialogButtonBox.ButtonRole.RejectRole)
        self.copy = box.addButton(_("Save a copy elsewhere…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.give_up = box.addButton(_("Close and lose them"), QDialogButtonBox.ButtonRole.DestructiveRole)
        stay.setDefault(True)
        stay.clicked.connect(self.reject)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.give_up.clicked.connect(self._on_give_up_clicked)
        self.rows.addWidget(box)

    def _on_give_up_clicked(self) -> None:
        self.accept()
        self.leave.emit()

    def _on_copy_clicked(self) -> None:
        _ = self._translator.gettext
        dialog = QFileDialog(self, _("Save a copy of the unsaved changes"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile("letstalk-unsaved.json")
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.open()

    def _on_file_selected(self, path: str) -> None:
        _ = self._translator.gettext
        operations = self.desk.waiting_operations()
        annotations = {one.id: one for operation in operations for one in operation.annotations}
        concepts = {one.id: one for operation in operations for one in operation.concepts}
        plans = {one.id: one for operation in operations for one in operation.plans}
        kept = NotebookFile(
            annotations=tuple(annotations.values()), concepts=tuple(concepts.values()), plans=tuple(plans.values())
        )
        try:
            Path(path).write_bytes(write_notebook(kept))
        except OSError as error:
            self.add_text(_("This place cannot be written either ({reason}); choose another.").format(reason=error.strerror))
            return
        self.accept()
        self.leave.emit()


def show_hint(window: MainWindow) -> None:
    """The first steps: three sentences and where to find more."""
    translator = window.translator
    _ = translator.gettext
    dialog = Dialog(window, _("First steps"))
    key = window.actions_table.shown_key
    for words in (
        _("Select words with the mouse, or with Shift and the arrow keys. Keys 1 to 6 mark them, each with its own kind."),
        _("{key} writes a note beside what you marked. It is saved as you type, on this computer only.").format(
            key=key("add-note")
        ),
        _("{key} makes a summary of your passages and notes that you can hand on.").format(key=key("export")),
        _("{guide} opens the guide, {keys} lists every key.").format(guide=key("guide"), keys=key("shortcuts")),
    ):
        dialog.add_text(words)
    dialog.add_buttons(translator, "", _("Start reading"))
    dialog.resize(460, 260)
    dialog.show()


def own_keys_conflict(own_keys: dict[str, str]) -> str:
    """A key that two actions would share, or ''."""
    seen: dict[str, str] = {}
    for spec in ACTIONS:
        for keys in keys_of(spec, own_keys):
            if keys in seen and seen[keys] != spec.id:
                return keys
            seen[keys] = spec.id
    return ""
