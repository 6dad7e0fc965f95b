"""What every left panel is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.ui.theme import Theme


class Panel(QWidget):
    """A widget beside the text that follows language, theme and place."""

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """The reader is in this chapter of this resource."""

    def show_concept(self, concept_id: str) -> None:
        """Show a concept, where the panel has concepts."""

    def store(self) -> None:
        """Hand over what is being written in the panel."""

    def take_passage(self, passage: tuple[str, str] | None) -> None:
        """Take (quote, locator) into what is being written, where the panel has something like that."""

    def plan_at_hand(self) -> str:
        """The id of the session plan that the reader works on, or ''."""
        return ""

    def toggle_shared(self) -> bool:
        """Share what the keyboard is on, or make it private again. False where there is nothing of the kind."""
        return False

    @property
    def focus_target(self) -> QWidget:
        """What takes the keyboard when the panel is shown."""
        return self
