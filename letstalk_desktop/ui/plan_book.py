"""The session plans of a resource: reads them, remembers which is at hand, and changes them by undoable operations."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from letstalk_desktop.annotations.discussing import copied_plan, new_plan, with_step
from letstalk_desktop.annotations.model import SessionPlan
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.library.model import Plan, Question, Resource
from letstalk_desktop.ui.desk import Desk, new_id


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class PlanBook(QObject):
    """Plans of one resource. ``current`` is the one at hand, or None."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self.desk = desk
        self.plans: list[SessionPlan] = []
        self._resource: Resource | None = None
        self._current = ""

    @property
    def current(self) -> SessionPlan | None:
        """The plan that is shown, presented, and takes questions."""
        return next((plan for plan in self.plans if plan.id == self._current), None)

    @property
    def planned(self) -> frozenset[str]:
        """The questions of the plan at hand."""
        plan = self.current
        return frozenset(question for _minutes, question, _text in plan.steps if question) if plan else frozenset()

    def show_resource(self, resource: Resource) -> None:
        """The plans of this resource."""
        if self._resource is None or self._resource.id != resource.id:
            self.plans, self._current = [], ""
            self._resource = resource
            self.changed.emit()
        self._resource = resource

    def choose(self, plan_id: str) -> None:
        """Take another plan."""
        if plan_id != self._current and any(plan.id == plan_id for plan in self.plans):
            self._current = plan_id
            self.changed.emit()

    # --- reading --------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the plans again."""
        resource = self._resource
        if resource is not None:
            self.desk.ask(lambda notebook: (resource.id, notebook.plans(resource.id)), self._on_loaded)

    def _on_loaded(self, found: tuple[str, list[SessionPlan]]) -> None:
        resource = self._resource
        if resource is None or found[0] != resource.id:
            return
        known = {plan.id: plan for plan in found[1]}
        for operation in self.desk.waiting_operations():
            known |= {plan.id: plan for plan in operation.plans if plan.resource == resource.id}
        plans = [plan for plan in known.values() if not plan.deleted]
        plans.sort(key=lambda plan: (plan.created, plan.id))
        if plans != self.plans:
            self.plans = plans
            self._keep_current()
            self.changed.emit()

    def _keep_current(self) -> None:
        if self.current is None and self.plans:
            self._current = max(self.plans, key=lambda plan: plan.modified).id

    # --- changing -------------------------------------------------------------------------------------------------

    def put(self, plan: SessionPlan, label: str, gesture: str = "") -> None:
        """Store a plan as it is now. ``label`` is an untranslated literal; one ``gesture`` is undone at once."""
        now = _now()
        plan = plan._replace(modified=now, created=plan.created or now)
        others = [one for one in self.plans if one.id != plan.id]
        if plan.deleted:
            self.plans = others
        elif len(others) < len(self.plans):
            self.plans = [plan if one.id == plan.id else one for one in self.plans]
        else:
            self.plans = [*others, plan]
        self._keep_current()
        self.desk.do(label, self, gesture=gesture, plans=[plan])
        self.changed.emit()

    def add_new(self, translator: Translator) -> SessionPlan | None:
        """Make an empty plan and take it."""
        resource = self._resource
        if resource is None:
            return None
        taken = {plan.title for plan in self.plans}
        number = len(self.plans) + 1
        while (title := translator.gettext("Session plan {number}").format(number=number)) in taken:
            number += 1
        plan = new_plan(new_id(), resource.id, title, _now())
        self._current = plan.id
        self.put(plan, N_("New session plan"))
        return plan

    def add_copy(self, ready: Plan, language: str) -> None:
        """Copy a ready-made plan of the resource and take the copy."""
        if self._resource is not None:
            plan = copied_plan(new_id(), self._resource, ready, language, _now())
            self._current = plan.id
            self.put(plan, N_("Copy session plan"))

    def add_question(self, question: Question, translator: Translator) -> SessionPlan | None:
        """Put a question at the end of the plan at hand (a new one, if there is none) with its minutes."""
        plan = self.current
        step = (question.minutes, question.id, "")
        if plan is not None:
            if question.id in self.planned:
                return None
            plan = with_step(plan, step)
        elif self._resource is not None:
            title = translator.gettext("Session plan {number}").format(number=1)
            plan = with_step(new_plan(new_id(), self._resource.id, title, _now()), step)
            self._current = plan.id
        else:
            return None
        self.put(plan, N_("Add to session plan"))
        return self.current

    def rename(self, title: str) -> None:
        """Give the plan at hand another title."""
        plan = self.current
        if plan is not None and title.strip() and title.strip() != plan.title:
            self.put(plan._replace(title=title.strip()), N_("Rename session plan"))

    def delete(self) -> SessionPlan | None:
        """Put the plan at hand into the trash; returns it."""
        plan = self.current
        if plan is not None:
            self.put(plan._replace(deleted=_now()), N_("Delete session plan"))
        return plan
