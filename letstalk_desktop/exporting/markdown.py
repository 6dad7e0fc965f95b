"""A summary as Markdown: CommonMark for any program, or a note for an Obsidian vault (front matter, callouts, block ids)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from letstalk_desktop.annotations.notes import Break, Emphasis, Inline, Link, NoteBlock, Paragraph, Text, plain_text
from letstalk_desktop.exporting.annotated_text import chapters_and_groups
from letstalk_desktop.exporting.chapters_markdown import chapter_markdown, quoted
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.model import (
    Answer,
    ConceptEntry,
    ConceptLabel,
    Group,
    Order,
    Passage,
    PlainNote,
    Plan,
    Run,
    Summary,
)
from letstalk_desktop.exporting.note_markdown import blocks_markdown, escaped, inlines_markdown

_NOT_IN_A_NAME = re.compile(r"[|#^:%/\\\[\]\n]+")
_DEEPER = 3  # a heading in a note stands below the headings of the document


def to_markdown(summary: Summary, *, obsidian: bool = False) -> str:
    """The whole document, ending with one line end. ``obsidian``: the flavour for a vault."""
    return Document(summary, obsidian).text()


class Document:
    """One document, block by block."""

    def __init__(self, summary: Summary, obsidian: bool) -> None:
        self.summary = summary
        self.obsidian = obsidian
        self._identified: set[str] = set()

    def text(self) -> str:
        """The document."""
        summary, words = self.summary, self.summary.labels
        parts: list[str] = [self._front_matter()] if self.obsidian else []
        parts.append(f"# {self.plain(summary.title)}")
        told = [words["shape"], summary.reader, summary.counts_text, summary.date_text]
        parts.append(self.plain(" · ".join(part for part in told if part)))
        if summary.todo:
            parts.append(f"## {self.plain(words['todo'])}")
            parts.append(f"*{self.plain(words['todo_origin'])}*")
            parts.append(self._todo())
        parts.append(self.plain(summary.nothing))
        if summary.notes:
            parts.append(f"## {self.plain(words['resource_notes'])}")
            for note in summary.notes:
                parts.extend(self.remark(note, ""))
        if summary.guide is not None:
            parts.extend(self._guide(summary.guide))
        else:
            for chapter, group in chapters_and_groups(summary):
                if chapter is not None:
                    parts.extend(chapter_markdown(self, chapter, group))
                elif group is not None:
                    parts.extend(self._group(group))
            parts.extend(self._plan(summary.plan) if summary.plan is not None else ())
        if summary.unplaced:
            parts.extend((f"## {self.plain(words['unplaced'])}", self.plain(words["unplaced_why"])))
            for passage in summary.unplaced:
                parts.extend(self._passage(passage, with_chapter=True))
        if summary.concepts:
            parts.append(f"## {self.plain(words['concepts'])}")
            parts.append("\n".join(map(self._concept, summary.concepts)))
        if summary.sources:
            parts.append(f"## {self.plain(words['sources'])}")
            parts.extend(self._runs(source.runs) for source in summary.sources)
        parts.append(self._runs(summary.reference))
        parts.extend(("___", self.plain(summary.footer)))
        return "\n\n".join(part for part in parts if part) + "\n"

    def _front_matter(self) -> str:
        summary = self.summary
        tags = ["letstalk", *dict.fromkeys(_tag(passage.kind.name) for passage in self._passages())]
        fields: list[tuple[str, object]] = [
            ("title", summary.title),
            ("type", summary.labels["shape"]),
            ("author", summary.reader),
            ("resource", summary.resource),
            ("edition", summary.edition),
            ("source", ", ".join(summary.authors)),
            ("language", summary.language),
            ("exported", summary.date),
            ("tags", tags),
        ]
        lines = [f"{name}: {json.dumps(_carried(value), ensure_ascii=False)}" for name, value in fields if value]
        return "\n".join(["---", *lines, "---"])

    def _passages(self) -> Iterable[Passage]:
        for group in self.summary.groups:  # the plan of a guide holds the same ones
            yield from group.passages
        yield from self.summary.unplaced

    def _todo(self) -> str:
        lines = []
        for number, item in enumerate(self.summary.todo, 1):
            mark = "- [ ]" if self.obsidian else f"{number}."
            place = f" (¶\u00a0{self.plain(item.locator)})" if item.locator else ""
            lines.append(f"{mark} {self._on_one_line(item.text)}{place}")
        return "\n".join(lines)

    def _on_one_line(self, blocks: Sequence[NoteBlock]) -> str:
        match blocks:
            case (Paragraph(children),):
                inlines = tuple(Text(" ") if isinstance(child, Break) else child for child in children)
                return inlines_markdown(inlines, obsidian=self.obsidian)
            case _:
                return self.plain(plain_text(blocks))

    def _group(self, group: Group) -> Iterable[str]:
        words = self.summary.labels
        title = f"{group.label} {group.title}".strip()
        if title:
            yield f"## {self.plain(title)}"
        if group.definition:
            yield escaped(group.definition, obsidian=self.obsidian)
        if group.in_short:
            yield f"**{self.plain(words['in_short'])}** {self.plain(' '.join(group.in_short))}"
        for note in group.notes:
            yield from self.remark(note, words["chapter_note"])
        for passage in group.passages:
            yield from self._passage(passage, with_chapter=group.by is not Order.PLACE)
        if group.answers:
            if group.by is not Order.QUESTION:
                yield f"{'###' if title else '##'} {self.plain(words['discussion'])}"
            last = ""
            for answer in group.answers:
                yield from self._answer(answer, group.by is not Order.QUESTION and answer.question_text != last)
                last = answer.question_text

    def _guide(self, plan: Plan) -> Iterable[str]:
        """A session by the clock, with questions, guidance and passages."""
        yield f"## {self.plain(plan.title)} · {self._minutes(plan.minutes)}"
        for step in plan.steps:
            places = [f"¶\u00a0{self.plain(', '.join(step.locators))}"] if step.locators else []
            yield " · ".join([f"**{step.clock}**", self._minutes(step.minutes), *places])
            if step.question:
                yield f"### {self.plain(step.question)}"
            yield self.lines(step.text)
            if step.guidance:
                yield f"**{self.plain(self.summary.labels['guidance'])}**"
                yield self.lines(step.guidance)
            for passage in step.passages:
                yield from self._passage(passage, with_chapter=False)

    def _plan(self, plan: Plan) -> Iterable[str]:
        """What the session of a record was to be."""
        yield f"## {self.plain(self.summary.labels['plan'])} · {self.plain(plan.title)}"
        lines = []
        for step in plan.steps:
            said = [self.plain(step.text) if step.text else "", f"*{self.plain(step.question)}*" if step.question else ""]
            lines.append(f"- **{self._minutes(step.minutes)}** " + " ".join(part for part in said if part))
        yield "\n".join(lines)

    def _minutes(self, count: int) -> str:
        return self.plain(self.summary.labels["minutes"].format(count=count).replace(" ", "\u00a0"))

    def _passage(self, passage: Passage, *, with_chapter: bool) -> Iterable[str]:
        words = self.summary.labels
        head = [f"**{self.plain(f'{passage.kind.letter} · {passage.kind.name}')}**"]
        if passage.locator:
            head.append(f"¶\u00a0{self.plain(passage.locator)}")
        if with_chapter and passage.chapter_title:
            head.append(self.plain(passage.chapter_title))
        if passage.author:
            head.append(self.plain(words["by"].format(name=passage.author)))
        if passage.placement == "doubtful":
            head.append(self.plain(words["doubtful"]))
        quote = self.quote(passage)
        rest = [part for part in (self.blocks(passage.note), self.concepts(passage.concepts)) if part]
        if not self.obsidian:
            yield " · ".join(head)
            yield quoted(quote)
            yield from rest
            return
        yield quoted("\n\n".join([f"[!quote] {' · '.join(head)}\n{quote}", *rest]))
        yield self.block_id(passage)

    def block_id(self, passage: Passage) -> str:
        """What Obsidian finds a passage by, where it stands first."""
        if passage.id in self._identified:
            return ""
        self._identified.add(passage.id)
        return f"^{re.sub(r'[^A-Za-z0-9-]', '-', passage.id)}"

    def quote(self, passage: Passage) -> str:
        """The quote with its marks and, where chosen, the rest of its sentence; paragraphs parted by blank lines."""
        whole = passage.before + passage.opening + passage.quote + passage.closing + passage.after
        return "\n\n".join(self.lines(part) for part in re.split(r"\n{2,}", whole) if part.strip())

    def remark(self, note: PlainNote, title: str) -> Iterable[str]:
        words = self.summary.labels
        head = " · ".join(part for part in (title, words["by"].format(name=note.author) if note.author else "") if part)
        if head:
            yield f"**{self.plain(head)}**"
        yield self.blocks(note.note)
        yield self.concepts(note.concepts)

    def _answer(self, answer: Answer, with_question: bool) -> Iterable[str]:
        if with_question:
            yield f"**{self.plain(answer.question_text)}**"
        yield self.blocks(answer.note)
        by = self.summary.labels["by"].format(name=answer.author) if answer.author else ""
        told = ", ".join(part for part in (answer.when, by) if part)
        yield f"*({self.plain(told)})*" if told else ""

    def concepts(self, concepts: Sequence[ConceptLabel]) -> str:
        if self.obsidian:
            return " · ".join(f"[[{_NOT_IN_A_NAME.sub(' ', carried(concept.term)).strip()}]]" for concept in concepts)
        return " · ".join(f"*{self.plain(concept.term)}*" for concept in concepts)

    def _concept(self, entry: ConceptEntry) -> str:
        own = f" *({self.plain(self.summary.labels['own_concept'])})*" if entry.own else ""
        colon = "\u00a0: " if self.summary.language == "fr" else ": "
        definition = colon + self.plain(entry.definition) if entry.definition else ""
        places = ", ".join(self.plain(locator) for locator, _ in entry.places)
        return f"- **{self.plain(entry.term)}**{own}{definition}" + (f" (¶\u00a0{places})" if places else "")

    def _runs(self, runs: Sequence[Run]) -> str:
        inlines: list[Inline] = []
        for run in runs:
            text = Text(run.text)
            inlines.append(Link((text,), run.url) if run.url else Emphasis((text,)) if run.italic else text)
        return inlines_markdown(inlines, obsidian=self.obsidian)

    def blocks(self, blocks: Sequence[NoteBlock]) -> str:
        return blocks_markdown(blocks, deeper=_DEEPER, obsidian=self.obsidian)

    def lines(self, text: str) -> str:
        return escaped(text.replace("\t", "\u2003"), obsidian=self.obsidian)

    def plain(self, text: str) -> str:
        """Text on one line."""
        return escaped(" ".join(text.split("\n")), obsidian=self.obsidian)


def _tag(name: str) -> str:
    """A tag as Obsidian takes it: letters, digits and hyphens."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "letstalk"


def _carried(value: object) -> object:
    if isinstance(value, list):
        return [_carried(part) for part in value]
    return carried(value) if isinstance(value, str) else value
