"""The concept map: how concepts hang together, as a picture and as a list that says the same."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSaveFile, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImageWriter, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from letstalk_desktop.annotations.concepts import Codebook, Entry, Link, links, neighbours, passages_by_concept
from letstalk_desktop.annotations.map_layout import MapLayout, lay_out
from letstalk_desktop.annotations.map_picture import MapPicture, Shape
from letstalk_desktop.annotations.model import Annotation
from letstalk_desktop.exporting.map_svg import map_svg
from letstalk_desktop.language import Translator
from letstalk_desktop.ui.concept_list import ConceptList, ConceptRow
from letstalk_desktop.ui.concept_reading import ConceptReader
from letstalk_desktop.ui.concepts_panel import ConceptsPanel
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.map_view import MapView, concept_shape, map_font, map_image
from letstalk_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

_LIST_WIDTH = 300


def open_concept_map(window: MainWindow) -> None:
    """Open the map of the resource that is being read, at the concept whose page is shown."""
    resource, chapter = window.reading.resource, window.reading.chapter
    if resource is None or chapter is None:
        return
    reader = ConceptReader(window.desk.shelf, resource, chapter.language)
    panel = window.findChild(ConceptsPanel)
    shown = panel.concept if panel is not None else ""
    dialog = ConceptMap(window, window.translator, window.desk, reader, window.reading.theme, shown)
    dialog.opened.connect(window.show_concept)
    dialog.open()


class ConceptMap(Dialog):
    """Concepts joined by relation and by shared passages; a click or Enter opens a concept's page."""

    opened = Signal(str)  # concept id

    def __init__(
        self, parent: QWidget, translator: Translator, desk: Desk, reader: ConceptReader, theme: Theme, current: str = ""
    ) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Concept map"))
        self._translator, self._desk, self._reader, self._theme = translator, desk, reader, theme
        self._codebook = Codebook(reader.resource.concepts, desk.own_concepts)
        self._passages: dict[str, tuple[Annotation, ...]] = {}
        self._links: tuple[Link, ...] = ()
        self._wanted = current
        self._asked = 0
        self.picture: MapPicture | None = None
        self._build(translator, theme)
        screen = self.screen().availableGeometry().size()
        self.resize(min(1240, int(screen.width() * 0.95)), min(860, int(screen.height() * 0.92)))
        desk.notebook_opened.connect(self._load)

    def _build(self, translator: Translator, theme: Theme) -> None:
        _ = translator.gettext
        self.view = MapView(self, theme)
        self.view.setAccessibleName(_("Concept map. Arrow keys go from concept to concept; the list beside it says the same."))
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.view)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(10, 0, 0, 0)
        self.mine = QCheckBox(_("Only concepts with &passages of mine"), side)
        self.list = ConceptList(side)
        self.list.setAccessibleName(_("Concepts and what they are linked with"))
        self.list.set_theme(theme)
        self.about = QLabel(side)
        self.about.setWordWrap(True)
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.about.setMinimumHeight(self.about.fontMetrics().lineSpacing() * 6)
        column.addWidget(self.mine)
        column.addWidget(self.list, 1)
        column.addWidget(self.about)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.area)
        split.addWidget(side)
        split.setStretchFactor(0, 1)
        split.setSizes([1240 - _LIST_WIDTH, _LIST_WIDTH])
        self.rows.addWidget(split, 1)
        key = self.add_text(
            _(
                "A larger circle: more of your passages. A whole line: related concepts; dashes: only shared passages; "
                "a wider line: more of them. A double ring: a concept of your own. Plus and minus change the size."
            )
        )
        key.setObjectName("statusLine")
        buttons = self.add_buttons(translator)
        self.save = buttons.addButton(_("&Save picture…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setEnabled(False)
        for button in buttons.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter opens a concept
        self.save.clicked.connect(self._on_save_clicked)
        self.mine.toggled.connect(self._lay_out)
        self.view.current_changed.connect(self._on_view_current_changed)
        self.view.opened.connect(self._open)
        self.list.opened.connect(self._open)
        self.list.current_changed.connect(self._on_list_current_changed)
        self.view.setFocus()

    # --- making the picture -----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out for the size that the window has now."""
        super().showEvent(event)
        if not self._asked:
            self._load()

    def _load(self) -> None:
        """Read what is linked, then lay out; without the notebook the relations alone."""
        if not self._desk.is_open():
            self._on_loaded({})
            return
        reader, codebook = self._reader, self._codebook
        self._desk.ask(lambda notebook: reader.linked(notebook, codebook), self._on_loaded)

    def _on_loaded(self, found: dict[str, Annotation]) -> None:
        if not isValid(self):  # closed before the answer came
            return
        here = self._reader.resource.id
        passages = passages_by_concept(found.values())
        self._passages = {
            entry.id: tuple(one for one in passages.get(entry.id, ()) if entry.own is not None or one.anchor.resource == here)
            for entry in self._codebook
        }
        self._links = links(self._codebook, found.values())
        self._lay_out()

    def _shown(self) -> list[Entry]:
        entries = self._codebook.sorted(self._reader.language)
        return [entry for entry in entries if self._passages.get(entry.id)] if self.mine.isChecked() else entries

    def _lay_out(self) -> None:
        language = self._reader.language
        shapes = [
            concept_shape(entry.id, entry.term(language), len(self._passages.get(entry.id, ())), entry.own is not None)
            for entry in self._shown()
        ]
        ids = {shape.id for shape in shapes}
        drawn = tuple(link for link in self._links if link.first in ids and link.second in ids)
        sizes = {shape.id: (shape.width, shape.height) for shape in shapes}
        room = self.area.viewport().size()
        aspect = max(room.width(), 400) / max(room.height(), 300)
        self._asked += 1
        self._desk.run(lambda: lay_out(sizes, drawn, aspect=aspect), partial(self._on_laid_out, self._asked, shapes, drawn))

    def _on_laid_out(self, asked: int, shapes: list[Shape], drawn: tuple[Link, ...], layout: MapLayout) -> None:
        if not isValid(self) or asked != self._asked:
            return
        self.picture = MapPicture.made(shapes, drawn, layout)
        self.view.show_picture(self.picture)
        self._show_list()
        self.save.setEnabled(bool(shapes))
        if not self.view.current and shapes:
            counts = Counter(end for link in drawn for end in (link.first, link.second))
            middle = max(shapes, key=lambda shape: (shape.radius, counts[shape.id])).id
            self.view.make_current(self._wanted if self._wanted in self.picture.circles else middle)
        if not shapes:
            self.about.setText(
                self._translator.gettext("No concept has passages yet. Select words in the text and link them to concepts.")
            )

    def _show_list(self) -> None:
        rows = []
        for entry in self._shown():
            count = len(self._passages.get(entry.id, ()))
            rows.append(ConceptRow(entry.id, entry.term(self._reader.language), count, "", self._sentence(entry)))
        blocked = self.list.blockSignals(True)  # the map keeps its concept
        self.list.show_rows(rows)
        self.list.make_current(self.view.current)
        self.list.blockSignals(blocked)

    def _sentence(self, entry: Entry) -> str:
        """The concept, its passages, and what it is linked with."""
        _, ngettext = self._translator.gettext, self._translator.ngettext
        language, count = self._reader.language, len(self._passages.get(entry.id, ()))
        parts = [entry.term(language)]
        if entry.own is not None:
            parts.append(_("a concept of your own"))
        parts.append(ngettext("{count} of your passages", "{count} of your passages", count).format(count=count))
        shown = self.picture.circles if self.picture is not None else {}
        near = []
        for other, link in neighbours(entry.id, self._links):
            found = self._codebook.get(other)
            if found is not None and other in shown:
                shared = ngettext("{count} shared", "{count} shared", link.shared).format(count=link.shared)
                near.append(f"{found.term(language)} ({shared})" if link.shared else found.term(language))
        words = ", ".join(parts)
        linked = _("Linked with: {concepts}.").format(concepts=", ".join(near)) if near else _("Linked with no other.")
        return f"{words}. {linked}"

    # --- walking ----------------------------------------------------------------------------------------------------

    def _on_view_current_changed(self, concept_id: str) -> None:
        self.list.make_current(concept_id)
        entry = self._codebook.get(concept_id)
        if entry is not None:
            words = self._sentence(entry)
            self.about.setText(words)
            self.view.describe(words)
        box = self.view.current_rect().toRect()
        self.area.ensureVisible(box.center().x(), box.center().y(), box.width() // 2 + 30, box.height() // 2 + 30)

    def _on_list_current_changed(self, concept_id: str) -> None:
        self.view.make_current(concept_id)

    def _open(self, concept_id: str) -> None:
        self.accept()
        self.opened.emit(concept_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus work wherever the keyboard is."""
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.view.enlarge(1)
        elif event.key() == Qt.Key.Key_Minus:
            self.view.enlarge(-1)
        else:
            super().keyPressEvent(event)

    # --- saving -----------------------------------------------------------------------------------------------------

    def _on_save_clicked(self) -> None:
        _ = self._translator.gettext
        dialog = QFileDialog(self, _("Save picture"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_("Scalable picture (*.svg)"), _("Picture of pixels (*.png)")])
        dialog.setDefaultSuffix("svg")
        dialog.filterSelected.connect(self._on_filter_selected)
        dialog.selectFile(_("concept-map") + ".svg")
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    def _on_filter_selected(self, name_filter: str) -> None:
        dialog = self.sender()
        if isinstance(dialog, QFileDialog):
            dialog.setDefaultSuffix("png" if "*.png" in name_filter else "svg")

    def save_to(self, path: str) -> bool:
        """Write the picture, as PNG where the file's name ends so, else as SVG; says where that fails."""
        if self.picture is None:
            return False
        data = self._png() if path.lower().endswith(".png") else self.svg().encode("utf-8")
        file = QSaveFile(path)
        _ = self._translator.gettext
        if file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data) and file.commit():
            self.about.setText(_("Saved as {file}.").format(file=path))
            return True
        words = _("{file} could not be written ({reason}). Choose another place.")
        self.about.setText(words.format(file=path, reason=file.errorString()))
        return False

    def svg(self) -> str:
        """The picture as SVG, with the list's sentences as its description."""
        assert self.picture is not None
        theme, language = self._theme, self._reader.language
        title = self._translator.gettext("Concept map: {title}").format(title=self._reader.resource.title(language))
        description = " ".join(self._sentence(entry) for entry in self._shown())
        colours = {name: getattr(theme, name) for name in ("page", "text", "muted", "accent", "accent_soft", "card")}
        ascent = QFontMetricsF(map_font()).ascent()
        return map_svg(self.picture, colours, title=title, description=description, ascent=ascent)

    def _png(self) -> bytes:
        assert self.picture is not None
        buffer = QBuffer(self)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(map_image(self.picture, self._theme))
        return bytes(buffer.data().data())
