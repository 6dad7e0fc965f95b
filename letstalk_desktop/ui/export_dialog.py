"""Export: choices on the left, the real pages on the right, named presets, one button."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QFileSystemWatcher, QSize, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import Kind
from letstalk_desktop.exporting.maker import Maker
from letstalk_desktop.exporting.model import FREE_ORDER, WITH_PLAN, Choices, Include, Order, Paper, Shape
from letstalk_desktop.exporting.process import ExportCancelled
from letstalk_desktop.exporting.reader_templates import ReaderTemplate, templates_in
from letstalk_desktop.language import N_
from letstalk_desktop.library.model import Resource
from letstalk_desktop.settings import load_presets, save_presets
from letstalk_desktop.ui.dialogs import Dialog
from letstalk_desktop.ui.export_run import ExportRun, Pages, file_name
from letstalk_desktop.ui.my_templates import MyTemplates
from letstalk_desktop.ui.plan_choice import PlanChoice
from letstalk_desktop.ui.printing import PrintRun
from letstalk_desktop.ui.spin_boxes import pad

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

PREVIEW_AFTER_MS = 50  # several changes at once make one preview; while one is made, the next waits
PREVIEW_PAGES = 12
PREVIEW_PPI = 96
PREVIEW_CHARACTERS = 200_000

SHAPES = {
    Shape.SUMMARY: N_("Annotated summary"),
    Shape.BRIEF: N_("Brief, two pages at most"),
    Shape.CHAPTERS: N_("Annotated chapters"),
    Shape.DISCUSSION: N_("Discussion record"),
    Shape.FACILITATOR: N_("Facilitator’s guide"),
    Shape.CONCEPTS: N_("Concept report"),
    Shape.CARDS: N_("Quote cards"),
}
ORDERS = {
    Order.PLACE: N_("By place in the text"),
    Order.KIND: N_("By kind"),
    Order.CONCEPT: N_("By concept"),
    Order.QUESTION: N_("By question"),
}
FORMATS = {
    ".pdf": N_("PDF document"),
    ".docx": N_("Word document"),
    ".html": N_("Web page"),
    ".md": N_("Markdown"),
    ".md obsidian": N_("Markdown for Obsidian"),
    ".jsonld": N_("W3C Web Annotations"),
    ".annotation": N_("Readium annotations"),
    ".json": N_("Let’s Talk notes (JSON)"),
    ".csv": N_("Table (CSV)"),
}
DOCUMENTS = (".pdf", ".docx", ".html", ".md", ".md obsidian")  # the others are data
CARRIED = ("notes", "concepts", "answers")  # parts that data have too
INCLUDED = {
    "in_short": N_("Key points of the chapters"),
    "context": N_("The sentence around each passage"),
    "notes": N_("My notes"),
    "concepts": N_("Concepts with definitions"),
    "answers": N_("Answers to questions"),
    "todo": N_("To-do list from actions"),
    "sources": N_("Sources"),
}
LANGUAGES = {"en": "English", "fr": "Français"}


class ExportDialog(Dialog):
    """Choose, look, export. What is chosen is kept as the preset ''."""

    def __init__(self, window: MainWindow, *, ids: tuple[str, ...] = (), filtered: tuple[str, ...] = ()) -> None:
        tr = window.translator
        _ = tr.gettext
        super().__init__(window, _("Export"))
        self.window_, self._translator = window, tr
        self._ids, self._filtered = ids, filtered
        self._presets: dict[str, Any] = load_presets(window.paths.config / "presets.json")
        self._filling = True
        split = QSplitter(Qt.Orientation.Horizontal, self)
        self.rows.addWidget(split, 1)
        scroll = QScrollArea(split)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the control that has the keyboard
        scroll.setWidgetResizable(True)
        left = QWidget(scroll)
        self._form = QVBoxLayout(left)
        self._build_presets()
        self._build_choices()
        self._build_parts()
        self._form.addStretch(1)
        scroll.setWidget(left)
        bar = scroll.verticalScrollBar().sizeHint().width()
        scroll.setMinimumWidth(max(330, left.minimumSizeHint().width() + bar + 2 * scroll.frameWidth()))
        self._build_preview(split)
        split.setStretchFactor(1, 1)
        split.setSizes([350, 640])
        self.state = self.add_text("")
        self.state.setAccessibleName(_("State of the preview"))
        self.add_buttons(tr, _("Export…"), _("Close"))
        self._print = self._action_button(_("&Print…"))
        self._print.clicked.connect(self._on_print_clicked)
        self._pages = Pages(self, window, shown=PREVIEW_PAGES)
        self._pages.ready.connect(self._on_pages_ready)
        self._pages.text_ready.connect(self._on_text_ready)
        self._pages.failed.connect(self._on_pages_failed)
        window.desk.notebook_opened.connect(self.plan.reload)
        window.desk.notebook_opened.connect(self._on_changed)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PREVIEW_AFTER_MS)
        self._later.timeout.connect(self._refresh_preview)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_templates_changed)
        self._watcher.fileChanged.connect(self._on_templates_changed)
        self._list_templates()
        self._filling = False
        self._use(self._presets.get("", {}))
        self.resize(QSize(1060, 760).boundedTo(self.screen().availableGeometry().size() * 0.95))
        self.format.setFocus()

    # --- building -------------------------------------------------------------------------------------------------

    def _combo(self, form: QFormLayout, words: str, names: dict[Any, str], *, translated: bool = True) -> QComboBox:
        combo = QComboBox(self)
        for key, name in names.items():
            combo.addItem(self._translator.gettext(name) if translated else name, str(key))
        self._row(form, words, combo)
        combo.currentIndexChanged.connect(self._on_changed)
        return combo

    def _row(self, form: QFormLayout, words: str, field: QWidget) -> None:
        label = QLabel(words, self)
        label.setBuddy(field)
        field.setAccessibleName(words)
        form.addRow(label, field)
        if isinstance(field, QComboBox):  # a long name must not make the whole column wide
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            field.setMinimumContentsLength(18)

    def _build_presets(self) -> None:
        _ = self._translator.gettext
        row = QHBoxLayout()
        self.preset = QComboBox(self)
        self.preset.setAccessibleName(_("Preset"))
        self.preset.setPlaceholderText(_("Preset…"))
        self._list_presets()
        self.preset.activated.connect(self._on_preset_chosen)
        self.keep_preset = QPushButton(_("Keep as…"), self)
        self.drop_preset = QPushButton(_("Remove"), self)
        for button in (self.keep_preset, self.drop_preset):
            button.setAutoDefault(False)
        self.keep_preset.clicked.connect(self._on_keep_preset_clicked)
        self.drop_preset.clicked.connect(self._on_drop_preset_clicked)
        row.addWidget(self.preset, 1)
        row.addWidget(self.keep_preset)
        row.addWidget(self.drop_preset)
        self._form.addLayout(row)

    def _build_choices(self) -> None:
        _ = self._translator.gettext
        self._choices_form = form = QFormLayout()
        self._form.addLayout(form)
        language = self.window_.reading.chapter.language if self.window_.reading.chapter is not None else "en"
        titles = {one.id: one.title(language) for one in self.window_.desk.shelf.resources()}
        self.resource = self._combo(form, _("Resource"), titles, translated=False)
        read = self.window_.reading.resource
        self.resource.setCurrentIndex(max(self.resource.findData(read.id if read is not None else ""), 0))
        self.resource.currentIndexChanged.connect(self._on_resource_changed)
        self.template = self._combo(form, _("Template"), {})
        self.own_templates = QPushButton(_("My &templates…"), self)
        self.own_templates.setAutoDefault(False)
        self.own_templates.clicked.connect(self._on_own_templates_clicked)
        form.addRow("", self.own_templates)
        self.format = self._combo(form, _("Format"), FORMATS)
        self.shape = self._combo(form, _("Document"), SHAPES)
        self.plan = PlanChoice(self.window_.desk, self._translator, self)
        self._row(form, _("Session plan"), self.plan)
        self.plan.currentIndexChanged.connect(self._on_changed)
        self.order = self._combo(form, _("Order"), ORDERS)
        self.language = self._combo(form, _("Language"), LANGUAGES, translated=False)
        self.paper = self._combo(form, _("Paper"), {Paper.LETTER: N_("Letter"), Paper.A4: N_("A4")})
        self.text_size = QDoubleSpinBox(self)
        pad(self.text_size)
        self.text_size.setRange(8, 20)
        self.text_size.setSingleStep(0.5)
        self.text_size.setDecimals(1)
        self.text_size.setSuffix(" pt")
        self._row(form, _("Text size"), self.text_size)
        self.text_size.valueChanged.connect(self._on_changed)
        self.reader = QLineEdit(self)
        self.reader.setPlaceholderText(_("left out where empty"))
        self._row(form, _("My name"), self.reader)
        self.reader.textChanged.connect(self._on_changed)
        what = {"": N_("Everything of this resource")}
        if self._ids:
            what = {"ids": N_("The notes selected in the list")} | what
        if self._filtered:
            what = {"filtered": N_("The notes shown in the list")} | what
        self.what = self._combo(form, _("What"), what)
        self.since, self.until = QLineEdit(self), QLineEdit(self)
        for field, words in ((self.since, _("Changed since")), (self.until, _("Changed until"))):
            field.setPlaceholderText("2026-11-23")
            field.setInputMask("")
            self._row(form, words, field)
            field.textChanged.connect(self._on_changed)
        self.shared = QCheckBox(_("Only what is marked as shared"), self)
        self.shared.toggled.connect(self._on_changed)
        form.addRow(self.shared)

    def _build_parts(self) -> None:
        tr = self._translator
        _ = tr.gettext
        included = QGroupBox(_("With"), self)
        box = QVBoxLayout(included)
        self.include: dict[str, QCheckBox] = {}
        for name, words in INCLUDED.items():
            check = QCheckBox(_(words), included)
            check.toggled.connect(self._on_changed)
            box.addWidget(check)
            self.include[name] = check
        self._form.addWidget(included)
        names = self.window_.desk.kind_names
        kinds = [(kind.value, f"{KIND_STYLES[kind].letter}  {kind_name(kind, tr, names)}") for kind in Kind]
        self.kinds = self._check_list(_("Kinds (none chosen: all)"), kinds)
        self.chapters = self._check_list(_("Chapters (none chosen: all)"), [])
        self.concepts = self._check_list(_("Concepts (none chosen: all)"), [])
        self._fill_lists()

    def chosen_resource(self) -> Resource | None:
        """What is exported: what is read, unless another resource is chosen."""
        wanted = self.resource.currentData()
        return next((one for one in self.window_.desk.shelf.resources() if one.id == wanted), self.window_.reading.resource)

    def _fill_lists(self) -> None:
        """The chapters and concepts of the chosen resource, in the language that is read."""
        resource, chapter = self.chosen_resource(), self.window_.reading.chapter
        language = chapter.language if chapter is not None else "en"
        chapters = []
        for entry in resource.chapters if resource is not None else ():
            title = entry.titles.get(language) or next(iter(entry.titles.values()))
            chapters.append((entry.id, f"{entry.label}  {title}"))
        self._fill(self.chapters, chapters)
        self._fill(self.concepts, self.window_.desk.all_concepts(resource.id if resource else "", language))

    def _on_resource_changed(self) -> None:
        before, self._filling = self._filling, True
        self._fill_lists()
        self._filling = before
        self._on_changed()

    def _check_list(self, words: str, entries: list[tuple[str, str]]) -> QListWidget:
        group = QGroupBox(words, self)
        box = QVBoxLayout(group)
        listed = QListWidget(group)
        listed.setAccessibleName(words)
        self._fill(listed, entries)
        listed.itemChanged.connect(self._on_changed)
        box.addWidget(listed)
        self._form.addWidget(group)
        return listed

    @staticmethod
    def _fill(listed: QListWidget, entries: list[tuple[str, str]]) -> None:
        listed.clear()
        listed.setMinimumHeight(min(len(entries), 6) * 26 + 8)
        for key, name in entries:
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(Qt.ItemDataRole.UserRole, key)
            listed.addItem(item)

    def _build_preview(self, parent: QSplitter) -> None:
        self._views = QStackedWidget(parent)
        self.preview = QScrollArea(self._views)
        self.preview.setWidgetResizable(True)
        self.preview.setAccessibleName(self._translator.gettext("Preview of the pages"))
        self.preview.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        inside = QWidget(self.preview)
        self._sheets = QVBoxLayout(inside)
        self._sheets.setSpacing(14)
        self._sheets.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.preview.setWidget(inside)
        self.preview_text = QPlainTextEdit(self._views)
        self.preview_text.setReadOnly(True)
        self.preview_text.setAccessibleName(self._translator.gettext("Preview of the text"))
        self._views.addWidget(self.preview)
        self._views.addWidget(self.preview_text)

    def _action_button(self, words: str) -> QPushButton:
        assert self.buttons is not None
        button = self.buttons.addButton(words, QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        return button

    # --- the reader's own templates -------------------------------------------------------------------------------

    def _list_templates(self) -> None:
        """Offer what is in the folder now; what is chosen stays chosen while it is there."""
        folder = self.window_.paths.templates
        self._templates = {one.file: one for one in templates_in(folder)}
        chosen = self.template.currentData()
        before, self._filling = self._filling, True
        self.template.clear()
        self.template.addItem(self._translator.gettext("The program’s own"), "")
        for file, one in self._templates.items():
            self.template.addItem(f"{one.name} ({file})", file)
        self.template.setCurrentIndex(max(self.template.findData(chosen), 0))
        self._filling = before
        if watched := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(watched)
        if folder.is_dir():
            self._watcher.addPaths([str(folder), *(str(folder / file) for file in self._templates)])

    def own_template(self) -> ReaderTemplate | None:
        """The reader's template that is chosen, or None for the program's own pages."""
        return self._templates.get(self.template.currentData())

    def _on_templates_changed(self, _path: str) -> None:
        self._list_templates()
        self._on_changed()

    def _on_own_templates_clicked(self) -> None:
        dialog = MyTemplates(self.window_, self)
        dialog.finished.connect(self._on_own_templates_finished)
        dialog.open()

    def _on_own_templates_finished(self, _result: int) -> None:
        self._list_templates()
        self._on_changed()

    # --- choices --------------------------------------------------------------------------------------------------

    @staticmethod
    def _checked(listed: QListWidget) -> tuple[str, ...]:
        items = [listed.item(row) for row in range(listed.count())]
        return tuple(item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _as_preset(self) -> dict[str, Any]:
        """What is chosen, as a preset keeps it (a selection of notes is not part of it)."""
        return {
            "template": self.template.currentData(),
            "format": self.format.currentData(),
            "shape": self.shape.currentData(),
            "plan": self.plan.wanted(),
            "order": self.order.currentData(),
            "language": self.language.currentData(),
            "paper": self.paper.currentData(),
            "size": self.text_size.value(),
            "reader": self.reader.text(),
            "since": self.since.text(),
            "until": self.until.text(),
            "shared": self.shared.isChecked(),
            "include": {name: check.isChecked() for name, check in self.include.items()},
            "kinds": list(self._checked(self.kinds)),
            "chapters": list(self._checked(self.chapters)),
            "concepts": list(self._checked(self.concepts)),
        }

    def _use(self, preset: dict[str, Any]) -> None:
        """Choose what a preset says; what it does not say, or says wrongly, is as at first."""
        self._filling = True
        chapter = self.window_.reading.chapter
        defaults: dict[str, Any] = {"template": "", "format": ".pdf"}
        defaults |= {"shape": "summary", "order": "place", "paper": "letter"}
        defaults["language"] = chapter.language if chapter is not None else "en"
        for name in ("template", "format", "shape", "order", "language", "paper"):
            combo: QComboBox = getattr(self, name)
            wanted = str(preset.get(name, defaults[name])) if name != "language" else defaults[name]
            combo.setCurrentIndex(max(combo.findData(wanted), 0))
        self.plan.want(str(preset.get("plan", "")))
        size = preset.get("size", 10.0)
        self.text_size.setValue(size if isinstance(size, (int, float)) else 10.0)
        self.reader.setText(str(preset.get("reader", self.window_.settings.reader_name)))
        self.since.setText(str(preset.get("since", "")))
        self.until.setText(str(preset.get("until", "")))
        self.shared.setChecked(preset.get("shared") is True)
        included = preset.get("include")
        included = included if isinstance(included, dict) else {}
        for name, check in self.include.items():
            check.setChecked(bool(included.get(name, getattr(Include(), name))))
        for name in ("kinds", "chapters", "concepts"):
            listed: QListWidget = getattr(self, name)
            wanted_ids = preset.get(name)
            chosen = set(wanted_ids) if isinstance(wanted_ids, list) else set()
            for row in range(listed.count()):
                item = listed.item(row)
                on = item.data(Qt.ItemDataRole.UserRole) in chosen
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self._filling = False
        self._on_changed()

    def choices(self) -> Choices:
        """What the reader has chosen."""
        resource = self.chosen_resource()
        what = self.what.currentData()
        document = self.format.currentData() in DOCUMENTS  # data are not narrowed by what cannot be chosen for them
        return Choices(
            resource=resource.id if resource is not None else "",
            shape=Shape(self.shape.currentData()) if document else Shape.SUMMARY,
            chapters=self._checked(self.chapters),
            kinds=tuple(Kind(kind) for kind in self._checked(self.kinds)),
            concepts=self._checked(self.concepts),
            ids=self._ids if what == "ids" else self._filtered if what == "filtered" else (),
            since=self.since.text().strip(),
            until=self.until.text().strip(),
            shared_only=self.shared.isChecked(),
            order=Order(self.order.currentData()) if document else Order.PLACE,
            include=Include(**{name: check.isChecked() for name, check in self.include.items()}),
            language=self.language.currentData(),
            paper=Paper(self.paper.currentData()),
            text_size=self.text_size.value(),
            reader=self.reader.text().strip(),
            plan=self.plan.wanted(),
        )

    def _on_changed(self) -> None:
        if self._filling:
            return
        template = self.own_template()
        self.format.setEnabled(template is None)
        if template is not None:
            self._filling = True
            self.format.setCurrentIndex(self.format.findData(template.makes))
            self._filling = False
        self._offer_plans()
        ending = self.format.currentData()
        document = ending in DOCUMENTS
        for combo in (self.resource, self.template, self.plan):  # their names may be longer than there is room
            combo.setToolTip(combo.currentText())
        self._print.setEnabled(ending == ".pdf" or template is None)
        parts = [check for name, check in self.include.items() if name not in CARRIED]
        for widget in (self.shape, self.plan, *parts):
            widget.setEnabled(document)
        self.order.setEnabled(document and Shape(self.shape.currentData()) in FREE_ORDER)
        paged: list[QWidget] = [self.paper, self.text_size]
        for widget in paged:
            widget.setEnabled(ending in (".pdf", ".docx"))
        self._later.start()

    def _offer_plans(self) -> None:
        """The choice of a plan stands there for the documents that show one, where there is one."""
        before, self._filling = self._filling, True
        self.plan.offer(self.chosen_resource(), self.language.currentData())
        self._filling = before
        shown = Shape(self.shape.currentData()) in WITH_PLAN and self.plan.count() > 0
        self._choices_form.setRowVisible(self.plan, shown)

    # --- presets --------------------------------------------------------------------------------------------------

    def _list_presets(self) -> None:
        self.preset.clear()
        for name in sorted(name for name in self._presets if name):
            self.preset.addItem(name, name)
        self.preset.setCurrentIndex(-1)

    def _on_preset_chosen(self, index: int) -> None:
        found = self._presets.get(self.preset.itemData(index))
        if isinstance(found, dict):
            self._use(found)

    def _on_keep_preset_clicked(self) -> None:
        _ = self._translator.gettext
        ask = QInputDialog(self)
        ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask.setWindowTitle(_("Keep these choices"))
        ask.setLabelText(_("Name of the preset:"))
        ask.setTextValue(self.preset.currentText())
        ask.textValueSelected.connect(self.keep)
        ask.open()

    def keep(self, name: str) -> None:
        """Keep what is chosen under a name."""
        if name.strip():
            self._presets[name.strip()] = self._as_preset()
            self._save_presets()
            self._list_presets()
            self.preset.setCurrentIndex(self.preset.findData(name.strip()))

    def _on_drop_preset_clicked(self) -> None:
        if self._presets.pop(self.preset.currentData() or "-", None) is not None:
            self._save_presets()
            self._list_presets()

    def _save_presets(self) -> None:
        try:
            save_presets(self.window_.paths.config / "presets.json", self._presets)
        except OSError as error:
            words = self._translator.gettext("The presets could not be kept ({reason}).")
            self.state.setText(words.format(reason=error.strerror or error))

    # --- preview --------------------------------------------------------------------------------------------------

    def _refresh_preview(self) -> None:
        choices = self.choices()
        if not choices.resource:
            return
        # As large as it is shown, and no larger: painting pages takes longer than setting them.
        across = 11.0 if choices.shape is Shape.CARDS else 8.5
        ppi = min(max(self._room() / across, 60.0), PREVIEW_PPI)
        self._pages.make(choices, round(ppi * self.devicePixelRatioF()), self.own_template())

    def _room(self) -> int:
        """The width of a page in the preview, in pixels."""
        return max(self.preview.viewport().width() - 30, 240)

    def _on_text_ready(self, text: str, words: str) -> None:
        """What an HTML or Markdown template has made, as text."""
        self._views.setCurrentWidget(self.preview_text)
        self.preview_text.setPlainText(text[:PREVIEW_CHARACTERS])
        self.state.setText(words)

    def _on_pages_ready(self, images: list[QImage], total: int, words: str) -> None:
        """Show the pages; ``total`` is 0 while their number is not known."""
        while self._sheets.count() > len(images):
            item = self._sheets.takeAt(self._sheets.count() - 1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        while self._sheets.count() < len(images):
            sheet = QLabel(self.preview.widget())
            sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._sheets.addWidget(sheet)
        self._views.setCurrentWidget(self.preview)
        _ = self._translator.gettext
        room, ratio = self._room(), self.devicePixelRatioF()
        for index, image in enumerate(images):
            item = self._sheets.itemAt(index)
            page = item.widget() if item is not None else None
            if not isinstance(page, QLabel):
                continue
            shown = image.scaledToWidth(min(round(room * ratio), image.width()), Qt.TransformationMode.SmoothTransformation)
            shown.setDevicePixelRatio(ratio)
            page.setPixmap(QPixmap.fromImage(shown))
            named = _("Page {number} of {count}").format(number=index + 1, count=total)
            page.setAccessibleName(named if total else _("Page {number}").format(number=index + 1))
        if total:
            pages = self._translator.ngettext("{count} page", "{count} pages", total).format(count=total)
        else:
            pages = _("the pages are being counted")
        self.state.setText(" ".join(part for part in (f"{words} · {pages}.", self._about_pages()) if part))

    def _about_pages(self) -> str:
        """How what is exported differs from the pages that are shown."""
        _, ending = self._translator.gettext, self.format.currentData()
        if ending == ".pdf" or self.own_template() is not None:
            return ""
        if ending not in DOCUMENTS:
            return _("These are the pages of the PDF; this format holds the passages and notes as data.")
        return _("These are the pages of the PDF; this format sets the same in its own way.")

    def _on_pages_failed(self, error: Exception) -> None:
        if isinstance(error, ExportCancelled):
            return
        text = getattr(error, "text", None)
        words = text(self._translator) if text is not None else str(error)
        self.state.setText(words)
        if self.own_template() is not None:  # what stood there before is not what it makes
            self._views.setCurrentWidget(self.preview_text)
            self.preview_text.setPlainText(words)

    # --- export ---------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Ask where to, and write."""
        _ = self._translator.gettext
        self._presets[""] = self._as_preset()
        self._save_presets()
        ending, _flavour, obsidian = self.format.currentData().partition(" ")
        resource = self.chosen_resource()
        title = resource.title(self.language.currentData()) if resource is not None else "notes"
        dialog = QFileDialog(self, _("Export to"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{self.format.currentText()} (*{ending})")
        dialog.setDefaultSuffix(ending[1:])
        dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        dialog.selectFile(file_name(title, ending))
        maker = Maker(self.window_.paths)  # it loads while the reader thinks of a name
        dialog.fileSelected.connect(partial(self._write, bool(obsidian), maker))
        dialog.rejected.connect(maker.close)
        dialog.open()

    def _write(self, obsidian: bool, maker: Maker, path: str) -> None:
        template = self.own_template()
        ExportRun(self.window_, self.choices(), Path(path), obsidian=obsidian, template=template, maker=maker).start()
        super().accept()

    def _on_print_clicked(self) -> None:
        PrintRun(self.window_, self.choices(), self.own_template(), self).start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the pages as large as there is room for them."""
        super().resizeEvent(event)
        self._on_changed()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the typesetter."""
        self._pages.close()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Let go of the typesetter, however the dialog ends."""
        self._pages.close()
        super().done(result)
