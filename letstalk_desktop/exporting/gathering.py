"""Gathers what a document is made of: from the notebook the notes, from the shelf the texts. The window and the command line
make their documents from the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from letstalk_desktop import __version__
from letstalk_desktop.annotations.exchange import NotebookFile
from letstalk_desktop.annotations.locators import KeptTextOf, Locators
from letstalk_desktop.annotations.model import Annotation, KeptText, Kind, OwnConcept, Query, SessionPlan
from letstalk_desktop.exporting.documents import Material, read_figure
from letstalk_desktop.exporting.model import Choices, Summary
from letstalk_desktop.exporting.summary import Chooser, chosen_annotations, summarize
from letstalk_desktop.language import translator
from letstalk_desktop.library.shelf import Shelf


class Source(Protocol):
    """What is asked of a notebook."""

    def annotations(self, query: Query) -> list[Annotation]:
        """The annotations that the query wants."""

    def concepts(self) -> list[OwnConcept]:
        """The reader's own concepts."""

    def kind_names(self) -> dict[Kind, str]:
        """The reader's own names of kinds."""

    def plans(self, resource: str) -> list[SessionPlan]:
        """The session plans for a resource."""


class Notes(NamedTuple):
    """What a notebook gives for a document."""

    annotations: Sequence[Annotation] = ()
    concepts: Sequence[OwnConcept] = ()
    kind_names: Mapping[Kind, str] = {}
    plans: Sequence[SessionPlan] = ()


class Workshop(NamedTuple):
    """Where documents are made: the texts, and the folders of catalogues, fonts and templates."""

    shelf: Shelf
    locale: Path
    fonts: Path
    templates: Path


def read_notes(notebook: Source, resource: str, text: str = "") -> Notes:
    """The notes on a resource; with ``text`` only those that hold its words."""
    found = notebook.annotations(Query(resource=resource, text=text))
    return Notes(found, notebook.concepts(), notebook.kind_names(), notebook.plans(resource))


def summary_of(notes: Notes, workshop: Workshop, choices: Choices, moment: datetime) -> Summary:
    """The document that the choices ask for. ``moment`` has the time zone in which days are told."""
    shelf = workshop.shelf
    resource = shelf.resource(choices.resource)
    return summarize(
        resource,
        partial(shelf.chapter, resource.id),
        notes.annotations,
        notes.concepts,
        notes.kind_names,
        choices,
        translator(choices.language, workshop.locale),
        moment,
        plans=notes.plans,
        load_figure=partial(read_figure, shelf.folder(resource.id)),
    )


def gather(
    notes: Notes, workshop: Workshop, choices: Choices, moment: datetime, kept_text: KeptTextOf, *, whole: bool = False
) -> Material:
    """What a writer needs. ``whole``: the notes as data keep what the document leaves out, such as names."""
    shelf = workshop.shelf
    resource = shelf.resource(choices.resource)
    chooser = Chooser(choices, moment)
    if whole:
        chosen = [one for one in notes.annotations if chooser.takes(one)]
    else:
        chosen = chosen_annotations(notes.annotations, choices, moment)
    linked = {concept for one in chosen for concept in one.concepts}
    locators = Locators(shelf, kept_text)
    data = NotebookFile(
        tuple(chosen),
        tuple(concept for concept in notes.concepts if concept.id in linked),
        plans=tuple(notes.plans),
        texts=_texts(chosen, kept_text),
        locators={one.id: locators.of(one) for one in chosen},
        generated=moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        program=f"Let’s Talk Desktop {__version__}",
    )
    return Material(
        summary_of(notes, workshop, choices, moment),
        data,
        resource,
        partial(shelf.chapter, resource.id),
        moment,
        workshop.fonts,
        workshop.templates,
    )


def _texts(annotations: Sequence[Annotation], kept_text: KeptTextOf) -> tuple[KeptText, ...]:
    """The texts that the annotations were made on: with them a later edition is compared exactly."""
    places = {(one.anchor.resource, one.anchor.edition, one.anchor.language, one.anchor.chapter) for one in annotations}
    kept = (kept_text(*place) for place in sorted(places) if place[3])
    return tuple(text for text in kept if text is not None)
