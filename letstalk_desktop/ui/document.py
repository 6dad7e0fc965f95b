"""A chapter as a QTextDocument, built by cursor, and the way between its positions and the text of record.

Qt counts UTF-16 units in the document, which also holds what the text of record does not (title, box titles, citation marks);
everybody else counts code points of the text of record. Only this file knows both.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTableCellFormat,
    QTextTableFormat,
)

from letstalk_desktop.language import Translator, translator
from letstalk_desktop.library.model import Block, BlockKind, Chapter, ContainerKind, Resource, Span, SpanKind
from letstalk_desktop.library.text import from_utf16, is_bmp, to_utf16, trimmed, utf16_length
from letstalk_desktop.settings import Settings
from letstalk_desktop.ui.theme import ReadingStyle, Theme, brush, figure_svg, reading_style

_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value
_SINGLE = QTextBlockFormat.LineHeightTypes.SingleHeight.value
_HEADING_SCALE = {1: 1.5, 2: 1.17, 3: 1.03}
_UNSHOWABLE = re.compile("[\ufdd0\ufdd1\ufffc\u2029\r]")  # characters with which Qt marks its own structure
BOX_TITLES = {"practice": "In practice", "story": "Story", "key": "In short", "question": "Question"}


class Segment(NamedTuple):
    """A run of the text of record [start, end) that stands in the document at ``position`` (UTF-16)."""

    start: int
    end: int
    position: int
    length: int


class Panel(NamedTuple):
    """A box or quotation to be painted behind its paragraphs: document positions of its first and last character."""

    kind: ContainerKind
    style: str
    first: int
    last: int
    indent: float


class PageDocument(QTextDocument):
    """One chapter laid out for the screen. Positions are UTF-16 units of this document, places code points of the record."""

    def __init__(
        self,
        chapter: Chapter,
        style: ReadingStyle,
        theme: Theme,
        translator: Translator,
        reference_number: Callable[[str], int],
        folder: Path,
        device_pixel_ratio: float = 1.0,
    ) -> None:
        super().__init__()
        self.chapter = chapter
        self.style = style
        self.theme = theme
        self.segments: list[Segment] = []
        self.block_positions: dict[str, int] = {}
        self.panels: list[Panel] = []
        self._starts: list[int] = []
        self._positions: list[int] = []
        self._figures: dict[str, tuple[str, Path, int, int]] = {}
        self._figure_positions: list[tuple[int, str]] = []
        self._figure_room = style.column
        self._tables: list[tuple[int, list[float], list[float]]] = []
        self._ratio = device_pixel_ratio
        _Builder(self, translator, reference_number, folder).build()
        self._starts = [segment.start for segment in self.segments]
        self._positions = [segment.position for segment in self.segments]

    # --- places and positions -------------------------------------------------------------------------------------

    def position_of(self, place: int, *, at_end: bool = False) -> int:
        """The document position of a place; ``at_end``: seen from what ends there (before a citation mark)."""
        if not self.segments:
            return 0
        index = bisect_right(self._starts, place - 1 if at_end and place else place) - 1
        segment = self.segments[max(index, 0)]
        inside = min(max(place - segment.start, 0), segment.end - segment.start)
        if segment.length == segment.end - segment.start:
            return segment.position + inside
        return segment.position + to_utf16(self.chapter.text[segment.start : segment.end], inside)

    def place_of(self, position: int, *, forward: bool = False) -> int:
        """The place of a document position; between two segments the end of the one before, or ``forward`` the next start."""
        index = bisect_right(self._positions, position) - 1
        if index < 0:
            return self.segments[0].start if self.segments else 0
        segment = self.segments[index]
        units = position - segment.position
        if units >= segment.length:
            if forward and units > segment.length - (segment.length > 0) and index + 1 < len(self.segments):
                return self.segments[index + 1].start
            return segment.end
        if segment.length == segment.end - segment.start:
            return segment.start + units
        return segment.start + from_utf16(self.chapter.text[segment.start : segment.end], units)

    def span_of(self, first: int, last: int) -> tuple[int, int] | None:
        """The span of the record between two document positions, without white space at its ends; None where it is empty."""
        first, last = min(first, last), max(first, last)
        start, end = self.place_of(first, forward=True), self.place_of(last)
        start, end = trimmed(self.chapter.text, start, end)
        return (start, end) if start < end else None

    def is_in_text(self, position: int) -> bool:
        """True where the position belongs to the text of record (not to the title, a box title or a mark)."""
        index = bisect_right(self._positions, position) - 1
        return index >= 0 and position <= self.segments[index].position + self.segments[index].length

    # --- figures ---------------------------------------------------------------------------------------------------

    def add_figure(self, path: Path, svg: str, width: int, height: int) -> str:
        """Register a picture of the document; returns its name. Its pixels are made when it is first painted."""
        name = f"figure:{len(self._figures)}"
        self._figures[name] = (svg, path, width, height)
        return name

    def place_figure(self, position: int, name: str) -> None:
        """A picture stands at this position."""
        self._figure_positions.append((position, name))

    def place_table(self, position: int, least: list[float], wanted: list[float]) -> None:
        """A table begins at this position; pixels that each column needs, and by what share it wants more."""
        self._tables.append((position, least, wanted))

    def fit(self, room: int) -> None:
        """Fit pictures and tables into ``room`` pixels; for a table whose words need more the page scrolls sideways."""
        if room == self._figure_room:
            return
        self._figure_room = room
        for position, least, wanted in self._tables:
            cursor = QTextCursor(self)
            cursor.setPosition(position)
            table = cursor.currentTable()
            if table is not None:
                format_ = table.format()
                share_columns(format_, least, wanted, room)
                table.setFormat(format_)
        for position, name in self._figure_positions:
            svg, path, _width, _height = self._figures[name]
            _svg, width, height = figure_size(path, min(room, self.style.column))
            self._figures[name] = (svg, path, width, height)
            cursor = QTextCursor(self)
            cursor.setPosition(position)
            cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
            picture = cursor.charFormat().toImageFormat()
            picture.setWidth(width)
            picture.setHeight(height)
            picture.setName(f"{name}@{width}")
            cursor.setCharFormat(picture)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        words = name.toString() if isinstance(name, QUrl) else name
        figure = self._figures.get(words.partition("@")[0])
        if figure is None:
            return None
        svg, path, width, height = figure
        return render_figure(svg, path, width, height, self._ratio, self.theme)


def page_document(
    resource: Resource, chapter: Chapter, settings: Settings, theme: Theme, locale: Path | None, folder: Path, ratio: float
) -> PageDocument:
    """A chapter as the settings ask for it, with the program's words in it in the chapter's language.

    ``locale`` is the folder of the catalogues, ``folder`` the resource's, ``ratio`` the screen's device pixel ratio.
    """
    numbers = {key: number for number, key in enumerate(resource.references, 1)}

    def number(key: str) -> int:
        return numbers.get(key, 0)

    words = translator(chapter.language, locale)
    return PageDocument(chapter, reading_style(settings), theme, words, number, folder, ratio)


def render_figure(svg: str, path: Path, width: int, height: int, ratio: float, theme: Theme) -> QImage:
    """The picture at ``width`` × ``height`` logical pixels, sharp at the device's pixel ratio."""
    size = (max(round(width * ratio), 1), max(round(height * ratio), 1))
    if svg:
        from PySide6.QtCore import QByteArray
        from PySide6.QtSvg import QSvgRenderer

        image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        QSvgRenderer(QByteArray(figure_svg(svg, theme).encode())).render(painter)
        painter.end()
    else:
        image = QImage(str(path)).scaled(*size)
    image.setDevicePixelRatio(ratio)
    return image


def figure_size(path: Path, wanted: int) -> tuple[str, int, int]:
    """SVG source ('' for a bitmap), width and height in logical pixels of a picture ``wanted`` pixels wide.

    A bitmap is never enlarged; a picture that cannot be read gets a place of its own all the same.
    """
    if path.suffix.lower() == ".svg":
        try:
            svg = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return "", wanted, round(wanted * 0.6)
        found = re.search(r'viewBox="\s*[-0-9.]+[ ,]+[-0-9.]+[ ,]+([0-9.]+)[ ,]+([0-9.]+)', svg)
        ratio = float(found.group(2)) / float(found.group(1)) if found and float(found.group(1)) else 0.6
        return svg, wanted, round(wanted * ratio)
    image = QImage(str(path))
    if image.isNull():
        return "", wanted, round(wanted * 0.6)
    width = min(wanted, image.width())
    return "", width, round(width * image.height() / image.width())


def share_columns(format_: QTextTableFormat, least: list[float], wanted: list[float], room: float) -> None:
    """Columns as wide as their text asks for within ``room`` pixels; none is narrower than its longest word."""
    spare = room - sum(least)
    if spare < 0:
        format_.setWidth(QTextLength(QTextLength.Type.FixedLength, sum(least)))
        format_.setColumnWidthConstraints([QTextLength(QTextLength.Type.FixedLength, width) for width in least])
        return
    whole = sum(wanted)
    widths = [narrow + spare * share / whole for narrow, share in zip(least, wanted, strict=True)]
    format_.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    percent = QTextLength.Type.PercentageLength
    format_.setColumnWidthConstraints([QTextLength(percent, 100 * width / sum(widths)) for width in widths])


class _Builder:
    """Fills a PageDocument."""

    def __init__(
        self, document: PageDocument, translator: Translator, reference_number: Callable[[str], int], folder: Path
    ) -> None:
        self.document, self.chapter = document, document.chapter
        self.style, self.theme = document.style, document.theme
        self.translator, self.reference_number, self.folder = translator, reference_number, folder
        self.cursor = QTextCursor(document)
        self.fresh = True
        self.span_starts = [span.start for span in self.chapter.spans]
        self.gap = self.style.paragraph_gap
        self.indent_step = self.style.pixels * 1.3
        self.body = self._char_format(self.style.font(), self.theme.text)

    def build(self) -> None:
        document = self.document
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setDefaultFont(self.style.font())
        self.cursor.beginEditBlock()
        self._front_matter()
        self._blocks()
        self.cursor.endEditBlock()
        frame = QTextFrameFormat()
        frame.setTopMargin(self.style.pixels * 1.3)
        frame.setBottomMargin(self.style.pixels * 6)
        document.rootFrame().setFrameFormat(frame)

    # --- formats ---------------------------------------------------------------------------------------------------

    def _char_format(self, font: QFont, colour: str) -> QTextCharFormat:
        format_ = QTextCharFormat()
        if self.style.letter_spacing:
            font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, self.style.letter_spacing * self.style.pixels)
            font.setWordSpacing(self.style.word_spacing * self.style.pixels)
        format_.setFont(font)
        format_.setForeground(brush(colour))
        return format_

    def _sans(self, scale: float, colour: str, weight: int = 400, italic: bool = False) -> QTextCharFormat:
        return self._char_format(self.style.font(scale, sans=True, weight=weight, italic=italic), colour)

    def _block_format(self, *, top: float = 0.0, bottom: float | None = None, scale: float = 1.0) -> QTextBlockFormat:
        format_ = QTextBlockFormat()
        format_.setTopMargin(round(top))
        format_.setBottomMargin(round(self.gap if bottom is None else bottom))
        format_.setLineHeight(round(self.style.pixels * scale * self.style.line_height), _FIXED)
        return format_

    def _new_block(self, format_: QTextBlockFormat, char_format: QTextCharFormat) -> None:
        if self.fresh:
            self.cursor.setBlockFormat(format_)
            self.cursor.setBlockCharFormat(char_format)
            self.fresh = False
        else:
            self.cursor.insertBlock(format_, char_format)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _front_matter(self) -> None:
        style, theme, chapter = self.style, self.theme, self.chapter
        heading = self._block_format(bottom=style.pixels * 0.35, scale=1.15)
        heading.setHeadingLevel(1)
        self._new_block(heading, self._sans(1.67, theme.text, 700))
        self.cursor.insertText(chapter.title, self._sans(1.67, theme.text, 700))
        if chapter.lede:
            self._new_block(self._block_format(bottom=style.pixels * 1.2), self._italic())
            self.cursor.insertText(chapter.lede, self._italic())
        if not chapter.in_short:
            return
        words = self.translator.pgettext("box title", "In short")
        label = self._block_format(top=style.pixels * 1.1, bottom=style.pixels * 0.1, scale=0.9)
        self._indent(label, 1)
        self._new_block(label, self._sans(0.8, theme.accent, 600))
        first = self.cursor.position()
        self.cursor.insertText(words, self._sans(0.8, theme.accent, 600))
        for point in chapter.in_short:
            format_ = self._block_format(bottom=style.pixels * 0.25, scale=0.95)
            self._indent(format_, 1)
            format_.setLeftMargin(format_.leftMargin() + style.pixels)
            format_.setTextIndent(-QFontMetricsF(self._sans(0.92, theme.text).font()).horizontalAdvance("•\u2002"))
            self._new_block(format_, self._sans(0.92, theme.text))
            self.cursor.insertText(f"•\u2002{point}", self._sans(0.92, theme.text))
        last = self.cursor.position()
        bottom = self.cursor.blockFormat()
        bottom.setBottomMargin(round(style.pixels * 1.6))
        self.cursor.setBlockFormat(bottom)
        self.document.panels.append(Panel(ContainerKind.BOX, "key", first, last, 0))

    def _italic(self) -> QTextCharFormat:
        return self._char_format(self.style.font(1.0, italic=True), self.theme.muted)

    def _indent(self, format_: QTextBlockFormat, boxes: float, lists: int = 0) -> None:
        format_.setLeftMargin(round(boxes * self.style.pixels * 1.15 + lists * self.indent_step))
        if boxes:
            format_.setRightMargin(round(self.style.pixels * 0.9))

    def _blocks(self) -> None:
        chapter = self.chapter
        open_panels: dict[int, int] = {}
        seen: set[int] = set()
        for index, block in enumerate(chapter.blocks):
            panels = [at for at in block.containers if chapter.containers[at].kind is not ContainerKind.LIST]
            lists = len(block.containers) - len(panels)
            for at in panels:
                if at not in seen:
                    seen.add(at)
                    open_panels[at] = self._open_panel(at, len([one for one in panels if one <= at]))
            self._block(block, len(panels), lists)
            following = chapter.blocks[index + 1].containers if index + 1 < len(chapter.blocks) else ()
            for at in reversed(panels):
                if at not in following:
                    self._close_panel(at, open_panels[at], panels.index(at))

    def _open_panel(self, at: int, depth: int) -> int:
        """Space above a box or quotation and, for a box, its title. Returns the position where it starts."""
        container = self.chapter.containers[at]
        if container.kind is ContainerKind.QUOTE:
            self._extra_top = self.style.pixels * 0.7
            return -1
        title = container.title or self.translator.pgettext("box title", BOX_TITLES[container.style])
        format_ = self._block_format(top=self.style.pixels * 1.1, bottom=self.style.pixels * 0.1, scale=0.9)
        self._indent(format_, depth)
        char = self._sans(0.8, self.theme.accent, 600)
        self._new_block(format_, char)
        start = self.cursor.position()
        self.cursor.insertText(title, char)
        return start

    def _close_panel(self, at: int, start: int, depth: int) -> None:
        container = self.chapter.containers[at]
        if start < 0:
            inside = next(block for block in self.chapter.blocks if at in block.containers)
            start = self.document.block_positions[inside.id]
        if not self.fresh:
            format_ = self.cursor.blockFormat()
            format_.setBottomMargin(round(self.style.pixels * 1.8))
            self.cursor.setBlockFormat(format_)
        indent = depth * self.style.pixels * 1.15
        self.document.panels.append(Panel(container.kind, container.style, start, self.cursor.position(), indent))

    _extra_top = 0.0

    def _block(self, block: Block, panels: int, lists: int) -> None:
        if block.kind is BlockKind.TABLE:
            self._table(block)
            return
        if block.kind is BlockKind.FIGURE:
            self._figure(block)
            return
        scale = 1.0
        char = self.body
        format_ = self._block_format(top=self._extra_top)
        self._extra_top = 0.0
        if block.kind is BlockKind.HEADING:
            scale = _HEADING_SCALE.get(block.level, 1.0)
            char = self._sans(scale, self.theme.text, 700 if block.level < 3 else 600)
            format_ = self._block_format(top=self.style.pixels * (1.2 if block.level < 3 else 0.7), scale=0.85 * scale)
            format_.setBottomMargin(round(self.style.pixels * 0.4))
            format_.setHeadingLevel(min(block.level, 6))
        elif block.kind is BlockKind.CODE:
            font = self.style.font(0.88)
            font.setFamilies(["Source Code Pro", "monospace"])
            char = self._char_format(font, self.theme.text)
        elif block.kind is BlockKind.QUESTION:
            panels = max(panels, 1)
            first = next(one for one in self.chapter.blocks if one.kind is BlockKind.QUESTION)
            if first.id == block.id:  # room between the heading and the panel
                format_.setTopMargin(round(self.style.pixels * 0.9))
        elif panels and any(self.chapter.containers[at].kind is ContainerKind.BOX for at in block.containers):
            char = self._char_format(self.style.font(0.93), self.theme.text)
        self._indent(format_, panels, lists)
        if lists:
            format_.setBottomMargin(round(self.gap * 0.55))
            if block.marker:
                format_.setTextIndent(-self._marker_width(block.marker))
        elif block.kind is BlockKind.TERM:
            format_.setBottomMargin(round(self.gap))
        self._new_block(format_, char)
        if lists and block.marker:
            marker = self._sans(*self._marker_style(block.marker))
            self.cursor.insertText(f"{block.marker}\u2002", marker)
        self.document.block_positions[block.id] = self.cursor.position()
        if block.kind is BlockKind.QUESTION:
            at = self.cursor.position()
            self._runs(block.start, block.end, char)
            self.document.panels.append(Panel(ContainerKind.BOX, "question", at, self.cursor.position(), 0))
            return
        self._runs(block.start, block.end, char)

    def _marker_style(self, marker: str) -> tuple[float, str]:
        return (1.0 if marker == "•" else 0.92), self.theme.muted

    def _marker_width(self, marker: str) -> float:
        """How far a list marker hangs out to the left of its text, in pixels."""
        font = self._sans(*self._marker_style(marker)).font()
        return QFontMetricsF(font).horizontalAdvance(f"{marker}\u2002")

    def _runs(self, start: int, end: int, char: QTextCharFormat) -> None:
        """Insert record[start:end] in pieces of one format each."""
        first = bisect_right(self.span_starts, start - 1)
        spans: list[Span] = []
        for span in self.chapter.spans[first:]:
            if span.start > end:
                break
            spans.append(span)
        bounds = sorted({start, end, *(at for span in spans for at in (span.start, span.end) if start <= at <= end)})
        marks = [span for span in spans if span.start == span.end and span.start <= end]
        shown = 0
        for at, following in zip(bounds, [*bounds[1:], end], strict=True):
            while shown < len(marks) and marks[shown].start <= at:
                after = shown > 0 and marks[shown - 1].start == marks[shown].start
                self._mark(marks[shown], after and marks[shown].kind is SpanKind.CITATION)
                shown += 1
            if at < following:
                active = [span for span in spans if span.start <= at and span.end >= following and span.start < span.end]
                self._piece(at, following, self._format_for(active, char))

    def _piece(self, start: int, end: int, char: QTextCharFormat) -> None:
        words = self.chapter.text[start:end]
        shown = _UNSHOWABLE.sub("\ufffd", words).replace("\n", "\u2028")
        length = end - start if is_bmp(words) else utf16_length(words)
        self.document.segments.append(Segment(start, end, self.cursor.position(), length))
        self.cursor.insertText(shown, char)

    def _format_for(self, active: list[Span], char: QTextCharFormat) -> QTextCharFormat:
        if not active:
            return char
        char = QTextCharFormat(char)
        for span in active:
            if span.kind is SpanKind.EMPHASIS:
                char.setFontItalic(True)
            elif span.kind is SpanKind.STRONG:
                char.setFontWeight(700)
            elif span.kind is SpanKind.STRIKE:
                char.setFontStrikeOut(True)
            elif span.kind is SpanKind.SUPERSCRIPT:
                char.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
            elif span.kind is SpanKind.SUBSCRIPT:
                char.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSubScript)
            elif span.kind is SpanKind.CODE:
                char.setFontFamilies(["Source Code Pro", "monospace"])
            elif span.kind is SpanKind.LINK:
                char.setForeground(brush(self.theme.link))
                char.setFontUnderline(True)
                self._anchor(char, "link:" + span.target)
            elif span.kind is SpanKind.CONCEPT and self.style.show_concepts:
                char.setForeground(brush(self.theme.link))
                char.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
                char.setUnderlineColor(QColor(self.theme.link))
                self._anchor(char, "concept:" + span.target)
        return char

    @staticmethod
    def _anchor(char: QTextCharFormat, href: str) -> None:
        char.setAnchor(True)
        char.setAnchorHref(href)

    def _mark(self, span: Span, after_another: bool) -> None:
        """A citation or footnote mark: a small raised number that is not part of the text of record."""
        char = self._sans(0.95, self.theme.link, 500)
        char.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        if span.kind is SpanKind.CITATION:
            self._anchor(char, f"cite:{span.target}\n{span.detail}")
            words = str(self.reference_number(span.target) or "?")
        else:
            self._anchor(char, f"note:{span.target}")
            words = "*" if not span.target else f"[{span.target}]"
        if after_another:
            plain = self._sans(0.95, self.theme.link)
            plain.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
            self.cursor.insertText(",\u2009", plain)
        self.cursor.insertText(words, char)

    def _table(self, block: Block) -> None:
        columns = max((len(row) for row in block.rows), default=0)
        if not columns:
            return
        format_ = QTextTableFormat()
        format_.setBorderCollapse(True)
        format_.setBorder(1)
        format_.setBorderBrush(brush(self.theme.border))
        format_.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        format_.setCellPadding(round(self.style.pixels * 0.4))
        format_.setCellSpacing(0)
        format_.setTopMargin(round(self.gap))  # Qt does not add the gap of the paragraph before
        format_.setBottomMargin(round(self.gap * 1.4))
        format_.setHeaderRowCount(block.header_rows)
        least, wanted = self._column_widths(block, columns)
        share_columns(format_, least, wanted, self.style.column)
        if self.fresh:
            thin = QTextBlockFormat()
            thin.setLineHeight(1, _FIXED)
            self.cursor.setBlockFormat(thin)
        table = self.cursor.insertTable(len(block.rows), columns, format_)
        self.document.place_table(table.firstCursorPosition().position(), least, wanted)
        for row_number, row in enumerate(block.rows):
            header = row_number < block.header_rows
            char = self._sans(0.86, self.theme.text, 600 if header else 400)
            for column, cell in enumerate(row):
                target = table.cellAt(row_number, column)
                if header:
                    shade = QTextTableCellFormat(target.format().toTableCellFormat())
                    shade.setBackground(brush(self.theme.panel))
                    target.setFormat(shade)
                self.cursor = target.firstCursorPosition()
                block_format = QTextBlockFormat()
                block_format.setLineHeight(round(self.style.pixels * 0.86 * min(self.style.line_height, 1.45)), _FIXED)
                self.cursor.setBlockFormat(block_format)
                self.cursor.setBlockCharFormat(char)
                if block.id not in self.document.block_positions:
                    self.document.block_positions[block.id] = self.cursor.position()
                self._runs(cell.start, cell.end, char)
        self.cursor = QTextCursor(self.document)
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        self.fresh = True

    def _column_widths(self, block: Block, columns: int) -> tuple[list[float], list[float]]:
        """What each column needs for its longest word, in pixels, and the share it wants of what is left."""
        metrics = QFontMetricsF(self._sans(0.86, self.theme.text, 600).font())
        padding = 2 * round(self.style.pixels * 0.4) + 4
        least, wanted = [], []
        for column in range(columns):
            cells = [self.chapter.text[row[column].start : row[column].end] for row in block.rows if column < len(row)]
            words = [word for cell in cells for word in re.split(r"[ \n]+", cell)]  # not at no-break spaces
            least.append(max((metrics.horizontalAdvance(word) for word in words), default=10.0) + padding)
            wanted.append(min(sum(len(cell) for cell in cells) / max(len(cells), 1), 60.0) + 4)
        return least, wanted

    def _figure(self, block: Block) -> None:
        path = self.folder / block.image
        svg, width, height = figure_size(path, self.style.column)
        format_ = QTextBlockFormat()
        format_.setTopMargin(round(self.style.pixels * 0.5))
        format_.setBottomMargin(round(self.style.pixels * 0.3))
        format_.setLineHeight(0, _SINGLE)
        self._new_block(format_, self.body)
        self.document.block_positions[block.id] = self.cursor.position()
        picture = QTextImageFormat()
        picture.setName(self.document.add_figure(path, svg, width, height))
        picture.setWidth(width)
        picture.setHeight(height)
        picture.setProperty(QTextFormat.Property.ImageAltText, block.description)
        self._anchor(picture, f"figure:{block.id}")
        self.document.place_figure(self.cursor.position(), picture.name())
        self.cursor.insertImage(picture)
        caption = self._block_format(bottom=self.gap * 1.6, scale=0.88)
        char = self._char_format(self.style.font(0.84, sans=True, italic=False), self.theme.muted)
        self._new_block(caption, char)
        self._runs(block.start, block.end, char)
