"""A summary as one HTML file: no script needed, nothing fetched, readable on screen, on paper and by ear.

The reader's notes travel in it as JSON, and come back in through the import.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from letstalk_desktop.annotations.notes import Paragraph
from letstalk_desktop.exporting.annotated_text import blocks_of, chapters_and_groups
from letstalk_desktop.exporting.chapters_html import chapter_html
from letstalk_desktop.exporting.characters import json_in_html
from letstalk_desktop.exporting.html_style import STYLE
from letstalk_desktop.exporting.html_text import blocks_html, concepts_html, inlines_html, link_html, remark_html
from letstalk_desktop.exporting.html_text import lines_html as _lines
from letstalk_desktop.exporting.html_text import text_html as _t
from letstalk_desktop.exporting.model import (
    Answer,
    ConceptEntry,
    Group,
    Order,
    Passage,
    Plan,
    Run,
    Source,
    Summary,
    TextBlock,
    ToDo,
)

_MANY_GROUPS = 4


def to_html(summary: Summary, *, notes: bytes | None = None) -> str:
    """The document. ``notes``: the notebook's JSON (``exchange.write_notebook``), to travel in it."""
    return "\n".join(_document(summary, notes)) + "\n"


def _document(summary: Summary, notes: bytes | None) -> Iterable[str]:
    words = summary.labels
    title = f"{summary.title} · {words['shape']}"
    yield "<!doctype html>"
    yield f'<html lang="{_t(summary.language)}-CA">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    pictures = "; img-src data:" if any(block.figure for block in _blocks(summary)) else ""
    policy = f"default-src 'none'; style-src 'unsafe-inline'{pictures}"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    if summary.reader:
        yield f'<meta name="author" content="{_t(summary.reader)}">'
    yield '<meta name="generator" content="Let’s Talk Desktop">'
    yield f"<title>{_t(title)}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield '<body class="with-text">' if summary.chapters else "<body>"
    yield "<header>"
    yield f'<p class="shape">{_t(words["shape"])}</p>'
    yield f"<h1>{_t(summary.title)}</h1>"
    told = " · ".join(part for part in (summary.reader, summary.counts_text, summary.date_text) if part)
    yield f'<p class="told">{_t(told)}</p>'
    yield "</header>"
    yield from _contents(summary)
    yield "<main>"
    if summary.todo:
        yield '<section class="todo">'
        yield f'<h2>{_t(words["todo"])}</h2><p class="origin">{_t(words["todo_origin"])}</p>'
        yield "<ol>" + "".join(map(_todo, summary.todo)) + "</ol></section>"
    if summary.nothing:
        yield f"<p>{_t(summary.nothing)}</p>"
    if summary.notes:
        yield f'<section><h2 id="notes">{_t(words["resource_notes"])}</h2>'
        for note in summary.notes:
            yield remark_html(summary, note, "")
        yield "</section>"
    seen: set[str] = set()
    if summary.guide is not None:
        yield from _guide(summary, summary.guide, seen)
    else:
        for number, (chapter, group) in enumerate(chapters_and_groups(summary)):
            if chapter is not None:
                yield from chapter_html(summary, chapter, group, f"group-{number}")
            elif group is not None:
                yield from _group(summary, group, f"group-{number}", seen)
        if summary.plan is not None:
            yield from _plan(summary, summary.plan)
    if summary.unplaced:
        yield f'<section><h2 id="unplaced">{_t(words["unplaced"])}</h2><p class="origin">{_t(words["unplaced_why"])}</p>'
        for passage in summary.unplaced:
            yield _passage(summary, passage, seen, with_chapter=True)
        yield "</section>"
    if summary.concepts:
        yield f'<section><h2 id="concepts">{_t(words["concepts"])}</h2>'
        yield "<dl>" + "".join(_concept(summary, entry) for entry in summary.concepts) + "</dl></section>"
    if summary.sources:
        yield f'<section><h2 id="sources">{_t(words["sources"])}</h2>'
        yield '<ul class="sources">' + "".join(map(_source, summary.sources)) + "</ul></section>"
    if summary.reference:
        yield f'<p class="reference">{_runs(summary.reference)}</p>'
    yield "</main>"
    yield f"<footer><p>{_t(summary.footer)}</p></footer>"
    if notes is not None:
        yield f'<script type="application/json" id="letstalk-notes">{json_in_html(notes.decode("utf-8"))}</script>'
    yield "</body>"
    yield "</html>"


def _blocks(summary: Summary) -> Iterable[TextBlock]:
    return (block for chapter in summary.chapters for node in chapter.nodes for block in blocks_of(node))


def _contents(summary: Summary) -> Iterable[str]:
    """Links to the chapters, where there are several."""
    groups = [chapter or group for chapter, group in chapters_and_groups(summary)] if summary.guide is None else []
    named = [(f"group-{number}", f"{one.label} {one.title}".strip()) for number, one in enumerate(groups) if one]
    words = summary.labels
    extra = [("unplaced", summary.unplaced), ("concepts", summary.concepts), ("sources", summary.sources)]
    named = [entry for entry in named if entry[1]] + [(name, words[name]) for name, present in extra if present]
    if len(groups) >= _MANY_GROUPS:
        entries = "".join(f'<li><a href="#{name}">{_t(title)}</a></li>' for name, title in named)
        yield f'<nav aria-label="{_t(words["contents"])}"><ul>{entries}</ul></nav>'


def _todo(item: ToDo) -> str:
    place = f' <a class="place" href="#passage-{_t(item.passage)}">¶&nbsp;{_t(item.locator)}</a>' if item.locator else ""
    match item.text:
        case (Paragraph(children),):
            return f'<li><span dir="auto">{inlines_html(children)}</span>{place}</li>'
        case blocks:
            return f"<li>{blocks_html(blocks)}{place}</li>"


def _group(summary: Summary, group: Group, name: str, seen: set[str]) -> Iterable[str]:
    words = summary.labels
    title = f"{group.label} {group.title}".strip()
    yield "<section>"
    if title:
        yield f'<h2 id="{name}">{_t(title)}</h2>'
    if group.definition:
        yield f'<p dir="auto">{_t(group.definition)}</p>'
    if group.in_short:
        yield f'<p class="in-short"><strong>{_t(words["in_short"])}</strong> {_t(" ".join(group.in_short))}</p>'
    for note in group.notes:
        yield remark_html(summary, note, words["chapter_note"])
    for passage in group.passages:
        yield _passage(summary, passage, seen, with_chapter=group.by is not Order.PLACE)
    if group.answers:
        by_question = group.by is Order.QUESTION
        if not by_question:
            yield f"<h3>{_t(words['discussion'])}</h3>" if title else f'<h2 id="{name}">{_t(words["discussion"])}</h2>'
        last = ""
        for answer in group.answers:
            yield _answer(summary, answer, with_question=not by_question and answer.question_text != last)
            last = answer.question_text
    yield "</section>"


def _guide(summary: Summary, plan: Plan, seen: set[str]) -> Iterable[str]:
    """A session by the clock, with questions, guidance and passages."""
    words = summary.labels
    yield f'<section><h2 id="plan">{_t(plan.title)} <span class="told">·&nbsp;{_t(_minutes(summary, plan.minutes))}</span></h2>'
    for step in plan.steps:
        place = f'<span class="place">¶&nbsp;{_t(", ".join(step.locators))}</span>' if step.locators else ""
        yield f'<p class="head step"><span><b>{step.clock}</b> · {_t(_minutes(summary, step.minutes))}</span>{place}</p>'
        if step.question:
            yield f'<h3 dir="auto">{_lines(step.question)}</h3>'
        if step.text:
            yield f'<p dir="auto">{_lines(step.text)}</p>'
        if step.guidance:
            yield f'<div class="guidance"><p class="head"><b>{_t(words["guidance"])}</b></p>'
            yield f'<p dir="auto">{_lines(step.guidance)}</p></div>'
        for passage in step.passages:
            yield _passage(summary, passage, seen, with_chapter=False)
    yield "</section>"


def _plan(summary: Summary, plan: Plan) -> Iterable[str]:
    """What the session of a record was to be."""
    yield f'<section><h2 id="plan">{_t(summary.labels["plan"])} · {_t(plan.title)}</h2><ul class="plan">'
    for step in plan.steps:
        text = f'<span dir="auto">{_lines(step.text)}</span>' if step.text else ""
        question = f'<em dir="auto">{_lines(step.question)}</em>' if step.question else ""
        said = "<br>".join(part for part in (text, question) if part)
        yield f'<li><span class="told">{_t(_minutes(summary, step.minutes))}</span><div>{said}</div></li>'
    yield "</ul></section>"


def _minutes(summary: Summary, count: int) -> str:
    return summary.labels["minutes"].format(count=count).replace(" ", "\u00a0")


def _passage(summary: Summary, passage: Passage, seen: set[str], *, with_chapter: bool) -> str:
    words, kind = summary.labels, passage.kind
    extra = [passage.chapter_title] if with_chapter and passage.chapter_title else []
    extra += [words["by"].format(name=passage.author)] if passage.author else []
    extra += [words["doubtful"]] if passage.placement == "doubtful" else []
    told = "".join(f" · {_t(part)}" for part in extra)
    place = f'<span class="place">¶&nbsp;{_t(passage.locator)}</span>' if passage.locator else ""
    identity = f' id="passage-{_t(passage.id)}"' if passage.id not in seen else ""
    seen.add(passage.id)
    language = f' lang="{_t(passage.language)}"' if passage.language != summary.language else ""
    mark = f"<mark>{_t(passage.opening)}{_lines(passage.quote)}{_t(passage.closing)}</mark>"
    quote = f"{_lines(passage.before)}{mark}{_lines(passage.after)}"
    return (
        f'<article{identity} class="passage kind-{_t(kind.id)} line-{_t(kind.line)}">'
        f'<p class="head"><span><b>{_t(kind.letter)} · {_t(kind.name)}</b>{told}</span>{place}</p>'
        f'<blockquote{language}><p dir="auto">{quote}</p></blockquote>'
        f"{blocks_html(passage.note)}{concepts_html(passage.concepts)}</article>"
    )


def _answer(summary: Summary, answer: Answer, *, with_question: bool) -> str:
    by = summary.labels["by"].format(name=answer.author) if answer.author else ""
    told = ", ".join(part for part in (answer.when, by) if part)
    question = f'<p class="question" dir="auto">{_lines(answer.question_text)}</p>' if with_question else ""
    when = f'<p class="told">({_t(told)})</p>' if told else ""
    return f'<div class="answer">{question}{blocks_html(answer.note)}{when}</div>'


def _concept(summary: Summary, entry: ConceptEntry) -> str:
    own = f' <span class="told">({_t(summary.labels["own_concept"])})</span>' if entry.own else ""
    places = ", ".join(f'<a href="#passage-{_t(passage)}">{_t(locator)}</a>' for locator, passage in entry.places)
    shown = f' <span class="place">¶&nbsp;{places}</span>' if places else ""
    return f'<div><dt dir="auto">{_t(entry.term)}{own}</dt><dd dir="auto">{_lines(entry.definition)}{shown}</dd></div>'


def _source(source: Source) -> str:
    return f"<li>{_runs(source.runs)}</li>"


def _runs(runs: Sequence[Run]) -> str:
    parts = []
    for run in runs:
        if run.url:
            parts.append(link_html(run.url, _t(run.text)))
        else:
            parts.append(f"<i>{_t(run.text)}</i>" if run.italic else _t(run.text))
    return "".join(parts)
