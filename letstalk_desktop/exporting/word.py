"""A summary as a Word document. The only files that import docx are this and ``word_styles.py``.

The body is written as XML at once, because building thousands of paragraphs one by one takes many times longer.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

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
    body = _Body(summary)
    body.write()
    file = io.BytesIO()
    body.document.save(file)
    return file.getvalue()


class _Body:
    def __init__(self, summary: Summary) -> None:
        self.document = empty_document(summary)
        self._summary = summary
        self._parts: list[str] = []
        self._bookmarks: dict[str, str] = {}
        self._bullets = 0
        self._small = f'<w:rFonts w:ascii="{LABEL_FONT}" w:hAnsi="{LABEL_FONT}" w:cs="{LABEL_FONT}"/>'
        self._small_end = f'<w:sz w:val="{round(summary.text_size * 1.7)}"/>'

    def write(self) -> None:
        """The whole text, and the foot of the page."""
        summary, words = self._summary, self._summary.labels
        # Every passage has one: they are also what tells how many the file holds.
        for passage in (*(one for group in summary.groups for one in group.passages), *summary.unplaced):
            self._bookmarks.setdefault(passage.id, f"passage_{len(self._bookmarks) + 1}")
        self._p("Label", _run(words["shape"].upper()))
        self._p("Title", _run(summary.title))
        told = " · ".join(part for part in (summary.reader, summary.counts_text, summary.date_text) if part)
        self._p("Subtitle", _run(told))
        if summary.todo:
            self._p("Heading1", _run(words["todo"]))
            self._p("Small", _run(words["todo_origin"]))
            number = self._new_numbers(1)
            for item in summary.todo:
                place = _run(" ") + self._place_link(item.passage, item.locator) if item.locator else ""
                self._item(item.text, number, 0, place)
        if summary.nothing:
            self._p("Normal", _run(summary.nothing))
        if summary.notes:
            self._p("Heading1", _run(words["resource_notes"]))
            for note in summary.notes:
                self._note(note, "")
        written: set[str] = set()
        if summary.guide is not None:
            self._guide(summary.guide, written)
        else:
            for group in summary.groups:
                self._group(group, written)
            if summary.plan is not None:
                self._plan(summary.plan)
        if summary.unplaced:
            self._p("Heading1", _run(words["unplaced"]))
            self._p("Small", _run(words["unplaced_why"]))
            for passage in summary.unplaced:
                self._passage(passage, written, with_chapter=True)
        if summary.concepts:
            self._p("Heading1", _run(words["concepts"]))
            for entry in summary.concepts:
                self._concept(entry)
        if summary.sources:
            self._p("Heading1", _run(words["sources"]))
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
        words = self._summary.labels["page_of"]
        before, _, rest = words.partition("{page}")
        between, _, after = rest.partition("{pages}")
        foot = (
            self._small_run(self._summary.footer)
            + "<w:r><w:tab/></w:r>"
            + self._small_run(before)
            + _field("PAGE", self._small_rpr())
            + self._small_run(between)
            + _field("NUMPAGES", self._small_rpr())
            + self._small_run(after)
        )
        section = self.document.sections[0]
        width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        stops = ("clear", 4320), ("clear", 8640), ("right", width // _EMU_PER_TWIP)
        tabs = "".join(f'<w:tab w:val="{kind}" w:pos="{place}"/>' for kind, place in stops)
        footer = section.footer
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        paragraph.addprevious(parse_xml(f"<w:p {names}><w:pPr><w:tabs>{tabs}</w:tabs></w:pPr>{foot}</w:p>"))
        paragraph.getparent().remove(paragraph)

    def _group(self, group: Group, written: set[str]) -> None:
        words = self._summary.labels
        title = f"{group.label} {group.title}".strip()
        if title:
            self._p("Heading1", _run(title))
        if group.definition:
            self._p("Normal", _run(group.definition))
        if group.in_short:
            self._p("InShort", _run(words["in_short"], "<w:b/>") + _run(" " + " ".join(group.in_short)))
        for note in group.notes:
            self._note(note, words["chapter_note"])
        for passage in group.passages:
            self._passage(passage, written, with_chapter=group.by is not Order.PLACE)
        by_question = group.by is Order.QUESTION
        if group.answers and not by_question:
            self._p("Heading2" if title else "Heading1", _run(words["discussion"]))
        last = ""
        for answer in group.answers:
            self._answer(answer, not by_question and answer.question_text != last)
            last = answer.question_text

    def _guide(self, plan: Plan, written: set[str]) -> None:
        """A session by the clock, with questions, guidance and passages."""
        self._p("Heading1", _run(f"{plan.title} · {self._minutes(plan.minutes)}"))
        for step in plan.steps:
            places = f" · ¶\u00a0{', '.join(step.locators)}" if step.locators else ""
            clock = self._small_run(step.clock, f'<w:b/><w:color w:val="{ACCENT}"/>')
            rest = self._small_run(f" · {self._minutes(step.minutes)}{places}")
            self._p("Normal", clock + rest, '<w:keepNext/><w:spacing w:before="280"/>')
            if step.question:
                self._p("Heading2", _run(step.question), '<w:spacing w:before="0"/>', step.question)
            if step.text:
                self._p("Normal", _run(step.text), "", step.text)
            if step.guidance:
                label = _run(f"{self._summary.labels['guidance']} – ", "<w:b/>")
                self._p("InShort", label + _run(step.guidance), "", step.guidance)
            for passage in step.passages:
                self._passage(passage, written, with_chapter=False)

    def _plan(self, plan: Plan) -> None:
        """What the session of a record was to be."""
        self._p("Heading1", _run(f"{self._summary.labels['plan']} · {plan.title}"))
        for step in plan.steps:
            said = [_run(step.text) if step.text else "", _run(step.question, "<w:i/>") if step.question else ""]
            minutes = self._small_run(f"{self._minutes(step.minutes)}\t")
            column = '<w:ind w:left="960" w:hanging="960"/>'
            self._p("Normal", minutes + _run(" ").join(part for part in said if part), column, step.text or step.question)

    def _minutes(self, count: int) -> str:
        return self._summary.labels["minutes"].format(count=count).replace(" ", "\u00a0")

    def _passage(self, passage: Passage, written: set[str], *, with_chapter: bool) -> None:
        words, kind = self._summary.labels, passage.kind
        line, band = KIND_COLOURS[kind.id]
        border, width = BORDERS[kind.line]
        edge = f'<w:pBdr><w:left w:val="{border}" w:sz="{width}" w:space="8" w:color="{line}"/></w:pBdr>'
        style = style_of_kind(kind.id)
        extra = [passage.chapter_title] if with_chapter and passage.chapter_title else []
        extra += [words["by"].format(name=passage.author)] if passage.author else []
        extra += [words["doubtful"]] if passage.placement == "doubtful" else []
        extra += [f"¶\u00a0{passage.locator}"] if passage.locator else []
        head = self._small_run(f"{kind.letter} · {kind.name}", f'<w:b/><w:color w:val="{line}"/>')
        head += self._small_run("".join(f" · {part}" for part in extra))
        if passage.id not in written and passage.id in self._bookmarks:
            written.add(passage.id)
            number, name = len(written), self._bookmarks[passage.id]
            head = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{head}<w:bookmarkEnd w:id="{number}"/>'
        self._p(style, head, f'<w:keepNext/>{edge}<w:spacing w:before="160"/>')
        foreign = passage.language != self._summary.language
        language = f"<w:lang w:val={quoteattr(carried(passage.language) + '-CA')}/>" if foreign else ""
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{band}"/>{language}'
        quote = _run(passage.before, language) + _run(passage.opening + passage.quote + passage.closing, shade)
        quote += _run(passage.after, language)
        self._p(style, quote, edge, passage.quote)
        self._blocks(passage.note, style, edge, 0)
        self._concepts(passage.concepts, style, edge)

    def _note(self, note: PlainNote, title: str) -> None:
        by = self._summary.labels["by"].format(name=note.author) if note.author else ""
        head = " · ".join(part for part in (title, by) if part)
        if head:
            self._p("Small", _run(head, "<w:b/>"), "<w:keepNext/>")
        self._blocks(note.note, "Normal", "", 0)
        self._concepts(note.concepts, "Normal", "")

    def _answer(self, answer: Answer, with_question: bool) -> None:
        if with_question:
            self._p("Question", _run(answer.question_text))
        self._blocks(answer.note, "Normal", "", 0)
        by = self._summary.labels["by"].format(name=answer.author) if answer.author else ""
        told = ", ".join(part for part in (answer.when, by) if part)
        if told:
            self._p("Small", _run(f"({told})"))

    def _concepts(self, concepts: Sequence[ConceptLabel], style: str, edge: str) -> None:
        if concepts:
            terms = " · ".join(concept.term for concept in concepts)
            self._p(style, self._small_run(terms, f'<w:color w:val="{ACCENT}"/>'), edge)

    def _concept(self, entry: ConceptEntry) -> None:
        words = _run(entry.term, "<w:b/>")
        if entry.own:
            words += self._small_run(f" ({self._summary.labels['own_concept']})")
        words += _run("  " + entry.definition if entry.definition else "")
        for index, (locator, passage) in enumerate(entry.places):
            words += self._small_run(" ¶\u00a0" if index == 0 else ", ") + self._place_link(passage, locator, sign=False)
        self._p("Normal", words)

    def _source(self, runs: Sequence[Run], properties: str = "") -> None:
        words = ""
        for run in runs:
            words += (
                self._hyperlink(run.url, _run(run.text, _LINK)) if run.url else _run(run.text, "<w:i/>" if run.italic else "")
            )
        self._p("Source", words, properties)

    def _blocks(self, blocks: Sequence[NoteBlock], style: str, edge: str, depth: int) -> None:
        for block in blocks:
            match block:
                case Paragraph(children):
                    self._p(style, self._inlines(children), edge, plain_inlines(children))
                case Heading(_, children):
                    bold = self._inlines(children, "<w:b/>")
                    self._p(style, bold, f"<w:keepNext/>{edge}", plain_inlines(children))
                case CodeBlock(text):
                    self._p("CodeLines", _run(text), edge)
                case Rule():
                    self._p(style, _run("⁂"), edge)
                case Quote(inner):
                    self._blocks(inner, "Quote", "", depth)
                case ItemList(items, start):
                    number = self._bullet_list() if start is None else self._new_numbers(start, depth)
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
        self._p("Items", self._inlines(first) + ("" if rest else tail), mark, plain_inlines(first))
        for block in rest:
            match block:
                case ItemList():
                    self._blocks((block,), "Items", "", depth + 1)
                case _:
                    self._blocks((block,), "Items", f'<w:ind w:left="{480 + 360 * level}"/>', depth + 1)
        if rest and tail:
            self._p("Items", tail, f'<w:ind w:left="{480 + 360 * level}"/>')

    def _inlines(self, inlines: Sequence[Inline], properties: str = "") -> str:
        return "".join(self._inline(inline, properties) for inline in inlines)

    def _inline(self, inline: Inline, properties: str) -> str:
        match inline:
            case Text(text):
                return _run(text, properties)
            case Code(text):
                return _run(text, f'<w:rFonts w:ascii="{CODE_FONT}" w:hAnsi="{CODE_FONT}" w:cs="{CODE_FONT}"/>{properties}')
            case Break():
                return "<w:r><w:br/></w:r>"
            case Emphasis(children):
                return self._inlines(children, properties if "<w:i/>" in properties else f"{properties}<w:i/>")
            case Strong(children):
                return self._inlines(children, properties if "<w:b/>" in properties else f"<w:b/>{properties}")
            case Link(children, url):
                words = self._inlines(children, properties) or _run(url, properties)
                shown = "" if shows_address(inline) or not children else _run(f" ({url})", properties)
                return self._hyperlink(url, words) + shown

    def _hyperlink(self, url: str, runs: str) -> str:
        relation = self.document.part.relate_to(carried(url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return f'<w:hyperlink r:id="{relation}">{runs}</w:hyperlink>'

    def _place_link(self, passage: str, locator: str, *, sign: bool = True) -> str:
        words = self._small_run(f"¶\u00a0{locator}" if sign else locator)
        name = self._bookmarks.get(passage)
        return f'<w:hyperlink w:anchor="{name}">{words}</w:hyperlink>' if name else words

    def _bullet_list(self) -> int:
        if not self._bullets:
            self._bullets = self.document.part.numbering_part.element.add_num(BULLETS).numId
        return self._bullets

    def _new_numbers(self, start: int, depth: int = 0) -> int:
        """A numbered list of its own, beginning with ``start``."""
        number = self.document.part.numbering_part.element.add_num(NUMBERS)
        number.add_lvlOverride(ilvl=min(depth, 8)).add_startOverride(start)
        return int(number.numId)

    def _p(self, style: str, runs: str, properties: str = "", text: str = "") -> None:
        """A paragraph. ``properties``: in the order of the schema after the style; ``text`` tells its direction."""
        if text and direction(text):
            runs = runs.replace("<w:r><w:t", "<w:r><w:rPr></w:rPr><w:t")
            runs = _RUN_PROPERTIES.sub(lambda found: f"<w:rPr>{_ordered(found[1] + '<w:rtl/>')}</w:rPr>", runs)
            properties = _ordered(properties + "<w:bidi/>")
        self._parts.append(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>')

    def _small_rpr(self, properties: str = "") -> str:
        colour = "" if "<w:color" in properties else f'<w:color w:val="{MUTED}"/>'
        return f"<w:rPr>{_ordered(self._small + properties + colour + self._small_end)}</w:rPr>"

    def _small_run(self, text: str, properties: str = "") -> str:
        return f"<w:r>{self._small_rpr(properties)}{_characters(text)}</w:r>" if text else ""


_EMU_PER_TWIP = 635
_RUN_PROPERTIES = re.compile(r"<w:rPr>(.*?)</w:rPr>")
_PROPERTY = re.compile(r"<w:(?P<name>\w+)(?:\s[^>]*)?/>|<w:(?P<block>pBdr|numPr)>.*?</w:(?P=block)>")
_ORDER = ("keepNext", "numPr", "pBdr", "bidi", "spacing", "ind", "rFonts", "b", "i", "color", "sz", "shd", "rtl", "lang")
_LINK = f'<w:color w:val="{ACCENT}"/>'


def _run(text: str, properties: str = "") -> str:
    if not text:
        return ""
    return f"<w:r>{f'<w:rPr>{_ordered(properties)}</w:rPr>' if properties else ''}{_characters(text)}</w:r>"


def _ordered(properties: str) -> str:
    """Properties of a run or paragraph in the order that the schema wants."""
    if properties.count("<w:") == 1:
        return properties
    found = {match["name"] or match["block"]: match[0] for match in _PROPERTY.finditer(properties)}
    return "".join(found[name] for name in _ORDER if name in found)


def _characters(text: str) -> str:
    """Text in a run; line ends and tabs are elements of their own."""
    parts = []
    for number, line in enumerate(carried(text).split("\n")):
        if number:
            parts.append("<w:br/>")
        for place, piece in enumerate(line.split("\t")):
            if place:
                parts.append("<w:tab/>")
            if piece:
                parts.append(f'<w:t xml:space="preserve">{escape(piece)}</w:t>')
    return "".join(parts)


def _field(code: str, properties: str) -> str:
    """A field that Word fills in, with something to show until it does."""
    return f"<w:fldSimple w:instr={quoteattr(f' {code} ')}><w:r>{properties}<w:t>1</w:t></w:r></w:fldSimple>"
