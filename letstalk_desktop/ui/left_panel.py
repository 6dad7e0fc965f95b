"""The left side: tabs with a panel each, made when it is first shown, and panels without a tab among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.ui.contents_panel import ContentsPanel
from letstalk_desktop.ui.panel import Panel
from letstalk_desktop.ui.theme import Theme

CONTENTS, CONCEPTS, NOTES, DISCUSS = range(4)
COVER = -1  # the panel that may stand in the place of all the others


class LeftPanel(QWidget):
    """Holds the panels and tells them language, theme and place. ``make`` makes the panel of a tab."""

    def __init__(self, parent: QWidget, make: Callable[[int], Panel]) -> None:
        super().__init__(parent)
        self.setObjectName("leftPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(190)
        self._make = make
        self._translator: Translator | None = None
        self._theme: Theme | None = None
        self._place: tuple[Resource, Chapter] | None = None
        self.contents = ContentsPanel(self)
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(True)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.panels = QStackedWidget(self)
        self.panel_of: dict[int, Panel] = {CONTENTS: self.contents}
        self._holders: list[QVBoxLayout] = []
        for _index in range(4):
            self.tabs.addTab("")
            holder = QWidget(self.panels)
            box = QVBoxLayout(holder)
            box.setContentsMargins(0, 0, 0, 0)
            self._holders.append(box)
            self.panels.addWidget(holder)
        self._holders[CONTENTS].addWidget(self.contents)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.panels, 1)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.tabs.tabBarClicked.connect(self._on_tab_clicked)

    def each(self) -> Iterator[Panel]:
        """The panels that have been made."""
        return iter(list(self.panel_of.values()))

    def retranslate(self, translator: Translator, notes: int) -> None:
        """Set the words; ``notes`` is how many notes there are."""
        self._translator = translator
        self.tabs.setAccessibleName(translator.gettext("Panels"))
        self.show_count(notes)
        for panel in self.each():
            panel.retranslate(translator)

    def show_count(self, notes: int) -> None:
        """Name the tabs; the notes with their number."""
        if self._translator is None:
            return
        _ = self._translator.gettext
        named = _("Notes {count}").format(count=notes) if notes else _("Notes")
        for index, title in enumerate((_("Contents"), _("Concepts"), named, _("Discuss"))):
            self.tabs.setTabText(index, title)
            self.tabs.setTabToolTip(index, title)  # large text may leave no room for all of it

    def set_theme(self, theme: Theme) -> None:
        """Draw in this theme's colours."""
        self._theme = theme
        for panel in self.each():
            panel.set_theme(theme)

    def show_place(self, resource: Resource, chapter: Chapter) -> None:
        """The reader is in this chapter."""
        self._place = (resource, chapter)
        for panel in self.each():
            panel.show_place(resource, chapter)

    def show_panel(self, index: int) -> Panel:
        """Show the panel of a tab and give it the keyboard."""
        self.uncover()
        self.tabs.setCurrentIndex(index)
        self._on_tab_changed(index)
        panel = self.panel_of[index]
        panel.focus_target.setFocus()
        return panel

    def cover(self, panel: Panel) -> None:
        """Show a panel in the place of the tabs and what they hold. The keyboard stays where it is."""
        if COVER not in self.panel_of:
            self.panel_of[COVER] = panel
            self._column.addWidget(panel, 1)
            self._prepare(panel)
        self.tabs.hide()
        self.panels.hide()
        panel.show()

    def uncover(self) -> None:
        """Show the tabs and what they hold again."""
        if COVER in self.panel_of:
            self.panel_of[COVER].hide()
            self.tabs.show()
            self.panels.show()

    def show_unlisted(self, panel: Panel, tab: int) -> None:
        """Show a panel that has no tab of its own, under that of another, and give it the keyboard."""
        self.uncover()
        if self.panels.indexOf(panel) < 0:
            self.panel_of[self.panels.addWidget(panel)] = panel
            self._prepare(panel)
        self.tabs.setCurrentIndex(tab)
        self.panels.setCurrentWidget(panel)
        panel.focus_target.setFocus()

    def _prepare(self, panel: Panel) -> None:
        if self._translator is not None:
            panel.retranslate(self._translator)
        if self._theme is not None:
            panel.set_theme(self._theme)
        if self._place is not None:
            panel.show_place(*self._place)

    def _on_tab_changed(self, index: int) -> None:
        if index not in self.panel_of:
            panel = self._make(index)
            self.panel_of[index] = panel
            self._holders[index].addWidget(panel)
            self._prepare(panel)
        self.panels.setCurrentIndex(index)

    def _on_tab_clicked(self, index: int) -> None:
        if index == self.tabs.currentIndex():  # a panel without a tab may stand there
            self._on_tab_changed(index)
