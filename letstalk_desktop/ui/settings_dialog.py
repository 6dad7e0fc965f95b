"""Reading settings (applied as they change) and the other settings: name, languages, keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.language import N_, Translator
from letstalk_desktop.settings import FACES, SPACINGS, THEMES, Settings
from letstalk_desktop.ui.actions import ACTIONS, keys_of
from letstalk_desktop.ui.dialogs import Dialog, own_keys_conflict
from letstalk_desktop.ui.popups import PopupFrame
from letstalk_desktop.ui.spin_boxes import pad

THEME_NAMES = {
    "system": N_("As the system"),
    "light": N_("Light"),
    "sepia": N_("Sepia"),
    "dark": N_("Dark"),
    "contrast": N_("High contrast"),
}
FACE_NAMES = {
    "serif": N_("Serif"),
    "sans": N_("Sans serif"),
    "legible": N_("Atkinson Hyperlegible"),
    "dyslexic": N_("OpenDyslexic"),
}
SPACING_NAMES = {"normal": N_("Normal"), "spacious": N_("Spacious")}


class ReadingSettings(PopupFrame):
    """A small window under the Aa button; what is chosen shows at once."""

    changed = Signal(dict)

    def __init__(self, parent: QWidget, translator: Translator, settings: Settings) -> None:
        super().__init__(parent)
        _ = translator.gettext
        self.setAccessibleName(_("Reading settings"))
        form = QFormLayout(self)
        form.setContentsMargins(18, 16, 18, 16)
        form.setSpacing(10)
        self.text_size = QSpinBox(self)
        self.text_size.setRange(75, 250)
        self.text_size.setSingleStep(10)
        self.text_size.setSuffix("\u00a0%")
        self.text_size.setValue(settings.text_size)
        self.interface_size = QSpinBox(self)
        self.interface_size.setRange(100, 200)
        self.interface_size.setSingleStep(10)
        self.interface_size.setSuffix("\u00a0%")
        self.interface_size.setValue(settings.interface_size)
        self.line_height = QDoubleSpinBox(self)
        self.line_height.setRange(1.2, 2.2)
        self.line_height.setSingleStep(0.05)
        self.line_height.setValue(settings.line_height)
        self.measure = QSpinBox(self)
        self.measure.setRange(45, 80)
        self.measure.setValue(settings.measure)
        pad(self.text_size, self.interface_size, self.line_height, self.measure)
        self.face = self._combo(FACES, FACE_NAMES, settings.face, translator)
        self.spacing = self._combo(SPACINGS, SPACING_NAMES, settings.spacing, translator)
        self.theme = self._combo(THEMES, THEME_NAMES, settings.theme, translator)
        self.numbers = QCheckBox(_("Show paragraph numbers"), self)
        self.numbers.setChecked(settings.show_numbers)
        self.concepts = QCheckBox(_("Underline concepts"), self)
        self.concepts.setChecked(settings.show_concepts)
        for words, field in (
            (_("Text size"), self.text_size),
            (_("Line height"), self.line_height),
            (_("Characters in a line"), self.measure),
            (_("Face"), self.face),
            (_("Spacing"), self.spacing),
            (_("Theme"), self.theme),
            (_("Size of menus and notes"), self.interface_size),
        ):
            label = QLabel(words, self)
            label.setBuddy(field)
            field.setAccessibleName(words)
            form.addRow(label, field)
        form.addRow(self.numbers)
        form.addRow(self.concepts)
        reset = QPushButton(_("As at first"), self)
        form.addRow(reset)
        self.text_size.valueChanged.connect(self._on_changed)
        self.interface_size.valueChanged.connect(self._on_changed)
        self.line_height.valueChanged.connect(self._on_changed)
        self.measure.valueChanged.connect(self._on_changed)
        for combo in (self.face, self.spacing, self.theme):
            combo.currentIndexChanged.connect(self._on_changed)
        self.numbers.toggled.connect(self._on_changed)
        self.concepts.toggled.connect(self._on_changed)
        reset.clicked.connect(self._on_reset_clicked)

    def _combo(self, ids: tuple[str, ...], names: dict[str, str], current: str, translator: Translator) -> QComboBox:
        combo = QComboBox(self)
        for one in ids:
            combo.addItem(translator.gettext(names[one]), one)
        combo.setCurrentIndex(ids.index(current))
        return combo

    def _on_changed(self) -> None:
        self.changed.emit(
            {
                "text_size": self.text_size.value(),
                "interface_size": self.interface_size.value(),
                "line_height": round(self.line_height.value(), 2),
                "measure": self.measure.value(),
                "face": self.face.currentData(),
                "spacing": self.spacing.currentData(),
                "theme": self.theme.currentData(),
                "show_numbers": self.numbers.isChecked(),
                "show_concepts": self.concepts.isChecked(),
            }
        )
        self.adjustSize()  # its own words have grown with the menus

    def _on_reset_clicked(self) -> None:
        defaults = Settings()
        self.text_size.setValue(defaults.text_size)
        self.interface_size.setValue(defaults.interface_size)
        self.line_height.setValue(defaults.line_height)
        self.measure.setValue(defaults.measure)
        self.face.setCurrentIndex(0)
        self.spacing.setCurrentIndex(0)
        self.numbers.setChecked(True)
        self.concepts.setChecked(True)

    def open_at(self, point: QPoint) -> None:
        """Show under a global point, inside the screen."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        self.move(min(point.x(), screen.right() - self.width() - 8), point.y() + 6)
        self.show()
        self.text_size.setFocus(Qt.FocusReason.PopupFocusReason)
        self.text_size.selectAll()


class SettingsDialog(Dialog):
    """The reader's name, the languages, the keys."""

    changed = Signal(dict)

    def __init__(self, parent: QWidget, translator: Translator, settings: Settings) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Settings"))
        self._translator, self._settings = translator, settings
        tabs = QTabWidget(self)
        tabs.setAccessibleName(_("Settings"))
        tabs.tabBar().setAccessibleName(_("Settings"))
        self.rows.addWidget(tabs)
        general = QWidget(tabs)
        form = QFormLayout(general)
        self.name = QLineEdit(settings.reader_name, general)
        self.name.setPlaceholderText(_("shown on what you export; may stay empty"))
        self.interface = QComboBox(general)
        for code, words in (("", _("As the system")), ("en", "English"), ("fr", "Français")):
            self.interface.addItem(words, code)
        self.interface.setCurrentIndex(("", "en", "fr").index(settings.interface_language))
        for words, field in ((_("Your name"), self.name), (_("Language of the program"), self.interface)):
            label = QLabel(words, general)
            label.setBuddy(field)
            field.setAccessibleName(words)
            form.addRow(label, field)
        tabs.addTab(general, _("General"))
        tabs.addTab(self._keys_page(tabs), _("Keys"))
        self.add_buttons(translator, _("Keep"), _("Cancel"))
        self.accepted.connect(self._on_accepted)
        self.resize(560, 520)
        self.name.setFocus()

    def _keys_page(self, parent: QWidget) -> QWidget:
        _ = self._translator.gettext
        page = QWidget(parent)
        rows = QVBoxLayout(page)
        self.keys = QTableWidget(len(ACTIONS), 2, page)
        self.keys.setHorizontalHeaderLabels([_("What"), _("Key")])
        self.keys.verticalHeader().hide()
        self.keys.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.keys.setColumnWidth(1, 190)
        self.keys.setAccessibleName(_("Keys"))
        for row, spec in enumerate(ACTIONS):
            words = _(spec.text).replace("&", "").rstrip("…")
            item = QTableWidgetItem(words)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.keys.setItem(row, 0, item)
            keys = keys_of(spec, self._settings.shortcuts)
            edit = KeyEdit(QKeySequence(keys[0]) if keys else QKeySequence(), self.keys)
            edit.setAccessibleName(_("Key for “{action}”").format(action=words))
            self.keys.setCellWidget(row, 1, edit)
        rows.addWidget(self.keys)
        self.conflict = QLabel(page)
        self.conflict.setWordWrap(True)
        rows.addWidget(self.conflict)
        reset = QPushButton(_("All keys as at first"), page)
        reset.clicked.connect(self._on_reset_clicked)
        rows.addWidget(reset)
        return page

    def _on_reset_clicked(self) -> None:
        for row, spec in enumerate(ACTIONS):
            keys = keys_of(spec, {})
            self._edit(row).setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())

    def _edit(self, row: int) -> QKeySequenceEdit:
        widget = self.keys.cellWidget(row, 1)
        assert isinstance(widget, QKeySequenceEdit)
        return widget

    def _own_keys(self) -> dict[str, str]:
        own = {}
        for row, spec in enumerate(ACTIONS):
            key = self._edit(row).keySequence().toString(QKeySequence.SequenceFormat.PortableText)
            first = next(iter(keys_of(spec, {})), "")
            if QKeySequence(first) != QKeySequence(key):
                own[spec.id] = key
        return own

    def accept(self) -> None:
        """Two actions cannot share a key."""
        conflict = own_keys_conflict(self._own_keys())
        if conflict:
            words = self._translator.gettext("{key} stands for two things; give one of them another key.")
            self.conflict.setText(words.format(key=conflict))
            return
        super().accept()

    def _on_accepted(self) -> None:
        self.changed.emit(
            {
                "reader_name": self.name.text().strip(),
                "interface_language": self.interface.currentData(),
                "shortcuts": self._own_keys(),
            }
        )


class KeyEdit(QKeySequenceEdit):
    """One key; Tab leaves the field, Backspace empties it."""

    def __init__(self, key: QKeySequence, parent: QWidget) -> None:
        super().__init__(key, parent)
        self.setMaximumSequenceLength(1)

    def event(self, event: QEvent) -> bool:
        """Let Tab move on."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
                return True
            if event.key() == Qt.Key.Key_Backspace and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                self.clear()
                return True
        return super().event(event)
