"""The left panels beside Contents, each made when it is first shown.

A panel is a widget with ``retranslate(translator)``, ``set_theme(theme)`` and ``show_place(resource, chapter)``; it asks the
desk and tells the window where the reader wants to go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from letstalk_desktop.ui.panel import Panel

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow

CONTENTS, CONCEPTS, NOTES, DISCUSS = range(4)


def make_panel(index: int, window: MainWindow) -> Panel:
    """The panel of a tab, wired to the window."""
    if index == NOTES:
        from letstalk_desktop.ui.notes_panel import NotesPanel

        notes = NotesPanel(window.desk)
        notes.place_requested.connect(window.open_annotation)
        notes.unplaced_requested.connect(window.editions.show_unplaced)
        notes.undo_offered.connect(window.offer_undo)
        notes.export_requested.connect(window.export_notes)
        return notes
    if index == CONCEPTS:
        from letstalk_desktop.ui.concepts_panel import ConceptsPanel

        concepts = ConceptsPanel(window.desk, window.actions_table.shown_key)
        concepts.place_requested.connect(window.open_place)
        concepts.annotation_requested.connect(window.open_annotation)
        concepts.failed.connect(window.show_error)
        concepts.undo_offered.connect(window.offer_undo)
        concepts.told.connect(window.tell)
        concepts.map_requested.connect(window.commands.open_concept_map)
        return concepts
    from letstalk_desktop.ui.discuss_panel import DiscussPanel

    discuss = DiscussPanel(window.desk)
    discuss.place_requested.connect(window.open_place)
    discuss.passage_requested.connect(window.put_passage)
    discuss.present_requested.connect(window.present_plan)
    discuss.told.connect(window.tell)
    discuss.undo_offered.connect(window.offer_undo)
    return discuss
