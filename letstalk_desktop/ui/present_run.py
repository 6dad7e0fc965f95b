"""One presenting, from the wish to the end: reads what there is, asks what to show, and keeps it in step with the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer

from letstalk_desktop.annotations.discussing import chapter_questions, total_minutes
from letstalk_desktop.annotations.model import Annotation, AnnotationType, Changes, Query, SessionPlan
from letstalk_desktop.annotations.presenting import Show, chapter_show, passages_show, plan_show
from letstalk_desktop.errors import LetsTalkError
from letstalk_desktop.language import N_
from letstalk_desktop.library.model import Chapter, Resource
from letstalk_desktop.library.shelf import Shelf
from letstalk_desktop.ui.present import Presentation, find_screens, look_of
from letstalk_desktop.ui.present_choice import ALL_PASSAGES, CHAPTER_PASSAGES, PLAN, QUESTIONS, PresentDialog, Source

if TYPE_CHECKING:
    from letstalk_desktop.storage.notebook import Notebook
    from letstalk_desktop.ui.main_window import MainWindow

_TYPES = (AnnotationType.HIGHLIGHT, AnnotationType.ANSWER)


class Material(NamedTuple):
    """What the reader has for a resource."""

    annotations: list[Annotation]
    plans: list[SessionPlan]


def present(window: MainWindow, plan_id: str = "", *, ask: bool = True) -> None:
    """Present something of the resource at hand. ``plan_id``: the plan at hand; without ``ask`` it is shown at once."""
    running = window.findChild(Presentation)
    if running is not None:
        running.room.activateWindow()
        return
    resource, chapter = window.reading.resource, window.reading.chapter
    if resource is not None and chapter is not None:
        PresentRun(window, resource, chapter, plan_id, ask=ask).read()


class PresentRun(QObject):
    """Lives until the presentation ends or nothing was chosen."""

    def __init__(self, window: MainWindow, resource: Resource, chapter: Chapter, plan_id: str, *, ask: bool) -> None:
        super().__init__(window)
        self._window, self._resource, self._chapter = window, resource, chapter
        self._plan_id, self._ask = plan_id, ask
        self._source: Source | None = None
        self._presentation: Presentation | None = None
        self._material = Material([], [])
        self._over = False

    # --- reading --------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read what there is; then choose, or show it again."""
        desk = self._window.desk
        notebook, resource = desk.notebook, self._resource.id
        desk.run(lambda: _material(notebook, resource), self._on_read)

    def _on_read(self, found: Material) -> None:
        if self._over:
            return
        annotations = {one.id: one for one in found.annotations}
        plans = {plan.id: plan for plan in found.plans}
        for operation in self._window.desk.waiting_operations():  # what is not on disk yet counts: it may be less shared
            annotations |= {one.id: one for one in operation.annotations if one.anchor.resource == self._resource.id}
            plans |= {plan.id: plan for plan in operation.plans if plan.resource == self._resource.id}
        self._material = Material(
            [one for one in annotations.values() if not one.deleted], [plan for plan in plans.values() if not plan.deleted]
        )
        if self._source is None:
            self._choose()
        else:
            self._build()

    # --- choosing -------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        sources = self._sources()
        offered = [source for source in sources if source.amount]
        current = next((row for row, source in enumerate(sources) if source.amount and self._is_at_hand(source)), -1)
        if not self._ask and current >= 0:
            self._on_chosen(sources[current])
        elif len(offered) == 1:
            self._on_chosen(offered[0])
        else:
            row = current if current >= 0 else next((row for row, source in enumerate(sources) if source.amount), 0)
            two = find_screens(self._window)[1] is not None
            dialog = PresentDialog(self._window, self._window.translator, sources, row, two)
            dialog.chosen.connect(self._on_chosen)
            dialog.finished.connect(self._on_dialog_finished)
            dialog.open()

    def _on_dialog_finished(self, _result: int) -> None:
        if self._source is None:
            self.deleteLater()

    def _is_at_hand(self, source: Source) -> bool:
        plans = self._material.plans
        plan_id = self._plan_id or (max(plans, key=lambda plan: plan.modified).id if plans else "")
        return source.kind == PLAN and source.id == plan_id

    def _sources(self) -> list[Source]:
        translator = self._window.translator
        _, ngettext = translator.gettext, translator.ngettext
        found = []
        for plan in sorted(self._material.plans, key=lambda plan: (plan.created, plan.id)):
            minutes = total_minutes(plan)
            steps = ngettext("{count} step", "{count} steps", len(plan.steps)).format(count=len(plan.steps))
            time = ngettext("{count} minute in all", "{count} minutes in all", minutes).format(count=minutes)
            title = _("Session plan: {title}").format(title=plan.title)
            found.append(Source(PLAN, plan.id, title, f"{steps} · {time}", len(plan.steps)))
        if not found:
            words = _("None yet. In the Discuss panel, press Insert on a question, or copy a ready-made plan.")
            found.append(Source(PLAN, "", _("Session plan"), words, 0))
        count = len(chapter_questions(self._resource, self._chapter.id))
        words = ngettext("{count} question", "{count} questions", count).format(count=count)
        words = words if count else _("This chapter has none.")
        title = _("Questions of the chapter “{title}”").format(title=self._chapter.title)
        found.append(Source(QUESTIONS, "", title, words, count))
        here, everywhere = self._passages(self._chapter.id), self._passages("")
        for kind, title, passages in (
            (CHAPTER_PASSAGES, _("My passages in this chapter"), here),
            (ALL_PASSAGES, _("My passages in the whole resource"), everywhere),
        ):
            count = len(passages)
            words = ngettext("{count} passage", "{count} passages", count).format(count=count)
            words = words if count else _("None yet. Select words in the text and press 1 to 6.")
            found.append(Source(kind, "", title, words, count))
        return found

    def _passages(self, chapter: str) -> list[Annotation]:
        marked = [one for one in self._material.annotations if one.type is AnnotationType.HIGHLIGHT]
        return [one for one in marked if chapter in ("", one.anchor.chapter)]

    # --- showing --------------------------------------------------------------------------------------------------

    def _on_chosen(self, source: Source) -> None:
        self._source = source
        self._window.desk.changed.connect(self._on_desk_changed)
        self._build()

    def _build(self) -> None:
        source, desk = self._source, self._window.desk
        if source is None:
            return
        plan = next((plan for plan in self._material.plans if plan.id == source.id), None)
        passages = self._passages(self._chapter.id if source.kind == CHAPTER_PASSAGES else "")
        resource, chapter, annotations = self._resource, self._chapter, self._material.annotations
        translator, names = self._window.translator, dict(desk.kind_names)
        find = _Finder(desk.shelf, resource.id)

        def build() -> Show:
            if source.kind == PLAN:
                return plan_show(resource, plan, annotations, chapter.language, translator, find) if plan else Show()
            if source.kind == QUESTIONS:
                return chapter_show(resource, chapter.id, annotations, chapter.language, translator, find)
            return passages_show(resource, passages, chapter.language, translator, find, names)

        desk.run(build, self._on_built)

    def _on_built(self, show: Show) -> None:
        if self._over:
            return
        if self._presentation is not None:
            self._presentation.show_again(show)
        elif show.slides:
            self._presentation = Presentation(self._window, self._window.translator, look_of(self._window), show)
            self._presentation.ended.connect(self._on_ended)
            self._window.closed.connect(self._presentation.leave)
            self._presentation.begin()
        else:
            words = N_("The words of your passages are not in this edition, so there is nothing to present.")
            self._window.tell(self._window.translator.gettext(words))
            self.deleteLater()

    def _on_desk_changed(self, changes: Changes, initiator: object) -> None:
        if changes.annotations or changes.plans or changes.kinds:
            self.read()

    def _on_ended(self) -> None:
        self._over, self._presentation = True, None
        self._window.desk.changed.disconnect(self._on_desk_changed)
        QTimer.singleShot(0, self._window.activateWindow)  # when the room's view has gone
        self.deleteLater()


class _Finder:
    """Chapters by id and language, each read once; None for one that cannot be read."""

    def __init__(self, shelf: Shelf, resource: str) -> None:
        self._shelf, self._resource = shelf, resource
        self._found: dict[tuple[str, str], Chapter | None] = {}

    def __call__(self, chapter: str, language: str) -> Chapter | None:
        key = (chapter, language)
        if key not in self._found:
            try:
                self._found[key] = self._shelf.chapter_once(self._resource, chapter, language)
            except LetsTalkError:
                self._found[key] = None
        return self._found[key]


def _material(notebook: Notebook | None, resource: str) -> Material:
    """Runs in the lane; without a notebook there is nothing of the reader's."""
    if notebook is None:
        return Material([], [])
    return Material(notebook.annotations(Query(resource=resource, types=_TYPES)), notebook.plans(resource))
