"""The menus of a note and of the text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from letstalk_desktop.annotations.kinds import KIND_STYLES, kind_name
from letstalk_desktop.annotations.model import AnnotationType, Kind

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow


def open_note_menu(window: MainWindow, annotation_id: str, point: QPoint) -> None:
    """What can be done with one annotation."""
    one = window.reading.annotation(annotation_id)
    if one is None:
        return
    translator = window.translator
    _ = translator.gettext
    menu = QMenu(window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    actions = window.actions_table.by_id
    edit = menu.addAction(_("Edit the note"))
    edit.triggered.connect(partial(window.reading.margin.edit, annotation_id))
    if one.type is AnnotationType.HIGHLIGHT:
        kinds = menu.addMenu(_("Kind"))
        for kind in Kind:
            name = kind_name(kind, translator, window.desk.kind_names)
            action = kinds.addAction(f"{KIND_STYLES[kind].letter}  {name}")
            action.setCheckable(True)
            action.setChecked(kind is one.kind)
            action.triggered.connect(partial(_set_kind, window, annotation_id, kind))
    menu.addAction(actions["link-concept"])
    menu.addAction(actions["toggle-shared"])
    menu.addAction(actions["copy-citation"])
    menu.addSeparator()
    for action_id in ("start-back", "start-further", "end-back", "end-further"):
        menu.addAction(actions[action_id])
    menu.addSeparator()
    delete = menu.addAction(_("Delete"))
    delete.triggered.connect(window.reading.delete_current)
    menu.popup(point)


def _set_kind(window: MainWindow, annotation_id: str, kind: Kind, _checked: bool = False) -> None:
    one = window.reading.annotation(annotation_id)
    if one is not None:
        window.desk.set_kind(one, kind, window)


def open_text_menu(window: MainWindow, point: QPoint) -> None:
    """What can be done with the selection or at the pointer."""
    page = window.reading.page
    actions = window.actions_table.by_id
    if not page.textCursor().hasSelection():
        viewport_point = page.viewport().mapFromGlobal(point)
        ids = page.highlights_at(viewport_point.toPointF())
        if ids:
            window.reading.make_current(ids[0])
            open_note_menu(window, ids[0], point)
            return
        page.setTextCursor(page.cursorForPosition(viewport_point))
    menu = QMenu(window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if page.textCursor().hasSelection():
        menu.addActions([actions["copy"], actions["copy-citation"]])
        menu.addSeparator()
        menu.addActions([actions[f"kind-{number}"] for number in range(1, 7)])
        menu.addSeparator()
        menu.addActions([actions["add-note"], actions["link-concept"], actions["find"], actions["search"]])
    else:
        menu.addActions([actions["bookmark"], actions["chapter-note"], actions["go-to"], actions["where"]])
    menu.popup(point)
