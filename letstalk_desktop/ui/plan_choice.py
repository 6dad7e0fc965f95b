"""The choice of a session plan for a document: the reader's own plans, then those that come with the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QWidget

from letstalk_desktop.annotations.model import SessionPlan
from letstalk_desktop.exporting.sessions import offered_plans
from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import Resource

if TYPE_CHECKING:
    from letstalk_desktop.ui.desk import Desk


class PlanChoice(QComboBox):
    """Lists the plans of a resource in a language; what is wanted stays wanted until the notebook has given its plans."""

    def __init__(self, desk: Desk, translator: Translator, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._translator = desk, translator
        self._resource: Resource | None = None
        self._language = ""
        self._own: list[SessionPlan] = []
        self._wanted = ""
        self.activated.connect(self._on_activated)

    def offer(self, resource: Resource | None, language: str) -> None:
        """The plans of a resource, with the titles they have in a language."""
        other = resource is None or self._resource is None or resource.id != self._resource.id
        if other:
            self._own = []
        if other or language != self._language:
            self._resource, self._language = resource, language
            self._list()
        if other:
            self.reload()

    def reload(self) -> None:
        """Read the reader's plans, as soon as her notebook is open."""
        resource = self._resource
        if resource is not None and self._desk.is_open():
            self._desk.ask(lambda notebook: (resource.id, notebook.plans(resource.id)), self._on_loaded)

    def wanted(self) -> str:
        """The id of the plan that a document is to show; '' where there is none to choose."""
        return self.currentData() or self._wanted

    def want(self, plan: str) -> None:
        """Take the plan with this id as soon as it is listed; until then the first is shown."""
        self._wanted = plan
        self.setCurrentIndex(max(self.findData(plan), min(self.count() - 1, 0)))

    def _on_loaded(self, found: tuple[str, list[SessionPlan]]) -> None:
        if self._resource is not None and found[0] == self._resource.id and found[1] != self._own:
            self._own = found[1]
            self._list()

    def _on_activated(self, index: int) -> None:
        self._wanted = self.itemData(index)

    def _list(self) -> None:
        self.clear()
        if self._resource is None:
            return
        words = self._translator.gettext("{title} (mine)")
        own = {plan.id for plan in self._own}
        for plan in offered_plans(self._resource, self._own, self._language):
            self.addItem(words.format(title=plan.title) if plan.id in own else plan.title, plan.id)
        self.want(self._wanted)
