"""Your notes: where they are, how many, the last backup; verify, back up elsewhere, restore with a preview."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QRadioButton, QWidget
from shiboken6 import isValid

from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.dialogs import Dialog

if TYPE_CHECKING:
    from letstalk_desktop.storage.backups import Backup
    from letstalk_desktop.storage.notebook import Notebook
    from letstalk_desktop.storage.restoring import RestorePreview

REASONS = {
    "daily": N_("at the first start of the day"),
    "manual": N_("asked for"),
    "before-restore": N_("before a restore"),
    "before-import": N_("before an import"),
    "before-migration": N_("before an update of the notebook"),
}


def when(moment: datetime, tr: Translator, now: datetime | None = None) -> str:
    """``today 09:12``, ``yesterday 17:40``, or the date."""
    local = moment.astimezone()
    today = (now or datetime.now(UTC)).astimezone().date()
    clock = f"{local:%H:%M}" if tr.language != "fr" else f"{local:%H} h {local:%M}".replace(" ", "\u00a0")
    days = (today - local.date()).days
    if days == 0:
        return tr.gettext("today {time}").format(time=clock)
    if days == 1:
        return tr.gettext("yesterday {time}").format(time=clock)
    return f"{local:%Y-%m-%d} {clock}"


class Sound(NamedTuple):
    """What a check found: the notes of a whole notebook (None: it is not), how many backups are whole, what is wrong."""

    notes: int | None
    backups: int
    faults: tuple[LetsTalkError, ...]


def _verify_all(path: Path, backups: list[Path], _notebook: Notebook) -> Sound:
    """Open and count the notebook and every backup."""
    from letstalk_desktop.storage.copying import verify

    notes: int | None = None
    whole = 0
    faults: list[LetsTalkError] = []
    for file in [path, *backups]:
        try:
            verified = verify(file)
        except LetsTalkError as error:
            faults.append(error)
            continue
        if file == path:
            notes = verified.notes
        else:
            whole += 1
    return Sound(notes, whole, tuple(faults))


class YourNotes(Dialog):
    """Everything about the notebook as a file."""

    def __init__(self, parent: QWidget, translator: Translator, desk: Desk, notebook: Path, backups: Path) -> None:
        _ = translator.gettext
        super().__init__(parent, _("Your notes"))
        self.desk, self._translator = desk, translator
        self._notebook, self._backups = notebook, backups
        self.add_text(
            _("Your notes stay on this computer. Backups are made at the first start of a day and before risky steps.")
        )
        grid = QGridLayout()
        self.facts: dict[str, QLabel] = {}
        named = {
            "place": _("Notebook"),
            "count": _("Notes and highlights"),
            "folder": _("Backups"),
            "last": _("Last backup"),
        }
        for row, (name, words) in enumerate(named.items()):
            grid.addWidget(QLabel(words, self), row, 0, Qt.AlignmentFlag.AlignTop)
            label = QLabel("…", self)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setAccessibleName(words)
            grid.addWidget(label, row, 1)
            self.facts[name] = label
        grid.setColumnStretch(1, 1)
        self.rows.addLayout(grid)
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Backups"))
        self.rows.addWidget(self.list, 1)
        self.answer = self.add_text("")
        self.answer.setAccessibleName(_("Result"))
        self.add_buttons(translator)
        assert self.buttons is not None
        self.verify = self._button(_("Verify now"), self._on_verify_clicked)
        self.back_up = self._button(_("Back up to…"), self._on_back_up_clicked)
        self.restore = self._button(_("Restore…"), self._on_restore_clicked)
        self.restore_file = self._button(_("Restore from a file…"), self._on_restore_file_clicked)
        self.restore.setEnabled(False)
        self.verify.setEnabled(False)  # until it is known what there is to verify
        self.list.itemActivated.connect(self._on_item_activated)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.facts["place"].setText(str(notebook))
        self.facts["folder"].setText(str(backups))
        self.resize(640, 480)
        self.refresh()

    def _button(self, words: str, clicked: Any) -> QPushButton:
        assert self.buttons is not None
        button = QPushButton(words, self)
        button.setAutoDefault(False)
        button.clicked.connect(clicked)
        self.buttons.addButton(button, self.buttons.ButtonRole.ActionRole)
        return button

    def refresh(self) -> None:
        """Read again how things are."""
        from letstalk_desktop.storage.backups import Backups

        backups = self._backups
        self.desk.ask(lambda notebook: (notebook.total(), Backups(backups).all()), self._on_read)

    def _on_read(self, found: tuple[int, list[Backup]]) -> None:
        total, backups = found
        tr = self._translator
        self.verify.setEnabled(True)
        self.facts["count"].setText(str(total))
        self.facts["last"].setText(when(backups[0].made, tr) if backups else tr.gettext("none yet"))
        self.list.clear()
        for backup in backups:
            why = tr.gettext(REASONS.get(backup.reason, backup.reason))
            size = tr.gettext("{size} kB").format(size=max(backup.size // 1024, 1))
            item = QListWidgetItem(f"{when(backup.made, tr)} – {why} – {size}")
            item.setData(Qt.ItemDataRole.UserRole, str(backup.path))
            self.list.addItem(item)

    def _say(self, words: str) -> None:
        self.answer.setText(words)
        self.answer.setAccessibleDescription(words)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, LetsTalkError):
            raise error
        self._say(error.text(self._translator))

    def _work(self, work: Any, then: Any) -> None:
        notebook = self.desk.notebook
        if notebook is None:
            self._say(self._translator.gettext("The notebook is not open."))
            return
        self.desk.run(partial(work, notebook), then, self._on_failed)

    # --- verify and back up ---------------------------------------------------------------------------------------

    def _on_verify_clicked(self) -> None:
        files = [self.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.list.count())]
        self._work(partial(_verify_all, self._notebook, [Path(file) for file in files]), self._on_verified)

    def _on_verified(self, found: Sound) -> None:
        tr = self._translator
        lines = [error.text(tr) for error in found.faults]
        if found.notes is not None:
            words = tr.ngettext("The notebook is whole: {count} note.", "The notebook is whole: {count} notes.", found.notes)
            lines.insert(0, words.format(count=found.notes))
        if found.backups:
            words = tr.ngettext("{count} backup is whole.", "{count} backups are whole.", found.backups)
            lines.append(words.format(count=found.backups))
        self._say("\n".join(lines))

    def _on_back_up_clicked(self) -> None:
        _ = self._translator.gettext
        dialog = QFileDialog(self, _("Back up your notes to"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("sqlite")
        dialog.selectFile(f"letstalk-notes-{datetime.now():%Y-%m-%d}.sqlite")
        dialog.fileSelected.connect(self.back_up_to)
        dialog.open()

    def back_up_to(self, path: str) -> None:
        """Write a verified copy of the notebook."""

        def work(notebook: Notebook) -> Any:
            return notebook.copy_to(Path(path))

        self._work(work, partial(self._on_backed_up, path))

    def _on_backed_up(self, path: str, _verified: object) -> None:
        self._say(self._translator.gettext("Backed up and verified: {file}").format(file=path))
        self.refresh()

    # --- restore --------------------------------------------------------------------------------------------------

    def _on_item_activated(self, item: QListWidgetItem) -> None:
        self.preview(item.data(Qt.ItemDataRole.UserRole))

    def _on_current_changed(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        self.restore.setEnabled(item is not None)

    def _on_restore_clicked(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.preview(item.data(Qt.ItemDataRole.UserRole))

    def _on_restore_file_clicked(self) -> None:
        _ = self._translator.gettext
        dialog = QFileDialog(self, _("Restore notes from"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_("Notebooks (*.sqlite);;All files (*)"))
        dialog.fileSelected.connect(self.preview)
        dialog.open()

    def preview(self, path: str) -> None:
        """Ask before anything changes: what would be added, changed, kept."""
        from letstalk_desktop.storage.restoring import preview

        def work(notebook: Notebook) -> Any:
            return preview(notebook, Path(path), now=datetime.now(UTC))

        self._work(work, self._on_previewed)

    def _on_previewed(self, found: RestorePreview) -> None:
        dialog = RestoreDialog(self, self._translator, found)
        dialog.chosen.connect(self._restore)
        dialog.open()

    def _restore(self, path: str, mode: str) -> None:
        from letstalk_desktop.storage.backups import Backups
        from letstalk_desktop.storage.restoring import restore

        backups = Backups(self._backups)
        how: Any = mode

        def work(notebook: Notebook) -> Any:
            return restore(notebook, Path(path), backups, now=datetime.now(UTC), mode=how, who=self.desk.reader_name)

        desk = self.desk

        def restored(done: Any) -> None:  # the page shows it, also where this dialog has been closed meanwhile
            desk.refresh_all(done.changes)
            if isValid(self):
                self._on_restored(done)

        self._say(self._translator.gettext("Restoring…"))
        self._work(work, restored)

    def _on_restored(self, restored: Any) -> None:
        words = self._translator.gettext("Restored. The notebook as it was before is kept in {file}.")
        self._say(words.format(file=restored.safety.path.name))
        self.refresh()


class RestoreDialog(Dialog):
    """A preview and a choice: merge (the default), or replace, which needs a deliberate step."""

    chosen = Signal(str, str)  # path, merge | replace

    def __init__(self, parent: QWidget, translator: Translator, found: RestorePreview) -> None:
        _, ngettext = translator.gettext, translator.ngettext
        super().__init__(parent, _("Restore notes"))
        self._path = str(found.file)
        self.add_text(str(found.file))
        stay = found.kept + found.identical
        lines = [
            ngettext("{count} note would be added", "{count} notes would be added", found.added).format(count=found.added),
            ngettext("{count} would be changed", "{count} would be changed", found.changed).format(count=found.changed),
            ngettext("{count} stays as it is here", "{count} stay as they are here", stay).format(count=stay),
        ]
        if found.stay_deleted:
            lines.append(ngettext("{count} stays in the trash", "{count} stay in the trash", found.stay_deleted).format(
                count=found.stay_deleted
            ))  # fmt: skip
        self.add_text("\n".join(f"• {line}" for line in lines))
        self.merge = QRadioButton(_("Merge: add what is missing, take the newer of two versions, delete nothing"), self)
        self.merge.setChecked(True)
        lost = ngettext(
            "Replace: take the file’s notebook in place of this one; {count} note that only stands here would go",
            "Replace: take the file’s notebook in place of this one; {count} notes that only stand here would go",
            found.lost,
        ).format(count=found.lost)
        self.replace = QRadioButton(lost, self)
        self.rows.addWidget(self.merge)
        self.rows.addWidget(self.replace)
        self.add_text(_("A safety copy of the present notebook is made first."))
        self.add_buttons(translator, _("Restore"), _("Cancel"))
        self.accepted.connect(self._on_accepted)
        self.resize(560, 300)

    def _on_accepted(self) -> None:
        self.chosen.emit(self._path, "replace" if self.replace.isChecked() else "merge")
