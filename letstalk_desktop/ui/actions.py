"""Everything a reader can do, as one table: id, words, keys, menu. Menus, shortcuts and the list of shortcuts are made from it.

Keys are Qt's portable text; several are parted by "; ". None needs AltGr. A reader's own keys replace the first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from letstalk_desktop.language import N_, Translator


class ActionSpec(NamedTuple):
    """``menu`` is a menu id. ``scope``: window, or page (the key works while the text has the focus)."""

    id: str
    text: str
    keys: str = ""
    menu: str = ""
    separated: bool = False
    checkable: bool = False
    scope: str = "window"


MENUS = (
    ("file", N_("&File")),
    ("edit", N_("&Edit")),
    ("mark", N_("&Mark")),
    ("view", N_("&View")),
    ("go", N_("&Go")),
    ("help", N_("&Help")),
)

ACTIONS = (
    ActionSpec("open", N_("&Open a resource folder…"), "Ctrl+O", "file"),
    ActionSpec("resources", N_("&Resources…"), "Ctrl+L", "file"),
    ActionSpec("import", N_("&Import…"), "Ctrl+I", "file"),
    ActionSpec("export", N_("&Export summary…"), "Ctrl+E", "file", separated=True),
    ActionSpec("export-pdf", N_("Export summary to P&DF…"), "Ctrl+Shift+E", "file"),
    ActionSpec("print", N_("&Print…"), "Ctrl+P", "file"),
    ActionSpec("my-templates", N_("My &templates…"), "", "file"),
    ActionSpec("your-notes", N_("&Your notes: backup and restore…"), "", "file", separated=True),
    ActionSpec("quit", N_("&Quit"), "Ctrl+Q", "file", separated=True),
    ActionSpec("undo", N_("&Undo"), "Ctrl+Z", "edit"),
    ActionSpec("redo", N_("&Redo"), "Ctrl+Shift+Z; Ctrl+Y", "edit"),
    ActionSpec("copy", N_("&Copy"), "Ctrl+C", "edit", separated=True, scope="page"),
    ActionSpec("copy-citation", N_("Copy with c&itation"), "Ctrl+Shift+C", "edit"),
    ActionSpec("find", N_("&Find in this chapter"), "Ctrl+F; /", "edit", separated=True),
    ActionSpec("find-next", N_("Find &next"), "F3", "edit"),
    ActionSpec("find-previous", N_("Find &previous"), "Shift+F3", "edit"),
    ActionSpec("search", N_("Search &everything"), "Ctrl+Shift+F", "edit"),
    ActionSpec("settings", N_("&Settings…"), "Ctrl+,", "edit", separated=True),
    ActionSpec("highlight", N_("&Highlight"), "Ctrl+H", "mark"),
    ActionSpec("kind-1", N_("Key idea"), "1", "mark", separated=True, scope="page"),
    ActionSpec("kind-2", N_("Evidence"), "2", "mark", scope="page"),
    ActionSpec("kind-3", N_("Question"), "3", "mark", scope="page"),
    ActionSpec("kind-4", N_("Action"), "4", "mark", scope="page"),
    ActionSpec("kind-5", N_("Tension"), "5", "mark", scope="page"),
    ActionSpec("kind-6", N_("Story"), "6", "mark", scope="page"),
    ActionSpec("add-note", N_("Write a &note"), "Ctrl+M; Ctrl+N", "mark", separated=True),
    ActionSpec("chapter-note", N_("Note on this &chapter"), "Ctrl+Shift+M", "mark"),
    ActionSpec("resource-note", N_("Note on the whole &resource"), "", "mark"),
    ActionSpec("link-concept", N_("Link a c&oncept…"), "Ctrl+K", "mark"),
    ActionSpec("toggle-shared", N_("&Shared with others"), "Ctrl+Shift+S", "mark", checkable=True),
    ActionSpec("put-passage", N_("&Put the passage into the answer"), "Ctrl+Shift+Q", "mark"),
    ActionSpec("attach-here", N_("&Attach the unplaced note here"), "Ctrl+Shift+H", "mark"),
    ActionSpec("bookmark", N_("&Bookmark this paragraph"), "Ctrl+B; Ctrl+D", "mark", separated=True),
    ActionSpec("end-further", N_("End one word further"), "Alt+Shift+Right", "mark", separated=True, scope="page"),
    ActionSpec("end-back", N_("End one word back"), "Alt+Shift+Left", "mark", scope="page"),
    ActionSpec("start-back", N_("Begin one word earlier"), "Alt+Shift+Up", "mark", scope="page"),
    ActionSpec("start-further", N_("Begin one word later"), "Alt+Shift+Down", "mark", scope="page"),
    ActionSpec("delete", N_("&Delete"), "Del", "mark", separated=True, scope="page"),
    ActionSpec("rename-kinds", N_("Rename the &kinds…"), "", "mark", separated=True),
    ActionSpec("zoom-in", N_("&Larger text"), "Ctrl++; Ctrl+=", "view"),
    ActionSpec("zoom-out", N_("&Smaller text"), "Ctrl+-", "view"),
    ActionSpec("zoom-reset", N_("&Normal text size"), "Ctrl+0", "view"),
    ActionSpec("reading-settings", N_("&Reading settings…"), "Ctrl+Shift+R", "view"),
    ActionSpec("theme", N_("Next &theme"), "F8; Ctrl+Shift+L", "view"),
    ActionSpec("left-panel", N_("Left p&anel"), "F9", "view", separated=True, checkable=True),
    ActionSpec("contents", N_("&Contents"), "Ctrl+T", "view"),
    ActionSpec("concepts", N_("C&oncepts"), "Ctrl+Shift+K", "view"),
    ActionSpec("notes", N_("Not&es"), "Ctrl+Shift+A; Ctrl+Shift+N", "view"),
    ActionSpec("discuss", N_("&Discuss"), "Ctrl+Shift+D", "view"),
    ActionSpec("unplaced", N_("&Unplaced notes"), "Ctrl+U", "view"),
    ActionSpec("concept-map", N_("Concept &map"), "Ctrl+Shift+G", "view"),
    ActionSpec("language", N_("Language of the te&xt"), "Ctrl+Shift+T", "view", separated=True),
    ActionSpec("present", N_("&Present"), "Ctrl+Shift+P", "view"),
    ActionSpec("full-screen", N_("&Full screen"), "F11", "view", checkable=True),
    ActionSpec("back", N_("&Back"), "Alt+Left", "go"),
    ActionSpec("forward", N_("&Forward"), "Alt+Right", "go"),
    ActionSpec("next-chapter", N_("&Next chapter"), "Ctrl+PgDown", "go", separated=True),
    ActionSpec("previous-chapter", N_("&Previous chapter"), "Ctrl+PgUp", "go"),
    ActionSpec("next-section", N_("Next &section"), "Alt+PgDown", "go"),
    ActionSpec("previous-section", N_("Previous s&ection"), "Alt+PgUp", "go"),
    ActionSpec("go-to", N_("&Go to paragraph…"), "Ctrl+G", "go"),
    ActionSpec("next-highlight", N_("Next &highlight"), "F7", "go", separated=True),
    ActionSpec("previous-highlight", N_("Previous h&ighlight"), "Shift+F7", "go"),
    ActionSpec("where", N_("&Where am I?"), "Ctrl+Shift+I", "go"),
    ActionSpec("mark-read", N_("Chapter is &read"), "", "go", separated=True, checkable=True),
    ActionSpec("to-text", N_("To the &text"), "Esc", "go", separated=True),
    ActionSpec("to-note", N_("Between text and n&ote"), "F6", "go"),
    ActionSpec("guide", N_("User &guide"), "F1", "help"),
    ActionSpec("shortcuts", N_("&Keyboard shortcuts"), "Ctrl+F1; ?", "help"),
    ActionSpec("hint", N_("&First steps"), "", "help"),
    ActionSpec("about", N_("&About Let’s Talk Desktop"), "", "help", separated=True),
)


class Actions(QObject):
    """The QActions of a window, by id."""

    def __init__(self, window: QWidget, page: QWidget, own_keys: dict[str, str]) -> None:
        super().__init__(window)
        self._own_keys = own_keys
        self.by_id: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        for spec in ACTIONS:
            action = QAction(self)
            action.setObjectName(spec.id)
            action.setCheckable(spec.checkable)
            if spec.scope == "page":
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                page.addAction(action)
            else:
                window.addAction(action)
            self.by_id[spec.id] = action
        self.set_keys(own_keys)

    def set_keys(self, own_keys: dict[str, str]) -> None:
        """Use these keys (by action id) in place of the program's first ones."""
        self._own_keys = own_keys
        for spec in ACTIONS:
            self.by_id[spec.id].setShortcuts([QKeySequence(keys) for keys in keys_of(spec, own_keys)])

    def add_menus(self, bar: QMenuBar) -> None:
        """Put the menus, empty as yet, into the menu bar."""
        for menu_id, _text in MENUS:
            self._menus[menu_id] = bar.addMenu("")

    def fill_menus(self) -> None:
        """Put the actions into their menus, once; the first page does not wait for it."""
        for menu_id, menu in self._menus.items():
            if not menu.isEmpty():
                continue
            for spec in ACTIONS:
                if spec.menu == menu_id:
                    if spec.separated:
                        menu.addSeparator()
                    menu.addAction(self.by_id[spec.id])

    def connect_all(self, handlers: dict[str, Callable[[], None]]) -> None:
        """Connect each action to its handler; an action without one is a mistake."""
        for action_id, action in self.by_id.items():
            action.triggered.connect(handlers[action_id])

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        for menu_id, text in MENUS:
            if menu_id in self._menus:
                self._menus[menu_id].setTitle(translator.gettext(text))
        for spec in ACTIONS:
            self.by_id[spec.id].setText(translator.gettext(spec.text))

    def shown_key(self, action_id: str) -> str:
        """The first key of an action as the system writes it."""
        return self.by_id[action_id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def keys_of(spec: ActionSpec, own_keys: dict[str, str]) -> list[str]:
    """The keys of an action: the reader's own in place of the first."""
    keys = [key for key in spec.keys.split("; ") if key]
    if spec.id in own_keys:
        keys = [own_keys[spec.id], *keys[1:]] if own_keys[spec.id] else keys[1:]
    return keys
