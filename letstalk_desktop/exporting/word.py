"""A summary as a Word document. The only files that import docx are this and ``word_styles.py``.

The body is written as XML at once, because building thousands of paragraphs one by one takes many times longer.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from letstalk_desktop.annotations.notes import (
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    ItemList,
    Link,
    NoteBlock,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Text,
    plain_inlines,
    shows_address,
)
from letstalk_desktop.exporting.annotated_text import chapters_and_groups
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
from letstalk_desktop.exporting.summary_json import direction
from letstalk_desktop.exporting.word_chapters import write_chapter
from letstalk_desktop.exporting.word_runs import characters_xml, field_xml, from_right_to_left, in_order, run_xml
from letstalk_desktop.exporting.word_styles import (
    ACCENT,
    BORDERS,
    BULLETS,
    CODE_FONT,
    KIND_COLOURS,
    LABEL_FONT,
    MUTED,
    NUMBERS,
    empty_document,
    style_of_kind,
)


def to_word(summary: Summary) -> bytes:
    """The document as a ``.docx`` file."""
    body = Body(summary)
    body.write()
    file = io.BytesIO()
    body.document.save(file)
    return file.getvalue()


class Body:
    """The text of one document, paragraph by paragraph."""

    def __init__(self, summary: Summary) -> None:
        self.document = empty_document(summary)
        self.summary = summary
        self._parts: list[str] = []
        self._bookmarks: dict[str, str] = {}
        self._bullets = 0
        self._named = 0
        self._written: set[str] = set()
        self._small = f'<w:rFonts w:ascii="{LABEL_FONT}" w:hAnsi="{LABEL_FONT}" w:cs="{LABEL_FONT}"/>'
        self._small_end = f'<w:sz w:val="{round(summary.text_size * 1.7)}"/>'

    def write(self) -> None:
        """The whole text, and the foot of the page."""
        summary, words = self.summary, self.summary.labels
        # Every passage has one: they are also what tells how many the file holds.
        for passage in (*(one for group in summary.groups for one in group.passages), *summary.unplaced):
            self._bookmarks.setdefault(passage.id, f"passage_{len(self._bookmarks) + 1}")
        self.paragraph("Label", run_xml(words["shape"].upper()))
        self.paragraph("Title", run_xml(summary.title))
        told = " · ".join(part for part in (summary.reader, summary.counts_text, summary.date_text) if part)
        self.paragraph("Subtitle", run_xml(told))
        if summary.todo:
            self.paragraph("Heading1", run_xml(words["todo"]))
            self.paragraph("Small", run_xml(words["todo_origin"]))
            number = self.new_numbers(1)
            for item in summary.todo:
                place = run_xml(" ") + self._place_link(item.passage, item.locator) if item.locator else ""
                self._item(item.text, number, 0, place)
        if summary.nothing:
            self.paragraph("Normal", run_xml(summary.nothing))
        if summary.notes:
            self.paragraph("Heading1", run_xml(words["resource_notes"]))
            for note in summary.notes:
                self.remark(note, "")
        if summary.guide is not None:
            self._guide(summary.guide)
        else:
            for chapter, group in chapters_and_groups(summary):
                if chapter is not None:
                    write_chapter(self, chapter, group)
                elif group is not None:
                    self._group(group)
            if summary.plan is not None:
                self._plan(summary.plan)
        if summary.unplaced:
            self.paragraph("Heading1", run_xml(words["unplaced"]))
            self.paragraph("Small", run_xml(words["unplaced_why"]))
            for passage in summary.unplaced:
                self._passage(passage, with_chapter=True)
        if summary.concepts:
            self.paragraph("Heading1", run_xml(words["concepts"]))
            for entry in summary.concepts:
                self._concept(entry)
        if summary.sources:
            self.paragraph("Heading1", run_xml(words["sources"]))
            for source in summary.sources:
                self._source(source.runs)
        if summary.reference:
            self._source(summary.reference, '<w:spacing w:before="320"/>')
        self._finish()

    def _finish(self) -> None:
        body = self.document.element.body
        names = nsdecls("w", "r")
        made = parse_xml(f"<w:body {names}>{''.join(self._parts)}</w:body>")
        end = body[-1]
        for paragraph in list(made):
            end.addprevious(paragraph)
        words = self.summary.labels["page_of"]
        before, _, rest = words.partition("{page}")
        between, _, after = rest.partition("{pages}")
        foot = (
            self.small_run(self.summary.footer)
            + "<w:r><w:tab/></w:r>"
            + self.small_run(before)
            + field_xml("PAGE", self._small_rpr())
            + self.small_run(between)
            + field_xml("NUMPAGES", self._small_rpr())
            + self.small_run(after)
        )
        stops = ("clear", 4320), ("clear", 8640), ("right", self.width)
        tabs = "".join(f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in stops)
        footer = self.document.sections[0].footer
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        paragraph.addprevious(parse_xml(f"<w:p {names}><w:pPr><w:tabs>{tabs}</w:tabs></w:pPr>{foot}</w:p>"))
        paragraph.getparent().remove(paragraph)

    def _group(self, group: Group) -> None:
        words = self.summary.labels
        title = f"{group.label} {group.title}".strip()
        if title:
            self.paragraph("Heading1", run_xml(title))
        if group.definition:
            self.paragraph("Normal", run_xml(group.definition))
        if group.in_short:
            self.paragraph("InShort", run_xml(words["in_short"], "<w:b/>") + run_xml(" " + " ".join(group.in_short)))
        for note in group.notes:
            self.remark(note, words["chapter_note"])
        for passage in group.passages:
            self._passage(passage, with_chapter=group.by is not Order.PLACE)
        by_question = group.by is Order.QUESTION
        if group.answers and not by_question:
            self.paragraph("Heading2" if title else "Heading1", run_xml(words["discussion"]))
        last = ""
        for answer in group.answers:
            self._answer(answer, not by_question and answer.question_text != last)
            last = answer.question_text

    def _guide(self, plan: Plan) -> None:
        """A session by the clock, with questions, guidance and passages."""
        self.paragraph("Heading1", run_xml(f"{plan.title} · {self._minutes(plan.minutes)}"))
        for step in plan.steps:
            places = f" · ¶\u00a0{', '.join(step.locators)}" if step.locators else ""
            clock = self.small_run(step.clock, f'<w:b/><w:color w:val="{ACCENT}"/>')
            rest = self.small_run(f" · {self._minutes(step.minutes)}{places}")
            self.paragraph("Normal", clock + rest, '<w:keepNext/><w:spacing w:before="280"/>')
            if step.question:
                self.paragraph("Heading2", run_xml(step.question), '<w:spacing w:before="0"/>', step.question)
            if step.text:
                self.paragraph("Normal", run_xml(step.text), "", step.text)
            if step.guidance:
                label = run_xml(f"{self.summary.labels['guidance']} – ", "<w:b/>")
                self.paragraph("InShort", label + run_xml(step.guidance), "", step.guidance)
            for passage in step.passages:
                self._passage(passage, with_chapter=False)

    def _plan(self, plan: Plan) -> None:
        """What the session of a record was to be."""
        self.paragraph("Heading1", run_xml(f"{self.summary.labels['plan']} · {plan.title}"))
        for step in plan.steps:
            said = [run_xml(step.text) if step.text else "", run_xml(step.question, "<w:i/>") if step.question else ""]
            minutes = self.small_run(f"{self._minutes(step.minutes)}\t")
            column = '<w:ind w:left="960" w:hanging="960"/>'
            self.paragraph(
                "Normal", minutes + run_xml(" ").join(part for part in said if part), column, step.text or step.question
            )

    def _minutes(self, count: int) -> str:
        return self.summary.labels["minutes"].format(count=count).replace(" ", "\u00a0")

    def _passage(self, passage: Passage, *, with_chapter: bool) -> None:
        words, kind = self.summary.labels, passage.kind
        line, band = KIND_COLOURS[kind.id]
        border, width = BORDERS[kind.line]
        edge = f'<w:pBdr><w:left w:val="{border}" w:sz="{width}" w:space="8" w:color="{line}"/></w:pBdr>'
        style = style_of_kind(kind.id)
        extra = [passage.chapter_title] if with_chapter and passage.chapter_title else []
        extra += [words["by"].format(name=passage.author)] if passage.author else []
        extra += [words["doubtful"]] if passage.placement == "doubtful" else []
        extra += [f"¶\u00a0{passage.locator}"] if passage.locator else []
        head = self.small_run(f"{kind.letter} · {kind.name}", f'<w:b/><w:color w:val="{line}"/>')
        head += self.small_run("".join(f" · {part}" for part in extra))
        head = self.bookmarked(passage.id, head)
        self.paragraph(style, head, f'<w:keepNext/>{edge}<w:spacing w:before="160"/>')
        foreign = passage.language != self.summary.language
        language = f"<w:lang w:val={quoteattr(carried(passage.language) + '-CA')}/>" if foreign else ""
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{band}"/>{language}'
        quote = run_xml(passage.before, language) + run_xml(passage.opening + passage.quote + passage.closing, shade)
        quote += run_xml(passage.after, language)
        self.paragraph(style, quote, edge, passage.quote)
        self.blocks(passage.note, style, edge, 0)
        self.concepts(passage.concepts, style, edge)

    def remark(self, note: PlainNote, title: str) -> None:
        by = self.summary.labels["by"].format(name=note.author) if note.author else ""
        head = " · ".join(part for part in (title, by) if part)
        if head:
            self.paragraph("Small", run_xml(head, "<w:b/>"), "<w:keepNext/>")
        self.blocks(note.note, "Normal", "", 0)
        self.concepts(note.concepts, "Normal", "")

    def _answer(self, answer: Answer, with_question: bool) -> None:
        if with_question:
            self.paragraph("Question", run_xml(answer.question_text))
        self.blocks(answer.note, "Normal", "", 0)
        by = self.summary.labels["by"].format(name=answer.author) if answer.author else ""
        told = ", ".join(part for part in (answer.when, by) if part)
        if told:
            self.paragraph("Small", run_xml(f"({told})"))

    def concepts(self, concepts: Sequence[ConceptLabel], style: str, edge: str) -> None:
        if concepts:
            terms = " · ".join(concept.term for concept in concepts)
            self.paragraph(style, self.small_run(terms, f'<w:color w:val="{ACCENT}"/>'), edge)

    def _concept(self, entry: ConceptEntry) -> None:
        words = run_xml(entry.term, "<w:b/>")
        if entry.own:
            words += self.small_run(f" ({self.summary.labels['own_concept']})")
        words += run_xml("  " + entry.definition if entry.definition else "")
        for index, (locator, passage) in enumerate(entry.places):
            words += self.small_run(" ¶\u00a0" if index == 0 else ", ") + self._place_link(passage, locator, sign=False)
        self.paragraph("Normal", words)

    def _source(self, runs: Sequence[Run], properties: str = "") -> None:
        words = ""
        for run in runs:
            words += (
                self.hyperlink(run.url, run_xml(run.text, _LINK))
                if run.url
                else run_xml(run.text, "<w:i/>" if run.italic else "")
            )
        self.paragraph("Source", words, properties)

    def blocks(self, blocks: Sequence[NoteBlock], style: str, edge: str, depth: int) -> None:
        for block in blocks:
            match block:
                case Paragraph(children):
                    self.paragraph(style, self._inlines(children), edge, plain_inlines(children))
                case Heading(_, children):
                    bold = self._inlines(children, "<w:b/>")
                    self.paragraph(style, bold, f"<w:keepNext/>{edge}", plain_inlines(children))
                case CodeBlock(text):
                    self.paragraph("CodeLines", run_xml(text), edge)
                case Rule():
                    self.paragraph(style, run_xml("⁂"), edge)
                case Quote(inner):
                    self.blocks(inner, "Quote", "", depth)
                case ItemList(items, start):
                    number = self.bullet_list() if start is None else self.new_numbers(start, depth)
                    for item in items:
                        self._item(item, number, depth)

    def _item(self, item: Sequence[NoteBlock], number: int, depth: int, tail: str = "") -> None:
        """A list item: its first paragraph carries the bullet or number, what follows is indented below it."""
        level = min(depth, 8)
        mark = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        match item:
            case (Paragraph(first), *rest):
                pass
            case _:
                first, rest = (), list(item)
        self.paragraph("Items", self._inlines(first) + ("" if rest else tail), mark, plain_inlines(first))
        for block in rest:
            match block:
                case ItemList():
                    self.blocks((block,), "Items", "", depth + 1)
                case _:
                    self.blocks((block,), "Items", f'<w:ind w:left="{480 + 360 * level}"/>', depth + 1)
        if rest and tail:
            self.paragraph("Items", tail, f'<w:ind w:left="{480 + 360 * level}"/>')

    def _inlines(self, inlines: Sequence[Inline], properties: str = "") -> str:
        return "".join(self._inline(inline, properties) for inline in inlines)

    def _inline(self, inline: Inline, properties: str) -> str:
        match inline:
            case Text(text):
                return run_xml(text, properties)
            case Code(text):
                return run_xml(text, f'<w:rFonts w:ascii="{CODE_FONT}" w:hAnsi="{CODE_FONT}" w:cs="{CODE_FONT}"/>{properties}')
            case Break():
                return "<w:r><w:br/></w:r>"
            case Emphasis(children):
                return self._inlines(children, properties if "<w:i/>" in properties else f"{properties}<w:i/>")
            case Strong(children):
                return self._inlines(children, properties if "<w:b/>" in properties else f"<w:b/>{properties}")
            case Link(children, url):
                words = self._inlines(children, properties) or run_xml(url, properties)
                shown = "" if shows_address(inline) or not children else run_xml(f" ({url})", properties)
                return self.hyperlink(url, words) + shown

    def hyperlink(self, url: str, runs: str) -> str:
        relation = self.document.part.relate_to(carried(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return f'<w:hyperlink r:id="{relation}">{runs}</w:hyperlink>'

    def _place_link(self, passage: str, locator: str, *, sign: bool = True) -> str:
        words = self.small_run(f"¶\u00a0{locator}" if sign else locator)
        return self.link_to(passage, words)

    def bullet_list(self) -> int:
        if not self._bullets:
            self._bullets = self.document.part.numbering_part.element.add_num(BULLETS).numId
        return self._bullets

    def new_numbers(self, start: int, depth: int = 0) -> int:
        """A numbered list of its own, beginning with ``start``."""
        number = self.document.part.numbering_part.element.add_num(NUMBERS)
        number.add_lvlOverride(ilvl=min(depth, 8)).add_startOverride(start)
        return int(number.numId)

    @property
    def width(self) -> int:
        """How wide the text is, in twentieths of a point."""
        section = self.document.sections[0]
        return ((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)) // _EMU_PER_TWIP

    def bookmarked(self, passage: str, runs: str) -> str:
        """The runs that begin what is said of a passage, which links lead to; each passage once."""
        name = self._bookmarks.get(passage, "")
        if not name or passage in self._written:
            return runs
        self._written.add(passage)
        return self.named(name, runs)

    def named(self, name: str, runs: str) -> str:
        """Runs that links lead to by a name."""
        self._named += 1
        return f'<w:bookmarkStart w:id="{self._named}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{self._named}"/>'

    def link_to(self, passage: str, runs: str) -> str:
        """Runs that lead to what is said of a passage."""
        name = self._bookmarks.get(passage)
        return f'<w:hyperlink w:anchor="{name}">{runs}</w:hyperlink>' if name else runs

    def table(self, xml: str) -> None:
        """A table, and a paragraph that parts it from what follows."""
        self._parts.append(xml)
        self.paragraph("Small", "")

    def paragraph(self, style: str, runs: str, properties: str = "", text: str = "") -> None:
        """A paragraph. ``properties``: in the order of the schema after the style; ``text`` tells its direction."""
        if text and direction(text):
            runs = from_right_to_left(runs)
            properties = in_order(properties + "<w:bidi/>")
        self._parts.append(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>')

    def _small_rpr(self, properties: str = "") -> str:
        colour = "" if "<w:color" in properties else f'<w:color w:val="{MUTED}"/>'
        return f"<w:rPr>{in_order(self._small + properties + colour + self._small_end)}</w:rPr>"

    def small_run(self, text: str, properties: str = "") -> str:
        return f"<w:r>{self._small_rpr(properties)}{characters_xml(text)}</w:r>" if text else ""


_EMU_PER_TWIP = 635
_LINK = f'<w:color w:val="{ACCENT}"/>'
