"""What happens when a reader follows a link, a concept, a citation, a footnote or a figure. Nothing is ever fetched."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel

from letstalk_desktop.annotations.model import Query
from letstalk_desktop.language import Translator
from letstalk_desktop.library.model import REFERENCES
from letstalk_desktop.library.text import block_by_id, parse_locator
from letstalk_desktop.ui.popups import Popup

if TYPE_CHECKING:
    from letstalk_desktop.ui.main_window import MainWindow


def follow_link(window: MainWindow, href: str, point: QPoint) -> None:
    """Follow ``kind:target`` as PageDocument writes it."""
    kind, _, target = href.partition(":")
    if kind == "link":
        _follow(window, target, point)
    elif kind == "concept":
        _show_concept(window, target, point)
    elif kind == "cite":
        _show_reference(window, target, point)
    elif kind == "note":
        _show_footnote(window, target, point)
    elif kind == "figure":
        _show_figure(window, target)


def _follow(window: MainWindow, target: str, point: QPoint) -> None:
    chapter, resource = window.reading.chapter, window.reading.resource
    if chapter is None or resource is None:
        return
    if target.startswith("#"):
        if not window.reading.go_to_block(target[1:]):
            window.tell(window.translator.gettext("This link leads nowhere in this edition."))
        return
    scheme = QUrl(target).scheme()
    if scheme in ("http", "https", "mailto"):
        _show_outside(window, target, point)
        return
    name, _, block = target.partition("#")
    name = name.rsplit("/", 1)[-1].removesuffix(".md")
    entry = resource.entry(name) or resource.entry(name.split("-", 1)[-1])
    if entry is not None:
        window.open_place(resource.id, entry.id, chapter.language, block)
    elif parse_locator(target):
        window.go_to_locator(target)
    else:
        window.tell(window.translator.gettext("This link leads nowhere in this edition."))


def _show_outside(window: MainWindow, url: str, point: QPoint) -> None:
    _ = window.translator.gettext
    popup = Popup(window)
    popup.add_text(_("This link leads out of the program:"))
    popup.add_text(url, bold=True)
    popup.add_button(_("Copy the address"), partial(QGuiApplication.clipboard().setText, url))
    popup.add_button(_("Open in the browser"), partial(QDesktopServices.openUrl, QUrl(url)))
    popup.open_at(point)


def _show_concept(window: MainWindow, concept_id: str, point: QPoint) -> None:
    chapter, resource = window.reading.chapter, window.reading.resource
    concept = resource.concept(concept_id) if resource else None
    if concept is None or chapter is None or resource is None:
        return
    _, ngettext = window.translator.gettext, window.translator.ngettext
    theme = window.reading.theme
    popup = Popup(window)
    term = concept.terms.get(chapter.language) or next(iter(concept.terms.values()))
    popup.setAccessibleName(term)
    popup.add_text(term, bold=True, pixels=17)
    definition = concept.definitions.get(chapter.language, "")
    popup.add_text(definition)
    others = [words for code, words in concept.terms.items() if code != chapter.language]
    if others:
        popup.add_text(" · ".join(others), muted=theme.muted, pixels=13)
    mine = [one for one in window.reading.annotations() if concept_id in one.concepts]
    count = ngettext("{count} of your passages in this chapter", "{count} of your passages in this chapter", len(mine))
    passages = popup.add_text(count.format(count=len(mine)) if mine else "", muted=theme.muted, pixels=13)
    window.desk.ask(
        lambda notebook: len(notebook.annotations(_by_concept(resource.id, concept_id))),
        partial(_show_count, passages, window.translator),
    )
    popup.add_button(_("All passages"), partial(window.show_concept, concept_id))
    popup.open_at(point)


def _by_concept(resource: str, concept_id: str) -> Query:
    return Query(resource=resource, concepts=(concept_id,))


def _show_count(label: QLabel, translator: Translator, count: int) -> None:
    words = translator.ngettext("{count} of your passages", "{count} of your passages", count).format(count=count)
    try:
        label.setText(words if count else translator.gettext("No passage of yours is linked to it yet."))
    except RuntimeError:  # the popup was closed before the answer came
        return


def _show_reference(window: MainWindow, target: str, point: QPoint) -> None:
    key, _, pages = target.partition("\n")
    resource, chapter = window.reading.resource, window.reading.chapter
    if resource is None or chapter is None or key not in resource.references:
        return
    gettext = window.translator.gettext
    entry = resource.entry(REFERENCES)
    words = ""
    if entry is not None and window.desk.shelf.is_prepared(resource.id, REFERENCES, chapter.language):
        listed = window.desk.shelf.chapter(resource.id, REFERENCES, chapter.language)
        block = block_by_id(listed, f"ref-{key}")
        if block is not None:
            words = listed.text[block.start : block.end]
    if not words:  # the list is being prepared: author, year and title will do until then
        from letstalk_desktop.library.citations import brief_reference

        words = brief_reference(resource.references[key], language=chapter.language)
    popup = Popup(window)
    popup.setAccessibleName(gettext("Reference"))
    popup.add_text(words)
    if pages:
        popup.add_text(gettext("Cited here: {pages}").format(pages=pages), muted=window.reading.theme.muted, pixels=13)
    popup.add_button(gettext("Copy"), partial(QGuiApplication.clipboard().setText, words))
    if entry is not None:
        language = chapter.language
        popup.add_button(
            gettext("In the reference list"), partial(window.open_place, resource.id, REFERENCES, language, f"ref-{key}")
        )
    popup.open_at(point)


def _show_footnote(window: MainWindow, name: str, point: QPoint) -> None:
    chapter = window.reading.chapter
    words = dict(chapter.footnotes).get(name, "") if chapter else ""
    if words:
        popup = Popup(window)
        popup.setAccessibleName(window.translator.gettext("Footnote"))
        popup.add_text(words)
        popup.open_at(point)


def _show_figure(window: MainWindow, block_id: str) -> None:
    from letstalk_desktop.ui.figure_window import FigureWindow

    chapter, document = window.reading.chapter, window.reading.page.page_document
    block = block_by_id(chapter, block_id) if chapter else None
    if block is None or chapter is None or document is None:
        return
    path = window.desk.shelf.folder(chapter.resource) / block.image
    caption = chapter.text[block.start : block.end]
    FigureWindow(window, window.translator, path, caption, block.description, window.reading.theme).open()
