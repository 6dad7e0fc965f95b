"""Discuss: the questions of chapter and resource with the reader's answers, and session plans made of them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from letstalk_desktop.annotations.model import Changes
from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.ui.desk import Desk
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.question_list import QuestionList
from letstalk_desktop.ui.theme import Theme

QUESTIONS, PLAN = range(2)


class DiscussPanel(Panel):
    """Two views: questions, and the session plan."""

    place_requested = Signal(str, str, str, str, int)  # resource, chapter, language, block, offset
    passage_requested = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._stale = True
        self._translator: Translator | None = None
        self.questions = QuestionList(desk, self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 8, 4, 4)
        rows.addWidget(self.questions, 1)
        self.questions.place_requested.connect(self.place_requested)
        self.questions.passage_requested.connect(self.passage_requested)
        desk.changed.connect(self._on_desk_changed)
        desk.notebook_opened.connect(self.reload)

    @property
    def focus_target(self) -> QWidget:
        """What takes the keyboard."""
        return self.questions.focus_target

    def retranslate(self, translator: Translator) -> None:
        """Set the words."""
        self._translator = translator
        self.questions.retranslate(translator)

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        t = theme
        self.setStyleSheet(f"""
#questionCard {{ background: {t.card}; border: 1px solid {t.border}; border-radius: 6px; }}
#questionCard:focus {{ border: 2px solid {t.focus}; }}
#questionCard:hover {{ border-color: {t.accent}; }}
#questionCard QLabel {{ background: transparent; color: {t.text}; }}
#blockLink {{ color: {t.link}; background: {t.card}; border: 1px solid {t.border}; border-radius: 9px; padding: 1px 7px; }}
#groupHeading {{ background: transparent; border: 1px solid transparent; color: {t.muted}; text-align: left;
    font-weight: 600; padding: 3px 4px; }}
#groupHeading:focus {{ border: 2px solid {t.focus}; padding: 2px 3px; }}
#groupHeading:hover {{ color: {t.accent}; }}
""")
        self.questions.set_theme(theme)

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """The questions of this chapter."""
        self.questions.show_place(resource, chapter)
        self._refresh()

    def _refresh(self) -> None:
        if self.isVisible():
            self.reload()
        else:
            self._stale = True

    def reload(self) -> None:
        """Read answers again."""
        self._stale = False
        self.questions.reload()

    def showEvent(self, event: object) -> None:
        """Read again what has changed while the panel was hidden."""
        if self._stale:
            self.reload()

    def hideEvent(self, event: object) -> None:
        """Leaving stores."""
        self.store()

    def store(self) -> None:
        """Hand over what has been typed."""
        self.questions.store()

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        if changes.annotations or changes.plans:
            self._refresh()
