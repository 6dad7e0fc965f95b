"""The composition root of the window: the only file that knows everyone."""

from __future__ import annotations

import letstalk_desktop.ui.binding  # noqa: F401  (before anything else of PySide6)

# isort: split

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from letstalk_desktop import __version__
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import INTERFACE_LANGUAGES, N_, Translator, translator
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.paths import Paths, find_paths
from letstalk_desktop.reading_state import load_state
from letstalk_desktop.settings import load_settings
from letstalk_desktop.ui.collecting import Collector
from letstalk_desktop.ui.main_window import MainWindow
from letstalk_desktop.ui.theme import interface_font

if TYPE_CHECKING:
    from datetime import datetime

    from letstalk_desktop.annotations.model import Annotation
    from letstalk_desktop.storage.notebook import Notebook
    from letstalk_desktop.ui.crash import CrashHandler
    from letstalk_desktop.ui.desk import Desk, Tellable
    from letstalk_desktop.ui.lane import Lane

_FIRST_FONTS = (
    "SourceSans3-Regular.ttf",
    "SourceSans3-SemiBold.ttf",
    "SourceSans3-Bold.ttf",
    "SourceSerif4-Regular.ttf",
    "SourceSerif4-Italic.ttf",
)
_LATER_FONTS = ("SourceSerif4-*", "SourceSans3-*", "SourceCodePro-*", "Atkinson*", "OpenDyslexic-*", "NotoSansSymbols*")


PREPARE_AFTER_MS = 1_500
FRAME_MS = 16
PATIENCE_MS = 1_000  # a window that is not shown, as on another desktop, is never painted
# The style as an argument: `setStyle` hands a QStyle to Python, and making its enums takes 5 ms before the first page shows.
PROGRAM = ("letstalk-desktop", "-style", "fusion")


def _nothing(_result: object) -> None:
    """Nothing is left to do."""


def _nothing_more() -> None:
    """Nothing has to be done first."""


def _ignored(_error: Exception) -> None:
    """What cannot be prepared is reported when it is opened."""


def system_language() -> str:
    """The interface language that the system asks for; English where we have no catalogue for it."""
    for name in QLocale.system().uiLanguages():
        language = name.split("-")[0].lower()
        if language in INTERFACE_LANGUAGES:
            return language
    return "en"


def make_shelf(paths: Paths, opened: list[str] | None = None) -> Shelf:
    """The shelf of bundled, imported and opened resources."""
    shelf = Shelf([paths.content, paths.imported], paths.compiled, paths.locale)
    for folder in opened or []:
        try:
            shelf.look_again(shelf.add(Path(folder)).id)  # a later edition may have been imported
        except LetsTalkError:
            continue
    return shelf


def open_notebook(paths: Paths) -> tuple[Notebook, list[Tellable]]:
    """The notebook, salvaged where it is damaged, and what the reader should be told. Raises NotebookError."""
    from datetime import UTC, datetime

    from letstalk_desktop.storage.opening import open_at_start

    return open_at_start(paths.notebook, paths.backups, datetime.now(UTC))


class Application:
    """The Qt application with one window; ``run`` returns the exit status."""

    def __init__(self, arguments: list[str], paths: Paths) -> None:
        self.paths = paths
        running = QApplication.instance()
        self.qt = running if isinstance(running, QApplication) else QApplication([*PROGRAM, *arguments])
        self.qt.setApplicationName("Let’s Talk Desktop")
        self.qt.setApplicationVersion(__version__)
        self.qt.setDesktopFileName("letstalk-desktop")
        self.missing_fonts = self._load_fonts(_FIRST_FONTS)
        self.settings, self._settings_messages = load_settings(paths.config / "settings.json")
        self.qt.setFont(interface_font(self.settings))
        if self.settings.face in ("legible", "dyslexic"):
            self._load_fonts(("Atkinson*", "OpenDyslexic-*"))
        self.state = load_state(paths.config / "state.json")
        self.language = self.make_translator(self.settings.interface_language)
        self._qt_translator: QTranslator | None = None
        self.shelf = make_shelf(paths, list(self.state.folders.values()))
        self._window = MainWindow(paths, self.settings, self.state, self.language, self.make_translator)
        self._desk: Desk | None = None
        self._collector = Collector(self._window)
        self._preparing: Lane | None = None
        self._stopped = False
        self._resource = ""  # asked for at the start
        self.before_the_rest = _nothing_more  # called once the page is readable, before all else
        self._goes_on = False  # True once what stands around the page is being built

    @property
    def window(self) -> MainWindow:
        """The window, complete."""
        if self._desk is None:
            from letstalk_desktop.ui.desk import Desk

            self._desk = Desk(self.shelf, self._open_notebook, self.language)
            self._desk.reader_name = self.settings.reader_name
            self._desk.keep_house = self._keep_house
            self._desk.last_backup = self._last_backup
            self._desk.first_look = self._first_look
            self._translate_qt(self.language)
            self._window.complete(self._desk)
            self._window.before_language.connect(self._translate_qt)
            self._window.closed.connect(self._leave_qt_its_words)
        return self._window

    @property
    def is_complete(self) -> bool:
        """True once everything around the page has been built."""
        return self._desk is not None

    def _open_notebook(self) -> tuple[Notebook, list[Tellable]]:
        return open_notebook(self.paths)

    def _first_look(self, resource: str, chapter: str) -> list[Annotation]:
        from letstalk_desktop.storage.glance import first_look

        return first_look(self.paths.notebook, resource, chapter)

    def _keep_house(self, notebook: Notebook) -> None:
        """The daily backup, and what has been in the trash long enough. Runs in the notebook's lane."""
        from datetime import UTC, datetime

        from letstalk_desktop.storage.opening import keep_house

        keep_house(notebook, self.paths.backups, datetime.now(UTC).astimezone())

    def _last_backup(self) -> datetime | None:
        from letstalk_desktop.storage.backups import Backups

        newest = Backups(self.paths.backups).newest()
        return newest.made if newest is not None else None

    def make_translator(self, language: str) -> Translator:
        """The translator of an interface language; '' follows the system."""
        return translator(language or system_language(), self.paths.locale)

    def _translate_qt(self, language: Translator) -> None:
        """Qt's own dialogs, the names of keys and the numbers in the reader's language."""
        self._leave_qt_its_words()
        self._qt_translator = QTranslator(self.qt)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt_translator.load(f"qtbase_{language.language}", folder):
            self.qt.installTranslator(self._qt_translator)
        locale = QLocale("fr_CA" if language.language == "fr" else "en_CA")
        QLocale.setDefault(locale)
        self._window.setLocale(locale)  # what is in the window follows it

    def _leave_qt_its_words(self) -> None:
        if self._qt_translator is not None:
            self.qt.removeTranslator(self._qt_translator)

    def _load_fonts(self, names: tuple[str, ...]) -> list[str]:
        missing = []
        for name in names:
            files = [self.paths.fonts / name] if name.endswith("tf") else sorted(self.paths.fonts.glob(f"{name}.?tf"))
            if not any(QFontDatabase.addApplicationFont(str(file)) >= 0 for file in files):
                missing.append(name)
            for file in files[1:]:
                QFontDatabase.addApplicationFont(str(file))
        return missing

    def _load_later_fonts(self) -> None:
        self.missing_fonts += self._load_fonts(_LATER_FONTS)
        if self.missing_fonts:
            message = N_("Some fonts of the program are missing ({names}); the text is shown in others. Install it again.")
            self.window.tell(self.language.gettext(message).format(names=", ".join(self.missing_fonts)))

    def start(self, resource: str = "", path: str = "") -> None:
        """Show the window with something to read; build what stands around the page, and open the notebook, beside it."""
        if not path and not self.is_complete and self._window.show_first_page(self.shelf, resource):
            self._resource = resource
            self._window.page.first_painted.connect(self._on_first_painted)
            QTimer.singleShot(PATIENCE_MS, self._window, self._on_first_painted)
            self._window.show()
            self._window.page.setFocus()
            return
        self.before_the_rest()
        self.window.start(resource)
        if path:
            self.window.open_path(path)
        self.window.show()
        self.window.page.setFocus()
        QTimer.singleShot(0, self._settle)

    def _on_first_painted(self) -> None:
        """Go on in the next frame, so that what was painted reaches the screen first."""
        if not self._goes_on:
            self._goes_on = True
            QTimer.singleShot(FRAME_MS, self._window, self._after_first_paint)

    def _after_first_paint(self) -> None:
        """The page is readable; now all the rest."""
        self.before_the_rest()
        self.window.start(self._resource)
        self._settle()
        # While the page moves to its place it is hidden; a window that becomes active just then gives nobody the keyboard.
        QTimer.singleShot(0, self.window, self._give_page_the_keyboard)

    def _give_page_the_keyboard(self) -> None:
        self.window.page.setFocus()

    def _settle(self) -> None:
        """What the page does not have to wait for."""
        self.window.desk.open()
        self.window.settle()
        from PySide6.QtGui import QIcon

        self.qt.setWindowIcon(QIcon(str(self.paths.resources / "icons" / "letstalk.svg")))
        self._load_later_fonts()
        QTimer.singleShot(PREPARE_AFTER_MS, self.window, self._prepare)
        for template, fields in self._settings_messages:
            self.window.tell(self.language.gettext(template).format(**fields))
        if not self.window.settings.hint_seen:
            self.window.change_settings(hint_seen=True)
            self.window.commands.show_hint()

    def _prepare(self) -> None:
        """Compile the rest of the resource beside the window, so that nothing has to wait for it later."""
        chapter = self.window.reading.chapter
        if chapter is None or self._preparing is not None:
            return
        from letstalk_desktop.ui.lane import Lane

        self._preparing = lane = Lane("prepare", self.window)
        self.window.closed.connect(self._stop_preparing)
        lane.run(partial(self.shelf.prepare, chapter.resource, chapter.language, self._is_stopped), _nothing, _ignored)

    def _is_stopped(self) -> bool:
        return self._stopped

    def _stop_preparing(self) -> None:
        self._stopped = True
        if self._preparing is not None:
            self._preparing.close()

    def run(self) -> int:
        """Until the last window is closed."""
        return self.qt.exec()


def run_window(paths: Paths, resource: str = "", path: str = "", arguments: list[str] | None = None) -> int:
    """Open the window, or bring the one that is open on these data to the front with the request."""
    from letstalk_desktop.ui.single_instance import SingleInstance

    application = Application(arguments or [], paths)
    instance = SingleInstance(paths.data)
    if instance.hand_over({"resource": resource, "path": path}):
        return 0

    def told(summary: str) -> None:
        _ = application.window.translator.gettext
        words = _("Something went wrong inside the program ({what}). Your notes are safe; the details are in {file}.")
        application.window.notice.tell(
            words.format(what=summary, file=crash.path if crash is not None else paths.logs), stays=True
        )

    crash: CrashHandler | None = None

    def watch() -> None:
        nonlocal crash
        from letstalk_desktop.ui.crash import CrashHandler

        crash = CrashHandler(paths.logs)
        crash.install(told)

    application.before_the_rest = watch
    application.start(resource, path)

    def listen() -> None:
        instance.requested.connect(application.window.handle_request)
        instance.listen()

    QTimer.singleShot(300, listen)
    status = application.run()
    instance.close()
    if crash is not None:
        crash.remove()
    return status


def default_paths() -> Paths:
    """The paths of a run without arguments."""
    return find_paths()
